use proptest::prelude::*;

use super::super::{
    ActionItemRef, ContributionRef, Deliverable, DocumentRef, MeetingRef, MeetingStyle, Numbering, Plenary, Revision,
};
use super::*;
use crate::domain::Patterns;

/// The references in a text, printed; another body's in angle brackets.
fn found(text: &str) -> Vec<String> {
    let folded = fold(text);
    let found = scan(&folded, &ReferenceScheme::default());
    for one in &found {
        assert!(folded.get(one.span.clone()).is_some_and(|span| !span.is_empty()), "{one:?} in {folded:?}");
    }
    let shown = |reference: &Reference| match reference {
        Reference::Foreign(text) => format!("<{text}>"),
        other => other.to_string(),
    };
    found.iter().map(|found| shown(&found.reference)).collect()
}

/// One case a line: the text, `=>`, what is found in it.
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let expected: Vec<&str> = expected.split_whitespace().collect();
        for text in [(*text).to_owned(), text.replace('\n', "\r\n"), format!("({text})"), format!("x {text}, y")] {
            let given: Vec<String> = found(&text).iter().map(|one| one.replace(' ', "~")).collect();
            assert_eq!(given, expected, "in {text:?}");
        }
    }
}

#[test]
fn a_whole_reference_is_found_in_every_spelling() {
    check(&[
        ("SEC-2014-0243", "SEC-2014-0243"),
        ("SEC-2014-0243R01", "SEC-2014-0243R01"),
        ("sec-2014-0243 r1", "SEC-2014-0243R01"),
        ("sec-2014-0243r1", "SEC-2014-0243R01"),
        ("SEC-2014-0243 R12", "SEC-2014-0243R12"),
        ("SEC-2014-0243 rev. 2", "SEC-2014-0243R02"),
        ("SEC-2014-0243 rev2", "SEC-2014-0243R02"),
        ("SEC_2014_0243_R01", "SEC-2014-0243R01"),
        ("SEC-2014-0243-R01", "SEC-2014-0243R01"),
        ("oneM2M-SEC-2014-0243R01-Overview_of_Frameworks.docx", "SEC-2014-0243R01"),
        ("ONEM2M_SEC_2014_0243_R01", "SEC-2014-0243R01"),
        ("oneM2M SEC-2014-0243R01", "SEC-2014-0243R01"),
        ("PRO-2014-0159R01-HTTP_Authentication", "PRO-2014-0159R01"),
        ("SEC-2014-0007R01-SEC9_0_Agenda", "SEC-2014-0007R01"),
        ("SEC-2014-0243R01-3GPP_interworking.docx", "SEC-2014-0243R01"),
        ("SEC-2014-0243-R3_features.docx", "SEC-2014-0243"),
        ("SEC-2014-0243R01.docx", "SEC-2014-0243R01"),
        ("SEC-2014-0243R01.", "SEC-2014-0243R01"),
        ("SEC-2014-0243's", "SEC-2014-0243"),
        ("https://example.org/docs/SEC-2014-0243R01", "SEC-2014-0243R01"),
        ("TP-2014-0100R02", "TP-2014-0100R02"),
        ("SEC\u{2011}2014\u{2010}0243R01", "SEC-2014-0243R01"),
        ("SEC\u{2013}2014\u{2212}0243\u{A0}R01", "SEC-2014-0243R01"),
        ("SEC-\u{AD}2014-02\u{200B}43R01", "SEC-2014-0243R01"),
        ("\u{FF33}\u{FF25}\u{FF23}\u{FF0D}2014-0243", "SEC-2014-0243"),
        ("SEC-2014-\n0243R01", "SEC-2014-0243R01"),
        ("SEC- \n  2014-\n\t0243R01", "SEC-2014-0243R01"),
        ("see \u{8BF7}\u{770B}SEC-2014-0243\u{3002}", "SEC-2014-0243"),
        ("SEC-2014-0250-Comments_on_SEC-2014-0243R01.docx", "SEC-2014-0250 SEC-2014-0243R01"),
    ]);
}

