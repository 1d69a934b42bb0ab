//! Which parts of a message are its text, and those parts as lines.

use super::lines::{LONGEST, Line, Mark};
use super::plain::{self, Flow};
use super::structure::{Part, Structure};
use super::words::{LIST_FOOTERS, STUBS};
use super::{Document, Unreadable, author, html, smime, structure};
use crate::domain::Quoted;

/// Text parts of one message beyond this number are not read.
const MOST_TEXTS: usize = 100;
/// A signed content in a signed content is opened so often: once around a list's copy of it, and once more.
const DEEPEST_SIGNED: u8 = 3;

/// What the sender newly wrote and the quotes between its lines, or why that cannot be read.
pub(super) fn author_text(structure: &Structure<'_>, is_reply: bool) -> Result<(String, Vec<Quoted>), Unreadable> {
    lines(structure, is_reply).map(|lines| author::text_and_quotes(&lines))
}

/// The message's text, line by line, quoted and foreign lines included.
pub(super) fn lines(structure: &Structure<'_>, is_reply: bool) -> Result<Vec<Line>, Unreadable> {
    let mut reader = Reader::new(structure, is_reply, DEEPEST_SIGNED);
    reader.read(0);
    // Exchange leaves an empty text beside what it took apart.
    if reader.encrypted && reader.lines.iter().all(Line::is_blank) {
        return Err(Unreadable::Encrypted);
    }
    if reader.texts == 0 {
        let empty = structure.parts.first().is_some_and(|root| root.media.starts_with("multipart/"))
            && structure.parts.len() == 1;
        return Err(if empty || structure.cut { Unreadable::Malformed } else { Unreadable::NoText });
    }
    if let Some(begin) = reader.lines.iter().find(|line| !line.is_blank())
        && begin.text == "-----BEGIN PGP MESSAGE-----"
    {
        return Err(Unreadable::Encrypted);
    }
    Ok(without_armour(reader.lines))
}

/// Names of attached files: of every part that has a name and is not the message's text, and of
/// forwarded messages that were given one. What is signed and opaque is no file, what is in it may be.
pub(super) fn attachments(structure: &Structure<'_>) -> Vec<String> {
    let mut names = Vec::new();
    collect_attachments(structure, DEEPEST_SIGNED, &mut names);
    names
}

fn collect_attachments(structure: &Structure<'_>, deeper: u8, names: &mut Vec<String>) {
    for part in structure.parts.iter().filter(|part| !part.media.starts_with("multipart/")) {
        if let Some(deeper) = deeper.checked_sub(1).filter(|_| smime::is_cms(part))
            && let smime::Content::Signed(entity) = smime::content(part)
        {
            collect_attachments(&structure::structure(&entity), deeper, names);
            continue;
        }
        names.extend(part.name.as_deref().map(file_name).filter(|name| !name.is_empty()));
    }
}

/// The endings of documents that are kept for what is in them.
const DOCUMENTS: [&str; 13] =
    ["docx", "docm", "doc", "html", "htm", "txt", "rtf", "pdf", "md", "markdown", "json", "csv", "xlsx"];

/// At most so many of them.
const MOST_DOCUMENTS: usize = 8;

/// Attached documents, by the endings of their names.
pub(super) fn documents(structure: &Structure<'_>) -> Vec<Document> {
    let mut documents = Vec::new();
    collect_documents(structure, DEEPEST_SIGNED, &mut documents);
    documents
}

fn collect_documents(structure: &Structure<'_>, deeper: u8, documents: &mut Vec<Document>) {
    for part in structure.parts.iter().filter(|part| !part.media.starts_with("multipart/")) {
        if let Some(deeper) = deeper.checked_sub(1).filter(|_| smime::is_cms(part))
            && let smime::Content::Signed(entity) = smime::content(part)
        {
            collect_documents(&structure::structure(&entity), deeper, documents);
            continue;
        }
        let name = part.name.as_deref().map(file_name).unwrap_or_default();
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        if DOCUMENTS.contains(&ending.as_str())
            && documents.len() < MOST_DOCUMENTS
            && let Some(bytes) = part.bytes().filter(|bytes| !bytes.is_empty())
        {
            documents.push(Document { name, bytes, loses: None });
        }
    }
}

