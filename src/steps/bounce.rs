//! The envelope's sender of each mail, by which its bounce is known again.

use data_encoding::BASE32_NOPAD;

use super::answers::digest;
use crate::domain::EmailAddress;

/// How many characters of the mark say that it is one of minuted's: 30 bits, which nobody guesses who
/// has not seen the mail.
const SEAL: usize = 6;

/// The envelope's sender of a mail of the outbox: `minuted+bounce-12-h3xk7q@example.org`. An address
/// without a `+detail` is used as it is, and its bounces are told by nothing.
pub(super) fn sender(base: &EmailAddress, mail: i64, message_id: &str) -> EmailAddress {
    if !base.local_part().contains('+') {
        return base.clone();
    }
    let marked = format!("{}-{mail}-{}@{}", base.local_part(), seal(mail, message_id), base.domain());
    // Too long a local part (RFC 5321, section 4.5.3.1.1) goes without a mark.
    marked.parse().unwrap_or_else(|_| base.clone())
}

fn seal(mail: i64, message_id: &str) -> String {
    let mut seal = BASE32_NOPAD.encode(&digest(&["bounce", &mail.to_string(), message_id])).to_lowercase();
    seal.truncate(SEAL);
    seal
}
