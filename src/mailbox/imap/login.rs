//! Logging in: with a password by PLAIN (RFC 4616) or LOGIN, with an access token by XOAUTH2.

use data_encoding::BASE64;
use imap_proto::Response;
use secrecy::ExposeSecret as _;

use super::error::{Error, shown};
use super::names::quoted;
use super::wire::{Capabilities, Refusal, Wire};
use crate::config::{Login, Proof};

const DOING: &str = "while it was logged in to";

/// Logs in, and finds out what the server can do for this user. A password in a file and a token are
/// read anew each time: they may have been replaced.
pub(super) async fn log_in(wire: &mut Wire, login: &Login) -> Result<Capabilities, Error> {
    let before = capabilities(wire).await?;
    // It may tell them anew with its answer; what it told before need not hold any more.
    wire.capabilities = None;
    let done = match &login.proof {
        Proof::Password(password) => {
            let password = password.read().await?;
            with_password(wire, &before, login, password.expose_secret()).await?
        }
        Proof::Token(source) => {
            if !before.has("AUTH=XOAUTH2") {
                return Err(no_way(wire, &before, "with an access token (XOAUTH2)"));
            }
            let token = source.read().await?;
            let token = token.expose_secret();
            let response = format!("user={}\x01auth=Bearer {token}\x01\x01", login.user);
            let done = authenticate(wire, &before, "XOAUTH2", &response).await?;
            done.map_err(|refusal| {
                let hint = "the access token may have expired, be another user's, or lack the right to read mail";
                refused(wire, login, refusal, token, hint)
            })
        }
    };
    done?;
    capabilities(wire).await
}

async fn with_password(
    wire: &mut Wire,
    before: &Capabilities,
    login: &Login,
    password: &str,
) -> Result<Result<(), Error>, Error> {
    let done = if before.has("AUTH=PLAIN") {
        authenticate(wire, before, "PLAIN", &format!("\0{}\0{password}", login.user)).await?
    } else if before.has("LOGINDISABLED") {
        return Err(no_way(wire, before, "with a password as the connection is (try security = \"tls\")"));
    } else {
        let (Some(user), Some(word)) = (quoted(&login.user), quoted(password)) else {
            return Err(no_way(wire, before, "with a user or a password that is not ASCII"));
        };
        wire.attempt(&format!("LOGIN {user} {word}"), DOING, |_| {}).await?
    };
    let hint = "look at user and password; some servers want a password made for programs";
    Ok(done.map_err(|refusal| refused(wire, login, refusal, password, hint)))
}

/// One mechanism with one response, sent at once where the server takes it so (SASL-IR, RFC 4959).
async fn authenticate(
    wire: &mut Wire,
    before: &Capabilities,
    mechanism: &str,
    response: &str,
) -> Result<Result<(), Refusal>, Error> {
    let coded = BASE64.encode(response.as_bytes());
    let mut sent = before.has("SASL-IR");
    let command = if sent { format!("AUTHENTICATE {mechanism} {coded}") } else { format!("AUTHENTICATE {mechanism}") };
    let tag = wire.begin(&command, DOING).await?;
    // What the server says of a token it refuses (RFC 7628, section 3.2.2).
    let mut explained = String::new();
    loop {
        match wire.read(DOING).await? {
            Response::Continue(outcome) if sent => {
                // An error in JSON: it is answered with nothing, and the refusal follows.
                let challenge = outcome.information.unwrap_or_default();
                let text = BASE64.decode(challenge.trim().as_bytes()).unwrap_or_default();
                explained = shown(&String::from_utf8_lossy(&text));
                wire.send("", DOING).await?;
            }
            Response::Continue(_) => {
                wire.send(&coded, DOING).await?;
                sent = true;
            }
            Response::Done { tag: done, status, outcome } if done.as_bytes() == tag.as_bytes() => {
                if status == imap_proto::Status::Ok {
                    return Ok(Ok(()));
                }
                let mut refusal = Refusal::of(&status, &outcome);
                refusal.said = format!("{} {explained}", refusal.said).trim().to_owned();
                return Ok(Err(refusal));
            }
            _ => {}
        }
    }
}

/// What the server can do: as it told with its last answer, else as it is asked.
async fn capabilities(wire: &mut Wire) -> Result<Capabilities, Error> {
    if wire.capabilities.is_none() {
        wire.run("CAPABILITY", "while it was asked what it can do", |_| {}).await?;
    }
    Ok(wire.capabilities.clone().unwrap_or_default())
}

fn no_way(wire: &Wire, offered: &Capabilities, with: &'static str) -> Error {
    Error::NoWay { at: wire.at.clone(), with, offered: offered.mechanisms() }
}

/// The refusal of a login. A server that repeats the secret is not quoted.
fn refused(wire: &Wire, login: &Login, refusal: Refusal, secret: &str, hint: &'static str) -> Error {
    let repeats = refusal.said.contains(secret) || refusal.said.contains(&BASE64.encode(secret.as_bytes()));
    let said = if repeats { String::new() } else { refusal.said };
    Error::Login { at: wire.at.clone(), user: login.user.clone(), said, hint }
}
