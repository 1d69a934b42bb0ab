//! Strings and folder names as IMAP writes them.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};

/// A text in quotes (RFC 9051, section 4.3); `None` where it cannot be written so.
pub(super) fn quoted(text: &str) -> Option<String> {
    if !text.is_ascii() || text.contains(['\r', '\n', '\0']) {
        return None;
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Some(quoted)
}

/// The base64 of folder names: `,` for `/`, and no padding (RFC 3501, section 5.1.3).
static BASE64_OF_NAMES: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,");
    specification.check_trailing_bits = false;
    specification.encoding().ok()
});

/// A folder's name as it is sent: in modified UTF-7, which every server knows, and in quotes.
pub(super) fn folder(name: &str) -> String {
    let mut coded = String::with_capacity(name.len());
    let mut wide: Vec<u8> = Vec::new();
    let flush = |wide: &mut Vec<u8>, coded: &mut String| {
        if let (false, Some(base64)) = (wide.is_empty(), BASE64_OF_NAMES.as_ref()) {
            coded.push('&');
            coded.push_str(&base64.encode(wide));
            coded.push('-');
            wide.clear();
        }
    };
    for c in name.chars() {
        if (' '..='~').contains(&c) {
            flush(&mut wide, &mut coded);
            coded.push(c);
            if c == '&' {
                coded.push('-');
            }
        } else {
            let mut units = [0; 2];
            wide.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut wide, &mut coded);
    quoted(&coded).unwrap_or_default()
}

/// A folder's name as it is shown; one that is no modified UTF-7 as it is.
pub(super) fn shown(name: &str) -> String {
    decoded(name).unwrap_or_else(|| name.to_owned())
}

fn decoded(name: &str) -> Option<String> {
    let mut text = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (coded, behind) = after.split_once('-')?;
        if coded.is_empty() {
            text.push('&');
        } else {
            let bytes = BASE64_OF_NAMES.as_ref()?.decode(coded.as_bytes()).ok()?;
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            text.push_str(&String::from_utf16(&units).ok()?);
        }
        rest = behind;
    }
    text.push_str(rest);
    Some(text)
}

/// The longest set of UIDs in one command, in bytes: servers take lines of 8,000 (RFC 7162, section 4).
const LONGEST_SET: usize = 7000;

/// UIDs, in order, as commands name them: `1:3,7` (RFC 9051, section 9, sequence-set), in as many sets as
/// commands can carry, each with its UIDs.
pub(super) fn sets(uids: &[u32]) -> Vec<(&[u32], String)> {
    let (mut sets, mut set) = (Vec::new(), String::new());
    let (mut begin, mut at) = (0, 0);
    while let Some(&first) = uids.get(at) {
        let mut last = first;
        at += 1;
        while let Some(&next) = uids.get(at)
            && last.checked_add(1) == Some(next)
        {
            last = next;
            at += 1;
        }
        if !set.is_empty() {
            set.push(',');
        }
        set.push_str(&first.to_string());
        if last > first {
            set.push_str(&format!(":{last}"));
        }
        if set.len() > LONGEST_SET || at == uids.len() {
            sets.push((uids.get(begin..at).unwrap_or_default(), std::mem::take(&mut set)));
            begin = at;
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_are_written_as_servers_know_them() {
        assert_eq!(folder("INBOX"), "\"INBOX\"");
        assert_eq!(folder("Lists/WG4 \"new\""), "\"Lists/WG4 \\\"new\\\"\"");
        assert_eq!(folder("R&D"), "\"R&-D\"");
        // The example of RFC 3501, section 5.1.3.
        assert_eq!(folder("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
        assert_eq!(folder("\u{1f600}"), "\"&2D3eAA-\"");
        for name in ["INBOX", "R&D", "Entwürfe", "台北/日本語", "\u{1f600} a"] {
            assert_eq!(shown(folder(name).trim_matches('"')), name);
        }
        assert_eq!(shown("half &U,B"), "half &U,B");
    }

    #[test]
    fn uids_that_follow_each_other_are_a_range() {
        let set = |uids: &[u32]| sets(uids).into_iter().map(|(_, set)| set).collect::<Vec<_>>();
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), ["1:3,7,9:10"]);
        assert_eq!(set(&[u32::MAX - 1, u32::MAX]), ["4294967294:4294967295"]);
        assert!(set(&[]).is_empty());
    }

    #[test]
    fn no_command_is_longer_than_servers_take() {
        let uids: Vec<u32> = (0..20_000).map(|number| 1_000_000_000 + 2 * number).collect();
        let sets = sets(&uids);
        assert!(sets.len() > 20 && sets.iter().all(|(_, set)| set.len() < 7100));
        let again: Vec<u32> = sets.iter().flat_map(|(uids, _)| uids.iter().copied()).collect();
        assert_eq!(again, uids);
    }
}
