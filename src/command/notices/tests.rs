use super::*;

fn read(subject: &str, text: &str) -> Vec<String> {
    let shown = |(document, noticed): (DocumentRef, Noticed)| match noticed {
        Noticed::Uploaded => document.to_string(),
        Noticed::Doubtful => format!("? {document}"),
        Noticed::Named => format!("- {document}"),
    };
    notice(subject, text, &ReferenceScheme::default()).into_iter().map(shown).collect()
}

/// Asserts that each of these texts says that of the document.
fn each(texts: &[&str], says: &[&str]) {
    let other = texts.iter().map(|text| (text, read("", text))).filter(|(_, read)| read != says);
    let other: Vec<_> = other.collect();
    assert!(other.is_empty(), "{other:#?}");
}

#[test]
fn what_was_uploaded_is_said_in_many_ways() {
    each(
        &[
            "SEC-2014-0243R02 was uploaded",
            "SEC-2014-0243R02 was uploaded.",
            "SEC-2014-0243R02 has been uploaded by Gemalto.",
            "SEC-2014-0243R02 uploaded",
            "SEC-2014-0243R02 is now available",
            "SEC-2014-0243R02 posted by Member Gemalto",
            "Please note that the document SEC-2014-0243R02 has been successfully uploaded to the portal.",
            "The document SEC-2014-0243R02 (Overview of Frameworks) has been uploaded and can be downloaded at \
             https://portal.example.org/SEC-2014-0243R01.docx.",
            "SEC-2014-0243R02 \"When not to authenticate\" was uploaded.",
            "oneM2M-SEC-2014-0243R02-Overview_of_Frameworks.docx has been uploaded.",
            "SEC-2014-0243R02-Overview.docx uploaded",
            "New upload: SEC-2014-0243R02",
            "Upload notification: SEC-2014-0243R02",
            "Now available: SEC-2014-0243R02",
            "Newly uploaded: SEC-2014-0243R02",
            "The document SEC-2014-0243R02, of which you are an author, has been\nuploaded to the portal.",
            "New uploads:\n\n- SEC-2014-0243R02 Overview of Frameworks (Gemalto)",
            "The following documents have been uploaded:\n1. SEC-2014-0243R02 Overview of Frameworks",
            "A new document has been uploaded to the portal.\n\nDocument: SEC-2014-0243R02\nTitle: Overview\nSource: Gemalto",
        ],
        &["SEC-2014-0243R02"],
    );
    for subject in [
        "SEC-2014-0243R02 was uploaded",
        "[portal] SEC-2014-0243R02 uploaded",
        "[Portal] Uploaded: SEC-2014-0243R02",
        "New upload SEC-2014-0243R02",
    ] {
        assert_eq!(read(subject, ""), ["SEC-2014-0243R02"], "{subject}");
        assert_eq!(read(subject, "Dear all,\n\nsee the portal.\n"), ["SEC-2014-0243R02"], "{subject}");
    }
    let form = "Dear all,\n\nDocument: SEC-2014-0243R02\nTitle: Overview of Frameworks\n";
    assert_eq!(read("New document uploaded", form), ["SEC-2014-0243R02"]);
    let several = "SEC-2014-0243R02, SEC-2014-0244R01 and SEC-2014-0245 were uploaded.";
    assert_eq!(read("", several), ["SEC-2014-0243R02", "SEC-2014-0244R01", "SEC-2014-0245"]);
    assert_eq!(
        read("", "Documents uploaded today:\nSEC-2014-0243R02\tOverview\nSEC-2014-0244R01\tTerms"),
        ["SEC-2014-0243R02", "SEC-2014-0244R01"]
    );
}

#[test]
fn what_is_to_come_or_denied_is_not_there() {
    each(
        &[
            "SEC-2014-0243R02 will be uploaded",
            "SEC-2014-0243R02 will be uploaded tomorrow.",
            "SEC-2014-0243R02 is to be posted by 2 June.",
            "SEC-2014-0243R02 has not been uploaded yet.",
            "SEC-2014-0243R02 was not uploaded",
            "SEC-2014-0243R02 hasn't been uploaded.",
            "Was SEC-2014-0243R02 uploaded?",
            "SEC-2014-0243R02 should be available soon.",
            "When SEC-2014-0243R02 is uploaded, you get a mail.",
            "If SEC-2014-0243R02 was uploaded by somebody else, tell us.",
            "Documents to be uploaded:\n- SEC-2014-0243R02",
            "Not yet uploaded:\n- SEC-2014-0243R02",
            "New uploads:\n- SEC-2014-0243R02 withdrawn",
            "SEC-2014-0243R02 is expected to be uploaded",
            "SEC-2014-0243R02 was uploaded and removed again.",
        ],
        &["? SEC-2014-0243R02"],
    );
}

