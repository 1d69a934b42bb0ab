//! File names as identities: any bytes the system allows, as text, without loss.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

/// The name as text: what is not UTF-8, control characters and `%` are written `%XX`.
pub(super) fn escape(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '%' || c.is_control() {
                let mut bytes = [0; 4];
                escape_bytes(&mut text, c.encode_utf8(&mut bytes).as_bytes());
            } else {
                text.push(c);
            }
        }
        escape_bytes(&mut text, chunk.invalid());
    }
    text
}

fn escape_bytes(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "%{byte:02X}");
    }
}

/// The name that [`escape`] wrote; `None` where it can be no file's name.
pub(super) fn unescape(text: &str) -> Option<OsString> {
    let mut name = Vec::with_capacity(text.len());
    let mut pieces = text.split('%');
    name.extend_from_slice(pieces.next()?.as_bytes());
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        // from_str_radix would take a sign.
        let byte = u8::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|c| c.is_ascii_hexdigit()))?;
        name.push(byte);
        name.extend_from_slice(rest.as_bytes());
    }
    let is_name = !name.is_empty() && !name.starts_with(b".") && !name.iter().any(|byte| matches!(byte, b'/' | 0));
    is_name.then(|| OsString::from_vec(name))
}

/// Splits a Maildir's file name at the first `:2,` (or the reserved `:1,`) into its unique part and
/// its info. A colon without one of these is part of the name, so that no two files are taken for one.
pub(super) fn split_info(name: &OsStr) -> (&[u8], &[u8]) {
    let name = name.as_bytes();
    let at = name.windows(3).position(|three| matches!(three, b":2," | b":1,"));
    name.split_at(at.unwrap_or(name.len()))
}

/// The unique part with the flags of `info` and `S` (seen), each once and in ASCII order, as the Maildir
/// format wants them. An info of another kind than `:2,` is kept as it is.
pub(super) fn with_seen(unique: &[u8], info: &[u8]) -> OsString {
    let mut name = unique.to_vec();
    match info.strip_prefix(b":2,") {
        None if !info.is_empty() => name.extend_from_slice(info),
        flags => {
            let mut flags = flags.unwrap_or_default().to_vec();
            // What other programs append after a comma (Dovecot's and Courier's `,S=123`) is no flag.
            let more = flags.iter().position(|&byte| byte == b',').map_or(Vec::new(), |at| flags.split_off(at));
            flags.push(b'S');
            flags.sort_unstable();
            flags.dedup();
            name.extend_from_slice(b":2,");
            name.extend_from_slice(&flags);
            name.extend_from_slice(&more);
        }
    }
    OsString::from_vec(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_file_name_comes_back_from_its_identity(
            name in prop::collection::vec(1u8..=255, 1..40)
                .prop_filter("a name", |name| name[0] != b'.' && !name.contains(&b'/'))
        ) {
            let text = escape(&name);
            prop_assert!(!text.chars().any(char::is_control));
            prop_assert_eq!(unescape(&text), Some(OsString::from_vec(name)));
        }
    }

    #[test]
    fn what_leads_out_of_a_folder_is_no_name() {
        for text in ["", ".", "..", "../x", "a/b", ".hidden", "a%2Fb", "a%00", "%2E%2E", "a%", "a%zz", "a%+1", "a%é"] {
            assert_eq!(unescape(text), None, "{text}");
        }
    }

    #[test]
    fn seen_joins_the_other_flags_in_ascii_order_once() {
        let seen = |name: &str| {
            let (unique, info) = split_info(OsStr::new(name));
            with_seen(unique, info).into_string().unwrap()
        };
        assert_eq!(seen("1.a.host"), "1.a.host:2,S");
        assert_eq!(seen("1.a.host:2,"), "1.a.host:2,S");
        assert_eq!(seen("1.a.host:2,RF"), "1.a.host:2,FRS");
        assert_eq!(seen("1.a.host:2,S"), "1.a.host:2,S");
        assert_eq!(seen("1.a.host:2,Fab,W=12"), "1.a.host:2,FSab,W=12");
        assert_eq!(seen("1.a.host:1,x"), "1.a.host:1,x");
        assert_eq!(seen("odd:name"), "odd:name:2,S");
    }
}
