use std::fs;
use std::path::Path;

use proptest::prelude::*;
use secrecy::ExposeSecret as _;

use super::*;
use crate::domain::{DigestRules, ReminderRules, Role, Weekly};

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
    assert!(
        matches!(&group.mailbox, MailboxConfig::Maildir { path, after: AfterReading::MoveToCur } if path == Path::new("/srv/mail/in")),
        "{:?}",
        group.mailbox
    );
    assert!(matches!(&group.delivery, DeliveryConfig::Maildir { path } if path == Path::new("/srv/mail/out")));
    assert_eq!((group.senders, group.first_read), (Senders::Claimed, FirstRead::Beginning));
    assert!(group.secret.is_none());
    assert_eq!(
        group.rules(),
        Rules {
            key: "sec".to_owned(),
            name: "oneM2M WG4 SEC".to_owned(),
            bot: "minuted@example.org".parse().unwrap(),
            list: Some("wg4@example.org".parse().unwrap()),
            digest: DigestRules { weekly: Some(Weekly::default()) },
            reminders: ReminderRules::usual(),
            invitations: true,
            quiet: crate::domain::QuietRules::default(),
            references: ReferenceScheme::default(),
            closing: Closing::Owner,
            time_zone: "Europe/Berlin".to_owned(),
            answers_per_hour: 60,
            language: "en".to_owned(),
            senders: crate::domain::Senders::Claimed,
            announcers: Vec::new(),
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

#[test]
fn mail_is_kept_for_ever_or_for_at_least_thirty_days() {
    let kept = |text: &str| valid(&group(&format!("retention = {text:?}\n"))).groups[0].retention.unwrap().to_string();
    assert!(valid(&group("")).groups[0].retention.is_none());
    assert_eq!([kept("2 years"), kept("18 months"), kept("30 days"), kept("1 year")], ["P2Y", "P18M", "P30D", "P1Y"]);
    for wrong in ["2", "years", "29 days", "0 years", "-1 years", "2 decades", "99999999999 days"] {
        let said = errors(&group(&format!("retention = {wrong:?}\n")));
        assert!(said.contains("expected a number of days, months or years, at least 30 days"), "{said}");
    }
}

#[test]
fn the_pages_have_a_directory_of_their_own() {
    assert_eq!(valid(&group("")).groups[0].page, None);
    assert_eq!(valid(&group("page = \"www\"\n")).groups[0].page.as_deref(), Some(Path::new("/srv/www")));
    let refused = parse(&group("page = \"in\"\n"), "minuted.toml", Path::new("/srv"), &|_| None).unwrap_err();
    assert!(refused.to_string().contains("expected a directory of its own"), "{refused}");
}

/// A group that is valid, with `extra` keys of its own.
fn group(extra: &str) -> String {
    format!(
        "[[group]]\nkey = \"sec\"\nname = \"SEC\"\nbot = \"minuted@example.org\"\nroster = \"group.toml\"\n\
         time_zone = \"Europe/Berlin\"\nsenders = \"claimed\"\n\
         mailbox = {{ kind = \"maildir\", path = \"in\" }}\ndelivery = {{ kind = \"maildir\", path = \"out\" }}\n{extra}"
    )
}

fn valid(text: &str) -> Config {
    parse(text, "minuted.toml", Path::new("/srv"), &|_| None).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn what_may_be_left_out_has_its_default() {
    let config = valid(&group(""));
    assert_eq!(config.database, Path::new("/srv/minuted.db"));
    let group = config.group("sec").unwrap();
    assert_eq!((group.first_read, group.closing, group.language.as_str()), (FirstRead::Now, Closing::Owner, "en"));
    assert_eq!((&group.list, group.answers_per_hour), (&None, 60));
    assert_eq!(group.references, ReferenceScheme::default());
}

#[test]
fn all_mistakes_are_told_at_once_in_order_of_line() {
    let text = "databse = \"x.db\"\n[limits]\nmessage_bytes = \"25 lumps\"\nanswers_per_hour = 0\n[log]\nlevel = 3\n\
                format = \"jsn\"\n[[group]]\nkey = \"SEC\"\nname = \"\"\nbot = \"kim\"\ntime_zone = \"Berlin\"\n\
                closing = \"ownr\"\nlanguage = \"xx\"\nsenders = \"proved\"\nfirst_read = \"yesterday\"\n\
                [group.mailbox]\nkind = \"pop3\"\npath = \"in\"\n\
                [group.delivery]\nkind = \"maildir\"\nsecret = { env = \"X\" }\n";
    let expected = "\
minuted.toml:1: databse: is not known here (did you mean `database`?); allowed: database, limits, log, group
minuted.toml:3: limits.message_bytes: \"25 lumps\" is no size in range; expected a size between 1 KiB and 1 GiB, such as \"25 MiB\" or a number of bytes
minuted.toml:4: limits.answers_per_hour: is out of range; expected a whole number from 1 to 10000
minuted.toml:6: log.level: is a whole number; expected \"error\", \"warn\", \"info\", \"debug\" or \"trace\"
minuted.toml:7: log.format: \"jsn\" is not known; expected \"text\" or \"json\" (did you mean \"json\"?)
minuted.toml:8: group.roster: is missing; expected the file with the group's members, such as \"group.toml\"
minuted.toml:9: group.key: \"SEC\" is no key of a group; expected a short word of lower-case letters, digits and hyphens, such as \"sec\"
minuted.toml:10: group.name: is empty; expected the group's name, such as \"oneM2M WG4 SEC\"
minuted.toml:11: group.bot: \"kim\" is no e-mail address; expected something like kim@example.org
minuted.toml:12: group.time_zone: \"Berlin\" is no known time zone; expected an IANA time zone, such as \"Europe/Berlin\" (did you mean \"Europe/Berlin\"?)
minuted.toml:13: group.closing: \"ownr\" is not known; expected \"owner\" or \"review\" (did you mean \"owner\"?)
minuted.toml:14: group.language: \"xx\" is not known; expected \"en\"
minuted.toml:15: group.senders: \"proved\" is not known; expected \"proven\" or \"claimed\" (did you mean \"proven\"?)
minuted.toml:16: group.first_read: \"yesterday\" is no time with its zone; expected \"beginning\", \"now\", a date such as 2014-04-07, or a time such as 2014-04-07T08:00:00Z
minuted.toml:18: group.mailbox.kind: \"pop3\" is not known; expected \"maildir\" or \"imap\"
minuted.toml:20: group.delivery.path: is missing; expected the directory that holds new, cur and tmp
minuted.toml:22: group.delivery.secret: is not known here; it is a key of [[group]] and stands before [group.delivery]; allowed: kind, path";
    assert_eq!(errors(text), expected);
    assert_eq!(errors(&text.replace('\n', "\r\n")), expected);
}

#[test]
fn reminders_have_their_ladders_and_can_be_turned_off() {
    let list = "list = \"wg4@example.org\"\n";
    let read = |extra: &str| valid(&group(extra)).group("sec").unwrap().reminders.clone();
    assert_eq!(read(list), ReminderRules::usual());
    let without_list = ReminderRules { before_deadline: vec![], after_meeting: vec![], ..ReminderRules::usual() };
    assert_eq!(read(""), without_list);
    let all = "[group.reminders]\ntime = \"7:30\"\nbefore_meeting = [1, 21, 7, 7]\nbefore_deadline = []\n\
               before_due = \"never\"\nafter_due = [5, 2]\nthen_every = 14\nafter_meeting = [9, 2]\nafter_decision = \"never\"\n";
    let rules = read(&format!("{list}{all}"));
    assert_eq!(rules.time, jiff::civil::time(7, 30, 0, 0));
    assert_eq!((rules.before_meeting, rules.before_deadline), (vec![21, 7, 1], vec![]));
    assert_eq!((rules.after_meeting, rules.after_decision), (vec![2, 9], vec![]));
    assert_eq!((rules.before_due, rules.after_due, rules.then_every), (vec![], vec![2, 5], Some(14)));
    assert!(
        read(
            "[group.reminders]\nbefore_meeting = \"never\"\nbefore_due = []\nafter_due = []\nthen_every = \"never\"\n\
             after_decision = []\n"
        )
        .is_none()
    );
}

#[test]
fn what_is_no_ladder_is_told_with_what_is_one() {
    let wrong = "list = \"wg4@example.org\"\n[group.reminders]\ntime = \"8\"\nbefore_meeting = [14, 0]\n\
                 before_due = \"often\"\nafter_due = 1\nthen_every = 1\nbefore_meetings = []\n";
    assert_eq!(
        errors(&group(wrong)),
        "\
minuted.toml:12: group.reminders.time: \"8\" is no time of day; expected a time of day in the group's zone, such as \"08:00\"
minuted.toml:13: group.reminders.before_meeting: is out of range; expected a whole number of days from 1 to 365
minuted.toml:14: group.reminders.before_due: \"often\" is not known; expected a list of days, such as [14, 7, 1], or \"never\"
minuted.toml:15: group.reminders.after_due: is a whole number; expected a list of days, such as [14, 7, 1], or \"never\"
minuted.toml:16: group.reminders.then_every: is out of range; expected a whole number of days from 2 to 365, or \"never\"
minuted.toml:17: group.reminders.before_meetings: is not known here (did you mean `before_meeting`?); allowed: time, before_meeting, before_deadline, before_due, after_due, then_every, before_approval, before_call, after_meeting, after_decision"
    );
    assert_eq!(
        errors(&group("reminders.before_deadline = [7]\n")),
        "minuted.toml:10: group.reminders.before_deadline: a deadline is told to the mailing list, and the group has none; expected \"never\", or a `list`"
    );
}

#[test]
fn quiet_hours_leave_room_for_what_is_sent() {
    let quiet = |extra: &str| valid(&group(extra)).group("sec").unwrap().quiet.clone();
    assert!(quiet("").is_none());
    let both = quiet("quiet_hours = \"20:00-7:00\"\nholidays = [\"2014-12-24 to 2015-01-01\", \"2014-05-01\"]\n");
    assert_eq!(both.hours.unwrap().to_string(), "20:00-07:00");
    assert!(both.is_holiday("2014-12-31".parse().unwrap()) && !both.is_holiday("2015-01-02".parse().unwrap()));
    for (wrong, says) in [
        ("quiet_hours = \"20:00-09:00\"\n", "20:00-09:00 has 08:00 in it, which is time of [group.reminders]"),
        ("quiet_hours = \"at night\"\n", "expected two times of day, such as 20:00-07:00"),
        ("holidays = [\"Christmas\"]\n", "expected a day, such as 2014-12-24, or 2014-12-24 to 2015-01-01"),
        ("holidays = \"2014-12-24\"\n", "expected a list of days"),
    ] {
        let errors = format!("{:?}", errors(&group(wrong)));
        assert!(errors.contains(says), "{errors}");
    }
}

#[test]
fn the_weekly_digest_has_its_moment_where_there_is_a_list() {
    let list = "list = \"wg4@example.org\"\n";
    let weekly = |extra: &str| valid(&group(extra)).group("sec").unwrap().digest.weekly.map(|it| it.to_string());
    assert_eq!(weekly(""), None);
    assert_eq!(weekly(list).as_deref(), Some("Monday 08:00"));
    assert_eq!(weekly(&format!("{list}[group.digest]\n")).as_deref(), Some("Monday 08:00"));
    assert_eq!(weekly(&format!("{list}digest.weekly = \"friday 9:30\"\n")).as_deref(), Some("Friday 09:30"));
    assert_eq!(weekly(&format!("{list}digest.weekly = \"never\"\n")), None);
    assert_eq!(weekly("digest.weekly = \"never\"\n"), None);
    assert_eq!(
        errors(&group(&format!("{list}[group.digest]\nweekly = \"Mon 8\"\nmonthly = 1\n"))),
        "\
minuted.toml:12: group.digest.weekly: \"Mon 8\" is no moment of a week; expected a weekday and a time in the group's zone, such as \"Monday 08:00\", or \"never\"
minuted.toml:13: group.digest.monthly: is not known here; allowed: weekly"
    );
    assert_eq!(
        errors(&group("digest.weekly = \"Monday 08:00\"\n")),
        "minuted.toml:10: group.digest.weekly: the weekly digest goes to the mailing list, and the group has none; expected \"never\", or a `list`"
    );
}

#[test]
fn a_file_that_is_no_toml_has_one_error_with_its_line() {
    assert_eq!(
        errors("[log]\nlevel = \"info\"\n[log]\n"),
        "minuted.toml:3: log: is given twice; each key and table stands once"
    );
    assert!(errors("a = 1\nb = \"x\nc = = 2").starts_with("minuted.toml:2: this is not TOML: "));
}

#[test]
fn a_file_without_a_group_says_what_a_group_is() {
    let missing = "minuted.toml:1: group: is missing; expected at least one [[group]] with its keys below it";
    assert_eq!(errors(""), missing);
    assert_eq!(
        errors("[group]\n"),
        "minuted.toml:1: group: is one table; write [[group]], in two brackets, before each group"
    );
    assert_eq!(
        errors("group = []"),
        "minuted.toml:1: group: is empty; expected at least one [[group]] with its keys below it"
    );
}

#[test]
fn groups_share_neither_key_nor_bot_nor_directory() {
    let second = group("list = \"minuted@example.org\"\n").replace("\"in\"", "\"./x/../out/\"");
    assert_eq!(
        errors(&(group("") + &second)),
        "\
minuted.toml:11: group.key: \"sec\" is the key of another group (line 2); expected one of its own
minuted.toml:13: group.bot: minuted@example.org is the bot of another group (line 4); expected one of its own
minuted.toml:17: group.mailbox.path: \"/srv/./x/../out/\" is already group.delivery.path (line 9); expected a directory of its own
minuted.toml:18: group.delivery.path: \"/srv/out\" is already group.delivery.path (line 9); expected a directory of its own
minuted.toml:19: group.list: minuted@example.org is a bot's own address (line 4); expected the mailing list's"
    );
}

#[test]
fn a_first_read_is_a_moment_in_the_groups_zone() {
    let at = |text: &str| valid(&group(&format!("first_read = {text}\n"))).groups[0].first_read;
    let moment = |text: &str| FirstRead::At(text.parse().unwrap());
    assert_eq!(at("2014-04-07"), moment("2014-04-06T22:00:00Z"));
    assert_eq!(at("\"2014-04-07\""), moment("2014-04-06T22:00:00Z"));
    assert_eq!(at("2014-04-07T08:00:00+02:00"), moment("2014-04-07T06:00:00Z"));
    assert!(errors(&group("first_read = 2014-04-07T08:00:00\n")).contains("is no time with its zone"));
}

#[test]
fn references_are_completed_and_checked() {
    let with = |keys: &str| group(&format!("[group.references]\n{keys}\n"));
    let references = valid(&with("prefix = \"XYZ\"\ngroup = \"WG9\"")).groups.remove(0).references;
    assert_eq!(references.group_aliases, ["XYZ"]);
    assert_eq!(references.contributions[..2], ["XYZ", "SEC"]);
    assert_eq!(
        errors(&with("prefix = \"sec\"\ncontributions = [\"PRO\"]\nplenary = \"TP1\"")),
        "\
minuted.toml:11: group.references.prefix: \"sec\" is no label; expected upper-case letters and digits, a letter first, such as \"SEC\", at most 16 of them
minuted.toml:13: group.references.plenary: \"TP1\" is no label; expected upper-case letters, such as \"TP\", at most 16 of them"
    );
    assert_eq!(
        errors(&with("contributions = [\"PRO\"]")),
        "minuted.toml:11: group.references.contributions: does not hold the group's own prefix; expected \"SEC\" in it"
    );
}

#[test]
fn patterns_of_references_and_status_words_are_checked() {
    let with = |keys: &str| group(&format!("[group.references]\n{keys}\n"));
    let references = valid(&with(
        "prefix = \"NET\"\ncontribution_number = \"{prefix}({yy}){number:3-6}[r{revision}]\"\nplenary = \"none\"\n\
         action_number = \"{meeting}-AI{number:1}\"\n[group.status_words]\n\"Left-over\" = \"open\"",
    ))
    .groups
    .remove(0)
    .references;
    // The prefixes of oneM2M are no other body's.
    assert_eq!(references.contributions, ["NET"]);
    assert_eq!(references.plenary, "");
    assert_eq!(references.patterns.contribution.to_string(), "{prefix}({yy}){number:3-6}[r{revision}]");
    let wrong = errors(&with(
        "contribution_number = \"{prefix}-{number:4}\"\naction_number = \"AP{number}\"\nmeeting_number = \"#\"\n\
         deliverable_number = \"TS\"\nplenary = \"\"\nmeeting_prefix = \"sec\"",
    ));
    let lines: Vec<&str> = wrong.lines().collect();
    for (line, expected) in [
        (
            "group.references.contribution_number: \"{prefix}-{number:4}\" is no pattern of contributions",
            "{prefix}({yy}){number:6}",
        ),
        ("group.references.action_number: \"AP{number}\" is no pattern of action items", "{meeting}-AP{number:2}"),
        ("group.references.meeting_number: \"#\" is not known", "{prefix}#{number}.{sub}"),
        ("group.references.deliverable_number: \"TS\" is not known", "{kind} {number:3} {number:3}"),
        ("group.references.plenary: is empty", "TP"),
        ("group.references.meeting_prefix: \"sec\" is no label", "SEC"),
    ] {
        assert!(lines.iter().any(|one| one.contains(line) && one.contains(expected)), "{line}: {wrong}");
    }
    assert_eq!(
        errors(&with("plenary = \"none\"")),
        "minuted.toml:11: group.references.plenary: is \"none\", and action items are numbered by it; expected \
         action_number = \"{meeting}-AP{number:2}\", too"
    );
    let words = |words: &str| errors(&group(&format!("[group.status_words]\n{words}\n")));
    assert!(
        words("\"noted\" = \"agreed\"").contains("group.status_words.noted: is a status that minuted knows already")
    );
    assert!(words("\"r1!\" = \"agreed\"").contains("is no status; expected one to four words of letters"));
    assert!(words("\"treated\" = \"done\"").contains("\"done\" is not known; expected \"open\", \"noted\""));
    assert!(words("\"treated\" = 1").contains("group.status_words.treated: is a whole number"));
}

#[test]
fn a_secret_is_loaded_and_never_shown() {
    let text = group("secret = { env = \"MINUTED_SECRET\" }\n");
    let read = |value: &'static str| {
        parse(&text, "m", Path::new(""), &|name| (name == "MINUTED_SECRET").then(|| value.to_owned()))
    };
    let config = read("0123456789abcdef-very-secret\n").unwrap();
    assert_eq!(config.groups[0].secret.as_ref().unwrap().expose_secret(), "0123456789abcdef-very-secret");
    assert!(!format!("{config:?}").contains("very-secret"));
    let short = read("short-one").unwrap_err().to_string();
    assert_eq!(
        short,
        "m:10: group.secret.env: the environment variable MINUTED_SECRET holds too short a secret; \
         expected at least 16 bytes (openssl rand -hex 32)"
    );
    assert_eq!(
        errors(&text),
        "minuted.toml:10: group.secret.env: the environment variable MINUTED_SECRET is not set; expected it to hold the secret"
    );
    for wrong in ["\"hunter2-hunter2\"", "{ env = \"hunter2-hunter2\" }", "{ env = \"hunter2\\nhunter2\" }"] {
        assert!(!errors(&group(&format!("secret = {wrong}\n"))).contains("hunter2"), "{wrong}");
    }
}

#[cfg(unix)]
#[test]
fn a_secret_file_that_others_can_read_is_a_warning_and_a_missing_one_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (config, secret) = (folder.path().join("minuted.toml"), folder.path().join("secret"));
    fs::write(&config, group("secret = { file = \"secret\" }\n")).unwrap();
    let missing = load(&config).unwrap_err().to_string();
    assert!(missing.contains(":10: group.secret.file: ") && missing.contains("secret\" cannot be read"), "{missing}");
    fs::write(&secret, "0123456789abcdef\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let warnings = load(&config).unwrap().warnings;
    assert!(
        matches!(warnings.as_slice(), [only] if only.what.contains("can be read by others (mode 0644)")),
        "{warnings:?}"
    );
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o640)).unwrap();
    let notes = load(&config).unwrap().warnings;
    assert!(matches!(notes.as_slice(), [only] if only.what.contains("by its group (mode 0640)")), "{notes:?}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(load(&config).unwrap().warnings, []);
}

#[test]
fn an_unknown_kind_is_one_error_whatever_else_its_table_holds() {
    let pop3 = "kind = \"pop3\", host = \"pop.example.org\", port = 995, user = \"minuted\"";
    let text = group("").replace("kind = \"maildir\", path = \"in\"", pop3);
    assert!(errors(&text).ends_with("mailbox.kind: \"pop3\" is not known; expected \"maildir\" or \"imap\""));
    assert_eq!(errors(&text).lines().count(), 1, "{}", errors(&text));
    let text = group("").replace("kind = \"maildir\", path = \"out\"", &pop3.replace("pop3", "sendmail"));
    assert_eq!(errors(&text).lines().count(), 1, "{}", errors(&text));
}

/// A group whose mailbox is of an IMAP server, with these keys in its table.
fn imap(keys: &str) -> String {
    group("").replace(
        "mailbox = { kind = \"maildir\", path = \"in\" }",
        &format!("mailbox = {{ kind = \"imap\", host = \"imap.example.org\", user = \"minuted\", {keys} }}"),
    )
}

/// A file with the certificate of an authority, in a folder that is gone when the first is dropped.
fn authority() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["example.org".to_owned()]).unwrap();
    let path = folder.path().join("ca.pem");
    fs::write(&path, made.cert.pem()).unwrap();
    (folder, path)
}

