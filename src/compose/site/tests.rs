use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use regex::Regex;
use rstest::rstest;

use super::words::without_addresses;
use super::*;
use crate::domain::life::{Available, Decision, FollowUp};
use crate::domain::{Life, Member, Organization, Owners};
use crate::html::{Page as Read, Tag};

/// What a small group has.
struct Group {
    roster: Roster,
    actions: Vec<ActionItem>,
    contributions: Vec<Contribution>,
    meetings: Vec<Meeting>,
    approvals: Vec<Approval>,
    calls: Vec<Call>,
    history: Vec<HistoryRow>,
    headings: Baseline,
    mails: BTreeMap<Subject, Vec<SiteMail>>,
}

fn member(id: u32, name: &str, address: &str) -> Member {
    serde_json::from_value(serde_json::json!({
        "id": id, "name": name, "organization": "CATT", "addresses": [address], "roles": [], "left": false,
        "paused_until": null, "digest": false,
    }))
    .unwrap()
}

fn row(at: &str, by: &str, subject: &str, field: &str, from: Option<&str>, to: Option<&str>) -> HistoryRow {
    HistoryRow {
        at: at.parse().unwrap(),
        by: by.to_owned(),
        message_id: Some("20140404.row@example.org".to_owned()),
        subject: subject.parse().unwrap(),
        field: field.to_owned(),
        from: from.map(ToOwned::to_owned),
        to: to.map(ToOwned::to_owned),
        receipt: None,
    }
}

fn contribution(reference: &str, title: &str, item: &str, life: Life) -> Contribution {
    Contribution {
        reference: reference.parse().unwrap(),
        reference_cell: reference.to_owned(),
        title: title.to_owned(),
        source: "CATT".to_owned(),
        agenda_item: item.to_owned(),
        deliverable: Some("TS-0003".to_owned()),
        status_cell: String::new(),
        meeting: Some("SEC#10.0".parse().unwrap()),
        life,
    }
}

/// A group in whose texts `words` stand wherever somebody may write.
fn group(words: &str) -> Group {
    let mut item = ActionItem::new("A-WG4-TP8-001".parse().unwrap());
    item.what = format!("Align {words} with SEC-2014-0243R02");
    item.who = Owners::from("Lead CATT");
    item.due = Some("2014-04-30".parse().unwrap());
    let mut done = ActionItem::new("A-WG4-TP8-002".parse().unwrap());
    done.what = "Develop a vision".to_owned();
    done.status = "closed".parse().unwrap();
    done.proposed_by = Some("chair@example.org".parse().unwrap());
    let available: Vec<Available> =
        ["R01 listed on 2014-04-07 at SEC#10.0", "R02 posted on 2014-04-09 by chair@example.org in 9@example.org"]
            .map(|text| text.parse().unwrap())
            .into();
    let decision: Decision = "R01 noted on 2014-04-08 at SEC#10.0 by chair@example.org".parse().unwrap();
    let follow_up: FollowUp = "open: see SEC-2014-0239".parse().unwrap();
    let life = Life { available, decisions: vec![decision], follow_ups: vec![follow_up], ..Life::default() };
    let mut meeting = Meeting::new("SEC#10.0".parse().unwrap());
    meeting.set("start", None, Some("2014-04-07")).unwrap();
    meeting.set("end", None, Some("2014-04-11")).unwrap();
    meeting.set("place", None, Some("Berlin")).unwrap();
    meeting.set("session", None, Some("2014-04-07 15:45-17:00 [Break-out] S1")).unwrap();
    let mut call = Call::new("2014-05-06".parse().unwrap());
    call.set("time", Some("14:00")).unwrap();
    let said = [
        row("2014-03-31T07:00:00Z", "chair@example.org", "A-WG4-TP8-001", "status", None, Some("open")),
        row("2014-03-31T07:00:00Z", "chair@example.org", "A-WG4-TP8-001", "what", None, Some(words)),
        row("2014-03-31T07:00:00Z", "agenda import", "A-WG4-TP8-002", "status", None, Some("open")),
        row("2014-04-04T09:21:00Z", "gone@example.org", "A-WG4-TP8-002", "status", Some("open"), Some("closed")),
        row("2014-04-09T09:21:00Z", "chair@example.org", "SEC-2014-0243", "title", Some(words), Some("Overview")),
    ];
    let mail = SiteMail {
        at: "2014-04-04T09:21:00Z".parse().unwrap(),
        from: Some("chair@example.org".parse().unwrap()),
        subject: words.to_owned(),
        message_id: Some("20140404.row@example.org".to_owned()),
    };
    let organization: Organization =
        serde_json::from_value(serde_json::json!({ "name": "CATT", "aliases": [], "contact": null })).unwrap();
    Group {
        roster: Roster {
            organizations: vec![organization],
            members: vec![member(1, "Chair", "chair@example.org"), member(2, words, "other@example.org")],
        },
        actions: vec![item, done],
        contributions: vec![
            contribution("SEC-2014-0239", "Clarifications", "7.10", Life::default()),
            contribution("SEC-2014-0243", words, "7.2", life),
        ],
        meetings: vec![meeting],
        approvals: Vec::new(),
        calls: vec![call],
        history: said.into(),
        headings: [((Subject::Meeting("SEC#10.0".parse().unwrap()), "item 7.2".to_owned()), "Frameworks".to_owned())]
            .into(),
        mails: [("A-WG4-TP8-001".parse().unwrap(), vec![mail])].into(),
    }
}

