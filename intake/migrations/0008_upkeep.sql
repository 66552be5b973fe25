-- One row, written to see whether anything can be written.
CREATE TABLE pulse (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Files that were taken from their submissions, while their bytes still lie in the store.
CREATE TABLE removed (
    -- That of the upload.
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL REFERENCES account (id),
    submission TEXT NOT NULL REFERENCES submission (id),
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX removed_owner ON removed (owner);
CREATE INDEX removed_sha256 ON removed (sha256);
CREATE INDEX submission_unit ON submission (unit, state);
