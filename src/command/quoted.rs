//! What the quoted text right above a line says that the line leaves out: who answers a mail piece by
//! piece writes `done` below the quoted item and names it no second time.
//!
//! Only what cannot be meant otherwise counts. A quote of several items with one answer below it may
//! be about each of them, or all; what stands in quotation marks is a title or an example.

use unicode_width::UnicodeWidthStr as _;

use super::lines::WRAPPED;
use super::physical::candidate;
use super::written::straight;
use super::{Command, Target};
use crate::domain::reference::scan::{fold, leading, scan};
use crate::domain::{ActionItemRef, Quoted, Reference, ReferenceScheme, Text};

/// What a command is about that does not name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An action item.
    Action,
    /// A contribution.
    Document,
}

impl Kind {
    /// What a command that omits its target is about; `None` where it names all that it is about, or
    /// where no quoted reference is what it leaves out.
    fn omitted_by(command: &Command) -> Option<Self> {
        if !command.targets().contains(&&Target::Omitted) {
            return None;
        }
        match command {
            Command::NotYet { .. } | Command::Attend { .. } | Command::NextAgenda { .. } => None,
            Command::Voice { .. } | Command::Ratify { .. } => Some(Self::Document),
            _ => Some(Self::Action),
        }
    }

    fn is(self, reference: &Reference) -> bool {
        match self {
            Self::Action => matches!(reference, Reference::Action(_)),
            Self::Document => matches!(reference, Reference::Document(_) | Reference::Short { .. }),
        }
    }
}

/// What the quote above a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answered {
    /// Nothing that the command could be about.
    Nothing,
    /// This, without a doubt.
    One(Reference),
    /// These, one of them or all.
    Several(Vec<Reference>),
}

/// The quotes of a mail, read from the first to the last along with the sender's lines.
#[derive(Debug, Clone)]
pub(super) struct Quotes<'a> {
    scheme: &'a ReferenceScheme,
    quotes: &'a [Quoted],
    /// So many of them stand above the line that is read.
    passed: usize,
    /// A command was given below an earlier quote that names something: the sender answers piece by piece.
    answers_pieces: bool,
    /// A command was given below the last quote that was passed.
    commanded: bool,
    /// What the line that was reached answers, for each kind, where it was asked for.
    known: [Option<Answered>; 2],
    /// The last quote that names something, where it was asked for.
    last_named: Option<Option<usize>>,
}

impl<'a> Quotes<'a> {
    pub(super) fn new(quotes: &'a [Quoted], scheme: &'a ReferenceScheme) -> Self {
        Self {
            scheme,
            quotes,
            passed: 0,
            answers_pieces: false,
            commanded: false,
            known: [None, None],
            last_named: None,
        }
    }

    /// Goes on to line `number`; whether the text that is now quoted above it names anything.
    pub(super) fn reach(&mut self, number: usize) -> bool {
        let before = self.passed;
        while self.quotes.get(self.passed).is_some_and(|quote| quote.above <= number) {
            self.answers_pieces |= self.commanded && self.names_something(self.passed.saturating_sub(1));
            self.commanded = false;
            self.passed += 1;
        }
        if self.passed == before {
            return false;
        }
        self.known = [None, None];
        self.last().is_some_and(|last| names(&last, self.scheme).any(|reference| is_item(&reference)))
    }

    /// A line under the quote was a command.
    pub(super) fn commanded(&mut self) {
        self.commanded = self.passed > 0;
    }

    /// Takes what a command leaves out from the quoted text right above it; whether it did. `item` is
    /// what the sender's own words below the quote name.
    ///
    /// # Errors
    ///
    /// The quoted text names several, or none but as an example.
    pub(super) fn complete(&mut self, command: &mut Command, item: Option<&ActionItemRef>) -> Result<bool, Text> {
        let Some(kind) = Kind::omitted_by(command) else { return Ok(false) };
        match self.answered(kind) {
            Answered::One(reference) => {
                // The sender's own words in between may be about something else.
                if item.is_some_and(|item| reference != Reference::Action(item.clone())) {
                    return Ok(false);
                }
                for target in command.targets_mut().iter_mut().filter(|target| **target == Target::Omitted) {
                    *target = Target::Reference(reference.clone());
                }
                Ok(true)
            }
            Answered::Several(references) if item.is_none() && !command.only_tells() => {
                let references: Vec<String> = references.iter().map(ToString::to_string).collect();
                Err(Text::new("line-doubtful-quoted").with("references", references.join(", ")))
            }
            Answered::Several(_) | Answered::Nothing => Ok(false),
        }
    }

    /// What the line that was reached answers.
    fn answered(&mut self, kind: Kind) -> Answered {
        if let Some(known) = &self.known[kind as usize] {
            return known.clone();
        }
        let answered = self.find_answered(kind);
        self.known[kind as usize] = Some(answered.clone());
        answered
    }

