//! What today's reader sees otherwise in the mails that are kept.

use crate::site::{Mail, Site};

#[test]
fn mails_that_are_read_otherwise_today_are_told_and_nothing_is_changed() {
    let site = Site::new();
    let mails = [
        ("one", "chair", "note A-WG4-TP8-005: first\ndone A-WG4-TP8-001\nclsoe A-WG4-TP8-002"),
        ("two", "stranger", "done A-WG4-TP8-003"),
        ("three", "secretary", "Nothing to be done here, I think."),
    ];
    for (id, from, text) in mails {
        site.receives(&Mail { id: format!("{id}@example.org"), from: from.to_owned(), text: text.to_owned() });
    }
    site.succeeds(&["run", "--once"]);
    assert!(site.prints(&["rebuild", "--reread"]).contains("3 kept mails read again: today's reader sees what was"));
    assert_eq!(site.prints(&["rebuild", "--reread", "--json"]).trim(), "[]");
    // As a reader would have left it that took the note for another one, and did not see a stranger's line.
    site.alters("UPDATE journal SET entry = replace(entry, '\"first\"', '\"other\"')");
    site.alters("UPDATE messages SET lines = '[]' WHERE from_address = 'stranger@example.org'");
    site.alters("UPDATE journal SET entry = replace(entry, 'done A-WG4-TP8-001', 'done A-WG4-TP8-001.')");
    let said = site.fails(&["rebuild", "--reread"]);
    assert!(said.contains("4 lines in 2 of them are read otherwise today; nothing was changed"), "{said}");
    let log = site.log();
    for told in [
        "Message 1 (one@example.org): note A-WG4-TP8-005: first\n  recorded: note A-WG4-TP8-005: other\n  today:    note A-WG4-TP8-005: first",
        "Message 1 (one@example.org): done A-WG4-TP8-001\n  recorded: no command\n",
        "Message 1 (one@example.org): done A-WG4-TP8-001.\n",
        "Message 2 (two@example.org): done A-WG4-TP8-003\n  recorded: no command\n",
    ] {
        assert!(log.contains(told), "{told}\n{log}");
    }
}
