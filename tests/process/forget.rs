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
        // The same once more by another way: other bytes.
        mail("done", "member-qualcomm", "note A-WG4-TP8-005: I am on it\n\n-- \nMember Qualcomm\n\nby a list"),
    ] {
        site.receives(&mail);
    }
    site.succeeds(&["run", "--once"]);
    for text in ADDRESSES.iter().chain(&["Member Qualcomm"]) {
        assert!(!is_in_the_database(&site, text), "{text} is there again");
    }
    assert!(site.prints(&["show", "message 5"]).contains("erased"));
    site.receives(&mail("new", "member-qualcomm", "note A-WG4-TP8-005: me again"));
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
        mail("both", "chair", "assign A-WG4-TP8-005 to Lead Member Qualcomm, Member Qualcomm Junior"),
    ] {
        site.receives(&mail);
    }
    site.succeeds(&["run", "--once"]);
    assert!(is_in_the_database(&site, "hidden@private.example.org"));
    let waits = site.prints(&["list", "requests", "--waiting", "--json"]);
    assert_eq!(waits.matches("\"kind\": \"address\"").count(), 2, "{waits}");
    let told = site.prints(&["forget", ADDRESSES[0], "--yes"]);
    assert!(!told.contains("stays"), "{told}");
    assert!(site.prints(&["list", "members", "--json"]).contains("Member Qualcomm Junior"));
    assert!(!site.prints(&["list", "members", "--json"]).contains("\"Member Qualcomm\""));
    let owners = site.prints(&["show", "A-WG4-TP8-005"]);
    assert!(owners.contains("Lead Former member 1, Member Qualcomm Junior"), "{owners}");
    for address in ADDRESSES.iter().chain(&["hidden@private.example.org"]) {
        assert!(!is_in_the_database(&site, address), "{address} is left");
    }
    let waits = site.prints(&["list", "requests", "--waiting", "--json"]);
    assert!(!waits.contains("\"address\""), "what the person was asked waits for nobody: {waits}");
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn a_name_that_another_member_has_just_so_stays() {
    let site = site();
    site.receives(&mail("other", "chair", "member Member Qualcomm, CATT, namesake@example.org"));
    site.succeeds(&["run", "--once"]);
    let told = site.prints(&["forget", ADDRESSES[0], "--yes"]);
    assert!(told.contains("The name Member Qualcomm stays"), "{told}");
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn what_nobody_knows_is_not_forgotten_and_a_word_is_no_name() {
    let site = site();
    let told = site.fails(&["forget", "stranger@example.org", "--yes"]);
    assert!(told.contains("nothing that is kept has stranger@example.org"), "{told}");
    let told = site.fails(&["forget", ADDRESSES[0], "--name", "open", "--yes"]);
    assert!(told.contains("\"open\" is a word that the group's records have in another sense"), "{told}");
    assert!(told.contains("give the whole name") && !told.contains("journal"), "{told}");
    assert!(is_in_the_database(&site, ADDRESSES[0]));
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn the_only_chair_and_the_bot_are_not_forgotten() {
    let site = Site::new();
    assert!(site.fails(&["forget", "chair@example.org", "--yes"]).contains("the group's only chair"));
    assert!(site.fails(&["forget", "minuted@example.org", "--yes"]).contains("no person's"));
    assert!(site.prints(&["list", "members"]).contains("chair@example.org"));
}
