-- Published entries that a unit recommended to the one above.
CREATE TABLE recommendation (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Path of the file in the repository.
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The unit that answers for the entry.
    unit TEXT NOT NULL,
    -- Why it is recommended.
    reason TEXT NOT NULL,
    recommended_by TEXT NOT NULL REFERENCES account (id),
    recommended_unit TEXT NOT NULL,
    recommended_at BIGINT NOT NULL,
    -- The unit that takes it or answers why not.
    to_unit TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- open, taken, declined
    state TEXT NOT NULL,
    -- What that unit answered; may be empty where it took it.
    answer TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    -- 0 until it is answered.
    decided_at BIGINT NOT NULL
);
CREATE INDEX recommendation_path ON recommendation (path, state);
CREATE INDEX recommendation_to_unit ON recommendation (to_unit, state);
