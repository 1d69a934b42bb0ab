-- Approvals by e-mail, and conference calls.

CREATE TABLE approvals (
    group_id     INTEGER NOT NULL REFERENCES groups (id),
    subject      TEXT    NOT NULL,           -- what is approved: "SEC-2014-0239R01", "minutes SEC#9.0"
    contribution TEXT,                       -- the contribution, where it is of one
    state        TEXT    NOT NULL,
    approval     TEXT    NOT NULL,           -- JSON of domain::Approval
    PRIMARY KEY (group_id, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX approvals_open ON approvals (group_id) WHERE state = 'open';
CREATE INDEX approvals_by_contribution ON approvals (group_id, contribution);

CREATE TABLE calls (
    group_id INTEGER NOT NULL REFERENCES groups (id),
    date     TEXT    NOT NULL,
    call     TEXT    NOT NULL,               -- JSON of domain::Call
    PRIMARY KEY (group_id, date)
) STRICT, WITHOUT ROWID;

-- What a message came to: whether it was for the bot alone.
CREATE INDEX journal_by_message ON journal (message) WHERE message IS NOT NULL;