#[test]
fn short_forms_stay_short() {
    check(&[
        ("SEC-0243R02", "SEC-0243R02"),
        ("sec-0243 r2", "SEC-0243R02"),
        ("SEC-0243", "SEC-0243"),
        ("0243R02", "0243R02"),
        ("0243r02", "0243R02"),
        ("0243R02-Overview.docx", "0243R02"),
        ("R02", "R02"),
        ("R3 and R12b", ""),
        ("Release 3 (R3)", ""),
        ("0243", ""),
        ("about 0243 and 0245", ""),
        ("see 0243", "0243"),
        ("See 0243 and 0245R01", "0243 0245R01"),
        ("see 2014", ""),
        ("in 2014 R02", "R02"),
        ("SEC-2014", ""),
    ]);
}

#[test]
fn chains_lists_and_ranges_are_spelled_out() {
    check(&[
        ("SEC-2014-0243R01 > R02", "SEC-2014-0243R01 SEC-2014-0243R02"),
        ("SEC-2014-0243R01->R02", "SEC-2014-0243R01 SEC-2014-0243R02"),
        ("SEC-2014-0243R01 \u{2192} R02 \u{2192} R03", "SEC-2014-0243R01 SEC-2014-0243R02 SEC-2014-0243R03"),
        ("SEC-2014-0243R01 >\nR02", "SEC-2014-0243R01 SEC-2014-0243R02"),
        ("0243R01 > R02", "0243R01 0243R02"),
        ("SEC-2014-0243R01 and R02", "SEC-2014-0243R01 SEC-2014-0243R02"),
        ("SEC-2014-0240, 0241 and 0245", "SEC-2014-0240 SEC-2014-0241 SEC-2014-0245"),
        ("SEC-2014-0240R01, 0241,\nand 0245R02", "SEC-2014-0240R01 SEC-2014-0241 SEC-2014-0245R02"),
        ("SEC-2014-0240/0241 & 0245", "SEC-2014-0240 SEC-2014-0241 SEC-2014-0245"),
        ("SEC-2014-0240, 2014", "SEC-2014-0240"),
        ("SEC-2014-0240, 12345", "SEC-2014-0240"),
        ("SEC-2014-0240 and SEC-2014-0241", "SEC-2014-0240 SEC-2014-0241"),
        ("SEC-2014-0255 to 0258", "SEC-2014-0255 SEC-2014-0256 SEC-2014-0257 SEC-2014-0258"),
        ("SEC-2014-0255 - 0257", "SEC-2014-0255 SEC-2014-0256 SEC-2014-0257"),
        ("SEC-2014-0255-0257", "SEC-2014-0255 SEC-2014-0256 SEC-2014-0257"),
        ("SEC-2014-0255\u{2013}0257", "SEC-2014-0255 SEC-2014-0256 SEC-2014-0257"),
        ("SEC-2014-0258 to 0255", "SEC-2014-0258 SEC-2014-0255"),
        ("SEC-2014-0100 to 0150", "SEC-2014-0100 SEC-2014-0150"),
        ("SEC-2014-0255 to SEC-2014-0258", "SEC-2014-0255 SEC-2014-0258"),
        ("A-WG4-TP8-001, 003 and 005", "A-WG4-TP8-001 A-WG4-TP8-003 A-WG4-TP8-005"),
        ("A-WG4-TP8-001 to 003", "A-WG4-TP8-001 A-WG4-TP8-002 A-WG4-TP8-003"),
        ("A-WG4-TP8-001-003", "A-WG4-TP8-001 A-WG4-TP8-002 A-WG4-TP8-003"),
        ("A-WG4-TP8-001, 14 days", "A-WG4-TP8-001"),
    ]);
    let longest = found("SEC-2014-0101 to 0150");
    assert_eq!((longest.len(), longest.last().map(String::as_str)), (50, Some("SEC-2014-0150")));
}

#[test]
fn a_range_that_is_too_long_or_descends_is_told() {
    let scheme = ReferenceScheme::default();
    for (text, bad) in [
        ("SEC-2014-0258 to 0255", true),
        ("SEC-2014-0100 to 0150", true),
        ("A-WG4-TP8-003 to 001", true),
        ("SEC-2014-0101 to 0150", false),
        ("SEC-2014-0243R01 > R02", false),
    ] {
        assert_eq!(leading(text, &scheme, false).unwrap().bad_range.is_some(), bad, "{text}");
    }
}

