//! Whole mails in, whole messages out. Each fixture shows the structure of one program.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// A plain mail with this text.
fn plain(text: &str) -> String {
    format!(
        "From: Member Catt <member-catt@example.org>\nTo: wg4@example.org\nSubject: Re: SEC-2014-0243\n\
         Date: Mon, 02 Jun 2014 10:00:00 +0200\nMessage-ID: <m1@example.org>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
    )
}

/// A mail of nothing but HTML.
fn only_html(html: &str) -> String {
    plain(html).replace("text/plain", "text/html")
}

/// The author's text, the same whether lines end in LF or CRLF.
#[track_caller]
fn author(raw: &str) -> String {
    let message = read(raw.as_bytes());
    let with_cr = read(raw.replace('\n', "\r\n").as_bytes());
    assert_eq!(message, with_cr, "LF and CRLF are read alike");
    assert_eq!(message.unreadable, None);
    message.author_text
}

fn with_headers(headers: &str) -> Message {
    read(plain("Hello.\n").replacen("MIME-Version", &format!("{headers}\nMIME-Version"), 1).as_bytes())
}

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

#[test]
fn the_identity_of_a_mail_is_read() {
    let raw = "Message-ID: <a.b@example.org>\nFrom: \"Catt, Member\" <Member-Catt@Example.org>\n\
               To: WG4 <wg4@example.org>, group: secretary@example.org, chair@example.org;\nCc: <bot@example.org>\n\
               Reply-To: elsewhere@example.org\nIn-Reply-To: <p@example.org>\nReferences: <o@example.org>\n <p@example.org>\n\
               List-Id: WG4 list <WG4.example.org>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n aus Berlin\n\
               Date: Mon, 02 Jun 2014 10:00:00 +0200\n\ndone\n";
    let message = read(raw.as_bytes());
    assert_eq!(message.message_id.as_deref(), Some("a.b@example.org"));
    assert_eq!(message.date.unwrap().to_string(), "2014-06-02T08:00:00Z");
    let from = message.from.clone().unwrap();
    assert_eq!((from.name.as_str(), from.address), ("Catt, Member", address("member-catt@example.org")));
    let to = ["wg4@example.org", "secretary@example.org", "chair@example.org"].map(address);
    assert_eq!(message.to, to);
    assert_eq!(message.recipients().count(), 4);
    assert_eq!(message.reply_to, [address("elsewhere@example.org")]);
    assert_eq!(message.in_reply_to, ["p@example.org"]);
    assert_eq!(message.references, ["o@example.org", "p@example.org"]);
    assert_eq!(message.list_id.as_deref(), Some("wg4.example.org"));
    assert_eq!(message.subject, "Grüße aus Berlin");
    assert_eq!(message.rewritten_by, None, "Reply-To is never identity");
    assert_eq!(message.author_text, "done");
}

#[rstest]
#[case::year_207777("Date: Mon, 02 Jun 207777 10:00:00 +0000", None)]
#[case::no_such_day("Date: 31 Feb 2014 10:00:00 +0000", None)]
#[case::leap_second("Date: 30 Jun 2012 23:59:60 +0000", Some("2012-06-30T23:59:59Z"))]
#[case::obsolete_zone("Date: Mon, 02 Jun 14 10:00:00 EST", Some("2014-06-02T15:00:00Z"))]
#[case::none_at_all("X-Nothing: here", None)]
fn a_date_is_read_only_where_it_is_one(#[case] header: &str, #[case] expected: Option<&str>) {
    let message = read(format!("From: a@example.org\n{header}\n\nHello\n").as_bytes());
    assert_eq!(message.date.map(|date| date.to_string()).as_deref(), expected);
    assert_eq!(message.author_text, "Hello");
}

#[rstest]
#[case::mailman("From: Kim via WG4 <wg4@example.org>\nReply-To: Kim <kim@example.net>", "kim@example.net", "Kim")]
#[case::mailman_with_the_list_too(
    "From: Kim via WG4 <wg4@example.org>\nReply-To: WG4 <wg4@example.org>, kim@example.net",
    "kim@example.net",
    "Kim"
)]
#[case::google(
    "From: \"'Kim' via WG4\" <wg4@example.org>\nX-Original-From: Kim Park <kim@example.net>\nReply-To: wg4@example.org",
    "kim@example.net",
    "Kim"
)]
#[case::no_via("From: Kim <wg4@example.org>\nX-Original-From: kim@example.net", "kim@example.net", "")]
fn a_from_that_the_list_rewrote_is_undone(#[case] headers: &str, #[case] author: &str, #[case] name: &str) {
    let raw = format!("List-Id: <wg4.example.org>\nList-Post: <mailto:wg4@example.org>\n{headers}\n\nHello\n");
    let message = read(raw.as_bytes());
    let from = message.from.unwrap();
    assert_eq!((from.address, from.name.as_str()), (address(author), name));
    assert_eq!(message.rewritten_by, Some(address("wg4@example.org")));
}

#[rstest]
#[case::no_list("From: Kim via WG4 <wg4@example.org>\nReply-To: kim@example.net")]
#[case::not_the_lists_address("List-Id: <wg4.example.org>\nFrom: Kim <kim@example.net>\nReply-To: other@example.net")]
#[case::no_name("List-Id: <wg4.example.org>\nFrom: WG4 <wg4@example.org>\nReply-To: kim@example.net")]
#[case::another_service("List-Id: <wg4.example.org>\nFrom: Kim via Signing <kim@example.net>\nReply-To: x@example.net")]
fn reply_to_is_used_for_nothing_else(#[case] headers: &str) {
    let message = read(format!("{headers}\n\nHello\n").as_bytes());
    assert_eq!(message.rewritten_by, None);
    assert!(matches!(message.from.unwrap().address.as_str(), "wg4@example.org" | "kim@example.net"));
}

#[rstest]
#[case::one_answer("Reply-To: kim@example.net", "kim@example.net")]
#[case::two_answers("Reply-To: a@example.net, b@example.net", "wg4@example.org")]
#[case::only_the_list("Reply-To: wg4@example.org", "wg4@example.org")]
fn who_is_left_only_a_name_is_known_by_it(#[case] header: &str, #[case] author: &str) {
    let raw = format!("List-Id: <wg4.example.org>\nFrom: Kim via WG4 <wg4@example.org>\n{header}\n\nHello\n");
    let message = read(raw.as_bytes());
    let from = message.from.unwrap();
    assert_eq!((from.name.as_str(), from.address), ("Kim", address(author)));
    assert!(message.by_name);
}