    fn find_answered(&mut self, kind: Kind) -> Answered {
        let Some(last) = self.last() else { return Answered::Nothing };
        let direct = self.of_kind(std::slice::from_ref(&last), kind);
        match direct.as_slice() {
            [] => {
                // An example of how to write it, or a title: no answer to that, but one to what?
                let marked = scan(&last.text, self.scheme).into_iter().map(|found| found.reference);
                let marked = distinct(marked.filter(|reference| kind.is(reference)));
                if marked.is_empty() { Answered::Nothing } else { Answered::Several(marked) }
            }
            [one] => {
                let all = if self.is_piece() {
                    Vec::new()
                } else {
                    let quote = self.passed.checked_sub(1).and_then(|at| self.quotes.get(at));
                    self.of_kind(&quote.map(|quote| entries(&quote.text, self.scheme)).unwrap_or_default(), kind)
                };
                if all.len() > 1 { Answered::Several(all) } else { Answered::One(one.clone()) }
            }
            _ => Answered::Several(direct),
        }
    }

    /// The documents that the quoted text right above names, where `command` has a short reference.
    pub(super) fn documents_for(&self, command: &Command) -> Vec<Reference> {
        let is_short =
            |target: &&Target| matches!(target, Target::Reference(Reference::Short { .. } | Reference::Revision(_)));
        if !command.targets().iter().any(is_short) {
            return Vec::new();
        }
        self.last().map(|last| self.of_kind(&[last], Kind::Document)).unwrap_or_default()
    }

    /// The mail is answered piece by piece: the quoted line is meant and not all that is quoted.
    fn is_piece(&mut self) -> bool {
        if self.answers_pieces {
            return true;
        }
        let last = self
            .last_named
            .unwrap_or_else(|| (self.passed..self.quotes.len()).rev().find(|at| self.names_something(*at)));
        self.last_named = Some(last);
        last.is_some_and(|last| last >= self.passed)
    }

    fn names_something(&self, at: usize) -> bool {
        let quote = self.quotes.get(at).map(|quote| fold(&quote.text)).unwrap_or_default();
        scan(&quote, self.scheme).iter().any(|found| is_item(&found.reference))
    }

    /// The entry that stands right above the line.
    fn last(&self) -> Option<Entry> {
        let quote = self.quotes.get(self.passed.checked_sub(1)?)?;
        let paragraph = quote.text.rsplit("\n\n").find(|paragraph| !paragraph.trim().is_empty())?;
        entries(paragraph, self.scheme).pop()
    }

    fn of_kind(&self, entries: &[Entry], kind: Kind) -> Vec<Reference> {
        distinct(entries.iter().flat_map(|entry| names(entry, self.scheme)).filter(|reference| kind.is(reference)))
    }
}

/// A row of a list, or a paragraph that is none, folded.
#[derive(Debug, Clone)]
struct Entry {
    text: String,
    /// It begins with a number, as the rows of minuted's own mails do: what its line names first is
    /// the item, and all below is only said of it.
    numbered: bool,
}

/// The entries of a quoted text.
fn entries(text: &str, scheme: &ReferenceScheme) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // An entry goes on in the next line.
    let mut open = false;
    let mut wrapped = false;
    let mut indent = 0;
    for line in fold(text).split('\n') {
        if line.trim().is_empty() {
            (open, wrapped) = (false, false);
            continue;
        }
        let numbered = unnumbered(line).filter(|rest| leading(rest, scheme, false).is_some());
        let inner = candidate(line);
        let in_row = open && entries.last().is_some_and(|entry| entry.numbered);
        let column = line.len() - line.trim_start().len();
        // What goes on may begin with a reference, too: below a row, indented, or a sentence that was wrapped.
        let may_head = !in_row && (!open || column <= indent) && (inner.bullet || !wrapped);
        let heads = may_head && leading(inner.text, scheme, false).is_some();
        match entries.last_mut().filter(|_| open && numbered.is_none() && !heads) {
            Some(entry) => {
                entry.text.push('\n');
                entry.text.push_str(line);
            }
            None => {
                let text = numbered.unwrap_or(inner.text).to_owned();
                entries.push(Entry { text, numbered: numbered.is_some() });
                indent = column;
            }
        }
        open = true;
        wrapped = line.width() >= WRAPPED && !line.ends_with(['.', '!', '?', ':', ';']);
    }
    entries
}

/// A line without the number of a row before it: `[2] …`, `2. …`, `2) …`, `(2) …`, `2  …`.
fn unnumbered(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix(['|', '*']).unwrap_or(line).trim_start();
    let number = line.strip_prefix(['[', '(']).unwrap_or(line);
    let digits = number.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let rest = number.get(digits..).filter(|_| (1..=3).contains(&digits))?;
    let rest = rest.trim_start_matches([']', ')', '.', ':', '|', '*']);
    rest.starts_with(char::is_whitespace).then(|| rest.trim_start_matches([' ', '\t', '|', '*']))
}