#[test]
fn a_file_of_certificates_that_is_missing_or_holds_none_is_a_mistake_of_the_configuration() {
    let (folder, path) = authority();
    for (content, said) in [(Some("no PEM"), "holds no certificate"), (None, "cannot be read: No such file")] {
        match content {
            Some(content) => fs::write(&path, content).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let told = errors(&imap(&format!("password = {{ env = \"PASSWORD\" }}, ca = {path:?}")));
        assert!(told.contains("minuted.toml:8: group.mailbox.ca: ") && told.contains(said), "{told}");
    }
    drop(folder);
}

fn imap_of(keys: &str) -> (ImapConfig, Vec<Problem>) {
    let env = |name: &str| (name == "PASSWORD").then(|| "hunter2".to_owned());
    let config = parse(&imap(keys), "minuted.toml", Path::new("/srv"), &env);
    let config = config.unwrap_or_else(|errors| panic!("{errors}"));
    let MailboxConfig::Imap(imap) = config.groups[0].mailbox.clone() else { panic!("another kind") };
    (imap, config.warnings)
}

#[test]
fn an_imap_mailbox_has_its_defaults_by_its_security() {
    let (imap, warnings) = imap_of("password = { env = \"PASSWORD\" }");
    assert_eq!((imap.server.host.as_str(), imap.server.port), ("imap.example.org", 993));
    assert_eq!((imap.server.security, imap.folder.as_str(), imap.after), (Security::Tls, "INBOX", AfterFetching::Flag));
    assert_eq!(imap.poll, ImapConfig::POLL);
    // Shorter than a key of one's own may be; never shown.
    let login = imap.server.login.unwrap();
    assert!(
        matches!(&login.proof, Proof::Password(Password::Given(password)) if password.expose_secret() == "hunter2")
    );
    assert!(!format!("{login:?}").contains("hunter2"));
    assert!(warnings.is_empty());
    let (_folder, ca) = authority();
    let (imap, warnings) = imap_of(&format!(
        "security = \"starttls\", token = {{ command = [\"get-token\", \"--for\", \"minuted\"] }}, ca = {ca:?}, \
         after = \"move\", move_to = \"Read\", folder = \"Lists/WG4\", poll = \"90 s\""
    ));
    assert_eq!((imap.server.security, imap.server.port), (Security::StartTls, 143));
    assert_eq!(imap.server.ca, Some(ca));
    assert_eq!((imap.folder.as_str(), imap.after), ("Lists/WG4", AfterFetching::Move { to: "Read".to_owned() }));
    assert_eq!(imap.poll, Duration::from_secs(90));
    let command = ["get-token", "--for", "minuted"].map(str::to_owned).to_vec();
    assert!(matches!(imap.server.login.unwrap().proof, Proof::Token(TokenSource::Command(words)) if words == command));
    assert!(warnings.is_empty());
    let (_, warnings) = imap_of("security = \"plain\", password = { env = \"PASSWORD\" }");
    assert!(warnings[0].what.contains("unencrypted"), "{warnings:?}");
}

#[test]
fn every_key_of_the_shipped_imap_mailbox_is_valid_as_it_stands_there() {
    let [(_, text), _] = embedded();
    let from = text.find("# [group.mailbox]").expect("an IMAP mailbox in a comment");
    let block = text[from..].lines().take_while(|line| line.starts_with('#'));
    let keys: Vec<&str> =
        block.filter_map(|line| line.strip_prefix("# ")).filter(|line| line.contains(" = ")).collect();
    assert!(keys.len() > 10, "{keys:?}");
    // The password and the token are shown in each of their forms; one at a time counts.
    let proofs = |key: &&str| key.starts_with("password") || key.starts_with("token");
    let (proofs, others): (Vec<&str>, Vec<&str>) = keys.into_iter().partition(proofs);
    let (folder, _) = authority();
    fs::write(folder.path().join("password"), "word").unwrap();
    for proof in proofs {
        let mailbox = format!("[group.mailbox]\n{}\n{proof}\n", others.join("\n")).replace("\"flag\"", "\"move\"");
        let text = group("").replace("mailbox = { kind = \"maildir\", path = \"in\" }\n", "");
        let config = parse(&format!("{text}{mailbox}"), "m", folder.path(), &|_| Some("word".to_owned()));
        let config = config.unwrap_or_else(|errors| panic!("{errors}\n{mailbox}"));
        assert!(matches!(config.groups[0].mailbox, MailboxConfig::Imap(_)));
    }
}

#[test]
fn an_imap_mailboxs_mistakes_are_told_at_once() {
    let text = imap("port = 0, folder = \"IN*\", after = \"move\", poll = \"soon\", path = \"in\"");
    assert_eq!(
        errors(&text),
        "minuted.toml:8: group.mailbox.port: is out of range; expected a port, a whole number from 1 to 65535\n\
         minuted.toml:8: group.mailbox.password: is missing; expected { file = \"PATH\" } or { env = \"NAME\" }, or a token, \
         { file = \"PATH\" } or { command = [\"PROGRAM\", \"ARGUMENT\"] }\n\
         minuted.toml:8: group.mailbox.folder: \"IN*\" holds * or %, which stand for many folders; expected the folder that is \
         read, such as \"INBOX\"\n\
         minuted.toml:8: group.mailbox.move_to: is missing; expected the folder that read mail is moved to, such as \"Read\"\n\
         minuted.toml:8: group.mailbox.poll: \"soon\" is no such time; expected a time between 1 s and 24 h, such as \"2 min\"\n\
         minuted.toml:8: group.mailbox.path: is not known here; allowed: kind, host, security, port, ca, user, password, token, \
         folder, after, move_to, poll"
    );
    let text = imap("token = { file = \"token\" }, after = \"move\", move_to = \"inbox\"");
    assert_eq!(
        errors(&text),
        "minuted.toml:8: group.mailbox.move_to: is the folder that is read; expected the folder that read mail is moved to, \
         such as \"Read\""
    );
    let text = imap("token = { file = \"token\" }, password = { env = \"PASSWORD\" }");
    assert_eq!(errors(&text), "minuted.toml:8: group.mailbox.token: stands beside a password; expected one of the two");
}

/// A group whose mail goes to a mail server, with these keys in its table.
fn smtp(keys: &str) -> String {
    group("").replace(
        "delivery = { kind = \"maildir\", path = \"out\" }",
        &format!("delivery = {{ kind = \"smtp\", host = \"smtp.example.org\"{keys} }}"),
    )
}

fn smtp_of(keys: &str) -> (Server, String, Vec<Problem>) {
    let env = |name: &str| (name == "PASSWORD").then(|| "hunter2".to_owned());
    let config = parse(&smtp(keys), "minuted.toml", Path::new("/srv"), &env);
    let config = config.unwrap_or_else(|errors| panic!("{errors}"));
    let DeliveryConfig::Smtp { server, envelope_from } = config.groups[0].delivery.clone() else {
        panic!("another kind")
    };
    (server, envelope_from.to_string(), config.warnings)
}

#[test]
fn smtp_has_its_defaults_by_its_security_and_needs_no_login() {
    let (server, envelope_from, warnings) = smtp_of("");
    assert_eq!((server.security, server.port), (Security::Tls, 465));
    assert!(server.login.is_none());
    assert_eq!(envelope_from, "minuted+bounce@example.org");
    assert_eq!(warnings, []);
    let keys = ", security = \"starttls\", user = \"minuted\", password = { env = \"PASSWORD\" }, \
                envelope_from = \"bounces@example.org\"";
    let (server, envelope_from, _) = smtp_of(keys);
    assert_eq!((server.security, server.port), (Security::StartTls, 587));
    assert!(!format!("{:?}", server.login.unwrap()).contains("hunter2"));
    assert_eq!(envelope_from, "bounces@example.org");
    let (server, _, warnings) = smtp_of(", security = \"plain\"");
    assert_eq!(server.port, 25);
    assert!(warnings[0].what.contains("unencrypted"), "{warnings:?}");
}

#[test]
fn the_mistakes_of_smtp_are_told_at_once() {
    assert_eq!(
        errors(&smtp(", path = \"out\", envelope_from = \"nobody\", user = \"minuted\"")),
        "minuted.toml:9: group.delivery.password: is missing; expected { file = \"PATH\" } or { env = \"NAME\" }, or a \
         token, { file = \"PATH\" } or { command = [\"PROGRAM\", \"ARGUMENT\"] }\n\
         minuted.toml:9: group.delivery.envelope_from: \"nobody\" is no e-mail address; expected something like \
         kim@example.org\n\
         minuted.toml:9: group.delivery.path: is not known here; allowed: kind, host, security, port, ca, user, password, \
         token, envelope_from"
    );
}

#[test]
fn two_groups_do_not_read_one_folder() {
    let first = imap("token = { file = \"token\" }, folder = \"inbox\"");
    let second = imap("token = { file = \"token\" }")
        .replace("\"sec\"", "\"other\"")
        .replace("minuted@", "other@")
        .replace("\"out\"", "\"other\"");
    assert_eq!(
        errors(&format!("{first}{second}")),
        "minuted.toml:17: group.mailbox.host: the folder \"INBOX\" of \"minuted\" there is the mailbox of another group \
         (line 8); expected one of its own"
    );
}

#[test]
fn what_proves_senders_is_checked() {
    let proven = |extra: &str| group(extra).replace("\"claimed\"", "\"proven\"");
    let config = valid(&proven("authserv_id = \"MX.Example.Org\"\nreply_address = \"m-{token}@bot.example.org\"\n"));
    let group_of = &config.groups[0];
    assert_eq!((group_of.senders, group_of.authserv_id.as_deref()), (Senders::Proven, Some("mx.example.org")));
    assert_eq!(group_of.rules().senders, Senders::Proven);
    assert_eq!(group_of.reply_address.as_ref().unwrap().to_string(), "m-{token}@bot.example.org");
    assert_eq!(config.warnings, []);
    assert!(group_of.tokens().is_none(), "without a secret there are no tokens");

    let warnings = valid(&proven("")).warnings;
    assert!(matches!(warnings.as_slice(), [only] if only.what.contains("every change will be held")), "{warnings:?}");
    for (extra, expected) in [
        (
            "reply_address = \"minuted@example.org\"",
            "group.reply_address: \"minuted@example.org\" is no address with a token",
        ),
        ("reply_address = \"a{token}@example.org\"", "expected a + or - between {token} and the letters beside it"),
        ("reply_address = 3", "group.reply_address: is a whole number"),
        ("authserv_id = \"\"", "group.authserv_id: is empty"),
        ("authserv_id = \"mx.example.org; dmarc=pass\"", "is no name of a server"),
    ] {
        let told = errors(&group(&format!("{extra}\n")));
        assert!(told.contains(expected) && !told.contains('\n'), "{told}");
    }
}

#[test]
fn a_bot_whose_name_leaves_no_room_for_tokens_is_refused_where_they_are_made() {
    let long = |extra: &str| group(extra).replace("minuted@", &format!("{}@", "x".repeat(40)));
    assert_eq!(valid(&long("")).groups[0].reply_address, None);
    let secret = "secret = { env = \"S\" }\n";
    let read = |text: String| parse(&text, "m", Path::new(""), &|_| Some("0123456789abcdef".to_owned()));
    let told = read(long(secret)).unwrap_err().to_string();
    assert!(told.starts_with("m:10: group.secret: the bot's address leaves no room for tokens"), "{told}");
    let config = read(long(&format!("{secret}reply_address = \"m+{{token}}@example.org\"\n"))).unwrap();
    assert!(config.groups[0].tokens().is_some());
}

#[test]
fn a_configuration_is_found_where_it_is_named_or_at_its_places() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here.toml"), folder.path().join("there.toml"));
    assert!(find_among(None, &[&here, &there]).unwrap_err().to_string().contains("--config FILE"));
    fs::write(&there, "").unwrap();
    assert_eq!(find_among(None, &[&here, &there]).unwrap(), there);
    assert_eq!(find_among(Some(&there), &[]).unwrap(), there);
    assert!(find_among(Some(&here), &[&there]).unwrap_err().to_string().ends_with(": there is no such file"));
}

