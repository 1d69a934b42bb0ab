//! HTML as tokens, in linear time whatever it holds: what the reader of mails and the reader of agendas share.
//!
//! Tokens are enough for both and keep a hostile text linear; a tree built by the rules of HTML can grow with the
//! square of its input.

use std::cell::Cell;
use std::convert::Infallible;

use html5gum::{Emitter, Error, Readable as _, Reader, State, StringReader, Tokenizer};

/// What a reader makes of a page, token by token.
pub(crate) trait Page {
    /// A `title` is the whole page's and holds no markup, as HTML says; it is a part's in `DocBook`.
    const HAS_ONE_TITLE: bool;

    /// Text, character references resolved: all that stands between two tags, where it is not raw.
    fn text(&mut self, text: &str);

    /// A tag that opens an element.
    fn start(&mut self, tag: &Tag);

    /// A tag that closes one; its name in lower case.
    fn end(&mut self, name: &str);
}

/// A tag of more attributes ends what is read: the tokenizer goes a call deeper with each that is quoted.
const MOST_ATTRIBUTES: usize = 64;

/// A tag.
#[derive(Debug, Default)]
pub(crate) struct Tag {
    /// The name, and each attribute's name and value, one after the other.
    bytes: Vec<u8>,
    /// Where the name ends.
    name: usize,
    attributes: Vec<Attribute>,
    /// It ends with `/>`.
    pub self_closing: bool,
}

/// Where an attribute stands in its tag's bytes.
#[derive(Debug)]
struct Attribute {
    name: usize,
    value: usize,
    end: usize,
}

impl Tag {
    /// The name, in lower case.
    pub fn name(&self) -> &str {
        self.part(0, self.name)
    }

    /// An attribute's value by its name in lower case; the first one's, where it is given twice.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let is_it = |of: &&Attribute| self.bytes.get(of.name..of.value) == Some(name.as_bytes());
        self.attributes.iter().find(is_it).map(|of| self.part(of.value, of.end))
    }

    /// The attributes as they are written, names in lower case.
    #[cfg(test)]
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|of| (self.part(of.name, of.value), self.part(of.value, of.end)))
    }

    /// What is told of it in pieces is all there, and the whole is of a text.
    fn part(&self, begin: usize, end: usize) -> &str {
        self.bytes.get(begin..end).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.attributes.clear();
        (self.name, self.self_closing) = (0, false);
    }
}

/// Reads an HTML text into a page, in linear time: a tag of too many attributes ends what is read.
pub(crate) fn read<P: Page>(html: &str, mut page: P) -> P {
    let too_many = &Cell::new(false);
    let (text, tag, opened) = (Vec::new(), Tag::default(), Vec::new());
    let tokens = Tokens { page: &mut page, text, tag, ends: false, opened, too_many };
    let text = Text { rest: html.to_reader(), too_many };
    let _ends_early: Result<(), TooMany> = Tokenizer::new_with_emitter(text, tokens).finish();
    page
}

#[derive(Debug, thiserror::Error)]
#[error("a tag has too many attributes")]
struct TooMany;

/// An HTML text that ends at a tag of too many attributes.
struct Text<'h> {
    rest: StringReader<'h>,
    too_many: &'h Cell<bool>,
}

impl Text<'_> {
    fn goes_on(&self) -> Result<(), TooMany> {
        if self.too_many.get() { Err(TooMany) } else { Ok(()) }
    }
}

impl Reader for Text<'_> {
    type Error = TooMany;

    fn read_byte(&mut self) -> Result<Option<u8>, TooMany> {
        self.goes_on()?;
        let Ok(byte) = self.rest.read_byte();
        Ok(byte)
    }

    fn read_until<'b>(&'b mut self, needle: &[u8], byte: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, TooMany> {
        self.goes_on()?;
        let Ok(text) = self.rest.read_until(needle, byte);
        Ok(text)
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, TooMany> {
        self.goes_on()?;
        let Ok(is_next) = self.rest.try_read_string(text, case_sensitive);
        Ok(is_next)
    }
}

/// What the tokenizer tells in pieces, put together for a page.
struct Tokens<'p, P> {
    page: &'p mut P,
    /// Text that no tag has ended yet. The pieces may end within a character.
    text: Vec<u8>,
    tag: Tag,
    /// The tag is one that closes an element.
    ends: bool,
    /// The name of the last tag that opened one: raw text goes on to the tag that closes it.
    opened: Vec<u8>,
    /// Set where the tag has too many attributes.
    too_many: &'p Cell<bool>,
}

impl<P: Page> Tokens<'_, P> {
    fn end_text(&mut self) {
        if !self.text.is_empty() {
            match str::from_utf8(&self.text) {
                Ok(text) => self.page.text(text),
                Err(_) => self.page.text(&String::from_utf8_lossy(&self.text)),
            }
            self.text.clear();
        }
    }

    fn begin_tag(&mut self, ends: bool) {
        self.end_text();
        self.tag.clear();
        self.ends = ends;
    }
}

