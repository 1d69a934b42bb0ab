//! minuted with real mail servers, private ones on free ports of the loopback interface: each test
//! starts its own in a temporary folder and stops it. What is needed of Debian's packages is
//! installed, or unpacked, once (`harness::packages`).

mod conversations;
mod harness;
mod imap;
mod smtp;
