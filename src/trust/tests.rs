use rstest::rstest;

use super::*;
use crate::domain::Member;
use crate::message;

const MAIL: &str = "answer.abcdefghijklmnopqrstuvwxyz@example.org";

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

fn roster() -> Roster {
    let member = |id, addresses: &[&str]| Member {
        name: format!("Member {id}"),
        addresses: addresses.iter().map(|text| address(text)).collect(),
        ..Member::new(id)
    };
    let members = vec![member(1, &["kim@example.net", "kim@home.example.com"]), member(2, &["lee@example.net"])];
    Roster { organizations: Vec::new(), members }
}

fn judged(fields: &str, named: &[Named], today: &str) -> Judged {
    let message = message::read(format!("{fields}\r\n\r\ndone A-WG4-TP8-001\r\n").as_bytes());
    let key = TokenKey::new(b"0123456789abcdef", "sec").unwrap();
    let (bot, list) = (address("minuted@example.org"), address("wg4@lists.example.org"));
    let around = Around {
        key: Some(&key),
        authserv_id: Some("mx.example.org"),
        bot: Some(&bot),
        list: Some(&list),
        roster: &roster(),
        today: today.parse().unwrap(),
    };
    judge(&message, named, &around)
}

fn named(holder: &Holder, recipient: Option<&str>, revoked: bool) -> Vec<Named> {
    let key = TokenKey::new(b"0123456789abcdef", "sec").unwrap();
    let token = key.make(holder, MAIL, "2014-04-08".parse().unwrap()).unwrap();
    vec![Named { token, mail: MAIL.to_owned(), recipient: recipient.map(address), revoked }]
}

fn told(judged: &Judged) -> &'static str {
    match &judged.verdict {
        Verdict::Claimed => "claimed",
        Verdict::Proven(Proof::Token { .. }) => "token",
        Verdict::Proven(_) => "authentication",
        Verdict::Operator => "operator",
    }
}

const KIM: &str = "From: Kim <kim@example.net>\r\nTo: minuted@example.org\r\nDate: Tue, 8 Apr 2014 09:00:00 +0200";

#[rstest]
#[case(KIM, "2014-04-08", "token")]
#[case(KIM, "2014-05-08", "token")]
#[case(KIM, "2014-05-09", "claimed")]
// From another address of the same member.
#[case("From: kim@home.example.com\r\nTo: minuted@example.org", "2014-04-08", "token")]
#[case("From: lee@example.net\r\nTo: minuted@example.org", "2014-04-08", "claimed")]
#[case("From: nobody@example.net\r\nTo: minuted@example.org", "2014-04-08", "claimed")]
#[case("From: kim@example.net\r\nTo: minuted@example.org\r\nCc: wg4@lists.example.org", "2014-04-08", "claimed")]
#[case("From: kim@example.net\r\nTo: minuted@example.org\r\nList-Id: <other.example.com>", "2014-04-08", "claimed")]
#[case("From: kim@example.net\r\nTo: m@x.org\r\nList-Post: <mailto:other@example.com>", "2014-04-08", "claimed")]
#[case("From: kim@example.net, lee@example.net\r\nTo: minuted@example.org", "2014-04-08", "claimed")]
#[case("From: kim@example.net\r\nFrom: lee@example.net\r\nTo: minuted@example.org", "2014-04-08", "claimed")]
#[case("To: minuted@example.org", "2014-04-08", "claimed")]
#[case(
    "Authentication-Results: mx.example.org; dmarc=fail header.from=example.net\r\nFrom: kim@example.net\r\nTo: m@x.org",
    "2014-04-08",
    "claimed"
)]
#[case(
    "Authentication-Results: other.example.org; dmarc=fail header.from=example.net\r\nFrom: kim@example.net\r\nTo: m@x.org",
    "2014-04-08",
    "token"
)]
fn a_token_proves_its_holder_alone(#[case] fields: &str, #[case] today: &str, #[case] expected: &str) {
    let judged = judged(fields, &named(&Holder::Member(1), Some("kim@example.net"), false), today);
    assert_eq!(told(&judged), expected);
}

#[test]
fn a_token_that_was_seen_on_a_list_proves_nothing_and_still_names_its_mail() {
    let judged = judged(KIM, &named(&Holder::Member(1), None, true), "2014-04-08");
    assert_eq!((told(&judged), judged.answers.as_slice()), ("claimed", &[MAIL.to_owned()][..]));
    assert_eq!(judged.evidence.tokens[0].standing, TokenStanding::Revoked);
}

