-- What a submission said each time it was handed in: reviewers are shown what changed since they looked last.
CREATE TABLE edition (
    submission TEXT NOT NULL REFERENCES submission (id),
    version BIGINT NOT NULL,
    -- JSON object of the whole content, body and files included.
    content TEXT NOT NULL,
    -- The unit that gave this version back; empty when none did.
    returned_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (submission, version)
);

-- Links that show a submission to people without an account.
CREATE TABLE preview_link (
    id TEXT PRIMARY KEY,
    -- SHA-256 of the secret in the link.
    token TEXT NOT NULL UNIQUE,
    submission TEXT NOT NULL REFERENCES submission (id),
    author TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- 0 while it was not revoked.
    revoked_at BIGINT NOT NULL
);
CREATE INDEX preview_link_submission ON preview_link (submission, created_at);

-- The words of the body that a message is about; empty for the field as a whole.
ALTER TABLE message ADD COLUMN quote TEXT NOT NULL DEFAULT '';
-- When it was marked as settled; 0 while it is open.
ALTER TABLE message ADD COLUMN settled_at BIGINT NOT NULL DEFAULT 0;

-- What a reviewer ticked, scored and noted about one version.
CREATE TABLE assessment (
    submission TEXT NOT NULL REFERENCES submission (id),
    reviewer TEXT NOT NULL REFERENCES account (id),
    version BIGINT NOT NULL,
    -- JSON list of the ids of items of the checklist.
    ticked TEXT NOT NULL,
    -- JSON object: points by the place of the indicator in the rubric.
    scores TEXT NOT NULL,
    note TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (submission, version, reviewer)
);

-- The queue is counted by state, kind and unit without reading the submissions.
CREATE INDEX submission_waiting ON submission (holder, state, kind, unit, state_at);
