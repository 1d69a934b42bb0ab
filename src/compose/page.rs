//! What stands on a page, in order and in words, before it is printed as text or HTML.

use jiff::tz::TimeZone;

use super::state::{Column, Part};
use super::{Catalogue, wrap};
use crate::decide::{Answer, AnswerLine, LineOutcome};
use crate::domain::Text;

/// The most characters of a command line that are quoted.
const QUOTE_LIMIT: usize = 200;

/// The most characters of one text that is told; a text of the catalogue is far below, only
/// somebody's own words in it can be long.
const TOLD_LIMIT: usize = 4000;

/// The most characters of what an item says, or of a note, where a line is answered.
const OWN_WORDS_LIMIT: usize = 300;

/// The arguments that somebody's own words come in.
const OWN_WORDS: [&str; 6] = ["what", "note", "title", "to", "from", "because"];

/// From how many lines on there is a count, and what was not done is said again in front.
const MANY_LINES: usize = 6;

/// The most characters of a word that is not broken, whatever the screen's width.
pub(super) const WORD_LIMIT: usize = 24;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The language's tag.
    pub(super) language: &'static str,
    /// Its title; only HTML shows one, and few clients do.
    pub(super) title: String,
    /// What stands on it.
    pub(super) blocks: Vec<Block>,
    /// The line at the foot; none where nobody can reply.
    pub(super) footer: Option<String>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A paragraph that must not be missed.
    Warning(String),
    /// How one answers: the same in every mail of its kind, and needed once.
    Hint(String),
    /// A heading.
    Heading(String),
    /// A line of the mail that is answered, and what came of it.
    Line {
        /// The line as written; empty where none was.
        quote: String,
        /// What is told of it.
        told: Vec<Told>,
    },
    /// Replies that are ready to what stands before.
    Reply(Reply),
    /// Shares of a whole, which text tells in a sentence.
    Bar {
        /// What the whole is.
        title: String,
        /// The shares in words, behind the title.
        told: String,
        /// The shares.
        parts: Vec<Part>,
    },
    /// How many there were, moment by moment.
    Columns {
        /// Of what, and since when.
        title: String,
        /// The columns.
        columns: Vec<Column>,
    },
    /// A list.
    Table(List),
    /// A table of many columns, which plain text shows as a list.
    Grid {
        /// The headings of its columns.
        columns: Vec<String>,
        /// Its rows, a cell a column.
        rows: Vec<Vec<String>>,
        /// The same as a list.
        list: List,
    },
}

/// What is told of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// What makes a refusal stand out (`Not done:`).
    pub(super) mark: Option<String>,
    /// The text; lines divided by `\n`.
    pub(super) text: String,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List {
    /// Its heading.
    pub(super) title: String,
    /// The headings of the columns: of what is listed, and of what is said of it.
    pub(super) columns: [String; 2],
    /// Its rows.
    pub(super) rows: Vec<Row>,
    /// What is said where there are none.
    pub(super) empty: String,
    /// The rows' names are what somebody may write, and must not begin a line.
    pub(super) is_syntax: bool,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// Its number, by which a reply may name it.
    pub(super) number: Option<u16>,
    /// What is listed: a reference, a name, a moment.
    pub(super) name: String,
    /// Where it stands: status, dates.
    pub(super) facts: Vec<Fact>,
    /// The main text.
    pub(super) what: String,
    /// What else is said: owners, sources.
    pub(super) more: Vec<String>,
    /// The replies that are ready for it; text has none.
    pub(super) reply: Option<Reply>,
}

impl Row {
    /// Its name is a reference, which a narrow screen must not break at its hyphens.
    pub(super) fn is_one_word(&self) -> bool {
        !self.name.contains(char::is_whitespace) && self.name.chars().count() <= WORD_LIMIT
    }
}

/// Replies that a click opens, ready to be sent. Only HTML shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// What stands before them: no line of a page may be a command by itself.
    pub(super) said: String,
    /// The replies.
    pub(super) links: Vec<Link>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// What is clicked.
    pub(super) text: String,
    /// Where it leads.
    pub(super) href: String,
}

/// A short remark on a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// In words.
    pub(super) text: String,
    /// It needs attention.
    pub(super) is_late: bool,
}

impl Fact {
    pub(super) const fn new(text: String) -> Self {
        Self { text, is_late: false }
    }
}