#[test]
fn a_file_in_another_encoding_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("group.csv");
    fs::write(&file, b"name,organization,address\nM\xfcller,CATT,m@example.org\n").unwrap();
    assert!(
        load_roster(&file)
            .unwrap_err()
            .to_string()
            .ends_with("group.csv:2: is not in UTF-8; save the file in that encoding")
    );
}

fn roster_errors(text: &str, file: &str) -> String {
    parse_roster(text, file).unwrap_err().to_string()
}

#[test]
fn a_rosters_mistakes_are_told_at_once() {
    let text = "[[organization]]\nname = \"Qualcomm\"\naliases = [\"Qualcomm Inc.\"]\n\
                [[organization]]\nname = \"qualcomm  inc\"\n\
                [[member]]\nname = \"A\"\norganization = \"Qualcom\"\naddresses = [\"a@example.org\", \"b@example.org\"]\nroles = [\"boss\"]\n\
                [[member]]\nname = \"a\"\norganization = \"Qualcomm Inc\"\naddresses = [\"B@example.org\"]\nrole = [\"chair\"]\n\
                [[member]]\nname = \"Secretary\"\norganization = \"Qualcomm\"\naddresses = []\n\
                [[members]]\nname = \"B\"\n[group]\nkey = \"sec\"\n";
    assert_eq!(
        roster_errors(text, "group.toml"),
        "\
group.toml:5: organization.name: \"qualcomm  inc\" already means \"Qualcomm\" (line 3); expected a name of one organization only
group.toml:8: member.organization: \"Qualcom\" is no organization of this file; expected the name of one (did you mean \"Qualcomm\"?)
group.toml:10: member.roles: \"boss\" is no role; expected chair, vice-chair, secretary, or rapporteur of a deliverable (rapporteur TS-0003)
group.toml:12: member.name: \"a\" is already a member's name (line 7); expected one entry a member, with all addresses, and a name of their own
group.toml:14: member.addresses: b@example.org is already an address of \"A\" (line 9); expected an address of one member only, once
group.toml:15: member.role: is not known here (did you mean `roles`?); allowed: name, organization, addresses, roles
group.toml:17: member.name: \"Secretary\" is a role that the member has not; expected another name, or that role
group.toml:19: member.addresses: is empty; expected a list of e-mail addresses, such as [\"member-catt@example.org\"]
group.toml:20: members: is not known here (did you mean `member`?); allowed: organization, member
group.toml:22: group: is not known here; allowed: organization, member"
    );
}

#[test]
fn a_roster_without_officers_or_with_an_outside_contact_is_only_warned_of() {
    let text = "[[organization]]\nname = \"A, B\"\ncontact = \"out@example.org\"\n\
                [[member]]\nname = \"Kim\"\norganization = \"a, b\"\naddresses = [\"kim@example.org\"]\n";
    let roster = parse_roster(text, "g").unwrap();
    assert_eq!(roster.members[0].organization, "A, B");
    let warnings: Vec<_> = roster.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "g: nobody is chair; give a member the role \"chair\"",
            "g: nobody is secretary; give a member the role \"secretary\"",
            "g:2: organization.name: \"A, B\" means something else where owners are written (Lead A + B, C); expected a name without comma, plus sign and \"Lead\" that items can be given to",
            "g:3: organization.contact: out@example.org is no member's address: mail to the organization goes there, and what is answered from there changes nothing",
        ]
    );
    let kept = serde_json::to_string(&roster).unwrap();
    assert_eq!(serde_json::from_str::<RosterFile>(&kept).unwrap().members, roster.members);
}

