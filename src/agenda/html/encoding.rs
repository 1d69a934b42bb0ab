//! In which encoding a page is written, and whether a file is one.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::super::AgendaError;

/// The largest page that is read, in bytes: Word writes hundreds of bytes a cell.
const LIMIT: usize = 32 << 20;
/// What says the encoding stands within so many bytes (HTML, section 13.2.3.2, has 1,024; Word
/// writes it within, other programs put a style sheet before it).
const PROLOGUE: usize = 4096;

/// Whether a text is a page, and not plain text: it begins with markup of one.
pub(in super::super) fn is_html(bytes: &[u8]) -> bool {
    let start: Vec<u8> = bytes.iter().filter(|byte| **byte != 0).take(PROLOGUE).map(u8::to_ascii_lowercase).collect();
    let start = start.strip_prefix(b"\xef\xbb\xbf").or_else(|| start.strip_prefix(b"\xff\xfe")).unwrap_or(&start);
    let start = start.strip_prefix(b"\xfe\xff").unwrap_or(start).trim_ascii_start();
    if !start.starts_with(b"<") {
        return false;
    }
    const ROOTS: [&[u8]; 12] = [
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<body",
        b"<table",
        b"<meta",
        b"<title",
        b"<div",
        b"<h1",
        b"<p>",
        b"<center",
        b"<font",
    ];
    // A declaration of XML or a comment may stand before it, and `DocBook` is what antiword makes of a table.
    ROOTS.iter().any(|root| start.starts_with(root))
        || (start.starts_with(b"<?xml") || start.starts_with(b"<!"))
            && [&b"<html"[..], b"<table", b"<!doctype book"]
                .iter()
                .any(|root| memchr::memmem::find(start, root).is_some())
}

/// The text of a page: by its byte order mark, by what it says itself, as UTF-8, else windows-1252.
///
/// # Errors
/// Where it is too large, or no text.
pub(in super::super) fn decode(bytes: &[u8]) -> Result<String, AgendaError> {
    if bytes.len() > LIMIT {
        return Err(AgendaError::Damaged(format!(
            "the HTML file is larger than {} MiB and is not read; save the agenda as .docx or as plain text",
            LIMIT >> 20
        )));
    }
    let (text, encoding) = match bytes {
        [b'<', 0, ..] => (UTF_16LE.decode(bytes).0, UTF_16LE),
        [0, b'<', ..] => (UTF_16BE.decode(bytes).0, UTF_16BE),
        _ => {
            let (text, encoding, damaged) = said(bytes).unwrap_or(encoding_rs::UTF_8).decode(bytes);
            // A page that was saved in another encoding than it says, by a program that left the old one in.
            if damaged && encoding == encoding_rs::UTF_8 {
                (WINDOWS_1252.decode(bytes).0, WINDOWS_1252)
            } else {
                (text, encoding)
            }
        }
    };
    if text.contains('\0') {
        let reason = format!("this is neither a document of a word processor nor text in {}", encoding.name());
        return Err(AgendaError::Kind(reason));
    }
    Ok(text.into_owned())
}

/// The encoding that the page says it has: `charset=`, or XML's `encoding=`.
fn said(bytes: &[u8]) -> Option<&'static Encoding> {
    let prologue = &bytes[..bytes.len().min(PROLOGUE)].to_ascii_lowercase();
    ["charset", "encoding"].iter().find_map(|key| {
        memchr::memmem::find_iter(prologue, key.as_bytes()).find_map(|at| {
            let rest = prologue.get(at + key.len()..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
            let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_.:".contains(byte)));
            let encoding = Encoding::for_label(&rest[..end.unwrap_or(rest.len())])?;
            // A page whose bytes can be read so far is not in UTF-16, whatever it says.
            Some(if encoding == UTF_16LE || encoding == UTF_16BE { encoding_rs::UTF_8 } else { encoding })
        })
    })
}
