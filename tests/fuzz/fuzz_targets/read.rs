//! Any bytes are read as a message: nothing panics, and the author's text holds nothing that does not
//! stand in the mail. The same bytes are read as the body of a plain mail too, where that can be
//! checked letter by letter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use minuted::message::{self, Message};

const HEADER: &str = "From: member-catt@example.org\nTo: minuted@example.org\nSubject: Re: SEC#10\n\
                      In-Reply-To: <1@example.org>\nMIME-Version: 1.0\n";

fuzz_target!(|bytes: &[u8]| {
    let message = message::read(bytes);
    well_formed(&message);
    assert_eq!(message, message::read(bytes), "two readings of one mail differ");
    message::secrets(bytes);
    message::bounce(bytes);

    let Ok(body) = std::str::from_utf8(bytes) else { return };
    for parameters in ["", "; format=flowed", "; format=flowed; delsp=yes"] {
        let raw = format!("{HEADER}Content-Type: text/plain; charset=utf-8{parameters}\n\n{body}");
        let message = message::read(raw.as_bytes());
        well_formed(&message);
        let whole = letters(body);
        for line in message.author_text.lines() {
            // White space and wrapping are free, and so are the marks that quote.
            assert!(whole.contains(&letters(line)), "{line:?} does not stand in the mail");
        }
    }
});

fn well_formed(message: &Message) {
    let text = &message.author_text;
    assert!(text.len() <= 2 * 1024 * 1024, "{} bytes of text", text.len());
    assert!(!text.contains(['\r', '\0']), "a line break of another form in the author's text");
    assert!(!text.contains("\n\n\n") && text.trim_matches('\n') == text, "blank lines that say nothing");
    assert!(text.is_empty() || message.unreadable.is_none(), "an unreadable mail has a text");
    assert!(!message.subject.contains(char::is_control), "a subject of several lines");
    assert!(message.attachments.iter().all(|name| !name.contains(['/', '\\'])), "a path for a name");
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
