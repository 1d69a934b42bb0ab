//! Holds the texts and the source together: every key that is used is in every language, every key
//! that is there is used, and each text gets its arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

use super::catalogue::{SOURCES, keys};
use crate::command;
use crate::domain::{ActionField, ContributionField, MemberField, Priority, Role, Status};

/// The library's source by file, without tests.
fn source() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let tests = Regex::new(r"#\[cfg\(test\)\]\s+mod \w+ \{").unwrap();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                folders.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" && name != "keys.rs" {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = tests.split(&text).next().unwrap().to_owned();
                files.insert(path, code);
            }
        }
    }
    files
}

/// The keys that are made from the values of a closed set.
fn named() -> BTreeSet<String> {
    let slug = |prefix: &str, value: &str| format!("{prefix}{}", value.replace([' ', '_'], "-"));
    let statuses = Status::ALL.map(|status| slug("status-", status.as_str()));
    let priorities =
        [Priority::High, Priority::Medium, Priority::Low].map(|priority| slug("priority-", &priority.to_string()));
    let roles = [Role::Chair, Role::ViceChair, Role::Secretary].map(|role| slug("role-", &role.to_string()));
    let fields = (ActionField::ALL.iter().map(|field| field.as_str()))
        .chain(ContributionField::ALL.iter().map(|field| field.as_str()))
        .chain(MemberField::ALL.iter().map(|field| field.as_str()))
        .chain(["plenary", "start", "end", "place", "deadline", "cancelled", "session"])
        .map(|field| slug("field-", field));
    let days = (1..=12).map(|month| format!("month-{month}")).chain((1..=7).map(|day| format!("weekday-{day}")));
    statuses.into_iter().chain(priorities).chain(roles).chain(fields).chain(days).collect()
}

/// Each message of a file: its key, and the variables that it cannot do without.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let variable = Regex::new(r"\$([a-z][a-z0-9_-]*)").unwrap();
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            line.split('=').next().unwrap().trim().clone_into(&mut current);
            messages.entry(current.clone()).or_default();
        }
        if let Some(variables) = messages.get_mut(&current) {
            variables.extend(variable.captures_iter(line).map(|found| found[1].to_owned()));
        }
    }
    messages
}

#[test]
fn every_file_of_texts_parses_and_has_no_key_twice() {
    for (language, source) in SOURCES {
        let parsed = fluent_bundle::FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors);
        assert!(parsed.is_ok(), "{language}: {:?}", parsed.err());
        let keys = keys(source);
        let distinct: BTreeSet<&String> = keys.iter().collect();
        assert_eq!(keys.len(), distinct.len(), "{language}: a key is there twice");
    }
}

#[test]
fn every_key_that_the_source_tells_is_in_every_language_with_all_its_arguments() {
    let told = Regex::new(r#"Text::new\(\s*"([^"]+)",?\s*\)"#).unwrap();
    let argument = Regex::new(r#"\.with\(\s*"([^"]+)""#).unwrap();
    let files = source();
    for (language, texts) in SOURCES {
        let messages = messages(texts);
        for (path, code) in &files {
            // An argument may be added some lines after its text: what the file gives to any text counts.
            let given: BTreeSet<&str> =
                argument.captures_iter(code).map(|found| found.get(1).unwrap().as_str()).collect();
            for found in told.captures_iter(code) {
                let key = &found[1];
                let needed = messages.get(key);
                assert!(needed.is_some(), "{language}: no text for `{key}` of {}", path.display());
                for name in needed.into_iter().flatten() {
                    assert!(given.contains(name.as_str()), "{}: `{key}` needs `{name}`", path.display());
                }
            }
        }
        for key in named() {
            assert!(messages.contains_key(&key), "{language}: no text for `{key}`");
        }
    }
}

#[test]
fn every_refused_line_and_every_command_has_its_words_in_every_language() {
    for (language, texts) in SOURCES {
        let messages = messages(texts);
        for (key, given) in command::ERRORS {
            let needed = messages.get(*key).unwrap_or_else(|| panic!("{language}: no text for `{key}`"));
            for name in needed {
                assert!(given.contains(&name.as_str()), "{language}: `{key}` is not given `{name}`");
            }
        }
        for (syntax, key) in command::HELP {
            let needed = messages.get(*key).unwrap_or_else(|| panic!("{language}: nothing explains `{syntax}`"));
            assert!(needed.is_empty(), "{language}: `{key}` is given nothing, and needs {needed:?}");
        }
    }
}

#[test]
fn every_text_is_used() {
    let literal = Regex::new(r#""([a-z][a-z0-9-]*)""#).unwrap();
    let files = source();
    let used: BTreeSet<&str> = files
        .values()
        .flat_map(|code| literal.captures_iter(code).map(|found| found.get(1).unwrap().as_str()))
        .collect();
    let named = named();
    for (language, texts) in SOURCES {
        for key in keys(texts) {
            assert!(used.contains(key.as_str()) || named.contains(&key), "{language}: nothing tells `{key}`");
        }
    }
}
