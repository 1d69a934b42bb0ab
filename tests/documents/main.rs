//! Agendas in the forms that other programs make of one: `cargo test --test documents`.
//!
//! LibreOffice, antiword and catdoc are installed for it, which takes many packages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;
use minuted::agenda::{self, AgendaDocument};
use minuted::domain::ReferenceScheme;
use tempfile::TempDir;

/// The seed's agenda, as a word processor saves it, and what it means.
const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/seed/agenda.docx");
const EXPECTED: &str = include_str!("../seed/expected.json");

fn expected() -> AgendaDocument {
    serde_json::from_str(EXPECTED).unwrap()
}

/// Makes sure that the programs are there.
fn need(programs: &[&str]) {
    let missing = |program: &&&str| !Path::new("/usr/bin").join(program).exists();
    if programs.iter().filter(missing).count() > 0 {
        for arguments in [
            &["update"][..],
            &["install", "-y", "--no-install-recommends", "libreoffice-writer-nogui", "antiword", "catdoc"],
        ] {
            let mut command = Command::new("apt-get");
            assert!(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status().unwrap().success());
        }
    }
}

/// The seed's agenda as LibreOffice saves it.
fn saved_as(kind: &str, folder: &Path) -> PathBuf {
    need(&["soffice", "antiword", "catdoc"]);
    let mut command = Command::new("soffice");
    command.arg(format!("-env:UserInstallation=file://{}/profile", folder.display()));
    command.args(["--headless", "--convert-to", kind, "--outdir"]).arg(folder).arg(SEED);
    let output = command.output().unwrap();
    let ending = kind.split(':').next().unwrap();
    let path = folder.join("agenda").with_extension(ending);
    assert!(path.exists(), "{output:?}");
    path
}

fn read(path: &Path) -> AgendaDocument {
    agenda::read(&fs::read(path).unwrap(), &ReferenceScheme::default()).unwrap()
}

/// What `minuted import agenda` says of a file where only these programs are installed.
fn imported(file: &Path, programs: &[&str]) -> (Output, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("bin");
    fs::create_dir(&path).unwrap();
    // A converter may be a script that calls others.
    let others: &[&str] = if programs.contains(&"soffice") {
        &["sh", "dirname", "basename", "uname", "sed", "grep", "ls", "readlink", "cat", "id", "pwd", "expr", "tr"]
    } else {
        &[]
    };
    for program in ["timeout", "prlimit"].iter().chain(programs).chain(others) {
        let target = [Path::new("/usr/bin").join(program), Path::new("/bin").join(program)];
        if let Some(target) = target.iter().find(|target| target.exists()) {
            std::os::unix::fs::symlink(target, path.join(program)).unwrap();
        }
    }
    let home = folder.path().join("group");
    let minuted = |arguments: &[&str]| {
        let mut command = Command::new(cargo_bin("minuted"));
        command.env("PATH", &path).env("NO_COLOR", "1").current_dir(folder.path()).args(arguments);
        command.output().unwrap()
    };
    assert!(minuted(&["init", "--embedded", home.to_str().unwrap()]).status.success());
    let config = home.join("minuted.toml");
    let config = config.to_str().unwrap();
    let output = minuted(&["--config", config, "import", "agenda", file.to_str().unwrap()]);
    let rows = minuted(&["--config", config, "list", "contributions", "--json"]);
    let rows: serde_json::Value = serde_json::from_slice(&rows.stdout).unwrap_or_default();
    let said = |row: &serde_json::Value| {
        let said = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        format!("{} | {} | {}", said("reference"), said("title"), said("source"))
    };
    (output, rows.as_array().into_iter().flatten().map(said).collect())
}

/// The seed's contributions, in the words of [`imported`].
fn rows() -> BTreeSet<String> {
    let row = |row: agenda::ContributionRow| format!("{} | {} | {}", row.reference, row.title, row.source);
    expected().contributions.into_iter().map(row).collect()
}

#[test]
fn the_seeds_document_gives_what_it_means() {
    assert_eq!(read(Path::new(SEED)), expected());
}

#[test]
fn what_libreoffice_saves_gives_what_the_document_means() {
    let folder = TempDir::new().unwrap();
    for kind in ["html", "docx:MS Word 2007 XML", "xhtml:XHTML Writer File"] {
        assert_eq!(read(&saved_as(kind, folder.path())), expected(), "{kind}");
    }
}

#[test]
fn a_doc_file_gives_what_the_document_means_by_way_of_libreoffice() {
    let folder = TempDir::new().unwrap();
    let file = saved_as("doc", folder.path());
    let document = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(minuted::steps::read_agenda(&fs::read(&file).unwrap(), &ReferenceScheme::default()))
        .unwrap();
    assert_eq!(document, expected());
    let (output, listed) = imported(&file, &["soffice"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), rows());
}

#[test]
fn a_doc_file_gives_its_rows_by_way_of_antiword_or_catdoc_and_says_what_they_lose() {
    let folder = TempDir::new().unwrap();
    let file = saved_as("doc", folder.path());
    for program in ["antiword", "catdoc"] {
        let (output, listed) = imported(&file, &[program]);
        assert!(output.status.success(), "{program}: {output:?}");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), rows(), "{program}");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("were not understood"), "{program}: {said}");
    }
}

#[test]
fn without_a_converter_the_error_names_those_that_would_do() {
    let folder = TempDir::new().unwrap();
    let file = saved_as("doc", folder.path());
    let (output, listed) = imported(&file, &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(["LibreOffice", "antiword", "catdoc", ".docx"].iter().all(|name| said.contains(name)), "{said}");
    assert_eq!(listed, [""; 0]);
}
