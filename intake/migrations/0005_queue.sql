-- The longest waiting come first, without sorting all that wait; what an index by state was for, submission_waiting does.

DROP INDEX submission_queue;
CREATE INDEX submission_longest ON submission (holder, state_at, id);