#[rstest]
#[case("Auto-Submitted: auto-generated (rejected)", Some(Automatic::AutoSubmitted))]
#[case("Auto-Submitted: auto-replied; owner-email=a@example.org", Some(Automatic::AutoReply))]
#[case("Auto-Submitted: no", None)]
#[case("X-Autoreply: yes", Some(Automatic::AutoReply))]
#[case("Precedence: auto_reply", Some(Automatic::AutoReply))]
#[case("X-Auto-Response-Suppress: All", None)]
#[case("Return-Path: <>", Some(Automatic::Report))]
#[case("Return-Path: <member-catt@example.org>", None)]
#[case("Precedence: bulk", Some(Automatic::Bulk))]
#[case("Precedence: bulk\nList-Id: <wg4.example.org>", None)]
#[case("Precedence: list\nList-Id: <wg4.example.org>", None)]
#[case("X-Minuted: 1", Some(Automatic::Robot))]
fn a_machine_is_known_by_what_it_says_of_itself(#[case] headers: &str, #[case] expected: Option<Automatic>) {
    assert_eq!(with_headers(headers).automatic, expected);
}

#[rstest]
#[case("MAILER-DAEMON@example.org", Some(Automatic::Robot))]
#[case("no-reply@example.org", Some(Automatic::Robot))]
#[case("do_not_reply+7@example.org", Some(Automatic::Robot))]
#[case("norbert@example.org", None)]
fn an_address_at_which_no_human_writes_is_a_robots(#[case] from: &str, #[case] expected: Option<Automatic>) {
    assert_eq!(read(format!("From: {from}\n\nHello\n").as_bytes()).automatic, expected);
}

#[rstest]
#[case("Out of Office: SEC#10", "X-Auto-Response-Suppress: All", Some(Automatic::AutoReply))]
#[case("=?utf-8?q?R=C3=A9ponse_automatique_:_SEC?=", "Return-Path: <>", Some(Automatic::AutoReply))]
#[case("Out of office, and who stands in for me", "X-Other: 1", None)]
#[case("Automatic reply: who stands in for me", "X-Other: 1", Some(Automatic::AutoReply))]
#[case("Réponse automatique : absent", "X-Other: 1", Some(Automatic::AutoReply))]
#[case("Automatic reply to be discussed", "X-Other: 1", None)]
#[case("Re: SEC#10", "X-Auto-Response-Suppress: All", None)]
fn an_absence_in_the_subject_counts_only_with_another_sign(
    #[case] subject: &str,
    #[case] header: &str,
    #[case] expected: Option<Automatic>,
) {
    let raw = format!("From: member-catt@example.org\nSubject: {subject}\n{header}\n\nI am away.\n");
    assert_eq!(read(raw.as_bytes()).automatic, expected);
}

#[test]
fn a_report_and_a_digest_are_known_by_their_structure() {
    let raw = "From: gate@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
               --b\n\nYour mail was not delivered.\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n";
    assert_eq!(read(raw.as_bytes()).automatic, Some(Automatic::Report));
    let raw = "From: gate@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nToday's topics\n\
               --b\nContent-Type: multipart/digest; boundary=c\n\n--c\n\nFrom: a@example.org\n\n#close A-WG4-TP8-001\n--c--\n--b--\n";
    let digest = read(raw.as_bytes());
    assert_eq!(digest.automatic, Some(Automatic::Digest));
    assert_eq!(digest.author_text, "Today's topics");
}

const OWN: &str = "#close A-WG4-TP8-001";
const OTHER: &str = "#close A-WG4-TP8-002";

#[rstest]
#[case::english("On Mon, 2 Jun 2014 at 09:12, Member Park <member-park@example.org> wrote:")]
#[case::wrapped("On Mon, 2 Jun 2014 at 09:12, Member Park with a rather long name\n<member-park@example.org> wrote:")]
#[case::broken_at_the_bracket("On Mon, 2 Jun 2014 at 09:12, Member Park <member-park@example.org\n> wrote:")]
#[case::three_lines("On Jun 2, 2014,\nat 10:18,\nMember Park <member-park@example.org> wrote:")]
#[case::old_gmail("2014-06-02 9:12 GMT+02:00 Member Park <member-park@example.org>:")]
#[case::german("Am 02.06.2014 um 09:12 schrieb Member Park:")]
#[case::german_gmail("Member Park <member-park@example.org> schrieb am Mo., 2. Juni\n2014 um 09:12:")]
#[case::french("Le 2 juin 2014 à 09:12, Member Park <member-park@example.org> a écrit :")]
#[case::spanish("El lun, 2 jun 2014 a las 9:12, Member Park (<member-park@example.org>) escribió:")]
#[case::italian("Il giorno lun 2 giu 2014 alle ore 09:12 Member Park <member-park@example.org> ha scritto:")]
#[case::portuguese("Em seg., 2 de jun. de 2014 às 09:12, Member Park <member-park@example.org> escreveu:")]
#[case::dutch("Op ma 2 jun. 2014 om 09:12 schreef Member Park <member-park@example.org>:")]
#[case::swedish("Den mån 2 juni 2014 kl 09:12 skrev Member Park <member-park@example.org>:")]
#[case::polish("pon., 2 cze 2014 o 09:12 Member Park <member-park@example.org> napisał(a):")]
#[case::finnish("ma 2. kesäk. 2014 klo 9.12 Member Park (member-park@example.org) kirjoitti:")]
#[case::czech("po 2. 6. 2014 v 9:12 odesílatel Member Park <member-park@example.org> napsal:")]
#[case::russian("пн, 2 июн. 2014 г. в 09:12, Member Park <member-park@example.org>:")]
#[case::ukrainian("пн, 2 черв. 2014 р. о 09:12 Member Park <member-park@example.org> пише:")]
#[case::turkish("Member Park <member-park@example.org>, 2 Haz 2014 Pzt, 09:12 tarihinde şunu yazdı:")]
#[case::chinese("Member Park <member-park@example.org> 于2014年6月2日周一 09:12写道：")]
#[case::japanese("2014年6月2日(月) 9:12 Member Park <member-park@example.org>:")]
#[case::korean("2014년 6월 2일 (월) 오전 9:12, Member Park <member-park@example.org>님이 작성:")]
#[case::vietnamese("Vào Th 2, 2 thg 6, 2014 vào lúc 09:12 Member Park <member-park@example.org> đã viết:")]
#[case::hungarian("Member Park <member-park@example.org> ezt írta (időpont: 2014. jún. 2., H, 9:12):")]
#[case::original_message("-----Original Message-----\nFrom: Member Park\nSent: Monday, 2 June 2014 09:12")]
#[case::outlook(
    "From: Member Park <member-park@example.org>\nSent: Monday, June 2, 2014 9:12 AM\nTo: wg4@example.org\nSubject: SEC"
)]
#[case::outlook_with_its_rule(
    "________________________________\nVon: Member Park\nGesendet: Montag, 2. Juni 2014 09:12\nAn: WG4\nBetreff: SEC"
)]
#[case::outlook_french("De : Member Park\nEnvoyé : lundi 2 juin 2014 09:12\nÀ : WG4\nObjet : SEC")]
#[case::bold(
    "*From:* Member Park [mailto:\nmember-park@example.org]\n*Sent:* Monday, June 02, 2014 9:12 AM\n*To:* WG4\n*Subject:* SEC"
)]
#[case::chinese_block("发件人: Member Park\n发送时间: 2014年6月2日 9:12\n收件人: WG4\n主题: SEC")]
#[case::notes("Member Park/EXAMPLE\n06/02/2014 09:12 AM\nTo: WG4/EXAMPLE@EXAMPLE\ncc:\nSubject: SEC")]
#[case::forwarded_by_notes(
    "---------------------- Forwarded by Member Park/EX on 06/02/2014 09:12 AM ---------------------------"
)]
#[case::forwarded_by_gmail(
    "---------- Forwarded message ---------\nFrom: Member Park <member-park@example.org>\nDate: Mon, Jun 2, 2014 at 9:12 AM"
)]
#[case::forwarded_by_apple(
    "Begin forwarded message:\n\nFrom: Member Park <member-park@example.org>\nSubject: SEC\nDate: 2 June 2014"
)]
#[case::german_forward(
    "-------- Weitergeleitete Nachricht --------\nBetreff: SEC\nDatum: Mon, 2 Jun 2014\nVon: Member Park"
)]
#[case::yahoo("--- On Mon, 6/2/14, Member Park <member-park@example.org> wrote:")]
#[case::android("---- Member Park wrote ----")]
fn an_earlier_mail_below_is_not_the_authors(#[case] begin: &str) {
    assert_eq!(author(&plain(&format!("{OWN}\n\n{begin}\n\n{OTHER}\n"))), OWN, "unquoted");
    assert_eq!(
        author(&plain(&format!("Fine.\n{OWN}\n\n{begin}\n\n> Hello,\n> {OTHER}\n"))),
        format!("Fine.\n{OWN}"),
        "quoted"
    );
}

