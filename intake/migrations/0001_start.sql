-- Texts, numbers of milliseconds since 1970 and nothing else: the same on SQLite and PostgreSQL.

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    -- PHC string; empty until the invitation was accepted.
    password TEXT NOT NULL,
    -- active, pending (self-registered, to be confirmed), closed
    state TEXT NOT NULL,
    failures BIGINT NOT NULL,
    refused_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX account_unit ON account (unit);

-- A link shown once: to accept an invitation or to set a new password.
CREATE TABLE invitation (
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);

CREATE TABLE session (
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    csrf TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- Path of the file in the repository.
    path TEXT NOT NULL,
    unit TEXT NOT NULL,
    owner TEXT NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    -- The unit whose turn it is; empty when it is nobody's or the author's.
    holder TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    title TEXT NOT NULL,
    -- JSON object of the fields, with what was typed even where it is wrong.
    fields TEXT NOT NULL,
    body TEXT NOT NULL,
    declarations TEXT NOT NULL,
    -- JSON object: fields and body as they were published when the edit began.
    base TEXT NOT NULL,
    -- Counts saves: who saves on top of something else is told.
    revision BIGINT NOT NULL,
    -- Counts submissions of the content.
    version BIGINT NOT NULL,
    submitted_hash TEXT NOT NULL,
    endorsed_hash TEXT NOT NULL,
    endorser TEXT NOT NULL,
    signed_off_by TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    state_at BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    accepted_at BIGINT NOT NULL
);
CREATE INDEX submission_owner ON submission (owner, updated_at);
CREATE INDEX submission_queue ON submission (holder, state, state_at);
CREATE INDEX submission_path ON submission (path);

-- What people say to each other about a submission.
CREATE TABLE message (
    id TEXT PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submission (id),
    author TEXT NOT NULL,
    -- The field it is about; empty for the whole.
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX message_submission ON message (submission, at);

CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submission (id),
    owner TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    -- Empty until every byte is there.
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX upload_submission ON upload (submission);
CREATE INDEX upload_owner ON upload (owner);
CREATE INDEX upload_sha256 ON upload (sha256);

CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, number);

CREATE TABLE job (
    -- Derived from what it does, so that asking twice is asking once.
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- waiting, done, failed
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    problem TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (state, due_at);
