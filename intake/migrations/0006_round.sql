-- Counts what was done to a submission, so that a decision can name what it was decided on.
ALTER TABLE submission ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
UPDATE submission SET round = (
    SELECT COUNT(*) FROM audit WHERE audit.subject = 'submission/' || submission.id AND audit.action IN
    ('submit', 'endorse', 'take', 'assign', 'return', 'reject', 'accept', 'conflict', 'merge', 'publish', 'withdraw')
);