#[test]
fn interleaved_answers_are_kept_in_order() {
    let text = "On 2014-06-02, Member Park wrote:\n> first question?\n\n#close A-WG4-TP8-001\n\n> #close A-WG4-TP8-002\n>> deeper\n\
                ongoing A-WG4-TP8-003\n> third\n\nfourth answer\n";
    assert_eq!(author(&plain(text)), "#close A-WG4-TP8-001\n\nongoing A-WG4-TP8-003\n\nfourth answer");
}

#[test]
fn an_answer_between_quotes_keeps_the_quoted_text_above_it() {
    let cell = |number: &str, name: &str| {
        format!(
            "<tr><td><span>{number}.</span> <strong>{name}</strong><br><span>open</span></td><td>Title<br><span>Lead</span></td></tr>"
        )
    };
    let table = |rows: String| format!("<blockquote type=\"cite\"><div><table>{rows}</table></div></blockquote>");
    let html = format!(
        "<html><body><div>Hello,</div><div>On 2 Jun 2014, at 09:00, minuted wrote:</div>{}<div>done</div><div><br></div>{}\
         <div>ongoing</div></body></html>",
        table(cell("1", "A-WG4-TP8-001") + &cell("2", "A-WG4-TP8-003")),
        table(cell("3", "A-WG4-TP8-005")),
    );
    let message = read(only_html(&html).as_bytes());
    assert_eq!(message.author_text, "Hello,\n\ndone\n\nongoing");
    let quotes: Vec<(usize, &str)> = message.quoted.iter().map(|quote| (quote.above, quote.text.as_str())).collect();
    let rows = "1. A-WG4-TP8-001\nopen Title\nLead\n2. A-WG4-TP8-003\nopen Title\nLead";
    assert_eq!(quotes, [(3, rows), (5, "3. A-WG4-TP8-005\nopen Title\nLead")]);
}

#[test]
fn the_tail_of_a_quoted_line_that_lost_its_mark_goes() {
    let text = "> As discussed in the call yesterday, we should all look at the new text before\nthe meeting\n> starts.\n\nAgreed.\n";
    assert_eq!(author(&plain(text)), "Agreed.");
}

#[rstest]
#[case::bars("| one\n| #close A-WG4-TP8-002\n| three")]
#[case::colons(": one\n: #close A-WG4-TP8-002\n: three")]
#[case::initials("KP> one\nKP> #close A-WG4-TP8-002")]
#[case::far_in("   > one\n   > #close A-WG4-TP8-002")]
fn other_marks_of_a_quote_are_known(#[case] quote: &str) {
    assert_eq!(author(&plain(&format!("{quote}\n\n{OWN}\n"))), OWN);
}

#[rstest]
#[case::exact("-- \nMember Catt\n#close A-WG4-TP8-002\nExample Ltd")]
#[case::bare("--\nMember Catt\nExample Ltd")]
#[case::phone("Sent from my iPhone")]
#[case::app("Get Outlook for iOS<https://aka.example/o0ukef>")]
#[case::german_phone("Von meinem iPhone gesendet")]
#[case::contact("Member Catt\nSenior Engineer, Example Ltd\nTel: +49 30 1234567\nmember-catt@example.org")]
#[case::mailman(
    "_______________________________________________\nWG4 mailing list -- wg4@example.org\nTo unsubscribe send an email to wg4-leave@example.org"
)]
#[case::google_groups(
    "-- \nYou received this message because you are subscribed to the Google Groups \"WG4\" group.\nTo unsubscribe from this group, send an email to wg4+unsubscribe@example.org."
)]
#[case::sympa("To unsubscribe from this list: https://lists.example.org/sympa/info/wg4")]
#[case::notice(
    "This e-mail is confidential and intended solely for the addressee. If you are not the intended recipient, any disclosure is strictly prohibited."
)]
fn what_stands_below_the_text_is_no_text(#[case] below: &str) {
    assert_eq!(author(&plain(&format!("Dear all,\n\n{OWN}\n\n{below}\n"))), format!("Dear all,\n\n{OWN}"));
}

#[test]
fn a_title_below_a_closing_goes_and_the_closing_stays() {
    let text = "done\n\nBest regards,\nMember Catt\nSenior Engineer\nExample Ltd\n+49 30 1234567\n";
    assert_eq!(author(&plain(text)), "done\n\nBest regards,\nMember Catt");
}

#[test]
fn a_warning_that_a_gateway_wrote_above_goes() {
    let text = "CAUTION: This email originated from outside of the organization. Do not click links.\n\ndone\n";
    assert_eq!(author(&plain(text)), "done");
}

#[rstest]
#[case("Meeting on 2014-06-09 in Berlin:\n1. agenda\n2. roll call")]
#[case("To: be discussed\nthe rest")]
#[case("The result -- as said -- is fine.\nmore")]
#[case("Sent from my desk, which is easier than my phone.\nmore")]
#[case("| a | b |\n| c | d |\n| e | f |")]
#[case("A-WG4-TP8-001: closed\nA-WG4-TP8-002: due 2014-06-09")]
#[case("Thanks!\n\ndone 1,3")]
#[case("Thanks,\n#close A-WG4-TP8-001\n#close A-WG4-TP8-002")]
fn the_authors_own_lines_stay(#[case] text: &str) {
    assert_eq!(author(&plain(text)), text);
}