#[test]
fn a_text_may_begin_with_a_bare_number_where_a_command_allows_it() {
    let scheme = ReferenceScheme::default();
    let begins = |text: &str, bare| {
        leading(text, &scheme, bare).map(|group| {
            let shown: Vec<String> = group.found.iter().map(|found| found.reference.to_string()).collect();
            (shown.join(" "), text[group.end..].to_owned())
        })
    };
    let is = |references: &str, rest: &str| Some((references.to_owned(), rest.to_owned()));
    assert_eq!(begins("0243 keep open", true), is("0243", " keep open"));
    assert_eq!(begins("0243 R02 noted", true), is("0243R02", " noted"));
    assert_eq!(begins("0243, 0244 noted", true), is("0243 0244", " noted"));
    assert_eq!(begins("0243 to 0245", true), is("0243 0244 0245", ""));
    assert_eq!(begins("2014 was good", true), None);
    assert_eq!(begins("02430", true), None);
    assert_eq!(begins("0243.5", true), None);
    assert_eq!(begins("0243 keep open", false), None);
    assert_eq!(begins(" SEC-2014-0243", false), None);
}

#[test]
fn action_items_meetings_and_deliverables_are_found() {
    check(&[
        ("A-WG4-TP8-003", "A-WG4-TP8-003"),
        ("a-wg4-tp8-003", "A-WG4-TP8-003"),
        ("A\u{2011}WG4\u{2011}TP8\u{2011}003", "A-WG4-TP8-003"),
        ("A_WG4_TP8_003", "A-WG4-TP8-003"),
        ("A-WG4-TP8-3", "A-WG4-TP8-003"),
        ("A-SEC-TP8-003", "A-WG4-TP8-003"),
        ("TP8-003", "A-WG4-TP8-003"),
        ("TP8-10", ""),
        ("A-WG4-TP8-000", ""),
        ("P-WG4-001", "P-WG4-001"),
        ("P-SEC-012", "P-WG4-012"),
        ("SEC#10.0", "SEC#10.0"),
        ("SEC#10", "SEC#10.0"),
        ("SEC #10", "SEC#10.0"),
        ("SEC # 10.1", "SEC#10.1"),
        ("sec#10.", "SEC#10.0"),
        ("WG4#10", "SEC#10.0"),
        ("TP10", "TP10"),
        ("TP#10", "TP10"),
        ("tp10", "TP10"),
        ("TP10.5", ""),
        ("TS-0003", "TS-0003"),
        ("TS 0003", "TS-0003"),
        ("TS0003", "TS-0003"),
        ("TS-0003 V1.0.1", "TS-0003"),
        ("oneM2M-TS-0003-Security_Solutions-V1.0.1.doc", "TS-0003"),
        ("TR-0008 and TS-0001", "TR-0008 TS-0001"),
        ("TS 2014", ""),
    ]);
    let text = "TS-0003 V1.0.1 is out";
    let spans: Vec<_> = scan(text, &ReferenceScheme::default()).into_iter().map(|found| &text[found.span]).collect();
    assert_eq!(spans, ["TS-0003 V1.0.1"]);
}

#[test]
fn nothing_is_found_inside_a_longer_word_or_number() {
    check(&[
        ("RUSTSEC-2018-0015", ""),
        ("wnpa-sec-2014-02", ""),
        ("wnpa-sec-2014-0243", ""),
        ("SEC-2014-02430", ""),
        ("SEC-2014-024", ""),
        ("SEC-2014-0243a", ""),
        ("SEC-2014-0243R100", ""),
        ("SEC-2014-0243.1", ""),
        ("SEC-2014-0243-01", ""),
        ("xSEC-2014-0243", ""),
        ("\u{E9}SEC-2014-0243", ""),
        ("sec-2014-0243@example.org", ""),
        ("10243R02", ""),
        ("0243R021", ""),
        ("1.0243R02", ""),
        ("LR02 R02D2 PR-R02", ""),
        ("XA-WG4-TP8-003", ""),
        ("B-WG4-TP8-003", ""),
        ("HTTP10 STP10", ""),
        ("ITS-0003", ""),
        ("CVE-2014-0160", ""),
        ("XYZ-2014-0243", ""),
        ("2014-04-07", ""),
        ("04-11-2014", ""),
    ]);
}