fn pages(group: &Group) -> Vec<SitePage> {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    site(&SiteMaterial {
        group: "WG4",
        scheme: &ReferenceScheme::default(),
        zone: &zone,
        catalogue: Catalogue::get("en").unwrap(),
        today: "2014-05-02".parse().unwrap(),
        roster: &group.roster,
        actions: &group.actions,
        contributions: &group.contributions,
        meetings: &group.meetings,
        approvals: &group.approvals,
        calls: &group.calls,
        history: &group.history,
        headings: &group.headings,
        mails: &group.mails,
    })
}

/// What a browser makes of a page.
#[derive(Default)]
struct Seen {
    text: String,
    elements: BTreeSet<String>,
    attributes: Vec<(String, String)>,
    headings: Vec<u8>,
}

impl Read for Seen {
    const HAS_ONE_TITLE: bool = true;

    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn start(&mut self, tag: &Tag) {
        self.elements.insert(tag.name().to_owned());
        if let Some(level) = tag.name().strip_prefix('h').and_then(|level| level.parse().ok()) {
            self.headings.push(level);
        }
        let attributes = tag.attributes().map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.attributes.extend(attributes);
    }

    fn end(&mut self, _: &str) {}
}

impl Seen {
    fn of(page: &SitePage) -> Self {
        // The style sheet is ours, and its rules begin with an at.
        let style = page.html.find("<style>").unwrap()..page.html.find("</style>").unwrap();
        let mut html = page.html.clone();
        html.replace_range(style, "<style>");
        crate::html::read(&html, Self::default())
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.attributes.iter().filter(|(of, _)| of == name).map(|(_, value)| value.as_str()).collect()
    }
}

#[test]
fn the_overview_of_a_small_group() {
    let pages = pages(&group("the text"));
    let names: Vec<&str> = pages.iter().map(|page| page.file.as_str()).collect();
    assert_eq!(
        names,
        [
            INDEX,
            DOCUMENTS,
            CLOSED,
            "A-WG4-TP8-001.html",
            "A-WG4-TP8-002.html",
            "SEC-2014-0239.html",
            "SEC-2014-0243.html"
        ]
    );
    // The style is looked at in a browser.
    let css = Regex::new("(?s)<style>.*</style>|sha256-[^&]*").unwrap();
    let body = |page: &SitePage| css.replace_all(&page.html, "...").into_owned();
    insta::assert_snapshot!("overview", body(&pages[0]));
    insta::assert_snapshot!("contribution", body(&pages[6]));
}

