//! A Dovecot of the test's own: IMAP with and without TLS, LMTP, passwords, and access tokens that it
//! checks itself.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Account, Authority, Identity, Packages, Server, free_port};

/// The user of every mailbox in the tests, and its password.
const USER: &str = "minuted@example.org";
const PASSWORD: &str = "mailbox-password";

/// The key that access tokens are signed with (HS256).
pub const TOKEN_KEY: &[u8] = b"a-key-of-the-tests-that-signs-tokens-000";

/// How often it is started with other ports before the test gives up.
const ATTEMPTS: usize = 5;

/// A server that runs, with its mail, in a folder of its own.
pub struct Dovecot {
    // The first to go: it needs its folder until its end.
    server: Option<Server>,
    folder: tempfile::TempDir,
    packages: Packages,
    authority: Authority,
    identity: Identity,
    extra: String,
    ports: Ports,
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    imap: u16,
    imaps: u16,
    lmtp: u16,
}

impl Dovecot {
    pub const USER: &str = USER;
    pub const PASSWORD: &str = PASSWORD;

    /// One with a certificate for `localhost` and 127.0.0.1, by an authority of its own.
    pub fn start() -> Self {
        Self::with("")
    }

    /// One with more lines in its configuration.
    pub fn with(extra: &str) -> Self {
        let packages = Packages::need(
            &["dovecot-imapd", "dovecot-lmtpd"],
            &["usr/sbin/dovecot", "usr/lib/dovecot/imap", "usr/lib/dovecot/lmtp"],
        );
        packages.moves("usr/lib/dovecot");
        let folder = tempfile::Builder::new().prefix("minuted-dovecot-").tempdir().expect("a temporary folder");
        let authority = Authority::new(&folder.path().join("tls"));
        let identity = authority.identity("server", &["localhost", "127.0.0.1"]);
        let extra = extra.to_owned();
        let ports = Ports { imap: 0, imaps: 0, lmtp: 0 };
        let mut dovecot = Self { server: None, folder, packages, authority, identity, extra, ports };
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            dovecot.ports = Ports { imap: free_port(), imaps: free_port(), lmtp: free_port() };
            match dovecot.try_start() {
                Ok(()) => return dovecot,
                Err(log) => said = log,
            }
        }
        panic!("Dovecot does not start: {said}");
    }

    /// Starts it again, in the same place and with the same ports.
    pub fn start_again(&mut self) {
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            match self.try_start() {
                Ok(()) => return,
                Err(log) => said = log,
            }
        }
        panic!("Dovecot does not start again: {said}");
    }

    /// Its user has another password from now on. It is of another length: Dovecot reads its passwords again
    /// where the file's second or size is another, and both writes may fall into one second.
    pub fn changes_password(&self, password: &str) {
        assert_ne!(password.len(), PASSWORD.len(), "the change would not be seen");
        fs::write(self.path("users"), format!("{USER}:{password}\n")).expect("writing passwords");
    }

    /// Stops it, and waits until it is gone.
    pub fn stop(&mut self) {
        self.server = None;
    }

    /// A certificate that is for other names than the server's is what it shows from the next start on.
    pub fn shows_a_certificate_for(&mut self, names: &[&str]) {
        self.identity = self.authority.identity("other", names);
    }

    pub fn imap_port(&self) -> u16 {
        self.ports.imap
    }

    pub fn imaps_port(&self) -> u16 {
        self.ports.imaps
    }

    pub fn lmtp_port(&self) -> u16 {
        self.ports.lmtp
    }

    /// The authority that its certificate is from.
    pub fn authority(&self) -> PathBuf {
        self.authority.certificate()
    }

    /// The Maildir of a user. What is to be in it from the start may be written before the first login.
    pub fn maildir(&self, user: &str) -> PathBuf {
        self.path("mail").join(user)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.path("dovecot.log")).unwrap_or_default()).into_owned()
    }

    /// Delivers a mail, as a mail server does, by LMTP.
    pub fn delivers(&self, raw: &[u8]) {
        self.delivers_all(&[raw]);
    }

    /// Delivers mails by one connection.
    pub fn delivers_all(&self, raws: &[&[u8]]) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.ports.lmtp)).expect("LMTP");
        let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
        let mut expect = |code: &str| loop {
            let mut line = String::new();
            answers.read_line(&mut line).expect("an answer");
            assert!(line.starts_with(code), "{line}");
            // A hyphen after the code: more lines follow.
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        };
        expect("220");
        stream.write_all(b"LHLO test.example.org\r\n").expect("writing");
        expect("250");
        for raw in raws {
            stream.write_all(b"MAIL FROM:<list-bounces@example.org>\r\n").expect("writing");
            expect("250");
            stream.write_all(format!("RCPT TO:<{USER}>\r\n").as_bytes()).expect("writing");
            expect("250");
            stream.write_all(b"DATA\r\n").expect("writing");
            expect("354");
            let mut data = Vec::with_capacity(raw.len() + 8);
            for line in raw.split_inclusive(|byte| *byte == b'\n') {
                if line.starts_with(b".") {
                    data.push(b'.');
                }
                data.extend_from_slice(line);
            }
            if !data.ends_with(b"\n") {
                data.extend_from_slice(b"\r\n");
            }
            data.extend_from_slice(b".\r\n");
            stream.write_all(&data).expect("writing");
            expect("250");
        }
        stream.write_all(b"QUIT\r\n").expect("writing");
    }

    /// Puts a mail into INBOX as it is, with a date of arrival, as IMAP writes one.
    pub fn holds(&self, raw: &[u8], arrived: &str) {
        self.holds_all(&[raw], arrived);
    }

    /// Puts mails into INBOX by one connection.
    pub fn holds_all(&self, raws: &[&[u8]], arrived: &str) {
        self.user_holds(USER, raws, arrived);
    }

    /// Puts mails into a user's INBOX by one connection, and gives their UIDVALIDITY and UID, `V/U`.
    pub fn user_holds(&self, user: &str, raws: &[&[u8]], arrived: &str) -> Vec<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.ports.imap)).expect("IMAP");
        let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
        let mut expect = |start: &str| loop {
            let mut line = String::new();
            assert!(answers.read_line(&mut line).expect("an answer") > 0, "it hung up before {start}");
            if line.starts_with(start) {
                return line;
            }
            assert!(!line.starts_with(&start[..2]) || start.starts_with('*'), "{line}");
        };
        expect("* OK");
        stream.write_all(format!("a LOGIN {user} {PASSWORD}\r\n").as_bytes()).expect("writing");
        expect("a OK");
        let mut held = Vec::with_capacity(raws.len());
        for raw in raws {
            let mut command = format!("b APPEND INBOX \"{arrived}\" {{{}+}}\r\n", raw.len()).into_bytes();
            command.extend_from_slice(raw);
            command.extend_from_slice(b"\r\n");
            stream.write_all(&command).expect("writing");
            let said = expect("b OK [APPENDUID ");
            let mut words = said.split(['[', ']', ' ']).skip_while(|word| *word != "APPENDUID").skip(1);
            let mut number = || words.next().unwrap_or_else(|| panic!("{said}"));
            held.push(format!("{}/{}", number(), number()));
        }
        stream.write_all(b"c LOGOUT\r\n").expect("writing");
        expect("c OK");
        held
    }

    /// Runs `doveadm`, and gives what it says.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let mut command = self.program("usr/bin/doveadm");
        // It asks the running server for its configuration.
        let output = command.arg("-c").arg(self.path("run/config")).args(arguments).output().expect("doveadm");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "doveadm {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The flags of the mails in a folder, in order of their UIDs.
    pub fn flags(&self, folder: &str) -> Vec<String> {
        self.flags_of(USER, folder)
    }

    /// The flags of the mails in a user's folder, in order of their UIDs.
    pub fn flags_of(&self, user: &str, folder: &str) -> Vec<String> {
        let found = self.doveadm(&["-f", "tab", "fetch", "-u", user, "flags", "mailbox", folder]);
        found.lines().skip(1).map(str::to_owned).collect()
    }

    fn program(&self, program: &str) -> Command {
        let mut command = Account::of_servers().command(self.packages.path(program));
        if self.packages.are_unpacked() {
            command.env("LD_LIBRARY_PATH", self.packages.libraries(&["usr/lib/dovecot"]));
        }
        command
    }

    fn try_start(&mut self) -> Result<(), String> {
        self.server = None;
        let configuration = self.configuration();
        fs::write(self.path("dovecot.conf"), configuration).expect("writing a configuration");
        fs::write(self.path("users"), format!("{USER}:{PASSWORD}\n")).expect("writing passwords");
        for folder in ["run", "state", "mail", "home", "keys/default/HS256"] {
            fs::create_dir_all(self.path(folder)).expect("a folder");
        }
        let key = data_encoding::BASE64.encode(TOKEN_KEY);
        fs::write(self.path("keys/default/HS256/default"), key).expect("writing a key");
        let tokens = format!(
            "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={}/keys/\n\
             username_attribute = email\nusername_format = %Lu\nscope =\n",
            self.folder.path().display()
        );
        fs::write(self.path("tokens.conf"), tokens).expect("writing a configuration");
        Account::of_servers().owns(self.folder.path());
        let mut command = if self.packages.are_unpacked() {
            // It would look for its reader of configurations where it was built to be.
            let mut command = self.program("usr/bin/doveconf");
            command.args(["-f", "service=master", "-m", "master"]).arg("-c").arg(self.path("dovecot.conf"));
            command.arg("-e").arg(self.packages.path("usr/sbin/dovecot"));
            command
        } else {
            self.program("usr/sbin/dovecot")
        };
        command.arg("-F").arg("-c").arg(self.path("dovecot.conf"));
        let mut server = Server::start(command);
        let end = Instant::now() + Duration::from_secs(20);
        while !self.answers() {
            if server.ended().is_some() || Instant::now() > end {
                return Err(self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.server = Some(server);
        Ok(())
    }

    /// Whether IMAP and LMTP greet.
    fn answers(&self) -> bool {
        [(self.ports.imap, "* OK"), (self.ports.lmtp, "220")].into_iter().all(|(port, greeting)| {
            let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with(greeting)
        })
    }

    fn configuration(&self) -> String {
        let Account { user, group, uid, gid, .. } = Account::of_servers();
        let at = self.folder.path().display();
        let mail = self.maildir("%u");
        let mail = mail.display();
        let Ports { imap, imaps, lmtp } = self.ports;
        let (certificate, key) = (self.identity.certificate.display(), self.identity.key.display());
        let mut text = format!(
            "protocols = imap lmtp
listen = 127.0.0.1
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/dovecot.log
instance_name = test
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
mail_location = maildir:{mail}
mail_attribute_dict =
mail_fsync = never
first_valid_uid = 1
mail_max_userip_connections = 50
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
postmaster_address = postmaster@example.org
hostname = mail.example.org
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {at}/tokens.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%Lu {at}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={at}/home/%Lu allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"
        );
        if self.packages.are_unpacked() {
            text.push_str("import_environment = LD_LIBRARY_PATH\n");
        }
        text.push_str(&self.extra);
        text
    }
}
