//! An agenda document -> what it says, also one of an older word processor, by way of a converter.
//!
//! A converter is run without a shell, in a new folder of its own, on a file that has a fixed name,
//! with nothing of the environment but the path of programs. `timeout` (coreutils) ends it and all
//! that it started; `prlimit` (util-linux) bounds its memory, processor time and files.

use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tracing::warn;

use crate::agenda::{self, AgendaDocument, AgendaError};
use crate::domain::ReferenceScheme;
use crate::message::Message;

/// A converter that takes longer is ended, with what it started, in seconds.
const PATIENCE: u32 = 60;
/// The processor time of one process of it, in seconds.
const PROCESSOR: u32 = 45;
/// The memory of one process of it, in bytes; LibreOffice maps about 1 GiB and uses a fifth.
const MEMORY: u64 = 3 << 30;
/// The largest file that it writes, and the most of its output that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// A program that reads .doc files.
struct Converter {
    name: &'static str,
    program: &'static str,
    /// Its arguments; `{folder}` is where the file and its result are.
    arguments: &'static [&'static str],
    /// The file that it writes; what it prints where it writes none.
    result: Option<&'static str>,
    /// What it loses, in a remark; nothing is known of LibreOffice.
    loses: Option<&'static str>,
}

/// The converters, the best first.
const CONVERTERS: [Converter; 3] = [
    Converter {
        name: "LibreOffice",
        program: "soffice",
        arguments: &[
            "--headless",
            "--norestore",
            "--nolockcheck",
            "-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            "{folder}/out",
            "{folder}/agenda.doc",
        ],
        result: Some("out/agenda.docx"),
        loses: None,
    },
    Converter {
        name: "antiword",
        program: "antiword",
        arguments: &["-x", "db", "-m", "UTF-8.txt", "{folder}/agenda.doc"],
        result: None,
        loses: Some(
            "merged cells, tables within tables, automatic numbers and which text a tracked change deleted or inserted",
        ),
    },
    Converter {
        name: "catdoc",
        program: "catdoc",
        arguments: &["-w", "-d", "utf-8", "{folder}/agenda.doc"],
        result: None,
        loses: Some(
            "merged cells, tables within tables, automatic numbers, where a cell of several lines ends, and which \
             text a tracked change deleted or inserted",
        ),
    },
];

/// Reads an agenda document of any kind that is read.
///
/// # Errors
/// Where it cannot be read as an agenda: what would work is said.
pub async fn read_agenda(bytes: &[u8], scheme: &ReferenceScheme) -> Result<AgendaDocument, AgendaError> {
    if !agenda::is_old_word(bytes) {
        return agenda::read(bytes, scheme);
    }
    let (bytes, loses) = converted(bytes, scheme).await?;
    let mut document = agenda::read(&bytes, scheme)?;
    document.remarks.extend(loses);
    Ok(document)
}

/// Converts the .doc files that are attached to a message. One that cannot be converted stays, and
/// its reader says what would work.
pub(super) async fn convert_attached(message: &mut Message, scheme: &ReferenceScheme) {
    for document in message.documents.iter_mut().filter(|document| agenda::is_old_word(&document.bytes)) {
        if let Ok((bytes, loses)) = converted(&document.bytes, scheme).await {
            (document.bytes, document.loses) = (bytes, loses);
        }
    }
}

/// Converts a .doc file by the first converter that is installed and does it.
async fn converted(bytes: &[u8], scheme: &ReferenceScheme) -> Result<(Vec<u8>, Option<String>), AgendaError> {
    let mut failed = Vec::new();
    for converter in &CONVERTERS {
        let Some(program) = installed(converter.program) else { continue };
        let result = match run(converter, &program, bytes).await {
            Ok(result) => result,
            Err(error) => {
                warn!(converter = converter.name, error = format!("{error:#}"), "a .doc file could not be converted");
                failed.push(format!("{}: {error}", converter.name));
                continue;
            }
        };
        if let Err(error) = agenda::read(&result, scheme) {
            failed.push(format!("{}: {error}", converter.name));
            continue;
        }
        let loses = converter.loses.map(|loses| {
            format!(
                "this .doc file was read by way of {}, which loses {loses}: compare the rows, or save it as .docx",
                converter.name
            )
        });
        return Ok((result, loses));
    }
    if failed.is_empty() {
        return Err(AgendaError::OldWord);
    }
    Err(AgendaError::Damaged(format!(
        "the .doc file could not be converted ({}); open it in a word processor and save it as .docx",
        failed.join("; ")
    )))
}

/// Where a program is, by the path of programs.
fn installed(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Converts the file, in a folder that is removed afterwards.
async fn run(converter: &Converter, program: &Path, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let folder = Folder::new()?;
    fs::write(folder.0.join("agenda.doc"), bytes).context("the document cannot be written to a temporary file")?;
    let place = folder.0.to_string_lossy();
    let timeout = installed("timeout").context("timeout, of coreutils, is not installed")?;
    let mut command = Command::new(timeout);
    command.arg("--signal=KILL").arg(PATIENCE.to_string());
    command.arg(installed("prlimit").context("prlimit, of util-linux, is not installed")?);
    command.args([
        format!("--as={MEMORY}"),
        format!("--cpu={PROCESSOR}"),
        format!("--fsize={LARGEST}"),
        "--core=0".to_owned(),
        "--".to_owned(),
    ]);
    command.arg(program).args(converter.arguments.iter().map(|argument| argument.replace("{folder}", &place)));
    command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/bin:/bin")));
    command.env("HOME", &folder.0).env("TMPDIR", &folder.0).env("LC_ALL", "C.UTF-8").current_dir(&folder.0);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().context("it does not start")?;
    let mut printed = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(LARGEST + 1).read_to_end(&mut printed).await.context("its output cannot be read")?;
    }
    anyhow::ensure!(printed.len() as u64 <= LARGEST, "it prints more than {} MiB", LARGEST >> 20);
    let status = child.wait().await.context("it does not end")?;
    anyhow::ensure!(status.code() != Some(124) && status.code() != Some(137), "it took longer than {PATIENCE} s");
    anyhow::ensure!(status.success(), "it failed ({status})");
    match converter.result {
        None => Ok(printed),
        Some(result) => fs::read(folder.0.join(result)).context("it wrote no document"),
    }
}

/// A folder that nobody else reads, and that is removed with what is in it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let mut name = [0; 16];
        getrandom::fill(&mut name).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let folder = env::temp_dir().join(format!("minuted-{}", HEXLOWER.encode(&name)));
        DirBuilder::new().mode(0o700).create(&folder).context("no temporary folder can be made")?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            warn!(folder = %self.0.display(), %error, "a temporary folder could not be removed");
        }
    }
}
