-- When the operator had all outgoing mail stopped, and started again; of all groups. The operator's, and not the
-- journal's: a replay knows nothing of it.
CREATE TABLE mail_stops (
    id         INTEGER PRIMARY KEY,
    stopped_at INTEGER NOT NULL,
    stopped_by TEXT    NOT NULL,
    because    TEXT,                         -- NULL: no reason was given
    started_at INTEGER,                      -- NULL: it is stopped
    started_by TEXT
) STRICT;

-- It is stopped once, or not.
CREATE UNIQUE INDEX mail_stop ON mail_stops ((1)) WHERE started_at IS NULL;
