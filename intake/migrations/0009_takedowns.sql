-- Published entries that somebody who answers for them had taken down at once.
CREATE TABLE takedown (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Path of the file in the repository.
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The unit that answers for the entry.
    unit TEXT NOT NULL,
    -- Term of the vocabulary of reasons.
    reason TEXT NOT NULL,
    -- The law or rule it rests on.
    ground TEXT NOT NULL,
    -- What the public reads; may be empty.
    note TEXT NOT NULL,
    -- What the unit alone reads; may be empty.
    advice TEXT NOT NULL,
    ordered_by TEXT NOT NULL REFERENCES account (id),
    ordered_unit TEXT NOT NULL,
    ordered_at BIGINT NOT NULL,
    -- Until when somebody else has to confirm it.
    due_at BIGINT NOT NULL,
    -- ordered, confirmed, lifted
    state TEXT NOT NULL,
    -- Empty where the time ran out.
    decided_by TEXT NOT NULL,
    -- 0 until it is confirmed or lifted.
    decided_at BIGINT NOT NULL
);
CREATE INDEX takedown_path ON takedown (path, state);
CREATE INDEX takedown_state ON takedown (state, due_at);
