-- Reminders: what was sent of them stands in `occasions`, whose recipient now also is "member 3" or "organization NAME",
-- whose kind also "meeting", "deadline" or "personal", and whose occasion also a meeting's or an action item's
-- reference. All that one mail is for has the same entry of the journal.

-- When the group's reminders were turned on as they are, as digests_since.
ALTER TABLE groups ADD COLUMN reminders_since INTEGER;
