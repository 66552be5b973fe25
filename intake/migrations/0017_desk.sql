-- What came back to somebody is counted for the menu of every page: by state alone all that came back to anybody was read.
CREATE INDEX submission_made ON submission (owner, state);