/// The last component of a name, in one line: some programs send the whole path.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = last.replace(char::is_control, " ");
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// OpenPGP (RFC 3156): nothing in it can be read. Exchange turns the multipart into a mixed one, and
/// only the first of its parts still says what it was.
fn is_encrypted(part: &Part<'_>) -> bool {
    matches!(part.media.as_str(), "multipart/encrypted" | "application/pgp-encrypted")
}

struct Reader<'s> {
    structure: &'s Structure<'s>,
    lines: Vec<Line>,
    texts: usize,
    size: usize,
    is_reply: bool,
    /// A part stood where the text is that only the recipient's key opens.
    encrypted: bool,
    /// Signed contents are opened so often one in another.
    deeper: u8,
}

impl<'s> Reader<'s> {
    fn new(structure: &'s Structure<'s>, is_reply: bool, deeper: u8) -> Self {
        Self { structure, lines: Vec::new(), texts: 0, size: 0, is_reply, encrypted: false, deeper }
    }

    /// Reads part `index` and what it contains. The structure is at most as deep as its limit, so
    /// the recursion is too.
    fn read(&mut self, index: usize) {
        let Some(part) = self.structure.parts.get(index) else { return };
        // Some programs call the whole message an attachment, `smime.p7m`.
        if smime::is_cms(part) && self.texts == 0 {
            return self.read_cms(part);
        }
        if part.attached || self.texts >= MOST_TEXTS || self.size >= LONGEST {
            return;
        }
        match part.media.as_str() {
            _ if is_encrypted(part) => self.encrypted = true,
            "multipart/alternative" => self.read_alternative(index),
            "multipart/signed" | "multipart/related" => {
                // The first part is the text; the others sign it or are its pictures.
                if let Some(first) = self.children(index).first() {
                    self.read(*first);
                }
            }
            "multipart/digest" | "multipart/parallel" | "multipart/report" if part.parent.is_some() => {}
            media if media.starts_with("multipart/") => {
                for child in self.children(index) {
                    self.read(child);
                }
            }
            "text/html" if self.is_text(part, index) => {
                let lines = html::lines(&part.text().unwrap_or_default(), self.is_reply);
                self.add(lines);
            }
            "text/plain" if self.is_text(part, index) => {
                let lines = plain_lines(part);
                // A list manager adds its footer as a part of its own where it may not touch the text.
                if self.texts == 0 && !self.encrypted || !is_footer(&lines) {
                    self.add(lines);
                }
            }
            _ => {}
        }
    }

    /// Reads what a CMS object holds as if it stood in its place.
    fn read_cms(&mut self, part: &Part<'_>) {
        match (smime::content(part), self.deeper.checked_sub(1)) {
            (smime::Content::Signed(entity), Some(deeper)) => {
                let inner = structure::structure(&entity);
                let mut reader = Reader::new(&inner, self.is_reply, deeper);
                reader.read(0);
                self.encrypted |= reader.encrypted;
                if reader.texts > 0 {
                    self.add(reader.lines);
                }
            }
            (smime::Content::Encrypted, _) => self.encrypted = true,
            _ => {}
        }
    }

    /// A text that is shown, not a file: a file has a name. The message's only part is its text,
    /// whatever it is called.
    fn is_text(&self, part: &Part<'_>, index: usize) -> bool {
        index == 0 || part.name.is_none()
    }

    fn children(&self, index: usize) -> Vec<usize> {
        let parts = self.structure.parts.iter().enumerate();
        parts.filter(|(_, part)| part.parent == Some(index)).map(|(child, _)| child).collect()
    }

    fn add(&mut self, lines: Vec<Line>) {
        self.texts += 1;
        self.size += lines.iter().map(|line| line.text.len() + 1).sum::<usize>();
        if !self.lines.is_empty() {
            self.lines.push(Line::new("", 0));
        }
        self.lines.extend(lines);
    }

