-- When a message's bytes were erased, as the group keeps none for longer. NULL: they are kept. What was read of it, and
-- what came of that, stays.
ALTER TABLE messages ADD COLUMN erased_at INTEGER;
