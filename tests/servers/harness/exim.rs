//! An Exim of the test's own, which delivers into Maildirs, by LMTP, or to lists that mlmmj runs.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Account, Authority, Identity, Packages, Server, free_port, wait_until};

/// The user that may log in, and its password.
const USER: &str = "minuted@example.org";
const PASSWORD: &str = "submission-password";

/// How often it is started with other ports before the test gives up.
const ATTEMPTS: usize = 5;

/// What kind of server it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// It does not offer STARTTLS.
    pub without_starttls: bool,
    /// It takes mail of nobody who is not logged in.
    pub asks_for_login: bool,
    /// It thinks about each mail's content for so many seconds.
    pub slow: u32,
    /// Mail to the bot goes by LMTP to this port, rather than into a Maildir.
    pub bot_by_lmtp: Option<u16>,
    /// Mail to a list goes by LMTP to this port, where its manager listens: the list's local part, and the port.
    pub list_by_lmtp: Option<(&'static str, u16)>,
    /// Everybody may log in who has a mailbox, with the password of all, and what they send is kept in it,
    /// whoever it is for.
    pub keeps_by_sender: bool,
}

/// A server that runs, with its mail, in a folder of its own. It serves `example.org`.
pub struct Exim {
    // The first to go: it needs its folder until its end.
    server: Option<Server>,
    folder: tempfile::TempDir,
    packages: Packages,
    mlmmj: Packages,
    authority: Authority,
    identity: Identity,
    manner: Manner,
    ports: Ports,
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    smtp: u16,
    smtps: u16,
}

impl Exim {
    pub const USER: &str = USER;
    pub const PASSWORD: &str = PASSWORD;

    /// One that takes any mail for `example.org` from this machine.
    pub fn start() -> Self {
        Self::with(Manner::default())
    }

