//! Places at which a truth contradicts a bot's good, each with the reason.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// Lines of a case's text, and the reason.
type Place = (RangeInclusive<usize>, &'static str);

/// By the first digits of the case's digest.
static PLACES: LazyLock<HashMap<&str, Vec<Place>>> = LazyLock::new(|| {
    let mut places: HashMap<&str, Vec<_>> = HashMap::new();
    for row in include_str!("contradicted.txt").lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let (case, rest) = row.split_once(' ').expect("a row begins with a case");
        let (lines, reason) = rest.split_once(' ').expect("a row has lines and a reason");
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let number = |digits: &str| digits.parse().expect("a line has a number");
        places.entry(case).or_default().push((number(first)..=number(last), reason));
    }
    places
});

/// Why nothing that is planted beside this line of a case is counted.
pub fn reason(corpus: &str, id: &str, line: usize) -> Option<&'static str> {
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{corpus}/{id}")));
    let rows = PLACES.get(digest.get(..12)?)?;
    rows.iter().find(|(lines, _)| lines.contains(&line)).map(|(_, reason)| *reason)
}
