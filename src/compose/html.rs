//! A page as HTML.

use askama::Template;

use super::page::{Block, Page};

/// The page's template. askama escapes every value.
#[derive(Template)]
#[template(path = "page.html", config = "src/compose/askama.toml")]
struct Html<'a> {
    page: &'a Page,
}

/// The page as HTML: styles inline, nothing from elsewhere.
pub(super) fn html(page: &Page) -> String {
    // Printing into a String cannot fail; without HTML, the text part still tells everything.
    Html { page }.render().unwrap_or_default()
}
