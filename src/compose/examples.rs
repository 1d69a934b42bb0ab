//! References in the examples that texts give ("done A-WG4-TP8-001"), as the group writes its own: terms of the
//! catalogue.

use crate::domain::{DocumentRef, Examples, Reference, ReferenceScheme, Revision};

/// The terms, as a Fluent resource.
pub(super) fn terms(scheme: &ReferenceScheme) -> String {
    let Examples { action, contribution, meeting } = Examples::of(scheme);
    let revision = |number| Revision::new(number).of(&contribution);
    let in_short = Reference::Short {
        prefix: None,
        year: None,
        number: 247,
        numbering: contribution.numbering,
        revision: Some(revision(2)),
    };
    let in_full = DocumentRef { contribution: contribution.clone(), revision: Some(revision(2)) };
    [
        ("an-action", action.to_string()),
        ("a-document", contribution.to_string()),
        ("a-new-document", contribution.with_number(300).to_string()),
        ("a-revision-in-full", in_full.to_string()),
        ("a-revision-in-short", in_short.to_string()),
        ("a-revision", revision(3).to_string()),
        ("a-meeting", meeting),
    ]
    .map(|(name, value)| format!("-{name} = {value}\n"))
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::catalogue::SOURCES;

    #[test]
    fn one_m2ms_are_those_of_the_catalogue() {
        let usual = terms(&ReferenceScheme::default());
        for (language, source) in SOURCES {
            assert!(source.contains(&usual), "{language}: {usual}");
        }
    }

    #[test]
    fn other_groups_have_their_own() {
        let mut scheme =
            ReferenceScheme { prefix: "SCP".to_owned(), plenary: String::new(), ..ReferenceScheme::default() };
        scheme.patterns.contribution = "{prefix}({yy}){number:6}[r{revision}]".parse().unwrap();
        scheme.patterns.action = "{meeting}-A{number:2}".parse().unwrap();
        scheme.patterns.meeting = crate::domain::MeetingStyle::Plain;
        assert_eq!(
            terms(&scheme),
            "-an-action = SCP#10-A01\n-a-document = SCP(14)000243\n-a-new-document = SCP(14)000300\n\
             -a-revision-in-full = SCP(14)000243r2\n-a-revision-in-short = 000247r2\n-a-revision = r3\n-a-meeting = SCP#11\n"
        );
    }
}
