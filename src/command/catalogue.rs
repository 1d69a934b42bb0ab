//! What this module says: the keys of its errors, and of the explanations that `help` gives.

/// Every key that a [`Line`](super::Line)'s error has, with its arguments.
///
/// | key | says | arguments |
/// |---|---|---|
/// | `line-minutes` | the mail holds minutes, whose lines are no commands | |
/// | `line-agenda` | the mail holds an agenda, whose lines are no commands | |
/// | `line-doubtful-question` | a question changes nothing | |
/// | `line-doubtful-negation` | "not done" changes nothing | `word` |
/// | `line-doubtful-future` | "will close" changes nothing | `word` |
/// | `line-doubtful-tail` | something after the command is not understood | `tail` |
/// | `line-doubtful-continuation` | the line may belong to the text before it | |
/// | `line-doubtful-which` | the text above names an item that this line does not | `reference` |
/// | `line-doubtful-quoted` | the quoted text above names several items, or one as an example only | `references` |
/// | `line-approve` | "approve" can mean several commands | `reference`, `minutes` |
/// | `line-cancel-approval` | an approval is ended otherwise | `reference` |
/// | `line-schedule` | meetings, sessions and calls are planned otherwise | |
/// | `line-near-miss` | did you mean … | `meant` |
/// | `line-date-ambiguous` | `4/5` can be read in two ways | `date` |
/// | `line-date-form` | a date of numbers that is not ISO | `date` |
/// | `line-date-impossible` | there is no such day | `date` |
/// | `line-date-over` | a day without a year that is just over | `date`, `over`, `next` |
/// | `line-like-reference` | a note that begins with a mistyped reference | `word` |
/// | `line-row-word` | a row is answered with yes or no | `row` |
/// | `line-session-time` | a session without its times | `given` |
/// | `line-cancel-session` | a session is called off by its name and its meeting | `given` |
/// | `line-call-time` | a call without its time | `given` |
/// | `line-call-range` | a call with an end | |
/// | `line-missing-date` | a date or meeting is missing | `command`, `given` |
/// | `line-missing-command` | it does not say what is to be done | |
/// | `line-missing-reference` | it does not say of what | `command` |
/// | `line-missing-text` | the text is missing | `command` |
/// | `line-range` | a range descends or is too long | `range`, `limit` |
/// | `line-foreign` | another body's or group's number | `reference` |
/// | `line-not-whole` | a line that begins like a command and is none | `command` |
/// | `line-too-long` | a command of more octets than one may have | `limit` |
/// | `line-too-many` | more commands than one mail may hold | `limit` |
/// | `line-unclear-owners` | owners that are not in the agenda's notation | `owners` |
/// | `line-unknown-address` | no e-mail address | `address` |
/// | `line-unknown-priority` | no priority | `priority` |
/// | `line-unknown-role` | no role | `role` |
/// | `line-voice` | nearly an objection, or what is said for something, in words that are not known | |
pub const ERRORS: &[(&str, &[&str])] = &[
    ("line-agenda", &[]),
    ("line-minutes", &[]),
    ("line-doubtful-question", &[]),
    ("line-doubtful-negation", &["word"]),
    ("line-doubtful-future", &["word"]),
    ("line-doubtful-tail", &["tail"]),
    ("line-doubtful-continuation", &[]),
    ("line-doubtful-which", &["reference"]),
    ("line-doubtful-quoted", &["references"]),
    ("line-approve", &["reference", "minutes"]),
    ("line-cancel-approval", &["reference"]),
    ("line-schedule", &[]),
    ("line-near-miss", &["meant"]),
    ("line-date-ambiguous", &["date"]),
    ("line-date-form", &["date"]),
    ("line-date-impossible", &["date"]),
    ("line-date-over", &["date", "over", "next"]),
    ("line-like-reference", &["word"]),
    ("line-row-word", &["row"]),
    ("line-session-time", &["given"]),
    ("line-cancel-session", &["given"]),
    ("line-call-time", &["given"]),
    ("line-call-range", &[]),
    ("line-missing-date", &["command", "given"]),
    ("line-missing-command", &[]),
    ("line-missing-reference", &["command"]),
    ("line-missing-text", &["command"]),
    ("line-range", &["range", "limit"]),
    ("line-foreign", &["reference"]),
    ("line-not-whole", &["command"]),
    ("line-too-many", &["limit"]),
    ("line-too-long", &["limit"]),
    ("line-unclear-owners", &["owners"]),
    ("line-unknown-address", &["address"]),
    ("line-unknown-priority", &["priority"]),
    ("line-unknown-role", &["role"]),
    ("line-voice", &[]),
];

/// The meeting that stands in the syntax of commands; every group has its own in its place.
pub const MEETING: &str = "SEC#11";

/// Every command's syntax, and the key of its explanation. Words before the first in capitals are
/// the command's own; `|` divides those that mean the same.
pub const HELP: &[(&str, &str)] = &[
    ("done|close|closed|completed|finished|fixed REF [because TEXT]", "help-done"),
    ("confirm REF", "help-confirm"),
    ("reopen REF", "help-reopen"),
    ("ongoing REF", "help-ongoing"),
    ("cancel REF", "help-cancel"),
    ("note REF TEXT", "help-note"),
    ("priority REF high|medium|low|none", "help-priority"),
    ("what REF: TEXT", "help-what"),
    ("due REF DATE-or-MEETING", "help-due"),
    ("extend REF DATE", "help-extend"),
    ("assign REF to OWNERS", "help-assign"),
    ("action OWNERS: TEXT [due DATE-or-MEETING]", "help-action"),
    ("accept REF", "help-accept"),
    ("reject REF [because TEXT]", "help-reject"),
    ("meeting SEC#11 DATE [to DATE] [PLACE] [deadline DATE]", "help-meeting"),
    ("session S1 SEC#11 DATE HH:MM-HH:MM [TITLE]", "help-session"),
    ("attending|remote|regrets [SEC#11]", "help-attend"),
    ("call DATE HH:MM [TITLE]", "help-call"),
    ("REF STATUS-PHRASE", "help-decide"),
    ("posted|uploaded|available REF", "help-posted"),
    ("withdraw REF [because TEXT]", "help-withdraw"),
    ("register REF \"TITLE\" [for ITEM] [for DELIVERABLE]", "help-register"),
    ("approval REF|minutes until DATE", "help-approval"),
    ("object|agreed [REF] [because TEXT]", "help-object"),
    ("ratify REF [because TEXT]", "help-ratify"),
    ("member NAME, ORGANIZATION, ADDRESS", "help-member"),
    ("role ADDRESS ROLE", "help-role"),
    ("also ADDRESS", "help-also"),
    ("status [REF]", "help-status"),
    ("list [mine|overdue|proposed|closed|all]", "help-list"),
    ("list contributions|members|meetings|approvals|calls", "help-list-more"),
    ("history REF", "help-history"),
    ("agenda [MEETING]", "help-agenda"),
    ("help [COMMAND]", "help-help"),
    ("pause until DATE", "help-pause"),
    ("resume", "help-resume"),
    ("digest on|off", "help-digest"),
    ("undo [RECEIPT]", "help-undo"),
    ("dry-run", "help-dry-run"),
    ("quit|stop", "help-quit"),
];

/// The words by which `help` knows the command of a syntax.
pub(super) fn words(syntax: &str) -> impl Iterator<Item = &str> {
    syntax.split(' ').next().unwrap_or_default().split('|')
}