#[test]
fn marks_and_spaces_that_cannot_be_seen_break_nothing() {
    let text = "\u{feff}done\u{a0}A-WG4-TP8-001\n\nOn Mon,\u{202f}2 Jun 2014, \u{201c}Member\u{a0}Park\u{201d} wrote:\u{a0}\n\n#close A-WG4-TP8-002\n";
    assert_eq!(author(&plain(text)), "done A-WG4-TP8-001");
}

#[test]
fn flowed_paragraphs_are_rejoined() {
    let flowed = plain("This is a long \nparagraph.\n>quoted \n>text\n from here\n-- \nMember Catt\n")
        .replace("utf-8", "utf-8; format=flowed");
    assert_eq!(author(&flowed), "This is a long paragraph.\n\nfrom here");
    let delsp = plain("#close A-WG4-TP \n8-001\n").replace("utf-8", "utf-8; format=flowed; delsp=yes");
    assert_eq!(author(&delsp), "#close A-WG4-TP8-001");
}

#[rstest]
#[case("iso-8859-1", b"Gr\xfc\xdfe".as_slice(), "Grüße")]
#[case("windows-1251", b"\xe4\xe0", "да")]
#[case("shift_jis", b"\x93\xfa\x96\x7b", "日本")]
#[case("iso-2022-jp", b"\x1b$BF|K\\\x1b(B", "日本")]
#[case("gb18030", b"\xc8\xd5\xb1\xbe", "日本")]
#[case("koi8-r", b"\xc4\xc1", "да")]
#[case("windows-1255", b"\xf9\xec\xe5\xed", "שלום")]
#[case("no-such-charset", b"Gr\xfc\xdfe", "Gr\u{fffd}\u{fffd}e")]
#[case("us-ascii", b"it\x92s", "it’s")]
fn a_text_is_read_in_its_charset(#[case] charset: &str, #[case] bytes: &[u8], #[case] expected: &str) {
    let mut raw = format!("From: a@example.org\nContent-Type: text/plain; charset={charset}\n\n").into_bytes();
    raw.extend_from_slice(bytes);
    assert_eq!(read(&raw).author_text, expected);
}

const GMAIL: &str = "<div dir=\"ltr\">#close A-WG4-TP8-001<br><div class=\"gmail_signature\">Member Catt</div></div><br>\
    <div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">Unknown language &lt;a@example.org&gt;<br></div>\
    <blockquote class=\"gmail_quote\"><div>#close A-WG4-TP8-002</div></blockquote></div>";
const OUTLOOK: &str = "<html><head><style>p {x}</style></head><body><div class=WordSection1><p class=MsoNormal>#close A-WG4-TP8-001<o:p></o:p></p>\
    <div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b>X:</b> Park<br><b>Y:</b> today</p></div>\
    <p>#close A-WG4-TP8-002</p></div></body></html>";
const OUTLOOK_WEB: &str = "<div>#close A-WG4-TP8-001</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>X:</b> Park</div>\
    <div>#close A-WG4-TP8-002</div>";
const APPLE: &str = "<body>#close A-WG4-TP8-001<div><br><blockquote type=\"cite\"><div>On 2 Jun 2014, Park wrote:</div>\
    <div>#close A-WG4-TP8-002</div></blockquote></div></body>";
const THUNDERBIRD: &str = "<p>#close A-WG4-TP8-001</p><div class=\"moz-cite-prefix\">X Y Z</div><blockquote type=\"cite\" cite=\"mid:a\">\
    <p>#close A-WG4-TP8-002</p></blockquote><pre class=\"moz-signature\">-- \nMember Catt</pre>";
const YAHOO: &str = "<div>#close A-WG4-TP8-001</div><div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\"><div>X Y</div><div>#close A-WG4-TP8-002</div></div>";
const PROTON: &str =
    "<div>#close A-WG4-TP8-001</div><div class=\"protonmail_quote\">------- X -------<br>#close A-WG4-TP8-002</div>";
const THROUGH_EXCHANGE: &str =
    "<div>#close A-WG4-TP8-001</div><div id=\"x_divRplyFwdMsg\">X</div><div>#close A-WG4-TP8-002</div>";
const HIDDEN: &str = "<div style=\"display: none\">#close A-WG4-TP8-002</div><span style='font-size:0px'>#close A-WG4-TP8-002</span>\
    <div hidden>#close A-WG4-TP8-002</div><script>'#close A-WG4-TP8-002'</script><!-- #close A-WG4-TP8-002 -->#close A-WG4-TP8-001";

#[test]
fn the_cells_of_a_row_are_one_line_also_where_each_is_a_paragraph() {
    let row = |cells: &[&str]| {
        let cells: String =
            cells.iter().map(|cell| format!("<td><p class=MsoNormal>{cell}<o:p></o:p></p></td>\n")).collect();
        format!("<tr>{cells}</tr>")
    };
    let table = format!(
        "<table>{}{}</table><p>Below</p>",
        row(&["A-WG4-TP8-003", "Specify", "done"]),
        row(&["A-WG4-TP8-005", "", "open"])
    );
    assert_eq!(author(&only_html(&table)), "A-WG4-TP8-003 Specify done\nA-WG4-TP8-005 open\n\nBelow");
    let layout = "<table><tr><td><p>Hello,</p><p>done</p></td></tr></table>";
    assert_eq!(author(&only_html(layout)), "Hello,\n\ndone");
}

#[test]
fn secrets_are_found_in_attachments_in_whatever_they_are_wrapped() {
    let code = "a2b3c4d5";
    let inner = data_encoding::BASE64.encode(format!("Subject: x\r\n\r\nconfirm {code}\r\n").as_bytes());
    let attached = format!("Content-Transfer-Encoding: base64\r\n\r\n{inner}\r\n");
    for media in ["application/octet-stream", "message/rfc822", "image/png"] {
        let mail = format!(
            "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {media}\r\n{attached}--b--\r\n"
        );
        assert!(secrets(mail.as_bytes()).codes.contains(&code.to_owned()), "{media}");
        let twice = data_encoding::BASE64.encode(mail.as_bytes());
        let mail = format!("Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{twice}\r\n");
        assert!(secrets(mail.as_bytes()).codes.contains(&code.to_owned()), "{media}, twice");
    }
}

#[test]
fn what_is_struck_out_is_not_read() {
    let html = "<p><s>close A-WG4-TP8-001</s></p><p><del>done 2</del></p>\
                <p><span style='text-decoration: line-through'>done 3</span></p><p>Hello</p>";
    assert_eq!(author(&only_html(html)), "Hello");
}

