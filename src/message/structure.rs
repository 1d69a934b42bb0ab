//! The tree of MIME parts (RFC 2046), found in one pass over the lines.
//!
//! The structure is found here and not by the MIME crate because a hostile mail must stay linear:
//! a crate that looks for each boundary to the end of the mail, or that keeps a value for each of
//! five million empty parts, does not. The crate still reads every header field and decodes every
//! body.

use std::sync::LazyLock;

use mail_parser::{Header, HeaderValue, MessageParser, MimeHeaders as _, PartType};

/// Parts beyond this number are not looked at.
const MOST_PARTS: usize = 10_000;
/// Multiparts nested deeper than this are not opened.
const DEEPEST: usize = 100;
/// What is read of one part's header fields, in bytes.
const LONGEST_HEADER: usize = 256 * 1024;
/// What is decoded of one text part, in bytes.
const LONGEST_TEXT: usize = 3 * 1024 * 1024;

static PARSER: LazyLock<MessageParser> = LazyLock::new(MessageParser::default);

/// One part: its media type, where it stands in the tree, and its bytes, not yet decoded.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Type and subtype in lower case, such as `text/plain`.
    pub media: String,
    /// The parameters of the Content-Type, names in lower case.
    parameters: Vec<(String, String)>,
    /// The file name, where it has one.
    pub name: Option<String>,
    /// The Content-Disposition is `attachment`.
    pub attached: bool,
    /// The part that contains this one; `None` for the message itself.
    pub parent: Option<usize>,
    transfer_encoding: String,
    /// The header fields and the blank line after them.
    header: &'a [u8],
    /// The body, still in its transfer encoding; of a multipart, nothing.
    pub body: &'a [u8],
}

impl Part<'_> {
    /// A parameter of the Content-Type.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body's text, its transfer encoding and charset undone; `None` where it holds none.
    pub fn text(&self) -> Option<String> {
        let body = self.body.get(..LONGEST_TEXT).unwrap_or(self.body);
        let is_other = self.parameter("charset").is_some_and(|charset| !is_ascii_or_utf8(charset));
        let decoded = if is_other { None } else { self.undone(body) };
        // The crate undoes the transfer encoding strictly by itself, and as far as it goes in a message.
        let Some(decoded) = decoded else {
            let mut raw = Vec::with_capacity(self.header.len() + body.len() + 2);
            raw.extend_from_slice(self.header);
            if !ends_with_blank_line(self.header) {
                raw.extend_from_slice(b"\n\n");
            }
            raw.extend_from_slice(body);
            return decode(&raw);
        };
        Some(match String::from_utf8(decoded) {
            Ok(text) => text,
            // No charset or a wrong one: what Western programs mean by that is windows-1252.
            Err(wrong) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(wrong.as_bytes()).0.into_owned(),
        })
    }
}

impl Part<'_> {
    /// The body's bytes, its transfer encoding undone; `None` where it is none.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        self.undone(self.body)
    }

    fn undone(&self, body: &[u8]) -> Option<Vec<u8>> {
        if self.transfer_encoding.eq_ignore_ascii_case("base64") {
            mail_parser::decoders::base64::base64_decode(body)
        } else if self.transfer_encoding.eq_ignore_ascii_case("quoted-printable") {
            mail_parser::decoders::quoted_printable::quoted_printable_decode(body)
        } else {
            Some(body.to_vec())
        }
    }
}

fn decode(raw: &[u8]) -> Option<String> {
    match PARSER.parse(raw)?.parts.into_iter().next()?.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.into_owned()),
        _ => None,
    }
}

fn is_ascii_or_utf8(charset: &str) -> bool {
    ["us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown", "default"]
        .iter()
        .any(|known| charset.eq_ignore_ascii_case(known))
}

/// The parts of a message in the order they stand in it; the first is the message itself.
#[derive(Debug)]
pub(super) struct Structure<'a> {
    /// The message's own header fields.
    pub headers: Vec<Header<'a>>,
    /// The parts, the message itself first.
    pub parts: Vec<Part<'a>>,
    /// There was more than the limits allow.
    pub cut: bool,
}

impl Structure<'_> {
    /// The header section is longer than what is read of it, or has line ends that other programs take
    /// for none, so that they see other fields.
    pub fn has_broken_header(&self) -> bool {
        let header = self.header();
        let lone = header.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
        header.len() >= LONGEST_HEADER || lone || header.contains(&0)
    }

    /// The bytes of the message's own header fields.
    pub fn header(&self) -> &[u8] {
        self.parts.first().map_or(&[], |root| root.header)
    }
}

/// A multipart that is being read: its boundary and its place among the parts.
struct Open {
    boundary: Vec<u8>,
    part: usize,
}

