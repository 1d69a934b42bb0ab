//! Any text is read for commands. A line that acts stands in the text; what was read of it is read
//! again of that line alone; and every reference, printed, is read as itself.

#![no_main]

use std::mem::discriminant;

use libfuzzer_sys::fuzz_target;
use minuted::command::{self, Addressed, Around, Parsed, Target};
use minuted::domain::ReferenceScheme;

const MOST: usize = 50;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // The first line is the subject.
    let (subject, text) = text.split_once('\n').unwrap_or(("", text));
    let whole = letters(text);
    for addressed in [Addressed::BotAlone, Addressed::Bot, Addressed::ListReply, Addressed::List] {
        let parsed = parse(subject, text, addressed);
        assert_eq!(parsed, parse(subject, text, addressed), "two readings of one text differ");
        let acting = parsed.lines.iter().filter(|line| line.command.is_ok()).count();
        assert!(acting <= MOST, "{acting} commands in one mail");
        for line in &parsed.lines {
            if line.number == 0 {
                assert!(letters(subject).contains(&letters(&line.text)), "{:?} is not the subject", line.text);
                continue;
            }
            assert!(line.number <= text.lines().count(), "line {} is below the text", line.number);
            assert!(whole.contains(&letters(&line.text)), "{:?} does not stand in the text", line.text);
            let Ok(read) = &line.command else { continue };
            let again = parse(subject, &line.text, addressed);
            let same = again.lines.iter().any(|line| {
                line.command.as_ref().is_ok_and(|command| discriminant(command) == discriminant(read))
            });
            assert!(same, "{:?} is {read:?}, and alone {again:?}", line.text);
            for target in read.targets() {
                let Target::Reference(reference) = target else { continue };
                let printed = reference.to_string();
                let scanned = parse("", &printed, addressed).mentions;
                assert_eq!(scanned.first(), Some(reference), "{printed} is not read as itself");
            }
        }
    }
});

fn parse(subject: &str, text: &str, addressed: Addressed) -> Parsed {
    let scheme = ReferenceScheme::default();
    let today = jiff::civil::date(2014, 4, 7);
    command::parse(text, &Around { scheme: &scheme, addressed, subject, today, quoted: &[] })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
