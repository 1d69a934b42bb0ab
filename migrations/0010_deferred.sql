-- Since when a server puts a mail of the outbox off: its first refusal for now. NULL: it was never tried, or the
-- operator had it tried anew. A mail that waited for a server out of reach has its days of trying still before it.
ALTER TABLE outbox ADD COLUMN deferred_since INTEGER;
