-- What was found in files, by their bytes and the type that their names give them.
CREATE TABLE inspection (
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    -- Fingerprint of the rules that were held against it; with other rules it is looked into again.
    edition TEXT NOT NULL,
    -- JSON object; no text of the file.
    facts TEXT NOT NULL,
    -- Checksum of a picture of a video; empty for none.
    poster TEXT NOT NULL,
    -- 1 once everything was done that takes long.
    is_whole BIGINT NOT NULL,
    PRIMARY KEY (sha256, media_type)
);

-- What the virus scanner said of bytes.
CREATE TABLE scan (
    sha256 TEXT PRIMARY KEY,
    -- Empty when it knows nothing against them, else the name of what it found.
    virus TEXT NOT NULL,
    at BIGINT NOT NULL
);
