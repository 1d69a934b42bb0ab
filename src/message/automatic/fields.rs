//! The fields by which machines are known, as data: `words/automatic_fields.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::headers::Headers;
use super::super::structure::values;
use super::super::words::phrases;
use super::Automatic;

/// By the field's name in lower case: the kind, and what the value begins with where only some do.
static FIELDS: LazyLock<HashMap<String, Vec<(Automatic, &'static str)>>> = LazyLock::new(|| {
    let mut fields: HashMap<String, Vec<(Automatic, &'static str)>> = HashMap::new();
    for line in phrases(include_str!("../words/automatic_fields.txt")) {
        let Some((kind, field)) = line.split_once(' ') else { continue };
        let (name, value) = field.split_once(':').unwrap_or((field, ""));
        let kind = match kind {
            "reply" => Automatic::AutoReply,
            "report" => Automatic::Report,
            _ => Automatic::Robot,
        };
        fields.entry(name.to_lowercase()).or_default().push((kind, value.trim()));
    }
    fields
});

/// The longest name in the list, in bytes.
const LONGEST_NAME: usize = 40;

/// The first field of the message that only machines write.
pub(super) fn found(headers: &Headers<'_>) -> Option<(Automatic, String)> {
    headers.fields.iter().find_map(|header| {
        let name = header.name.as_str();
        let known = FIELDS.get(&lower(name)?)?;
        let values = values(&header.value);
        known.iter().find_map(|(kind, begin)| {
            let begins = |value: &&str| {
                value.trim_start().get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
            };
            // A Delivered-To is read as an address or as text, whatever it is.
            (begin.is_empty() || values.iter().any(begins)).then(|| (*kind, name.to_owned()))
        })
    })
}

fn lower(name: &str) -> Option<String> {
    (name.len() <= LONGEST_NAME).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_names_a_kind_and_a_field_that_is_found() {
        for line in phrases(include_str!("../words/automatic_fields.txt")) {
            let (kind, field) = line.split_once(' ').expect("a kind and a field");
            assert!(["reply", "report", "robot"].contains(&kind), "{line}");
            let name = field.split(':').next().expect("a name");
            assert!(
                name.len() <= LONGEST_NAME && name.bytes().all(|b| b == b'-' || b.is_ascii_alphanumeric()),
                "{line}"
            );
            let field = if field.contains(':') { field.to_owned() } else { format!("{field}: yes") };
            let raw = format!("From: kim@example.org\n{field} and more\n\nHello\n");
            assert!(super::super::super::read(raw.as_bytes()).automatic.is_some(), "{line}");
        }
    }
}
