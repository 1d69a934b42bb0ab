//! HTML as tokens, in linear time whatever it holds. The reader of mails keeps its own, with the limits of a mail.

use std::borrow::Cow;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, TokenSink, Tokenizer, TokenizerOpts};

/// The HTML is given to the tokenizer in pieces of this many bytes.
const PIECE: usize = 1024;
/// What may stand between attributes, this many times in one tag, ends what is read: the tokenizer
/// compares each attribute with all before it.
const MOST_SEPARATORS: usize = 2_000;

/// Gives the tokens of an HTML text to a sink, in linear time: a tag of thousands of attributes ends
/// what is read. `tokens` says how many the sink has seen.
pub(super) fn feed<S: TokenSink>(html: &str, sink: S, tokens: impl Fn(&S) -> usize) -> S {
    let reader = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut rest, mut counted, mut separators) = (html, 0, 0);
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        input.push_back(StrTendril::from_slice(piece));
        // No sink here asks the tokenizer to wait for a script, so one call reads the piece.
        let _ = reader.feed(&input);
        let seen = tokens(&reader.sink);
        if seen > counted {
            (counted, separators) = (seen, 0);
        }
        separators += separators_in(piece);
        if separators > MOST_SEPARATORS {
            break;
        }
    }
    reader.end();
    reader.sink
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
pub(super) fn without_comments(html: &str) -> Cow<'_, str> {
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
