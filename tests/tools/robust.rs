//! `robust PATH...`: reads every .eml below the paths, seven damaged copies of each, and mails made to
//! be slow; fails where one panics, takes over 50 ms of the processor's time or makes the process hold
//! more than 64 MiB.
//!
//! To be run as it is shipped: `cargo run --release --example robust PATH...`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use minuted::command::{self, Addressed, Around};
use minuted::domain::ReferenceScheme;
use minuted::message;

const LONGEST: Duration = Duration::from_millis(50);
const MOST_KIB: usize = 64 * 1024;
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn main() -> anyhow::Result<()> {
    // A panic that the reader catches is one too.
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    let mut mails = Vec::new();
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        find(&path, &mut mails)?;
    }
    mails.sort();
    let (mut count, mut slowest, mut bad) = (0_usize, Vec::new(), 0_usize);
    let mut look = |name: String, raw: &[u8]| {
        let panics = PANICS.load(Ordering::Relaxed);
        // The shorter of two: the first may wait for the machine.
        let took = read(raw).min(read(raw));
        let panicked = PANICS.load(Ordering::Relaxed) > panics;
        if panicked || took > LONGEST {
            bad += 1;
            println!("{}{name}: {took:.1?} for {} bytes", if panicked { "panic: " } else { "" }, raw.len());
        }
        count += 1;
        slowest.push((took, name));
        slowest.sort_by(|one, other| other.cmp(one));
        slowest.truncate(5);
    };
    read(b"From: kim@example.org\n\nHello\n");
    for path in &mails {
        let raw = std::fs::read(path)?;
        look(path.display().to_string(), &raw);
        for (number, copy) in damaged(&raw).enumerate() {
            look(format!("{} copy {number}", path.display()), &copy);
        }
    }
    println!("peak after the mails: {} KiB", peak());
    for (name, raw) in hostile() {
        look(format!("made: {name}"), raw.as_bytes());
    }
    println!("{count} mails, {bad} bad, peak {} KiB", peak());
    println!("slowest {slowest:?}");
    anyhow::ensure!(bad == 0 && peak() <= MOST_KIB, "over the limits");
    Ok(())
}

/// The time that the processor spent on this thread, for a busy machine lets it wait; where no one counts
/// it, that on the wall.
fn spent(begin: Instant) -> Duration {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    counted.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn read(raw: &[u8]) -> Duration {
    let begin = Instant::now();
    let before = spent(begin);
    let scheme = ReferenceScheme::default();
    let message = message::read(raw);
    let around = Around {
        scheme: &scheme,
        addressed: Addressed::Bot,
        subject: &message.subject,
        today: jiff::civil::date(2014, 3, 31),
        quoted: &message.quoted,
    };
    std::hint::black_box(command::parse(&message.author_text, &around));
    spent(begin).saturating_sub(before)
}

/// The most memory that the process has held, in KiB; 0 where the system does not tell.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn damaged(raw: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let replaced = |from: &str, to: &str| {
        let text = raw.iter().map(|&byte| char::from(byte)).collect::<String>().replace(from, to);
        text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect::<Vec<u8>>()
    };
    let flipped = raw.iter().enumerate().map(|(at, byte)| if at % 197 == 96 { byte ^ 0x55 } else { *byte }).collect();
    let middle = raw.len() / 2;
    let piece = &raw[middle.saturating_sub(1_500)..middle];
    let repeated = [&raw[..middle], &piece.repeat(200), &raw[middle..]].concat();
    [
        raw[..raw.len() / 3].to_vec(),
        raw[..raw.len() * 4 / 5].to_vec(),
        flipped,
        repeated,
        replaced("boundary=", "bound="),
        replaced("\n", "\r"),
        replaced("charset=", "charset=utf-16; y="),
    ]
    .into_iter()
}

/// Mails that a reader which is not linear takes long for.
fn hostile() -> Vec<(&'static str, String)> {
    let plain = |text: String| format!("From: kim@example.org\nSubject: Re: x\nIn-Reply-To: <1@example.org>\n\n{text}");
    let html = |text: String| format!("From: kim@example.org\nSubject: x\nContent-Type: text/html\n\n{text}");
    let nested: String = (0..20_000)
        .map(|level| format!("--b{}\nContent-Type: multipart/mixed; boundary=b{level}\n\n", level.max(1) - 1))
        .collect();
    vec![
        (
            "multiparts in multiparts",
            format!("From: kim@example.org\nContent-Type: multipart/mixed; boundary=b0\n\n{nested}"),
        ),
        ("10,000 header fields", format!("From: kim@example.org\n{}\nHello\n", "X-A: b\n".repeat(10_000))),
        ("100,000 header fields", format!("From: kim@example.org\n{}\nHello\n", "X-A: b\n".repeat(100_000))),
        ("a line of 1 MB", plain("a".repeat(1_000_000))),
        ("words of 1 MB in a line", plain("the note of it ".repeat(66_000))),
        ("deep quotes", plain(format!("{}x\n", ">".repeat(1_000)).repeat(200))),
        ("attributions", plain("On Mon, 7 Apr 2014 at 10:00, Kim wrote:\n".repeat(5_000))),
        ("attributions with quotes", plain("On Mon, 7 Apr 2014, Kim wrote:\n> a\n".repeat(5_000))),
        ("header blocks", plain("From: Kim\nSent: Monday\nTo: all\nSubject: x\n\n".repeat(3_000))),
        ("signatures", plain("Best regards,\nKim\n\n".repeat(8_000))),
        ("rules", plain("____________________________\n".repeat(5_000))),
        ("footers", plain("WG4 mailing list\nhttps://example.org/listinfo/wg4\n\n".repeat(2_000))),
        ("commands", plain("done A-WG4-TP8-003\n".repeat(5_000))),
        ("short references", plain("0243R02, 0244 and 0245 to 0250; ".repeat(3_000))),
        ("elements in elements", html("<div>".repeat(30_000))),
        ("quotes in quotes", html("<blockquote>".repeat(20_000))),
        ("a huge table", html(format!("<table>{}</table>", "<tr><td>a</td><td>b</td></tr>".repeat(5_000)))),
        ("open angle brackets", html("<".repeat(100_000))),
        ("attributes", html(format!("<p {}>x", "a=b ".repeat(20_000)))),
        ("blank lines", plain("\n".repeat(200_000))),
        ("encoded words", format!("From: kim@example.org\nSubject: {}\n\nx", "=?utf-8?q?a?= ".repeat(10_000))),
        ("addresses", format!("From: kim@example.org\nTo: {}\n\nx", "kim@example.org, ".repeat(10_000))),
    ]
}

fn find(path: &Path, mails: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            find(&entry?.path(), mails)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "eml") {
        mails.push(path.to_owned());
    }
    Ok(())
}