    pub fn with(manner: Manner) -> Self {
        let packages = Packages::need(&["exim4-daemon-light"], &["usr/sbin/exim4"]);
        let mlmmj = Packages::need(&["mlmmj"], &["usr/bin/mlmmj-receive", "usr/share/mlmmj/text.skel/en"]);
        let folder = tempfile::Builder::new().prefix("minuted-exim-").tempdir().expect("a temporary folder");
        let authority = Authority::new(&folder.path().join("tls"));
        let identity = authority.identity("server", &["localhost", "127.0.0.1"]);
        // A copy runs without the rights that the installed one takes for itself.
        fs::copy(packages.path("usr/sbin/exim4"), folder.path().join("exim")).expect("copying Exim");
        let ports = Ports { smtp: 0, smtps: 0 };
        let mut exim = Self { server: None, folder, packages, mlmmj, authority, identity, manner, ports };
        for person in ["minuted", "chair", "secretary", "vice-chair", "member-qualcomm", "postmaster"] {
            exim.knows(person);
        }
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            exim.ports = Ports { smtp: free_port(), smtps: free_port() };
            match exim.try_start() {
                Ok(()) => return exim,
                Err(log) => said = log,
            }
        }
        panic!("Exim does not start: {said}");
    }

    /// Starts it again, in the same place and with the same ports.
    pub fn start_again(&mut self) {
        if let Err(said) = self.try_start() {
            panic!("Exim does not start again: {said}");
        }
    }

    /// Stops it, with the connections that it serves, and waits until it is gone.
    pub fn stop(&mut self) {
        self.server = None;
        let program = self.path("exim");
        // Each connection is a process of its own, which goes on without the daemon.
        let ours = |process: &fs::DirEntry| {
            let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
            line.starts_with(program.as_os_str().as_encoded_bytes())
        };
        wait_until("its connections are gone", || {
            let processes = fs::read_dir("/proc").expect("the processes").filter_map(Result::ok).filter(ours);
            let ids: Vec<_> = processes.map(|process| process.file_name()).collect();
            if !ids.is_empty() {
                let _ = Command::new("kill").arg("-KILL").args(&ids).stderr(Stdio::null()).status();
            }
            ids.is_empty()
        });
    }

    /// A certificate that is for other names than the server's is what it shows from the next start on.
    pub fn shows_a_certificate_for(&mut self, names: &[&str]) {
        self.identity = self.authority.identity("other", names);
    }

    /// The port with STARTTLS, or without TLS.
    pub fn smtp_port(&self) -> u16 {
        self.ports.smtp
    }

    /// The port with TLS from the first byte.
    pub fn smtps_port(&self) -> u16 {
        self.ports.smtps
    }

    /// The authority that its certificate is from.
    pub fn authority(&self) -> PathBuf {
        self.authority.certificate()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        let log = |name: &str| fs::read(self.path("log").join(name)).unwrap_or_default();
        [log("mainlog"), log("rejectlog"), log("paniclog")]
            .iter()
            .map(|log| String::from_utf8_lossy(log).into_owned())
            .collect()
    }

    /// Makes a mailbox for somebody at `example.org`.
    pub fn knows(&self, person: &str) {
        fs::create_dir_all(self.path("mail").join(person)).expect("a folder");
        Account::of_servers().owns(&self.path("mail"));
    }

    /// Mail to this person fails from now on, after the server has taken it over.
    pub fn breaks(&self, person: &str) {
        fs::write(self.path("broken"), format!("{person}\n")).expect("writing a name");
    }

    /// The mails in somebody's mailbox, in order of their arrival.
    pub fn mailbox(&self, person: &str) -> Vec<String> {
        self.mails(person).iter().map(|mail| String::from_utf8_lossy(mail).into_owned()).collect()
    }

    /// The mails in somebody's mailbox, byte by byte, in order of their arrival.
    pub fn mails(&self, person: &str) -> Vec<Vec<u8>> {
        self.files(person).iter().map(|mail| fs::read(mail).expect("a mail")).collect()
    }

    /// How many mails are in somebody's mailbox.
    pub fn count(&self, person: &str) -> usize {
        self.files(person).len()
    }

    /// How many mails it took over from somebody who was logged in, whether they are delivered yet or not.
    pub fn count_taken_over(&self, user: &str) -> usize {
        let login = |word: &str| word.strip_prefix("A=").is_some_and(|login| login.ends_with(&format!(":{user}")));
        self.log().lines().filter(|line| line.contains(" <= ") && line.split(' ').any(login)).count()
    }

    fn files(&self, person: &str) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.path("mail").join(person).join("new")) else { return Vec::new() };
        let mut mails: Vec<_> = files.map(|file| file.expect("a mail").path()).collect();
        mails.sort();
        mails
    }

    /// From now on it answers 451 to every recipient, or no longer.
    pub fn defers(&self, defers: bool) {
        let mark = self.path("defer");
        if defers { fs::write(mark, "").expect("a mark") } else { fs::remove_file(mark).expect("a mark") }
    }

    /// Makes a mailing list at `example.org`, which mlmmj runs: it sends to its subscribers by this
    /// server, with `[NAME]` before the subject and a footer below the text.
    pub fn runs_list(&self, name: &str, subscribers: &[&str]) {
        let list = self.path("lists").join(name);
        let folders = "incoming queue/discarded archive text subconf unsubconf bounce control moderation \
                       subscribers.d digesters.d nomailsubs.d requeue";
        for folder in folders.split_whitespace() {
            fs::create_dir_all(list.join(folder)).expect("a folder");
        }
        for text in fs::read_dir(self.mlmmj.path("usr/share/mlmmj/text.skel/en")).expect("mlmmj's texts") {
            let text = text.expect("a text");
            fs::copy(text.path(), list.join("text").join(text.file_name())).expect("copying a text");
        }
        let headers = format!(
            "List-Id: <{name}.example.org>\nList-Post: <mailto:{name}@example.org>\n\
             List-Unsubscribe: <mailto:{name}+unsubscribe@example.org>\nPrecedence: list\n"
        );
        let footer = format!("--\n{name} mailing list, unsubscribe: {name}+unsubscribe@example.org\n");
        for (key, value) in [
            ("listaddress", format!("{name}@example.org\n")),
            ("owner", "postmaster@example.org\n".to_owned()),
            ("relayhost", "127.0.0.1\n".to_owned()),
            ("smtpport", format!("{}\n", self.ports.smtp)),
            ("prefix", format!("[{name}]\n")),
            ("footer", footer),
            ("customheaders", headers),
            ("tocc", String::new()),
        ] {
            fs::write(list.join("control").join(key), value).expect("writing a setting");
        }
        fs::write(list.join("index"), "0\n").expect("writing an index");
        for subscriber in subscribers {
            // mlmmj keeps its subscribers by their first letters.
            let file = list.join("subscribers.d").join(&subscriber[..1]);
            let mut known = fs::read_to_string(&file).unwrap_or_default();
            let _ = writeln!(known, "{subscriber}");
            fs::write(file, known).expect("writing a subscriber");
        }
        Account::of_servers().owns(&self.path("lists"));
    }

    fn try_start(&mut self) -> Result<(), String> {
        self.server = None;
        for folder in ["spool", "log", "mail", "lists"] {
            fs::create_dir_all(self.path(folder)).expect("a folder");
        }
        fs::write(self.path("exim.conf"), self.configuration()).expect("writing a configuration");
        Account::of_servers().owns(self.folder.path());
        let mut command = Account::of_servers().command(self.path("exim"));
        command.arg("-C").arg(self.path("exim.conf")).args(["-bdf", "-q1s"]);
        if self.packages.are_unpacked() {
            command.env("LD_LIBRARY_PATH", self.packages.libraries(&[]));
        }
        command.stderr(File::create(self.path("log/errors")).expect("a log"));
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

    /// Whether it greets.
    fn answers(&self) -> bool {
        let Ok(stream) = TcpStream::connect(("127.0.0.1", self.ports.smtp)) else { return false };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("220")
    }

    fn configuration(&self) -> String {
        let Account { user, group, .. } = Account::of_servers();
        let at = self.folder.path().display();
        let Ports { smtp, smtps } = self.ports;
        let (certificate, key) = (self.identity.certificate.display(), self.identity.key.display());
        let tls_hosts = if self.manner.without_starttls { "" } else { "*" };
        let environment = if self.packages.are_unpacked() { "LD_LIBRARY_PATH" } else { "" };
        let receive = self.mlmmj.path("usr/bin/mlmmj-receive");
        let mail = if self.manner.asks_for_login {
            "deny !authenticated = *\n       message = log in first\n  accept"
        } else {
            "accept"
        };
        let data = match self.manner.slow {
            0 => "accept".to_owned(),
            // A delay of its own would notice that the client is gone, and give the mail up.
            seconds => format!("accept condition = ${{run{{/bin/sleep {seconds}}}{{yes}}{{yes}}}}"),
        };
        let (kept, user_in): (_, fn(&str) -> String) = if self.manner.keeps_by_sender {
            let router = "kept:
  driver = accept
  condition = ${if def:authenticated_id}
  transport = to_senders_maildir
";
            (router, |name| format!("!eq{{{name}}}{{}}"))
        } else {
            ("", |name| format!("eq{{{name}}}{{{USER}}}"))
        };
        format!(
            "exim_path = {at}/exim
spool_directory = {at}/spool
log_file_path = {at}/log/%slog
log_selector = +incoming_port +millisec +smtp_connection
pid_file_path = {at}/exim.pid
exim_user = {user}
exim_group = {group}
never_users =
deliver_drop_privilege = true
timezone = UTC
primary_hostname = mail.example.org
qualify_domain = example.org
local_interfaces = <; 127.0.0.1
daemon_smtp_ports = {smtp} : {smtps}
tls_on_connect_ports = {smtps}
tls_advertise_hosts = {tls_hosts}
tls_certificate = {certificate}
tls_privatekey = {key}
domainlist local_domains = example.org
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
smtp_accept_max = 200
smtp_accept_queue = 0
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = 0
smtp_reserve_hosts =
recipients_max = 0
host_lookup =
rfc1413_hosts =
rfc1413_query_timeout = 0s
check_spool_space = 0
check_spool_inodes = 0
message_size_limit = 50M
disable_ipv6 = true
keep_environment = {environment}
split_spool_directory = true
queue_run_max = 4

begin acl
acl_mail:
  {mail}
acl_rcpt:
  deny local_parts = refused
       message = 5.1.1 nobody of that name is here
  defer condition = ${{if exists{{{at}/defer}}}}
        message = 4.7.1 come back later
  accept authenticated = *
  accept domains = +local_domains
         verify = recipient
  deny message = relay not permitted
acl_data:
  {data}

begin routers
{kept}{manager}broken:
  driver = redirect
  local_parts = ${{if exists{{{at}/broken}}{{lsearch;{at}/broken}}}}
  domains = +local_domains
  allow_fail
  no_verify
  data = :fail: the mailbox is gone
lists:
  driver = accept
  domains = +local_domains
  local_parts = dsearch;{at}/lists
  local_part_suffix = +*
  local_part_suffix_optional
  headers_remove = Delivered-To
  transport = to_mlmmj
{bot}people:
  driver = accept
  domains = +local_domains
  local_parts = dsearch;{at}/mail
  local_part_suffix = +*
  local_part_suffix_optional
  transport = to_maildir

begin transports
to_mlmmj:
  driver = pipe
  command = {receive} -L {at}/lists/$local_part_data
  return_path_add
  current_directory = {at}/lists
  home_directory = {at}/lists
  user = {user}
  group = {group}
to_senders_maildir:
  driver = appendfile
  maildir_format
  directory = {at}/mail/${{lookup{{$authenticated_id}}dsearch{{{at}/mail}}}}
  create_directory
  return_path_add
  envelope_to_add
  delivery_date_add
  user = {user}
  group = {group}
to_maildir:
  driver = appendfile
  maildir_format
  directory = {at}/mail/$local_part_data
  create_directory
  return_path_add
  envelope_to_add
  delivery_date_add
  user = {user}
  group = {group}
to_lmtp:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  port = {lmtp}
  allow_localhost
  hosts_override
  hosts_try_auth =
  hosts_avoid_tls = *
  multi_domain
  rcpt_include_affixes

to_list_manager:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  port = {manager_port}
  allow_localhost
  hosts_override
  hosts_try_auth =
  hosts_avoid_tls = *
  rcpt_include_affixes

begin retry
*  *  F,10m,1s; G,1h,5s,1.5

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{{user_in_2}}}{{eq{{$auth3}}{{{PASSWORD}}}}}}}{{yes}}{{no}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{{{{user_in_1}}}{{eq{{$auth2}}{{{PASSWORD}}}}}}}{{yes}}{{no}}}}
  server_set_id = $auth1
