-- The remark that something answers; empty for a remark of its own.
ALTER TABLE message ADD COLUMN parent TEXT NOT NULL DEFAULT '';
-- When the author said that it was mended; 0 until then.
ALTER TABLE message ADD COLUMN mended_at BIGINT NOT NULL DEFAULT 0;
-- Until when an opinion is asked for; 0 where nobody said.
ALTER TABLE assignment ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
