//! A page of the site as HTML.

use std::sync::LazyLock;

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::chart::Chart;

/// The style of every page.
const CSS: &str = include_str!("../site.css");

/// What a browser may load: this very style and nothing else, from nowhere.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64.encode(&Sha256::digest(CSS));
    format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'")
});

/// A page.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// Its file's name.
    pub(super) file: String,
    /// Its heading.
    pub(super) heading: String,
    /// What is said below it.
    pub(super) lead: Vec<Line>,
    /// Its parts.
    pub(super) sections: Vec<Section>,
}

/// What all pages have in common.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The language's tag.
    pub(super) language: &'static str,
    /// The group's name.
    pub(super) group: String,
    /// "Skip to the content".
    pub(super) skip: String,
    /// The names of the two lists of links.
    pub(super) pages: String,
    pub(super) contents: String,
    /// Pages that every page links to: file and name.
    pub(super) links: Vec<(&'static str, String)>,
    /// The line at the foot.
    pub(super) footer: String,
}

/// A part of a page, with a heading.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// What it is linked by, once on its page.
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) parts: Vec<Part>,
}

/// What a section holds.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Paragraph(Line),
    /// A heading below the section's: what it is linked by, and its text.
    Heading(String, String),
    /// Names with values.
    Facts(Vec<(String, Vec<Line>)>),
    Table(Table),
    Chart(Chart),
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// The class of tables whose columns are as wide as each other's; none of one that is alone.
    pub(super) kind: &'static str,
    /// The heading that names it, by its id.
    pub(super) named_by: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    #[allow(clippy::trivially_copy_pass_by_ref)] // As askama calls it.
    fn column(&self, at: &usize) -> &str {
        self.columns.get(*at).map(String::as_str).unwrap_or_default()
    }
}

/// A row of a table. Its first cell is what the row is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// It needs attention.
    pub(super) is_late: bool,
    pub(super) cells: Vec<Cell>,
}

/// A cell: lines, or a bar of so many percent.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Lines(Vec<Line>),
    Bar(u8),
}

impl Cell {
    pub(super) fn one(line: impl Into<Line>) -> Self {
        Self::Lines(vec![line.into()])
    }
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    pub(super) spans: Vec<Span>,
}

/// Part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) text: String,
    /// Where it leads.
    pub(super) href: Option<String>,
    pub(super) tone: Tone,
}

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    /// Less than the others.
    Soft,
    /// It needs attention.
    Late,
}

impl Span {
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), href: None, tone: Tone::Plain }
    }

    pub(super) fn link(text: &str, href: &str) -> Self {
        Self { href: Some(href.to_owned()), ..Self::plain(text) }
    }

    const fn class(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "",
            Tone::Soft => "soft",
            Tone::Late => "late",
        }
    }
}

impl Line {
    pub(super) fn of(text: String) -> Self {
        Self::from(Span { text, href: None, tone: Tone::Plain })
    }

    pub(super) fn toned(text: String, tone: Tone) -> Self {
        Self::from(Span { text, href: None, tone })
    }

    pub(super) fn push(&mut self, span: Span) {
        if !span.text.is_empty() {
            self.spans.push(span);
        }
    }

    /// Adds what stands behind it.
    pub(super) fn and(mut self, span: Option<Span>) -> Self {
        if let Some(span) = span {
            self.push(Span::plain(" "));
            self.push(span);
        }
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

impl From<Span> for Line {
    fn from(span: Span) -> Self {
        let mut line = Self::default();
        line.push(span);
        line
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::of(text)
    }
}

/// The template. askama escapes every value but the style, which is ours.
#[derive(Template)]
#[template(path = "site.html", config = "src/compose/askama.toml")]
struct Html<'a> {
    page: &'a Page,
    frame: &'a Frame,
    css: &'static str,
    policy: &'a str,
}

/// The page as HTML.
pub(super) fn html(page: &Page, frame: &Frame) -> String {
    // Printing into a String cannot fail.
    Html { page, frame, css: CSS, policy: &POLICY }.render().unwrap_or_default()
}