",
            receive = receive.display(),
            user_in_1 = user_in("$auth1"),
            user_in_2 = user_in("$auth2"),
            lmtp = self.manner.bot_by_lmtp.unwrap_or_default(),
            manager_port = self.manner.list_by_lmtp.map_or(0, |(_, port)| port),
            manager = self.manner.list_by_lmtp.map_or_else(String::new, |(list, _)| {
                format!(
                    "list_manager:
  driver = accept
  domains = +local_domains
  local_parts = {list}
  local_part_suffix = -bounces+* : -confirm+* : -bounces : -confirm : -join : -leave : -owner : -request : \
                      -subscribe : -unsubscribe
  local_part_suffix_optional
  transport = to_list_manager
"
                )
            }),
            bot = self.manner.bot_by_lmtp.map_or_else(String::new, |_| {
                "bot:
  driver = accept
  domains = +local_domains
  local_parts = minuted
  local_part_suffix = +*
  local_part_suffix_optional
  transport = to_lmtp
"
                .to_owned()
            }),
        )
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        // Who still writes would leave a folder behind.
        self.stop();
    }
}

/// The value of a header of a mail, as it is written; the first one of that name.
pub fn header<'a>(mail: &'a str, name: &str) -> Option<&'a str> {
    let head = mail.split("\n\n").next().unwrap_or_default();
    head.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
