//! How much is left, as pictures that need no image: a bar of where contributions stand, and columns of how many action
//! items were open. Every number stands in words beside its colour, and plain text has the words.

use crate::decide::{Digest, OpenAt};
use crate::domain::Text;

use super::Catalogue;
use super::page::Block;

/// The height of the highest column, in pixels.
const HIGHEST: usize = 48;

/// The eighths of a line that text draws a column of.
const EIGHTHS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A part of the bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// `6 agreed`.
    pub(super) label: String,
    /// What of the bar's width it takes, in percent.
    pub(super) percent: usize,
    /// How it is drawn.
    pub(super) tone: Tone,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The number above it.
    pub(super) count: usize,
    /// Its height, in pixels.
    pub(super) height: usize,
    /// The day below it.
    pub(super) day: String,
}

/// What a colour means. All have a contrast of 3 to 1 at least against the page, light and dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Decided as its sources wished.
    Good,
    /// Over in another way.
    Over,
    /// It waits for somebody.
    Waits,
    /// Nothing is decided yet.
    Open,
}

impl Tone {
    fn of(word: &str) -> Self {
        match word {
            "agreed" | "endorsed" | "approved" => Self::Good,
            "open" => Self::Open,
            "offline" | "postponed" | "not treated" => Self::Waits,
            _ => Self::Over,
        }
    }

    /// The class by which the dark colours know it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Over => "over",
            Self::Waits => "waits",
            Self::Open => "open",
        }
    }

    /// Its colour on a light page.
    pub(super) const fn colour(self) -> &'static str {
        match self {
            Self::Good => "#1a7f37",
            Self::Over => "#6b7480",
            Self::Waits => "#9a6700",
            Self::Open => "#0b57d0",
        }
    }
}

/// The pictures of a digest, as far as it has numbers for them.
pub(super) fn pictures(digest: &Digest, catalogue: &Catalogue) -> Vec<Block> {
    bar(&digest.standing, catalogue).into_iter().chain(columns(&digest.weeks, catalogue)).collect()
}

fn bar(standing: &[(String, usize)], catalogue: &Catalogue) -> Option<Block> {
    let all: usize = standing.iter().map(|(_, count)| count).sum();
    let part = |(word, count): &(String, usize)| Part {
        label: format!("{count} {word}"),
        percent: (count * 100 / all.max(1)).max(1),
        tone: Tone::of(word),
    };
    let title = catalogue.say(&Text::new("state-contributions").with("count", all));
    let parts: Vec<Part> = standing.iter().map(part).collect();
    let labels: Vec<&str> = parts.iter().map(|part| part.label.as_str()).collect();
    let told = catalogue.say(&Text::new("state-of-these").with("stands", labels.join(", ")));
    (all > 0).then_some(Block::Bar { title, told, parts })
}

fn columns(weeks: &[OpenAt], catalogue: &Catalogue) -> Option<Block> {
    let first = weeks.first()?;
    let most = weeks.iter().map(|at| at.count).max()?.max(1);
    let column = |at: &OpenAt| {
        let month: String = catalogue.name("month-", &at.day.month().to_string()).chars().take(3).collect();
        // What is there is seen, however little it is.
        let height = (at.count * HIGHEST / most).max(1);
        Column { count: at.count, height, day: format!("{} {month}", at.day.day()) }
    };
    let title = catalogue.say(&Text::new("state-weeks").with("first", first.day));
    Some(Block::Columns { title, columns: weeks.iter().map(column).collect() })
}

/// The columns in one line of text: `▄ 6  █ 12`.
pub(super) fn drawn(columns: &[Column]) -> String {
    let eighth = |height: usize| EIGHTHS.get((height * EIGHTHS.len()).div_ceil(HIGHEST).saturating_sub(1));
    let drawn = columns.iter().map(|column| match eighth(column.height).filter(|_| column.count > 0) {
        Some(eighth) => format!("{eighth} {}", column.count),
        None => format!("- {}", column.count),
    });
    drawn.collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_drawn_as_high_as_it_is_of_the_highest() {
        let column = |count: usize, most: usize| Column { count, height: count * HIGHEST / most, day: String::new() };
        let columns: Vec<Column> = [0, 1, 4, 8].map(|count| column(count, 8)).to_vec();
        assert_eq!(drawn(&columns), "- 0  ▁ 1  ▄ 4  █ 8");
    }
}
