//! HTML as tokens, in linear time whatever it holds: what the reader of mails and the reader of agendas share.
//!
//! Tokens are enough for both and keep a hostile text linear; a tree built by the rules of HTML can grow with the
//! square of its input.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// What a reader makes of a page, token by token.
pub(crate) trait Page {
    /// A `title` is the whole page's and holds no markup, as HTML says; it is a part's in `DocBook`.
    const HAS_ONE_TITLE: bool;

    /// Text, character references resolved.
    fn text(&mut self, text: &str);

    /// A tag that opens an element.
    fn start(&mut self, tag: &Tag);

    /// A tag that closes one.
    fn end(&mut self, name: &LocalName);
}

/// The HTML is given to the tokenizer in pieces of this many bytes.
const PIECE: usize = 1024;
/// What may stand between attributes, this many times in one tag, ends what is read: the tokenizer
/// compares each attribute with all before it.
const MOST_SEPARATORS: usize = 2_000;

/// Reads an HTML text, without its comments, into a page in linear time: a tag of thousands of attributes ends
/// what is read.
pub(crate) fn read<P: Page>(html: &str, page: P) -> P {
    let html = without_comments(html);
    let reader = Tokenizer::new(Sink { page: RefCell::new(page), tokens: Cell::new(0) }, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut counted, mut separators) = (&*html, 0, 0);
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        input.push_back(StrTendril::from_slice(piece));
        // The sink never asks the tokenizer to wait for a script, so one call reads the piece.
        let _ = reader.feed(&input);
        let seen = reader.sink.tokens.get();
        if seen > counted {
            (counted, separators) = (seen, 0);
        }
        separators += separators_in(piece);
        if separators > MOST_SEPARATORS {
            break;
        }
    }
    reader.end();
    reader.sink.page.into_inner()
}

/// A page, and how many tokens it has seen.
struct Sink<P> {
    page: RefCell<P>,
    tokens: Cell<usize>,
}

impl<P: Page> TokenSink for Sink<P> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        self.tokens.set(self.tokens.get() + usize::from(!matches!(token, Token::ParseError(_))));
        match token {
            Token::CharacterTokens(text) => page.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                page.start(&tag);
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" if P::HAS_ONE_TITLE => TokenSinkResult::RawData(RawKind::Rcdata),
                    "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => page.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How many bytes may stand between attributes. No branches: many are looked at at once.
fn separators_in(piece: &str) -> usize {
    let is = |byte: u8| {
        (byte == b' ')
            | (byte.wrapping_sub(b'\t') < 2)
            | (byte.wrapping_sub(0x0c) < 2)
            | (byte == b'/')
            | (byte == b'"')
            | (byte == b'\'')
    };
    let in_block = |block: &[u8]| usize::from(block.iter().map(|byte| u8::from(is(*byte))).sum::<u8>());
    piece.as_bytes().chunks(128).map(in_block).sum()
}

/// The HTML without its comments, which Word fills with more than the text. One that never ends
/// is left to the tokenizer: it may stand in a style sheet and be none.
fn without_comments(html: &str) -> Cow<'_, str> {
    let mut rest = html;
    let mut kept = String::new();
    while let Some(begin) = rest.find("<!--")
        && let Some(length) = rest[begin + 2..].find("-->")
    {
        kept.push_str(&rest[..begin]);
        rest = &rest[begin + 2 + length + 3..];
    }
    if rest.len() == html.len() {
        return Cow::Borrowed(html);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn separators_are_counted_as_one_by_one(piece in "[ -~\\t\\n\\r\\x0b\\x0cé]{0,300}") {
            let is = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
            prop_assert_eq!(separators_in(&piece), piece.bytes().filter(is).count());
        }
    }
}