impl<P: Page> Emitter for Tokens<'_, P> {
    type Token = Infallible;

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_error(&mut self, _: Error) {}

    fn emit_string(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn emit_eof(&mut self) {
        self.end_text();
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(true);
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.bytes.extend_from_slice(name);
        self.tag.name = self.tag.bytes.len();
    }

    fn init_attribute(&mut self) {
        self.too_many.set(self.tag.attributes.len() >= MOST_ATTRIBUTES);
        let at = self.tag.bytes.len();
        self.tag.attributes.push(Attribute { name: at, value: at, end: at });
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.tag.bytes.extend_from_slice(name);
        let end = self.tag.bytes.len();
        if let Some(attribute) = self.tag.attributes.last_mut() {
            (attribute.value, attribute.end) = (end, end);
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.tag.bytes.extend_from_slice(value);
        if let Some(attribute) = self.tag.attributes.last_mut() {
            attribute.end = self.tag.bytes.len();
        }
    }

    fn set_self_closing(&mut self) {
        self.tag.self_closing = true;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        if self.ends {
            self.page.end(self.tag.name());
            return None;
        }
        self.opened.clear();
        self.opened.extend_from_slice(self.tag.name().as_bytes());
        self.page.start(&self.tag);
        match self.tag.name() {
            "script" => Some(State::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(State::RawText),
            "title" if P::HAS_ONE_TITLE => Some(State::RcData),
            "textarea" => Some(State::RcData),
            _ => None,
        }
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.ends && !self.opened.is_empty() && self.opened == self.tag.name().as_bytes()
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.opened.clear();
        self.opened.extend_from_slice(name.unwrap_or_default());
    }

    // Comments and document types say nothing to a reader.
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn emit_current_comment(&mut self) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_force_quirks(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn emit_current_doctype(&mut self) {}
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use rstest::rstest;

    use super::*;

    /// The tokens as text.
    #[derive(Default)]
    struct Written(String);

    impl Page for Written {
        const HAS_ONE_TITLE: bool = true;

        fn text(&mut self, text: &str) {
            let _ = write!(self.0, "[{text}]");
        }

        fn start(&mut self, tag: &Tag) {
            let _ = write!(self.0, "<{}", tag.name());
            for (name, value) in tag.attributes() {
                let _ = write!(self.0, " {name}={value}");
            }
            self.0.push_str(if tag.self_closing { "/>" } else { ">" });
        }

        fn end(&mut self, name: &str) {
            let _ = write!(self.0, "</{name}>");
        }
    }

    fn tokens(html: &str) -> String {
        read(html, Written::default()).0
    }

    #[test]
    fn text_between_two_tags_is_one_whatever_stands_in_it() {
        assert_eq!(tokens("<P>a &amp; b\r\nc<!-- x -->d<\u{e9}e</P >"), "<p>[a & b\ncd<\u{e9}e]</p>");
    }

    #[test]
    fn attributes_are_told_as_written_and_the_first_of_two_counts() {
        assert_eq!(tokens("<a Href='x&amp;y' B href=z/>"), "<a href=x&y b= href=z/>");
        let tag = Tag { bytes: b"acb1b2".to_vec(), name: 1, attributes: Vec::new(), self_closing: false };
        assert_eq!((tag.name(), tag.attribute("b")), ("a", None));
        struct First(Option<String>);
        impl Page for First {
            const HAS_ONE_TITLE: bool = true;
            fn text(&mut self, _: &str) {}
            fn start(&mut self, tag: &Tag) {
                self.0 = tag.attribute("class").map(str::to_owned);
            }
            fn end(&mut self, _: &str) {}
        }
        assert_eq!(read("<p id=x class=one class=two>", First(None)).0.as_deref(), Some("one"));
    }

    #[test]
    fn raw_text_ends_with_its_own_tag() {
        assert_eq!(
            tokens("<style>p > a { } </p></style><script>'<!--<script>'</script>--></script><title><b>&lt;</title>x"),
            "<style>[p > a { } ][</p>]</style><script>['<!--<script>'</script>-->]</script><title>[<b><]</title>[x]"
        );
    }

    #[rstest]
    #[case("<p", " a=\"1\"")]
    #[case("</p", " a='1'")]
    #[case("<p", " a")]
    #[case("<p a=\"", "\" a=\"")]
    fn a_tag_of_too_many_attributes_ends_what_is_read(#[case] begin: &str, #[case] attribute: &str) {
        assert_eq!(tokens(&format!("x{begin}{}>y", attribute.repeat(100_000))), "[x]");
        assert!(tokens(&format!("x{begin}{}\">y", attribute.repeat(MOST_ATTRIBUTES - 1))).ends_with(">[y]"));
    }
}
