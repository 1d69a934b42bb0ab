//! The program as it runs: killed at any moment, started twice, stopped, idle, with several
//! processes at once. What holds afterwards is looked up in its database and its Maildirs.

mod chance;
mod digest;
mod forget;
mod page;
mod reread;
mod retention;
mod site;
mod stopped;
mod year;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use chance::Chance;
use site::{Mail, Site, wait_until};

/// A mail with one command that nobody else gives, so that it can be counted.
fn remark(number: usize) -> Mail {
    Mail {
        id: format!("remark-{number:04}@example.org"),
        from: ["chair", "secretary", "vice-chair", "member-qualcomm"][number % 4].to_owned(),
        text: format!("note A-WG4-TP8-005: remark {number:04}"),
    }
}

/// Asserts that every remark was noted once and answered once, and that nothing is left.
fn each_counts_once(site: &Site, remarks: usize) {
    let expected: Vec<String> = (0..remarks).map(|number| format!("remark {number:04}")).collect();
    let mut noted = site.notes("A-WG4-TP8-005");
    noted.sort_unstable();
    assert_eq!(noted, expected, "every command acts once");
    let mut answered: BTreeMap<String, usize> = BTreeMap::new();
    for answer in site.answers() {
        *answered.entry(answer).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> = (0..remarks).map(|number| (remark(number).id, 1)).collect();
    assert_eq!(answered, expected, "every mail is answered once");
    let left = fs::read_dir(site.path("mail/in/new")).expect("the mailbox").count();
    assert_eq!(left, 0, "every mail was settled");
    let written = fs::read_dir(site.path("mail/in/cur")).expect("the mailbox").count();
    assert_eq!(written, remarks, "no mail is lost");
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_does_nothing_twice() {
    const REMARKS: usize = 300;
    const KILLS: usize = 24;
    let mut chance = Chance::seeded("MINUTED_SEED");
    let site = Site::new();
    let mut given = 0;
    let mut killed = 0;
    for round in 0..KILLS {
        // Some before the start, some while it runs.
        let until = REMARKS * (round + 1) / KILLS;
        let before = given + chance.below(until - given + 1);
        (given..before).for_each(|number| site.receives(&remark(number)));
        let mut running = site.start(&["run", "--once"]);
        (before..until).for_each(|number| site.receives(&remark(number)));
        given = until;
        let sent = site.answers_so_far();
        let settled = site.settled_so_far();
        let more = chance.below(12) + 1;
        // At a moment of the clock, in the middle of delivery, or while files are moved.
        match chance.below(3) {
            0 => std::thread::sleep(Duration::from_millis(chance.below(400) as u64)),
            1 => running.wait_while(|| site.answers_so_far() < sent + more),
            _ => running.wait_while(|| site.settled_so_far() < settled + more),
        }
        killed += usize::from(running.kill());
    }
    eprintln!("{killed} of {KILLS} were killed while they ran");
    assert!(killed > KILLS / 4, "the kills came too late to mean anything");
    site.succeeds(&["run", "--once"]);
    // One that was being read at two kills looks like the reason of them. It is held, not lost.
    let held = site.held();
    eprintln!("{} of {REMARKS} mails are held", held.len());
    for (number, reason) in held {
        assert!(reason.contains("not read: the program stopped 2 times"), "{reason}");
        site.succeeds(&["quarantine", "retry", &number.to_string()]);
    }
    site.succeeds(&["run", "--once"]);
    each_counts_once(&site, REMARKS);
}

#[test]
fn an_intake_that_is_killed_is_taken_up_again() {
    const REMARKS: usize = 200;
    let mut chance = Chance::seeded("MINUTED_SEED");
    let site = Site::new();
    let archive = site.path("archive");
    fs::create_dir(&archive).expect("a folder");
    for number in 0..REMARKS {
        fs::write(archive.join(format!("{number:04}.eml")), remark(number).raw()).expect("a mail");
    }
    let archive = archive.to_str().expect("a path");
    for _ in 0..8 {
        let mut running = site.start(&["ingest", "--live", archive]);
        std::thread::sleep(Duration::from_millis(10 + chance.below(500) as u64));
        running.kill();
    }
    site.succeeds(&["ingest", "--live", archive]);
    for (number, _) in site.held() {
        site.succeeds(&["quarantine", "retry", &number.to_string()]);
    }
    site.succeeds(&["run", "--once"]);
    // Nothing came by the mailbox.
    let mut noted = site.notes("A-WG4-TP8-005");
    noted.sort_unstable();
    assert_eq!(noted, (0..REMARKS).map(|number| format!("remark {number:04}")).collect::<Vec<_>>());
    let mut answered = site.answers();
    answered.sort_unstable();
    assert_eq!(answered, (0..REMARKS).map(|number| remark(number).id).collect::<Vec<_>>());
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn many_processes_at_once_read_every_mail_once() {
    const PROCESSES: usize = 6;
    const EACH: usize = 4;
    let site = Site::new();
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    let pipes: Vec<_> = (0..PROCESSES)
        .map(|process| {
            let site = site.clone();
            std::thread::spawn(move || {
                for mail in 0..EACH {
                    site.pipes(&remark(process * EACH + mail));
                }
            })
        })
        .collect();
    pipes.into_iter().for_each(|pipe| pipe.join().expect("a mail server's pipe"));
    wait_until("every mail is answered", || site.answers_so_far() == PROCESSES * EACH);
    daemon.stops_when_told();
    assert_eq!(site.held(), Vec::<(i64, String)>::new(), "none is taken for one that stops the program");
    let mut noted = site.notes("A-WG4-TP8-005");
    noted.sort_unstable();
    assert_eq!(noted, (0..PROCESSES * EACH).map(|number| format!("remark {number:04}")).collect::<Vec<_>>());
    site.succeeds(&["rebuild", "--check"]);
}

#[test]
fn a_second_daemon_refuses_to_start_and_a_killed_one_is_not_in_the_way() {
    let site = Site::new();
    let mut first = site.start(&["run"]);
    first.is_ready();
    let said = site.fails(&["run"]);
    assert!(said.contains("another minuted runs on"), "{said}");
    let said = site.fails(&["run", "--once"]);
    assert!(said.contains("another minuted runs on"), "{said}");
    assert!(first.kill());
    let second = site.start(&["run"]);
    second.is_ready();
    second.stops_when_told();
}

#[test]
fn a_mail_is_answered_while_the_daemon_runs() {
    let site = Site::new();
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    // The sweep is minutes away: the file itself must wake it.
    site.receives(&remark(0));
    wait_until("the mail is answered", || site.answers_so_far() == 1);
    // So must another process that took a mail in.
    site.pipes(&remark(1));
    wait_until("the piped mail is answered", || site.answers_so_far() == 2);
    daemon.stops_when_told();
}

#[test]
fn systemd_is_told_when_it_runs_and_when_it_stops() {
    let site = Site::new();
    let path = site.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
    let hear = || {
        let mut said = [0; 256];
        let length = socket.recv(&mut said).expect("what it says");
        String::from_utf8_lossy(&said[..length]).trim().to_owned()
    };
    let daemon = site.start_as_service(&path);
    assert_eq!(hear(), "READY=1");
    daemon.is_ready();
    daemon.stops_when_told();
    assert_eq!(hear(), "STOPPING=1");
}

#[test]
fn a_group_whose_mailbox_is_gone_is_not_in_the_way_of_others() {
    let site = Site::new();
    site.serves_another_group();
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    fs::rename(site.path("mail/in"), site.path("mail/elsewhere")).expect("moving the mailbox away");
    site.another_group_receives(&Mail { text: "#list members".to_owned(), ..remark(0) });
    wait_until("the other group's mail is answered", || site.answers_of_another_group() == 1);
    fs::rename(site.path("mail/elsewhere"), site.path("mail/in")).expect("moving it back");
    daemon.stops_when_told();
    site.receives(&remark(1));
    site.succeeds(&["run", "--once"]);
    assert_eq!(site.answers_so_far(), 1);
}

#[test]
fn an_idle_daemon_sleeps() {
    let site = Site::new();
    site.receives(&remark(0));
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    wait_until("the mail is answered", || site.answers_so_far() == 1);
    daemon.sleeps();
    daemon.stops_when_told();
}

#[test]
fn a_daemon_with_much_to_do_stops_when_told_and_goes_on_later() {
    const REMARKS: usize = 600;
    let site = Site::new();
    (0..REMARKS).for_each(|number| site.receives(&remark(number)));
    let daemon = site.start(&["run"]);
    wait_until("it is at work", || site.answers_so_far() > 0 || site.settled_so_far() > 0 || daemon.is_working());
    daemon.stops_when_told();
    site.succeeds(&["run", "--once"]);
    assert_eq!(site.held(), Vec::<(i64, String)>::new());
    each_counts_once(&site, REMARKS);
}

#[test]
fn a_mail_whose_effect_the_database_refuses_is_held_alone() {
    let site = Site::new();
    site.succeeds(&["run", "--once"]);
    site.refuses_receipts_of("secretary@example.org");
    (0..8).for_each(|number| site.receives(&remark(number)));
    site.succeeds(&["run", "--once"]);
    let reasons: Vec<String> = site.held().into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons.iter().all(|reason| reason.contains("no more of these")), "{reasons:?}");
    let mut noted = site.notes("A-WG4-TP8-005");
    noted.sort_unstable();
    let others = [0, 2, 3, 4, 6, 7].map(|number| format!("remark {number:04}"));
    assert_eq!((noted, site.answers().len()), (others.to_vec(), 6));
}

#[test]
fn a_mail_that_stops_the_program_is_put_aside_unread_and_the_next_one_goes_on() {
    let site = Site::new();
    site.allows("message_bytes", "256 MiB");
    // How much memory the program needs for mails of people.
    site.receives(&remark(0));
    let daemon = site.start(&["run"]);
    daemon.is_ready();
    wait_until("the mail is answered", || site.answers_so_far() == 1);
    let usual = daemon.peak_kib();
    daemon.stops_when_told();
    // Taken in by a process that has more: its bytes alone are more than is left.
    site.takes_in(&[remark(1).raw(), site::huge(), remark(2).raw()]);
    let limit = usual + 64 * 1024;
    for _ in 0..2 {
        site.start_within(limit, &["run"]).runs_out_of_memory();
        assert_eq!(site.held(), Vec::<(i64, String)>::new(), "it was not sure yet that it is this mail");
    }
    let daemon = site.start_within(limit, &["run"]);
    wait_until("the next mail is answered", || site.answers_so_far() == 3);
    daemon.stops_when_told();
    let held = site.held();
    assert_eq!(held.len(), 1);
    assert!(held[0].1.contains("not read: the program stopped 2 times"), "{}", held[0].1);
    let mut noted = site.notes("A-WG4-TP8-005");
    noted.sort_unstable();
    assert_eq!(noted, ["remark 0000", "remark 0001", "remark 0002"]);
    assert_eq!(site.answers_so_far(), 3);
    site.succeeds(&["rebuild", "--check"]);
}
