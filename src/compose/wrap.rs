//! Lines of text: cleaned, shortened, and wrapped by the columns that a terminal shows.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest line of a text part, in columns: with `> > ` before it, it still fits 76 (RFC 3676,
/// section 4.2).
pub(super) const WIDTH: usize = 72;

/// Stands before what others wrote where it begins a line: a title that reads `close A-WG4-TP8-001`
/// must not be a line of its own, which whoever sends the answer back would give as a command.
pub(super) const BAR: &str = "| ";

/// How many bullets and courtesies are looked behind for a command.
const SKIPPED_LIMIT: usize = 16;

/// Words that a command begins with. A line is not broken before them, so that no line of an
/// answer becomes a command when somebody sends the answer to the bot again.
const OPENERS: [&str; 48] = [
    "accept",
    "action",
    "agenda",
    "agreed",
    "also",
    "approval",
    "assign",
    "attending",
    "call",
    "cancel",
    "close",
    "closed",
    "completed",
    "confirm",
    "digest",
    "done",
    "dry-run",
    "due",
    "extend",
    "finished",
    "fixed",
    "help",
    "history",
    "list",
    "meeting",
    "member",
    "no",
    "not",
    "note",
    "object",
    "ok",
    "ongoing",
    "pause",
    "posted",
    "priority",
    "ratify",
    "register",
    "regrets",
    "reject",
    "remote",
    "remotely",
    "reopen",
    "resume",
    "role",
    "status",
    "undo",
    "what",
    "withdraw",
];

/// The text in one line: white space folded, without control characters and without the marks that
/// turn the direction of everything behind them (U+202A to U+202E, U+2066 to U+2069).
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let before = cleaned.len();
        if before > 0 {
            cleaned.push(' ');
        }
        let start = cleaned.len();
        cleaned.extend(word.chars().filter(
            |c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'),
        ));
        if cleaned.len() == start {
            cleaned.truncate(before);
        }
    }
    cleaned
}

/// The cleaned text, cut after `limit` characters.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    // A base character may carry marks without number; nothing of ours needs more bytes than this.
    let text = clean(text);
    match text.char_indices().nth(limit) {
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
        None => text,
    }
}

/// Adds the text to `out`, wrapped: `first` before its first line, `rest` before those that follow.
/// A number stays with the word before it, and so does a word that begins a command. Where a word
/// is wider than a line, it is broken.
pub(super) fn wrap(out: &mut String, text: &str, first: &str, rest: &str) {
    let mut lines = Lines { out, rest, column: 0, is_empty: true };
    lines.begin(first);
    let mut at = 0;
    for chunk in chunks(text) {
        let ahead = text.get(at..).unwrap_or(chunk);
        if lines.fits(chunk) || (lines.fits_next(chunk, ahead) && lines.next(ahead)) {
            lines.put(chunk);
        } else {
            chunk.split(' ').for_each(|word| lines.put_word(word));
        }
        at += chunk.len() + 1;
    }
    lines.out.push('\n');
}

struct Lines<'a> {
    out: &'a mut String,
    rest: &'a str,
    column: usize,
    /// Nothing but the indent stands in the line.
    is_empty: bool,
}

impl Lines<'_> {
    fn begin(&mut self, indent: &str) {
        self.out.push_str(indent);
        self.column = indent.width();
        self.is_empty = true;
    }

    /// Begins the next line; `ahead` is what will stand there. Always true, for use in conditions.
    fn next(&mut self, ahead: &str) -> bool {
        if !self.is_empty {
            self.out.push('\n');
            self.begin(self.rest);
            let guard = self.guard(ahead);
            self.out.push_str(guard);
            self.column += guard.width();
        }
        true
    }

    /// What must stand before the text where it begins a line: a bar, where a command may begin with
    /// it and nothing else keeps it from being one.
    fn guard(&self, ahead: &str) -> &'static str {
        if self.rest.trim().is_empty() && may_begin_command(ahead) { BAR } else { "" }
    }

    fn fits_next(&self, text: &str, ahead: &str) -> bool {
        self.rest.width() + self.guard(ahead).width() + text.width() <= WIDTH
    }

    fn fits(&self, text: &str) -> bool {
        self.column + usize::from(!self.is_empty) + text.width() <= WIDTH
    }

    fn put(&mut self, text: &str) {
        if !self.is_empty {
            self.out.push(' ');
            self.column += 1;
        }
        self.out.push_str(text);
        self.column += text.width();
        self.is_empty = false;
    }

    fn put_word(&mut self, word: &str) {
        if self.fits(word) || (self.fits_next(word, word) && self.next(word)) {
            self.put(word);
            return;
        }
        self.next(word);
        for (at, character) in word.char_indices() {
            let width = character.width().unwrap_or(0);
            if self.column + width > WIDTH {
                self.is_empty = false;
                // A command's word is short: what is far behind does not matter.
                let ahead = word.get(at..).unwrap_or_default();
                self.next(ahead.split_at_checked(64).map_or(ahead, |(near, _)| near));
            }
            self.out.push(character);
            self.column += width;
            self.is_empty = false;
        }
    }
}

