-- The first schema. Times are milliseconds since 1970 (UTC); days are ISO 8601 texts; lists and
-- values of closed types are JSON, as the journal writes them.

-- "mntd": a database of another program is never migrated into one of ours.
PRAGMA application_id = 1835955300;

-- Working groups served by this database.
CREATE TABLE groups (
    id    INTEGER PRIMARY KEY,
    key   TEXT    NOT NULL UNIQUE,   -- the group's key in minuted.toml
    rules TEXT                       -- JSON of domain::Rules; NULL before the first start
) STRICT;

-- Every message that was ever taken in, from any mailbox. (mailbox, uid) is the cursor: what is
-- here was read, and is not read again.
CREATE TABLE messages (
    id          INTEGER PRIMARY KEY,
    group_id    INTEGER NOT NULL REFERENCES groups (id),
    mailbox     TEXT    NOT NULL,
    uid         TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,
    size        INTEGER NOT NULL,            -- octets in the mailbox, also where only the head was kept
    hash        BLOB    NOT NULL,            -- SHA-256 of the raw bytes
    archive     INTEGER NOT NULL,            -- 1: mentions only, no commands, no answers
    attempts    INTEGER NOT NULL DEFAULT 0,  -- counted before reading
    state       TEXT    NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'done', 'copy', 'quarantined', 'dropped')),
    reason      TEXT,                        -- why it is quarantined
    message_id  TEXT,                        -- known once it was read
    sent_at     INTEGER,                     -- the Date header, where it could be read
    from_address TEXT,
    subject     TEXT,
    automatic   TEXT,
    lines       TEXT    NOT NULL DEFAULT '[]', -- JSON: command lines that were answered
    UNIQUE (group_id, mailbox, uid)
) STRICT;
CREATE INDEX messages_waiting ON messages (group_id, id) WHERE state = 'waiting';
CREATE INDEX messages_by_message_id ON messages (group_id, message_id);
CREATE INDEX messages_by_hash ON messages (group_id, hash);

-- The raw bytes, apart from what is looked at often.
CREATE TABLE raw_messages (
    message INTEGER PRIMARY KEY REFERENCES messages (id),
    zstd    BLOB NOT NULL
) STRICT;

