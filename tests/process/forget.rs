//! A person is forgotten, and what was decided stays.

use std::fs;

use crate::site::{Mail, Site, wait_until};

const ADDRESSES: [&str; 2] = ["member-qualcomm@example.org", "member-qualcomm@mobile.example.org"];

fn mail(id: &str, from: &str, text: &str) -> Mail {
    Mail { id: format!("{id}@example.org"), from: from.to_owned(), text: text.to_owned() }
}

/// A group in which Member Qualcomm owns and has done something, and is named by others.
fn site() -> Site {
    let site = Site::new();
    for mail in [
        mail(
            "own",
            "chair",
            "assign A-WG4-TP8-005 to Lead Member Qualcomm\naction Lead CATT: Ask Member Qualcomm for clause 7",
        ),
        mail("done", "member-qualcomm", "note A-WG4-TP8-005: I am on it\n\n-- \nMember Qualcomm"),
        mail("also", "secretary", "note A-WG4-TP8-005: see what member-qualcomm@example.org wrote"),
        mail("nobody", "vice-chair", "note A-WG4-TP8-005: nobody is named"),
    ] {
        site.receives(&mail);
    }
    site.succeeds(&["run", "--once"]);
    site
}

/// Whether a file of the database has the text.
fn is_in_the_database(site: &Site, text: &str) -> bool {
    let files = fs::read_dir(site.path("site")).expect("the folder").map(|entry| entry.expect("an entry").path());
    let is_database = |path: &std::path::PathBuf| path.to_string_lossy().contains(".db");
    files.filter(is_database).any(|path| {
        let bytes = fs::read(&path).expect("a file of the database");
        bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    })
}

#[test]
fn who_is_forgotten_is_nowhere_in_the_database_and_the_decisions_stay() {
    let site = site();
    site.succeeds(&["stop-mail", "--because", "Member Qualcomm gets what is another's"]);
    assert!(site.prints(&["start-mail"]).contains("Member Qualcomm"));
    let before = site.prints(&["list", "actions", "--json"]);
    assert!(ADDRESSES.iter().chain(&["Member Qualcomm"]).all(|text| is_in_the_database(&site, text)));
    let told = site.prints(&["forget", ADDRESSES[1]]);
    assert!(told.contains("Nothing was changed") && told.contains("1 by the person, 2 by others"), "{told}");
    assert_eq!(site.prints(&["list", "actions", "--json"]), before);
    let told = site.prints(&["forget", ADDRESSES[1], "--yes"]);
    assert!(told.contains("backups") && told.contains("group.toml still has"), "{told}");
    for text in ADDRESSES.iter().chain(&["Member Qualcomm"]) {
        assert!(!is_in_the_database(&site, text), "{text} is left");
    }
    site.succeeds(&["rebuild", "--check"]);
    let after = site.prints(&["list", "actions", "--json"]);
    assert_eq!(after, before.replace("Member Qualcomm", "Former member 1"));
    assert_eq!(site.notes("A-WG4-TP8-005").len(), 3, "what was decided stays");
    assert!(site.prints(&["history", "A-WG4-TP8-005"]).contains("Former member 1"));
    assert!(!site.prints(&["show", "message 4"]).contains("erased"), "who named nobody keeps the mail");
    // A copy that comes again does nothing, whoever wrote it, and whoever writes from the address now is nobody.
    for mail in [
        mail("done", "member-qualcomm", "note A-WG4-TP8-005: I am on it\n\n-- \nMember Qualcomm"),
        mail("also", "secretary", "note A-WG4-TP8-005: see what member-qualcomm@example.org wrote"),
        mail("new", "member-qualcomm", "note A-WG4-TP8-005: me again"),
    ] {
        site.receives(&mail);
    }
    site.succeeds(&["run", "--once"]);
    assert_eq!(site.notes("A-WG4-TP8-005").len(), 3);
    let told = site.prints(&["forget", ADDRESSES[0], "--yes"]);
    assert!(told.contains("Former member 2"), "{told}");
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn a_daemon_that_runs_does_not_bring_a_forgotten_name_back() {
    let site = site();
    let running = site.start(&["run"]);
    site.receives(&mail("before", "member-qualcomm", "note A-WG4-TP8-005: once more"));
    wait_until("the daemon reads", || site.notes("A-WG4-TP8-005").len() == 4);
    wait_until("its answer is out", || site.answers_so_far() == 5);
    site.succeeds(&["forget", ADDRESSES[0], "--yes"]);
    site.receives(&mail("after", "chair", "note A-WG4-TP8-005: afterwards"));
    wait_until("the daemon reads on", || site.notes("A-WG4-TP8-005").len() == 5);
    running.stops_when_told();
    for text in ADDRESSES.iter().chain(&["Member Qualcomm"]) {
        assert!(!is_in_the_database(&site, text), "{text} is left");
    }
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn who_has_the_same_name_in_theirs_keeps_it_and_an_address_that_was_never_confirmed_goes_too() {
    let site = site();
    for mail in [
        mail("junior", "chair", "member Member Qualcomm Junior, Qualcomm, junior@example.org"),
        mail("private", "member-qualcomm", "also hidden@private.example.org"),
    ] {
        site.receives(&mail);
    }
    site.succeeds(&["run", "--once"]);
    assert!(is_in_the_database(&site, "hidden@private.example.org"));
    let told = site.prints(&["forget", ADDRESSES[0], "--yes"]);
    assert!(told.contains("The name Member Qualcomm stays"), "{told}");
    assert!(site.prints(&["list", "members", "--json"]).contains("Member Qualcomm Junior"));
    for address in ADDRESSES.iter().chain(&["hidden@private.example.org"]) {
        assert!(!is_in_the_database(&site, address), "{address} is left");
    }
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn the_only_chair_and_the_bot_are_not_forgotten() {
    let site = Site::new();
    assert!(site.fails(&["forget", "chair@example.org", "--yes"]).contains("the group's only chair"));
    assert!(site.fails(&["forget", "minuted@example.org", "--yes"]).contains("no person's"));
    assert!(site.prints(&["list", "members"]).contains("chair@example.org"));
}
