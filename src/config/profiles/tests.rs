use std::path::Path;

use super::*;
use crate::config::{Config, parse_roster};
use crate::domain::reference::scan::{fold, leading, scan};
use crate::domain::{ContributionOutcome, Phrase, Reference, ReferenceScheme};

fn config(name: &str) -> Config {
    let [(_, text), _] = Profile::named(name).unwrap().embedded();
    crate::config::parse(&text, "minuted.toml", Path::new("/srv"), &|_| None).unwrap()
}

fn scheme(name: &str) -> ReferenceScheme {
    config(name).groups.remove(0).references
}

/// The references in a text, printed; another body's in angle brackets.
fn found(text: &str, scheme: &ReferenceScheme) -> Vec<String> {
    let shown = |reference: &Reference| match reference {
        Reference::Foreign(text) => format!("<{text}>"),
        other => other.to_string(),
    };
    scan(&fold(text), scheme).iter().map(|found| shown(&found.reference)).collect()
}

/// What is found in each text, divided by blanks; blanks within a reference are `~`.
fn finds(name: &str, cases: &[(&str, &str)]) {
    let scheme = scheme(name);
    for (text, expected) in cases {
        let found: Vec<String> = found(text, &scheme).iter().map(|one| one.replace(' ', "~")).collect();
        assert_eq!(found.join(" "), *expected, "{name}: {text:?}");
    }
}

#[test]
fn each_profile_is_a_valid_configuration_and_a_roster() {
    for profile in PROFILES {
        let config = config(profile.name);
        assert!(config.warnings.is_empty(), "{}: {:?}", profile.name, config.warnings);
        assert_eq!((config.groups[0].key.as_str(), config.groups[0].name.as_str()), (profile.key, profile.group));
        let [_, (_, roster)] = profile.embedded();
        parse_roster(&roster, "group.toml").unwrap();
        assert!(roster.contains(profile.deliverables[0]), "{roster}");
    }
}

#[test]
fn the_profile_of_one_m2m_is_what_is_so_without_one() {
    assert_eq!(scheme("onem2m"), ReferenceScheme::default());
}

#[test]
fn numbers_of_3gpp_are_recognised() {
    finds(
        "3gpp",
        &[
            ("please see S3-140123.", "S3-140123"),
            ("s3\u{2011}140123r1 and S3_140123_r2", "S3-140123r1 S3-140123r2"),
            ("S3-140123R1 is in S3-140123-r10.docx", "S3-140123r1 S3-140123r10"),
            ("S3-140123 rev 2", "S3-140123r2"),
            ("3GPP-S3-140123r1-Title_of_it.zip", "S3-140123r1"),
            ("S2-1908628, SP-140456", "S2-1908628 SP-140456"),
            ("S3-140123, 140124 and 0125", "S3-140123 S3-140124 S3-140125"),
            ("S3-140123r1, r2 > r3", "S3-140123r1 S3-140123r2 S3-140123r3"),
            ("S3-140123 to S3-140125", "S3-140123 S3-140125"),
            ("S3-140123 to 140125", "S3-140123 S3-140124 S3-140125"),
            ("S3-140123 - 0125", "S3-140123 S3-140124 S3-140125"),
            ("S3-140123-140125", ""),
            ("S3-140123-0125", "S3-140123 S3-140124 S3-140125"),
            ("in 0123r1 and 140124r2", "0123r1 140124r2"),
            ("see 140123, not 140124", "140123"),
            ("S3-0123r1", ""),
            ("on 140123 we met in 2014", ""),
            ("S3-140123 and 2014", "S3-140123"),
            ("S3-14012, S3-14012345, XS3-140123, S3-140123x, S3-140000", "<S3-140000>"),
            (
                "RFC 5322, SEC-2014-0243R01, SCP(14)000123r1, R2-1401234",
                "<RFC~5322> <SEC-2014-0243R01> <SCP(14)000123r1> <R2-1401234>",
            ),
            ("S3i140123", "<S3i140123>"),
            ("SA3#115, SA3 #115-e, S3#115bis, SA3#115-bis-e", "SA3#115 SA3#115 SA3#115bis SA3#115bis"),
            ("SA3#110adHoc-e, SA3#110-AdHoc, SA2#160", ""),
            ("SP#62 and S2#160", "<SP#62> <S2#160>"),
            ("SA3#115-AP12, SA3#115-AP2 and sa3#115 ap 3", "SA3#115-AP12 SA3#115-AP02 SA3#115-AP03"),
            ("AP 115/12, AP115/1; AP 4 and AP/5", "SA3#115-AP12 SA3#115-AP01"),
            ("SA3#115-AP12, AP13 and AP20", "SA3#115-AP12 SA3#115-AP13 SA3#115-AP20"),
            ("SA3#115-AP12 to AP14", "SA3#115-AP12 SA3#115-AP13 SA3#115-AP14"),
            ("SA3#115-AP100", "SA3#115-AP100"),
            ("P-SA3-001", "P-SA3-001"),
            ("TS 33.501 V15.1.0, TR33.926, TS 29.198-04-2", "TS~33.501 TR~33.926 TS~29.198-04-2"),
            ("ETSI TS 102 223, TS 2014", "<TS~102~223>"),
            ("TS 33.5012, TS 33.50", ""),
        ],
    );
}

