//! Agenda documents -> rows, and back: `out`. Tables are recognised by what is in their cells, not by
//! headings.
//!
//! The way of a document: its bytes become blocks, paragraphs and tables in reading order, by
//! `docx` (with `xml` and `numbering`), `html`, `markdown` or `text` (with `lines`); `sections` finds the headings of agenda items
//! among the paragraphs; `meeting`, `schedule` and `tables` (with `columns` and `cells`) read what the blocks
//! say. What was not understood becomes a remark and nothing else.

mod blocks;
mod cells;
mod columns;
mod dates;
mod docx;
mod grid;
mod html;
mod lines;
mod markdown;
mod meeting;
mod numbering;
pub mod out;
mod schedule;
mod sections;
mod sheet;
mod tables;
mod text;
mod xml;

pub use crate::domain::{ActionItemRow, AgendaDocument, AgendaItem, AgendaMeeting, ContributionRow};
use crate::domain::{Examples, ReferenceScheme};

pub use sheet::harmless;

/// What a cell or a line says of what nobody knows yet: nothing is doubtful about it.
const NOT_YET_KNOWN: &str = "not yet known";
/// What a cell says where there is none, though it would be somewhere by its section.
const NONE: &str = "-";

/// Why a file is no agenda that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgendaError {
    /// A kind of file that is not read.
    #[error(
        "{0}; an agenda is read from a .docx file, from a page of HTML, or from the plain text that a word processor saves"
    )]
    Kind(String),
    /// A document of Word 97 to 2003, which has to be converted first.
    #[error(
        "this is a .doc file of an older word processor, and only a converter reads it: install LibreOffice, antiword or catdoc where minuted runs, or save the document as .docx"
    )]
    OldWord,
    /// A spreadsheet that is not read.
    #[error("{0}")]
    Sheet(String),
    /// A damaged file, or one past the limits.
    #[error("{0}")]
    Damaged(String),
    /// Nothing in it looks like an agenda's tables.
    #[error(
        "no action items and no contributions were found in it; their tables begin with a reference in each row, such as {action} or {contribution}"
    )]
    NoTables {
        /// An action item as the group writes it.
        action: String,
        /// A contribution as the group writes it.
        contribution: String,
    },
}

/// Reads an agenda document by its content: .docx, HTML, Markdown, text, or what an export as JSON says.
///
/// # Errors
/// Where the file cannot be read as an agenda.
pub fn read(bytes: &[u8], scheme: &ReferenceScheme) -> Result<AgendaDocument, AgendaError> {
    let blocks = match kind(bytes)? {
        Kind::Json(text) => {
            let read = serde_json::from_str(&text);
            return read.map_err(|error| {
                AgendaError::Damaged(format!("the JSON is none of what `export agenda` writes: {error}"))
            });
        }
        Kind::Markdown(text) => markdown::blocks(&text),
        Kind::Docx => docx::blocks(bytes)?,
        Kind::Html => html::blocks(&html::decode(bytes)?)?,
        Kind::Text(text) => text::blocks(&text, scheme),
    };
    let headings = sections::headings(&blocks);
    let mut remarks = Vec::new();
    let meeting = meeting::meeting(&blocks, &headings, scheme, &mut remarks);
    let span = meeting.as_ref().and_then(|meeting| Some((meeting.start?, meeting.end?)));
    let sessions = schedule::sessions(&blocks, &headings, span, &mut remarks);
    let (is_ours, made_from) = meeting::made_from(&blocks, &headings);
    let items = sections::items(&headings);
    let mut rows = tables::rows(&blocks, headings, scheme);
    if !rows.any && meeting.is_some() {
        tables::list_lines(&blocks, scheme, &mut rows);
    }
    if !rows.any && !is_ours && (meeting.is_none() || sessions.is_empty()) {
        let Examples { action, contribution, .. } = Examples::of(scheme);
        return Err(AgendaError::NoTables { action: action.to_string(), contribution: contribution.to_string() });
    }
    remarks.extend(rows.remarks);
    Ok(AgendaDocument {
        meeting,
        sessions,
        action_items: rows.action_items,
        contributions: rows.contributions,
        remarks,
        items,
        made_from,
    })
}

