//! Ready profiles of bodies: how their groups number and decide (`config/profiles`).

use super::embedded;

/// What the groups of a body write.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The tables of `minuted.toml` that are the body's own, with what they mean.
    pub text: &'static str,
    /// The key of the group that it begins with.
    key: &'static str,
    /// The name of that group.
    group: &'static str,
    /// Two of its deliverables, for the sample of a roster.
    deliverables: [&'static str; 2],
}

/// Every profile.
pub const PROFILES: [Profile; 3] = [
    Profile {
        name: "onem2m",
        text: include_str!("../../config/profiles/onem2m.toml"),
        key: "sec",
        group: "oneM2M WG4 SEC",
        deliverables: SAMPLE_DELIVERABLES,
    },
    Profile {
        name: "3gpp",
        text: include_str!("../../config/profiles/3gpp.toml"),
        key: "sa3",
        group: "3GPP SA3",
        deliverables: ["TS 33.501", "TR 33.926"],
    },
    Profile {
        name: "etsi",
        text: include_str!("../../config/profiles/etsi.toml"),
        key: "scp",
        group: "ETSI TC SCP",
        deliverables: ["TS 102 221", "TR 102 216"],
    },
];

/// Where the body's own tables begin in the complete configuration: they are its last.
const OWN_TABLES: &str = "# How the group writes its references.\n[group.references]\n";

/// The deliverables of the sample of a roster.
const SAMPLE_DELIVERABLES: [&str; 2] = ["TS-0003", "TR-0008"];

impl Profile {
    /// The profile of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// The files of an embedded set-up for a group of the body, name and content, as [`embedded`] has them
    /// for oneM2M's.
    #[must_use]
    pub fn embedded(&self) -> [(&'static str, String); 2] {
        embedded().map(|(name, content)| {
            let own = content.split_once(OWN_TABLES).map_or_else(
                || content.to_owned(),
                |(before, _)| {
                    let of = |key: &str, value: &str| format!("\n{key} = \"{value}\"\n");
                    let [usual, ..] = PROFILES;
                    let before = before.replacen(&of("key", usual.key), &of("key", self.key), 1);
                    before.replacen(&of("name", usual.group), &of("name", self.group), 1) + self.text
                },
            );
            let named = SAMPLE_DELIVERABLES.iter().zip(self.deliverables);
            let of = |word: &str, deliverable: &str| format!("{word} {deliverable}");
            let renamed = named.fold(own, |own, (sample, deliverable)| {
                let words = ["rapporteur", "Rapporteur"].into_iter();
                words.fold(own, |own, word| own.replace(&of(word, sample), &of(word, deliverable)))
            });
            (name, renamed)
        })
    }
}

#[cfg(test)]
mod tests;
