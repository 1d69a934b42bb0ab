//! Access tokens and passwords in files: read anew for each login, because they expire or are replaced.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;

use super::{Password, TokenSource};

/// A token that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest token that is read, in bytes. JSON web tokens have been seen of 4 KiB.
const LARGEST: u64 = 64 << 10;

/// Why there is no access token or no password. The text shows none.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("the file with the access token, `{}`, cannot be read: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file with the password cannot be read, or holds none.
    #[error("the file with the password, `{}`, {why}", path.display())]
    Password {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The program does not start, or its output cannot be read.
    #[error("the program that prints the access token, `{program}`, cannot be run: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The program failed.
    #[error("the program that prints the access token, `{program}`, failed ({status}); run it by hand to see why")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// The program does not end.
    #[error("the program that prints the access token, `{program}`, did not end within {} s", PATIENCE.as_secs())]
    Slow {
        /// The program.
        program: String,
    },
    /// What was read is no token: nothing at all, more than one line, or too long.
    #[error("{place} holds no access token: {found}; expected the token alone, on one line")]
    NoToken {
        /// The file or the program.
        place: String,
        /// What it holds instead.
        found: &'static str,
    },
}

impl Password {
    /// The password of now.
    ///
    /// # Errors
    /// Where the file cannot be read, or holds no password any more.
    pub async fn read(&self) -> Result<SecretString, TokenError> {
        let path = match self {
            Self::Given(password) => return Ok(password.clone()),
            Self::File(path) => path,
        };
        let failed = |why: String| TokenError::Password { path: path.clone(), why };
        let unreadable = |error: std::io::Error| failed(format!("cannot be read: {error}"));
        let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
        let bytes = read_to_end(file).await.map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| failed("is not text".to_owned()))?;
        let password = text.trim();
        // A control character would end what it is sent in; an empty password locks accounts.
        if password.is_empty() || password.chars().any(char::is_control) {
            return Err(failed("does not hold one line with the password alone".to_owned()));
        }
        Ok(SecretString::from(password))
    }
}

impl TokenSource {
    /// The token of now.
    ///
    /// # Errors
    /// Where it cannot be had; the text names the file or the program.
    pub async fn read(&self) -> Result<SecretString, TokenError> {
        let (bytes, place) = match self {
            Self::File(path) => {
                let failed = |source| TokenError::File { path: path.clone(), source };
                let file = tokio::fs::File::open(path).await.map_err(failed)?;
                (read_to_end(file).await.map_err(failed)?, format!("the file `{}`", path.display()))
            }
            Self::Command(words) => {
                let program = words.first().cloned().unwrap_or_default();
                let printed = tokio::time::timeout(PATIENCE, printed(words, &program));
                let printed = printed.await.map_err(|_| TokenError::Slow { program: program.clone() })?;
                (printed?, format!("what `{program}` prints"))
            }
        };
        let none = |found| TokenError::NoToken { place: place.clone(), found };
        if bytes.len() as u64 > LARGEST {
            return Err(none("too much"));
        }
        let text = String::from_utf8(bytes).map_err(|_| none("what is no text"))?;
        let token = text.trim();
        if token.is_empty() {
            return Err(none("nothing"));
        }
        // RFC 6750, section 2.1: letters, digits and -._~+/=. A control character would end what it is sent in.
        if token.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(none("more than one word"));
        }
        Ok(SecretString::from(token))
    }
}

/// What the program prints. It is killed where nobody waits for it any more.
async fn printed(words: &[String], program: &str) -> Result<Vec<u8>, TokenError> {
    let failed = |source| TokenError::Start { program: program.to_owned(), source };
    let mut command = Command::new(program);
    command.args(words.iter().skip(1)).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.kill_on_drop(true).spawn().map_err(failed)?;
    let bytes = match child.stdout.take() {
        Some(stdout) => read_to_end(stdout).await.map_err(failed)?,
        None => Vec::new(),
    };
    if bytes.len() as u64 > LARGEST {
        return Ok(bytes);
    }
    let status = child.wait().await.map_err(failed)?;
    if status.success() { Ok(bytes) } else { Err(TokenError::Failed { program: program.to_owned(), status }) }
}

async fn read_to_end(from: impl tokio::io::AsyncRead + Unpin) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn shell(script: &str) -> TokenSource {
        TokenSource::Command(["sh", "-c", script].map(str::to_owned).to_vec())
    }

    #[tokio::test]
    async fn a_token_is_read_anew_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let source = TokenSource::File(path.clone());
        std::fs::write(&path, "first\n").unwrap();
        assert_eq!(source.read().await.unwrap().expose_secret(), "first");
        std::fs::write(&path, "second\n").unwrap();
        assert_eq!(source.read().await.unwrap().expose_secret(), "second");
        assert_eq!(shell("echo printed").read().await.unwrap().expose_secret(), "printed");
    }

    #[tokio::test]
    async fn a_password_in_a_file_is_read_anew_each_time_and_may_not_be_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let source = Password::File(path.clone());
        for password in ["first word", "second"] {
            std::fs::write(&path, format!("{password}\n")).unwrap();
            assert_eq!(source.read().await.unwrap().expose_secret(), password);
        }
        for (wrong, said) in [("\n", "one line"), ("secret\nsecret", "one line")] {
            std::fs::write(&path, wrong).unwrap();
            let error = source.read().await.unwrap_err().to_string();
            assert!(error.contains(said) && !error.contains("secret\n"), "{error}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(source.read().await.unwrap_err().to_string().contains("cannot be read"));
        assert_eq!(Password::Given("given".into()).read().await.unwrap().expose_secret(), "given");
    }

    #[tokio::test]
    async fn what_gives_no_token_says_why_and_shows_nothing() {
        let missing = TokenSource::File(PathBuf::from("/nowhere/token")).read().await.unwrap_err();
        assert!(missing.to_string().contains("`/nowhere/token`, cannot be read"), "{missing}");
        let failed = shell("echo secret; exit 3").read().await.unwrap_err().to_string();
        assert!(failed.contains("failed") && !failed.contains("secret"), "{failed}");
        for wrong in ["true", "printf 'secret\\nsecret'", "printf '\\377'", "yes | head -c 100000"] {
            let error = shell(wrong).read().await.unwrap_err().to_string();
            assert!(error.contains("holds no access token") && !error.contains("secret"), "{error}");
        }
    }
}
