//! What nearly every command begins with: the configuration, the group that is meant, the time that
//! counts as now, and the database.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::failure::Failure;
use super::log;
use crate::compose::Catalogue;
use crate::config::{self, Config, GroupConfig};
use crate::daemon;
use crate::domain::{EmailAddress, ReferenceScheme};
use crate::steps::{self, Group, Quiet};
use crate::store::Store;

/// Options that every command takes, before and after its name.
#[derive(Debug, Clone, clap::Args)]
pub struct Globals {
    /// The configuration; else ./minuted.toml, else /etc/minuted/minuted.toml
    #[arg(long, global = true, help_heading = "For every command", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What counts as now: 2014-04-07T08:00:00Z, or a date or time in the group's zone
    #[arg(long, global = true, help_heading = "For every command", value_name = "TIME")]
    pub now: Option<String>,
    /// The group, by its key; needed where several are configured
    #[arg(long, global = true, help_heading = "For every command", value_name = "KEY")]
    pub group: Option<String>,
}

impl Globals {
    /// Finds and reads the configuration.
    pub(super) fn load(&self) -> anyhow::Result<Config> {
        Ok(config::load(&config::find(self.config.as_deref())?)?)
    }

    /// The configuration, where there is one; it may be wrong, but not missing where it was named.
    pub(super) fn load_if_any(&self) -> anyhow::Result<Option<Config>> {
        if self.config.is_none() && config::find(None).is_err() {
            return Ok(None);
        }
        self.load().map(Some)
    }

    /// The group that is meant: the one named, else the only one.
    pub(super) fn choose<'a>(&self, config: &'a Config) -> anyhow::Result<&'a GroupConfig> {
        let keys = || config.groups.iter().map(|group| group.key.as_str()).collect::<Vec<_>>().join(", ");
        match (&self.group, config.groups.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => {
                Err(Failure::usage(format!("several groups are configured; add --group KEY, one of {}", keys())).into())
            }
            (Some(key), _) => config.group(key).ok_or_else(|| {
                Failure::usage(format!("there is no group {key:?}; --group takes one of {}", keys())).into()
            }),
        }
    }

    /// What counts as now.
    pub(super) fn now(&self, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        self.now.as_deref().map_or_else(|| Ok(Timestamp::now()), |text| time(text, zone))
    }
}

/// A time as `--now` takes it.
fn time(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    let text = text.trim();
    let read = (text.parse::<Timestamp>().ok())
        .or_else(|| text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp()))
        .or_else(|| text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp()));
    read.ok_or_else(|| {
        Failure::usage(format!(
            "{text:?} is no time; --now takes something like 2014-04-07T08:00:00Z, or 2014-04-07 or \
             \"2014-04-07 08:00\" in the group's time zone"
        ))
        .into()
    })
}

/// A group with its database.
pub(super) struct Opened {
    pub(super) config: Config,
    pub(super) group: Group,
    pub(super) store: Store,
    pub(super) now: Timestamp,
}

impl Opened {
    /// For reading only, beside a running daemon.
    pub(super) async fn to_read(globals: &Globals) -> anyhow::Result<Self> {
        let config = globals.load()?;
        log::begin_quietly(config.log);
        let chosen = globals.choose(&config)?.clone();
        let now = globals.now(&chosen.time_zone)?;
        let store = Store::open_read_only(&config.database).await?;
        let group = known(&store, chosen).await?;
        Ok(Self { config, group, store, now })
    }

    /// For changing something, beside a running daemon. The group's first start and changed rules
    /// are journalled, whoever comes first.
    pub(super) async fn to_write(globals: &Globals) -> anyhow::Result<Self> {
        let config = globals.load()?;
        log::begin_quietly(config.log);
        let chosen = globals.choose(&config)?.clone();
        let now = globals.now(&chosen.time_zone)?;
        let store = Store::open(&config.database).await?;
        let group = steps::open_group(&store, &chosen, now).await?;
        Ok(Self { config, group, store, now })
    }

    /// The group's zone.
    pub(super) const fn zone(&self) -> &TimeZone {
        &self.group.config.time_zone
    }

    /// The day that it is in the group's zone.
    pub(super) fn today(&self) -> Date {
        self.now.to_zoned(self.zone().clone()).date()
    }

    /// The words in which the group is answered.
    pub(super) fn catalogue(&self) -> anyhow::Result<&'static Catalogue> {
        catalogue(&self.group.rules.language, &self.group.rules.references)
    }

    /// Closes the database after something was changed, and wakes the daemon, where one runs.
    pub(super) async fn changed(self) {
        self.store.close().await;
        wake(&self.config.database);
    }
}

/// The group as the database has it: its rules are those of the last start.
async fn known(store: &Store, config: GroupConfig) -> anyhow::Result<Group> {
    let unknown = || {
        Failure::refused(format!("the database does not know the group {} yet; `minuted run` starts it", config.key))
    };
    let id = store.group_if_known(&config.key).await?.ok_or_else(unknown)?;
    let rules = store.rules(id).await?.ok_or_else(unknown)?;
    let started = store.started(id).await?.ok_or_else(unknown)?;
    Ok(Group { id, config, rules, started, quiet: Quiet::default() })
}

/// The words of a language that the configuration allows, with examples as the group writes references.
pub(super) fn catalogue(language: &str, scheme: &ReferenceScheme) -> anyhow::Result<&'static Catalogue> {
    Catalogue::of(language, scheme)
        .ok_or_else(|| Failure::refused(format!("there are no texts in the language {language:?}")).into())
}

/// Wakes the daemon. That it cannot be woken is no failure: what was to be done is done, and the
/// daemon sees it at its next sweep.
pub(super) fn wake(database: &Path) {
    if let Err(error) = daemon::wake(database) {
        tracing::warn!(%error, "the daemon, where one runs, cannot be woken; it looks again by itself");
    }
}

/// An address that was given on the command line.
pub(super) fn address(text: &str) -> Result<EmailAddress, String> {
    text.parse().map_err(|error: crate::domain::NotA| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_a_moment_or_a_time_in_the_zone_of_the_group() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text: &str| time(text, &zone).map(|time| time.to_string()).unwrap();
        assert_eq!(at("2014-04-07T08:00:00Z"), "2014-04-07T08:00:00Z");
        assert_eq!(at("2014-04-07T08:00:00+02:00"), "2014-04-07T06:00:00Z");
        assert_eq!(at("2014-04-07"), "2014-04-06T22:00:00Z");
        assert_eq!(at("2014-04-07 08:00"), "2014-04-07T06:00:00Z");
        assert_eq!(at("2014-04-07T08:00"), "2014-04-07T06:00:00Z");
        assert!(time("tomorrow", &zone).is_err());
    }
}
