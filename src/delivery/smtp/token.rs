//! The access token of a login: it expires, so that it is got anew each time.

use std::process::Stdio;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use crate::config::TokenSource;

/// How long the program that prints the token may take: it may have to ask a server for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest token, in bytes. RFC 4954, section 4.5, allows 12,288 octets a line with it in base64.
const LONGEST: u64 = 8192;

/// The token as it is now.
///
/// # Errors
/// Why there is none. The text holds nothing of what the file or the program gave.
pub(super) async fn get(source: &TokenSource) -> Result<SecretString, String> {
    let bytes = match source {
        TokenSource::File(path) => {
            let read = async {
                let mut bytes = Vec::new();
                tokio::fs::File::open(path).await?.take(LONGEST + 1).read_to_end(&mut bytes).await?;
                Ok::<_, std::io::Error>(bytes)
            };
            read.await.map_err(|error| format!("{} cannot be read: {error}", path.display()))?
        }
        TokenSource::Command(words) => timeout(PATIENCE, run(words))
            .await
            .map_err(|_| format!("the program did not end within {} seconds", PATIENCE.as_secs()))??,
    };
    if bytes.len() as u64 > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not text".to_owned())?;
    let token = text.trim();
    match token {
        "" => Err("it is empty".to_owned()),
        // Printable and in one word (RFC 6750, section 2.1): nothing that could end the line it is sent in.
        token if token.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(SecretString::from(token)),
        _ => Err("it is no single word".to_owned()),
    }
}

/// What the program prints.
async fn run(words: &[String]) -> Result<Vec<u8>, String> {
    let (program, arguments) = words.split_first().ok_or("no program is named")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What it says of a failure is for the log of the service; it may not be repeated here, since it
        // may hold a secret.
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{program} cannot be run: {error}"))?;
    let mut bytes = Vec::new();
    if let Some(output) = child.stdout.take() {
        let read = output.take(LONGEST + 1).read_to_end(&mut bytes).await;
        read.map_err(|error| format!("{program} cannot be listened to: {error}"))?;
    }
    let end = child.wait().await.map_err(|error| format!("{program}: {error}"))?;
    if end.success() { Ok(bytes) } else { Err(format!("{program} failed: {end}")) }
}
