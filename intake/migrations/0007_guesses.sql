-- Guesses at passwords and codes, counted before they are looked at.
CREATE TABLE attempt (
    -- SHA-256 of what is guessed at, whose, and from where.
    key TEXT PRIMARY KEY,
    -- Attempts in a row, and how many of them were wrong.
    begun BIGINT NOT NULL,
    wrong BIGINT NOT NULL,
    -- None is taken before; 0 for at once.
    refused_until BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- 1 for what there is only so much of; of the others the oldest make room.
    is_kept BIGINT NOT NULL
);
CREATE INDEX attempt_at ON attempt (is_kept, at);

-- Networks and browsers from which people signed in: strangers elsewhere do not slow them down there.
CREATE TABLE known_place (
    account TEXT NOT NULL REFERENCES account (id),
    -- SHA-256 of the account with the network, or with what the browser keeps.
    place TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (account, place)
);

-- Both were counted by account alone, so that strangers could lock people out.
ALTER TABLE account DROP COLUMN failures;
ALTER TABLE account DROP COLUMN refused_until;
