//! A way to a server that can be slow, stall, or break: what lies between two machines.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What happens to what the server says once so many bytes have come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing more comes; the connection stays.
    Stalls,
    /// The connection ends.
    Breaks,
}

/// Forwards connections to a port of this machine.
pub struct Proxy {
    port: u16,
    state: Arc<State>,
}

struct State {
    /// Bytes that came from the server, over all connections.
    came: AtomicU64,
    bound: Mutex<Option<(u64, Then)>>,
    over: AtomicBool,
}

impl Proxy {
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let state = Arc::new(State { came: AtomicU64::new(0), bound: Mutex::new(None), over: AtomicBool::new(false) });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(("127.0.0.1", target))) else { continue };
                let state = Arc::clone(&shared);
                let (from, to) = (client.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
                std::thread::spawn(move || pass(from, to, |_| true));
                std::thread::spawn(move || pass(server, client, |count| state.lets(count)));
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// After so many more bytes from the server, this happens, until it is [healed](Self::heals).
    pub fn after(&self, bytes: u64, then: Then) {
        *self.bound() = Some((self.came() + bytes, then));
    }

    /// All goes through again.
    pub fn heals(&self) {
        *self.bound() = None;
    }

    /// The bytes that came from the server.
    pub fn came(&self) -> u64 {
        self.state.came.load(Ordering::SeqCst)
    }

    fn bound(&self) -> std::sync::MutexGuard<'_, Option<(u64, Then)>> {
        self.state.bound.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        // The one who listens looks up.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl State {
    /// Whether these bytes of the server go through; waits while they stall.
    fn lets(&self, count: u64) -> bool {
        loop {
            let bound = *self.bound.lock().unwrap_or_else(PoisonError::into_inner);
            match bound {
                Some((most, then)) if self.came.load(Ordering::SeqCst) + count > most => match then {
                    Then::Breaks => return false,
                    Then::Stalls if self.over.load(Ordering::SeqCst) => return false,
                    Then::Stalls => std::thread::sleep(Duration::from_millis(5)),
                },
                _ => {
                    self.came.fetch_add(count, Ordering::SeqCst);
                    return true;
                }
            }
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut lets: impl FnMut(u64) -> bool) {
    let mut bytes = [0; 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if !lets(count as u64) || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
