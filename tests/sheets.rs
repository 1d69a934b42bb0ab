//! The list of contributions as a spreadsheet, out and in again, as an operator does it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// A group with the seed's agenda.
struct Group {
    folder: TempDir,
}

impl Group {
    fn begins(with_agenda: bool) -> Self {
        let group = Self::of_body("onem2m");
        if with_agenda {
            group.ok(&["import", "agenda", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seed/agenda.docx")]);
        }
        group
    }

    /// A group of a body, with nothing in it.
    fn of_body(profile: &str) -> Self {
        let group = Self { folder: TempDir::new().unwrap() };
        let mut command = Command::new(cargo_bin("minuted"));
        command.args(["init", "--embedded", "--profile", profile]).arg(group.path("group"));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        group
    }

    fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(cargo_bin("minuted"));
        command.arg("--config").arg(Path::new(&self.path("group")).join("minuted.toml"));
        command.args(arguments).env("NO_COLOR", "1").output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

#[test]
fn what_was_exported_changes_nothing_when_it_is_imported() {
    let group = Group::begins(true);
    let (listed, history) = (group.ok(&["list", "contributions", "--json"]), group.ok(&["list", "requests", "--json"]));
    for kind in ["csv", "xlsx"] {
        let file = group.path(&format!("list.{kind}"));
        group.ok(&["export", "contributions", "--format", kind, "--output", &file]);
        let told = group.ok(&["import", "contributions", &file]);
        assert!(told.contains("29 contributions"), "{told}");
        assert!(told.contains("none is new, none has changed"), "{told}");
        assert_eq!(group.ok(&["list", "contributions", "--json"]), listed, "{kind}");
        assert_eq!(group.ok(&["list", "requests", "--json"]), history, "{kind}");
    }
}

#[test]
fn a_new_group_takes_a_list_over() {
    let (one, other) = (Group::begins(true), Group::begins(false));
    let csv = one.ok(&["export", "contributions"]);
    assert!(csv.starts_with("\u{feff}Document,Title,Source,"), "{csv}");
    let file = other.path("list.csv");
    fs::write(&file, &csv).unwrap();
    other.ok(&["import", "contributions", &file]);
    // A list says nothing of the meeting, after whose end the undecided ones are "not treated".
    let list = ["list", "contributions", "--json", "--now", "2014-04-09"];
    assert_eq!(other.ok(&list), one.ok(&list));
}

#[test]
fn a_changed_list_changes_what_differs_and_a_file_of_another_kind_says_what_would_do() {
    let group = Group::begins(true);
    let csv = group.ok(&["export", "contributions"]).replace("HTTP Authentication", "HTTP and more");
    let file = group.path("list.csv");
    fs::write(&file, csv).unwrap();
    let told = group.ok(&["import", "contributions", &file]);
    assert!(told.contains("1 has changed"), "{told}");
    assert!(group.ok(&["show", "PRO-2014-0159"]).contains("HTTP and more"));
    fs::write(&file, "%PDF-1.7").unwrap();
    let output = group.run(&["import", "contributions", &file]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains(".xlsx"), "{said}");
}

#[test]
fn an_agenda_of_a_page_and_of_a_document_is_imported_and_again_changes_nothing() {
    let group = Group::begins(true);
    let again = group.ok(&["import", "agenda", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seed/agenda.docx")]);
    assert!(again.contains("none has changed"), "{again}");
    let text = group.ok(&["import", "agenda", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seed/agenda.txt")]);
    assert!(text.contains("none has changed"), "{text}");
}

#[test]
fn lists_of_other_bodies_are_imported_with_their_own_numbers() {
    let lists = [
        (
            "3gpp",
            "TDoc,Title,Source,Contact,Type,For,Agenda item,TDoc Status,Is revision of,Revised to,Release,Spec\n\
             S3-140123,Clarification of the handover,Gemalto,,CR,Agreement,7.1,revised,,S3-140130,Rel-12,33.401\n\
             S3-140130,Clarification of the handover,Gemalto,,CR,Agreement,7.1,agreed,S3-140123,,Rel-12,33.401\n\
             S3-140131,Work plan,CATT,,Work Plan,Approval,9,technically endorsed,,,,\n",
            "S3-140123 S3-140130 S3-140131",
            "r0 revised, r0 agreed, r0 endorsed",
            "0131",
            "123456789",
            "such as SA3#10-AP01, S3-140243, SA3#11",
        ),
        (
            "etsi",
            "Document;Title;Source;Agenda item;Decision;Revised to\n\
             SCP(14)000120;CR on the voltage classes;Gemalto;6.1;Revised;SCP(14)000120r1\n\
             scp(14)000121r1;CR on the interface;Oberthur;6.1;Accepted;\n",
            "SCP(14)000120 SCP(14)000121",
            "r0 revised, r1 agreed",
            "000121",
            "0121",
            "such as SCP#10-A01, SCP(14)000243, SCP#11",
        ),
    ];
    for (profile, list, references, outcomes, short, none, like) in lists {
        let group = Group::of_body(profile);
        let told = group.ok(&["check"]);
        assert!(!told.contains("warning"), "{told}");
        let file = group.path("list.csv");
        fs::write(&file, list).unwrap();
        group.ok(&["import", "contributions", &file]);
        let listed: serde_json::Value =
            serde_json::from_str(&group.ok(&["list", "contributions", "--json"])).expect("JSON");
        let rows = listed.as_array().expect("rows");
        let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let all = |key: &str| rows.iter().map(|row| text(row, key)).collect::<Vec<_>>();
        assert_eq!(all("reference").join(" "), references, "{listed}");
        let shown = group.ok(&["list", "contributions"]);
        for outcome in outcomes.split(", ") {
            assert!(shown.contains(outcome), "{outcome}: {shown}");
        }
        assert!(group.ok(&["show", short]).contains(references.split(' ').next_back().unwrap()));
        let refused = group.run(&["show", none]);
        assert!(String::from_utf8_lossy(&refused.stderr).contains(like), "{refused:?}");
        // Out and in again, and from the journal: the same.
        let exported = group.path("exported.xlsx");
        group.ok(&["export", "contributions", "--format", "xlsx", "--output", &exported]);
        group.ok(&["import", "contributions", &exported]);
        let again: serde_json::Value =
            serde_json::from_str(&group.ok(&["list", "contributions", "--json"])).expect("JSON");
        assert_eq!(again, listed);
        group.ok(&["rebuild", "--check"]);
    }
}

#[test]
fn an_agenda_that_was_exported_changes_nothing_when_it_is_imported() {
    let group = Group::begins(true);
    let state = || {
        let lists = ["contributions", "actions", "meetings", "requests"];
        lists.map(|what| group.ok(&["list", what, "--json", "--now", "2014-04-09"]))
    };
    let before = state();
    for (file, what) in [
        ("next.docx", "agenda"),
        ("next.html", "agenda"),
        ("next.txt", "agenda"),
        ("next.md", "agenda"),
        ("next.json", "agenda"),
        ("next.csv", "contributions"),
    ] {
        for look in [&[][..], &["--look"]] {
            let file = group.path(file);
            group.ok(&[&["export", "agenda", "SEC#10", "--output", &file], look].concat());
            let told = group.ok(&["import", what, &file]);
            assert!(told.contains("7 action items, 29 contributions"), "{told}");
            assert!(told.contains("none has changed"), "{told}");
            assert_eq!(state(), before, "{file}");
        }
    }
    assert!(group.ok(&["rebuild", "--check"]).contains("the database holds what they say"));
    let output = group.run(&["export", "agenda", "TP77"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("list meetings"), "{said}");
}
