//! The words of every text that is told, by language: Fluent files, compiled in.
//!
//! A second language is a second file in `texts/` and a line in `SOURCES`. In a text, besides what
//! Fluent itself offers:
//! - `DATE($due)` prints an ISO date in words and leaves anything else (`TP11`) as it is;
//! - `STATUS($status)`, `FIELD($field)`, `PRIORITY($priority)`, `ROLE($role)` print the text
//!   `status-…`, `field-…` and so on, or the value itself where there is none;
//! - `OR($to, "nobody")` prints the value, or the second text where the value is `-` or empty, which
//!   is how the source says that there is none. A text chooses by it, too: Fluent's own selectors
//!   cannot name `-` (`{ OR($due, "none") -> [none] … *[other] … }`);
//! - a whole number is a number, so that `{ $count -> [one] … *[other] … }` chooses by plural.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{dates, examples, wrap};
use crate::domain::{ReferenceScheme, Text};

/// Every language: its tag (BCP 47) and its file.
pub(super) const SOURCES: [(&str, &str); 1] = [("en", include_str!("texts/en.ftl"))];

/// Functions of the texts that name a value of a closed set, and the keys' prefix of those names.
const NAMING: [(&str, &str); 4] =
    [("STATUS", "status-"), ("FIELD", "field-"), ("PRIORITY", "priority-"), ("ROLE", "role-")];

static CATALOGUES: LazyLock<Vec<Catalogue>> =
    LazyLock::new(|| SOURCES.iter().map(|(language, source)| Catalogue::new(language, source, "")).collect());

/// Catalogues with the examples of groups that do not write as oneM2M's do, by language and examples. There
/// are as many as the configuration has such groups, and they are kept.
static OF_GROUPS: Mutex<Vec<(&'static str, String, &'static Catalogue)>> = Mutex::new(Vec::new());

/// Every text in one language.
pub struct Catalogue {
    language: &'static str,
    bundle: FluentBundle<FluentResource>,
    /// Texts without arguments by key: the names of statuses, fields, months.
    names: Arc<HashMap<String, String>>,
}

impl Catalogue {
    /// The catalogue of a language (`en`), where there is one.
    #[must_use]
    pub fn get(language: &str) -> Option<&'static Self> {
        CATALOGUES.iter().find(|catalogue| catalogue.language.eq_ignore_ascii_case(language))
    }

    /// The catalogue of a group's language, with references in its examples as the group writes them.
    #[must_use]
    pub fn of(language: &str, scheme: &ReferenceScheme) -> Option<&'static Self> {
        let usual = Self::get(language)?;
        let terms = examples::terms(scheme);
        let (_, source) = SOURCES.iter().find(|(language, _)| *language == usual.language)?;
        if source.contains(&terms) {
            return Some(usual);
        }
        let mut made = OF_GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().find(|(language, of, _)| *language == usual.language && *of == terms);
        if let Some((_, _, known)) = known {
            return Some(known);
        }
        let own: &'static Self = Box::leak(Box::new(Self::new(usual.language, source, &terms)));
        made.push((usual.language, terms, own));
        Some(own)
    }

    /// The languages there are, by tag (BCP 47).
    pub fn languages() -> impl Iterator<Item = &'static str> {
        SOURCES.iter().map(|(language, _)| *language)
    }

    /// The language's tag (BCP 47).
    #[must_use]
    pub const fn language(&self) -> &'static str {
        self.language
    }

    /// The text in words. Arguments are printed in one line, without control characters; line
    /// breaks are the catalogue's own. A key or an argument that is missing gives a text that
    /// names the key and the arguments.
    #[must_use]
    pub fn say(&self, text: &Text) -> String {
        let Some(pattern) = self.bundle.get_message(&text.key).and_then(|message| message.value()) else {
            return bare(text);
        };
        let mut arguments = FluentArgs::with_capacity(text.arguments.len());
        for (name, value) in &text.arguments {
            arguments.set(name.as_str(), argument(value));
        }
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if errors.is_empty() { said } else { bare(text) }
    }

    /// The name of a value of a closed set (`status-`, `to be confirmed`), or the value itself.
    pub(super) fn name(&self, prefix: &str, value: &str) -> String {
        name(&self.names, prefix, value)
    }

    /// The texts of `source`, with terms of their own.
    fn new(language: &'static str, source: &str, terms: &str) -> Self {
        // What does not parse is left out and falls back to the key; a test holds that all parses.
        let read = |text: &str| FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let locale = language.parse::<LanguageIdentifier>().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks (U+2068) would stand in every text that people copy from.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(read(source));
        bundle.add_resource_overriding(read(terms));
        let names = Arc::new(names(&bundle, &keys(source)));
        for (function, prefix) in NAMING {
            let names = Arc::clone(&names);
            // Fails only where the name is taken, and these are all different.
            let _ = bundle.add_function(function, move |positional, _| match positional {
                [FluentValue::String(value), ..] => name(&names, prefix, value).into(),
                [value, ..] => value.clone().into_owned(),
                [] => FluentValue::Error,
            });
        }
        let _ = bundle.add_function("OR", |positional, _| match positional {
            [FluentValue::String(value), otherwise, ..] if matches!(value.as_ref(), "" | "-") => {
                otherwise.clone().into_owned()
            }
            [value, ..] => value.clone().into_owned(),
            [] => FluentValue::Error,
        });
        let months = Arc::clone(&names);
        let _ = bundle.add_function("DATE", move |positional, _| match positional {
            [FluentValue::String(value), ..] => dates::said(&months, value).unwrap_or_else(|| value.to_string()).into(),
            [value, ..] => value.clone().into_owned(),
            [] => FluentValue::Error,
        });
        Self { language, bundle, names }
    }

    pub(super) fn names(&self) -> &HashMap<String, String> {
        &self.names
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("language", &self.language).finish_non_exhaustive()
    }
}

