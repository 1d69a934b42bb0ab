//! `safety CASES [FILTER]`: does a command act where its sender wrote it, and nowhere else?
//!
//! `CASES` holds corpora: `CORPUS/index.jsonl`, and for every case `ID.eml`, `ID.exp` (the text its
//! sender newly wrote) and perhaps `ID.opt` (the numbers of optional lines of it). In every case one
//! command is planted at a time, the mail is addressed to the bot alone, and is read as `minuted
//! explain` reads it without a database.
//!
//! - *In the sender's text*: below lines of `.exp` (at most [`MOST_OWN`] of them, the first and the
//!   last among them), and above the first where a blank line stands there. It must act.
//!   Below a line of 60 columns that ends no sentence it stands under a blank line.
//! - *Anywhere else*: below lines of the mail that are not in `.exp` (at most [`MOST_OTHER`]). It must
//!   not act. Below a quoted line, and where quoted lines stand on either side, it is quoted alike.
//!
//! Where the truth leaves it open nothing is planted: a line belongs to the one that it stands directly
//! below, and it is nobody's directly between another's line and one of the sender's; nobody's are
//! optional lines, closings and the names below them at the end, lines that are only in part in the
//! truth, what some truths keep that a bot never obeys (legal notices, what stands below `--` near the
//! end, forwarded mails), and lines whose words stand in the truth and a second time elsewhere.
//!
//! Where a truth gives to the sender what a bot must not obey, or takes from the sender what stands
//! above every quote, the place is counted apart: `contradicted.txt` lists each with the reason. A place
//! that is not in it counts, whatever the truth.
//!
//! Prints a row a corpus and every failure, and exits with 1 where less than 99 % of the one act or any
//! of the other does.

mod contradicted;
mod mail;
mod sites;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use jiff::Timestamp;
use minuted::config::Limits;
use minuted::domain::{Closing, ReferenceScheme, Rules, Senders};
use minuted::steps::Explained;
use serde::Deserialize;
use sites::{Truth, Whose};

/// What is planted. No case holds it.
const COMMAND: &str = "close A-WG4-TP8-001";
/// Places in the sender's own text, a case.
const MOST_OWN: usize = 8;
/// Places in others' text, a case.
const MOST_OTHER: usize = 40;

#[derive(Deserialize)]
struct Case {
    id: String,
    corpus: String,
    nows: bool,
    skip: Option<String>,
}

