//! Cut off or killed in the midst of a mail: nothing is lost, and nothing is done twice.

use super::{at, each_counts_once, remark, site};
use crate::harness::{Dovecot, Proxy, Then, wait_until};

#[test]
fn a_connection_that_breaks_inside_a_mail_loses_none() {
    const REMARKS: usize = 30;
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    (0..REMARKS).for_each(|number| dovecot.delivers(&remark(number)));
    // The dialogue before the mails takes about 3,000 bytes, and a mail about 600 with what is added to it.
    for bytes in [500, 1_500, 4_000, 7_000, 12_000, 16_000] {
        proxy.after(bytes, Then::Breaks);
        let said = site.fails(&["run", "--once"]);
        assert!(said.contains("ended the connection"), "{said}");
    }
    proxy.heals();
    site.succeeds(&["run", "--once"]);
    each_counts_once(&site, REMARKS);
}

#[test]
fn a_kill_inside_a_mail_loses_nothing_and_does_nothing_twice() {
    const REMARKS: usize = 600;
    let dovecot = Dovecot::start();
    let proxy = Proxy::to(dovecot.imap_port());
    let site = site(&at(&dovecot, proxy.port(), "plain"));
    let mails: Vec<Vec<u8>> = (0..REMARKS).map(remark).collect();
    dovecot.delivers_all(&mails.iter().map(Vec::as_slice).collect::<Vec<_>>());
    // Of some 40 kB for the list and 400 kB for the mails: within each of the three batches.
    for bytes in [80_000, 200_000, 150_000, 100_000] {
        let before = proxy.came();
        proxy.after(bytes, Then::Stalls);
        let daemon = site.starts();
        wait_until("it waits inside a mail", || {
            let came = proxy.came();
            std::thread::sleep(std::time::Duration::from_millis(150));
            came > before + 2_000 && proxy.came() == came
        });
        daemon.ends_killed();
    }
    proxy.heals();
    site.succeeds(&["run", "--once"]);
    // One that was being read at two kills looks like the reason of them. It is held, not lost.
    for (number, reason) in site.held() {
        assert!(reason.contains("not read: the program stopped 2 times"), "{reason}");
        site.succeeds(&["quarantine", "retry", &number.to_string()]);
    }
    site.succeeds(&["run", "--once"]);
    each_counts_once(&site, REMARKS);
}