#[test]
fn a_last_paragraph_with_several_peoples_addresses_is_no_signature() {
    let text = "done A-WG4-TP8-003\n\nmember A B, CATT, a@example.org\nmember C D, CATT, c@example.org\n";
    assert_eq!(author(&plain(text)), text.trim_end());
}

#[rstest]
#[case::gmail(GMAIL)]
#[case::outlook(OUTLOOK)]
#[case::outlook_web(OUTLOOK_WEB)]
#[case::apple(APPLE)]
#[case::thunderbird(THUNDERBIRD)]
#[case::yahoo(YAHOO)]
#[case::proton(PROTON)]
#[case::through_exchange(THROUGH_EXCHANGE)]
#[case::hidden(HIDDEN)]
fn html_is_read_through_the_marks_of_its_program(#[case] html: &str) {
    assert_eq!(author(&only_html(html)), OWN);
}

#[test]
fn a_long_comment_of_word_hides_nothing_below_it() {
    let html = format!(
        "<!--[if gte mso 9]><xml>{}</xml><![endif]--><p>done</p>",
        "<w:x w:a=\"1\" w:b=\"2\"/>\n".repeat(2_000)
    );
    assert_eq!(author(&only_html(&html)), "done");
}

#[test]
fn what_stands_deeper_than_is_followed_is_not_read() {
    let html = format!("<p>done</p>{}<blockquote>{OTHER}</blockquote>", "<div>".repeat(2_000));
    assert_eq!(author(&only_html(&html)), "done");
}

#[rstest]
#[case::word(
    "<blockquote type=cite><div>Could you say which of the items of the last meeting are finished or</div></blockquote>\
     <div>done</div><blockquote type=cite><div>and which are not?</div></blockquote>"
)]
#[case::address(
    "<div>Am 2.6.2014 schrieb &quot;Member Park&quot; &lt;park@example.org</div><blockquote type=cite><div>:</div>\
     <div>close A-WG4-TP8-002</div></blockquote>"
)]
fn what_was_torn_from_a_quote_in_html_is_not_the_senders(#[case] quote: &str) {
    assert_eq!(author(&only_html(&format!("<div>{OWN}</div><div><br></div>{quote}"))), OWN);
}

#[test]
fn what_stands_beside_a_vertical_line_is_a_quote_in_a_reply() {
    let html = format!(
        "<div>{OWN}</div><br><div style=\"border-left: 2px solid #ccc; padding-left: 8px\"><div>Hello,</div>\
         <div>close A-WG4-TP8-002</div></div><div>That is all.</div>"
    );
    let mail = only_html(&html);
    assert_eq!(
        author(&mail.replace("MIME-Version", "In-Reply-To: <m0@example.org>\nMIME-Version")),
        format!("{OWN}\n\nThat is all.")
    );
    assert!(author(&mail).contains("close A-WG4-TP8-002"), "who begins a thread quotes nobody so");
    let table = "<table><tr><td style=\"border:solid 1pt;border-left:solid 1pt;padding-left:5pt\">close A-WG4-TP8-001</td></tr></table>";
    assert_eq!(
        author(&only_html(table).replace("MIME-Version", "In-Reply-To: <m0@example.org>\nMIME-Version")),
        "close A-WG4-TP8-001"
    );
}

#[test]
fn answers_between_quotes_below_a_signature_that_html_marks_are_read() {
    let html = format!(
        "<div>Hello.</div><br><span class=\"gmail_signature_prefix\">-- </span><br><div class=\"gmail_signature\">Catt</div>\
         <blockquote class=\"gmail_quote\">Which items are done?</blockquote><div><br></div><div>{OWN}</div>\
         <blockquote class=\"gmail_quote\">And the second?</blockquote><div>Not yet.</div>"
    );
    assert_eq!(author(&only_html(&html)), format!("Hello.\n\n{OWN}\n\nNot yet."));
}

#[test]
fn control_characters_stay_as_written_and_no_rule_sees_them() {
    assert_eq!(
        author(&plain("The group\u{1},s list\n\u{1}\n\u{7}one\u{1b}[1m\n")),
        "The group\u{1},s list\n\n\u{7}one[1m"
    );
    let mail = "done A-WG4-TP8-001\n\nOn Mon, 2 Jun 2014, Member Park wro\u{1}te:\n\u{1}> close A-WG4-TP8-002\n";
    assert_eq!(author(&plain(mail)), "done A-WG4-TP8-001");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn control_characters_hide_nothing(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "Hello,", "> ", "\n", "\n\n", "close A-WG4-TP8-001", "On Mon, 2 Jun 2014, Member Park wrote:", "-- \n",
                "Regards,\nCatt\n", "+49 30 1234567", "-----Original Message-----", "\u{1}", "\u{7}", "\u{1f}", "From: Catt\n",
            ]),
            1..24,
        ),
    ) {
        let text = pieces.concat();
        let bare = crate::domain::without_controls(&text).into_owned();
        let written = read(plain(&text).as_bytes()).author_text;
        prop_assert_eq!(crate::domain::without_controls(&written).into_owned(), read(plain(&bare).as_bytes()).author_text);
    }
}

#[test]
fn an_answer_between_two_quotes_of_html_is_the_senders() {
    let html = "<blockquote type=cite><p>A-WG4-TP8-003 | Align existing text with SEC-2014-0259 | open</p></blockquote>\
        <p>done</p><blockquote type=cite><p>A-WG4-TP8-004 | open</p></blockquote>";
    assert_eq!(author(&only_html(html)), "done");
}

#[test]
fn the_blocks_of_html_are_lines() {
    let html = "<p>one&nbsp;&amp; <b>two</b><br>three</p><ul><li>four<li>five</ul><table><tr><td>a</td><td>b</td></tr></table><pre>x\n  y</pre>";
    assert_eq!(author(&only_html(html)), "one & two\nthree\n\n* four\n* five\n\na b\n\nx\n  y");
}

/// A mail of these parts, each with its own header fields.
fn multipart(kind: &str, parts: &[&str]) -> String {
    let mut raw = format!(
        "From: a@example.org\nIn-Reply-To: <p@example.org>\nContent-Type: multipart/{kind}; boundary=\"=b 1\"\n\npreamble\n"
    );
    for part in parts {
        raw.push_str(&format!("--=b 1\n{part}\n"));
    }
    raw + "--=b 1--\nepilogue\n"
}

#[test]
fn the_plain_alternative_is_read_unless_it_is_none() {
    let html = "Content-Type: text/html\n\n<p>from the html</p>";
    assert_eq!(author(&multipart("alternative", &["\nfrom the text", html])), "from the text");
    assert_eq!(author(&multipart("alternative", &["\n \n", html])), "from the html");
    assert_eq!(author(&multipart("alternative", &["\nThis message is in HTML format.", html])), "from the html");
    let quoting = "Content-Type: text/html\n\n<p>done</p><blockquote type=cite>#close A-WG4-TP8-002</blockquote>";
    let unmarked = "\ndone\n#close A-WG4-TP8-002";
    assert_eq!(
        author(&multipart("alternative", &[unmarked, quoting])),
        "done",
        "the text has no marks and the HTML has"
    );
}

