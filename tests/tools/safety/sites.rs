//! Where commands are planted: below lines that the truth gives to the sender, and below lines that
//! it does not.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use super::mail::{Edit, Text};

/// How people close a letter: what stands below is signature, and ends the commands.
const DISCLAIMERS: &str = include_str!("../../../src/message/words/disclaimers.txt");
const CLOSINGS: &str = include_str!("../../../src/message/words/closings.txt");
static PREFIX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[ \t]{0,4}(?:[>＞][ \t]?)+|[:|][ \t]?|[A-Z]{1,3}>[ \t]?)").expect("it compiles"));

/// What the sender wrote: its lines, and whether each is optional.
pub struct Truth {
    pub lines: Vec<(String, bool)>,
    /// White space was lost in it.
    pub without_spaces: bool,
}

/// Whose part a command is planted into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Senders,
    Others,
}

/// One place for a command.
pub struct Site {
    pub whose: Whose,
    /// The line that it stands beside, and on which side.
    pub beside: String,
    /// The number of that line in the text, from 1; of the run in HTML.
    pub line: usize,
    pub edits: Vec<Edit>,
}

/// A line of a text part, or a run of text between two block tags of HTML.
struct Row {
    text: String,
    /// Where in the bytes it begins, and where what is planted below it goes.
    begin: usize,
    end: usize,
    owner: Owner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Blank,
    /// The truth has it, and it is no greeting or closing.
    Senders,
    /// Optional, a closing, or only in part in the truth: nothing is planted below it.
    Neither,
    Others,
}

/// The places in a mail, and nothing where its text has no lines that can be told apart.
pub fn sites(texts: &[Text], truth: &Truth, command: &str) -> Vec<Site> {
    let Some(main) = texts.iter().position(|text| !text.html).or(if texts.is_empty() { None } else { Some(0) }) else {
        return Vec::new();
    };
    let html = texts[main].html;
    let mut rows = if html { html_rows(&texts[main]) } else { plain_rows(&texts[main]) };
    own(&mut rows, truth);
    let mut sites = Vec::new();
    for at in 0..rows.len() {
        if rows[at].owner == Owner::Senders && (at == 0 || rows[at - 1].owner == Owner::Blank || html) {
            let is_first = rows[..at].iter().all(|row| !matches!(row.owner, Owner::Senders | Owner::Neither));
            if is_first && !html {
                let bytes = format!("{command}\n").into_bytes();
                let edits = vec![Edit { text: main, at: rows[at].begin, bytes }];
                let beside = format!("above: {}", rows[at].text);
                sites.push(Site { whose: Whose::Senders, beside, line: at + 1, edits });
            }
        }
        let Some((whose, prefix)) = whose(&rows, at, html) else { continue };
        // In format=flowed a line that ends in a space is not yet a line.
        if texts[main].flowed && rows[at].text.ends_with(' ') && rows[at].text != "-- " {
            continue;
        }
        let above = if whose == Whose::Senders && !html && goes_on(&rows[at].text) { "\n" } else { "" };
        let mut bytes = written(&prefix, command, html, &texts[main], rows[at].end);
        bytes.splice(0..0, above.bytes());
        let mut edits = vec![Edit { text: main, at: rows[at].end, bytes }];
        edits.extend(in_alternatives(texts, main, &rows[at].text, command));
        sites.push(Site { whose, beside: format!("below: {}", rows[at].text), line: at + 1, edits });
    }
    sites
}

