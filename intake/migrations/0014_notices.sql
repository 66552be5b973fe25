-- What people are told of where they look in the office, whether they want mail or not.
CREATE TABLE told (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    -- As of mail.
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- 0 until it was seen.
    read_at BIGINT NOT NULL
);
CREATE INDEX told_account ON told (account, at, id);
CREATE INDEX told_unread ON told (account, read_at);

-- The robot in a unit's group that is told of submissions.
CREATE TABLE webhook (
    unit TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    -- Has the robot's key in it: shown to nobody.
    url TEXT NOT NULL,
    -- For signing; empty where the robot asks for no signature.
    secret TEXT NOT NULL,
    made_by TEXT NOT NULL REFERENCES account (id),
    made_at BIGINT NOT NULL
);

-- What a robot is to be told. A job tells it.
CREATE TABLE webhook_message (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    submission TEXT NOT NULL REFERENCES submission (id),
    state TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX webhook_message_submission ON webhook_message (submission);
