-- What each export of an agenda said, so that a document that was made from it is compared with that one and no
-- other. A row holds all cells of one document, as JSON: [subject, field, cell]. The last 20 exports are kept.
CREATE TABLE exports (
    id         INTEGER PRIMARY KEY,
    group_id   INTEGER NOT NULL REFERENCES groups (id),
    -- The copy's name.
    name       TEXT    NOT NULL,
    -- The entry that wrote it.
    seq        INTEGER NOT NULL REFERENCES journal (seq),
    -- 1: what the export said; 0: what a document that was made from it said otherwise.
    is_export  INTEGER NOT NULL,
    -- The entry that took the document back; 0 where none did. What was handed out cannot be taken back.
    taken_back INTEGER NOT NULL DEFAULT 0,
    cells      TEXT    NOT NULL
) STRICT;

CREATE INDEX exports_by_name ON exports (group_id, name);

-- They were kept one a cell, so that of older exports some cells are another's: those ask for rulings.
DELETE FROM baseline WHERE field GLOB 'exported *';
DELETE FROM replaced_cells WHERE field GLOB 'exported *';
