//! A mail taken apart far enough to write a line into one of its texts, and put together again.

use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Encoding, MessageParser, MimeHeaders as _, PartType};

/// A text part: where its body stands in the mail, its bytes without transfer encoding, its text.
pub struct Text {
    pub html: bool,
    /// Its lines are broken as RFC 3676 says.
    pub flowed: bool,
    begin: usize,
    end: usize,
    encoding: Encoding,
    /// The bytes of the body, still in its charset.
    pub bytes: Vec<u8>,
    /// The same, decoded.
    pub text: String,
}

/// Bytes that go into the body of a text, at an offset of [`Text::bytes`].
#[derive(Clone)]
pub struct Edit {
    pub text: usize,
    pub at: usize,
    pub bytes: Vec<u8>,
}

/// The texts of a mail that are not attached files.
pub fn texts(raw: &[u8]) -> Vec<Text> {
    let Some(message) = MessageParser::default().parse(raw) else { return Vec::new() };
    let mut texts = Vec::new();
    for part in &message.parts {
        let (html, text) = match &part.body {
            PartType::Text(text) => (false, text),
            PartType::Html(text) => (true, text),
            _ => continue,
        };
        let (begin, end) = (part.offset_body as usize, part.offset_end as usize);
        let Some(body) = raw.get(begin..end) else { continue };
        let bytes = match part.encoding {
            Encoding::None => Some(body.to_vec()),
            Encoding::QuotedPrintable => quoted_printable_decode(body),
            Encoding::Base64 => base64_decode(body),
        };
        let Some(bytes) = bytes else { continue };
        let format = part.content_type().and_then(|kind| kind.attribute("format"));
        let flowed = format.is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
        texts.push(Text { html, flowed, begin, end, encoding: part.encoding, bytes, text: text.to_string() });
    }
    texts
}

/// The mail with the edits made and To rewritten. A body's transfer encoding is made anew; its charset
/// stays, because what is planted is ASCII and stands at the start of a line, where every charset that
/// mail is written in (but UTF-16, which no text here has) reads ASCII as it is.
pub fn planted(raw: &[u8], texts: &[Text], edits: &[Edit], to: &str) -> Vec<u8> {
    let mut mail = raw.to_vec();
    for (index, text) in texts.iter().enumerate().rev() {
        let mut here: Vec<&Edit> = edits.iter().filter(|edit| edit.text == index).collect();
        if here.is_empty() {
            continue;
        }
        here.sort_by_key(|edit| std::cmp::Reverse(edit.at));
        let mut bytes = text.bytes.clone();
        for edit in here {
            bytes.splice(edit.at..edit.at, edit.bytes.iter().copied());
        }
        let body = match text.encoding {
            Encoding::None => bytes,
            Encoding::QuotedPrintable => quoted_printable(&bytes),
            Encoding::Base64 => base64(&bytes),
        };
        mail.splice(text.begin..text.end, body);
    }
    addressed(&mail, to)
}

/// The mail with To naming one address.
fn addressed(mail: &[u8], to: &str) -> Vec<u8> {
    let mut written = format!("To: {to}\n").into_bytes();
    let (mut in_header, mut dropping) = (true, false);
    for line in mail.split_inclusive(|&byte| byte == b'\n') {
        if in_header {
            in_header = !matches!(line, b"\n" | b"\r\n");
            let continues = matches!(line.first(), Some(b' ' | b'\t'));
            dropping = if continues { dropping } else { line.get(..3).is_some_and(|n| n.eq_ignore_ascii_case(b"to:")) };
            if dropping {
                continue;
            }
        }
        written.extend_from_slice(line);
    }
    written
}

/// RFC 2045, section 6.7, line breaks kept.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let mut column = 0;
        for (index, &byte) in text.iter().enumerate() {
            let plain =
                matches!(byte, b'!'..=b'<' | b'>'..=b'~') || matches!(byte, b' ' | b'\t') && index + 1 < text.len();
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                out.extend_from_slice(b"=\n");
                column = 0;
            }
            column += width;
            if plain {
                out.push(byte);
            } else {
                out.extend_from_slice(format!("={byte:02X}").as_bytes());
            }
        }
        out.extend_from_slice(&line[text.len()..]);
    }
    out
}

/// RFC 2045, section 6.8.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let encoded = data_encoding::BASE64.encode(bytes);
    encoded.as_bytes().chunks(76).flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
}
