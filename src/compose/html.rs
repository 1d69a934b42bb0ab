//! A page as HTML.

use askama::Template;

use super::page::{Block, Page, WORD_LIMIT};

/// The page's template. askama escapes every value.
#[derive(Template)]
#[template(path = "page.html", config = "src/compose/askama.toml")]
struct Html<'a> {
    page: &'a Page,
}

/// A line in parts; those that are `true` are references, which a narrow screen must not break at their hyphens.
fn parts(line: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for word in line.split_inclusive(' ') {
        let reference = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_reference(reference)
            && let Some(offset) = word.find(reference)
        {
            parts.push((false, &line[start..at + offset]));
            parts.push((true, reference));
            start = at + offset + reference.len();
        }
        at += word.len();
    }
    parts.push((false, &line[start..]));
    parts
}

fn is_reference(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'#' | b'.');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() <= WORD_LIMIT && digits >= 2 && word.contains('-') && word.bytes().all(is_plain)
}

/// The page as HTML: styles inline, nothing from elsewhere.
pub(super) fn html(page: &Page) -> String {
    // Printing into a String cannot fail; without HTML, the text part still tells everything.
    Html { page }.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_whole_and_nothing_is_lost_of_a_line() {
        let line = "see (SEC-2014-0243R01), A-WG4-TP8-001; hop-by-hop 機-2014 x-1";
        let parts = parts(line);
        let whole: Vec<&str> = parts.iter().filter(|(is_whole, _)| *is_whole).map(|(_, part)| *part).collect();
        assert_eq!(whole, ["SEC-2014-0243R01", "A-WG4-TP8-001"]);
        assert_eq!(parts.iter().map(|(_, part)| *part).collect::<String>(), line);
    }
}
