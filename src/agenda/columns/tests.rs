use super::super::blocks::Cell;
use super::*;

fn row(cells: &[&str]) -> Row {
    Row { cells: cells.iter().map(|cell| Cell::new(cell)).collect() }
}

fn named(cells: &[&str]) -> Vec<Option<Role>> {
    header(&row(cells)).map(|columns| columns.roles).unwrap_or_default()
}

#[test]
fn headings_in_any_order_say_what_their_columns_hold() {
    use Role::{
        Comment, Decision, Deliverable, Due, Item, Priority, Reference, RevisedTo, Source, Status, Title, Unread,
    };
    let say = |roles: &[Role]| roles.iter().copied().map(Some).collect::<Vec<_>>();
    assert_eq!(named(&["REFERENCE", "WHAT", "WHO", "STATUS"]), say(&[Reference, Title, Source, Status]));
    assert_eq!(named(&["Status", "Company", "Subject", "Doc No."]), say(&[Status, Source, Title, Reference]));
    assert_eq!(
        named(&["TDoc", "Type", "Agenda item", "Title", "Source", "For", "Decision", "Revised to", "Comments"]),
        say(&[Reference, Unread, Item, Title, Source, Unread, Decision, RevisedTo, Comment])
    );
    assert_eq!(
        named(&["ID", "Action", "Owner", "Due date", "Priority", "Status", "TS/TR"]),
        say(&[Reference, Title, Source, Due, Priority, Status, Deliverable])
    );
    assert_eq!(named(&["Document number", "Document title", "Source(s)"]), say(&[Reference, Title, Source]));
    assert_eq!(named(&["AI", "Contribution", "Title", "Result"]), say(&[Item, Reference, Title, Decision]));
}

#[test]
fn of_two_columns_that_say_the_same_the_surer_counts() {
    assert_eq!(
        named(&["Doc", "Description", "Title", "Source"]),
        [Some(Role::Reference), Some(Role::Unread), Some(Role::Title), Some(Role::Source)]
    );
}

#[test]
fn what_is_wished_for_is_no_decision() {
    use Role::{Decision, Reference, Status, Title, Unread};
    let reference = Some(Reference);
    assert_eq!(
        named(&["Doc", "Proposed outcome", "Title", "Meeting decision"]),
        [reference, Some(Unread), Some(Title), Some(Decision)]
    );
    assert_eq!(
        named(&["Doc", "Title", "Decision requested", "Status"]),
        [reference, Some(Title), Some(Unread), Some(Status)]
    );
    assert_eq!(
        named(&["Doc", "Title", "Status before meeting", "Status after meeting"]),
        [reference, Some(Title), Some(Unread), Some(Status)]
    );
    // Alone, it is a column of unknown meaning, which is listed.
    assert_eq!(named(&["Doc", "Title", "Recommended decision"]), [reference, Some(Title), None]);
}

#[test]
fn a_heading_that_is_exactly_the_word_is_surer_than_one_before_it() {
    use Role::{Decision, Reference, Title};
    // The other one is listed, as a column of unknown meaning.
    assert_eq!(
        named(&["Doc", "Title", "Working group result", "Decision"]),
        [Some(Reference), Some(Title), None, Some(Decision)]
    );
    assert_eq!(named(&["Doc", "Title", "Decision", "Result"]), [Some(Reference), Some(Title), Some(Decision), None]);
}

#[test]
fn a_sentence_is_no_header() {
    for cells in [
        &["The status of this document is open", "and its title will change before the next meeting of the group"][..],
        &["Chair:", "WG4 Chair"],
        &["Meeting title:", "SEC#10"],
        &["", ""],
    ] {
        assert_eq!(header(&row(cells)), None, "{cells:?}");
    }
}

#[test]
fn without_headings_the_cells_say_what_a_column_holds() {
    let scheme = ReferenceScheme::default();
    let rows = [
        row(&["1", "7.1", "Noted", "CATT", "SEC-2014-0251", "Certificate Based Authentication", "TS-0003"]),
        row(&["2", "7.1", "R01 agreed", "CATT", "SEC-2014-0248", "Symmetric Key based Authentication", ""]),
        row(&["3", "7.3", "", "Qualcomm Inc.", "SEC-2014-0247", "Overview of Bootstrap frameworks", ""]),
    ];
    let rows: Vec<&Row> = rows.iter().collect();
    let columns = inferred(&rows, 4, &scheme);
    let of = |role| columns.of(role);
    assert_eq!(
        (of(Role::Item), of(Role::Status), of(Role::Source), of(Role::Title), of(Role::Deliverable)),
        (Some(1), Some(2), Some(3), Some(5), Some(6))
    );
}

#[test]
fn in_doubt_title_source_and_status_follow_the_reference() {
    let rows = [row(&["SEC-2014-0251", "Keys", "Oberthur Technologies", "see minutes"])];
    let columns = inferred(&rows.iter().collect::<Vec<_>>(), 0, &ReferenceScheme::default());
    assert_eq!(columns.roles, [Role::Reference, Role::Title, Role::Source, Role::Status].map(Some));
}

#[test]
fn the_words_of_a_status_are_known() {
    for text in [
        "Noted",
        "R01 agreed (TBPosted)",
        "Keep OPEN",
        "R02 expected",
        "R03 TBD Offline",
        "Not treated",
        "Conditionally agreed",
        "For e-mail approval",
        "0243R02 agreed",
        "Revised to R02",
        "in progress",
    ] {
        assert!(is_status(text), "{text}");
    }
    for text in ["Certificate Based Authentication", "Qualcomm Inc.", "Openness of interfaces", "SEC-2014-0243", "TP11"]
    {
        assert!(!is_status(text), "{text}");
    }
}
