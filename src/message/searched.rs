//! Every text of a message, whoever wrote it: for finding what is to be erased.

use mail_parser::{Address, HeaderValue};

use super::{DEEPEST_ATTACHED, caught, smime, structure};

/// Whether any text of a message is found: header fields, decoded or as they stand, and each part that is one,
/// quoted or not, also of mails in attachments. Files of word processors are not looked into.
#[must_use]
pub fn says(raw: &[u8], found: &dyn Fn(&str) -> bool) -> bool {
    looked_in(raw, DEEPEST_ATTACHED, found)
}

fn looked_in(raw: &[u8], deeper: u8, found: &dyn Fn(&str) -> bool) -> bool {
    if found(&String::from_utf8_lossy(raw)) {
        return true;
    }
    let parts = caught(|| {
        let structure = structure::structure(raw);
        let mut texts: Vec<String> = structure.headers.iter().flat_map(|field| said(&field.value)).collect();
        texts.extend(structure.parts.iter().filter_map(|part| part.name.clone()));
        let (text, others): (Vec<_>, Vec<_>) = structure.parts.iter().partition(|part| part.media.starts_with("text/"));
        texts.extend(text.into_iter().filter_map(structure::Part::text));
        (texts, others.into_iter().filter_map(structure::Part::bytes).collect::<Vec<_>>())
    });
    let (texts, others) = parts.unwrap_or_default();
    texts.iter().any(|text| found(text) || found(&without_tags(text)))
        || others.iter().filter(|bytes| !bytes.is_empty()).any(|bytes| {
            let Some(deeper) = deeper.checked_sub(1) else { return found(&String::from_utf8_lossy(bytes)) };
            let signed = match smime::open(bytes) {
                Some(smime::Content::Signed(entity)) => looked_in(&entity, deeper, found),
                _ => false,
            };
            signed || looked_in(bytes, deeper, found)
        })
}

/// What a header field says: its text, or the addresses in it with their names.
fn said(value: &HeaderValue<'_>) -> Vec<String> {
    let of = |address: &mail_parser::Addr<'_>| {
        [&address.name, &address.address].into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>()
    };
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(texts) => texts.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(Address::List(list)) => list.iter().flat_map(of).collect(),
        HeaderValue::Address(Address::Group(groups)) => {
            groups.iter().flat_map(|group| &group.addresses).flat_map(of).collect()
        }
        _ => Vec::new(),
    }
}

/// HTML as its words stand: without tags, which may divide a name.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_tag = false;
    for letter in text.replace("&nbsp;", " ").chars() {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => out.push(letter),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_wherever_it_stands() {
        let found = |text: &str| text.contains("Ann Editor");
        let mail = |fields: &str, body: &str| {
            says(format!("From: a@example.org\r\n{fields}\r\n{body}\r\n").replace("\r\r", "\r").as_bytes(), &found)
        };
        assert!(mail("Subject: =?utf-8?B?QW5uIEVkaXRvcg==?=\r\n", "x"));
        assert!(mail("Cc: =?utf-8?Q?Ann_Editor?= <x@example.org>\r\n", "x"));
        assert!(mail("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n", "QW5uIEVkaXRvcg=="));
        assert!(mail("Content-Type: text/html\r\n", "<p><b>Ann</b>&nbsp;Editor</p>"));
        assert!(mail("Content-Type: message/rfc822\r\n", "Subject: =?utf-8?B?QW5uIEVkaXRvcg==?=\r\n\r\nx"));
        assert!(!mail("Subject: Ann, Editor\r\n", "x"));
    }
}
