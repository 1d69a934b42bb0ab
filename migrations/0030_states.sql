-- What changed the states of action items since a day: how many were open in the weeks before a digest.
CREATE INDEX history_states ON history (group_id, at) WHERE field = 'status';