#[rstest]
#[case("from:to:date:subject", "dkim=pass header.d=example.net", "authentication")]
#[case("from:date:subject", "dkim=pass header.d=example.net", "claimed")]
#[case("from:date:subject", "dkim=pass header.d=example.net; spf=pass smtp.mailfrom=kim@example.net", "authentication")]
#[case("from:date:subject", "dkim=pass header.d=example.net; spf=pass smtp.mailfrom=lists.example.com", "claimed")]
#[case("from:date:subject", "dkim=pass header.d=example.net; spf=fail smtp.mailfrom=example.net", "claimed")]
#[case("from:date:subject", "dmarc=pass header.from=example.net", "claimed")]
#[case("from:to:subject", "dkim=pass header.d=example.net", "claimed")]
#[case("from:to:date; l=100", "dkim=pass header.d=example.net", "claimed")]
fn a_signature_proves_only_what_it_covers(#[case] covers: &str, #[case] found: &str, #[case] expected: &str) {
    let fields = format!(
        "Authentication-Results: mx.example.org; {found}\r\nDKIM-Signature: v=1; d=example.net; h={covers}; b=QUJD\r\n{KIM}"
    );
    assert_eq!(told(&judged(&fields, &[], "2014-04-08")), expected);
    // A token says who reads the bot's mail, whatever is signed.
    let token = named(&Holder::Member(1), Some("kim@example.net"), false);
    assert_eq!(told(&judged(&fields, &token, "2014-04-08")), "token");
    // Another's signature, such as a relay's, is neither here nor there.
    let other = fields.replace("d=example.net; h=", "d=relay.example.com; h=");
    assert_eq!(told(&judged(&other, &[], "2014-04-08")), "authentication");
}

#[test]
fn a_fail_behind_many_results_counts() {
    let many = "dkim=pass header.d=example.com; ".repeat(500);
    let fields = format!("Authentication-Results: mx.example.org; {many}dmarc=fail header.from=example.net\r\n{KIM}");
    let judged = judged(&fields, &named(&Holder::Member(1), Some("kim@example.net"), false), "2014-04-08");
    assert_eq!(told(&judged), "claimed");
}

#[test]
fn a_header_that_is_cut_or_broken_proves_nothing() {
    let pass = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.net";
    assert_eq!(told(&judged(&format!("{pass}\r\n{KIM}"), &[], "2014-04-08")), "authentication");
    let long = "X-Filler: 0123456789\r\n".repeat(13_000);
    assert_eq!(told(&judged(&format!("{pass}\r\n{KIM}\r\n{long}From: lee@example.net"), &[], "2014-04-08")), "claimed");
    assert_eq!(told(&judged(&format!("{pass}\r\n{KIM}\r\r\nFrom: lee@example.net"), &[], "2014-04-08")), "claimed");
}

#[test]
fn a_token_of_another_names_its_mail_and_a_forged_one_nothing() {
    let other = judged(KIM, &named(&Holder::Member(2), Some("lee@example.net"), false), "2014-04-08");
    assert_eq!((told(&other), other.answers.len()), ("claimed", 1));
    let forged = judged(KIM, &named(&Holder::Member(7), Some("lee@example.net"), false), "2014-04-08");
    assert_eq!((told(&forged), forged.answers.len(), forged.evidence.tokens.len()), ("claimed", 0, 0));
}

