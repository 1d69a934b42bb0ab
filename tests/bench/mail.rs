//! The mails of the benches: those of a list, and commands to the bot among them.

const OWNERS: [(&str, &str); 5] = [
    ("member-qualcomm", "A-WG4-TP8-001"),
    ("member-gemalto", "A-WG4-TP8-002"),
    ("member-lg", "A-WG4-TP8-003"),
    ("member-oberthur", "A-WG4-TP8-006"),
    ("secretary", "A-WG4-TP8-005"),
];

/// A list mail of 2.9 to 10.3 kB; each fifth is one to the bot that says something of an item.
pub fn mail(number: usize) -> String {
    let (member, item) = OWNERS[number / 5 % OWNERS.len()];
    let (to, said) = if number.is_multiple_of(5) {
        ("minuted@example.org", format!("note {item} measured in round {number}"))
    } else {
        ("wg4@example.org", "I have read SEC-2014-0243R01 and have two remarks on its second section.".to_owned())
    };
    let quoted: String = (0..24 + number * 37 % 81)
        .map(|line| {
            format!("> The text of clause {line} says how the enrolment key is derived from the long-term key.\r\n")
        })
        .collect();
    format!(
        "Return-Path: <{member}@example.org>\r\nReceived: from mail.example.org by list.example.org; Mon, 31 Mar 2014 10:00:00 +0200\r\n\
         From: \"Role {member}\" <{member}@example.org>\r\nTo: {to}\r\nSubject: Re: Overview of security frameworks {number}\r\n\
         Date: Mon, 31 Mar 2014 10:00:00 +0200\r\nMessage-ID: <bench-{number}@example.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{said}\r\n\r\nOn Mon, 31 Mar 2014 at 09:12, Member CATT wrote:\r\n{quoted}"
    )
}
