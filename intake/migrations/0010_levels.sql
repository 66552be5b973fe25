-- The units that still have it, in turn, the one that has it first; `?` behind those that give an opinion. Empty where the
-- one that has it decides alone.
ALTER TABLE submission ADD COLUMN route TEXT NOT NULL DEFAULT '';
-- Until when whoever has it is to have done with it; 0 when nobody has it.
ALTER TABLE submission ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
-- The authors that its fields name, a line each, so that lists know who keeps out of it.
ALTER TABLE submission ADD COLUMN authors TEXT NOT NULL DEFAULT '';
-- Ids of the accounts that endorsed this version or passed it on, with spaces between them.
ALTER TABLE submission ADD COLUMN decided TEXT NOT NULL DEFAULT '';
-- Five days, as was usual before they were counted.
UPDATE submission SET due_at = state_at + 432000000 WHERE holder <> '';
CREATE INDEX submission_due_at ON submission (state, due_at);
