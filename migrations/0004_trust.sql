-- How sure it is that a sender is the sender.

-- Mails whose tokens were seen on a list: they prove nothing any more. `tag` is what a token names
-- its mail by, the first 14 characters of the unique part of a Message-ID (KIND.UNIQUE@DOMAIN).
CREATE TABLE exposed_tokens (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    tag      TEXT    NOT NULL,
    seq      INTEGER NOT NULL REFERENCES journal (seq),   -- where the journal says so
    PRIMARY KEY (group_id, tag)
) STRICT, WITHOUT ROWID;

-- Whether somebody sends again what a member has said before, under another Message-ID.
CREATE INDEX messages_by_sender ON messages (group_id, from_address, sent_at);

-- The mail that a token names.
CREATE INDEX outbox_by_tag ON outbox (group_id, substr(message_id, instr(message_id, '.') + 1, 14));
CREATE INDEX sent_rows_by_tag ON sent_rows (group_id, substr(message_id, instr(message_id, '.') + 1, 14));