#[test]
fn announcers_are_machines_of_their_own() {
    assert_eq!(valid(&group("announcers = []\n")).groups[0].announcers, []);
    let config = valid(&group("announcers = [\"Portal@Portal.example.net\", \"docs@example.org\"]\n"));
    assert_eq!(config.groups[0].announcers.len(), 2);
    assert_eq!(config.groups[0].rules().announcers, config.groups[0].announcers);
    assert_eq!(config.warnings, []);
    for (announcers, expected) in [
        ("\"portal@example.org\"", "is a text; expected a list of addresses of machines"),
        ("[3]", "is a whole number; expected the address that a portal mails from"),
        ("[\"portal\"]", "group.announcers: "),
        ("[\"minuted+x@example.org\"]", "is the bot's own address"),
        ("[\"a@example.org\", \"a@example.org\"]", "is there twice"),
        ("[\"wg4@example.org\"]", "is the mailing list's address"),
    ] {
        let told = errors(&group(&format!("list = \"wg4@example.org\"\nannouncers = {announcers}\n")));
        assert!(told.contains(expected) && !told.contains('\n'), "{told}");
    }
    let proven =
        group("secret = { env = \"S\" }\nannouncers = [\"portal@example.org\"]\n").replace("\"claimed\"", "\"proven\"");
    let config = parse(&proven, "m", Path::new(""), &|_| Some("0123456789abcdef".to_owned())).unwrap();
    assert!(config.warnings.iter().any(|warning| warning.what.contains("only linked")), "{:?}", config.warnings);
}

