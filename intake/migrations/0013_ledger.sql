-- The ledger is counted and sorted without reading the submissions: everything it is asked for by stands in this index.
CREATE INDEX submission_ledger ON submission
    (unit, kind, state, submitted_at, due_at, holder, owner, updated_at, state_at, id);
-- Its first page is walked to, not sorted for.
CREATE INDEX submission_latest ON submission (updated_at, id);
CREATE INDEX submission_title ON submission (title, id);
-- What somebody dealt with.
CREATE INDEX audit_actor ON audit (actor, action, subject, number);

-- Which submissions somebody looks for again and again.
CREATE TABLE ledger_view (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    -- What is looked for, as the address of the ledger says it.
    query TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (account, name)
);
