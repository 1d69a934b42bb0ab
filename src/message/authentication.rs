//! What receiving servers say of a message in Authentication-Results (RFC 8601).
//!
//! Read here and not by the MIME crate, which keeps the field as text, decodes encoded words in it
//! and so would read what no server wrote. One pass, linear; what is no well-formed field says
//! nothing.

use serde::{Deserialize, Serialize};

use super::headers::Headers;

/// Fields of one message beyond this number are not read. The receiving server's own is the topmost.
const MOST_FIELDS: usize = 32;
/// Results of one field beyond this number are not read; the header section bounds them before. One
/// that was cut off could be the fail that counts.
const MOST_RESULTS: usize = 100_000;
/// Properties of one result beyond this number are not read.
const MOST_PROPERTIES: usize = 32;

/// One Authentication-Results field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuthenticationResults {
    /// Whose it is (RFC 8601, section 2.5), in lower case.
    pub authserv_id: String,
    /// One entry a method; nothing where the field says `none` or is not well-formed.
    pub results: Vec<MethodResult>,
}

/// What one method came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MethodResult {
    /// The method in lower case, without its version: `dkim`, `dmarc`, `spf`.
    pub method: String,
    /// The result in lower case: `pass`, `fail`, `none`, `temperror`.
    pub result: String,
    /// Properties, name and value, in lower case: `header.d` and `example.org`.
    pub properties: Vec<(String, String)>,
}

impl MethodResult {
    /// The value of a property; `None` where it is not there, or there twice with two values.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        let mut named = self.properties.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let first = named.next()?;
        named.all(|other| other == first).then_some(first)
    }
}

/// Reads every field, topmost first.
pub(super) fn read(headers: &Headers<'_>) -> Vec<AuthenticationResults> {
    let fields = headers.fields.iter().filter(|header| {
        let name = header.name.as_str();
        name.eq_ignore_ascii_case("Authentication-Results")
    });
    let raw = fields.filter_map(|header| headers.raw.get(header.offset_start as usize..header.offset_end as usize));
    raw.take(MOST_FIELDS).filter_map(|raw| parse(&String::from_utf8_lossy(raw))).collect()
}

/// What a DKIM signature is about (RFC 6376, section 3.5). Whether it is good, the receiving server says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signature {
    /// The domain that signed, in lower case.
    pub domain: String,
    /// The header fields that it covers, in lower case.
    pub covers: Vec<String>,
    /// It covers only the beginning of the body: anybody can have written on.
    pub is_partial: bool,
}

/// The DKIM signatures of a message.
pub(super) fn signatures(headers: &Headers<'_>) -> Vec<Signature> {
    let fields = headers.fields.iter().filter(|header| header.name.as_str().eq_ignore_ascii_case("DKIM-Signature"));
    let raw = fields.filter_map(|header| headers.raw.get(header.offset_start as usize..header.offset_end as usize));
    raw.map(|raw| signature(&String::from_utf8_lossy(raw))).collect()
}

fn signature(value: &str) -> Signature {
    let mut found = Signature::default();
    for tag in value.split(';') {
        let Some((name, value)) = tag.split_once('=') else { continue };
        let value: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        match name.trim() {
            "d" => found.domain = value.trim_end_matches('.').to_owned(),
            "h" => found.covers = value.split(':').map(str::to_owned).collect(),
            "l" => found.is_partial = true,
            _ => {}
        }
    }
    found
}

/// Reads the value of one field. `None` where not even the server's name can be read.
#[must_use]
pub fn parse(value: &str) -> Option<AuthenticationResults> {
    let mut parts = Vec::new();
    let whole = divide(value, &mut parts);
    let mut parts = parts.into_iter();
    let mut first = parts.next()?.into_iter();
    let authserv_id = first.next().filter(|word| !word.text.is_empty() && !word.equals)?.text.to_ascii_lowercase();
    // A version may stand behind the name; anything else makes it another field than this one.
    let well_formed = whole && first.all(|word| !word.quoted && word.text.bytes().all(|byte| byte.is_ascii_digit()));
    if !well_formed {
        return Some(AuthenticationResults { authserv_id, results: Vec::new() });
    }
    let results = parts.take(MOST_RESULTS).filter_map(|words| result(&words)).collect();
    Some(AuthenticationResults { authserv_id, results })
}