/// The text in pieces between which a line may be broken.
fn chunks(text: &str) -> Vec<&str> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut before = "";
    for word in text.split(' ') {
        if at > 0 && !is_bound(before, word) {
            chunks.push(&text[start..at - 1]);
            start = at;
        }
        at += word.len() + 1;
        before = word;
    }
    chunks.push(&text[start..]);
    chunks
}

/// Whether a line that begins with the text may be a command: behind bullets and "please", it begins
/// with a number or with a command's word.
fn may_begin_command(text: &str) -> bool {
    let words = text.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_skipped = |word: &&str| {
        word.is_empty() || ["please", "pls", "kindly", "bot"].iter().any(|skipped| word.eq_ignore_ascii_case(skipped))
    };
    // What is not seen to be harmless may be one; looking further would take quadratic time.
    words.take(SKIPPED_LIMIT).find(|word| !is_skipped(word)).is_none_or(begins_command)
}

/// Whether a command may begin with the word.
fn begins_command(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit()) || OPENERS.iter().any(|opener| word.eq_ignore_ascii_case(opener))
}

/// Whether a line must not be broken between the two words: before a number, before a word that
/// begins a command, and between the day and the month of a date.
fn is_bound(before: &str, word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_day = before.len() <= 2 && before.bytes().all(|byte| byte.is_ascii_digit());
    is_day || begins_command(bare)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn wrapped(text: &str, first: &str, rest: &str) -> Vec<String> {
        let mut out = String::new();
        wrap(&mut out, text, first, rest);
        out.lines().map(ToOwned::to_owned).collect()
    }

    #[rstest]
    #[case("", &[""])]
    #[case("short", &["short"])]
    #[case(
        "A-WG4-TP8-003 \"Specify credential management (high Priority)\" is closed now (was open).",
        &["A-WG4-TP8-003 \"Specify credential management (high Priority)\" is closed", "  now (was open)."]
    )]
    // Neither a number nor a date nor the beginning of a command is torn from the word before it.
    #[case(
        "This is a text of just such a length that the date comes last: 28 March 2014.",
        &["This is a text of just such a length that the date comes", "  last: 28 March 2014."]
    )]
    #[case(
        "This is a text of just such a length that what follows is this: \"close A-WG4-TP8-001\".",
        &["This is a text of just such a length that what follows is", "  this: \"close A-WG4-TP8-001\"."]
    )]
    fn text_is_wrapped_between_words(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(wrapped(text, "", "  "), expected);
    }

    #[test]
    fn a_word_wider_than_a_line_is_broken_and_wide_characters_count_twice() {
        let lines = wrapped(&format!("see {}", "概".repeat(50)), "", "  ");
        assert_eq!(lines, ["see".to_owned(), format!("  {}", "概".repeat(35)), format!("  {}", "概".repeat(15))]);
    }

    #[rstest]
    #[case("done", "  | done")]
    #[case("- * please close A-WG4-TP8-001", "  | - * please close A-WG4-TP8-001")]
    #[case("2: closed", "  | 2: closed")]
    #[case("and so on", "  and so on")]
    fn where_a_line_must_begin_with_a_command_a_bar_stands_before_it(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(wrapped(&format!("{} {text}", "x".repeat(72)), "", "  ").last().unwrap(), expected);
    }

    #[test]
    fn numbers_without_end_are_wrapped_as_well() {
        let lines = wrapped(&"0243 ".repeat(100), "", "  ");
        assert!(lines.iter().all(|line| line.width() <= WIDTH), "{lines:?}");
        assert_eq!(lines.join(" ").split_whitespace().filter(|word| *word != "|").count(), 100);
    }

    #[rstest]
    #[case("  two\t words \r\n and\u{0} more ", "two words and more")]
    #[case("a\u{202e}b\u{2066}c", "abc")]
    #[case("\u{feff}", "")]
    #[case("a \u{202e} b", "a b")]
    fn cleaning_leaves_one_line_of_printable_text(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(clean(text), expected);
    }

    #[rstest]
    #[case("short", 5, "short")]
    #[case("longer", 5, "longe…")]
    #[case("four five", 5, "four…")]
    fn what_is_cut_is_marked(#[case] text: &str, #[case] limit: usize, #[case] expected: &str) {
        assert_eq!(shorten(text, limit), expected);
    }
}