#[test]
fn the_first_part_is_signed_or_mixed_and_files_are_only_named() {
    let signature = "Content-Type: application/pgp-signature; name=signature.asc\n\nxyz";
    assert_eq!(author(&multipart("signed; protocol=\"application/pgp-signature\"", &["\ndone", signature])), "done");
    let file = "Content-Type: text/plain; name=\"SEC-2014-0243R01.txt\"\nContent-Disposition: attachment; filename=\"SEC-2014-0243R01.txt\"\n\n#close A-WG4-TP8-002";
    let forwarded = "Content-Type: message/rfc822\n\nFrom: b@example.org\n\n#close A-WG4-TP8-002";
    let footer = "\n_______________________________________________\nWG4 mailing list\nwg4@example.org";
    let message = read(multipart("mixed", &["\ndone", file, forwarded, footer]).as_bytes());
    assert_eq!(message.author_text, "done");
    assert_eq!(message.attachments, ["SEC-2014-0243R01.txt"]);
}

#[test]
fn a_quote_goes_on_in_the_next_part() {
    let parts = ["\ndone\n\nOn 2 Jun 2014, at 10:00, Park <p@example.org> wrote:\n\nfirst", "\n#close A-WG4-TP8-002"];
    assert_eq!(author(&multipart("mixed", &parts)), "done");
}

#[test]
fn a_clear_signed_text_is_read_and_an_encrypted_one_is_not() {
    let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\ndone\n- -- \nMember Catt\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n";
    assert_eq!(author(&plain(signed)), "done");
    let parts =
        ["Content-Type: application/pgp-encrypted\n\nVersion: 1", "Content-Type: application/octet-stream\n\nxyz"];
    for raw in [
        multipart("encrypted", &parts),
        plain("-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n"),
        plain("MIAG").replace("text/plain; charset=utf-8", "application/pkcs7-mime; smime-type=enveloped-data"),
    ] {
        let message = read(raw.as_bytes());
        assert_eq!((message.unreadable, message.author_text.as_str()), (Some(Unreadable::Encrypted), ""));
    }
}

#[rstest]
#[case::nothing("", Unreadable::Malformed)]
#[case::no_headers("\n\n", Unreadable::Malformed)]
#[case::a_picture("From: a@example.org\nContent-Type: image/png\n\nx", Unreadable::NoText)]
#[case::no_boundary_met(
    "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--c\n\nx",
    Unreadable::Malformed
)]
fn what_has_no_text_says_so(#[case] raw: &str, #[case] why: Unreadable) {
    assert_eq!(read(raw.as_bytes()).unreadable, Some(why));
}

#[test]
fn ten_thousand_parts_and_a_hundred_levels_are_read_as_far_as_they_go() {
    let many = format!(
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ndone\n{}",
        "--b\n\nmore\n".repeat(20_000)
    );
    assert!(read(many.as_bytes()).author_text.starts_with("done"));
    let mut deep = String::from("From: a@example.org\n");
    for level in 0..200 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}x\n\n--b{level}x\n"));
        if level == 50 {
            deep.push_str(&format!("\ndone\n--b{level}x\n"));
        }
    }
    assert_eq!(read(deep.as_bytes()).author_text, "done");
    let messages = "Content-Type: message/rfc822\n\n".repeat(100_000);
    assert_eq!(read(format!("From: a@example.org\n{messages}").as_bytes()).unreadable, Some(Unreadable::NoText));
}

/// The time that the processor spent on this thread; where no one counts it, that on the wall.
fn spent(begin: std::time::Instant) -> std::time::Duration {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    counted.map_or_else(|| begin.elapsed(), std::time::Duration::from_nanos)
}

/// Of four times the text no more than eight times the work: one quadratic loop over it makes sixteen.
#[track_caller]
fn is_linear(mail: impl Fn(usize) -> String, size: usize) {
    let begin = std::time::Instant::now();
    let took = |mail: &str| {
        // The shorter of three: the others may have waited for memory.
        let one = || {
            let before = spent(begin);
            let _ = read(mail.as_bytes());
            spent(begin).saturating_sub(before)
        };
        one().min(one()).min(one())
    };
    let (small, large) = (mail(size), mail(4 * size));
    let (one, four) = (took(&small), took(&large));
    // Some systems count in steps of four or ten milliseconds.
    assert!(four <= one * 8 + std::time::Duration::from_millis(40), "{one:?}, of four times as much {four:?}");
}

#[rstest]
#[case::marks(|n| ">".repeat(n), 100_000)]
#[case::fields(|n| "a:\n".repeat(n), 5_000)]
#[case::openers(|n| "On wrote: ".repeat(n), 5_000)]
#[case::attributions(|n| "On 1/1/2014 a@b.c wrote:\n".repeat(n), 1_000)]
#[case::brackets(|n| "<".repeat(n), 25_000)]
#[case::words(|n| format!("{}wrote:", "x ".repeat(n)), 25_000)]
#[case::headers(|n| "From: a\n".repeat(n), 1_500)]
#[case::bars(|n| "| a\n".repeat(n), 5_000)]
#[case::closings(|n| "Regards,\nKim\nx8321\n".repeat(n), 1_500)]
#[case::footers(|n| "_______________________\nWG4 mailing list\nhttp://example.org\n\n".repeat(n), 1_500)]
#[case::notices(|n| format!("{}\n\n", "If you are not the intended recipient, this confidential mail is privileged.").repeat(n), 1_500)]
#[case::names(|n| "Regards,\nKim\n\n".repeat(n), 1_500)]
#[case::days(|n| "2014-06-02 9:12 GMT+02:00 Kim\n> a\n".repeat(n), 1_500)]
fn hostile_text_takes_no_more_than_linear_work(#[case] text: fn(usize) -> String, #[case] size: usize) {
    is_linear(|size| plain(&text(size)), size);
    is_linear(|size| only_html(&text(size)), size);
}

#[rstest]
#[case::blocks(|n| "<div>".repeat(n), 20_000)]
#[case::paragraphs(|n| "<p><b>".repeat(n), 20_000)]
#[case::attributes(|n| format!("<!-- ' --><a x='>' {}>", (0..n).map(|n| format!("b{n} ")).collect::<String>()), 20_000)]
#[case::ends(|n| "</b>".repeat(n), 20_000)]
#[case::quotes(|n| "<blockquote>a</blockquote>b".repeat(n), 2_000)]
fn hostile_html_takes_no_more_than_linear_work(#[case] html: fn(usize) -> String, #[case] size: usize) {
    is_linear(|size| only_html(&html(size)), size);
}