/// Whose part stands directly below row `at`, and the quote mark that a line there has.
///
/// A line belongs to the one that it stands directly below. It is nobody's between a line of another's
/// and one of the sender's without a blank line. Beside a quoted line it is quoted as that one is.
fn whose(rows: &[Row], at: usize, html: bool) -> Option<(Whose, String)> {
    let below = rows.get(at + 1);
    match rows[at].owner {
        Owner::Senders => Some((Whose::Senders, String::new())),
        Owner::Others => {
            if below.is_some_and(|below| matches!(below.owner, Owner::Senders | Owner::Neither)) && !html {
                return None;
            }
            let quoted = |row: &Row| PREFIX.find(&row.text).map(|found| found.as_str().to_owned());
            // The tail of a line that lost its mark, and an attribution: the quote's neighbours.
            let beside = |row: Option<&Row>| row.filter(|row| row.owner == Owner::Others).and_then(quoted);
            let prefix = quoted(&rows[at])
                .or_else(|| beside(below))
                .or_else(|| at.checked_sub(1).and_then(|above| beside(rows.get(above))));
            Some((Whose::Others, prefix.unwrap_or_default()))
        }
        _ => None,
    }
}

/// The line may be wrapped in the middle of a sentence: a command directly below it could be the rest
/// of it, so that people leave a line blank there, and the bot asks where they did not.
fn goes_on(line: &str) -> bool {
    line.chars().count() >= 60 && !line.ends_with(['.', '!', '?', ':', ';'])
}

fn written(prefix: &str, command: &str, html: bool, text: &Text, at: usize) -> Vec<u8> {
    if html {
        return format!("<br>{}{command}<br>", prefix.replace('>', "&gt;")).into_bytes();
    }
    // The last line of a text may have no line break.
    let open = at > 0 && text.bytes.get(at - 1) != Some(&b'\n');
    format!("{}{prefix}{command}\n", if open { "\n" } else { "" }).into_bytes()
}

/// The same below the same text in the other alternatives.
fn in_alternatives(texts: &[Text], main: usize, beside: &str, command: &str) -> Vec<Edit> {
    let wanted = squeezed(PREFIX.replace(beside, "").as_ref());
    let mut edits = Vec::new();
    for (index, text) in texts.iter().enumerate().filter(|(index, text)| *index != main && text.html) {
        let rows = html_rows(text);
        let mut same = rows.iter().filter(|row| squeezed(&row.text) == wanted);
        if let (Some(row), None) = (same.next(), same.next()) {
            edits.push(Edit { text: index, at: row.end, bytes: written("", command, true, text, row.end) });
        }
    }
    edits
}

fn plain_rows(text: &Text) -> Vec<Row> {
    let lines: Vec<&[u8]> = text.bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let decoded: Vec<&str> = text.text.split_inclusive('\n').collect();
    let mut at = 0;
    let mut rows = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let shown = if decoded.len() == lines.len() {
            decoded[index].to_owned()
        } else {
            String::from_utf8_lossy(line).into_owned()
        };
        let (begin, end) = (at, at + line.len());
        at = end;
        rows.push(Row { text: shown.trim_end_matches(['\r', '\n']).to_owned(), begin, end, owner: Owner::Blank });
    }
    rows
}

/// The runs of text between tags that end a line. Nothing of the head is one.
fn html_rows(text: &Text) -> Vec<Row> {
    static TAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?is)<!--.*?-->|<(?:head|style|script|title)\b.*?</(?:head|style|script|title)\s*>|</?([a-z][a-z0-9:]*)[^>]*>|<[!?][^>]*>")
            .expect("it compiles")
    });
    let html = String::from_utf8_lossy(&text.bytes);
    let mut rows = Vec::new();
    if html.len() != text.bytes.len() {
        return rows;
    }
    let (mut run, mut begin, mut from) = (String::new(), 0, 0);
    for tag in TAG.captures_iter(&html) {
        let whole = tag.get(0).expect("a match has a whole");
        run.push_str(&html[from..whole.start()]);
        from = whole.end();
        let name = tag.get(1).map_or(String::new(), |name| name.as_str().to_lowercase());
        let inline = ["a", "b", "i", "u", "em", "strong", "font", "span", "small", "big", "o:p", "wbr", "code", "tt"];
        if inline.contains(&name.as_str()) || name.is_empty() {
            continue;
        }
        let shown = entities(&std::mem::take(&mut run));
        if !shown.trim().is_empty() {
            rows.push(Row { text: shown.trim().to_owned(), begin, end: whole.start(), owner: Owner::Blank });
        }
        begin = whole.end();
    }
    rows
}