    /// The plain alternative, unless it is none: empty, a note that the mail is HTML, or without
    /// the marks of a quote that the HTML has.
    fn read_alternative(&mut self, index: usize) {
        let children = self.children(index);
        let of = |media: &str| {
            children.iter().copied().find(|child| {
                let part = &self.structure.parts[*child];
                part.media == media && !part.attached
            })
        };
        let html = of("text/html").or_else(|| {
            // The HTML stands in a multipart/related with its pictures, or in a mixed with files.
            let mut inner =
                children.iter().copied().filter(|child| self.structure.parts[*child].media.starts_with("multipart/"));
            inner.next_back()
        });
        let Some(plain) = of("text/plain") else {
            if let Some(html) = html.or(children.last().copied()) {
                self.read(html);
            }
            return;
        };
        let lines = plain_lines(&self.structure.parts[plain]);
        let Some(html) = html else {
            self.add(lines);
            return;
        };
        if is_stub(&lines) || (self.is_reply && !author::finds_earlier(&lines) && self.marks_quote(html)) {
            self.read(html);
        } else {
            self.add(lines);
        }
    }

    /// The HTML of part `index` says that another mail is quoted in it.
    fn marks_quote(&self, index: usize) -> bool {
        let html = std::iter::once(index)
            .chain(self.children(index))
            .find(|part| self.structure.parts[*part].media == "text/html");
        let Some(text) = html.and_then(|html| self.structure.parts[html].text()) else { return false };
        html::lines(&text, self.is_reply)
            .iter()
            .any(|line| line.mark == Mark::Earlier || line.depth > 0 && !line.is_blank())
    }
}

fn plain_lines(part: &Part<'_>) -> Vec<Line> {
    let is = |name: &str, value: &str| part.parameter(name).is_some_and(|given| given.eq_ignore_ascii_case(value));
    let flow = if is("format", "flowed") { Flow::Flowed { delete_space: is("delsp", "yes") } } else { Flow::Fixed };
    plain::lines(&part.text().unwrap_or_default(), flow)
}

/// Nothing, or a note that the mail is HTML.
fn is_stub(lines: &[Line]) -> bool {
    let mut written = lines.iter().filter(|line| !line.is_blank());
    match written.next() {
        None => true,
        Some(first) => written.take(5).count() < 5 && STUBS.found(first.text.trim_start()),
    }
}

/// A part of a few lines that says what a list's footer says.
fn is_footer(lines: &[Line]) -> bool {
    let written: Vec<&Line> = lines.iter().filter(|line| !line.is_blank()).take(13).collect();
    written.len() <= 12
        && (written.iter().any(|line| LIST_FOOTERS.found(&line.text))
            || written.first().is_some_and(|line| line.text.len() >= 10 && line.text.bytes().all(|byte| byte == b'_')))
}

/// The text of a clear-signed message (RFC 9580, section 7): the armour, its fields and the
/// signature taken off, the dash escapes undone.
fn without_armour(lines: Vec<Line>) -> Vec<Line> {
    let Some(begin) =
        lines.iter().position(|line| line.text == "-----BEGIN PGP SIGNED MESSAGE-----" && line.depth == 0)
    else {
        return lines;
    };
    let mut text: Vec<Line> = Vec::with_capacity(lines.len());
    let (mut in_fields, mut in_signature, mut signed) = (false, false, false);
    for (index, mut line) in lines.into_iter().enumerate() {
        match line.text.as_str() {
            _ if index == begin => (in_fields, signed) = (true, true),
            "-----BEGIN PGP SIGNATURE-----" if signed => in_signature = true,
            "-----END PGP SIGNATURE-----" if in_signature => (in_signature, signed) = (false, false),
            "" if in_fields => in_fields = false,
            _ if in_fields || in_signature => {}
            _ => {
                if signed && let Some(rest) = line.text.strip_prefix("- ") {
                    line.signature_mark = rest == "--";
                    line.text = rest.to_owned();
                    line.written = None;
                }
                text.push(line);
            }
        }
    }
    text
}