#[test]
fn an_announcers_address_is_no_members() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("minuted.toml"), group("announcers = [\"kim@example.org\"]\n")).unwrap();
    let roster = "[[organization]]\nname = \"CATT\"\n[[member]]\nname = \"Kim\"\norganization = \"CATT\"\naddresses = [\"kim@example.org\"]\n";
    fs::write(folder.path().join("group.toml"), roster).unwrap();
    let config = load(&folder.path().join("minuted.toml")).unwrap();
    let errors = config.groups[0].load_roster().unwrap_err().to_string();
    assert!(errors.contains("kim@example.org is an announcer's address in minuted.toml"), "{errors}");
}

#[test]
fn the_bots_address_is_no_members() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("minuted.toml"), group("")).unwrap();
    let csv = "name,organization,address\nKim,CATT,minuted+x@example.org\n";
    fs::write(
        folder.path().join("group.toml"),
        "[[organization]]\nname = \"CATT\"\ncontact = \"minuted@example.org\"\n",
    )
    .unwrap();
    let config = load(&folder.path().join("minuted.toml")).unwrap();
    let errors = config.groups[0].load_roster().unwrap_err().to_string();
    assert!(
        errors.ends_with(
            ":3: organization.contact: minuted@example.org is the bot's own address; expected somebody's own"
        ),
        "{errors}"
    );
    assert!(parse_roster(csv, "g.csv").is_ok());
}