#[test]
fn a_nul_vanishes() {
    assert_eq!(author(&plain("do\0ne A-WG4-TP8-001\n")), "done A-WG4-TP8-001");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&raw);
    }

    #[test]
    fn a_damaged_mail_is_read(which in 0..6_usize, cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mails = [
            plain("done\n\nOn 2014-06-02 Park wrote:\n> a\n-- \nCatt\n"),
            only_html(GMAIL),
            only_html(OUTLOOK),
            multipart("alternative", &["\ntext", "Content-Type: text/html\n\n<p>html</p>"]),
            multipart("mixed", &["Content-Transfer-Encoding: base64\n\nZG9uZQ==", "Content-Transfer-Encoding: quoted-printable\n\nd=6Fne"]),
            plain("a \nb\n").replace("utf-8", "utf-8; format=flowed"),
        ];
        let mut raw = mails[which].clone().into_bytes();
        for (at, byte) in cuts {
            let at = at.index(raw.len());
            raw[at] = byte;
        }
        let message = read(&raw);
        prop_assert!(!message.author_text.contains('\r') && !message.subject.contains('\n'));
    }
}

#[rstest]
#[case::no_date("Bob Miller wrote:")]
#[case::a_day_only("On Wed, Bob Miller wrote:")]
#[case::horde("Quoting Bob Miller <bob@example.org>:")]
#[case::horde_in_german("Zitat von Bob Miller:")]
#[case::french("Bob Miller a écrit :")]
fn who_is_quoted_without_marks_is_not_the_author(#[case] attribution: &str) {
    for end in ["\n", "\r\n"] {
        let raw =
            format!("From: a@example.org\n\nThanks.\n\n{attribution}\n\ncancel A-WG4-TP8-001\n").replace('\n', end);
        assert_eq!(read(raw.as_bytes()).author_text, "Thanks.");
    }
}

#[rstest]
#[case("These are the items:")]
#[case("As I wrote:")]
#[case("Action items of SEC#10:")]
fn a_colon_alone_quotes_nobody(#[case] line: &str) {
    let raw = format!("From: a@example.org\n\nThanks.\n\n{line}\n\ncancel A-WG4-TP8-001\n");
    assert!(read(raw.as_bytes()).author_text.ends_with("cancel A-WG4-TP8-001"));
}

#[rstest]
#[case::below_the_text("Thanks.\nMember Park wrote:")]
#[case::day_below_the_text("Thanks.\nOn Wed, Member Park wrote:")]
#[case::wrapped("Thanks.\n\nOn Wed, Member Park\nwrote:")]
#[case::wrapped_below_the_text("Thanks.\nOn Wed, Member Park\nwrote:")]
#[case::german("Thanks.\n\nAm Mittwoch schrieb Member Park:")]
#[case::dutch("Thanks.\nOp woensdag schreef Member van Park:")]
#[case::swedish("Thanks.\n\nDen onsdag skrev Member Park:")]
fn who_is_quoted_in_any_place_and_order_is_not_the_author(#[case] above: &str) {
    assert_eq!(author(&plain(&format!("{above}\n\n{OTHER}\n"))), "Thanks.", "a blank line between");
    assert_eq!(author(&plain(&format!("{above}\n{OTHER}\n"))), "Thanks.", "none between");
    assert_eq!(author(&plain(&format!("{above}\n> {OTHER}\n{OWN}\n"))), format!("Thanks.\n\n{OWN}"), "quoted");
}

#[rstest]
#[case("As I wrote on Wed:")]
#[case("Wie ich am Mittwoch schrieb:")]
#[case("Comme j'ai écrit :")]
#[case("On Wednesday the group said what has to be done:")]
#[case("Actions of Wednesday:")]
fn who_speaks_of_the_sender_or_of_nobody_quotes_nobody(#[case] line: &str) {
    assert_eq!(author(&plain(&format!("Thanks.\n{line}\n{OWN}\n"))), format!("Thanks.\n{line}\n{OWN}"));
}

#[rstest]
#[case::white("<p style=\"color:#ffffff\">", "</p>")]
#[case::short("<p style='color: #FFF !important'>", "</p>")]
#[case::named("<span style=color:White>", "</span>")]
#[case::rgb("<span style='font-weight:bold;color:rgb(255, 255, 255)'>", "</span>")]
#[case::rgb_with_spaces("<span style='color:rgb(255 255 255 / 100%)'>", "</span>")]
#[case::hsl("<span style='color:hsl(0, 0%, 100%)'>", "</span>")]
#[case::nearly_white("<span style='color:#fdfdfe'>", "</span>")]
#[case::font("<font size=1 color=white>", "</font>")]
#[case::font_in_digits("<font color=\"ffffff\">", "</font>")]
#[case::inherited("<div style='color:#fff'><b>", "</b></div>")]
#[case::transparent("<p style='color:transparent'>", "</p>")]
#[case::no_alpha("<p style='color:rgba(0,0,0,0)'>", "</p>")]
#[case::black_on_black("<div style='background:black'><p style='color:#000'>", "</p></div>")]
#[case::default_on_black("<table><tr><td bgcolor='#000000'>", "</td></tr></table>")]
#[case::white_on_white_again("<div style='background:#000'><p style='background-color:#fff;color:#fff'>", "</p></div>")]
#[case::white_over_an_image("<div style='background:url(dark.png)'><p style='color:#fff'>", "</p></div>")]
#[case::size_0("<p style='font-size:0'>", "</p>")]
#[case::size_1("<p style='font-size:1px'>", "</p>")]
#[case::shorthand("<p style='font:0/0 a'>", "</p>")]
#[case::opacity("<p style='opacity:0.01'>", "</p>")]
#[case::a_pixel_high("<p style='height:1px;overflow:hidden'>", "</p>")]
#[case::far_out("<p style='position:absolute;left:-5000px'>", "</p>")]
#[case::clipped("<p style='position:absolute;clip:rect(0, 0, 0, 0)'>", "</p>")]
#[case::scaled("<p style='transform:scale(0)'>", "</p>")]
fn html_that_cannot_be_seen_is_not_read(#[case] begin: &str, #[case] end: &str) {
    assert_eq!(author(&only_html(&format!("<p>{OWN}</p>{begin}{OTHER}{end}<p>Bye.</p>"))), format!("{OWN}\n\nBye."));
}

#[rstest]
#[case::white_on_dark("<div style='background-color:#1f1f1f'><p style='color:#fff'>", "</p></div>")]
#[case::white_cell("<table bgcolor=navy><tr><td style='color:white'>", "</td></tr></table>")]
#[case::dark_body("<body bgcolor=black text=white>", "</body>")]
#[case::black_in_white("<div style='color:#fff'><p style='color:#000'>", "</p></div>")]
#[case::words_colour("<span style='color:windowtext;background:white'>", "</span>")]
#[case::blue("<span style='color:#1F497D'>", "</span>")]
#[case::unknown_colour("<span style='color:var(--x)'>", "</span>")]
#[case::small("<font size=1 style='font-size:8pt'>", "</font>")]
#[case::a_little_to_the_left("<p style='text-indent:-18.0pt;margin-left:36.0pt'>", "</p>")]
fn html_that_is_seen_is_read(#[case] begin: &str, #[case] end: &str) {
    assert_eq!(author(&only_html(&format!("{begin}{OWN}{end}"))), OWN);
}

