-- Changes of the portal's settings and declarations, which somebody proposes and another person approves.
CREATE TABLE site_change (
    id TEXT PRIMARY KEY,
    -- Path in the repository of a file of settings or declarations; never an entry's.
    file TEXT NOT NULL,
    -- What was published when it was proposed; empty for a new file.
    base TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Why, for whoever decides and for the log of the repository.
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES account (id),
    proposed_at BIGINT NOT NULL,
    -- proposed, approved, merged, refused, withdrawn, outdated
    state TEXT NOT NULL,
    -- Empty until then.
    decided_by TEXT NOT NULL,
    -- 0 until then.
    decided_at BIGINT NOT NULL,
    -- What whoever decided wrote; may be empty.
    reply TEXT NOT NULL
);
CREATE INDEX site_change_state ON site_change (state, proposed_at);