#[test]
fn what_is_only_named_is_not_said_to_be_there() {
    each(
        &[
            "SEC-2014-0243R02 was reserved.",
            "SEC-2014-0243R02",
            "SEC-2014-0243R02 Highly available services",
            "Comments on SEC-2014-0243R02 were uploaded.",
            "A new revision of SEC-2014-0243R02 was uploaded.",
            "SEC-2014-0243R02-comments_of_us.docx was uploaded.",
            "SEC-2014-0243R02 comments uploaded",
            "Somebody has commented on SEC-2014-0243R02.",
            "https://portal.example.org/uploaded/SEC-2014-0243R01 was uploaded, see SEC-2014-0243R02",
            "New uploads:\n\nRelated:\n- SEC-2014-0243R02",
            "New uploads:\n- none of this group\n\nThe meeting will look at these.\n\nSEC-2014-0243R02 Overview",
        ],
        &["- SEC-2014-0243R02"],
    );
    assert_eq!(read("Re: SEC-2014-0243R02 was uploaded", "Thank you."), [""; 0]);
    assert_eq!(read("", "SEC-2014-0243 revision 2 was uploaded."), ["SEC-2014-0243R02"]);
    assert_eq!(read("", "SEC-2014-0243 version 2 was uploaded."), ["- SEC-2014-0243"]);
}

#[test]
fn a_document_beside_another_is_only_named() {
    let uploaded = ["SEC-2014-0243R02", "- SEC-2014-0243R01"];
    each(
        &[
            "SEC-2014-0243R02 was uploaded. It replaces SEC-2014-0243R01.",
            "SEC-2014-0243R02 was uploaded, replacing SEC-2014-0243R01.",
            "SEC-2014-0243R02 (revision of SEC-2014-0243R01) was uploaded.",
            "SEC-2014-0243R02 was uploaded; SEC-2014-0243R01 is no longer current.",
            "New uploads:\n- SEC-2014-0243R02, revises SEC-2014-0243R01",
            "New document uploaded\n\nDocument: SEC-2014-0243R02\nRevision of: SEC-2014-0243R01",
        ],
        &uploaded,
    );
    assert_eq!(read("", "SEC-2014-0243R01 > R02 was uploaded."), ["- SEC-2014-0243R01", "SEC-2014-0243R02"]);
    assert_eq!(
        read("", "Comments on SEC-2014-0243R02 and SEC-2014-0244 were uploaded."),
        ["- SEC-2014-0243R02", "- SEC-2014-0244"]
    );
}

#[test]
fn any_text_is_read() {
    for text in
        ["", ":", "://", "\"", "uploaded", "„uploaded“ \"ü SEC-2014-0243R02\" was uploaded", "ü://ü uploaded: ü"]
    {
        read(text, text);
    }
}

#[test]
fn what_is_denied_anywhere_in_a_notice_is_not_told_to_be_there() {
    for (subject, text) in [
        ("SEC-2014-0243R02 was uploaded", "The document SEC-2014-0243R02 was not uploaded: it is too large."),
        ("SEC-2014-0243R02 uploaded", "This upload was rejected by the checker."),
        ("Upload notification", "File: SEC-2014-0243R02.docx\nResult: REJECTED"),
        ("", "A file was uploaded.\n\nDocument: SEC-2014-0243R02\nStatus: quarantined (virus)"),
        ("Upload notification", "SEC-2014-0243R02\nTitle: x\nStatus: not yet available"),
        ("", "SEC-2014-0243R02 was posted for deletion."),
        ("", "SEC-2014-0243R02 was uploaded by mistake."),
        ("SEC-2014-0243R02 has been superseded: SEC-2014-0243R03 has been uploaded", ""),
        ("", "SEC-2014-0243R02 was uploaded and retracted by its author."),
    ] {
        let told = read(subject, text);
        assert!(told.iter().all(|told| told != "SEC-2014-0243R02"), "{subject:?} {text:?}: {told:?}");
    }
    let footer = "SEC-2014-0243R02 was uploaded.\n\nPlease do not reply to this message.";
    assert_eq!(read("", footer), ["SEC-2014-0243R02"]);
}
