-- What has become of a contribution: its revisions, what was decided of them, what is left to do.
-- JSON of domain::Life. Of contributions that were imported before, nothing is known but their cells:
-- the next import reads those.
ALTER TABLE contributions ADD COLUMN life TEXT NOT NULL DEFAULT '{}';
