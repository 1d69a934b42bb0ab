//! The forms in which texts have an address: as it is, in links (`%40`), in envelopes (`bounces+ann=example.org@…`), and
//! as archives hide it (`ann at example.org`).

use crate::domain::EmailAddress;
use crate::domain::reference::scan::{fold_char, is_invisible};

/// What stands between the parts of an address in each form.
const BETWEEN: [&str; 8] = ["@", "%40", "=", " at ", "(at)", "[at]", "--at--", "_at_"];

/// What ends the part of an envelope before an address.
const ENVELOPES: [&str; 7] = ["bounces-", "bounce-", "errors-", "owner-", "return-", "request-", "confirm-"];

/// An address in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelled {
    text: String,
    /// It is written so in mails and not in links or envelopes: what stands before it must be no part of a name.
    is_plain: bool,
}

/// Every form of an address, with what stands in its place in that form.
pub(super) fn spellings(address: &EmailAddress, instead: &str) -> Vec<(Spelled, String)> {
    let (local, domain) = (address.local_part(), address.domain());
    let (own, own_domain) = instead.split_once('@').unwrap_or((instead, ""));
    let encoded = local.replace('+', "%2B").replace('=', "%3D");
    let form = |local: &str, between: &str| {
        let spelled = Spelled { text: format!("{local}{between}{domain}"), is_plain: !matches!(between, "%40" | "=") };
        (spelled, format!("{own}{between}{own_domain}"))
    };
    let mut forms: Vec<(Spelled, String)> = BETWEEN.iter().map(|between| form(local, between)).collect();
    if encoded != local {
        forms.push(form(&encoded, "%40"));
    }
    forms
}

impl Spelled {
    /// Where it stands in a text from a place on, as a whole one.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let first = self.text.bytes().next()?;
        let bytes = text.as_bytes();
        let mut at = from;
        while let Some(step) = bytes.get(at..)?.iter().position(|byte| byte.eq_ignore_ascii_case(&first)) {
            let start = at + step;
            if let Some(end) = self.ends(text, start)
                && self.may_begin(&text[..start])
                && !goes_on(bytes, end)
            {
                return Some((start, end));
            }
            at = start + 1;
        }
        None
    }

    /// Where it ends, if it begins there: in either case, with any hyphen, with what nobody sees in it, and broken
    /// behind a hyphen.
    fn ends(&self, text: &str, start: usize) -> Option<usize> {
        let mut rest = text.get(start..)?;
        let mut before = None;
        for wanted in self.text.chars() {
            rest = rest.trim_start_matches(is_invisible);
            if before == Some('-') && rest.starts_with(['\r', '\n']) {
                rest = rest.trim_start();
            }
            let found = rest.chars().next()?;
            if !fold_char(found).eq_ignore_ascii_case(&wanted) {
                return None;
            }
            rest = &rest[found.len_utf8()..];
            before = Some(wanted);
        }
        Some(text.len() - rest.len())
    }

    /// Whether it is no part of a longer address, as far as what stands before it says.
    fn may_begin(&self, before: &str) -> bool {
        let bytes = before.as_bytes();
        let Some(last) = bytes.last() else { return true };
        if !is_part(last) && !b".+".contains(last) {
            return true;
        }
        if self.is_plain {
            return false;
        }
        // In a link, a mark before it may be encoded: `%3C`.
        let is_encoded = bytes.len() >= 3
            && bytes[bytes.len() - 3] == b'%'
            && bytes[bytes.len() - 2..].iter().all(u8::is_ascii_hexdigit);
        let is_encoded_plus = before.ends_with("%2B") || before.ends_with("%2b");
        let lower = before.get(before.len().saturating_sub(10)..).unwrap_or_default().to_ascii_lowercase();
        is_encoded && !is_encoded_plus || *last == b'+' || ENVELOPES.iter().any(|envelope| lower.ends_with(envelope))
    }
}

/// Whether a domain goes on there. A full stop after it ends a sentence, unless a word follows.
fn goes_on(bytes: &[u8], end: usize) -> bool {
    let after = bytes.get(end);
    after.is_some_and(is_part) || (after == Some(&b'.') && bytes.get(end + 1).is_some_and(is_part))
}

const fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(*byte, b'-' | b'_') || !byte.is_ascii()
}
