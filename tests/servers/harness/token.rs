//! Access tokens (JSON web tokens, RFC 7519) as the tests' Dovecot checks them.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::TOKEN_KEY;

/// A token for a user that is good for so many seconds from now; less than none, where it has expired.
pub fn token(user: &str, seconds: i64) -> String {
    let now = Timestamp::now().as_second();
    let header = r#"{"alg":"HS256","typ":"JWT","kid":"default"}"#;
    let body = format!(r#"{{"sub":"{user}","email":"{user}","iat":{},"exp":{}}}"#, now - 7200, now + seconds);
    let signed = format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(body.as_bytes()));
    let mut mac = Hmac::<Sha256>::new_from_slice(TOKEN_KEY).expect("a key of any length");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}
