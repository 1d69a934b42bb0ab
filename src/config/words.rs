//! Words, lists and keys as messages show them.

/// A text as it is shown in a message: in quotes, escaped, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("{cut:?}")
}

/// `"a", "b" or "c"`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The candidate that was probably meant.
pub(super) fn nearest<'c>(given: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // Comparing costs the product of both lengths, and nobody means a key by so long a word.
    if given.len() > 64 {
        return None;
    }
    let given = given.to_lowercase();
    let near = |name: &'c str| (strsim::normalized_damerau_levenshtein(&given, &name.to_lowercase()), name);
    let best = candidates.into_iter().map(near).max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(likeness, _)| *likeness >= 0.6).map(|(_, name)| name)
}

/// A key under its table's.
pub(super) fn join(table: &str, key: &str) -> String {
    let key = shown_key(key);
    if table.is_empty() { key } else { format!("{table}.{key}") }
}

/// A key as it is shown: bare where TOML allows it.
pub(super) fn shown_key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.len() <= 60 && key.chars().all(bare) { key.to_owned() } else { quoted(key) }
}