/// What an entry names, without what stands in quotation marks.
fn names<'e>(entry: &'e Entry, scheme: &ReferenceScheme) -> impl Iterator<Item = Reference> + 'e {
    let found = if entry.numbered {
        leading(&entry.text, scheme, false).map(|group| group.found).unwrap_or_default()
    } else {
        scan(&entry.text, scheme)
    };
    let marks: Vec<usize> = entry.text.char_indices().filter(|(_, c)| straight(*c) == '"').map(|(at, _)| at).collect();
    // A mark that none closes says nothing.
    let closed = marks.len() / 2 * 2;
    found.into_iter().filter_map(move |found| {
        let before = marks.partition_point(|mark| *mark < found.span.start);
        (before % 2 == 0 || before > closed).then_some(found.reference)
    })
}

/// An action item or a contribution.
fn is_item(reference: &Reference) -> bool {
    Kind::Action.is(reference) || Kind::Document.is(reference)
}

fn distinct(references: impl Iterator<Item = Reference>) -> Vec<Reference> {
    let mut distinct: Vec<Reference> = Vec::new();
    for reference in references {
        // More than a handful is a doubt anyhow.
        if distinct.len() < 8 && !distinct.contains(&reference) {
            distinct.push(reference);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::super::{Addressed, Around, parse};
    use super::*;

    /// A mail with its quotes: what its lines say, a target each, `_` for none, errors as `! KEY`.
    fn read(mail: &str) -> String {
        let (mut text, mut quotes) = (Vec::new(), Vec::new());
        let mut quote: Option<String> = None;
        for line in mail.lines() {
            if let Some(line) = line.strip_prefix('>') {
                let quote = quote.get_or_insert_default();
                let line = line.strip_prefix(' ').unwrap_or(line);
                *quote = if quote.is_empty() { line.to_owned() } else { format!("{quote}\n{line}") };
                continue;
            }
            if let Some(quoted) = quote.take() {
                if !text.is_empty() {
                    text.push("");
                }
                quotes.push(Quoted { above: text.len() + 1, text: quoted });
            }
            text.push(line);
        }
        quotes.extend(quote.map(|quoted| Quoted { above: text.len() + 1, text: quoted }));
        let scheme = ReferenceScheme::default();
        let around = Around {
            scheme: &scheme,
            addressed: Addressed::Bot,
            subject: "Re: SEC-2014-0247",
            today: jiff::civil::date(2014, 5, 1),
            quoted: &quotes,
        };
        let lines = parse(&text.join("\n"), &around).lines;
        let shown = lines.iter().map(|line| match &line.command {
            Ok(command) => {
                let of = command.targets().into_iter().map(|target| match target {
                    Target::Reference(reference) => reference.to_string(),
                    Target::Omitted => "_".to_owned(),
                    other => format!("{other:?}"),
                });
                of.collect::<Vec<_>>().join("+")
            }
            Err(why) => format!("! {}", why.key),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    const DOUBT: &str = "! line-doubtful-quoted";

    #[test]
    fn a_command_is_about_the_item_that_is_quoted_right_above_it() {
        for (mail, expected) in [
            ("> A-WG4-TP8-003\ndone", "A-WG4-TP8-003"),
            ("> Is A-WG4-TP8-003 ready by\n> the next meeting?\n>\n\nYes, since Monday.\n\ndone", "A-WG4-TP8-003"),
            (
                "> A-WG4-TP8-001 Specify\ndone\n> A-WG4-TP8-003 Align\nongoing\ndue 2014-06-01",
                "A-WG4-TP8-001, A-WG4-TP8-003, A-WG4-TP8-003",
            ),
            // Its own reference, or number, counts before any quoted one.
            ("> A-WG4-TP8-003\ndone A-WG4-TP8-001", "A-WG4-TP8-001"),
            ("> A-WG4-TP8-003\n2 done", "Row(2)"),
            // A quote that names none leaves it to the mail that is replied to.
            ("> Which items are done?\ndone", "_"),
            ("> SEC#10 in Berlin\ndone", "_"),
            // What is quoted above other lines says nothing of these.
            ("done\n> A-WG4-TP8-003\n", "_"),
            ("> A-WG4-TP8-003\nThanks!\n> Which of them is ready?\ndone", "_"),
        ] {
            assert_eq!(read(mail), expected, "{mail}");
        }
    }

    #[test]
    fn a_row_is_the_item_that_its_line_names_first() {
        let row = "> [2] A-WG4-TP8-003 | open\n>     | Align with A-WG4-TP8-001\n>     | Note: see A-WG4-TP8-002\n";
        for (mail, expected) in [
            (format!("{row}done"), "A-WG4-TP8-003"),
            (format!("> [1] A-WG4-TP8-001 | open\n{row}done\n> [3] A-WG4-TP8-005\n"), "A-WG4-TP8-003"),
            ("> 1. A-WG4-TP8-001 Specify\ndone\n> 2  A-WG4-TP8-002\n> 3  A-WG4-TP8-003 see\n>    A-WG4-TP8-001\ndone".to_owned(), "A-WG4-TP8-001, A-WG4-TP8-003"),
            // Rows with one answer below them all.
            (format!("> [1] A-WG4-TP8-001 | open\n{row}done"), DOUBT),
            (format!("> [1] A-WG4-TP8-001 | open\n>\n{row}>\ndone"), DOUBT),
            ("Hello\n> 1 A-WG4-TP8-001\nThanks!\n> 2 A-WG4-TP8-002\n> 3 A-WG4-TP8-003\ndone".to_owned(), DOUBT),
        ] {
            assert_eq!(read(&mail), expected, "{mail}");
        }
    }

    #[test]
    fn what_goes_on_below_an_item_is_said_of_it() {
        let two = "> A-WG4-TP8-001 waits for\n>   A-WG4-TP8-003\ndone\n> A-WG4-TP8-005\n";
        assert_eq!(read(two), DOUBT);
        let list = "> - A-WG4-TP8-001 Specify\n> - A-WG4-TP8-003 Align\n>   existing text\ndone\n> - A-WG4-TP8-005\n";
        assert_eq!(read(list), "A-WG4-TP8-003");
    }

    #[test]
    fn several_that_are_quoted_leave_a_doubt() {
        for mail in [
            "> A-WG4-TP8-001 and A-WG4-TP8-003\ndone",
            "> A-WG4-TP8-001 to 003\ndone",
            "> A-WG4-TP8-001 waits for the outcome of what others do in their own\n> A-WG4-TP8-003 until May\nongoing",
            // What was written as an example, or is a title.
            "> Name the item, as in \"done A-WG4-TP8-001\".\ndone",
            "> Name the item, as in \u{201C}done A-WG4-TP8-001\u{201D}.\ndone",
        ] {
            assert_eq!(read(mail), DOUBT, "{mail}");
        }
        assert_eq!(read("> A-WG4-TP8-003 \"Align with A-WG4-TP8-001\" is closed now.\nreopen"), "A-WG4-TP8-003");
        // A question is answered for the mail as a whole.
        assert_eq!(read("> A-WG4-TP8-001, A-WG4-TP8-003\nhistory"), "_");
    }

    #[test]
    fn the_senders_own_words_below_the_quote_stand_nearer() {
        assert_eq!(read("> A-WG4-TP8-003\nA-WG4-TP8-001 is something else.\ndone"), "! line-doubtful-which");
        assert_eq!(read("> A-WG4-TP8-003\nA-WG4-TP8-003 was easy.\ndone"), "A-WG4-TP8-003");
        assert_eq!(read("A-WG4-TP8-001 comes first.\n> A-WG4-TP8-003\ndone"), "A-WG4-TP8-003");
        assert_eq!(read("A-WG4-TP8-001 comes first.\n> That is known.\ndone"), "! line-doubtful-which");
    }

    #[test]
    fn a_decision_is_about_the_quoted_document() {
        for (mail, expected) in [
            ("> A-WG4-TP8-003 waits for SEC-2014-0243R02\nno objection", "SEC-2014-0243R02"),
            ("> SEC-2014-0243R02, SEC-2014-0244\nno objection", DOUBT),
            ("> SEC-2014-0243R02\ndone", "_"),
            ("> A-WG4-TP8-003\nno objection", "_"),
            ("> A-WG4-TP8-003, SEC-2014-0243\nattending", "_"),
            // A short one is completed by the quote before the subject.
            ("> SEC-2014-0243 is out\nR02 agreed", "SEC-2014-0243R02"),
            ("> SEC-2013-0243 is out\n0243R02 agreed", "SEC-2013-0243R02"),
            ("> SEC-2014-0243 or SEC-2014-0244\nR02 agreed", "R02"),
            ("> Is it out?\nR02 agreed", "SEC-2014-0247R02"),
        ] {
            assert_eq!(read(mail), expected, "{mail}");
        }
    }

    #[test]
    fn many_commands_below_many_quotes_are_read_in_linear_time() {
        let quote = "> [1] A-WG4-TP8-001 | open\n".repeat(2_000);
        let mail = format!("{}{quote}{}", format!("{quote}Good.\n").repeat(5), "done\n".repeat(90));
        let begun = std::time::Instant::now();
        assert!(read(&mail).starts_with("A-WG4-TP8-001, "));
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
