use super::*;

/// What a text gives, one line each: commands in a short form, errors as `! key`.
fn read_in(addressed: Addressed, subject: &str, text: &str) -> Vec<String> {
    let scheme = ReferenceScheme::default();
    let around = Around { scheme: &scheme, addressed, subject, today: jiff::civil::date(2014, 5, 1), quoted: &[] };
    let parsed = parse(text, &around);
    let crlf = parse(&text.replace('\n', "\r\n"), &around);
    assert_eq!(parsed, crlf, "LF and CRLF in {text:?}");
    parsed
        .lines
        .iter()
        .map(|line| match &line.command {
            Ok(command) => short(command),
            Err(why) => {
                let known = ERRORS.iter().find(|(key, _)| *key == why.key).expect(&why.key);
                let names: Vec<&str> = why.arguments.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(known.1, names, "{}", why.key);
                format!("! {}", why.key.trim_start_matches("line-"))
            }
        })
        .collect()
}

fn of(targets: &[Target]) -> String {
    let shown = |target: &Target| match target {
        Target::Reference(reference) => reference.to_string(),
        Target::Row(row) => row.to_string(),
        Target::Request(number) => format!("request {number}"),
        Target::Omitted => "_".to_owned(),
    };
    targets.iter().map(shown).collect::<Vec<_>>().join(",")
}

/// The canonical syntax of a command, as far as tests need it.
fn short(command: &Command) -> String {
    let because = |text: &Option<String>| text.as_ref().map(|text| format!(" because {text}")).unwrap_or_default();
    let until = |due: &Option<Due>| due.as_ref().map_or("none".to_owned(), ToString::to_string);
    match command {
        Command::Set { verb, of: items, because: why } => {
            format!("{} {}{}", format!("{verb:?}").to_lowercase(), of(items), because(why))
        }
        Command::Note { of: items, text } => format!("note {}: {text}", of(items)),
        Command::Priority { of: items, priority } => {
            format!("priority {} {}", of(items), priority.map_or("none".to_owned(), |priority| priority.to_string()))
        }
        Command::What { of: item, text } => format!("what {}: {text}", of(std::slice::from_ref(item))),
        Command::Due { of: items, due } => format!("due {} {}", of(items), until(due)),
        Command::Extend { of: items, due, because: why } => format!("extend {} {due}{}", of(items), because(why)),
        Command::Assign { of: items, to } => format!("assign {} to {to}", of(items)),
        Command::Action { who, what, due: None } => format!("action {who}: {what}"),
        Command::Action { who, what, due: Some(due) } => format!("action {who}: {what} due {due}"),
        Command::Accept { of: items } => format!("accept {}", of(items)),
        Command::Reject { of: items, because: why } => format!("reject {}{}", of(items), because(why)),
        Command::Member { name, organization, address } => format!("member {name}, {organization}, {address}"),
        Command::MemberLeft { address } => format!("member {address} left"),
        Command::Role { address, role, granted } => {
            format!("role {address} {}{role}", if *granted { "" } else { "no " })
        }
        Command::Also { address } => format!("also {address}"),
        Command::ConfirmCode { code } => format!("confirm {}", code.as_deref().unwrap_or("yes")),
        Command::Decline => "no".to_owned(),
        Command::Status { of: items } => format!("status {}", of(items)),
        Command::List(listing) => format!("list {}", format!("{listing:?}").to_lowercase()),
        Command::Rest { of, from } => format!("{} from {from}", short(of)),
        Command::History { of: items } => format!("history {}", of(items)),
        Command::Help(about) => format!("help {}", about.as_deref().unwrap_or_default()),
        Command::Pause(date) => format!("pause until {date}"),
        Command::Resume => "resume".to_owned(),
        Command::Digest(on) => format!("digest {}", if *on { "on" } else { "off" }),
        Command::Undo(receipt) => format!("undo {}", receipt.as_deref().unwrap_or_default()),
        Command::Meeting { of: which, plenary, start, end, place, deadline } => {
            let day = |word: &str, day: &Option<Date>| day.map(|day| format!("{word}{day}")).unwrap_or_default();
            let place = place.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
            let plenary = plenary.as_ref().map(|plenary| format!(" ({plenary})")).unwrap_or_default();
            let dates = format!("{}{}", day(" ", start), day(" to ", end));
            format!("meeting {}{plenary}{dates}{place}{}", of(std::slice::from_ref(which)), day(" deadline ", deadline))
        }
        Command::CancelMeeting { of: which } => format!("cancel meeting {}", of(which)),
        Command::Session { of: which, label, date, start, end, title } => {
            let title = title.as_deref().unwrap_or("-");
            format!("session {label} {} {date} {start}-{end} {title}", of(std::slice::from_ref(which)))
        }
        Command::Attached { document } => format!("attached {document}"),
        Command::Agenda { document } => format!("agenda {}", document.action_items.len()),
        Command::NextAgenda { of: which } => format!("next agenda {}", of(std::slice::from_ref(which))),
        Command::Decide { of: items, phrase } => format!("decide {}: {phrase}", of(items)),
        Command::Posted { of: items } => format!("posted {}", of(items)),
        Command::Withdraw { of: items, because: why } => format!("withdraw {}{}", of(items), because(why)),
        Command::Register { of: item, title, agenda_item, deliverable } => {
            let item = of(std::slice::from_ref(item));
            let deliverable = deliverable.as_ref().map(|it| format!(" for {it}")).unwrap_or_default();
            format!("register {item} {title} for {}{deliverable}", agenda_item.as_deref().unwrap_or("-"))
        }
        Command::Remark { of: items } => format!("remark {}", of(items)),
        Command::Attend { of: which, coming, .. } => {
            format!("attend {} {}", of(which), coming.map_or("?", crate::domain::Coming::as_str))
        }
        Command::Approval { of: items, until } => format!("approval {} until {until}", of(items)),
        Command::Voice { of: items, stance, because: why } => {
            format!("{} {}{}", stance.as_str(), of(items), because(why))
        }
        Command::Ratify { of: items, approved, because: why } => {
            format!("{} {}{}", if *approved { "ratify" } else { "not approved" }, of(items), because(why))
        }
        Command::Call { date, time, title } => format!("call {date} {time} {}", title.as_deref().unwrap_or("-")),
        Command::CancelSession { of: which, label } => {
            format!("cancel session {label} {}", of(std::slice::from_ref(which)))
        }
        Command::CancelCall { date } => format!("cancel call {date}"),
        Command::NotYet { what, of: items } => format!("later {what} {}", of(items)),
    }
}