#[rstest]
#[case("Automatic reply: SEC#10", Some(Automatic::AutoReply))]
#[case("Automatische Antwort: SEC#10", Some(Automatic::AutoReply))]
#[case("Réponse automatique : SEC#10", Some(Automatic::AutoReply))]
#[case("Out of Office: SEC#10", Some(Automatic::AutoReply))]
#[case("Out of Office AutoReply: SEC#10", Some(Automatic::AutoReply))]
#[case("自动答复：SEC#10", Some(Automatic::AutoReply))]
#[case("[WG4] [External] Automatisch antwoord: SEC#10", Some(Automatic::AutoReply))]
#[case("Re: Automatic reply: SEC#10", None)]
#[case("Automatic reply to liaisons: SEC#10", None)]
#[case("Vacation: who stands in for me", None)]
#[case("SEC#10 in the vacation: automatic reply", None)]
fn a_subject_that_a_machine_begins_needs_no_other_sign(#[case] subject: &str, #[case] expected: Option<Automatic>) {
    let raw = format!("From: member-catt@example.org\nSubject: {subject}\n\nI am away.\n");
    assert_eq!(read(raw.as_bytes()).automatic, expected);
}

#[rstest]
#[case::plain("7bit", "minuted+{token}@example.org, code k7qd2abc")]
#[case::quoted_printable("quoted-printable", "minuted+{half}=\n{rest}@example.org, code k7=\nqd2abc")]
#[case::base64("base64", "{base64}")]
#[case::link("7bit", "<a href=\"mailto:minuted%2B{token}@example.org\">, <b>k7qd2abc</b>")]
fn tokens_and_codes_are_seen_in_any_encoding(#[case] encoding: &str, #[case] body: &str) {
    let token = "abcdefghijklmnopqrstuvwxyz23456722";
    let plain = format!("> minuted+{token}@example.org, code k7qd2abc");
    let body = body.replace("{token}", token).replace("{half}", &token[..20]).replace("{rest}", &token[20..]);
    let body = body.replace("{base64}", &data_encoding::BASE64.encode(plain.as_bytes()));
    let raw = format!(
        "From: member-catt@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
         Content-Type: text/html\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--b--\n"
    );
    let found = secrets(raw.as_bytes());
    assert_eq!(found.tokens, [token.parse().unwrap()]);
    assert!(found.codes.contains(&"k7qd2abc".to_owned()), "{:?}", found.codes);
}

#[rstest]
#[case("From: a@example.org", false)]
#[case("From: a@example.org, b@example.org", true)]
#[case("From: a@example.org\nFrom: b@example.org", true)]
#[case("From: Group: a@example.org, b@example.org;", true)]
#[case("From: a@example.org, not an address", true)]
#[case("Sender: a@example.org", true)]
fn a_from_of_several_authors_is_known(#[case] fields: &str, #[case] expected: bool) {
    assert_eq!(read(format!("{fields}\nTo: b@example.org\n\nyes\n").as_bytes()).several_authors, expected);
}

#[rstest]
#[case("List-Id: WG4 <wg4.example.org>", true)]
#[case("List-Post: NO", true)]
#[case("X-BeenThere: wg4@example.org", true)]
#[case("Precedence: list", true)]
#[case("Precedence: bulk", false)]
#[case("X-Priority: 1", false)]
fn what_came_by_a_list_is_known(#[case] field: &str, #[case] expected: bool) {
    assert_eq!(read(format!("From: a@example.org\n{field}\n\nyes\n").as_bytes()).by_list, expected);
}

#[test]
fn the_same_text_in_every_wire_form_is_the_same() {
    let text = "Dear all, this is a line that is long enough to be broken by a program:\n#close A-WG4-TP8-001\n\nOn Mon, 2 Jun 2014, Member Park wrote:\n> Hello,\n> #close A-WG4-TP8-002\n";
    let own = "Dear all, this is a line that is long enough to be broken by a program:\n#close A-WG4-TP8-001";
    let html = "<p>Dear all, this is a line that is long enough to be broken by a program:<br>#close A-WG4-TP8-001</p>\
                <div>On Mon, 2 Jun 2014, Member Park wrote:</div><blockquote type=cite>Hello,<br>#close A-WG4-TP8-002</blockquote>";
    let flowed = text.replace("to be broken", "to be \nbroken");
    let footer =
        "_______________________________________________\nWG4 mailing list\nTo unsubscribe: wg4-leave@example.org\n";
    let forms = [
        plain(text),
        plain(&format!("\u{feff}{text}")),
        plain(&flowed).replace("utf-8", "utf-8; format=flowed"),
        plain(&text.replace("to be broken", "to be  \nbroken")).replace("utf-8", "utf-8; format=flowed; delsp=yes"),
        only_html(html),
        multipart(
            "alternative",
            &[
                &format!("Content-Type: text/plain; charset=utf-8\n\n{text}"),
                &format!("Content-Type: text/html; charset=utf-8\n\n{html}"),
            ],
        ),
        multipart(
            "mixed",
            &[
                &format!("Content-Type: text/plain; charset=utf-8\n\n{text}"),
                &format!("Content-Type: text/plain; charset=us-ascii\n\n{footer}"),
            ],
        ),
    ];
    for form in forms {
        assert_eq!(author(&form), own, "{form}");
    }
}

#[test]
fn quote_marks_without_a_bracket_are_known_in_html_too() {
    let html = "<div>#close A-WG4-TP8-001</div><div>KP&gt; Hello,</div><div>KP&gt; #close A-WG4-TP8-002</div>";
    assert_eq!(author(&only_html(html)), "#close A-WG4-TP8-001");
}

#[test]
fn a_replacement_character_that_was_written_is_not_a_wrong_charset() {
    for charset in ["", "; charset=utf-8", "; charset=us-ascii"] {
        let raw = format!("From: kim@example.org\nContent-Type: text/plain{charset}\n\nZoë wrote \u{fffd} here\n");
        assert_eq!(read(raw.as_bytes()).author_text, "Zoë wrote \u{fffd} here");
    }
    let latin = b"From: kim@example.org\nContent-Type: text/plain; charset=utf-8\n\nZo\xeb \x93done\x94\n";
    assert_eq!(read(latin).author_text, "Zoë \u{201c}done\u{201d}");
}

#[test]
fn quoted_printable_with_a_bare_equals_sign_is_read() {
    let raw = "From: kim@example.org\nContent-Type: text/html; charset=utf-8\n\
               Content-Transfer-Encoding: quoted-printable\n\n<p>Zo=C3=AB</p><img alt=\"\">\n";
    assert_eq!(read(raw.as_bytes()).author_text, "Zoë");
}
