//! Secrets are named in the configuration and kept elsewhere: in a file or in the environment. No
//! message and no `Debug` shows one.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use secrecy::SecretString;

use super::server::Password;
use super::walk::{Entry, Section};
use super::words::quoted;

/// What `secret` is written as.
pub(super) const FORMS: &str = "{ file = \"PATH\" } or { env = \"NAME\" }";

/// A secret is at least so many bytes: HMAC-SHA-256 is as strong as its key, and 16 random bytes
/// cannot be guessed.
const SHORTEST: usize = 16;

/// The largest file that is read as a secret, in bytes.
const LARGEST: u64 = 4096;

/// The secret that an entry names: a key of minuted's own, and as strong as one.
pub(super) fn read(entry: &Entry<'_>, base_dir: &Path, env: &dyn Fn(&str) -> Option<String>) -> Option<SecretString> {
    named(entry, base_dir, env, SHORTEST)
}

/// The password that an entry names. How long it is, its server decides.
pub(super) fn password(entry: &Entry<'_>, base_dir: &Path, env: &dyn Fn(&str) -> Option<String>) -> Option<Password> {
    let password = named(entry, base_dir, env, 1)?;
    // It is read now so that a mistake is told at the start.
    let file = entry.section()?.get("file");
    file.map_or(Some(Password::Given(password)), |file| super::group::path(&file, base_dir).map(Password::File))
}

fn named(
    entry: &Entry<'_>,
    base_dir: &Path,
    env: &dyn Fn(&str) -> Option<String>,
    shortest: usize,
) -> Option<SecretString> {
    let toml::de::DeValue::Table(_) = entry.value() else {
        entry.wrong_type(FORMS);
        return None;
    };
    let section = entry.section()?;
    let (file, variable) = (section.get("file"), section.get("env"));
    finish(section, entry, file.is_some(), variable.is_some());
    match (file, variable) {
        (Some(file), None) => from_file(&file, base_dir, shortest),
        (None, Some(variable)) => from_env(&variable, env, shortest),
        _ => None,
    }
}

/// Reports unknown keys, and neither or both of the known ones.
fn finish(section: Section<'_>, entry: &Entry<'_>, file: bool, env: bool) {
    match (file, env) {
        (true, true) => entry.error(format!("names a file and a variable; expected one of them, {FORMS}")),
        (false, false) => entry.error(format!("names no place; expected {FORMS}")),
        _ => {}
    }
    section.finish();
}

fn from_file(entry: &Entry<'_>, base_dir: &Path, shortest: usize) -> Option<SecretString> {
    let path = super::group::path(entry, base_dir)?;
    let shown = quoted(&path.display().to_string());
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| {
        let mode = mode(&file)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok(mode)
    });
    match read {
        Ok(mode) if mode & 0o004 != 0 => {
            entry.warn(format!("{shown} can be read by others (mode {mode:04o}); take that away with chmod o-rwx"));
        }
        Ok(mode) if mode & 0o040 != 0 => {
            entry.warn(format!(
                "{shown} can be read by its group (mode {mode:04o}); where only the service is in that group this is \
                 well, else take it away with chmod g-rwx"
            ));
        }
        Ok(_) => {}
        Err(error) => {
            entry.error(format!("{shown} cannot be read: {error}; expected a file that holds the secret alone"));
            return None;
        }
    }
    if bytes.len() as u64 > LARGEST {
        entry.error(format!("{shown} is larger than {LARGEST} bytes; expected a file that holds the secret alone"));
        return None;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        entry.error(format!("{shown} is not text; expected the secret in letters and digits"));
        return None;
    };
    strong(entry, &shown, SecretString::from(text.trim()), shortest)
}

fn from_env(entry: &Entry<'_>, env: &dyn Fn(&str) -> Option<String>, shortest: usize) -> Option<SecretString> {
    let expected = "the name of an environment variable, such as \"MINUTED_SECRET\"";
    let name = entry.text(expected)?;
    // What is no name may be the secret itself, and is not shown.
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || name.starts_with(|c: char| c.is_ascii_digit()) {
        entry.error(format!("is no name of a variable; expected {expected}"));
        return None;
    }
    let Some(value) = env(name) else {
        entry.error(format!("the environment variable {name} is not set; expected it to hold the secret"));
        return None;
    };
    strong(entry, &format!("the environment variable {name}"), SecretString::from(value.trim()), shortest)
}

/// The secret, where it is long enough to be one.
fn strong(entry: &Entry<'_>, place: &str, secret: SecretString, shortest: usize) -> Option<SecretString> {
    use secrecy::ExposeSecret as _;
    let length = secret.expose_secret().len();
    if length >= shortest {
        return Some(secret);
    }
    if shortest == 1 {
        entry.error(format!("{place} is empty; expected it to hold the password"));
        return None;
    }
    let what = if length == 0 { "is empty" } else { "holds too short a secret" };
    entry.error(format!("{place} {what}; expected at least {shortest} bytes (openssl rand -hex 32)"));
    None
}

/// Who may read a file: its mode. Where files have none, nobody else.
#[cfg(unix)]
fn mode(file: &File) -> std::io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &File) -> std::io::Result<u32> {
    Ok(0)
}