#[test]
fn another_bodys_number_is_kept_as_it_is_written() {
    check(&[
        ("S3-140123", "<S3-140123>"),
        ("S3-140123r1", "<S3-140123r1>"),
        ("SP-140123", "<SP-140123>"),
        ("SCP(14)000123r1", "<SCP(14)000123r1>"),
        ("M2M(14)000123", "<M2M(14)000123>"),
        ("11-14/0243r1", "<11-14/0243r1>"),
        ("11-14-0243-01-00ax", "<11-14-0243-01-00ax>"),
        ("802.11-14/0243r1", "<11-14/0243r1>"),
        ("draft-ietf-dane-ops-03", "<draft-ietf-dane-ops-03>"),
        ("RFC 5322", "<RFC~5322>"),
        ("rfc5322", "<rfc5322>"),
        ("3GPP TS 33.220", "<TS~33.220>"),
        ("ETSI TS 102 484", "<TS~102~484>"),
        ("A-WG2-TP8-003", "<A-WG2-TP8-003>"),
        ("ARC#10", "<ARC#10>"),
    ]);
}

#[test]
fn another_group_is_served_by_its_own_scheme() {
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let scheme = ReferenceScheme {
        body: "ExampleBody".to_owned(),
        prefix: "NET".to_owned(),
        group: "G7".to_owned(),
        group_aliases: Vec::new(),
        contributions: list(&["NET", "APP"]),
        deliverables: list(&["ES"]),
        plenary: "GA".to_owned(),
        patterns: Patterns::default(),
    };
    let text = "A-G7-GA3-001, NET-2020-0001R01, ExampleBody-APP-2020-0002, NET#4, GA5, ES-0001; SEC-2014-0243, TP10";
    let found: Vec<String> = scan(text, &scheme).iter().map(|found| found.reference.to_string()).collect();
    assert_eq!(found, ["A-G7-GA3-001", "NET-2020-0001R01", "APP-2020-0002", "NET#4.0", "GA5", "ES-0001"]);
}

#[test]
fn a_break_joins_only_after_a_hyphen_of_a_word_before_a_digit() {
    for (text, folded) in [
        ("SEC-2014-\r\n 0243", "SEC-2014-0243"),
        ("SEC-2014\n-0243", "SEC-2014\n-0243"),
        ("foo -\n2 bar", "foo -\n2 bar"),
        ("--\n2", "--\n2"),
        ("re-\nuse", "re-\nuse"),
        ("a\rb", "a\nb"),
    ] {
        assert_eq!(fold(text), folded);
    }
}

fn prefix() -> impl Strategy<Value = String> {
    prop::sample::select(ReferenceScheme::default().contributions)
}

prop_compose! {
    fn document()(prefix in prefix(), year in 1990u16..2100, number in 1u32..10_000, revision in prop::option::of(0u8..100))
        -> DocumentRef {
        let contribution = ContributionRef { prefix, year, number, numbering: Numbering::USUAL };
        DocumentRef { contribution, revision: revision.map(Revision::new) }
    }
}