#[test]
fn numbers_of_etsi_are_recognised() {
    finds(
        "etsi",
        &[
            ("see SCP(14)000123r1.", "SCP(14)000123r1"),
            ("scp(14)000123R2, SCPTEC(14)000012", "SCP(14)000123r2 SCPTEC(14)000012"),
            ("SCP(14)000123_Title_of_it.docx", "SCP(14)000123"),
            ("SCP(14)000123r1_Title_of_it.docx", "SCP(14)000123r1"),
            ("SCP(14)000123, 000124r1 and 000125", "SCP(14)000123 SCP(14)000124r1 SCP(14)000125"),
            ("SCP(14)000123 to 000125", "SCP(14)000123 SCP(14)000124 SCP(14)000125"),
            ("SCP(14)000123r1 > r2", "SCP(14)000123r1 SCP(14)000123r2"),
            ("000123r1 is in it, 000124 is not", "000123r1"),
            (
                "SCP(14)00012, SCP(14)0001234, SCP(2014)000123, SCP(14)000123x, USCP(14)000123",
                "<SCP(14)00012> <SCP(14)0001234> <USCP(14)000123>",
            ),
            ("LI(14)000045r2, S3-140123, SEC-2014-0243", "<LI(14)000045r2> <S3-140123> <SEC-2014-0243>"),
            ("SCP#62, SCP #62-e, SCP#62bis", "SCP#62 SCP#62 SCP#62bis"),
            ("SCP#62-A01, A02 and A4", "SCP#62-A01 SCP#62-A02"),
            ("a 4/5 majority of A 62/01", ""),
            (
                "TS 102 223 V12.1.0, TR 103 456; EN 303 645, TS 103 666-1",
                "TS~102~223 TR~103~456 EN~303~645 TS~103~666-1",
            ),
            ("3GPP TS 33.501", "<TS~33.501>"),
            ("es 12 of en 303", ""),
        ],
    );
}

#[test]
fn what_is_printed_is_found_again_and_read_without_the_configuration() {
    let cases = [
        ("3gpp", "S3-140123 S2-1908628r12 SA3#115 SA3#115ter SA3#115-AP01 P-SA3-002 TS~33.501 0123r1 140123r1"),
        ("etsi", "SCP(14)000123 SCPREQ(99)123456r1 SCP#62 SCP#62bis SCP#62-A12 P-SCP-002 TS~103~666-1 000123r1"),
        ("onem2m", "SEC-2014-0243R01 SEC#10.0 A-WG4-TP8-003 P-WG4-001 TS-0003 TP10 SEC-0243R02"),
    ];
    for (name, texts) in cases {
        let scheme = scheme(name);
        for text in texts.split(' ').map(|text| text.replace('~', " ")) {
            let group = leading(&text, &scheme, false).unwrap();
            let [one] = group.found.as_slice() else { panic!("{text}: {group:?}") };
            assert_eq!((one.reference.to_string(), group.end), (text.clone(), text.len()));
            let kept = serde_json::to_string(&one.reference).unwrap();
            let read: Reference = serde_json::from_str(&kept).unwrap();
            assert_eq!((&read, read.to_string()), (&one.reference, text), "{kept}");
        }
    }
}

#[test]
fn status_words_of_a_group_are_decisions_and_others_stay_remarks() {
    let (third, usual) = (scheme("3gpp"), ReferenceScheme::default());
    let decides = |text: &str, scheme: &ReferenceScheme| {
        let phrase = Phrase::read(text, scheme);
        phrase.clauses.iter().find_map(|clause| clause.decision().map(|(_, outcome)| outcome))
    };
    assert_eq!(decides("Replied to", &third), Some(ContributionOutcome::Noted));
    assert_eq!(decides("r1 Technically-Endorsed.", &third), Some(ContributionOutcome::Endorsed));
    assert_eq!(decides("Replied to", &usual), None);
    assert_eq!(decides("partially approved", &third), None);
    assert_eq!(decides("replied to?", &third), None);
    let revised = Phrase::read("Revised to S3-140456", &third);
    assert_eq!(revised.to_string(), "revised to S3-140456");
}