#[test]
fn every_link_leads_somewhere_and_every_heading_follows_from_the_one_before() {
    let pages = pages(&group("the text"));
    let files: BTreeSet<&str> = pages.iter().map(|page| page.file.as_str()).collect();
    let mut linked = BTreeSet::from([INDEX]);
    for page in &pages {
        let seen = Seen::of(page);
        let ids = seen.all("id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{}: an id is there twice", page.file);
        for named in seen.all("aria-labelledby") {
            assert!(ids.contains(&named), "{}: nothing is {named}", page.file);
        }
        for href in seen.all("href") {
            let leads = match href.strip_prefix('#') {
                Some(id) => ids.contains(&id),
                None => files.contains(href) || href.starts_with("mid:") || href == "data:,",
            };
            assert!(leads, "{}: {href} leads nowhere", page.file);
            linked.extend(files.get(href));
        }
        assert_eq!(seen.headings.first(), Some(&1), "{}", page.file);
        for pair in seen.headings.windows(2) {
            assert!(pair[1] > 1 && pair[1] <= pair[0] + 1, "{}: {:?}", page.file, seen.headings);
        }
    }
    assert_eq!(linked, files, "every page is linked");
}

#[test]
fn two_references_that_differ_in_a_sign_have_a_page_each() {
    let mut group = group("the text");
    group.contributions = ["SCP(14)000123", "SCP/14/000123"]
        .into_iter()
        .filter_map(|reference| reference.parse().ok())
        .map(|reference| Contribution { reference, ..group.contributions[0].clone() })
        .collect();
    let count = group.contributions.len();
    let pages = pages(&group);
    let files: BTreeSet<String> = pages.iter().map(|page| page.file.to_lowercase()).collect();
    assert_eq!((files.len(), pages.len()), (5 + count, 5 + count));
}

#[rstest]
#[case("ask chair@example.org", "ask *")]
#[case("<chair@example.org>", "<*>")]
#[case("\"A B\"@example.org says", "* says")]
#[case("a@b@example.org", "*")]
#[case("Ｃhair＠example.org", "*")]
#[case("übung@müller.example", "*")]
#[case("3 @ 4, @home and home@ stay", "3 @ 4, @home and home@ stay")]
#[case("mailto:chair@example.org", "mailto:*")]
fn an_address_is_left_out_of_a_text(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(without_addresses(text, "*"), expected);
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,12}",
        Just("chair@example.org".to_owned()),
        Just("\"x y\"@example.org".to_owned()),
        Just("<script>alert(1)</script>".to_owned()),
        Just("\"><img src=//example.org/x onerror=alert(1)>".to_owned()),
        Just("' onmouseover='alert(1)".to_owned()),
        Just("</style><style>@import url(//example.org)</style>".to_owned()),
        Just("</title><base href=//example.org>".to_owned()),
        Just("SEC-2014-0243R02".to_owned()),
        Just("\u{202e}\u{0}\u{1b}[2J<!--".to_owned()),
        "\\PC{0,8}",
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Everything that a page of ours has.
const ELEMENTS: [&str; 36] = [
    "a",
    "body",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "p",
    "path",
    "rect",
    "section",
    "span",
    "style",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];
const ATTRIBUTES: [&str; 22] = [
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "rel",
    "href",
    "class",
    "id",
    "tabindex",
    "aria-label",
    "aria-labelledby",
    "aria-current",
    "aria-hidden",
    "role",
    "scope",
    "data-label",
    "viewbox",
    "preserveaspectratio",
    "d",
    "width",
    "height",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn whatever_people_write_no_page_has_an_address_or_markup_of_theirs(words in hostile()) {
        let address = Regex::new(r#"[^\s(),;:<>@"]+[@＠﹫][\p{L}\p{N}\[]"#).unwrap();
        for page in pages(&group(&words)) {
            let seen = Seen::of(&page);
            for element in &seen.elements {
                prop_assert!(ELEMENTS.contains(&element.as_str()), "{}: <{}>", page.file, element);
            }
            prop_assert!(!address.is_match(&seen.text), "{}: {:?}", page.file, address.find(&seen.text));
            for (name, value) in &seen.attributes {
                prop_assert!(ATTRIBUTES.contains(&name.as_str()), "{}: {name}", page.file);
                let is_mail = name == "href" && value.starts_with("mid:");
                prop_assert!(is_mail || !address.is_match(value), "{}: {}={:?}", page.file, name, value);
            }
        }
    }
}
