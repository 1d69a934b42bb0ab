//! One line -> what it says. The families of commands have a file each; here is what they share:
//! courtesies, the order of the attempts, and what makes a line doubtful.

use jiff::civil::Date;

use super::remark::{End, end};
use super::targets::{Targets, targets};
use super::written::{Rest, Written};
use super::{Command, approvals, attendance, contributions, doubt, items, meetings, near_miss, people, queries};
use crate::domain::{Clause, ReferenceScheme, Text};

/// What reading a line depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode<'a> {
    /// How the group writes references.
    pub(super) scheme: &'a ReferenceScheme,
    /// The day on which the mail was received.
    pub(super) today: Date,
    /// What is to be a command is marked so by its author: the mail is to the bot alone, or the line
    /// begins with `#`. Elsewhere prose is more likely.
    pub(super) meant: bool,
    /// It is the first line of the text, below a greeting.
    pub(super) first: bool,
    /// Whether what nearly is a command is looked for.
    pub(super) near: bool,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// Nothing to the bot.
    Prose,
    /// A command, whole.
    Command(Command),
    /// Nearly a command, and why it is not applied.
    Doubt(Text),
    /// The beginning of a command, and what is said of it where the next line does not go on.
    Begun(Text),
}

impl Read {
    /// `command`, where the line ends after it; otherwise why it is not applied.
    pub(super) fn ended(rest: Rest<'_>, command: impl FnOnce(Option<String>) -> Command) -> Self {
        match end(rest) {
            End::Tail(tail) => Self::Doubt(tail_of(&tail)),
            End::Unfinished => Self::Begun(Text::new("line-missing-text").with("command", rest.original())),
            end => Self::Command(command(end.remark())),
        }
    }

    /// `command`, where nothing follows it.
    pub(super) fn whole(rest: Rest<'_>, command: impl FnOnce() -> Command) -> Self {
        if rest.is_empty() { Self::Command(command()) } else { Self::Doubt(tail_of(rest.original())) }
    }
}

/// Why a line with something more after its command is not applied.
pub(super) fn tail_of(tail: &str) -> Text {
    Text::new("line-doubtful-tail").with("tail", tail)
}

/// The targets' own error before anything else that a line says.
pub(super) fn unless_bad(found: &Targets<'_>, read: impl FnOnce() -> Read) -> Read {
    match (&found.bad, read()) {
        (Some(bad), Read::Command(_)) => Read::Doubt(bad.clone()),
        (_, read) => read,
    }
}

/// A line behind the words with which people ask.
pub(super) fn begin(line: &Written) -> Rest<'_> {
    let words = ["please", "pls", "kindly", "@bot", "@minuted", ","];
    let rest = line.rest();
    rest.skip(&words).skip(&words).skip(&words)
}

/// Reads a line.
pub(super) fn read(line: &Written, mode: &Mode<'_>) -> Read {
    let whole = begin(line);
    let (rest, question) = without_courtesies(whole);
    if rest.is_empty() {
        return Read::Prose;
    }
    let read = plain(rest, mode);
    match read {
        // Asking for an answer is no doubt about it.
        Read::Command(command) if question && !command.only_tells() && !takes_text(&command) => {
            Read::Doubt(Text::new("line-doubtful-question"))
        }
        Read::Command(command) => twofold(&command, mode).map_or(Read::Command(command), Read::Doubt),
        Read::Doubt(_) | Read::Begun(_) if question => Read::Doubt(Text::new("line-doubtful-question")),
        Read::Prose if mode.near => doubt::doubt(rest, question, mode)
            .or_else(|| near_miss::near_miss(rest, mode))
            .map_or(Read::Prose, Read::Doubt),
        read => read,
    }
}

/// Reads what is neither courtesy nor doubt.
fn plain(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(found) = targets(rest, mode) {
        // "1. close A-WG4-TP8-001" numbers a list; "1. done" is about row 1.
        let numbered = found.are_rows() && found.of.len() == 1;
        if let Some(inner) = found.rest.mark('.').or_else(|| found.rest.mark(')')).filter(|_| numbered)
            && let Read::Command(command) = numbered_line(inner, mode)
            && (names_something(&command) || mode.meant && asks_for_more(&command))
        {
            return Read::Command(command);
        }
        return unless_bad(&found, || about(&found, mode));
    }
    verb_first(rest, mode)
}

/// Reads what follows the number of a list's line; a further number is none (`1. 1. 1. …`).
fn numbered_line(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    match targets(rest, mode) {
        Some(found) => unless_bad(&found, || about(&found, mode)),
        None => verb_first(rest, mode),
    }
}

