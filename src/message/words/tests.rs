use proptest::prelude::*;
use regex::{Regex, RegexBuilder};

use super::fold::fold;
use super::{LISTS, Phrases, phrases};

/// The list as the pattern that says what its phrases mean.
fn pattern(how: &str, list: &str) -> Regex {
    let all = |open_end: &str| alternatives(list, open_end);
    let pattern = match how {
        "anywhere" => format!("(?:{})", all("")),
        "at_start" => format!(r"\A(?:{})", all(r"(?:[^\pL]|\z)")),
        "at_end" => format!(r"(?:{})\z", all("")),
        "prefix" => format!(r"\A\s*(?:\[[^\]]{{1,40}}\]\s*)*(?:{})\s*[:：]", all("")),
        "whole" => format!(r"\A(?:{})\z", all("")),
        other => panic!("{other}"),
    };
    RegexBuilder::new(&pattern).case_insensitive(true).size_limit(64 << 20).build().unwrap()
}

fn alternatives(list: &str, open_end: &str) -> String {
    let bounded = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let one = |phrase: &str| {
        let mut one = String::new();
        if bounded(phrase.chars().next()) {
            one.push_str(r"(?-u:\b)");
        }
        for c in phrase.chars() {
            match c {
                ' ' => one.push_str(r"\s+"),
                '\'' | '’' => one.push_str("['’´`]"),
                '*' => one.push_str(r"\w*"),
                c => one.push_str(&regex::escape(&c.to_string())),
            }
        }
        match phrase.chars().next_back() {
            last if bounded(last) => one.push_str(r"(?-u:\b)"),
            Some(last) if last.is_alphabetic() && (last as u32) < 0x0E00 => one.push_str(open_end),
            _ => {}
        }
        one
    };
    phrases(list).map(one).collect::<Vec<_>>().join("|")
}

/// A piece of a text: a phrase as it may be written, or what may stand around one.
fn piece(phrases: &'static [&'static str]) -> impl Strategy<Value = String> {
    let around = [
        "", " ", "  ", "\n", "\u{a0}", ":", " ：", ".", "'", "’", "[WG4] ", "[", "]", "_", "-", "0", "x", "s", "the ",
        "é", "я", "ς", "ſ", "\u{212a}", "ı", "İ", "年", "\u{301}", "\u{5b0}", "\u{200d}", "ⅷ", "٣", "—",
    ];
    prop_oneof![
        prop::sample::select(phrases).prop_map(str::to_owned),
        prop::sample::select(phrases).prop_map(str::to_uppercase),
        (prop::sample::select(phrases), 0..6_u8).prop_map(|(phrase, how)| match how {
            0 => phrase.replace(' ', "\n \u{3000}"),
            1 => phrase.replace(['\'', '’'], "´"),
            2 => phrase.replace('*', "ändern_3"),
            3 => phrase.replace(" * ", "  "),
            4 => phrase.chars().skip(1).collect(),
            _ => phrase.replace('s', "ſ").replace('k', "\u{212a}").replace('σ', "ς"),
        }),
        prop::sample::select(around.to_vec()).prop_map(str::to_owned),
    ]
}

fn all(of: &str) -> &'static [&'static str] {
    let (_, _, _, list) = LISTS.iter().find(|(name, ..)| *name == of).unwrap();
    phrases(list).collect::<Vec<_>>().leak()
}

#[test]
fn phrases_are_found_as_the_patterns_that_say_what_they_mean_find_them() {
    for (name, list, how, words) in LISTS {
        let pattern = pattern(how, words);
        let config = ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let texts = prop::collection::vec(piece(all(name)), 1..6).prop_map(|pieces| pieces.concat());
        let run = runner.run(&texts, |text| {
            prop_assert_eq!(list.end(&text), pattern.find(&text).map(|found| found.end()), "{}: {:?}", name, text);
            prop_assert_eq!(list.count(&text, 4), pattern.find_iter(&text).take(4).count(), "{}: {:?}", name, text);
            prop_assert_eq!(list.found(&text), pattern.is_match(&text), "{}: {:?}", name, text);
            Ok(())
        });
        run.unwrap();
    }
}

#[test]
fn every_phrase_begins_with_a_character_that_it_is_found_by() {
    for (name, _, how, list) in LISTS {
        for phrase in phrases(list) {
            assert!(!phrase.starts_with(['\'', '’', '*']), "{name}: {phrase}");
            assert!(*how != "prefix" || !phrase.starts_with('['), "{name}: {phrase} begins as a tag does");
            // An ending ends its word.
            assert!(
                phrase.split(' ').all(|word| word.find('*').is_none_or(|at| at + 1 == word.len())),
                "{name}: {phrase}"
            );
        }
    }
}

#[test]
fn case_is_what_it_is_to_patterns() {
    let cased: String = ('\0'..=char::MAX).filter(|c| c.to_lowercase().ne([*c]) || c.to_uppercase().ne([*c])).collect();
    let mut letters: Vec<char> = LISTS.iter().flat_map(|(_, _, _, list)| phrases(list)).flat_map(str::chars).collect();
    letters.sort_unstable();
    letters.dedup();
    for letter in letters.into_iter().filter(|c| c.is_alphabetic()) {
        let same = RegexBuilder::new(&letter.to_string()).case_insensitive(true).build().unwrap();
        let by_pattern: String = same.find_iter(&cased).map(|found| found.as_str()).collect();
        let by_fold: String = cased.chars().filter(|c| fold(*c) == fold(letter)).collect();
        assert_eq!(by_fold, by_pattern, "{letter}");
    }
}

#[test]
fn a_phrase_may_hold_any_word() {
    let list = Phrases::anywhere("received this * in error\n");
    for text in
        ["You have received this message in error.", "RECEIVED THIS  in error", "received this e_mail\nin error"]
    {
        assert!(list.found(text), "{text}");
    }
    for text in ["received this in error", "received this mail, in error", "received this long mail in error"] {
        assert!(!list.found(text), "{text}");
    }
}