#[test]
fn a_spreadsheet_is_a_roster() {
    let text = "\u{feff}Name;Organisation;E-Mail;Roles\r\n\r\nChair;Gemalto;chair@example.org;chair\r\n\
                \"Kim\";\"CATT\";\"kim@example.org; kim@mobile.example.org\";\"secretary; rapporteur TS-0003\"\r\n;;;\r\n";
    let roster = parse_roster(text, "Group.CSV").unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(roster.warnings, []);
    let names: Vec<_> = roster.organizations.iter().map(|organization| organization.name.as_str()).collect();
    assert_eq!(names, ["Gemalto", "CATT"]);
    assert_eq!(roster.members[1].addresses.len(), 2);
    assert_eq!(roster.members[1].roles, [Role::Secretary, Role::Rapporteur("TS-0003".to_owned())]);
}

#[test]
fn a_spreadsheets_mistakes_have_their_lines() {
    let text = "name,organization,address,role,phone,adress\n\nKim,,kim,boss,1,x\nPark,CATT,kim@example.org,,2,,,y\n";
    assert_eq!(
        roster_errors(text, "g.csv"),
        "\
g.csv:1: adress: is no heading; did you mean \"address\"? expected the heading \"name,organization,address,roles\" and a row for each member
g.csv:3: organization: is empty; expected a value in every row
g.csv:3: address: \"kim\" is no e-mail address; expected something like kim@example.org
g.csv:3: roles: \"boss\" is no role; expected chair, vice-chair, secretary, or rapporteur of a deliverable (rapporteur TS-0003)
g.csv:4: has more cells than the 6 headings; a cell that holds the separator stands in quotes"
    );
    assert!(roster_errors("", "g.csv").starts_with("g.csv:1: is empty; expected the heading"));
    assert!(roster_errors("name,address\n", "g.csv").starts_with("g.csv:1: organization: is missing;"));
}

