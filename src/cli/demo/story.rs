//! The story as data: the mails of one week, in order.

/// One mail of the story.
pub(super) struct Scene {
    /// The name by which a later mail answers what was answered here.
    pub name: &'static str,
    /// What it shows, in a sentence or two.
    pub shows: &'static str,
    /// The raw message (RFC 5322), as its sender's client and mail servers made it. Its topmost
    /// Received field says when it arrives. [`ANSWER_ID`] and the others stand for what is only
    /// known when the story plays.
    pub mail: &'static str,
    /// The scene whose answer this mail replies to.
    pub replies_to: Option<&'static str>,
}

/// Stands for the Message-ID of the answer that a mail replies to.
pub(super) const ANSWER_ID: &str = "@ANSWER-ID@";

/// Stands for the text of that answer, each line behind `> `.
pub(super) const ANSWER_QUOTED: &str = "@ANSWER-QUOTED@";

/// Stands for the text of that answer, as it is.
pub(super) const ANSWER_BARE: &str = "@ANSWER-BARE@";

/// The agenda that the secretary imports: the tables of a real one (oneM2M WG4 SEC, meeting SEC#10.0).
pub(super) const AGENDA: &str = include_str!("agenda.txt");

/// When it is imported, in the group's zone.
pub(super) const AGENDA_AT: jiff::civil::DateTime = jiff::civil::datetime(2014, 3, 31, 9, 0, 0, 0);

/// What the import shows.
pub(super) const AGENDA_SHOWS: &str = "The document is the one that goes to the meeting anyway. Its tables say what is to be \
    done and by whom (\"Lead A, B\": A leads, B supports), and where every contribution stands.";

/// Who imports it.
pub(super) const AGENDA_BY: &str = "secretary@example.org";

macro_rules! scene {
    ($name:literal, $shows:literal $(, replies_to: $to:literal)?) => {
        Scene {
            name: $name,
            shows: $shows,
            mail: include_str!(concat!("mails/", $name, ".eml")),
            replies_to: [$($to)?].first().copied(),
        }
    };
}

/// The week's mails.
pub(super) static SCENES: &[Scene] = &[
    scene!(
        "close",
        "The lead says that an item is done, on top of a quoted mail. The quoted mail holds a command too; \
         only what the sender newly wrote counts."
    ),
    scene!(
        "half",
        "An HTML mail from a supporter of an item. A supporter's \"done\" does not close it: a lead has to \
         confirm. What the HTML hides is not read."
    ),
    scene!("typo", "A slip of the thumb. Nothing is guessed: the answer asks."),
    scene!("confirm", "The lead confirms, from a second address that the roster knows. The wrapped line is one line."),
    scene!(
        "list",
        "A mail to everybody on the list, which the bot reads too. There, a line is a command only behind a \
         \"#\"; the answer goes to the sender alone."
    ),
    scene!("doubt", "Half a promise, half a question: a doubtful line changes nothing."),
    scene!(
        "extend",
        "A reply to that answer: an owner may ask for more time, and chair or secretary rule.",
        replies_to: "doubt"
    ),
    scene!("away", "An out-of-office program answers the bot. Programs are never obeyed and never answered; until the day that it names no reminder goes there.",
        replies_to: "extend"),
    scene!("accept", "The chair rules. Two lines, two commands, one answer."),
    scene!("propose", "A member without an office proposes a new action item. Any alphabet will do."),
    scene!(
        "proposed",
        "The secretary asks what waits for a ruling: the command stands in the subject of an empty mail."
    ),
    scene!(
        "ruling",
        "A reply counts the rows of the list it answers. What the member and a cell of the agenda proposed gets \
         its number: before the meeting begins, the next of the newest series.",
        replies_to: "proposed"
    ),
    scene!("note", "One mail to the bot and to the list, which will bring a second copy of it."),
    scene!("note-by-list", "The list's copy of the same mail arrives. It acts once, and is answered once."),
    scene!("stranger", "Somebody who is in no roster changes nothing, and learns nothing."),
    scene!("cancel", "The vice-chair cancels an item, too quickly."),
    scene!("undo", "Every answer to a change says how to take it back: all that one mail did, remarks too.", replies_to: "cancel"),
    scene!("mine", "A member asks for the items that the member's organization leads or supports."),
    scene!("row", "A reply closes row 1 of that list, and nothing else. The quoted list is not read.", replies_to: "mine"),
    scene!(
        "action",
        "The meeting has begun. The secretary records an action item in a line, and it is the first of the \
         series of TP10."
    ),
];
