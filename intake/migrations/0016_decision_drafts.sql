-- What somebody typed about a submission and has not sent yet.
CREATE TABLE decision_draft (
    account TEXT NOT NULL REFERENCES account (id),
    submission TEXT NOT NULL REFERENCES submission (id),
    -- The content that it was typed about.
    version BIGINT NOT NULL,
    -- JSON: a list of names and values, as the form has them.
    typed TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account, submission)
);
