//! A page as plain text: what most of the group reads, and the command line prints.

use super::page::{Block, List, Page, Row};
use super::state;
use super::wrap::{BAR, wrap};

/// The page as text: lines ended by `\n`, at most 72 columns wide.
pub(super) fn text(page: &Page) -> String {
    let mut out = String::new();
    let digits = digits(page);
    let shown = page.blocks.iter().filter(|block| !matches!(block, Block::Reply(_)));
    for (at, block) in shown.enumerate() {
        if at > 0 {
            out.push('\n');
        }
        match block {
            Block::Paragraph(text) | Block::Warning(text) | Block::Hint(text) => paragraph(&mut out, text, "", ""),
            Block::Heading(text) => wrap(&mut out, &underlined(text), "", ""),
            Block::Line { quote, told } => {
                if !quote.is_empty() {
                    wrap(&mut out, quote, "> ", "> ");
                }
                for told in told {
                    match &told.mark {
                        Some(mark) => paragraph(&mut out, &format!("{mark} {}", told.text), "", "  "),
                        None => paragraph(&mut out, &told.text, "", "  "),
                    }
                }
            }
            Block::Table(table) => {
                wrap(&mut out, &underlined(&table.title), "", "");
                list(&mut out, table, digits);
            }
            Block::Bar { title, told, .. } => {
                wrap(&mut out, &format!("{title},"), "", "");
                wrap(&mut out, told, "  ", "  ");
            }
            Block::Columns { title, columns } => {
                wrap(&mut out, &format!("{title}:"), "", "");
                wrap(&mut out, &state::drawn(columns), "  ", "  ");
            }
            Block::Grid { list: table, .. } => list(&mut out, table, digits),
            Block::Reply(_) => {}
        }
    }
    if let Some(footer) = &page.footer {
        // Reply parsers drop what is below this line (RFC 3676, section 4.3).
        out.push_str("\n-- \n");
        wrap(&mut out, footer, "", "");
    }
    out
}

/// The lines of a text of the catalogue; a line of it that quotes an example (`> `) stays quoted.
fn paragraph(out: &mut String, text: &str, first: &str, rest: &str) {
    for (at, line) in text.lines().enumerate() {
        let indent = if at == 0 { first } else { rest };
        match line.trim_start().strip_prefix("> ") {
            Some(example) => wrap(out, example, &format!("{indent}> "), &format!("{rest}> ")),
            None => wrap(out, line.trim(), indent, rest),
        }
    }
}

/// A heading as plain text has it.
fn underlined(text: &str) -> String {
    format!("== {text} ==")
}

/// How many digits the highest number of a page has: the rows of all its lists stand below each other.
fn digits(page: &Page) -> usize {
    let lists = page.blocks.iter().filter_map(|block| match block {
        Block::Table(list) | Block::Grid { list, .. } => Some(list),
        _ => None,
    });
    let numbers = lists.flat_map(|list| &list.rows).filter_map(|row| row.number);
    numbers.max().map_or(0, |number| number.to_string().len())
}

fn list(out: &mut String, list: &List, digits: usize) {
    if list.rows.is_empty() {
        wrap(out, &list.empty, "", "");
    }
    let digits = if list.rows.iter().any(|row| row.number.is_some()) { digits } else { 0 };
    for (at, row) in list.rows.iter().enumerate() {
        // A blank line divides what has more than one line.
        if !out.ends_with("\n\n") || at > 0 {
            out.push('\n');
        }
        if list.is_syntax {
            wrap(out, &row.name, "> ", ">   ");
        } else {
            head(out, row, digits);
        }
        let (indent, hanging) = if list.is_syntax {
            ("  ".to_owned(), "  ".to_owned())
        } else {
            (format!("{}{BAR}", margin(digits)), format!("{}{BAR}  ", margin(digits)))
        };
        for line in std::iter::once(&row.what).chain(&row.more).filter(|line| !line.is_empty()) {
            paragraph(out, line, &indent, &hanging);
        }
    }
}

/// `[ 3] A-WG4-TP8-003 | open | due TP11`.
fn head(out: &mut String, row: &Row, digits: usize) {
    let mut line = row.name.clone();
    for fact in &row.facts {
        line.push_str(" | ");
        line.push_str(&fact.text);
    }
    match row.number {
        Some(number) => wrap(out, &line, &format!("[{number:>digits$}] "), &format!("{}{BAR}  ", margin(digits))),
        None => wrap(out, &line, BAR, &format!("{BAR}  ")),
    }
}

/// What stands before the bar in a list whose numbers have so many digits.
fn margin(digits: usize) -> String {
    if digits == 0 { "  ".to_owned() } else { " ".repeat(digits + 3) }
}
