-- What a document has replaced in `baseline`, so that taking the document back gives the base of the merge back.

-- The entry of the journal that last changed the cell; 0 where that was not kept yet.
ALTER TABLE baseline ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;

CREATE TABLE replaced_cells (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    -- The entry that replaced it.
    seq      INTEGER NOT NULL REFERENCES journal (seq),
    subject  TEXT    NOT NULL,
    field    TEXT    NOT NULL,
    -- What was there before; NULL where nothing was.
    cell     TEXT,
    PRIMARY KEY (group_id, seq, subject, field)
) STRICT, WITHOUT ROWID;
