//! Opaque S/MIME (RFC 8551, section 3.5.2): the content of a signed message taken out of its CMS
//! wrapping (RFC 5652). The signature is not checked, and nothing here proves a sender.
//!
//! The wrapping is read as BER, since Outlook and `openssl cms -stream` write indefinite lengths and
//! cut the content into pieces, which DER does not allow.

use bcder::decode::{Constructed, DecodeError, Source};
use bcder::{Mode, OctetString, Oid, Tag};

use super::structure::Part;

/// id-signedData: 1.2.840.113549.1.7.2.
const SIGNED: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// id-envelopedData, id-encryptedData and id-ct-authEnvelopedData.
const ENCRYPTED: [&[u8]; 3] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17],
];

/// What a CMS object holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A signed MIME entity, its signature not checked.
    Signed(Vec<u8>),
    /// Something only the recipient's key opens.
    Encrypted,
    /// Certificates alone, something compressed or damaged.
    Other,
}

/// The part is declared to be a CMS object: `application/pkcs7-mime`, or its name says so where the
/// type was lost.
pub(super) fn is_cms(part: &Part<'_>) -> bool {
    match part.media.as_str() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => true,
        "application/octet-stream" => part.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("smime.p7m")),
        _ => false,
    }
}

/// What a part that is a CMS object holds.
pub(super) fn content(part: &Part<'_>) -> Content {
    let declared_signed = part.parameter("smime-type").is_some_and(|kind| kind.eq_ignore_ascii_case("signed-data"));
    let opened = part.bytes().and_then(|bytes| open(&bytes));
    match (opened, part.parameter("smime-type")) {
        (Some(content), _) => content,
        // What cannot be opened is what it is said to be; with nothing said, most are encrypted.
        (None, Some(kind)) if !declared_signed && !kind.eq_ignore_ascii_case("certs-only") => Content::Encrypted,
        (None, None) if part.parent.is_none() => Content::Encrypted,
        (None, _) => Content::Other,
    }
}

/// The content of a CMS object; `None` where the bytes are none. What follows the content may be
/// damaged or cut off: nothing is made of it.
pub(super) fn open(bytes: &[u8]) -> Option<Content> {
    let mut found = None;
    let whole = Constructed::decode(bytes, Mode::Ber, |object| {
        object.take_sequence(|info| {
            let kind = Oid::take_from(info)?;
            if kind.as_ref() == SIGNED {
                return info.take_constructed_if(Tag::CTX_0, |data| signed(data, &mut found));
            }
            found = Some(if ENCRYPTED.contains(&kind.as_ref()) { Content::Encrypted } else { Content::Other });
            info.skip_all()
        })
    });
    // The object itself, an indefinite length at its end or not, is of no more use.
    drop(whole);
    found
}

/// SignedData (RFC 5652, section 5.1), up to its content.
fn signed<S: Source>(data: &mut Constructed<'_, S>, found: &mut Option<Content>) -> Result<(), DecodeError<S::Error>> {
    data.take_sequence(|data| {
        data.skip_one()?; // version
        data.skip_one()?; // digestAlgorithms
        let content = data.take_sequence(|encapsulated| {
            Oid::take_from(encapsulated)?;
            encapsulated.take_opt_constructed_if(Tag::CTX_0, OctetString::take_from)
        })?;
        *found = Some(content.map_or(Content::Other, |content| Content::Signed(content.to_bytes().to_vec())));
        data.skip_all() // certificates, crls, signerInfos
    })
}

#[cfg(test)]
mod tests;
