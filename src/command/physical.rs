//! One physical line: its bullet and its `#`, what joins it to the next, and the lines that end or
//! alter everything.

use super::written::Written;

/// A physical line as it counts here: without its bullet and its `#`.
pub(super) struct Candidate<'a> {
    /// The rest of it.
    pub(super) text: &'a str,
    /// `#` touched it.
    pub(super) marked: bool,
    /// It had a bullet.
    pub(super) bullet: bool,
}

/// Whether a line can only be the end of the one before: `because …`, `(…)`, `+ OWNER`, a year.
pub(super) fn ends_a_line(line: &str) -> bool {
    let is_year = line.len() == 4 && line.bytes().all(|byte| byte.is_ascii_digit());
    let begins = |word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    is_year || begins("because ") || line.starts_with('(') || line.starts_with("+ ")
}

/// What stands between two joined lines: nothing after a hyphen that a reference was broken at.
pub(super) fn glue(line: &str) -> &'static str {
    let mut before = line.chars().rev();
    let hyphen = before.next().is_some_and(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'));
    if hyphen && before.next().is_some_and(char::is_alphanumeric) { "" } else { " " }
}

/// A line without its bullet and its `#`. A plus is none: so a patch begins its lines, which may be of
/// a text that has commands in it.
pub(super) fn candidate(line: &str) -> Candidate<'_> {
    let line = line.trim();
    let inner = line
        .strip_prefix(['-', '*', '\u{2022}', '\u{00B7}', '\u{2013}', '\u{2014}', '\u{25AA}', '\u{25E6}', '\u{2023}'])
        .filter(|rest| rest.starts_with(char::is_whitespace));
    let text = inner.unwrap_or(line).trim_start();
    // Bold or code in the mail's HTML leaves its marks at both ends.
    let text =
        ["**", "*", "`"].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark)).unwrap_or(text);
    let marked = text.strip_prefix('#').filter(|rest| rest.starts_with(char::is_alphanumeric));
    Candidate { text: marked.unwrap_or(text), marked: marked.is_some(), bullet: inner.is_some() }
}

/// `quit` or `stop` on a line of its own.
pub(super) fn ends(line: &str) -> bool {
    let word = line.trim_end_matches(['.', '!']);
    word.eq_ignore_ascii_case("quit") || word.eq_ignore_ascii_case("stop")
}

/// A short line that begins with `dry-run`, in any spelling and with a wrong key in it: who is
/// understood wrongly here has nothing done, and is told so.
pub(super) fn is_dry_run(line: &str) -> bool {
    // A look before: with one key wrong, one of the first two letters is still a `d` or an `r`.
    let mut first = line.bytes().filter(u8::is_ascii_alphanumeric).take(2);
    if line.is_ascii() && !first.any(|byte| matches!(byte, b'd' | b'D' | b'r' | b'R')) {
        return false;
    }
    let written = Written::new(line);
    let lower = written.rest().text().to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let meant = |word: &str| word.len() <= 8 && strsim::damerau_levenshtein(word, "dryrun") <= 1;
    words.len() <= 5 && (1..=2).any(|count| words.get(..count).is_some_and(|begin| meant(&begin.concat())))
}

/// The subject without `Re:` and the list's tags.
pub(super) fn bare_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    loop {
        let tagged = rest.strip_prefix('[').and_then(|tag| tag.split_once(']')).map(|(_, after)| after);
        let reply = rest.split_once(':').filter(|(word, _)| {
            ["re", "aw", "sv", "vs", "antw", "ref", "rif", "odp"]
                .iter()
                .any(|reply| word.trim().eq_ignore_ascii_case(reply))
        });
        match tagged.or(reply.map(|(_, after)| after)) {
            Some(after) => rest = after.trim(),
            None => return rest,
        }
    }
}