fn entities(text: &str) -> String {
    text.replace("&nbsp;", " ")
        .replace("&#160;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Says of every row whose it is.
fn own(rows: &mut [Row], truth: &Truth) {
    let form = |text: &str| if truth.without_spaces { squeezed(text) } else { folded(text) };
    let expected: Vec<(String, bool)> = truth
        .lines
        .iter()
        .map(|(line, optional)| (form(line), *optional))
        .filter(|(line, _)| !line.is_empty())
        .collect();
    let shown: Vec<String> = rows.iter().map(|row| form(&row.text)).collect();
    let written: Vec<usize> = (0..rows.len()).filter(|at| !shown[*at].is_empty()).collect();
    let matched = aligned(
        &written.iter().map(|at| shown[*at].as_str()).collect::<Vec<_>>(),
        &expected.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>(),
        |line| line.len().min(200) + 1,
    );
    let mut owner: Vec<Option<Owner>> = vec![None; rows.len()];
    let mut have = vec![false; expected.len()];
    for (place, line) in matched {
        have[line] = true;
        owner[written[place]] = Some(if expected[line].1 { Owner::Neither } else { Owner::Senders });
    }
    let missing = expected.iter().zip(&have).any(|((_, optional), have)| !optional && !have);
    let everything: String = expected.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>().join("\n");
    let squeezed_truth = squeezed(&everything);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for at in &written {
        *seen.entry(shown[*at].as_str()).or_default() += 1;
    }
    if missing {
        in_words(&written, &shown, &expected, &mut owner);
    }
    for at in written {
        let text = &shown[at];
        let bare = form(PREFIX.replace(&rows[at].text, "").as_ref());
        let known = owner[at].unwrap_or_else(|| {
            let in_truth = !bare.is_empty() && (expected.iter().any(|(line, _)| *line == bare));
            match () {
                // The same words stand twice, and the truth has them: whose they are here is not known.
                () if in_truth && *text == bare => Owner::Neither,
                () if missing && truth.without_spaces && squeezed_truth.contains(text.as_str()) => {
                    if seen[text.as_str()] == 1 && text.len() >= 4 { Owner::Senders } else { Owner::Neither }
                }
                () => Owner::Others,
            }
        });
        rows[at].owner = known;
    }
    without_what_nobody_obeys(rows);
    without_closings(rows);
}

/// Some truths keep what a bot must not obey, and others of the same kind do not: a legal notice, what
/// stands below a signature's mark near the end, and a forwarded mail. Nothing is planted there.
fn without_what_nobody_obeys(rows: &mut [Row]) {
    let written: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].owner != Owner::Blank).collect();
    let mark = written.iter().rev().take(8).find(|at| matches!(rows[**at].text.trim(), "--" | "----")).copied();
    let forwarded = written.iter().copied().find(|at| {
        let text = rows[*at].text.to_lowercase();
        text.starts_with("--") && text.contains("forwarded message")
    });
    let end = mark.into_iter().chain(forwarded).min().unwrap_or(rows.len());
    let mut paragraph = 0;
    for at in 0..=rows.len() {
        if rows.get(at).is_some_and(|row| row.owner != Owner::Blank) {
            continue;
        }
        let text = rows[paragraph..at].iter().map(|row| folded(&row.text).to_lowercase()).collect::<Vec<_>>().join(" ");
        let phrases = DISCLAIMERS.lines().filter(|phrase| !phrase.is_empty() && !phrase.starts_with('#'));
        let legal = phrases.filter(|phrase| text.contains(phrase.split('*').next().unwrap_or_default())).count() >= 3;
        for (index, row) in rows.iter_mut().enumerate().take(at).skip(paragraph) {
            if row.owner == Owner::Senders && (legal || index >= end) {
                row.owner = Owner::Neither;
            }
        }
        paragraph = at + 1;
    }
}

