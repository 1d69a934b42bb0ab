//! What elements and their attributes mean: which text is seen, which is quoted, and what mail
//! programs mark.

use std::sync::LazyLock;

use crate::html::Tag;

use super::super::lines::Mark;
use super::super::words::phrases;

/// It styles text within a line.
pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "i"
            | "u"
            | "em"
            | "strong"
            | "font"
            | "span"
            | "small"
            | "big"
            | "code"
            | "tt"
            | "sub"
            | "sup"
            | "s"
            | "strike"
            | "o:p"
            | "label"
            | "abbr"
            | "mark"
    )
}

/// The style without white space, in lower case: `display:none;max-height:0`; empty where there is none.
pub(super) fn style(tag: &Tag) -> String {
    let written = tag.attribute("style").unwrap_or_default();
    let mut style = String::with_capacity(written.len());
    style.extend(written.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()));
    style
}

/// The declarations of the style attribute, in lower case, `!important` left off.
pub(super) fn declarations(tag: &Tag) -> impl Iterator<Item = (String, String)> {
    tag.attribute("style").unwrap_or_default().split(';').filter_map(|declaration| {
        let (property, value) = declaration.split_once(':')?;
        let value = value.trim().to_ascii_lowercase();
        let value =
            value.strip_suffix("important").and_then(|value| value.trim_end().strip_suffix('!')).unwrap_or(&value);
        Some((property.trim().to_ascii_lowercase(), value.trim_end().to_owned()))
    })
}

/// A length or number that nothing can be read in: zero, or with a unit about one pixel.
fn is_tiny(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let most = match value.get(number.len()..).unwrap_or_default() {
        "px" | "pt" => 1.0,
        "em" | "rem" => 0.1,
        "%" => 10.0,
        _ => 0.0,
    };
    !number.is_empty() && number.parse::<f32>().is_ok_and(|number| number <= most)
}

/// A length so far below zero that it is off any page.
fn is_far_out(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    value.starts_with('-') && number.parse::<f32>().is_ok_and(|number| number <= -500.0)
}

/// Text that a reader would not see, or sees struck out: what mail is preheadered, tracked and
/// attacked with, and what its author takes back.
pub(super) fn is_hidden(tag: &Tag, style: &str) -> bool {
    let name = tag.name();
    if matches!(
        name,
        "head"
            | "script"
            | "style"
            | "title"
            | "template"
            | "noscript"
            | "textarea"
            | "select"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "audio"
            | "video"
            | "noembed"
            | "noframes"
            // Struck out: what its author takes back.
            | "s"
            | "strike"
            | "del"
    ) {
        return true;
    }
    if tag.attribute("hidden").is_some() || tag.attribute("aria-hidden") == Some("true") && name != "a" {
        return true;
    }
    style.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        let value = value.trim_end_matches("!important");
        match property {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "mso-hide" => value == "all",
            "opacity" => value.parse::<f32>().is_ok_and(|opacity| opacity <= 0.1) || is_tiny(value),
            "font-size" | "max-height" | "max-width" => is_tiny(value),
            "font" => value.split('/').next().is_some_and(is_tiny),
            "height" | "width" => is_tiny(value) && style.contains("overflow:hidden"),
            "text-indent" | "left" | "top" | "right" | "bottom" | "margin-left" | "margin-top" => is_far_out(value),
            "clip" => {
                let sides = value.strip_prefix("rect(").and_then(|sides| sides.strip_suffix(')'));
                sides.is_some_and(|sides| sides.split(',').all(|side| is_tiny(side) && !side.starts_with('-')))
            }
            "text-decoration" | "text-decoration-line" => value.contains("line-through"),
            "clip-path" => matches!(value, "inset(100%)" | "inset(50%)" | "circle(0)"),
            "transform" => value.contains("scale(0)") || value.contains("scale(0,0)"),
            _ => false,
        }
    })
}

/// White space in it is kept as written.
pub(super) fn keeps_space(style: &str) -> bool {
    style.contains("white-space:pre")
}

/// A blockquote that only indents, as the "increase indent" button of mail programs makes it.
pub(super) fn is_indent(tag: &Tag, style: &str) -> bool {
    let quote = tag.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite"))
        || tag.attribute("cite").is_some()
        || tag.attribute("class").is_some_and(|class| class.contains("quote"));
    !quote && style.contains("border:none") && style.contains("0040px")
}

/// A vertical line is drawn left of the text, and none on another side: so webmail and apps draw a
/// quote that they do not call one. A table's cell has more lines.
pub(super) fn is_beside_line(style: &str) -> bool {
    let (mut line, mut padding, mut others) = (false, false, false);
    for (property, value) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
        match property {
            "border-left" | "border-left-style" => line |= value.contains("solid"),
            "padding-left" => padding |= !value.starts_with('0'),
            "border" | "border-top" | "border-right" | "border-bottom" => others |= value.contains("solid"),
            _ => {}
        }
    }
    line && padding && !others
}

/// What an element's ids, classes and style mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Quote,
    Mark(Mark),
}

/// A row of `words/html_marks.txt`.
struct Known {
    attribute: &'static str,
    value: String,
    open: bool,
    meaning: Meaning,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut columns = line.split_whitespace();
        let (attribute, value, meaning) = (columns.next()?, columns.next()?, columns.next()?);
        let meaning = match meaning {
            "quote" => Meaning::Quote,
            "earlier" => Meaning::Mark(Mark::Earlier),
            "attribution" => Meaning::Mark(Mark::Attribution),
            "signature" => Meaning::Mark(Mark::Signature),
            _ => return None,
        };
        let stem = value.strip_suffix('*');
        Some(Known { attribute, value: stem.unwrap_or(value).to_lowercase(), open: stem.is_some(), meaning })
    };
    phrases(include_str!("../words/html_marks.txt")).filter_map(row).collect()
});

/// What mail programs mark by this element.
pub(super) fn meaning(tag: &Tag, style: &str) -> Option<Meaning> {
    for name in ["id", "class", "data-marker", "name"] {
        let Some(value) = tag.attribute(name) else { continue };
        for word in value.split_whitespace().take(20) {
            let word = word.to_lowercase();
            let word = word.strip_prefix("x_").or_else(|| word.strip_prefix("ecx")).unwrap_or(&word);
            // Most begin otherwise, which is seen at once.
            let begins = |known: &&Known| known.value.as_bytes().first() == word.as_bytes().first();
            let known = KNOWN.iter().filter(begins).find(|known| {
                known.attribute == name && if known.open { word.starts_with(&known.value) } else { word == known.value }
            });
            if let Some(known) = known {
                return Some(known.meaning);
            }
        }
    }
    // Outlook draws a line above the header block of the mail it answers, in no other place.
    (style.contains("border:none") && style.contains("border-top:solid") && style.contains("padding:3"))
        .then_some(Meaning::Mark(Mark::Earlier))
}