/// Reads what follows targets at the beginning of a line.
fn about(found: &Targets<'_>, mode: &Mode<'_>) -> Read {
    let mut rest = found.rest;
    if rest.is_empty() {
        return Read::Begun(Text::new("line-missing-command"));
    }
    for mark in [':', '.', ')', '-', '='] {
        if let Some(after) = rest.mark(mark) {
            if matches!(mark, '.' | ')') && !found.are_rows() {
                return Read::Prose;
            }
            // "A-WG4-TP8-001 -> closed"
            rest = if matches!(mark, '-' | '=') { after.mark('>').unwrap_or(after) } else { after };
            break;
        }
    }
    let rest = rest.skip(&["is now", "are now", "is", "are"]);
    match items::about(found, rest, mode) {
        Read::Prose => contributions::about(found, rest, mode),
        read => read,
    }
}

/// Reads a line that begins with a command's word.
fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let families: [fn(Rest<'_>, &Mode<'_>) -> Read; 7] = [
        queries::verb_first,
        meetings::verb_first,
        contributions::verb_first,
        attendance::verb_first,
        approvals::verb_first,
        people::verb_first,
        items::verb_first,
    ];
    families.into_iter().map(|family| family(rest, mode)).find(|read| *read != Read::Prose).unwrap_or(Read::Prose)
}

/// A remark that is itself a command (`1 done; 2 ongoing`): which of both is meant cannot be told.
fn twofold(command: &Command, mode: &Mode<'_>) -> Option<Text> {
    let remark = match command {
        Command::Set { because: Some(remark), .. }
        | Command::Extend { because: Some(remark), .. }
        | Command::Reject { because: Some(remark), .. }
        | Command::Withdraw { because: Some(remark), .. }
        | Command::Voice { because: Some(remark), .. }
        | Command::Ratify { because: Some(remark), .. } => remark,
        Command::Decide { phrase, .. } => {
            let remark = phrase.clauses.iter().find_map(|clause| match clause {
                Clause::Remark(text) | Clause::Because(text) | Clause::Action(text) => Some(text),
                _ => None,
            });
            remark?
        }
        _ => return None,
    };
    let written = Written::new(remark);
    let (rest, _) = without_courtesies(written.rest());
    match plain(rest, mode) {
        Read::Command(second) if names_something(&second) => Some(tail_of(remark)),
        _ => None,
    }
}

/// Whether a command says itself what it is about.
pub(super) fn names_something(command: &Command) -> bool {
    command.targets().iter().any(|target| !matches!(target, super::Target::Omitted))
}

/// Whether a command asks for a certain list or help: `1. list mine` is none of an agenda's headings.
fn asks_for_more(command: &Command) -> bool {
    match command {
        Command::List(listing) => *listing != super::Listing::Open,
        Command::Help(about) => about.is_some(),
        Command::Rest { .. } => true,
        _ => false,
    }
}

/// Whether a command keeps free text, in which anything may stand.
fn takes_text(command: &Command) -> bool {
    match command {
        Command::Note { of, .. } => !of.contains(&super::Target::Omitted),
        Command::What { .. } | Command::Action { .. } => true,
        _ => false,
    }
}

const THANKS: [&str; 16] = [
    "thank you very much",
    "thank you",
    "thanks in advance",
    "thanks a lot",
    "many thanks",
    "thanks",
    "thx",
    "tks",
    "cheers",
    "please",
    "pls",
    "best regards",
    "kind regards",
    "regards",
    "br",
    "best",
];

/// The line without full stops, thanks and smileys at its end, and whether it ends in a question.
pub(super) fn without_courtesies(rest: Rest<'_>) -> (Rest<'_>, bool) {
    let mut question = asks(rest.text());
    let mut rest = rest;
    loop {
        let text = rest.text();
        let mut end = text.trim_end_matches(|c: char| c.is_whitespace() || ".!?,".contains(c) || is_ornament(c)).len();
        question |= text[end..].contains('?');
        for smiley in [":)", ":-)", ";)", ";-)", ":D"] {
            if let Some(before) = text[..end].strip_suffix(smiley) {
                end = before.trim_end().len();
            }
        }
        if let Some(before) = thanks(&text[..end]) {
            end = before;
        }
        if end == text.len() {
            return (rest, question);
        }
        rest = rest.first(end);
    }
}

/// Where a text ends before the thanks that it ends with.
fn thanks(text: &str) -> Option<usize> {
    THANKS.iter().find_map(|words| {
        let start = text.len().checked_sub(words.len())?;
        let written = text.get(start..)?;
        let before = text.get(..start)?;
        let apart = before.ends_with(|c: char| c.is_whitespace() || ",.!;-(".contains(c));
        (written.eq_ignore_ascii_case(words) && apart)
            .then(|| before.trim_end_matches(|c: char| c.is_whitespace() || ",.!;-".contains(c)).len())
    })
}

/// A question mark that ends a sentence, not one in an address.
fn asks(text: &str) -> bool {
    text.match_indices('?')
        .any(|(at, _)| text[at + 1..].chars().next().is_none_or(|c| c.is_whitespace() || ".!?)\"',;".contains(c)))
}

/// Emoji and other signs that end a line without saying anything.
const fn is_ornament(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2B50}')
}
