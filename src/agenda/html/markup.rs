//! What elements and their attributes mean.

use crate::html::Tag;

/// A style without white space, in lower case: `display:none;mso-hide:all`.
pub(super) fn lower_without_space(style: &str) -> String {
    style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

/// An element that begins on a line of its own; `title` and those after it are `DocBook`'s.
pub(super) fn is_block(name: &str) -> bool {
    is_table(name)
        || matches!(
            name,
            "p" | "div"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "ol"
                | "ul"
                | "li"
                | "dl"
                | "dt"
                | "dd"
                | "pre"
                | "blockquote"
                | "center"
                | "address"
                | "article"
                | "section"
                | "header"
                | "footer"
                | "main"
                | "nav"
                | "aside"
                | "figure"
                | "form"
                | "fieldset"
                | "body"
                | "html"
                | "title"
                | "para"
                | "itemizedlist"
                | "listitem"
                | "chapter"
                | "sect1"
                | "sect2"
                | "sect3"
        )
}

/// A part of a table.
pub(super) fn is_table(name: &str) -> bool {
    matches!(
        name,
        "table"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "informaltable"
            | "tgroup"
            | "row"
            | "entry"
    )
}

/// `h1` to `h6`, and the title of a part of a `DocBook` text.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "title")
}

/// Word's outline level, which is a heading's from 1 to 9.
pub(super) fn is_outlined(style: &str) -> bool {
    style.split(';').any(|declaration| {
        declaration.strip_prefix("mso-outline-level:").is_some_and(|level| level.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// What a reader of the page does not see, or does not take as the document's text.
pub(super) fn is_unread(tag: &Tag, style: &str) -> bool {
    let name = tag.name();
    // Word writes `del` for what a tracked change deleted, or a span of its own; what is struck through is no
    // longer meant.
    if matches!(
        name,
        "head"
            | "script"
            | "style"
            | "template"
            | "noscript"
            | "textarea"
            | "select"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "del"
            | "s"
            | "strike"
            | "xml"
            | "bookinfo"
    ) || tag.attribute("hidden").is_some()
    {
        return true;
    }
    let class = tag.attribute("class").unwrap_or_default();
    let is_note_mark = |class: &str| {
        matches!(class, "msoDel" | "MsoFootnoteReference" | "MsoEndnoteReference" | "MsoCommentReference")
            || matches!(class, "sdfootnoteanc" | "sdendnoteanc")
    };
    if class.split_whitespace().take(20).any(is_note_mark) {
        return true;
    }
    if name == "div" {
        let id = tag.attribute("id").unwrap_or_default();
        let title = tag.attribute("title").unwrap_or_default();
        if id.starts_with("sdfootnote") || id.starts_with("sdendnote") || matches!(title, "header" | "footer") {
            return true;
        }
    }
    style.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        match property {
            "display" => value.starts_with("none"),
            "visibility" => value.starts_with("hidden"),
            "text-decoration" | "text-decoration-line" => value.contains("line-through"),
            "mso-hide" => value.starts_with("all"),
            "mso-element" => {
                let kinds = ["header", "footer", "footnote-list", "endnote-list", "comment-list"];
                kinds.contains(&value)
            }
            _ => false,
        }
    })
}
