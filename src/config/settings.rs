//! The whole of `minuted.toml`: database, limits, log, and the list of groups.

use std::path::Path;

use toml::de::DeValue;
use tracing::Level;

use super::group::{self, Surroundings, Taken};
use super::report::Report;
use super::walk::{Entry, Section};
use super::words::quoted;
use super::{Config, ConfigErrors, Limits, Log, LogFormat};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// The units that a size may be written in.
const UNITS: [(&str, u64); 7] =
    [("B", 1), ("KB", 1000), ("KiB", KIB), ("MB", 1_000_000), ("MiB", MIB), ("GB", 1_000_000_000), ("GiB", GIB)];

pub(super) fn parse(
    text: &str,
    file_name: &str,
    base_dir: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigErrors> {
    let report = Report::new(file_name, text);
    let read = report.parse(text).map(|table| {
        let root = Section::root(&report, &table);
        let database = root
            .get("database")
            .map_or_else(|| Some(base_dir.join("minuted.db")), |entry| group::path(&entry, base_dir));
        let limits = root.section("limits").map_or_else(Limits::default, limits);
        let log = root.section("log").map_or_else(Log::default, log);
        let groups = groups(&root, &Surroundings { base_dir, env, limits: &limits, report: &report });
        root.finish();
        (database, limits, log, groups)
    });
    let warnings = report.finish()?;
    // Whatever is missing has been reported, so that there is a whole configuration here.
    let (database, limits, log, groups) = read.unwrap_or_default();
    Ok(Config { database: database.unwrap_or_default(), limits, log, groups, warnings })
}

fn groups(root: &Section<'_>, surroundings: &Surroundings<'_>) -> Vec<super::GroupConfig> {
    let entry = root.require("group", "at least one [[group]] with its keys below it");
    let written = root.sections("group");
    if let Some(entry) = entry.filter(Entry::is_empty_list) {
        entry.error("is empty; expected at least one [[group]] with its keys below it");
    }
    let mut taken = Taken::default();
    let groups = written.into_iter().filter_map(|section| group::read(section, surroundings, &mut taken)).collect();
    taken.finish(surroundings.report);
    groups
}

fn limits(section: Section<'_>) -> Limits {
    let default = Limits::default();
    let bytes = section.get("message_bytes").and_then(|entry| size(&entry, KIB..=GIB));
    let answers = section.get("answers_per_hour").and_then(|entry| group::answers_per_hour(&entry));
    section.finish();
    Limits {
        message_bytes: bytes.unwrap_or(default.message_bytes),
        answers_per_hour: answers.unwrap_or(default.answers_per_hour),
    }
}

fn log(section: Section<'_>) -> Log {
    let default = Log::default();
    let formats = [("text", LogFormat::Text), ("json", LogFormat::Json)];
    let levels = [
        ("error", Level::ERROR),
        ("warn", Level::WARN),
        ("info", Level::INFO),
        ("debug", Level::DEBUG),
        ("trace", Level::TRACE),
    ];
    let format = section.get("format").and_then(|entry| entry.choice(&formats));
    let level = section.get("level").and_then(|entry| entry.choice(&levels));
    section.finish();
    Log { format: format.unwrap_or(default.format), level: level.unwrap_or(default.level) }
}

/// A size: a number of bytes, or a text such as `25 MiB`.
fn size(entry: &Entry<'_>, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
    let expected = "a size between 1 KiB and 1 GiB, such as \"25 MiB\" or a number of bytes";
    let DeValue::String(_) = entry.value() else { return entry.integer(range, expected) };
    let text = entry.text(expected)?;
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = &text[number.len()..];
    let unit = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, bytes)| *bytes);
    let number = number.trim_end().parse::<u64>().ok();
    let bytes = number.zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    let bytes = bytes.filter(|bytes| range.contains(bytes));
    if bytes.is_none() {
        entry.error(format!("{} is no size in range; expected {expected}", quoted(text)));
    }
    bytes
}
