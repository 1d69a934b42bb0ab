use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use secrecy::ExposeSecret as _;

use super::*;
use crate::domain::Role;

/// The texts of the problems of a configuration, one a line.
fn errors(text: &str) -> String {
    parse(text, "minuted.toml", Path::new("/srv"), &|_| None).unwrap_err().to_string()
}

#[test]
fn the_shipped_configuration_is_valid_as_it_is() {
    let [(name, text), (roster_name, roster)] = embedded();
    let config = parse(text, name, Path::new("/srv"), &|_| None).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(config.warnings, []);
    assert_eq!(config.database, Path::new("/srv/minuted.db"));
    assert_eq!(config.limits, Limits { message_bytes: 25 * 1024 * 1024, answers_per_hour: 60 });
    assert_eq!(config.log, Log { format: LogFormat::Text, level: tracing::Level::INFO });
    let [group] = config.groups.as_slice() else { panic!("one group") };
    assert_eq!(group.roster, Path::new("/srv").join(roster_name));
    assert_eq!(
        group.mailbox,
        MailboxConfig::Maildir { path: PathBuf::from("/srv/mail/in"), after: AfterReading::MoveToCur }
    );
    assert_eq!(group.delivery, DeliveryConfig::Maildir { path: PathBuf::from("/srv/mail/out") });
    assert_eq!((group.senders, group.first_read), (Senders::Claimed, FirstRead::Beginning));
    assert!(group.secret.is_none());
    assert_eq!(
        group.rules(),
        Rules {
            key: "sec".to_owned(),
            name: "oneM2M WG4 SEC".to_owned(),
            bot: "minuted@example.org".parse().unwrap(),
            list: Some("wg4@example.org".parse().unwrap()),
            references: ReferenceScheme::default(),
            closing: Closing::Owner,
            time_zone: "Europe/Berlin".to_owned(),
            answers_per_hour: 60,
            language: "en".to_owned(),
        }
    );
    let roster = parse_roster(roster, roster_name).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(roster.warnings, []);
    assert_eq!((roster.organizations.len(), roster.members.len()), (8, 11));
    let holders = |role: Role| {
        let holders = roster.members.iter().filter(|member| member.roles.contains(&role));
        holders.map(|member| member.organization.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(holders(Role::Chair), ["Gemalto"]);
    assert_eq!(holders(Role::Secretary), ["ETSI"]);
    assert_eq!(holders(Role::Rapporteur("TR-0008".to_owned())), ["G&D"]);
}