/// Reads a list of documents that a spreadsheet keeps, .xlsx or .csv, by the headings of its columns; action
/// items that stand among them are read, too.
///
/// # Errors
/// Where the file is no such list.
pub fn read_contributions(bytes: &[u8], scheme: &ReferenceScheme) -> Result<AgendaDocument, AgendaError> {
    let mut blocks = sheet::blocks(bytes)?;
    let made_from = sheet::take_copy(&mut blocks);
    let headings = blocks.iter().map(|_| None).collect();
    let rows = tables::rows(&blocks, headings, scheme);
    if rows.contributions.is_empty() && rows.action_items.is_empty() {
        let like = Examples::of(scheme).contribution;
        return Err(AgendaError::Sheet(format!(
            "no contributions were found in it; each row of the list has a reference such as {like}, and the columns are \
             known by headings such as Document, Title, Source, Decision, Revised to"
        )));
    }
    let (action_items, contributions, remarks) = (rows.action_items, rows.contributions, rows.remarks);
    Ok(AgendaDocument { action_items, contributions, remarks, made_from, ..AgendaDocument::default() })
}

/// Whether a file is named as a contribution is: by its reference and, perhaps, its title.
#[must_use]
pub fn names_contribution(file: &str, scheme: &ReferenceScheme) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let end = stem.find(|c: char| c.is_whitespace()).unwrap_or(stem.len());
    [stem, stem.get(..end).unwrap_or(stem)]
        .iter()
        .any(|name| matches!(cells::recognise(name, scheme), Some(cells::Recognised::Contribution(_))))
}

/// Whether a file is a document of Word 97 to 2003, which [`read`] reads only once it is converted.
#[must_use]
pub fn is_old_word(bytes: &[u8]) -> bool {
    bytes.starts_with(&COMPOUND) && compound(bytes) == AgendaError::OldWord
}

/// The kinds of file that are read.
enum Kind {
    Docx,
    Html,
    Markdown(String),
    Json(String),
    Text(String),
}

/// The kind of a file, by its first bytes: names and media types of attachments are often wrong.
fn kind(bytes: &[u8]) -> Result<Kind, AgendaError> {
    let refused = |kind: &str| Err(AgendaError::Kind(kind.to_owned()));
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Docx);
    }
    if bytes.starts_with(&COMPOUND) {
        return Err(compound(bytes));
    }
    if bytes.starts_with(b"%PDF-") {
        return refused("this is a PDF file, which keeps no tables: open the document that it was made from");
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return refused("this is an RTF file: open it in a word processor and save it as .docx");
    }
    if html::is_html(bytes) {
        return Ok(Kind::Html);
    }
    let text = text::decode_document(bytes)?;
    if text.trim_start().starts_with("<?xml") {
        return refused("this is an XML file");
    }
    if text.trim_start().starts_with('{') {
        return Ok(Kind::Json(text));
    }
    Ok(if markdown::is_markdown(&text) { Kind::Markdown(text) } else { Kind::Text(text) })
}

/// How a compound file begins: Word 97 to 2003, and any .docx that is encrypted with a password.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What a compound file is, by the names of the streams in it (UTF-16).
fn compound(bytes: &[u8]) -> AgendaError {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    let other = if has("EncryptedPackage") || has("EncryptionInfo") {
        "this document is protected by a password: save it without one"
    } else if has("WordDocument") {
        return AgendaError::OldWord;
    } else if has("Workbook") || has("Book") {
        "this is a spreadsheet of Excel"
    } else if has("PowerPoint Document") {
        "this is a presentation of PowerPoint"
    } else {
        "this is a compound file that is no document of Word"
    };
    AgendaError::Kind(other.to_owned())
}

#[cfg(test)]
mod forms;
#[cfg(test)]
mod tests;
