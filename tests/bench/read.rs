//! `cargo bench --bench read`: reading mails and their commands, and `mail-parser` alone on the same
//! mails in the same run.
//!
//! Mails are those of the other benches, and the same texts as HTML in the forms of common clients.
//! Reading is to take at most three times what parsing takes; the last line says whether it does. What is
//! asserted is that it stays linear: ten times the text takes at most fifteen times as long.

mod mail;

use std::hint::black_box;
use std::time::{Duration, Instant};

use mail::mail;
use minuted::command::{self, Addressed, Around};
use minuted::domain::ReferenceScheme;
use minuted::message;

const MAILS: usize = 2_000;
const ROUNDS: usize = 5;
/// Reading may take so many times what parsing takes.
const LIMIT: f64 = 3.0;

fn main() {
    let plain: Vec<Vec<u8>> = (0..MAILS).map(|number| mail(number).into_bytes()).collect();
    let html: Vec<Vec<u8>> = (0..MAILS).map(|number| html_mail(number).into_bytes()).collect();
    let mut all = plain.clone();
    all.extend_from_slice(&html);
    let mut ratios = Vec::new();
    for (name, mails) in [("plain", &plain), ("html", &html), ("all", &all)] {
        ratios.push(compared(name, mails));
    }
    let (small, large) = (best(&[long_mail(500)], read), best(&[long_mail(5_000)], read));
    let growth = large.as_secs_f64() / small.as_secs_f64();
    println!("ten times the text takes {growth:.1} times as long ({small:.1?}, {large:.1?})");
    let ratio = ratios.last().copied().unwrap_or_default();
    println!("the limit of {LIMIT} is {}", if ratio <= LIMIT { "held" } else { "missed" });
    assert!(growth <= 15.0, "reading is not linear: {growth:.1}");
}

/// Measures and prints both; how many times longer reading takes.
fn compared(name: &str, mails: &[Vec<u8>]) -> f64 {
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let (ours, peer) = (best(mails, read), best(mails, parse_only));
    let ratio = ours.as_secs_f64() / peer.as_secs_f64();
    let rate = |took: Duration| {
        let seconds = took.as_secs_f64();
        format!("{:.0} mails/s, {:.0} MB/s", mails.len() as f64 / seconds, bytes as f64 / seconds / 1e6)
    };
    println!(
        "{name}: {} mails of {} bytes: read and commands {}; mail-parser alone {}; ratio {ratio:.2} of at most {LIMIT}",
        mails.len(),
        bytes / mails.len(),
        rate(ours),
        rate(peer)
    );
    ratio
}

/// The shortest of some rounds: what others do on the machine only adds.
fn best(mails: &[Vec<u8>], work: fn(&[u8]) -> usize) -> Duration {
    let round = |_| {
        let begin = Instant::now();
        for raw in mails {
            black_box(work(raw));
        }
        begin.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}

fn read(raw: &[u8]) -> usize {
    let scheme = ReferenceScheme::default();
    let message = message::read(raw);
    let around = Around {
        scheme: &scheme,
        addressed: Addressed::Bot,
        subject: &message.subject,
        today: jiff::civil::date(2014, 3, 31),
        quoted: &message.quoted,
    };
    command::parse(&message.author_text, &around).lines.len()
}

fn parse_only(raw: &[u8]) -> usize {
    mail_parser::MessageParser::default().parse(raw).map_or(0, |message| message.parts.len())
}

/// The text of a mail of many paragraphs, a few commands among them.
fn long_mail(paragraphs: usize) -> Vec<u8> {
    let text: String = (0..paragraphs)
        .map(|number| format!("As to clause {number} of TS-0003, the text on enrolment keys is still to be aligned with the architecture.\r\n\r\n"))
        .collect();
    format!(
        "From: member-lg@example.org\r\nTo: minuted@example.org\r\nSubject: Review\r\n\r\n{text}done A-WG4-TP8-003\r\n"
    )
    .into_bytes()
}

/// The same as HTML, in the form of Gmail, Outlook, Apple Mail or Thunderbird.
fn html_mail(number: usize) -> String {
    let said = "I have read SEC-2014-0243R01 and have two remarks on its second section.";
    let lines: Vec<String> = (0..24 + number * 37 % 81)
        .map(|line| format!("The text of clause {line} says how the enrolment key is derived from the long-term key."))
        .collect();
    let joined =
        |before: &str, after: &str| lines.iter().map(|line| format!("{before}{line}{after}\r\n")).collect::<String>();
    let body = match number % 4 {
        0 => format!(
            "<div dir=\"ltr\">{said}</div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, 31 Mar 2014 at 09:12, Member CATT &lt;<a href=\"mailto:member-catt@example.org\">member-catt@example.org</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">{}</blockquote></div>",
            joined("", "<br>")
        ),
        1 => format!(
            "<div class=\"WordSection1\"><p class=\"MsoNormal\"><span style=\"font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif\">{said}<o:p></o:p></span></p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=\"MsoNormal\"><b>From:</b> Member CATT &lt;member-catt@example.org&gt;<br><b>Sent:</b> Monday, 31 March 2014 09:12<br><b>To:</b> wg4@example.org<br><b>Subject:</b> Overview</p></div>{}</div>",
            joined("<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">", "<o:p></o:p></span></p>")
        ),
        2 => format!(
            "<div>{said}</div><br><div><blockquote type=\"cite\"><div>On 31 Mar 2014, at 09:12, Member CATT &lt;member-catt@example.org&gt; wrote:</div><br class=\"Apple-interchange-newline\"><div>{}</div></blockquote></div>",
            joined("<div>", "</div>")
        ),
        _ => format!(
            "<p>{said}</p><div class=\"moz-cite-prefix\">On 31/03/2014 09:12, Member CATT wrote:<br></div><blockquote type=\"cite\" cite=\"mid:1@example.org\">{}</blockquote>",
            joined("<p>", "</p>")
        ),
    };
    format!(
        "From: \"Member LG\" <member-lg@example.org>\r\nTo: wg4@example.org\r\nSubject: Re: Overview {number}\r\nDate: Mon, 31 Mar 2014 10:00:00 +0200\r\n\
         Message-ID: <html-{number}@example.org>\r\nIn-Reply-To: <1@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"><style>p.MsoNormal {{margin:0cm; font-size:11.0pt;}}</style></head><body>{body}</body></html>\r\n"
    )
}
