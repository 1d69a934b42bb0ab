//! The house's import rules, held by its source: who may name whom.

use std::path::{Path, PathBuf};

/// Every Rust file of a module, tests of the module left out.
fn files(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.join(module)];
    let single = root.join(format!("{module}.rs"));
    if single.exists() {
        found.push(single);
    }
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            // Tests may look at the world; `compose/keys.rs` is one that reads the source.
            let is_test = path.file_stem().is_some_and(|stem| stem == "tests" || stem == "keys");
            if is_test {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no module {module}");
    found.into_iter().map(|path| (path.clone(), code(&std::fs::read_to_string(path).expect("a file")))).collect()
}

/// A file's code: without comments and without its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Asserts that no file of the modules names any of the words as a path's part.
fn never(modules: &[&str], words: &[&str]) {
    for module in modules {
        for (path, code) in files(module) {
            for word in words {
                let named = code.match_indices(word).any(|(at, _)| {
                    let before = code[..at].chars().next_back();
                    let after = code[at + word.len()..].chars().next();
                    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                    !is_word(before) && !is_word(after)
                });
                assert!(!named, "{} names `{word}`, which is not for it to know", path.display());
            }
        }
    }
}

const PURE: &[&str] = &["domain", "html", "message", "command", "decide", "agenda", "calendar", "compose", "trust"];

#[test]
fn pure_modules_know_no_shell() {
    never(PURE, &["crate::store", "crate::mailbox", "crate::delivery", "crate::steps", "crate::daemon", "crate::cli"]);
}

#[test]
fn pure_modules_know_no_runtime_no_database_and_no_files() {
    never(PURE, &["tokio", "sqlx", "std::fs", "std::net", "std::env", "std::process"]);
}

#[test]
fn pure_modules_know_no_clock() {
    never(PURE, &["Timestamp::now", "Zoned::now", "SystemTime::now", "Instant::now", "getrandom"]);
}

#[test]
fn the_domain_names_no_sibling() {
    let siblings = ["message", "command", "decide", "agenda", "calendar", "compose", "config"];
    let paths: Vec<String> = siblings.iter().map(|sibling| format!("crate::{sibling}")).collect();
    never(&["domain"], &paths.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn reading_deciding_and_composing_know_only_what_comes_before_them() {
    never(&["html"], &["crate::message", "crate::agenda", "crate::domain"]);
    never(&["message"], &["crate::command", "crate::decide", "crate::agenda", "crate::compose"]);
    never(&["command"], &["crate::message", "crate::decide", "crate::agenda", "crate::compose"]);
    never(&["agenda"], &["crate::message", "crate::command", "crate::decide", "crate::compose"]);
    never(&["decide"], &["crate::compose"]);
    never(&["calendar"], &["crate::message", "crate::command", "crate::decide", "crate::agenda", "crate::compose"]);
}

#[test]
fn only_the_store_speaks_sql() {
    never(&["mailbox", "delivery", "steps", "config"], &["sqlx"]);
}

#[test]
fn the_doors_do_not_know_each_other_nor_the_house() {
    never(&["mailbox"], &["crate::delivery", "crate::store", "crate::steps", "crate::decide", "crate::message"]);
    never(&["delivery"], &["crate::store", "crate::steps", "crate::decide", "crate::message"]);
    never(&["store"], &["crate::mailbox", "crate::delivery", "crate::steps", "crate::compose", "crate::message"]);
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "src",
        "config",
        "migrations",
        "tests",
        "target",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ];
    for entry in std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).expect("the top level") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "{name} does not belong at the top level");
    }
}