/// The truth wraps its lines otherwise: word by word.
fn in_words(written: &[usize], shown: &[String], expected: &[(String, bool)], owner: &mut [Option<Owner>]) {
    let words: Vec<(usize, &str)> =
        written.iter().flat_map(|at| shown[*at].split(' ').map(move |word| (*at, word))).collect();
    let truth: Vec<(bool, &str)> =
        expected.iter().flat_map(|(line, optional)| line.split(' ').map(move |word| (*optional, word))).collect();
    if words.len() * truth.len() > 40_000_000 {
        return;
    }
    let pairs = aligned(
        &words.iter().map(|(_, word)| *word).collect::<Vec<_>>(),
        &truth.iter().map(|(_, word)| *word).collect::<Vec<_>>(),
        |_| 1,
    );
    let mut found: HashMap<usize, (usize, bool)> = HashMap::new();
    for (word, line) in pairs {
        let entry = found.entry(words[word].0).or_insert((0, false));
        entry.0 += 1;
        entry.1 |= truth[line].0;
    }
    for at in written {
        let Some((count, optional)) = found.get(at) else { continue };
        if owner[*at].is_none() {
            let whole = *count == shown[*at].split(' ').count();
            owner[*at] = Some(if whole && !optional { Owner::Senders } else { Owner::Neither });
        }
    }
}

/// A greeting's or closing's lines are nobody's: below "Regards" the commands end.
fn without_closings(rows: &mut [Row]) {
    let own: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].owner == Owner::Senders).collect();
    let closes = |text: &str| {
        let text = text.trim_start_matches(['-', '–', '—', '*', ' ']).to_lowercase();
        text.split_whitespace().count() <= 7
            && CLOSINGS.lines().any(|phrase| {
                text.strip_prefix(phrase).is_some_and(|rest| {
                    !phrase.is_empty()
                        && !rest.starts_with(char::is_alphanumeric)
                        && rest.split_whitespace().count() <= 4
                })
            })
    };
    let short = |at: usize| rows[at].text.split_whitespace().count() <= 4;
    let last = own.iter().rposition(|at| closes(&rows[*at].text));
    let begin = match last {
        Some(last) if own.len() - last <= 4 && own[last + 1..].iter().all(|at| short(*at)) => last,
        // A bare name at the very end.
        _ => match own.split_last() {
            Some((at, above)) if !above.is_empty() && short(*at) && !rows[*at].text.ends_with(['.', '!', '?', ':']) => {
                own.len() - 1
            }
            _ => own.len(),
        },
    };
    for at in &own[begin..] {
        rows[*at].owner = Owner::Neither;
    }
}

/// The heaviest common subsequence, first places first.
fn aligned(left: &[&str], right: &[&str], weight: impl Fn(&str) -> usize) -> Vec<(usize, usize)> {
    let (rows, columns) = (left.len(), right.len());
    let mut best = vec![0_u32; (rows + 1) * (columns + 1)];
    let cell = |row: usize, column: usize| row * (columns + 1) + column;
    let weights: Vec<u32> = right.iter().map(|text| u32::try_from(weight(text)).unwrap_or(1)).collect();
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let skip = best[cell(row + 1, column)].max(best[cell(row, column + 1)]);
            let take = if left[row] == right[column] { weights[column] + best[cell(row + 1, column + 1)] } else { 0 };
            best[cell(row, column)] = skip.max(take);
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < rows && column < columns {
        let here = best[cell(row, column)];
        if left[row] == right[column] && here == weights[column] + best[cell(row + 1, column + 1)] {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if here == best[cell(row + 1, column)] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// One form of spaces, nothing that cannot be seen.
pub fn folded(text: &str) -> String {
    let seen = text.nfc().filter(
        |c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}'),
    );
    let seen: String = seen.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    seen.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn squeezed(text: &str) -> String {
    folded(text).replace(' ', "")
}
