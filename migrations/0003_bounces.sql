-- A mail that the server had taken over may come back later: when it did, and why.
ALTER TABLE outbox ADD COLUMN bounced_at INTEGER;
ALTER TABLE outbox ADD COLUMN bounce TEXT;