/// The keys of a file's messages, in order: Fluent's identifiers begin in the first column.
pub(super) fn keys(source: &str) -> Vec<String> {
    source
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()))
        .filter_map(|line| line.split_once('='))
        .map(|(key, _)| key.trim().to_owned())
        .collect()
}

fn names(bundle: &FluentBundle<FluentResource>, keys: &[String]) -> HashMap<String, String> {
    keys.iter()
        .filter_map(|key| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let name = bundle.format_pattern(pattern, None, &mut errors).into_owned();
            errors.is_empty().then(|| (key.clone(), name))
        })
        .collect()
}

fn name(names: &HashMap<String, String>, prefix: &str, value: &str) -> String {
    let key = format!("{prefix}{}", value.replace([' ', '_'], "-"));
    names.get(&key).cloned().unwrap_or_else(|| value.to_owned())
}

/// A value as Fluent sees it. Only what is written as a whole number is one: `0243` and `1e5` are
/// texts, and must be printed as they are.
fn argument(value: &str) -> FluentValue<'static> {
    match value.parse::<i32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(wrap::clean(value)),
    }
}

/// What is said where there is no text: nothing that was to be told is lost.
fn bare(text: &Text) -> String {
    let arguments: Vec<String> =
        text.arguments.iter().map(|(name, value)| format!("{name}: {}", wrap::clean(value))).collect();
    match arguments.as_slice() {
        [] => text.key.clone(),
        _ => format!("{} ({})", text.key, arguments.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("DATE($v)", "2014-06-02", "2 June 2014")]
    #[case("DATE($v)", "TP11", "TP11")]
    #[case("DATE($v)", "2014-06-09 15:45-17:00 S1 TITLE", "Monday, 9 June 2014, 15:45 to 17:00: S1 TITLE")]
    #[case("DATE($v)", "2014-06-09 15:45-17:00 [Room 2] S1", "Monday, 9 June 2014, 15:45 to 17:00: S1 (Room 2)")]
    #[case("STATUS($v)", "to be confirmed", "done, to be confirmed")]
    #[case("FIELD($v)", "paused_until", "paused until")]
    #[case("FIELD($v)", "unheard of", "unheard of")]
    #[case("PRIORITY($v)", "high", "high priority")]
    #[case("ROLE($v)", "vice-chair", "vice-chair")]
    #[case("OR($v, \"nobody\")", "-", "nobody")]
    #[case("OR($v, \"nobody\")", "", "nobody")]
    #[case("OR($v, \"nobody\")", "Lead Gemalto", "Lead Gemalto")]
    #[case("OR(PRIORITY($v), \"none\")", "high", "high priority")]
    #[case("OR(STATUS(DATE($v)), \"empty\")", "2014-06-02", "2 June 2014")]
    #[case("OR(STATUS(DATE($v)), \"empty\")", "to be confirmed", "done, to be confirmed")]
    #[case("OR(STATUS(DATE($v)), \"empty\")", "7", "7")]
    #[case("OR(STATUS(DATE($v)), \"empty\")", "-", "empty")]
    #[case("$v", "0243", "0243")]
    #[case("$v", "1e5", "1e5")]
    #[case("$v", "7", "7")]
    #[case("$v", "two\r\nlines\u{1b}", "two lines")]
    #[case("$v", "{ $v } \u{2068}", "{ $v }")]
    fn an_argument_is_printed_by_its_function(#[case] placeable: &str, #[case] value: &str, #[case] expected: &str) {
        let source = format!("{}\ntext = {{ {placeable} }}\n", SOURCES[0].1);
        let catalogue = Catalogue::new("en", &source, "");
        assert_eq!(catalogue.say(&Text::new("text").with("v", value)), expected);
    }

    #[rstest]
    #[case(1, "7 lines: 6 done, 1 needs your attention.")]
    #[case(2, "7 lines: 5 done, 2 need your attention.")]
    #[case(0, "7 lines: 7 done, none refused.")]
    fn a_number_chooses_its_plural(#[case] attention: usize, #[case] expected: &str) {
        let text = Text::new("mail-counts").with("lines", 7).with("fine", 7 - attention).with("attention", attention);
        assert_eq!(Catalogue::get("en").unwrap().say(&text), expected);
    }

    #[test]
    fn a_missing_key_or_argument_is_told_by_name() {
        let catalogue = Catalogue::get("en").unwrap();
        assert_eq!(catalogue.say(&Text::new("no-such").with("item", "A-1\n")), "no-such (item: A-1)");
        assert_eq!(catalogue.say(&Text::new("no-such")), "no-such");
        assert_eq!(catalogue.say(&Text::new("mail-undo").with("code", "x")), "mail-undo (code: x)");
    }

    #[test]
    fn languages_are_found_by_their_tag() {
        assert_eq!(Catalogue::languages().collect::<Vec<_>>(), ["en"]);
        assert_eq!(Catalogue::get("EN").map(Catalogue::language), Some("en"));
        assert!(Catalogue::get("tlh").is_none());
    }
}