#[test]
fn the_number_of_errors_told_is_bounded() {
    let text: String = (0..5000).map(|at| format!("k{at} = 1\n")).collect();
    let errors = errors(&text);
    assert_eq!(errors.lines().count(), 201);
    assert!(errors.ends_with(" errors more"));
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,200}|[\\[\\]a-z=\"\\n.{},0-9 ]{0,200}") {
        let _ = parse(&text, "m", Path::new(""), &|_| None);
        let _ = parse_roster(&text, "g.toml");
        let _ = parse_roster(&text, "g.csv");
    }

    #[test]
    fn no_damage_to_a_valid_file_makes_reading_panic(at in 0usize..6000, length in 0usize..80, put in "\\PC{0,20}") {
        for (name, text) in embedded() {
            let mut characters: Vec<char> = text.chars().collect();
            let at = at.min(characters.len());
            let end = (at + length).min(characters.len());
            characters.splice(at..end, put.chars());
            let damaged: String = characters.into_iter().collect();
            if let Ok(config) = parse(&damaged, name, Path::new(""), &|_| None) {
                prop_assert!(!config.groups.is_empty());
            }
            let _ = parse_roster(&damaged, name);
        }
    }
}

#[test]
fn the_readmes_configuration_of_a_real_list_is_valid_as_it_stands_there() {
    let readme = include_str!("../../README.md");
    let from = readme.find("    [[group]]").expect("a configuration");
    let lines: Vec<&str> = readme[from..].lines().map_while(|line| line.strip_prefix("    ")).collect();
    assert!((5..=15).contains(&lines.len()), "{lines:?}");
    let folder = tempfile::tempdir().unwrap();
    for secret in ["secret", "password"] {
        let path = folder.path().join(secret);
        fs::write(&path, "0123456789abcdef").unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    let config = parse(&lines.join("\n"), "minuted.toml", folder.path(), &|_| None);
    let config = config.unwrap_or_else(|errors| panic!("{errors}"));
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    assert!(matches!(config.groups[0].mailbox, MailboxConfig::Imap(_)));
    assert_eq!(config.groups[0].senders, Senders::Proven);
}
