-- What monitoring wants to know.

-- Since when a mail of the outbox is tried, where the operator had it tried anew; NULL: since it was made.
ALTER TABLE outbox ADD COLUMN tried_since INTEGER;

-- Whether a group's mail servers can be reached. Written by the daemon where that changes, not at each contact.
CREATE TABLE doors (
    group_id   INTEGER NOT NULL REFERENCES groups (id),
    door       TEXT    NOT NULL CHECK (door IN ('mailbox', 'delivery')),
    reached_at INTEGER,                      -- the last contact before this was written; NULL: there was none
    failed_at  INTEGER,                      -- out of reach since then; NULL: it is in reach
    error      TEXT,                         -- the last failure, in the server's words, also after it is over
    error_at   INTEGER,                      -- when that was
    PRIMARY KEY (group_id, door)
) STRICT, WITHOUT ROWID;