/// What stands on the page that an answer is; `undo` says how to take all back, where that can be.
pub(super) fn of_answer(answer: &Answer, undo: Option<&Text>, zone: &TimeZone, catalogue: &Catalogue) -> Vec<Block> {
    let mut blocks = Vec::new();
    if answer.dry_run {
        blocks.push(Block::Warning(catalogue.say(&Text::new("mail-dry-run"))));
    }
    if let Some(intro) = &answer.intro {
        blocks.push(Block::Paragraph(catalogue.say(intro)));
    }
    let is_refused = |line: &&AnswerLine| matches!(line.outcome, LineOutcome::Refused | LineOutcome::Partly);
    let attention = answer.lines.iter().filter(is_refused).count();
    let mut apart = false;
    if answer.lines.len() >= MANY_LINES {
        let counts = if answer.dry_run { Text::new("mail-counts-dry-run") } else { Text::new("mail-counts") };
        let counts = counts
            .with("lines", answer.lines.len())
            .with("fine", answer.lines.len() - attention)
            .with("attention", attention);
        blocks.push(Block::Paragraph(catalogue.say(&counts)));
        // Each line is told once: an answer to many is long as it is.
        apart = attention > 0 && attention < answer.lines.len();
        if apart {
            blocks.push(Block::Heading(catalogue.say(&Text::new("mail-attention"))));
            blocks.extend(answer.lines.iter().filter(is_refused).map(|each| line(each, catalogue)));
            blocks.push(Block::Heading(catalogue.say(&Text::new("mail-other-lines"))));
        }
    }
    blocks.extend(answer.lines.iter().filter(|each| !apart || !is_refused(each)).map(|each| line(each, catalogue)));
    blocks.extend(answer.tables.iter().map(|table| Block::Table(super::list::list(table, zone, catalogue))));
    blocks.extend(undo.map(|undo| Block::Paragraph(catalogue.say(undo))));
    if blocks.is_empty() {
        blocks.push(Block::Paragraph(catalogue.say(&Text::new("mail-nothing"))));
    }
    blocks
}

/// A line and what came of it.
fn line(line: &AnswerLine, catalogue: &Catalogue) -> Block {
    let text = wrap::shorten(&line.text, QUOTE_LIMIT);
    let quote = match line.number {
        // What was imported answers no line.
        _ if text.is_empty() => String::new(),
        0 => catalogue.say(&Text::new("mail-quote-subject").with("text", &text)),
        _ => text,
    };
    let mut told: Vec<Told> = line
        .told
        .iter()
        .map(|text| Told {
            mark: is_refusal(line.outcome, text).then(|| catalogue.say(&Text::new("mail-not-done"))),
            text: shorten_lines(&said(text, catalogue)),
        })
        .collect();
    if told.is_empty() {
        let text = match line.outcome {
            LineOutcome::Done => Text::new("mail-outcome-done"),
            LineOutcome::Partly => Text::new("mail-outcome-partly"),
            LineOutcome::Unchanged => Text::new("mail-outcome-unchanged"),
            LineOutcome::Refused => Text::new("mail-outcome-refused"),
            LineOutcome::Told => Text::new("mail-outcome-told"),
        };
        told.push(Told { mark: None, text: catalogue.say(&text) });
    }
    Block::Line { quote, told }
}

/// A text, in which a long action, note or reason is cut: whoever sent it knows it, and the whole is told where it is
/// asked for.
fn said(text: &Text, catalogue: &Catalogue) -> String {
    let is_long = |value: &str| value.chars().count() > OWN_WORDS_LIMIT;
    let is_cut = |(name, value): &(String, String)| OWN_WORDS.contains(&name.as_str()) && is_long(value);
    if !text.arguments.iter().any(is_cut) {
        return catalogue.say(text);
    }
    let mut cut = text.clone();
    for (name, value) in &mut cut.arguments {
        if OWN_WORDS.contains(&name.as_str()) && is_long(value) {
            *value = wrap::shorten(value, OWN_WORDS_LIMIT);
        }
    }
    let of = text.arguments.iter().find(|(name, _)| name == "reference").map(|(_, value)| value);
    let whole = of.map(|of| catalogue.say(&Text::new("told-whole").with("reference", of)));
    std::iter::once(catalogue.say(&cut)).chain(whole).collect::<Vec<_>>().join(" ")
}

/// Whether the text says that something was not done. Of a line that was partly done, the
/// refusals are known by their keys.
fn is_refusal(outcome: LineOutcome, text: &Text) -> bool {
    match outcome {
        LineOutcome::Refused => true,
        LineOutcome::Partly => !text.key.starts_with("told-"),
        LineOutcome::Done | LineOutcome::Unchanged | LineOutcome::Told => false,
    }
}

/// The text with its line breaks, which are the catalogue's, each line cleaned; cut where somebody's
/// words in it are without end.
fn shorten_lines(text: &str) -> String {
    text.lines().map(|line| wrap::shorten(line, TOLD_LIMIT)).collect::<Vec<_>>().join("\n")
}
