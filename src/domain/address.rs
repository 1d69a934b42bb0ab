//! E-mail addresses (the addr-spec of RFC 5322, section 3.4.1, without comments or quoting).

use std::fmt;
use std::str::FromStr;

use super::{NotA, text_serde};

/// An e-mail address, folded to lower case, its domain as [`ascii_domain`] writes it: members are compared by it, and no mail system in use
/// tells `Kim@` from `kim@` (RFC 5321, section 2.4, allows it and advises against it).
///
/// `Debug` masks it, so that it cannot reach a log unmasked; `Display` gives the whole address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The whole address, lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What is after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address without a `+detail` in its local part (RFC 5233): `minuted+x@…` is `minuted@…`.
    #[must_use]
    pub fn without_detail(&self) -> Self {
        match (self.local_part().split_once('+'), self.domain()) {
            (Some((user, _)), domain) if !user.is_empty() => Self(format!("{user}@{domain}")),
            _ => self.clone(),
        }
    }

    /// The address for logs: `k***@example.org`.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.local_part().chars().next().unwrap_or('*');
        format!("{first}***@{}", self.domain())
    }
}

/// A domain as addresses are compared and mail is sent by it: lower case, and labels beyond ASCII as the
/// A-labels that DNS has (RFC 5890), so that `bücher.example` is `xn--bcher-kva.example`. A label that
/// only looks like one of ASCII, such as one with a Kelvin sign, stays what it is: another's.
#[must_use]
pub fn ascii_domain(domain: &str) -> String {
    let lowered = lowered(domain);
    if lowered.is_ascii() {
        return lowered;
    }
    let label = |label: &str| match idna::domain_to_ascii(label) {
        Ok(ascii) if !label.is_ascii() && ascii.starts_with("xn--") => ascii,
        _ => label.to_owned(),
    };
    lowered.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// The text in lower case, as [`lower`] has each letter.
fn lowered(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().flat_map(lower).collect() }
}

/// A letter in lower case. One beyond ASCII never becomes one of ASCII: the Kelvin sign is no `k`, and
/// its address is another's.
fn lower(letter: char) -> impl Iterator<Item = char> {
    let folds = !letter.is_ascii() && letter.to_lowercase().any(|lower| lower.is_ascii());
    let lowered = (!folds).then(|| letter.to_lowercase());
    lowered.into_iter().flatten().chain(folds.then_some(letter))
}

impl FromStr for EmailAddress {
    type Err = NotA;

    fn from_str(text: &str) -> Result<Self, NotA> {
        let error = || NotA::new(text, "e-mail address", "something like kim@example.org");
        let address = lowered(text.trim());
        let (local, domain) = address.rsplit_once('@').ok_or_else(error)?;
        let domain = ascii_domain(domain);
        let printable = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c);
        let valid = !local.is_empty()
            && local.len() <= 64
            && domain.len() <= 255
            && address.chars().all(printable)
            && !local.contains('@')
            && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
        if valid { Ok(Self(format!("{local}@{domain}"))) } else { Err(error()) }
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

text_serde!(EmailAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_folded_and_masked_in_debug() {
        let address: EmailAddress = "Kim.Park@Example.ORG".parse().unwrap();
        assert_eq!(address.to_string(), "kim.park@example.org");
        assert_eq!(format!("{address:?}"), "k***@example.org");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "kim", "@example.org", "kim@", "a b@example.org", "<kim@example.org>", "kim@-x.org", "a@b@c"] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_letter_beyond_ascii_is_never_one_of_ascii() {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        assert_ne!(address("\u{212A}im@example.org"), address("kim@example.org"));
        assert_eq!(address("M\u{DC}LLER@example.org"), address("m\u{FC}ller@example.org"));
    }

    #[test]
    fn a_domain_is_the_same_in_both_of_its_forms() {
        let address = |text: &str| text.parse::<EmailAddress>().unwrap();
        let ascii = address("kim@xn--bcher-kva.example");
        for text in ["kim@b\u{FC}cher.example", "Kim@B\u{DC}CHER.Example", "kim@bu\u{308}cher.example"] {
            assert_eq!(address(text), ascii, "{text}");
        }
        assert_eq!(ascii.domain(), "xn--bcher-kva.example");
        assert_ne!(address("kim@\u{212A}im.example"), address("kim@kim.example"));
        assert_ne!(address("kim@\u{FF4B}im.example"), address("kim@kim.example"));
        assert_eq!(address(ascii.as_str()), ascii);
    }

    #[test]
    fn the_detail_of_a_local_part_can_be_left_off() {
        let address: EmailAddress = "minuted+tag@example.org".parse().unwrap();
        assert_eq!(address.without_detail().as_str(), "minuted@example.org");
        let plain: EmailAddress = "+x@example.org".parse().unwrap();
        assert_eq!(plain.without_detail(), plain);
    }
}