fn check_in(addressed: Addressed, cases: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let given: Vec<String> = read_in(addressed, "", text).iter().map(|line| line.trim_end().to_owned()).collect();
        if given != *expected {
            wrong.push(format!("{text:?}\n   gives {given:?}\n  not    {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{addressed:?}\n{}", wrong.join("\n"));
}

fn check(cases: &[(&str, &[&str])]) {
    check_in(Addressed::BotAlone, cases);
}

#[test]
fn where_an_item_stands_is_said_in_many_words() {
    let cases: &[(&str, &[&str])] = &[
        ("done A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("Closed: A-SEC-TP8-001.", &["done A-WG4-TP8-001"]),
        ("completed tp8-001", &["done A-WG4-TP8-001"]),
        ("FINISHED A\u{2011}WG4\u{2011}TP8\u{2011}001!", &["done A-WG4-TP8-001"]),
        ("fixed\u{A0}A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("A-WG4-TP8-001: closed", &["done A-WG4-TP8-001"]),
        ("A-WG4-TP8-001 done", &["done A-WG4-TP8-001"]),
        ("A-WG4-TP8-001 is done.", &["done A-WG4-TP8-001"]),
        ("A-WG4-TP8-001 - done", &["done A-WG4-TP8-001"]),
        ("A-WG4-TP8-001 -> closed", &["done A-WG4-TP8-001"]),
        ("please close A-WG4-TP8-001, thanks!", &["done A-WG4-TP8-001"]),
        ("@bot please close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("@minuted, please close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("close action item A-WG4-TP8-001 please", &["done A-WG4-TP8-001"]),
        ("* close A-WG4-TP8-001 \u{1F44D}", &["done A-WG4-TP8-001"]),
        ("\u{2022} close A-WG4-TP8-001 :-)", &["done A-WG4-TP8-001"]),
        ("1. close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("#close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("close A-WG4-TP8-001 because agreed in S2", &["done A-WG4-TP8-001 because agreed in S2"]),
        ("close A-WG4-TP8-001; see the minutes", &["done A-WG4-TP8-001 because see the minutes"]),
        ("close A-WG4-TP8-001 (see SEC-2014-0259)", &["done A-WG4-TP8-001 because see SEC-2014-0259"]),
        (
            "done A-WG4-TP8-001 because it\u{2019}s \u{201C}in\u{201D}",
            &["done A-WG4-TP8-001 because it\u{2019}s \u{201C}in\u{201D}"],
        ),
        ("close A-WG4-TP8-001, 003 and 005", &["done A-WG4-TP8-001,A-WG4-TP8-003,A-WG4-TP8-005"]),
        ("close A-WG4-TP8-001 to 003", &["done A-WG4-TP8-001,A-WG4-TP8-002,A-WG4-TP8-003"]),
        ("close A-WG4-TP8-001 to A-WG4-TP8-003", &["done A-WG4-TP8-001,A-WG4-TP8-002,A-WG4-TP8-003"]),
        ("close A-WG4-TP8-001 and A-WG4-TP9-002", &["done A-WG4-TP8-001,A-WG4-TP9-002"]),
        ("close A-WG4-TP8-001 A-WG4-TP9-002", &["done A-WG4-TP8-001,A-WG4-TP9-002"]),
        ("done", &["done _"]),
        ("Done.", &["done _"]),
        ("done, thanks!", &["done _"]),
        ("Done. Thank you", &["done _"]),
        ("done because CATT agreed", &["done _ because CATT agreed"]),
        ("reopen A-WG4-TP8-001", &["reopen A-WG4-TP8-001"]),
        ("ongoing A-WG4-TP8-001", &["ongoing A-WG4-TP8-001"]),
        ("ongoing", &["ongoing _"]),
        ("cancel P-WG4-001", &["cancel P-WG4-001"]),
        ("confirm A-WG4-TP8-001", &["confirm A-WG4-TP8-001"]),
        ("1 done", &["done 1"]),
        ("2: done", &["done 2"]),
        ("2. done", &["done 2"]),
        ("done 1,3", &["done 1,3"]),
        ("1, 3 and 4 done", &["done 1,3,4"]),
        ("1-3 done", &["done 1,2,3"]),
        ("row 2 done", &["done 2"]),
    ];
    check(cases);
    check_in(Addressed::Bot, cases);
}

#[test]
fn an_items_other_fields_are_set() {
    check(&[
        ("note A-WG4-TP8-001 waiting for CATT", &["note A-WG4-TP8-001: waiting for CATT"]),
        ("note A-WG4-TP8-001: does CATT agree?", &["note A-WG4-TP8-001: does CATT agree?"]),
        ("note A-WG4-TP8-001 not done yet", &["note A-WG4-TP8-001: not done yet"]),
        ("note A-WG4-TP8-001, 003: see S2", &["note A-WG4-TP8-001,A-WG4-TP8-003: see S2"]),
        ("note A-WG4-TP8-001 and A-WG4-TP8-003 overlap", &["! doubtful-tail"]),
        ("note waiting for CATT", &["note _: waiting for CATT"]),
        ("5 note waiting for CATT", &["note 5: waiting for CATT"]),
        ("priority A-WG4-TP8-001 high", &["priority A-WG4-TP8-001 high"]),
        ("priority A-WG4-TP8-001 none", &["priority A-WG4-TP8-001 none"]),
        ("priority low", &["priority _ low"]),
        ("priority A-WG4-TP8-001 urgent", &["! unknown-priority"]),
        ("what A-WG4-TP8-001: Specify the hops", &["what A-WG4-TP8-001: Specify the hops"]),
        ("due A-WG4-TP8-001 2014-06-02", &["due A-WG4-TP8-001 2014-06-02"]),
        ("due A-WG4-TP8-001 by 2 June", &["due A-WG4-TP8-001 2014-06-02"]),
        ("due A-WG4-TP8-001 SEC #11", &["due A-WG4-TP8-001 SEC#11.0"]),
        ("due A-WG4-TP8-001, A-WG4-TP8-002 TP11", &["due A-WG4-TP8-001,A-WG4-TP8-002 TP11"]),
        ("A-WG4-TP8-001: due TP11", &["due A-WG4-TP8-001 TP11"]),
        ("due A-WG4-TP8-001 none", &["due A-WG4-TP8-001 none"]),
        ("due TP11", &["due _ TP11"]),
        ("due 2 June", &["due _ 2014-06-02"]),
        ("due 2 2 June", &["due 2 2014-06-02"]),
        ("4: due SEC#11", &["due 4 SEC#11.0"]),
        ("2: due TP11", &["due 2 TP11"]),
        ("due A-WG4-TP8-001 4/5", &["! date-ambiguous"]),
        ("due 4/5", &["! date-ambiguous"]),
        ("due A-WG4-TP8-001 2014-02-30", &["! date-impossible"]),
        ("due A-WG4-TP8-001 next week", &["! missing-date"]),
        ("due A-WG4-TP8-001", &["! missing-date"]),
        ("extend A-WG4-TP8-001 2014-06-02 because of travel", &["extend A-WG4-TP8-001 2014-06-02 because of travel"]),
        ("extend A-WG4-TP8-001 2014-06-02 (travel)", &["extend A-WG4-TP8-001 2014-06-02 because travel"]),
        ("extend to June 2, 2014", &["extend _ 2014-06-02"]),
        ("assign A-WG4-TP8-001 to Lead Qualcomm, Gemalto", &["assign A-WG4-TP8-001 to Lead Qualcomm, Gemalto"]),
        ("assign A-WG4-TP8-001 to Lead Qualcomm Inc.", &["assign A-WG4-TP8-001 to Lead Qualcomm Inc"]),
        ("3 assign to Lead LG Electronics + Qualcomm", &["assign 3 to Lead LG Electronics + Qualcomm"]),
        (
            "action Lead Gemalto: Align existing text with SEC-2014-0259 due TP11",
            &["action Lead Gemalto: Align existing text with SEC-2014-0259 due TP11"],
        ),
        (
            "action Lead Gemalto: Align existing text [due 2 June 2014]",
            &["action Lead Gemalto: Align existing text due 2014-06-02"],
        ),
        ("action Interested companies: Review it", &["action Interested companies: Review it"]),
        ("action Gemalto: Review text due to changes", &["action Gemalto: Review text due to changes"]),
        ("action Lead Gemalto: Review it due 4/5", &["! date-ambiguous"]),
        ("action Lead Gemalto: Review it, due: TP11", &["action Lead Gemalto: Review it due TP11"]),
        ("action Lead Gemalto: Review it, due date: 2014-06-02", &["action Lead Gemalto: Review it due 2014-06-02"]),
        ("action Lead Gemalto: Review it due end of May", &["! missing-date"]),
        ("action Lead Gemalto: Review it due 2014-06-02 (high priority)", &["! missing-date"]),
        ("accept P-WG4-001", &["accept P-WG4-001"]),
        ("accept request 3", &["accept request 3"]),
        ("accept 3", &["accept 3"]),
        ("3 accept", &["accept 3"]),
        ("reject P-WG4-001 because covered", &["reject P-WG4-001 because covered"]),
    ]);
}

#[test]
fn people_answers_and_queries_are_read() {
    check(&[
        ("member Kim Park, LG Electronics, kim@example.org", &["member Kim Park, LG Electronics, kim@example.org"]),
        ("member Kim, Qualcomm, Inc., <kim@example.org>", &["member Kim, Qualcomm, Inc., kim@example.org"]),
        ("member kim@example.org left", &["member kim@example.org left"]),
        ("member Kim, LG, kim@", &["! unknown-address"]),
        ("role kim@example.org secretary", &["role kim@example.org secretary"]),
        ("role kim@example.org no chair", &["role kim@example.org no chair"]),
        ("role kim@example.org rapporteur TS-0003", &["role kim@example.org rapporteur TS-0003"]),
        ("role kim@example.org king", &["! unknown-role"]),
        ("also kim@example.com<mailto:kim@example.com>", &["also kim@example.com"]),
        ("yes", &["confirm yes"]),
        ("OK, thanks!", &["confirm yes"]),
        ("no", &["no"]),
        ("Hello,\nyes", &["confirm yes"]),
        ("I have read it.\nyes", &[]),
        ("Yes, that was me.", &["confirm yes"]),
        ("yes but not item 2", &[]),
        ("yes\nbut not item 2", &["! doubtful-tail"]),
        ("confirm 7K2M9QXA", &["confirm 7k2m9qxa"]),
        ("confirm attendance", &["! not-whole"]),
        ("undo", &["undo"]),
        ("undo #AB12CD", &["undo ab12cd"]),
        ("pause until 2 June 2014", &["pause until 2014-06-02"]),
        ("pause until", &["! missing-date"]),
        ("resume", &["resume"]),
        ("digest on", &["digest on"]),
        ("status", &["status"]),
        ("status?", &["status"]),
        ("status A-WG4-TP8-001?", &["status A-WG4-TP8-001"]),
        ("status SEC-2014-0243", &["status SEC-2014-0243"]),
        ("list", &["list open"]),
        ("list mine", &["list mine"]),
        ("list mine from 51", &["list mine from 51"]),
        ("List my action items from 51, please.", &["list mine from 51"]),
        ("list from 7", &["list open from 7"]),
        ("history A-WG4-TP8-001 from 20", &["history A-WG4-TP8-001 from 20"]),
        ("List overdue.", &["list overdue"]),
        ("list approvals", &["list approvals"]),
        ("list calls", &["list calls"]),
        ("history A-WG4-TP8-001", &["history A-WG4-TP8-001"]),
        ("help", &["help"]),
        ("help close", &["help close"]),
    ]);
}

#[test]
fn commands_whose_effect_is_to_come_are_recognised() {
    check(&[
        ("approval 0239R01 until 2014-06-02", &["approval 0239R01 until 2014-06-02"]),
        ("approval minutes SEC#9.0 until 2014-06-02", &["approval SEC#9.0 until 2014-06-02"]),
        ("object because it is too early", &["objection _ because it is too early"]),
        ("withdraw objection", &["objection withdrawn _"]),
        ("agreed", &["support _"]),
        ("no objection", &["support _"]),
        ("ratify SEC-2014-0239R01", &["ratify SEC-2014-0239R01"]),
        ("not approved SEC-2014-0239R01 because late", &["not approved SEC-2014-0239R01 because late"]),
        (
            "meeting SEC#11 2014-06-09 to 2014-06-13 Berlin deadline 2014-06-02",
            &["meeting SEC#11.0 2014-06-09 to 2014-06-13 in Berlin deadline 2014-06-02"],
        ),
        ("cancel SEC#11", &["cancel meeting SEC#11.0"]),
        (
            "session S1 SEC#11 2014-06-09 09:00-10:15 Opening",
            &["session S1 SEC#11.0 2014-06-09 09:00:00-10:15:00 Opening"],
        ),
        ("call 2014-06-09 14:00 Editing", &["call 2014-06-09 14:00:00 Editing"]),
        ("agenda SEC#11", &["next agenda SEC#11.0"]),
        ("agenda of TP11", &["next agenda TP11"]),
        ("Agenda", &["next agenda _"]),
        ("agenda is attached", &[]),
    ]);
}

#[test]
fn an_objection_is_never_passed_over() {
    let cases: &[(&str, &[&str])] = &[
        ("I object: the text is wrong", &["objection _ because the text is wrong"]),
        ("object, the text is wrong", &["objection _ because the text is wrong"]),
        ("object - the text is wrong", &["objection _ because the text is wrong"]),
        ("object \u{2013} the text is wrong", &["objection _ because the text is wrong"]),
        ("object: because the text is wrong", &["objection _ because the text is wrong"]),
        ("objection because it is late", &["objection _ because it is late"]),
        ("object due to clause 3", &["objection _ because clause 3"]),
        ("We strongly object since it is late", &["objection _ because it is late"]),
        ("I object to this, clause 3 is wrong.", &["objection _ because clause 3 is wrong"]),
        ("I object to the approval of SEC-2014-0243R02 because wrong", &["objection SEC-2014-0243R02 because wrong"]),
        ("objection to SEC-2014-0243R02: it is wrong", &["objection SEC-2014-0243R02 because it is wrong"]),
        ("objection withdrawn", &["objection withdrawn _"]),
        ("I withdraw my objection", &["objection withdrawn _"]),
        ("Objection: none", &["! voice"]),
        ("objection: resolved", &["! voice"]),
        ("object, but not much", &["! voice"]),
        ("object, 0243R01", &["! voice"]),
        ("object:", &["! voice"]),
        ("object because", &["! missing-text"]),
        ("object strongly", &["! voice"]),
        ("We object on procedural grounds", &["! voice"]),
        ("withdraw objection, it is fine", &["! voice"]),
    ];
    for addressed in [Addressed::Bot, Addressed::BotAlone] {
        check_in(addressed, cases);
    }
    let marked: Vec<(String, &[&str])> = cases.iter().map(|(text, said)| (format!("#{text}"), *said)).collect();
    let marked: Vec<(&str, &[&str])> = marked.iter().map(|(text, said)| (text.as_str(), *said)).collect();
    for addressed in [Addressed::List, Addressed::ListReply] {
        check_in(addressed, &marked);
    }
    check(&[("No objections from LG.", &["! voice"]), ("+1", &["! voice"]), ("We do not object", &["! voice"])]);
}

#[test]
fn who_comes_says_so_in_a_word() {
    check(&[
        ("attending", &["attend _ attending"]),
        ("Attending, thanks!", &["attend _ attending"]),
        ("attending SEC#11", &["attend SEC#11.0 attending"]),
        ("attending at TP11.", &["attend TP11 attending"]),
        ("remote", &["attend _ remote"]),
        ("attending remotely", &["attend _ remote"]),
        ("attending SEC#11 online", &["! doubtful-tail"]),
        ("attending (remote)", &["! doubtful-tail"]),
        ("attending SEC#11 (remotely, from home)", &["! doubtful-tail"]),
        ("attending (from Tuesday on)", &["attend _ attending"]),
        ("regrets", &["attend _ regrets"]),
        ("regrets: SEC#11 because I am away", &["attend SEC#11.0 regrets"]),
        ("attending SEC#11 and SEC#12", &["! doubtful-tail"]),
        ("attending A-WG4-TP8-001", &["! doubtful-tail"]),
        ("not attending SEC#11", &["! near-miss"]),
        ("not attending", &["! near-miss"]),
        ("not attending any more meetings like that", &[]),
        ("attending SEC#11?", &["! doubtful-question"]),
        ("remote work is fine", &[]),
        ("regrets that it was late", &[]),
        ("attending would be a pleasure", &[]),
    ]);
}

#[test]
fn decisions_are_lines_in_the_words_of_the_agenda() {
    check(&[
        ("SEC-2014-0243R02 agreed", &["decide SEC-2014-0243R02: agreed"]),
        ("sec-2014-0243 r02 is agreed.", &["decide SEC-2014-0243R02: agreed"]),
        ("0247R02 noted, expect R03", &["decide 0247R02: noted, R03 expected"]),
        ("0249 merged into 0251R02", &["decide 0249: merged into 0251R02"]),
        ("0240 keep open", &["decide 0240: open"]),
        ("0240, 0241 and 0245 noted", &["decide 0240,0241,0245: noted"]),
        ("SEC-2014-0251R01: Noted, Merge TBD offline", &["decide SEC-2014-0251R01: noted, merge TBD"]),
        ("0239 R01 agreed (TBPosted)", &["decide 0239R01: agreed, to be posted"]),
        ("0240 R01 TBD offline", &["decide 0240R01: TBD offline"]),
        ("0261 noted, see 0243R02", &["decide 0261: noted, see 0243R02"]),
        ("3: agreed", &["decide 3: agreed"]),
        ("3 remark", &["remark 3"]),
        (
            "SEC-2014-0243R02 agreed because it was asked for",
            &["decide SEC-2014-0243R02: agreed because it was asked for"],
        ),
        ("SEC-2014-0243R02 agreed by everybody but us", &["! doubtful-tail"]),
        ("SEC-2014-0243R02 agreed in principle", &["! doubtful-tail"]),
        ("SEC-2014-0243R02 agreed (partly)", &["! doubtful-tail"]),
        ("SEC-2014-0243R02 noted, agreed", &["! doubtful-tail"]),
        ("SEC-2014-0243R02 agreed; 0244R02 noted", &["! doubtful-tail"]),
        ("SEC-2014-0243R02 agreed?", &["! doubtful-question"]),
        ("SEC-2014-0243R02 not agreed", &["! doubtful-negation"]),
        ("SEC-2014-0243R02 is not yet noted", &["! doubtful-negation"]),
        ("SEC-2014-0243R02 will be posted", &["! doubtful-future"]),
        ("SEC-2014-0243 not pursued", &["decide SEC-2014-0243: not pursued"]),
        ("posted 0243R02", &["posted 0243R02"]),
        ("SEC-2014-0243R02 uploaded", &["posted SEC-2014-0243R02"]),
        ("SEC-2014-0243R02 is available", &["posted SEC-2014-0243R02"]),
        ("posted 0243R02?", &["! doubtful-question"]),
        ("withdraw SEC-2014-0243", &["withdraw SEC-2014-0243"]),
        ("register SEC-2014-0300 \"A title\" for 7.2", &["register SEC-2014-0300 A title for 7.2"]),
        ("register SEC-2014-0300 \u{201c}A title\u{201d}", &["register SEC-2014-0300 A title for -"]),
        ("register SEC-2014-0300 A title", &["! doubtful-tail"]),
    ]);
}

#[test]
fn doubtful_lines_say_why() {
    let cases: &[(&str, &[&str])] = &[
        ("close A-WG4-TP8-001?", &["! doubtful-question"]),
        ("can you close A-WG4-TP8-001?", &["! doubtful-question"]),
        ("is A-WG4-TP8-001 done?", &["! doubtful-question"]),
        ("A-WG4-TP8-001 not done", &["! doubtful-negation"]),
        ("A-WG4-TP8-001 is not done yet", &["! doubtful-negation"]),
        ("don\u{2019}t close A-WG4-TP8-001", &["! doubtful-negation"]),
        ("2 not done", &["! doubtful-negation"]),
        ("I will close A-WG4-TP8-001 tomorrow", &["! doubtful-future"]),
        ("A-WG4-TP8-001 will be closed", &["! doubtful-future"]),
        ("close A-WG4-TP8-001 and SEC-2014-0243R02 agreed", &["! doubtful-tail"]),
        ("close A-WG4-TP8-001 next week", &["! doubtful-tail"]),
        ("done A-WG4-TP8-001, waiting for CATT", &["! doubtful-tail"]),
        ("2 done, 3 to go", &["! doubtful-tail"]),
        ("1 done; 2 ongoing", &["! doubtful-tail"]),
        ("2 done (not the annex)", &["! doubtful-tail"]),
        ("done A-WG4-TP8-001 (partly)", &["! doubtful-tail"]),
        ("done A-WG4-TP8-001; not yet by Qualcomm", &["! doubtful-tail"]),
        ("done A-WG4-TP8-001 because not needed any more", &["done A-WG4-TP8-001 because not needed any more"]),
        ("close A-WG4-TP8-003 to 001", &["! range"]),
        ("close A-WG2-TP8-003", &["! foreign"]),
        ("clsoe A-WG4-TP8-001", &["! near-miss"]),
        ("approval 0239R01 untill 2014-05-05", &["! near-miss"]),
        ("approval minutes SEC#9.0: unitl 2 June", &["! near-miss"]),
        ("approval 0239R01 untill somebody objects", &["! missing-date"]),
        ("A-WG4-TP8-001 colsed", &["! near-miss"]),
        ("2 doen", &["! near-miss"]),
    ];
    check(cases);
    check_in(Addressed::Bot, cases);
    check(&[("not done yet", &["! doubtful-negation"]), ("dnoe", &["! near-miss"]), ("helpp", &["! near-miss"])]);
    check_in(Addressed::Bot, &[("not done yet", &[]), ("dnoe", &[])]);
}

#[test]
fn prose_is_left_alone() {
    let prose: &[&str] = &[
        "Done is better than perfect",
        "Note that I will be late",
        "Note taken, thanks",
        "Please find attached the agenda of the meeting.",
        "status: I am working on SEC-2014-0243",
        "list of contributions below",
        "action items are listed in SEC-2014-0007",
        "Action items are: align the text, review it",
        "Action required: send comments on SEC-2014-0243",
        "cancel my flight",
        "Close to the deadline we got SEC-2014-0259.",
        "Due to the holidays I am late.",
        "3 companies objected to SEC-2014-0243",
        "call me at 14:00",
        "meeting minutes are attached",
        "Extend the scope of TS-0003",
        "Confirm your attendance please",
        "The item was opened in Berlin; I closed the door.",
        "Hello all,",
        "Best regards",
        "none",
        "Undo the changes",
        "Pause the work until somebody has time",
        "Remote participation is possible",
        "Agreed on all of it but the title",
        "Priority should go to TS-0003",
        "https://example.org/close A-WG4-TP8-001",
        "> close A-WG4-TP8-001",
        "A-WG4-TP8-001",
        "See A-WG4-TP8-001.",
        "1. Introduction",
        "As A-WG4-TP8-001 is done, we can go on.",
        "SEC-2014-0243R01 is attached.",
        "I read SEC-2014-0243R02 and it is fine with me.",
        "2014 was a good year",
    ];
    let cases: Vec<(&str, &[&str])> = prose.iter().map(|text| (*text, &[] as &[&str])).collect();
    for addressed in [Addressed::Bot, Addressed::BotAlone, Addressed::ListReply, Addressed::List] {
        check_in(addressed, &cases);
    }
    let on_the_list = ["Object lifetimes matter", "I object to that, sorry", "object, the text is wrong"];
    let cases: Vec<(&str, &[&str])> = on_the_list.iter().map(|text| (*text, &[] as &[&str])).collect();
    check_in(Addressed::ListReply, &cases);
    check_in(Addressed::List, &cases);
    let among_people: &[&str] = &[
        "No objections were raised by the others so far",
        "No objections from LG.",
        "+1",
        "history shows that A-WG4-TP8-001 was hard",
        "Assign somebody, please",
        "Member companies, please, write to kim@example.org",
        "Also kim@example.org is interested",
        "What about A-WG4-TP8-001",
        "Lost 3 pages",
        "A-WG4-TP8-001 was hard",
    ];
    let cases: Vec<(&str, &[&str])> = among_people.iter().map(|text| (*text, &[] as &[&str])).collect();
    for addressed in [Addressed::Bot, Addressed::ListReply, Addressed::List] {
        check_in(addressed, &cases);
    }
}

#[test]
fn on_the_list_a_command_needs_its_mark() {
    check_in(
        Addressed::List,
        &[
            ("close A-WG4-TP8-001", &[]),
            ("2 done", &[]),
            ("# close A-WG4-TP8-001", &[]),
            ("#close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
            ("- #close A-WG4-TP8-001\nclose A-WG4-TP8-002", &["done A-WG4-TP8-001"]),
            ("#clsoe A-WG4-TP8-001", &["! near-miss"]),
            ("yes", &[]),
        ],
    );
    check_in(
        Addressed::ListReply,
        &[
            ("2 done", &["done 2"]),
            ("done 1,3", &["done 1,3"]),
            ("2 not done", &["! doubtful-negation"]),
            ("2 dnoe", &["! near-miss"]),
            ("2 high", &["! near-miss"]),
            ("mark 2 as done", &[]),
            ("2 documents are still missing", &[]),
            ("2 of us cannot come", &[]),
            ("close A-WG4-TP8-001", &[]),
            ("done", &[]),
            ("#close A-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ],
    );
}

#[test]
fn what_looks_like_a_reference_is_no_note_of_another_item() {
    check_in(
        Addressed::BotAlone,
        &[
            ("note A-WG4-TP8-O03 waiting for CATT", &["! like-reference"]),
            ("note: WG4-TP8-O3 waiting for CATT", &["! like-reference"]),
            ("note 0O3 waiting", &["! like-reference"]),
            ("note waiting for A-WG4-TP8-O03", &["note _: waiting for A-WG4-TP8-O03"]),
            ("note TLS-1.2 is needed", &["note _: TLS-1.2 is needed"]),
            ("1 yes", &["! row-word"]),
            ("2: no", &["! row-word"]),
        ],
    );
}

#[test]
fn quit_stop_and_the_signature_end_the_commands_and_prose_does_not() {
    let one: &[&str] = &["done A-WG4-TP8-001"];
    check(&[
        ("done A-WG4-TP8-001\nstop\ndone A-WG4-TP8-002", one),
        ("done A-WG4-TP8-001\n\nQuit.\ndone A-WG4-TP8-002", one),
        ("done A-WG4-TP8-001\n-- \ndone A-WG4-TP8-002", one),
        ("done A-WG4-TP8-001\n--\ndone A-WG4-TP8-002", one),
        // A remark behind dashes is no signature's mark.
        ("-- this week --\ndone A-WG4-TP8-001\n-- the rest waits", one),
        ("Hello,\n\nas said before.\ndone A-WG4-TP8-001\nthat is all", one),
    ]);
}

#[test]
fn a_wrapped_line_is_shown_with_the_mark_that_it_was_given_with() {
    let scheme = ReferenceScheme::default();
    let today = jiff::civil::date(2014, 5, 1);
    for text in [
        "#close A-WG4-TP8-001,\nA-WG4-TP8-002",
        "#note A-WG4-TP8-001 the first text on the mailing list of this group\nthat is",
    ] {
        let around = Around { scheme: &scheme, addressed: Addressed::List, subject: "", today, quoted: &[] };
        let parsed = parse(text, &around);
        let shown: Vec<&str> = parsed.lines.iter().map(|line| line.text.as_str()).collect();
        assert!(shown.iter().all(|line| line.starts_with('#')), "{shown:?}");
        assert!(shown.iter().any(|line| line.contains("TP8-002") || line.contains("that is")), "{shown:?}");
        // And is read again as what it was.
        let again = parse(shown[0], &around);
        assert_eq!(again.lines[0].command, parsed.lines[0].command);
    }
}

#[test]
fn wrapped_lines_are_rejoined_where_the_next_is_what_is_missing() {
    let sixty = "waiting for the text of the other groups on the same subject,";
    check(&[
        ("close\nA-WG4-TP8-001", &["done A-WG4-TP8-001"]),
        ("done A-WG4-TP8-001,\nA-WG4-TP8-002", &["done A-WG4-TP8-001,A-WG4-TP8-002"]),
        ("done A-WG4-TP8-001,\nthanks for the reminder", &["done A-WG4-TP8-001"]),
        ("close A-WG4-TP8-001, A-WG4-TP8-002 and\nA-WG4-TP8-003", &["done A-WG4-TP8-001,A-WG4-TP8-002,A-WG4-TP8-003"]),
        ("close A-WG4-TP8-\n001", &["done A-WG4-TP8-001"]),
        ("Closed:\nA-WG4-TP8-001\nA-WG4-TP8-002", &["done A-WG4-TP8-001,A-WG4-TP8-002"]),
        (
            "Ongoing:\n- A-WG4-TP8-001\n- A-WG4-TP8-002\n\nlist mine",
            &["ongoing A-WG4-TP8-001,A-WG4-TP8-002", "list mine"],
        ),
        ("close A-WG4-TP8-001\nbecause it is in the TS", &["done A-WG4-TP8-001 because it is in the TS"]),
        ("close A-WG4-TP8-001\n(see the TS)", &["done A-WG4-TP8-001 because see the TS"]),
        ("done A-WG4-TP8-001\n(not the annex)", &["! doubtful-tail"]),
        ("due A-WG4-TP8-001 9 June\n2015", &["due A-WG4-TP8-001 2015-06-09"]),
        ("assign A-WG4-TP8-001 to Lead Qualcomm,\nGemalto", &["assign A-WG4-TP8-001 to Lead Qualcomm, Gemalto"]),
        ("assign A-WG4-TP8-001 to Lead Gemalto +\nCATT", &["assign A-WG4-TP8-001 to Lead Gemalto + CATT"]),
        ("assign A-WG4-TP8-001 to Lead Gemalto\n+ CATT", &["assign A-WG4-TP8-001 to Lead Gemalto + CATT"]),
        ("assign A-WG4-TP8-001 to Lead Gemalto,", &["! unclear-owners"]),
        ("note A-WG4-TP8-001\nnote A-WG4-TP8-002: later", &["! missing-text", "note A-WG4-TP8-002: later"]),
        ("note A-WG4-TP8-001\nnoet A-WG4-TP8-002: later", &["! missing-text", "! near-miss"]),
        ("due A-WG4-TP8-001\n2014-06-02", &["due A-WG4-TP8-001 2014-06-02"]),
        ("assign A-WG4-TP8-001 to\nLead Qualcomm", &["assign A-WG4-TP8-001 to Lead Qualcomm"]),
        ("close A-WG4-TP8-001 (see the\nminutes)", &["done A-WG4-TP8-001 because see the minutes"]),
        ("Done.\nThanks", &["done _"]),
        ("done\n\nA-WG4-TP8-001", &["done _"]),
        ("done\ndone A-WG4-TP8-001", &["done _", "done A-WG4-TP8-001"]),
    ]);
    check(&[
        (
            &format!("note A-WG4-TP8-001 {sixty}\nand of CATT\nMore prose."),
            &[&format!("note A-WG4-TP8-001: {sixty} and of CATT")],
        ),
        (
            &format!("note A-WG4-TP8-001 {sixty}\n\nclose A-WG4-TP8-002"),
            &[&format!("note A-WG4-TP8-001: {sixty}"), "done A-WG4-TP8-002"],
        ),
        (
            &format!("note A-WG4-TP8-001 {sixty}\n- close A-WG4-TP8-002"),
            &[&format!("note A-WG4-TP8-001: {sixty}"), "done A-WG4-TP8-002"],
        ),
        (
            &format!("note A-WG4-TP8-001 {sixty}\nclose A-WG4-TP8-002"),
            &[&format!("note A-WG4-TP8-001: {sixty}"), "! doubtful-continuation"],
        ),
        (
            &format!("action Lead Gemalto: Align {sixty}\nand review due TP11"),
            &[&format!("action Lead Gemalto: Align {sixty} and review due TP11")],
        ),
        (
            "I think that we should all wait for the next meeting before we\nclose A-WG4-TP8-002",
            &["! doubtful-continuation"],
        ),
    ]);
}

#[test]
fn a_line_that_is_nearly_a_command_is_answered_with_it() {
    let cases: &[(&str, &[&str])] = &[
        ("done #A-WG4-TP8-005", &["? done A-WG4-TP8-005"]),
        ("reopen [A-WG4-TP8-006]", &["? reopen A-WG4-TP8-006"]),
        ("\"reopen A-WG4-TP8-006\"", &["? reopen A-WG4-TP8-006"]),
        ("\u{201C}close A-WG4-TP8-001\u{201D}", &["? close A-WG4-TP8-001"]),
        ("priority high A-WG4-TP8-002", &["? priority A-WG4-TP8-002 high"]),
        ("3 high", &["? priority 3 high"]),
        ("A-WG4-TP8-002 low", &["? priority A-WG4-TP8-002 low"]),
        ("close TP8-6", &["? close A-WG4-TP8-006"]),
        ("close WG4-TP8-003", &["? close A-WG4-TP8-003"]),
        ("note TP8-6: waiting for CATT", &["? note A-WG4-TP8-006: waiting for CATT"]),
        ("Please mark A-WG4-TP8-002 as done", &["? A-WG4-TP8-002: done"]),
        ("set 2 to ongoing", &["? 2: ongoing"]),
        ("I have done A-WG4-TP8-002.", &["? done A-WG4-TP8-002"]),
        ("A-WG4-TP8-002 has been completed", &["? A-WG4-TP8-002: completed"]),
        ("A-WG4-TP8-002 | Specify the hops | closed", &["? A-WG4-TP8-002: closed"]),
        ("(3) done", &["? 3 done"]),
        ("[1] A-WG4-TP8-002 | done", &["? A-WG4-TP8-002: done"]),
        ("No. 3 done", &["? 3 done"]),
        ("a) close A-WG4-TP8-002", &["? close A-WG4-TP8-002"]),
        ("=> close A-WG4-TP8-002", &["? close A-WG4-TP8-002"]),
        ("[x] done A-WG4-TP8-002", &["? done A-WG4-TP8-002"]),
        ("And set A-WG4-TP8-002 to ongoing.", &["? A-WG4-TP8-002: ongoing"]),
        ("add member Kim, CATT, kim@example.org", &["? member Kim, CATT, kim@example.org"]),
        ("remove member kim@example.org", &["? member kim@example.org left"]),
        ("new action Lead Gemalto: Align it", &["? action Lead Gemalto: Align it"]),
    ];
    for addressed in [Addressed::Bot, Addressed::BotAlone] {
        for (text, expected) in cases {
            let scheme = ReferenceScheme::default();
            let around =
                Around { scheme: &scheme, addressed, subject: "", today: jiff::civil::date(2014, 5, 1), quoted: &[] };
            let parsed = parse(text, &around);
            let meant = parsed.lines.iter().map(|line| match &line.command {
                Err(why) if why.key == "line-near-miss" => format!("? {}", why.arguments[0].1),
                other => format!("{other:?}"),
            });
            assert_eq!(meant.collect::<Vec<_>>(), *expected, "{text:?}, {addressed:?}");
        }
    }
}

#[test]
fn a_contribution_is_registered_for_an_agenda_item_and_a_deliverable() {
    check(&[
        ("register SEC-2014-0300 \"Threats\" for 7.1", &["register SEC-2014-0300 Threats for 7.1"]),
        ("register SEC-2014-0300 \"Threats\" for TS-0003", &["register SEC-2014-0300 Threats for - for TS-0003"]),
        (
            "register SEC-2014-0300 \"Threats\" for 7.1, ts 0003",
            &["register SEC-2014-0300 Threats for 7.1 for TS-0003"],
        ),
        (
            "register SEC-2014-0300 \"Threats\" for TS-0003 and item 7.1",
            &["register SEC-2014-0300 Threats for 7.1 for TS-0003"],
        ),
        (
            "register SEC-2014-0300 \"Threats\" for agenda item 7.1 for TS-0003",
            &["register SEC-2014-0300 Threats for 7.1 for TS-0003"],
        ),
        ("register SEC-2014-0300 \"Threats\" for 7.1 and 7.2", &["! doubtful-tail"]),
        ("register SEC-2014-0300 \"Threats\" for SEC-2014-0243", &["! doubtful-tail"]),
        ("register SEC-2014-0300 \"Threats\" 7.1", &["! doubtful-tail"]),
        ("register SEC-2014-0300 \"Threats\" for", &["! doubtful-tail"]),
    ]);
}

#[test]
fn a_misspelled_or_misnamed_word_of_a_later_command_is_never_met_with_silence() {
    let named: &[(&str, &[&str])] = &[
        ("approve SEC-2014-0239R01", &["! approve"]),
        ("aprove SEC-2014-0239R01", &["! approve"]),
        ("approve minutes SEC#9", &["! approve"]),
        ("approve SEC-2014-0239R01 until 2 June", &["! near-miss"]),
        ("open approval SEC-2014-0239R01 until 2 June", &["! near-miss"]),
        ("oppen approval SEC-2014-0239R01 until 2 June", &["! near-miss"]),
        ("aproval SEC-2014-0239R01 until 2 June", &["! near-miss"]),
        ("oppen approval SEC-2014-0239R01", &["! not-whole"]),
        ("objct to SEC-2014-0239R01 because it is early", &["! near-miss"]),
        ("ratfy SEC-2014-0239R01", &["! near-miss"]),
        ("attendng SEC#11", &["! near-miss"]),
        ("regret SEC#11", &["! near-miss"]),
        ("remote-ly SEC#11", &["! near-miss"]),
        ("cancel approval SEC-2014-0239R01", &["! cancel-approval"]),
    ];
    let marked: Vec<(String, &[&str])> = named.iter().map(|(text, told)| (format!("#{text}"), *told)).collect();
    let marked: Vec<(&str, &[&str])> = marked.iter().map(|(text, told)| (text.as_str(), *told)).collect();
    check_in(Addressed::Bot, named);
    check_in(Addressed::BotAlone, named);
    check_in(Addressed::List, &marked);
    let alone: &[(&str, &[&str])] = &[
        ("approve", &["! approve"]),
        ("objct", &["! near-miss"]),
        ("objct because it is early", &["! near-miss"]),
        ("ratfy", &["! near-miss"]),
        ("attendng", &["! near-miss"]),
        ("regret", &["! near-miss"]),
        ("remote-ly", &["! near-miss"]),
        ("schedul", &["! schedule"]),
        ("schedule a call on 2 June at 14:00", &["! schedule"]),
        ("schedul SEC#11 2014-06-09", &["! schedule"]),
        ("cancel approval", &["! cancel-approval"]),
        ("cancel session", &["! cancel-session"]),
    ];
    let marked: Vec<(String, &[&str])> = alone.iter().map(|(text, told)| (format!("#{text}"), *told)).collect();
    let marked: Vec<(&str, &[&str])> = marked.iter().map(|(text, told)| (text.as_str(), *told)).collect();
    check_in(Addressed::BotAlone, alone);
    check_in(Addressed::List, &marked);
    check_in(
        Addressed::Bot,
        &[
            ("Approve it when you can.", &[]),
            ("Schedule for next week attached", &[]),
            ("Open approvals are listed below", &[]),
            ("We regret to inform you", &[]),
        ],
    );
}

#[test]
fn a_line_that_begins_like_a_command_is_answered() {
    let among_people: &[(&str, &[&str])] = &[
        ("close 003", &["! not-whole"]),
        ("close 003 as all of it is in the TS now", &["! not-whole"]),
        ("extend 003 to TP11", &["! not-whole"]),
        ("due A-WG4-TP8-002 13/05/2014", &["! date-form"]),
        ("due A-WG4-TP8-002 2014/06/09", &["! date-form"]),
    ];
    check(among_people);
    check_in(Addressed::Bot, among_people);
    let alone: &[(&str, &[&str])] = &[
        ("clsoe 003", &["! not-whole"]),
        ("member A, B", &["! not-whole"]),
        ("member Bad, Gemalto, notanaddress", &["! not-whole"]),
        ("action Gemalto", &["! not-whole"]),
        ("action: Do x", &["! not-whole"]),
        ("action Do x", &["! not-whole"]),
        ("list everything", &["! not-whole"]),
        ("list mine from yesterday", &["! not-whole"]),
        ("list mine from 0", &["! not-whole"]),
        ("help wanted", &["! near-miss"]),
        ("digest weekly", &["! not-whole"]),
        ("role secretary kim@example.org", &["! not-whole"]),
        ("A-WG4-TP8-002 resolved", &["! missing-command"]),
        ("A-WG4-TP8-002: all is written", &["! missing-command"]),
        ("2 ok", &["! row-word"]),
        ("delete A-WG4-TP8-002", &["! missing-command"]),
        ("new deadline A-WG4-TP8-002 2014-06-09", &["! missing-command"]),
        ("change owner of A-WG4-TP8-002 to Gemalto", &["! missing-command"]),
        ("A-WG4-TP8-002 | ongoing | 2014-06-09", &["! missing-command"]),
        ("3 nearly there", &["! missing-command"]),
        ("2 not yet", &["! missing-command"]),
        ("done all", &["! not-whole"]),
        ("accept all", &["! not-whole"]),
        ("all done", &["! not-whole"]),
        ("list my overdue", &["! not-whole"]),
        ("action for Gemalto: check it", &["! not-whole"]),
        ("AI Gemalto: check it", &["! near-miss"]),
        ("show mine", &["! near-miss"]),
        ("Done:", &["! missing-reference"]),
    ];
    check(alone);
    let marked: Vec<(String, &[&str])> = alone.iter().map(|(text, why)| (format!("#{text}"), *why)).collect();
    let marked: Vec<(&str, &[&str])> = marked.iter().map(|(text, why)| (text.as_str(), *why)).collect();
    check_in(Addressed::List, &marked);
}

#[test]
fn a_command_that_names_nothing_below_text_that_does_is_doubtful() {
    check(&[
        ("A-WG4-TP8-003\ndone", &["! doubtful-which"]),
        ("For A-WG4-TP8-003:\n\nclose", &["! doubtful-which"]),
        ("A-WG4-TP8-003:\n- done\n- note waiting for LG", &["! doubtful-which", "! doubtful-which"]),
        ("done A-WG4-TP8-003\nnote waiting for LG", &["done A-WG4-TP8-003", "note _: waiting for LG"]),
        ("A-WG4-TP8-003 first:\n1 done\nstatus", &["done 1", "status"]),
    ]);
}

#[test]
fn a_numbered_list_may_ask() {
    check(&[
        ("1. list mine\n2. status A-WG4-TP8-003\n3) help done", &["list mine", "status A-WG4-TP8-003", "help done"]),
        ("4. Opening\n5. Status\n6. List", &[]),
    ]);
}

#[test]
fn a_dry_run_is_asked_for_by_a_line_of_its_own() {
    let scheme = ReferenceScheme::default();
    let around = Around {
        scheme: &scheme,
        addressed: Addressed::Bot,
        subject: "",
        today: jiff::civil::date(2014, 5, 1),
        quoted: &[],
    };
    for (text, dry) in [
        ("dry-run\ndone A-WG4-TP8-001", true),
        ("\nDry run.\ndone A-WG4-TP8-001", true),
        ("Hello,\n\ndry-run\ndone A-WG4-TP8-001", true),
        ("dryrun:\ndone A-WG4-TP8-001", true),
        ("dry-runn\ndone A-WG4-TP8-001", true),
        ("dry-run = yes\ndone A-WG4-TP8-001", true),
        ("done A-WG4-TP8-001\ndry-run", true),
        ("drry-run\ndone A-WG4-TP8-001", true),
        ("dru-run\ndone A-WG4-TP8-001", true),
        ("Dry run only:\ndone A-WG4-TP8-001", true),
        ("Dry-run, please\ndone A-WG4-TP8-001", true),
        ("The dry run of the test bed is on Monday.\n\ndone A-WG4-TP8-001", false),
        ("A dry-run would be good.\n\ndone A-WG4-TP8-001", false),
        ("dry ink\ndone A-WG4-TP8-001", false),
    ] {
        let parsed = parse(text, &around);
        assert_eq!((parsed.dry_run, parsed.lines.len()), (dry, 1), "{text}");
    }
}

#[test]
fn a_subject_is_read_where_the_body_is_empty() {
    let of_subject = |subject, text| read_in(Addressed::BotAlone, subject, text);
    assert_eq!(of_subject("Re: [WG4] close A-WG4-TP8-001", " \n"), ["done A-WG4-TP8-001"]);
    assert_eq!(of_subject("close A-WG4-TP8-001", "Hello"), [] as [&str; 0]);
    assert_eq!(of_subject("Minutes of SEC#10", ""), [] as [&str; 0]);
    assert_eq!(read_in(Addressed::List, "close A-WG4-TP8-001", ""), [] as [&str; 0]);
    assert_eq!(read_in(Addressed::List, "[WG4] #close A-WG4-TP8-001", ""), ["done A-WG4-TP8-001"]);
}

#[test]
fn the_fifty_first_command_is_refused() {
    let text: String = (1..=60).map(|number| format!("done A-WG4-TP8-{number:03}\n")).collect();
    let read = read_in(Addressed::Bot, "", &text);
    assert_eq!(read.len(), 60);
    assert_eq!((read[49].as_str(), read[50].as_str()), ("done A-WG4-TP8-050", "! too-many"));
}

#[test]
fn short_references_are_completed_from_their_context() {
    let read = |subject, text| read_in(Addressed::Bot, subject, text);
    assert_eq!(read("", "About SEC-2014-0240:\nwithdraw 0243R02"), ["withdraw SEC-2014-0243R02"]);
    assert_eq!(read("", "About SEC-2014-0240:\n\nwithdraw 0243R02"), ["withdraw 0243R02"]);
    assert_eq!(read("Re: SEC-2014-0243R01", "withdraw 0243R02"), ["withdraw SEC-2014-0243R02"]);
    assert_eq!(read("Re: SEC-2014-0243R01", "R02 agreed"), ["decide SEC-2014-0243R02: agreed"]);
    assert_eq!(read("Re: SEC-2014-0243R01", "R02 agreed\nand SEC-2014-0250"), ["decide R02: agreed"]);
    assert_eq!(read("SEC-2014-0243 and PRO-2014-0159", "R02 agreed"), ["decide R02: agreed"]);
    assert_eq!(read("", "SEC-2014-0243R01 was shown.\nR02 agreed"), ["decide R02: agreed"]);
}

fn mentioned(subject: &str, text: &str) -> String {
    let scheme = ReferenceScheme::default();
    let around = Around {
        scheme: &scheme,
        addressed: Addressed::List,
        subject,
        today: jiff::civil::date(2014, 5, 1),
        quoted: &[],
    };
    parse(text, &around).mentions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn mentions_are_given_once_in_order_and_completed() {
    assert_eq!(mentioned("Re: SEC-2014-0243", "R02 is out"), "SEC-2014-0243 SEC-2014-0243R02");
    assert_eq!(
        mentioned("", "SEC-2014-0243 is old.\nR02 is out, see 0250."),
        "SEC-2014-0243 SEC-2014-0243R02 SEC-2014-0250"
    );
    assert_eq!(mentioned("", "SEC-2014-0243 is old.\n\nR02 is out"), "SEC-2014-0243 R02");
    assert_eq!(mentioned("", "R02 of SEC-2014-0243"), "SEC-2014-0243R02 SEC-2014-0243");
    assert_eq!(mentioned("", "SEC-2014-0243 PRO-2014-0159 0243R02"), "SEC-2014-0243 PRO-2014-0159 SEC-2014-0243R02");
    assert_eq!(mentioned("", "SEC-2014-0243\nSEC-2014-0243"), "SEC-2014-0243");
    assert_eq!(mentioned("", "A-WG4-TP8-001 and S3-140123"), "A-WG4-TP8-001 S3-140123");
}

#[test]
fn hostile_texts_are_read_in_linear_time() {
    let pieces = [
        "1. ",
        "thanks, ",
        "done (",
        "SEC-2014-0001 to 0050, ",
        "close A-WG4-TP8-001, ",
        "see ",
        "not ",
        "1,",
        "((",
        "due 2 ",
        "draft-a",
        "A-WG4-TP8-001\n",
        "close\n",
        "1 done\n",
        "\u{AD}\n",
        "R02\n\n",
    ];
    let time = |size: usize| {
        let begun = std::time::Instant::now();
        for piece in pieces {
            let text = piece.repeat(size / piece.len());
            let _ = read_in(Addressed::BotAlone, &text, &text);
        }
        begun.elapsed().as_secs_f64()
    };
    // Four times the text takes four times as long; a quadratic reader would need sixteen times.
    let (small, large) = (time(4_000), time(16_000));
    assert!(large < 10.0 * small, "{small} s, then {large} s");
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn item() -> impl Strategy<Value = String> {
        prop_oneof![
            (1u16..100, 1u16..1000).prop_map(|(plenary, number)| format!("A-WG4-TP{plenary}-{number:03}")),
            (1u16..1000).prop_map(|number| format!("P-WG4-{number:03}")),
            (1u16..1000).prop_map(|row| row.to_string()),
        ]
    }

    fn command() -> impl Strategy<Value = String> {
        let words = "[A-Z][a-z]{3,9}( [a-z]{3,9}){0,5}";
        let date = (2014i16..2030, 1i8..13, 1i8..29).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}"));
        let until = prop_oneof![
            date,
            (1u16..100).prop_map(|number| format!("TP{number}")),
            (1u16..100).prop_map(|number| format!("SEC#{number}.0")),
        ];
        let verb = prop::sample::select(vec![
            "done", "confirm", "reopen", "ongoing", "cancel", "accept", "reject", "history", "status",
        ]);
        prop_oneof![
            (verb, item()).prop_map(|(verb, item)| format!("{verb} {item}")),
            (item(), words).prop_map(|(item, text)| format!("done {item} because {text}")),
            (item(), words).prop_map(|(item, text)| format!("note {item}: {text}")),
            (item(), words).prop_map(|(item, text)| format!("what {item}: {text}")),
            (item(), until.clone()).prop_map(|(item, until)| format!("due {item} {until}")),
            (item(), until.clone()).prop_map(|(item, until)| format!("extend {item} {until}")),
            (item(), "[A-Z][a-z]{3,9}", "[A-Z][a-z]{3,9}")
                .prop_map(|(item, a, b)| format!("assign {item} to Lead {a}, {b}")),
            ("[A-Z][a-z]{3,9}", words, until)
                .prop_map(|(who, what, due)| format!("action Lead {who}: {what} due {due}")),
            (item(), prop::sample::select(vec!["high", "medium", "low", "none"]))
                .prop_map(|(item, p)| format!("priority {item} {p}")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_command_in_its_own_syntax_reads_back(command in command(), dot in any::<bool>(), upper in any::<bool>()) {
            let read = read_in(Addressed::Bot, "", &command);
            prop_assert_eq!(&read, &vec![command.clone()]);
            let verb = command.split(' ').next().unwrap_or_default();
            let free = matches!(verb, "note" | "what" | "action");
            let mut variant = command.clone();
            if upper {
                variant = variant.replacen(verb, &verb.to_uppercase(), 1);
            }
            if dot && !free {
                variant.push('.');
            }
            prop_assert_eq!(read_in(Addressed::List, "", &format!("#{variant}")), vec![command]);
        }

        #[test]
        fn control_characters_in_a_text_change_nothing(
            command in command(),
            marks in prop::collection::vec((any::<prop::sample::Index>(), "[\u{1}-\u{8}\u{e}-\u{1f}\u{7f}]"), 1..5),
        ) {
            let text = format!("Hello,\n\n{command}\n- {command}\nThat is all.");
            let mut written = text.clone();
            for (at, mark) in marks {
                written.insert_str(at.index(text.len()), &mark);
            }
            let scheme = ReferenceScheme::default();
            let today = jiff::civil::date(2014, 5, 1);
            let around = Around { scheme: &scheme, addressed: Addressed::Bot, subject: "", today, quoted: &[] };
            prop_assert_eq!(parse(&written, &around), parse(&text, &around));
        }

        #[test]
        fn a_command_inside_prose_never_acts(
            command in command(),
            before in prop::sample::select(vec!["I think we may ", "Yesterday he said: ", "As to the minutes, ", "\u{201C}", "Kim wrote "]),
            after in prop::sample::select(vec!["", ", I guess", "\u{201D}", " and so on"]),
        ) {
            for addressed in [Addressed::Bot, Addressed::BotAlone, Addressed::ListReply, Addressed::List] {
                let read = read_in(addressed, "", &format!("{before}{command}{after}"));
                prop_assert!(read.iter().all(|line| line.starts_with('!')), "{:?}", read);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>(), subject in any::<String>()) {
            for addressed in [Addressed::BotAlone, Addressed::List] {
                let _ = read_in(addressed, &subject, &text);
            }
        }

        #[test]
        fn any_text_of_pieces_is_read_without_a_panic(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "done", "note", "due", "action", "Lead", ":", " ", "\n", "A-WG4-TP8-003", "SEC-2014-0243R01", "0243", "R02",
                "1", "-", "3", ",", "and", "(", ")", ";", "because", "?", "2 June", "4/5", "SEC#11", "#", "member",
                "kim@example.org", "thanks", "\u{E9}", "\u{1F44D}", "not", "will", "clsoe", "confirm", "\"", ".", "to",
                "the quick brown fox jumps over the lazy dog again and again and again",
            ]), 0..40),
        ) {
            for addressed in [Addressed::BotAlone, Addressed::Bot, Addressed::ListReply, Addressed::List] {
                let _ = read_in(addressed, &pieces.concat(), "");
                let _ = read_in(addressed, "", &pieces.concat());
            }
        }
    }
}

#[test]
fn meetings_are_planned_moved_and_called_off() {
    check(&[
        ("meeting SEC#11 9 June 2014", &["meeting SEC#11.0 2014-06-09"]),
        (
            "Meeting SEC#11 (TP11): 2014-06-09 - 2014-06-13, Sophia Antipolis, France; deadline: 2 June 2014",
            &["meeting SEC#11.0 (TP11) 2014-06-09 to 2014-06-13 in Sophia Antipolis, France deadline 2014-06-02"],
        ),
        (
            "meeting SEC#11 in TP11 from 2014-06-09 to 2014-06-13 in Berlin",
            &["meeting SEC#11.0 (TP11) 2014-06-09 to 2014-06-13 in Berlin"],
        ),
        ("meeting SEC#11 deadline 2014-06-02", &["meeting SEC#11.0 deadline 2014-06-02"]),
        ("meeting TP11 2014-06-09", &["meeting TP11 2014-06-09"]),
        ("meeting SEC#11 2014-06-09 is cancelled", &["! doubtful-tail"]),
        ("meeting SEC#11 2014-06-09 moved to Berlin", &["! doubtful-tail"]),
        ("meeting SEC#11 2014-06-09 to be confirmed", &["! doubtful-tail"]),
        ("meeting SEC#11 2014-06-09 to 2014-06-13 or 2014-06-16", &["! doubtful-tail"]),
        ("meeting SEC#11 2014-06-09 Berlin 9 to 13 June", &["! doubtful-tail"]),
        ("meeting SEC#11 2014-06-09?", &["! doubtful-question"]),
        ("meeting SEC#11 9/6/2014", &["! date-ambiguous"]),
        ("meeting SEC#11", &["! missing-date"]),
        ("meeting SEC#11 was good", &["! not-whole"]),
        ("session S1 SEC#11 2014-06-09 9:00-10:15", &["session S1 SEC#11.0 2014-06-09 09:00:00-10:15:00 -"]),
        (
            "session s2 of SEC#11 on 10 June 2014, 09:00 to 10:15: TS-0003, part 2",
            &["session S2 SEC#11.0 2014-06-10 09:00:00-10:15:00 TS-0003, part 2"],
        ),
        ("session S1 SEC#11 2014-06-09 10:15-09:00", &["! session-time"]),
        ("session S1 SEC#11 2014-06-09 9-10", &["! session-time"]),
        ("session S1 SEC#11 2014-06-09", &["! session-time"]),
        ("cancel session S1 SEC#11", &["cancel session S1 SEC#11.0"]),
        ("cancel the session s1 of SEC#11, thanks!", &["cancel session S1 SEC#11.0"]),
        ("cancel session S1", &["! cancel-session"]),
        ("cancel session S1 on Tuesday", &["! cancel-session"]),
        ("cancel session S1 SEC#11?", &["! doubtful-question"]),
        ("cancel SEC#11", &["cancel meeting SEC#11.0"]),
        ("cancel SEC#11 please", &["cancel meeting SEC#11.0"]),
        ("meeting 15 2014-10-01 to 2014-10-02 Paris", &["! not-whole"]),
        ("session S1 2014-04-09 09:00-10:00", &["! not-whole"]),
        ("register", &["! not-whole"]),
        ("will cancel SEC#11", &["! doubtful-future"]),
    ]);
}

#[test]
fn a_line_that_is_far_too_long_is_not_kept() {
    check(&[
        (&format!("note A-WG4-TP8-001 {}", "x".repeat(5000)), &["! too-long"]),
        (&format!("note A-WG4-TP8-001\n{}", "a word ".repeat(1000)), &["! too-long"]),
    ]);
}
