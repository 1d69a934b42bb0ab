-- How often each meeting was changed, for calendars: from now on it is kept with the meeting; here it is counted
-- for those that were there before, as a replay of the journal counts it.
UPDATE meetings SET meeting = json_set(meeting, '$.sequence', (
    SELECT count(*) FROM history AS h
    WHERE h.group_id = meetings.group_id AND h.subject = meetings.reference
))
WHERE EXISTS (SELECT 1 FROM history AS h WHERE h.group_id = meetings.group_id AND h.subject = meetings.reference);