/// One `method=result name=value ...`.
fn result(words: &[Word]) -> Option<MethodResult> {
    let (method, result, rest) = pair(words)?;
    let method = method.text.split('/').next().unwrap_or_default().to_ascii_lowercase();
    if method.is_empty() || result.quoted {
        return None;
    }
    let mut found = MethodResult { method, result: result.text.to_ascii_lowercase(), properties: Vec::new() };
    let mut rest = rest;
    while !rest.is_empty() && found.properties.len() < MOST_PROPERTIES {
        let Some((name, value, behind)) = pair(rest) else {
            // A word that is no property is passed over: servers add their own.
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        found.properties.push((name.text.to_ascii_lowercase(), value.text.to_ascii_lowercase()));
        rest = behind;
    }
    Some(found)
}

/// `name = value`, and what is behind it.
fn pair(words: &[Word]) -> Option<(&Word, &Word, &[Word])> {
    match words {
        [name, equals, value, rest @ ..] if equals.equals && !name.equals && !value.equals && !name.quoted => {
            Some((name, value, rest))
        }
        _ => None,
    }
}

/// A word of a field: a token, a quoted string, or the sign `=`.
#[derive(Debug, Clone, Default)]
struct Word {
    text: String,
    quoted: bool,
    equals: bool,
}

/// Divides a field at its semicolons into words; comments (which nest) and white space are left
/// out. Says whether each quote and comment ended.
fn divide(value: &str, parts: &mut Vec<Vec<Word>>) -> bool {
    let mut part: Vec<Word> = Vec::new();
    let mut word: Option<Word> = None;
    let mut depth = 0_usize;
    let mut in_quotes = false;
    // Whether the next word is a property's value, in which "=" is a letter (`smtp.mailfrom=a=b@c`).
    let mut is_value = false;
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        if depth > 0 {
            match letter {
                '\\' => drop(letters.next()),
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            continue;
        }
        if in_quotes {
            match letter {
                '"' => in_quotes = false,
                '\\' => word.get_or_insert_default().text.extend(letters.next()),
                _ => word.get_or_insert_default().text.push(letter),
            }
            continue;
        }
        match letter {
            '"' => {
                in_quotes = true;
                word.get_or_insert_default().quoted = true;
            }
            '=' if !(is_value && word.is_some()) => {
                part.extend(word.take());
                part.push(Word { equals: true, ..Word::default() });
                is_value = true;
            }
            ';' => {
                part.extend(word.take());
                parts.push(std::mem::take(&mut part));
                is_value = false;
            }
            '(' => {
                is_value &= word.is_none();
                part.extend(word.take());
                depth = 1;
            }
            _ if letter.is_whitespace() || letter.is_control() => {
                is_value &= word.is_none();
                part.extend(word.take());
            }
            _ => word.get_or_insert_default().text.push(letter),
        }
    }
    part.extend(word.take());
    parts.push(part);
    depth == 0 && !in_quotes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn shown(value: &str) -> String {
        let Some(read) = parse(value) else { return "-".to_owned() };
        let mut shown = read.authserv_id.clone();
        for result in &read.results {
            shown.push_str(&format!("; {}={}", result.method, result.result));
            result.properties.iter().for_each(|(name, value)| shown.push_str(&format!(" {name}={value}")));
        }
        shown
    }

    #[rstest]
    #[case("example.org; none", "example.org")]
    #[case("example.org 1; none", "example.org")]
    #[case(
        "MX.example.org; dmarc=PASS (p=none dis=none) header.from=Example.org",
        "mx.example.org; dmarc=pass header.from=example.org"
    )]
    #[case(
        "\r\n mx.example.org;\r\n\tdkim=pass header.d=example.org header.s=k1;\r\n\tspf = pass smtp.mailfrom=a=b@example.org",
        "mx.example.org; dkim=pass header.d=example.org header.s=k1; spf=pass smtp.mailfrom=a=b@example.org"
    )]
    #[case(
        "\"mx.example.org\" 1 ; dkim/1=pass reason=\"a; dmarc=pass\" header.d=x.org",
        "mx.example.org; dkim=pass reason=a; dmarc=pass header.d=x.org"
    )]
    #[case("mx; dmarc=pass(p=REJECT) header.from=example.org", "mx; dmarc=pass header.from=example.org")]
    #[case("(a (nested; b) \\) c) mx.example.org (d); dkim (e) = (f) pass (g)", "mx.example.org; dkim=pass")]
    #[case("mx.example.org; dkim=pass (; dmarc=pass header.from=example.org)", "mx.example.org; dkim=pass")]
    #[case(
        "mx.example.org; dkim=pass header.i=\"a b\"@example.org",
        "mx.example.org; dkim=pass header.i=a b@example.org"
    )]
    // What is not well-formed says nothing, and is the server's field none the less.
    #[case("mx.example.org; dkim=pass (unended", "mx.example.org")]
    #[case("mx.example.org; dmarc=pass reason=\"unended", "mx.example.org")]
    #[case("mx.example.org other; dmarc=pass", "mx.example.org")]
    #[case("mx.example.org; =pass; dmarc; dkim=; dkim==pass", "mx.example.org")]
    // Exchange Online writes no name: its first method is not taken for one.
    #[case("spf=pass smtp.mailfrom=example.org; dkim=pass", "spf")]
    #[case("", "-")]
    #[case("; dkim=pass", "-")]
    fn a_field_is_read(#[case] value: &str, #[case] expected: &str) {
        assert_eq!(shown(value), expected);
    }

    #[test]
    fn a_property_that_is_there_twice_with_two_values_is_none() {
        let read = parse("mx; dmarc=pass header.from=a.org header.from=b.org").unwrap();
        assert_eq!(read.results[0].property("header.from"), None);
    }

    #[test]
    fn a_signature_says_what_it_covers() {
        let read = signature(
            " v=1; a=rsa-sha256; d=Example.org; s=k1;\r\n\th=From:To:\r\n\t Subject : Date; l=100; b=QUJD;\r\n\tbh=REVG",
        );
        let covers = ["from", "to", "subject", "date"].map(str::to_owned).to_vec();
        assert_eq!(read, Signature { domain: "example.org".to_owned(), covers, is_partial: true });
        assert_eq!(signature(""), Signature::default());
    }

    #[test]
    fn hostile_fields_are_read_in_linear_time() {
        for piece in ["(", ")", "\"", "\\", ";", "=", "a=b ", "a=b;", "(;", "\"(", " "] {
            let field = format!("mx; {}", piece.repeat(200_000));
            let read = parse(&field).unwrap();
            assert!(read.results.len() <= MOST_RESULTS);
        }
    }

    proptest! {
        #[test]
        fn no_field_panics(value in "[ -~\\r\\n\\t;=()\"\\\\äß]{0,200}") {
            let _ = parse(&value);
        }
    }
}
