-- Mails of the bot's own accord: which were sent or skipped, each once. Times are milliseconds since
-- 1970 (UTC), days are ISO 8601 texts.

-- When the group's digests were turned on as they are: occasions from before are skipped. NULL where
-- there have never been any.
ALTER TABLE groups ADD COLUMN digests_since INTEGER;

CREATE TABLE occasions (
    group_id  INTEGER NOT NULL REFERENCES groups (id),
    recipient TEXT    NOT NULL,              -- whom it is for: "list"
    kind      TEXT    NOT NULL,              -- what it is for: "weekly"
    occasion  TEXT    NOT NULL,              -- which one: of a weekly one the ISO week
    date      TEXT    NOT NULL,              -- the day it was due on, in the group's zone
    due_at    INTEGER NOT NULL,
    seq       INTEGER NOT NULL REFERENCES journal (seq), -- its entry, and its mail's in the outbox
    at        INTEGER NOT NULL,              -- when that was decided
    standing  TEXT    NOT NULL,              -- "on time", "late", or "skipped: " and why
    PRIMARY KEY (group_id, recipient, kind, occasion, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX occasions_by_seq ON occasions (seq);
