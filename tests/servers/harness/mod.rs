//! Servers for the tests: their packages, the user that they run as, their certificates, ports and
//! processes.

mod account;
mod certificates;
mod dovecot;
mod exim;
mod packages;
mod port;
mod process;
mod proxy;
mod site;
mod token;

pub use account::Account;
pub use certificates::{Authority, Identity};
pub use dovecot::{Dovecot, TOKEN_KEY};
pub use exim::{Exim, Manner, header};
pub use packages::Packages;
pub use port::free_port;
pub use process::Server;
pub use proxy::{Proxy, Then};
pub use site::Site;
pub use token::token;

use std::time::{Duration, Instant};

/// Far longer than anything here takes; only a failure comes to it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for something that happens soon.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "it never comes to that: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
