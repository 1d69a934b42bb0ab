-- Who only claims to be somebody settles nothing for the one who is.

-- 1: this message and the copies of it before were only claimed, in a group where senders must be
-- proven: a copy that is proven may still do what they asked for. What was read before is 0.
ALTER TABLE messages ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0;

-- What a message has done.
CREATE INDEX history_by_message ON history (group_id, message_id) WHERE message_id IS NOT NULL;