-- Which message mentions what. A contribution's revision is part of the reference.
CREATE TABLE mentions (
    group_id  INTEGER NOT NULL REFERENCES groups (id),
    reference TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    message   INTEGER NOT NULL REFERENCES messages (id),
    PRIMARY KEY (group_id, reference, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions (message);

-- Every input to a decision, in order. Replaying it gives all the tables below.
CREATE TABLE journal (
    seq      INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL REFERENCES groups (id),
    at       INTEGER NOT NULL,
    message  INTEGER REFERENCES messages (id),
    entry    TEXT    NOT NULL                -- JSON of decide::Entry
) STRICT;

CREATE TABLE actions (
    group_id    INTEGER NOT NULL REFERENCES groups (id),
    reference   TEXT    NOT NULL,
    what        TEXT    NOT NULL,
    who         TEXT    NOT NULL,            -- the agenda's notation
    status      TEXT    NOT NULL,
    due         TEXT,                        -- a day or a meeting
    priority    TEXT,
    notes       TEXT    NOT NULL,            -- JSON array of texts
    proposed_by TEXT,
    became      TEXT,
    PRIMARY KEY (group_id, reference)
) STRICT, WITHOUT ROWID;

-- A proposal and the item it became are looked up by each other.
CREATE INDEX actions_by_became ON actions (group_id, became) WHERE became IS NOT NULL;

CREATE TABLE contributions (
    group_id       INTEGER NOT NULL REFERENCES groups (id),
    reference      TEXT    NOT NULL,
    year           INTEGER NOT NULL,
    number         INTEGER NOT NULL,
    reference_cell TEXT    NOT NULL,
    title          TEXT    NOT NULL,
    source         TEXT    NOT NULL,
    agenda_item    TEXT    NOT NULL,
    deliverable    TEXT,
    status_cell    TEXT    NOT NULL,
    meeting        TEXT,
    PRIMARY KEY (group_id, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX contributions_by_number ON contributions (group_id, number);

CREATE TABLE meetings (
    group_id  INTEGER NOT NULL REFERENCES groups (id),
    reference TEXT    NOT NULL,
    meeting   TEXT    NOT NULL,              -- JSON of domain::Meeting
    PRIMARY KEY (group_id, reference)
) STRICT, WITHOUT ROWID;

CREATE TABLE organizations (
    group_id     INTEGER NOT NULL REFERENCES groups (id),
    name         TEXT    NOT NULL,
    organization TEXT    NOT NULL,           -- JSON of domain::Organization
    PRIMARY KEY (group_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    id       INTEGER NOT NULL,
    member   TEXT    NOT NULL,               -- JSON of domain::Member
    PRIMARY KEY (group_id, id)
) STRICT, WITHOUT ROWID;

-- What waits for a ruling or a confirmation.
CREATE TABLE requests (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    id       INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    request  TEXT    NOT NULL,               -- JSON of domain::Request
    PRIMARY KEY (group_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_waiting ON requests (group_id, id) WHERE state = 'waiting';

-- Every change, append-only.
CREATE TABLE history (
    id         INTEGER PRIMARY KEY,
    group_id   INTEGER NOT NULL REFERENCES groups (id),
    seq        INTEGER NOT NULL REFERENCES journal (seq),
    at         INTEGER NOT NULL,
    by         TEXT    NOT NULL,
    message_id TEXT,
    subject    TEXT    NOT NULL,
    field      TEXT    NOT NULL,
    from_value TEXT,
    to_value   TEXT
) STRICT;
CREATE INDEX history_by_subject ON history (group_id, subject, id);
CREATE INDEX history_by_seq ON history (seq);
CREATE TRIGGER history_is_append_only BEFORE UPDATE ON history
BEGIN SELECT RAISE (ABORT, 'history is append-only'); END;
CREATE TRIGGER history_keeps_everything BEFORE DELETE ON history
BEGIN SELECT RAISE (ABORT, 'history is append-only'); END;

-- What one message did, by the receipt in its answer.
CREATE TABLE receipts (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    receipt  TEXT    NOT NULL,
    seq      INTEGER NOT NULL REFERENCES journal (seq),
    at       INTEGER NOT NULL,
    by       TEXT    NOT NULL,
    undone   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id, receipt)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_seq ON receipts (seq);
CREATE INDEX receipts_by_sender ON receipts (group_id, by, seq) WHERE undone = 0;

-- What the last imported document said in each cell: the base of the three-way merge.
CREATE TABLE baseline (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    subject  TEXT    NOT NULL,
    field    TEXT    NOT NULL,
    cell     TEXT    NOT NULL,
    PRIMARY KEY (group_id, subject, field)
) STRICT, WITHOUT ROWID;

-- What the rows of a mail that minuted sent mean, for ever.
CREATE TABLE sent_rows (
    group_id   INTEGER NOT NULL REFERENCES groups (id),
    message_id TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    subject    TEXT    NOT NULL,
    PRIMARY KEY (group_id, message_id, number)
) STRICT, WITHOUT ROWID;

-- Mail to be sent, at least once, under a Message-ID fixed beforehand.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    group_id   INTEGER NOT NULL REFERENCES groups (id),
    seq        INTEGER NOT NULL REFERENCES journal (seq),
    message_id TEXT    NOT NULL UNIQUE,
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    zstd       BLOB    NOT NULL,             -- the raw bytes, compressed
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'parked', 'dropped')),
    created_at INTEGER NOT NULL,
    next_at    INTEGER NOT NULL,             -- not tried before
    attempts   INTEGER NOT NULL DEFAULT 0,
    sent_at    INTEGER,
    error      TEXT                          -- why the last attempt failed, or why it is parked
) STRICT;
CREATE INDEX outbox_waiting ON outbox (group_id, next_at) WHERE state = 'waiting';
CREATE INDEX outbox_by_recipient ON outbox (group_id, recipient, created_at);
