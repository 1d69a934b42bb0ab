//! Markdown with tables as GitHub has them -> blocks: headings, a table's rows, lines of text.

use super::blocks::{Block, Cell, Paragraph, Row, Table, tidy};

/// The row below a table's headings: `|---|:--:|`.
fn is_divider(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.contains("--") && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' '))
}

/// Whether a text has a table of this kind.
pub(super) fn is_markdown(text: &str) -> bool {
    text.lines().any(is_divider)
}

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut table = Table::new();
    for line in text.lines() {
        let line = line.trim();
        if let Some(cells) = line.strip_prefix('|') {
            if !is_divider(line) {
                let row = Row { cells: cells_of(cells) };
                table.extend((!row.is_blank()).then_some(row));
            }
            continue;
        }
        if !table.is_empty() {
            blocks.push(Block::Table(std::mem::take(&mut table)));
        }
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        let styled = (1..=6).contains(&marks) && line[marks..].starts_with(' ');
        let text = tidy(&plain(if styled { without_anchor(&line[marks..]) } else { line }));
        if !text.is_empty() {
            blocks.push(Block::Paragraph(Paragraph { styled, text, ..Paragraph::default() }));
        }
    }
    if !table.is_empty() {
        blocks.push(Block::Table(table));
    }
    blocks
}

/// The cells of a row, behind its first bar; a bar behind a backslash divides none.
fn cells_of(row: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, c) in row.char_indices() {
        if c == '|' && !escaped {
            cells.push(Cell::new(&plain(&row[start..at])));
            start = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    if !row[start..].trim().is_empty() {
        cells.push(Cell::new(&plain(&row[start..])));
    }
    cells
}

/// A heading without the name by which links find it: `Opening {#opening}`.
fn without_anchor(heading: &str) -> &str {
    let named = heading.trim_end().strip_suffix('}').and_then(|heading| heading.rsplit_once("{#"));
    named.filter(|(_, name)| !name.contains(char::is_whitespace)).map_or(heading, |(heading, _)| heading)
}

/// What is behind a text struck through, `~~text~~`, where one begins.
fn struck(text: &str) -> Option<&str> {
    let (struck, behind) = text.strip_prefix("~~")?.split_once("~~")?;
    (!struck.is_empty()).then_some(behind)
}

/// What is behind a link and what it shows: `[text](address)`, `<https://address>`.
fn link(text: &str) -> Option<(&str, &str)> {
    if let Some(within) = text.strip_prefix('<') {
        let (address, behind) = within.split_once('>')?;
        return address.starts_with("http").then_some((behind, address));
    }
    let (shown, behind) = text.strip_prefix('[')?.split_once("](")?;
    let (address, behind) = behind.split_once(')')?;
    let is_link = !shown.contains(['[', ']', '|']) && !address.contains(['|', '(']);
    is_link.then_some((behind, shown))
}

/// A text without its marks: `<br>` is a line break, and a backslash keeps what is behind it as it is.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let next = &rest[c.len_utf8()..];
        let is_break = |mark: &&&str| rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if let Some(mark) = ["<br>", "<br/>", "<br />"].iter().find(is_break) {
            plain.push('\n');
            rest = &rest[mark.len()..];
            continue;
        }
        if let Some((behind, shown)) = struck(rest).map(|behind| (behind, "")).or_else(|| link(rest)) {
            plain.push_str(&self::plain(shown));
            rest = behind;
            continue;
        }
        match (c, next.chars().next()) {
            ('\\', Some(kept)) if kept.is_ascii_punctuation() => {
                plain.push(kept);
                rest = &next[kept.len_utf8()..];
            }
            _ => {
                if c != '*' && c != '`' {
                    plain.push(c);
                }
                rest = next;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use crate::agenda::read;
    use crate::domain::ReferenceScheme;

    #[test]
    fn links_show_their_text_and_what_is_struck_through_is_left_out() {
        let text = "# Agenda SEC#11\n\n## 7 Contributions {#7-contributions}\n\n| Doc | Title | Source | Status |\n|--|--|--|--|\n\
                    | [SEC-2014-0251R01](https://example.org/a.docx) > R02 | Keys [draft] | CATT | ~~Noted~~ R01 agreed |\n\
                    | <https://example.org/d/SEC-2014-0252R01.docx> | [Locks](x) \\~~ a | LG | Noted |\n";
        let document = read(text.as_bytes(), &ReferenceScheme::default()).unwrap();
        let rows = document.contributions.iter();
        let said: Vec<[&str; 3]> = rows.map(|row| [&*row.reference_cell, &*row.title, &*row.status_cell]).collect();
        assert_eq!(
            said,
            [
                ["SEC-2014-0251R01 > R02", "Keys [draft]", "R01 agreed"],
                ["SEC-2014-0252R01.docx", "Locks ~~ a", "Noted"],
            ]
        );
        assert_eq!(document.items[0].title, "Contributions");
    }

    #[test]
    fn a_table_by_hand_is_read() {
        let text = "# Agenda SEC#11\n\n**Dates:** 9-13 June 2014\n\n## 7.2 Frameworks for TS-0003\n\n\
                    | Doc | Title | Source | Status |\n|:----|-------|--------|---|\n\
                    | SEC-2014-0243R01 | Keys \\| locks | CATT | Noted<br>R02 expected |\n";
        let document = read(text.as_bytes(), &ReferenceScheme::default()).unwrap();
        assert_eq!(document.meeting.map(|meeting| meeting.reference.to_string()).as_deref(), Some("SEC#11.0"));
        let row = &document.contributions[0];
        assert_eq!((row.title.as_str(), row.status_cell.as_str()), ("Keys | locks", "Noted\nR02 expected"));
        assert_eq!((row.agenda_item.as_str(), row.deliverable.as_deref()), ("7.2", Some("TS-0003")));
        assert_eq!(document.remarks, [""; 0]);
    }
}
