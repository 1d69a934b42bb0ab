-- Whether a replay takes the Message-IDs of the mails that came of an entry from the outbox, and does not make them
-- anew: 1 where they were made of other words than a replay has, as somebody was forgotten since, or by rules of before.
ALTER TABLE journal ADD COLUMN named_before INTEGER NOT NULL DEFAULT 0;
UPDATE journal SET named_before = 1;

-- The mails that came of an entry.
CREATE INDEX outbox_by_seq ON outbox (seq);
