//! Mails that gpg and openssl signed and encrypted with keys that were thrown away, in `tests/mail/signed`.

use rstest::rstest;

use super::super::{Unreadable, read};
use super::*;

macro_rules! mail {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mail/signed/", $name, ".eml"))
    };
}

const TEXT: &str = "done A-WG4-TP8-003\n\nÜber den Rest schreibe ich morgen.";

#[rstest]
#[case::der(mail!("smime_opaque"), TEXT)]
#[case::ber_in_pieces(mail!("smime_opaque_indefinite_length"), TEXT)]
#[case::signed_again_by_a_gateway(mail!("smime_opaque_twice"), TEXT)]
#[case::with_a_lists_footer(mail!("smime_opaque_by_a_list"), TEXT)]
#[case::detached(mail!("smime_detached"), TEXT)]
#[case::pgp_mime(mail!("pgp_mime_signed"), TEXT)]
#[case::clear_signed(mail!("pgp_clear_signed"), "done A-WG4-TP8-003\n\n- the rest tomorrow")]
fn what_is_signed_is_read(#[case] mail: &[u8], #[case] text: &str) {
    let crlf = String::from_utf8(mail.to_vec()).unwrap().replace('\n', "\r\n").into_bytes();
    for raw in [mail, &crlf] {
        let message = read(raw);
        assert_eq!(message.unreadable, None);
        assert_eq!(message.author_text, text);
        assert_eq!(message.automatic, None);
        assert!(!message.attachments.iter().any(|name| name == "smime.p7m"), "{:?}", message.attachments);
    }
}

#[rstest]
#[case::enveloped(mail!("smime_encrypted"))]
#[case::authenticated(mail!("smime_encrypted_authenticated"))]
#[case::with_a_lists_footer(mail!("smime_encrypted_by_a_list"))]
#[case::pgp_mime(mail!("pgp_mime_encrypted"))]
#[case::taken_apart_by_exchange(mail!("pgp_mime_encrypted_mixed_up"))]
#[case::inline(mail!("pgp_inline_encrypted"))]
fn what_is_encrypted_is_known_to_be(#[case] mail: &[u8]) {
    let message = read(mail);
    assert_eq!(message.unreadable, Some(Unreadable::Encrypted));
    assert_eq!(message.author_text, "");
}

#[test]
fn certificates_alone_are_no_text() {
    let message = read(mail!("smime_certificates"));
    assert_eq!(message.unreadable, Some(Unreadable::NoText));
}

#[test]
fn a_type_that_was_lost_is_told_by_the_content() {
    for (name, by) in [
        ("application/pkcs7-mime; smime-type=signed-data", "application/pkcs7-mime"),
        ("application/pkcs7-mime; smime-type=signed-data", "application/octet-stream"),
    ] {
        let mail = String::from_utf8(mail!("smime_opaque").to_vec()).unwrap().replace(name, by);
        assert_eq!(read(mail.as_bytes()).author_text, TEXT, "{by}");
    }
    let mail = String::from_utf8(mail!("smime_encrypted").to_vec()).unwrap();
    let mail = mail.replace("smime-type=enveloped-data", "x=y").replace("smime-type=enveloped", "x=y");
    assert_eq!(read(mail.as_bytes()).unreadable, Some(Unreadable::Encrypted));
}

#[test]
fn what_is_signed_and_opaque_is_searched_for_secrets() {
    let raw = mail!("smime_opaque_indefinite_length");
    assert!(read(raw).author_text.starts_with("done"));
    let message = super::super::structure::structure(raw);
    let Content::Signed(entity) = content(&message.parts[0]) else { panic!("not signed") };
    let entity = String::from_utf8(entity).unwrap();
    assert!(entity.contains("clause 119 says"), "the pieces are put together whole");
}

/// A hostile object costs neither the stack nor time: a value in a value, 200,000 deep.
#[test]
fn a_damaged_object_is_none_and_costs_nothing() {
    let whole = super::super::structure::structure(mail!("smime_opaque")).parts[0].bytes().unwrap();
    for end in 0..200 {
        assert_eq!(open(&whole[..end]), None, "{end}");
    }
    let mut deep = vec![0x30, 0x80, 0x06, 0x09];
    deep.extend_from_slice(&SIGNED);
    deep.extend_from_slice(&[0xa0, 0x80, 0x30, 0x80]);
    let mut nested = deep.clone();
    nested.extend((0..200_000).flat_map(|_| [0x30, 0x80]));
    assert_eq!(open(&nested), None);
    let mut pieces = deep;
    pieces.extend_from_slice(&[0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x80, 0x06, 0x01, 0x2a, 0xa0, 0x80]);
    pieces.extend((0..200_000).flat_map(|_| [0x24, 0x80]));
    pieces.extend_from_slice(&[0x04, 0x01, b'x']);
    pieces.extend((0..200_020).flat_map(|_| [0, 0]));
    let _ = open(&pieces);
}
