-- Mail that tells people of something. A job sends it; what it says is made when it is sent.
CREATE TABLE mail (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    -- Names the texts it is made of.
    kind TEXT NOT NULL,
    -- The submission, or the fingerprint of an invitation.
    subject TEXT NOT NULL,
    -- What was said with it.
    detail TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX mail_account ON mail (account, kind, at);

-- Which notices somebody wants: at-once, digest, none. Without a row it is digest.
CREATE TABLE preference (
    account TEXT PRIMARY KEY REFERENCES account (id),
    notices TEXT NOT NULL
);

-- Who was reminded of what: once before and once after it is due, for each stage of a submission.
CREATE TABLE reminder (
    submission TEXT NOT NULL REFERENCES submission (id),
    state_at BIGINT NOT NULL,
    -- soon, late
    phase TEXT NOT NULL,
    holder TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (submission, state_at, phase)
);
CREATE INDEX reminder_holder ON reminder (holder, at);
-- What is due is looked for by its age alone.
CREATE INDEX submission_due ON submission (state, state_at);

-- Who may act for an admin, from when until when.
CREATE TABLE deputy (
    id TEXT PRIMARY KEY,
    principal TEXT NOT NULL REFERENCES account (id),
    deputy TEXT NOT NULL REFERENCES account (id),
    begins_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX deputy_deputy ON deputy (deputy, ends_at);
CREATE INDEX deputy_principal ON deputy (principal, ends_at);

-- What somebody is in their unit, as rosters say it.
ALTER TABLE account ADD COLUMN position TEXT NOT NULL DEFAULT '';
-- The secret of one-time passwords in Base32; empty for none.
ALTER TABLE account ADD COLUMN totp TEXT NOT NULL DEFAULT '';
-- The step of the last one-time password that was taken: none is taken twice.
ALTER TABLE account ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

-- Codes that take the place of a one-time password, once each; kept as hashes.
CREATE TABLE recovery (
    account TEXT NOT NULL REFERENCES account (id),
    code TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (account, code)
);

-- Somebody whose password was right and whose one-time password is awaited.
CREATE TABLE challenge (
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    expires_at BIGINT NOT NULL
);

-- Experts who are asked about a submission before it is decided on.
CREATE TABLE assignment (
    submission TEXT NOT NULL REFERENCES submission (id),
    expert TEXT NOT NULL REFERENCES account (id),
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- fit, mend, unfit; empty until the opinion is there.
    verdict TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (submission, expert)
);
CREATE INDEX assignment_expert ON assignment (expert, said_at);

-- What patrollers found wrong on published pages.
CREATE TABLE problem (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    reporter TEXT NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    answer TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    -- 0 until it is answered.
    answered_at BIGINT NOT NULL
);
CREATE INDEX problem_unit ON problem (unit, answered_at, due_at);