/// Finds the parts of a message.
pub(super) fn structure(raw: &[u8]) -> Structure<'_> {
    let mut found = Structure { headers: Vec::new(), parts: Vec::new(), cut: false };
    let mut open: Vec<Open> = Vec::new();
    let (header, mut at) = header_block(raw, 0, &open);
    let (part, headers) = part(header, raw.get(at..).unwrap_or_default(), None, "text/plain");
    found.headers = headers;
    let mut leaf = enter(&mut found, &mut open, part).map(|index| (index, at));
    // Where no multipart is open, no boundary can follow.
    while at < raw.len() && !open.is_empty() {
        let end = line_end(raw, at);
        let line = &raw[at..end];
        let Some((level, closes)) = boundary(line, &open) else {
            at = end;
            continue;
        };
        if let Some((index, start)) = leaf.take() {
            found.parts[index].body = without_line_break(&raw[start..at]);
        }
        open.truncate(level + 1);
        at = end;
        if closes {
            open.pop();
            continue;
        }
        if found.parts.len() >= MOST_PARTS {
            found.cut = true;
            break;
        }
        let (header, body_at) = header_block(raw, at, &open);
        let parent = open.last().map(|multipart| multipart.part);
        let in_digest = parent.is_some_and(|index| found.parts[index].media == "multipart/digest");
        let (part, _) = self::part(header, &[], parent, if in_digest { "message/rfc822" } else { "text/plain" });
        at = body_at;
        leaf = enter(&mut found, &mut open, part).map(|index| (index, at));
    }
    if let Some((index, start)) = leaf {
        found.parts[index].body = raw.get(start..).unwrap_or_default();
    }
    found
}

/// Adds a part. A multipart is opened; anything else is a leaf, whose place is returned.
fn enter<'a>(found: &mut Structure<'a>, open: &mut Vec<Open>, part: Part<'a>) -> Option<usize> {
    let index = found.parts.len();
    let boundary = match part.parameter("boundary") {
        Some(boundary) if part.media.starts_with("multipart/") && !boundary.is_empty() => {
            Some(boundary.as_bytes().to_vec())
        }
        _ => None,
    };
    found.parts.push(part);
    match boundary {
        Some(boundary) if open.len() < DEEPEST => {
            open.push(Open { boundary, part: index });
            None
        }
        Some(_) => {
            found.cut = true;
            Some(index)
        }
        None => Some(index),
    }
}

/// Which open multipart a line is the boundary of, and whether it closes it (RFC 2046, section 5.1.1).
fn boundary(line: &[u8], open: &[Open]) -> Option<(usize, bool)> {
    let rest = line.strip_prefix(b"--")?;
    let rest = rest.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, multipart)| {
        match rest.strip_prefix(multipart.boundary.trim_ascii_end()) {
            Some(b"") => Some((level, false)),
            Some(b"--") => Some((level, true)),
            _ => None,
        }
    })
}

/// The header fields that begin at `at`, and where the body begins. A boundary ends them too.
fn header_block<'a>(raw: &'a [u8], at: usize, open: &[Open]) -> (&'a [u8], usize) {
    let mut here = at;
    while here < raw.len() {
        let end = line_end(raw, here);
        let line = &raw[here..end];
        if matches!(line, b"\n" | b"\r\n") {
            return (&raw[at..end], end);
        }
        if boundary(line, open).is_some() {
            break;
        }
        here = end;
    }
    (&raw[at..here], here)
}

/// Where the line that begins at `at` ends, its line feed included.
fn line_end(raw: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &raw[at..]).map_or(raw.len(), |length| at + length + 1)
}

fn without_line_break(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn ends_with_blank_line(header: &[u8]) -> bool {
    matches!(header, b"\n" | b"\r\n") || header.ends_with(b"\n\n") || header.ends_with(b"\n\r\n")
}

/// A part of its header fields, and those fields.
fn part<'a>(header: &'a [u8], body: &'a [u8], parent: Option<usize>, unless_said: &str) -> (Part<'a>, Vec<Header<'a>>) {
    let header = header.get(..LONGEST_HEADER).unwrap_or(header);
    let parsed = PARSER.parse_headers(header);
    let root = parsed.as_ref().and_then(|message| message.parts.first());
    let content_type = root.and_then(|root| root.content_type());
    let media = content_type.map_or_else(
        || unless_said.to_owned(),
        |content_type| match content_type.subtype() {
            Some(subtype) => format!("{}/{subtype}", content_type.ctype()).to_lowercase(),
            // `Content-Type: text` is what some very old programs write for plain text.
            None if content_type.ctype().eq_ignore_ascii_case("text") => "text/plain".to_owned(),
            None => content_type.ctype().to_lowercase(),
        },
    );
    let parameters = content_type
        .and_then(|content_type| content_type.attributes())
        .unwrap_or_default()
        .iter()
        .map(|attribute| (attribute.name.to_lowercase(), attribute.value.to_string()))
        .collect();
    let part = Part {
        media,
        parameters,
        name: root.and_then(|root| root.attachment_name()).map(str::to_owned),
        attached: root
            .and_then(|root| root.content_disposition())
            .is_some_and(|disposition| disposition.ctype().eq_ignore_ascii_case("attachment")),
        parent,
        transfer_encoding: root.and_then(|root| root.content_transfer_encoding()).unwrap_or("8bit").trim().to_owned(),
        header,
        body,
    };
    let headers = parsed.and_then(|message| message.parts.into_iter().next()).map(|root| root.headers);
    (part, headers.unwrap_or_default())
}

/// The text of a header field that may be one or several values.
pub(super) fn values<'v>(value: &'v HeaderValue<'_>) -> Vec<&'v str> {
    match value {
        HeaderValue::Text(text) => vec![text],
        HeaderValue::TextList(texts) => texts.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}