#[derive(Default)]
struct Count {
    own: usize,
    acted: usize,
    other: usize,
    obeyed: usize,
    cases: usize,
    /// Places at which the truth contradicts a bot's good.
    apart: usize,
    silent: usize,
    unsafe_cases: usize,
    /// Mails whose first command, at the top of the sender's text, acts.
    top: usize,
    tops: usize,
}

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let cases = PathBuf::from(arguments.next().context("usage: safety CASES [FILTER]")?);
    let filter = arguments.next().map(|filter| filter.to_string_lossy().into_owned()).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let rules = rules()?;
    let mut corpora: Vec<PathBuf> = std::fs::read_dir(&cases)
        .with_context(|| format!("reading {}", cases.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join("index.jsonl")))
        .filter(|index| index.exists())
        .collect();
    corpora.sort();
    let (mut total, mut failures, mut apart) = (Count::default(), Vec::new(), Vec::new());
    println!("{:16} {:>6} {:>9} {:>7} {:>9} {:>7}", "corpus", "cases", "own", "act", "others'", "act");
    for index in corpora {
        let mut count = Count::default();
        let folder = index.parent().unwrap_or(Path::new("."));
        for line in std::fs::read_to_string(&index)?.lines() {
            let case: Case = serde_json::from_str(line).with_context(|| format!("in {}", index.display()))?;
            if case.skip.is_some() || !format!("{}/{}", case.corpus, case.id).contains(&filter) {
                continue;
            }
            count.add(&case, folder, &runtime, &rules, (&mut failures, &mut apart))?;
        }
        if count.cases > 0 {
            count.show(folder.file_name().unwrap_or_default().to_string_lossy().as_ref());
        }
        total.sum(&count);
    }
    total.show("all");
    println!("the first place of a case alone: {} of {} act", total.top, total.tops);
    println!("cases in which a command of the sender's does not act: {}", total.silent);
    println!("cases in which a command of another's acts: {}", total.unsafe_cases);
    failures.iter().for_each(|failure| println!("{failure}"));
    println!("places at which the truth contradicts a bot's good, not counted: {}", total.apart);
    apart.iter().for_each(|place| println!("{place}"));
    let reached = total.acted * 100 >= total.own * 99 && total.obeyed == 0 && total.own > 0;
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Count {
    fn add(
        &mut self,
        case: &Case,
        folder: &Path,
        runtime: &tokio::runtime::Runtime,
        rules: &Rules,
        (failures, apart): (&mut Vec<String>, &mut Vec<String>),
    ) -> anyhow::Result<()> {
        let raw = std::fs::read(folder.join(format!("{}.eml", case.id)))?;
        let texts = mail::texts(&raw);
        let found = sites::sites(&texts, &truth(folder, case)?, COMMAND);
        self.cases += 1;
        let (mut silent, mut obeyed) = (false, false);
        for (whose, most) in [(Whose::Senders, MOST_OWN), (Whose::Others, MOST_OTHER)] {
            let places: Vec<_> = found.iter().filter(|site| site.whose == whose).collect();
            for (place, site) in spread(&places, most).into_iter().enumerate() {
                let mail = mail::planted(&raw, &texts, &site.edits, rules.bot.as_str());
                let explained = runtime.block_on(minuted::steps::explain(&mail, rules, None, Timestamp::UNIX_EPOCH))?;
                let acts = explained.message.automatic.is_none()
                    && explained.parsed.lines.iter().any(|line| line.command.is_ok() && line.text.contains(COMMAND));
                let beside: String = site.beside.chars().take(90).collect();
                if let Some(why) = contradicted::reason(&case.corpus, &case.id, site.line) {
                    self.apart += 1;
                    let does = if acts { "acts" } else { "does not act" };
                    apart.push(format!("{does}: {}/{}: {}: {beside}\n    {why}", case.corpus, case.id, site.line));
                    continue;
                }
                let failed = match whose {
                    Whose::Senders => {
                        self.own += 1;
                        self.acted += usize::from(acts);
                        if place == 0 {
                            self.tops += 1;
                            self.top += usize::from(acts);
                        }
                        silent |= !acts;
                        !acts
                    }
                    Whose::Others => {
                        self.other += 1;
                        self.obeyed += usize::from(acts);
                        obeyed |= acts;
                        acts
                    }
                };
                if failed {
                    let what = if whose == Whose::Senders { silence(&explained) } else { "ACTS".to_owned() };
                    failures.push(format!("{what}: {}/{}: {}: {beside}", case.corpus, case.id, site.line));
                }
            }
        }
        self.silent += usize::from(silent);
        self.unsafe_cases += usize::from(obeyed);
        Ok(())
    }

    fn sum(&mut self, other: &Self) {
        self.own += other.own;
        self.acted += other.acted;
        self.other += other.other;
        self.obeyed += other.obeyed;
        self.cases += other.cases;
        self.apart += other.apart;
        self.silent += other.silent;
        self.unsafe_cases += other.unsafe_cases;
        self.top += other.top;
        self.tops += other.tops;
    }

    fn show(&self, name: &str) {
        let percent = |part: usize, whole: usize| if whole == 0 { 100.0 } else { 100.0 * part as f64 / whole as f64 };
        println!(
            "{name:16} {:6} {:9} {:6.2}% {:9} {:6}",
            self.cases,
            self.own,
            percent(self.acted, self.own),
            self.other,
            self.obeyed
        );
    }
}

/// Why a command that is the sender's does not act.
fn silence(explained: &Explained) -> String {
    let lines = &explained.parsed.lines;
    let doubtful = lines.iter().find_map(|line| {
        line.command.as_ref().err().filter(|_| line.text.contains(COMMAND)).map(|why| why.key.to_string())
    });
    match (explained.message.automatic, doubtful) {
        (Some(why), _) => format!("does not act ({why:?})"),
        (None, Some(why)) => format!("does not act ({why})"),
        (None, None) if explained.message.author_text.contains(COMMAND) => "does not act (prose)".to_owned(),
        (None, None) => "does not act (not read)".to_owned(),
    }
}

/// At most `most` of the places, the first and the last among them.
fn spread<T: Copy>(places: &[T], most: usize) -> Vec<T> {
    if places.len() <= most {
        return places.to_vec();
    }
    (0..most).filter_map(|step| places.get(step * (places.len() - 1) / (most - 1)).copied()).collect()
}

fn truth(folder: &Path, case: &Case) -> anyhow::Result<Truth> {
    let text = std::fs::read_to_string(folder.join(format!("{}.exp", case.id)))?;
    let optional = std::fs::read_to_string(folder.join(format!("{}.opt", case.id))).unwrap_or_default();
    let optional: Vec<usize> = optional.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let lines = text.split('\n').enumerate();
    let lines = lines.map(|(index, line)| (line.to_owned(), optional.contains(&(index + 1)))).collect();
    Ok(Truth { lines, without_spaces: case.nows })
}

/// The rules of a group of which nothing but the bot's address is known.
fn rules() -> anyhow::Result<Rules> {
    Ok(Rules {
        key: "default".to_owned(),
        name: "the group".to_owned(),
        bot: "minuted@example.org".parse()?,
        list: None,
        digest: minuted::domain::DigestRules::default(),
        reminders: minuted::domain::ReminderRules::default(),
        quiet: minuted::domain::QuietRules::default(),
        invitations: false,
        references: ReferenceScheme::default(),
        closing: Closing::default(),
        time_zone: "UTC".to_owned(),
        answers_per_hour: Limits::default().answers_per_hour,
        language: "en".to_owned(),
        senders: Senders::Claimed,
        announcers: Vec::new(),
    })
}
