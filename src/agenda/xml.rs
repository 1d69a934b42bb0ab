//! The parts of a .docx archive, and their XML as a stream of elements.

use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use zip::ZipArchive;

use super::AgendaError;
use super::text::decode;

/// The largest main part that is read, decompressed, in bytes.
const MAIN_LIMIT: u64 = 64 << 20;
/// The largest other part.
const OTHER_LIMIT: u64 = 16 << 20;
/// The deepest nesting of elements; word processors stay below 50.
const DEPTH: usize = 1000;
/// WordprocessingML, as ECMA-376 has it (transitional and strict).
const NAMESPACES: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// The parts of a document that are read.
pub(super) struct Parts {
    /// The text: `word/document.xml`.
    pub document: String,
    /// The lists' numbering, where there is any.
    pub numbering: Option<String>,
    /// The styles.
    pub styles: Option<String>,
}

/// Unpacks a .docx file.
///
/// # Errors
/// Where it is another kind of file, damaged, or larger than the limits.
pub(super) fn unpack(bytes: &[u8]) -> Result<Parts, AgendaError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let main = main_part(&mut archive)?;
    if main.starts_with("xl/") || main.starts_with("ppt/") {
        return Err(other_kind(&mut archive));
    }
    let Some(document) = part(&mut archive, &main, MAIN_LIMIT)? else { return Err(other_kind(&mut archive)) };
    let beside = |name: &str| match main.rfind('/') {
        Some(at) => format!("{}/{name}", &main[..at]),
        None => name.to_owned(),
    };
    Ok(Parts {
        document,
        numbering: part(&mut archive, &beside("numbering.xml"), OTHER_LIMIT)?,
        styles: part(&mut archive, &beside("styles.xml"), OTHER_LIMIT)?,
    })
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The name of the main part: the package's relations say it, and it is not always `word/document.xml`.
fn main_part(archive: &mut Archive<'_>) -> Result<String, AgendaError> {
    let mut main = None;
    if let Some(relations) = part(archive, "_rels/.rels", OTHER_LIMIT)? {
        elements(&relations, |event| {
            if let Xml::Start { element, .. } = event
                && attribute(element, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
            {
                main = attribute(element, "Target").map(|target| target.trim_start_matches('/').to_owned());
            }
        })?;
    }
    Ok(main.unwrap_or_else(|| "word/document.xml".to_owned()))
}

/// What a zip archive without a word processor's document is.
fn other_kind(archive: &mut Archive<'_>) -> AgendaError {
    let has = |archive: &mut Archive<'_>, name: &str| archive.by_name(name).is_ok();
    let kind = if has(archive, "content.xml") {
        "this is an OpenDocument file: save it as .docx or as plain text"
    } else if has(archive, "xl/workbook.xml") {
        "this is a spreadsheet of Excel"
    } else if has(archive, "ppt/presentation.xml") {
        "this is a presentation of PowerPoint"
    } else {
        "this is a zip archive, and no document of a word processor is in it: attach the document itself"
    };
    AgendaError::Kind(kind.to_owned())
}

/// The text of one part, or none where the archive has no such part.
fn part(archive: &mut Archive<'_>, name: &str, limit: u64) -> Result<Option<String>, AgendaError> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(damaged(&error)),
    };
    // What the archive says of a part's size may be a lie, so the reading itself is limited.
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    if bytes.len() as u64 > limit {
        return Err(AgendaError::Damaged(format!(
            "{name} in the .docx file is larger than {} MiB unpacked and is not read; save the agenda without its \
             pictures and history, or as plain text",
            limit >> 20
        )));
    }
    // UTF-8 as it nearly always is, so that a large part is not held twice.
    let text = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') && !text.starts_with('\u{feff}') => return Ok(Some(text)),
        Ok(text) => decode(text.as_bytes()),
        Err(error) => decode(error.as_bytes()),
    };
    text.map(Some).map_err(|_| damaged(&format!("{name} is no XML text")))
}

/// The error of a file that cannot be read through.
pub(super) fn damaged(reason: &impl std::fmt::Display) -> AgendaError {
    AgendaError::Damaged(format!(
        "the .docx file is damaged ({reason}); open it in a word processor, save it again as .docx or as plain text, \
         and send that"
    ))
}

/// One step of reading XML.
pub(super) enum Xml<'a> {
    /// An element begins.
    Start {
        /// Its local name where it is WordprocessingML's, else an empty name.
        name: &'a str,
        /// Its local name in any namespace.
        local: &'a str,
        /// The element, for its attributes.
        element: &'a BytesStart<'a>,
    },
    /// The element that began last, and has not ended, ends.
    End,
    /// Text.
    Text(&'a str),
}

/// Reads `xml` to its end. Entities other than XML's own five, and so every document type
/// definition, are refused: nothing is expanded.
///
/// # Errors
/// Where it is not well-formed, or nested too deeply.
pub(super) fn elements(xml: &str, mut on: impl FnMut(Xml<'_>)) -> Result<(), AgendaError> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0_usize;
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| damaged(&error))?;
        let ours = matches!(namespace, ResolveResult::Bound(name) if NAMESPACES.contains(&name.0));
        match event {
            Event::Start(element) => {
                depth += 1;
                if depth > DEPTH {
                    return Err(damaged(&"its elements are nested too deeply"));
                }
                let name = element.local_name();
                let local = name.as_ref();
                on(Xml::Start { name: if ours { local } else { "" }, local, element: &element });
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                on(Xml::End);
            }
            Event::Text(text) => on(Xml::Text(&text.xml_content(XmlVersion::Implicit1_0))),
            Event::CData(text) => on(Xml::Text(&text.xml_content(XmlVersion::Implicit1_0))),
            Event::GeneralRef(entity) => {
                let character = match &*entity.xml_content(XmlVersion::Implicit1_0) {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => match entity.resolve_char_ref() {
                        Ok(Some(character)) => character,
                        _ => return Err(damaged(&"it uses an entity that is not XML's own")),
                    },
                };
                on(Xml::Text(character.encode_utf8(&mut [0; 4])));
            }
            Event::DocType(_) => return Err(damaged(&"it has a document type definition")),
            Event::Eof if depth > 0 => return Err(damaged(&"it ends in the middle")),
            Event::Eof => return Ok(()),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, local: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut named = attributes.with_checks(false).flatten();
    let attribute = named.find(|attribute| attribute.key.local_name().as_ref() == local)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// The value of `w:val`.
pub(super) fn value(element: &BytesStart<'_>) -> Option<String> {
    attribute(element, "val")
}

/// Whether an on-off property is on: it is, unless its value says otherwise.
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(value(element).as_deref(), Some("0" | "false" | "off"))
}
