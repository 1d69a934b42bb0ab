//! The quotes between the sender's lines. Who answers piece by piece names in none of them what it is
//! about: the quoted line above it does.

use super::super::lines::{Line, Mark};
use super::Own;
use crate::domain::Quoted;

/// The quotes that stand between the lines of the sender's text, as [`super::assemble`] counts them.
/// `all` has every quote of the mail; those that stand below all that is the sender's come last.
/// None, where the sender wrote nothing below a quote.
pub(super) fn between(own: &[Own<'_>], all: &[&[Line]]) -> Vec<Quoted> {
    let mut quotes = Vec::new();
    let mut above: Vec<&[Line]> = Vec::new();
    let (mut line, mut blank, mut seen) = (0, false, 0);
    for one in own {
        if let Some(quote) = one.quote() {
            above.push(quote);
            seen += 1;
        }
        if one.is_blank() || one.mark() == Mark::Rule {
            blank = true;
            continue;
        }
        line += if blank && line > 0 { 2 } else { 1 };
        blank = false;
        if !above.is_empty() {
            quotes.push(Quoted { above: line, text: text(&std::mem::take(&mut above)) });
        }
    }
    if quotes.is_empty() {
        return quotes;
    }
    // What was cut off below the sender's text took its quotes along.
    above.extend(all.iter().skip(seen));
    if !above.is_empty() {
        quotes.push(Quoted { above: line + 1, text: text(&above) });
    }
    quotes
}

/// The lines that are quoted as deep as the last one. What others wrote before or between divides
/// them as a blank line does.
fn text(quotes: &[&[Line]]) -> String {
    let written = |line: &&Line| line.depth > 0 && !line.is_blank();
    let lines = || quotes.iter().flat_map(|quote| quote.iter());
    let Some(depth) = lines().rev().find(written).map(|line| line.depth) else { return String::new() };
    let mut text = String::new();
    let mut divided = false;
    for quote in quotes {
        for line in quote.iter() {
            if line.depth != depth || line.is_blank() {
                divided = true;
                continue;
            }
            if !text.is_empty() {
                text.push_str(if divided { "\n\n" } else { "\n" });
            }
            text.push_str(&line.text);
            divided = false;
        }
        divided = true;
    }
    text
}