#[rstest]
#[case("mx.example.org; dmarc=pass header.from=example.net", "authentication")]
#[case(
    "MX.Example.Org 1; spf=pass smtp.mailfrom=x.org;\r\n dmarc=pass (p=none) header.from=Example.NET",
    "authentication"
)]
#[case("mx.example.org; dkim=pass header.d=example.net", "authentication")]
#[case("mx.example.org; dkim=pass header.i=@example.net", "authentication")]
#[case("mx.example.org; dkim=pass header.d=evil.example.com; dkim=pass header.d=example.net", "authentication")]
// A result of another domain, of a domain below, of a whole top level, of a name that ends alike.
#[case("mx.example.org; dmarc=pass header.from=evil.example.com", "claimed")]
#[case("mx.example.org; dmarc=pass", "claimed")]
#[case("mx.example.org; dkim=pass header.d=evil.example.net", "claimed")]
#[case("mx.example.org; dkim=pass header.d=net", "claimed")]
#[case("mx.example.org; dkim=pass header.d=le.net", "claimed")]
#[case("mx.example.org; dkim=fail header.d=example.net", "claimed")]
#[case("mx.example.org; spf=pass smtp.mailfrom=example.net", "claimed")]
// Another server, and what is not well-formed.
#[case("mx.example.com; dmarc=pass header.from=example.net", "claimed")]
#[case("mx.example.org; dmarc=pass header.from=example.net (", "claimed")]
#[case("none; (mx.example.org;) dmarc=pass header.from=example.net", "claimed")]
// A fail outweighs what else is there, in another field of that server too.
#[case(
    "mx.example.org; dkim=pass header.d=example.net\r\nAuthentication-Results: mx.example.org; dmarc=fail header.from=example.net",
    "claimed"
)]
// Only one of two fields is signed.
#[case("mx.example.org; dmarc=pass header.from=example.net\r\nDate: Wed, 9 Apr 2014 09:00:00 +0200", "claimed")]
#[case("mx.example.org; dmarc=pass header.from=example.net\r\nSubject: a\r\nSubject: b", "claimed")]
#[case("mx.example.org; dmarc=pass header.from=example.net\r\nTo: a@example.org\r\nX: y", "claimed")]
#[case("mx.example.org; dkim=pass header.d=example.net; dmarc=fail header.from=example.net", "claimed")]
#[case("mx.example.org; dmarc=pass header.from=example.net; dmarc=fail header.from=example.net", "claimed")]
#[case("mx.example.org; dmarc=none header.from=example.net; dkim=pass header.d=example.net", "authentication")]
fn a_pass_counts_where_it_is_the_servers_and_aligned(#[case] value: &str, #[case] expected: &str) {
    let fields = format!("Authentication-Results: {value}\r\n{KIM}");
    assert_eq!(told(&judged(&fields, &[], "2014-04-08")), expected);
}

#[test]
fn a_domain_speaks_for_those_below_it() {
    let fields = "Authentication-Results: mx.example.org; dkim=pass header.d=example.com\r\n\
                  From: kim@home.example.com\r\nTo: minuted@example.org";
    assert_eq!(told(&judged(fields, &[], "2014-04-08")), "authentication");
}

#[test]
fn only_the_topmost_field_of_the_server_counts() {
    let pass = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.net";
    let none = "Authentication-Results: mx.example.org; dmarc=none header.from=example.net";
    let broken = "Authentication-Results: mx.example.org; dmarc=none (";
    let other = "Authentication-Results: mx.example.com; dmarc=fail header.from=example.net";
    for (first, second, expected) in [
        (pass, none, "authentication"),
        (none, pass, "claimed"),
        (broken, pass, "claimed"),
        (other, pass, "authentication"),
        (other, none, "claimed"),
    ] {
        let fields = format!("{first}\r\n{second}\r\n{KIM}");
        assert_eq!(told(&judged(&fields, &[], "2014-04-08")), expected, "{first} above {second}");
    }
}

#[rstest]
// The list is the author's domain's: whatever it forwards, it signs as that domain.
#[case("kim@example.net", "example.net", "<wg4.lists.example.net>", "claimed")]
#[case("kim@example.net", "example.net", "<wg4.lists.example.com>", "authentication")]
fn a_pass_in_a_mail_by_the_authors_own_list_proves_the_list(
    #[case] from: &str,
    #[case] domain: &str,
    #[case] list: &str,
    #[case] expected: &str,
) {
    let fields = format!(
        "Authentication-Results: mx.example.org; dmarc=pass header.from={domain}\r\n\
         From: {from}\r\nTo: wg4@elsewhere.example.com\r\nList-Id: {list}"
    );
    assert_eq!(told(&judged(&fields, &[], "2014-04-08")), expected);
}

#[test]
fn a_from_that_the_list_has_written_is_a_claim() {
    let fields = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\r\n\
                  From: Kim via WG4 <wg4@example.net>\r\nX-Original-From: kim@example.net\r\n\
                  To: wg4@example.net\r\nList-Id: <wg4.example.net>";
    assert_eq!(told(&judged(fields, &[], "2014-04-08")), "claimed");
}