fn reference() -> impl Strategy<Value = Reference> {
    let plenary = |number| Plenary { series: "TP".to_owned(), number };
    prop_oneof![
        document().prop_map(Reference::Document),
        (1u16..1000, 1u16..10_000).prop_map(move |(meeting, number)| Reference::Action(ActionItemRef::Numbered {
            group: "WG4".to_owned(),
            plenary: plenary(meeting),
            number
        })),
        (1u16..1000).prop_map(|number| Reference::Action(ActionItemRef::Proposal { group: "WG4".to_owned(), number })),
        (0u16..1000, 0u16..100).prop_map(|(major, minor)| Reference::Meeting(MeetingRef {
            prefix: "SEC".to_owned(),
            major,
            minor,
            style: MeetingStyle::Pointed,
        })),
        (1u16..1000).prop_map(move |number| Reference::Plenary(plenary(number))),
        (1u16..10_000).prop_map(|number| Reference::Deliverable(Deliverable {
            kind: "TS".to_owned(),
            number: format!("{number:04}")
        })),
        (prop::option::of(Just("SEC".to_owned())), 1u32..10_000, 0u8..100).prop_map(|(prefix, number, revision)| {
            Reference::Short {
                prefix,
                year: None,
                number,
                numbering: Numbering::USUAL,
                revision: Some(Revision::new(revision)),
            }
        }),
        (0u8..100).prop_map(|revision| Reference::Revision(Revision::new(revision))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_found(
        reference in reference(),
        before in prop::sample::select(vec!["", " ", "(", "see: ", "\n", "\u{201C}"]),
        after in prop::sample::select(vec!["", " ", ")", ".", ", and", "\n", "?", "\u{201D}", ": done"]),
    ) {
        let folded = fold(&format!("{before}{reference}{after}"));
        let found: Vec<Reference> =
            scan(&folded, &ReferenceScheme::default()).into_iter().map(|found| found.reference).collect();
        prop_assert_eq!(found, vec![reference]);
    }

    #[test]
    fn a_document_is_found_in_every_spelling(
        document in document(),
        hyphen in prop::sample::select(vec!['-', '_', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{2212}', '\u{FF0D}']),
        lower in any::<bool>(),
        apart in any::<bool>(),
        broken in any::<bool>(),
        title in any::<bool>(),
        body in any::<bool>(),
    ) {
        let ContributionRef { prefix, year, number, .. } = &document.contribution;
        let hyphens = if broken && hyphen != '_' { format!("{hyphen}\r\n  ") } else { hyphen.to_string() };
        let mut text = format!("{prefix}{hyphens}{year}{hyphens}{number:04}");
        if let Some(revision) = document.revision {
            text.push_str(if apart { " " } else { "" });
            text.push_str(&revision.to_string());
        }
        if lower {
            text = text.to_lowercase();
        }
        if title {
            text.push_str("-Overview_of_Frameworks.docx");
        }
        if body {
            text.insert_str(0, "oneM2M-");
        }
        prop_assert_eq!(found(&text), vec![document.to_string()]);
    }

    #[test]
    fn nothing_is_found_when_a_letter_or_digit_is_glued_to_it(document in document(), glued in "[0-9A-Za-z]") {
        prop_assume!(document.revision.is_some() || !glued.eq_ignore_ascii_case("r"));
        prop_assert_eq!(found(&format!("{document}{glued}")), Vec::<String>::new());
        let before = found(&format!("{glued}{document}"));
        prop_assert!(before.is_empty(), "{before:?}");
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = found(&text);
        let _ = leading(&fold(&text), &ReferenceScheme::default(), true);
    }

    #[test]
    fn any_text_of_pieces_is_read_without_a_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "SEC", "-", "2014", "0243", "R01", " ", "\n", "A", "WG4", "TP8", "003", "#", "10", ".", "to", "and", ",",
            "see", ">", "_", "(14)", "draft-", "/", "\u{E9}", "\u{1F44D}", "\u{2192}", "oneM2M", "TS", "V1", "\u{AD}",
        ]), 0..40),
    ) {
        let _ = found(&pieces.concat());
        let _ = leading(&fold(&pieces.concat()), &ReferenceScheme::default(), true);
    }

    #[test]
    fn what_is_passed_over_at_a_glance_is_no_reference(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "SEC", "-", "2014", "0243", "R01", " ", "\n", "\t", "A", "P", "WG4", "TP8", "TP", "003", "#", "10", ".", "to",
            "and", ",", "see", ":", ">", "_", "(14)", "draft-ietf", "/", "\u{E9}", "oneM2M", "TS", "V1", "33.102", "RFC",
            "ETSI", "S2", "word", "ARC", "11-14/0123",
        ]), 0..20),
    ) {
        let (folded, scheme) = (fold(&pieces.concat()), ReferenceScheme::default());
        let scanner = Scanner::new(&folded, &scheme);
        prop_assert!(scanner.has_plain_words());
        prop_assert_eq!(scanner.all(true), scanner.all(false));
    }

    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }
}
