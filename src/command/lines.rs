//! Where commands count, and which physical lines make one line: wrapped lines are rejoined where
//! the next line is exactly what is missing, and free text runs on.

use unicode_width::UnicodeWidthStr as _;

use super::attempt::attempt;
use super::context::{Context, Named, own_references};
use super::grammar::{Mode, Read, names_something, read, tail_of, without_courtesies};
use super::physical::{Candidate, bare_subject, candidate, ends, ends_a_line, glue, is_dry_run};
use super::quoted::Quotes;
use super::targets::targets;
use super::word::{is_greeting, limits};
use super::written::Written;
use super::{Addressed, Around, Command, Line, Target};
use crate::domain::reference::scan::Found;
use crate::domain::{ActionItemRef, Reference, Text};

/// So many commands of one mail are carried out.
pub(super) const MOST_COMMANDS: usize = 50;

/// So many lines of one mail are answered at all.
const MOST_LINES: usize = 100;

/// No command is longer, in octets: what is noted is shown again and again.
const LONGEST_LINE: usize = 4000;

/// From this width on, a line may have been wrapped by the mailer and not by its author.
pub(super) const WRAPPED: usize = 60;

/// So many lines one command takes at most; free text, so many.
const MOST_JOINED: usize = 20;
const MOST_RUN_ON: usize = 60;

/// What the lines of a text say.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) dry_run: bool,
    pub(super) lines: Vec<Line>,
}

/// Reads the lines of a text, or the subject where the text is empty.
pub(super) fn lines(text: &str, around: &Around<'_>, context: &Context) -> Lines {
    let quotes = Quotes::new(around.quoted, around.scheme);
    let (out, paragraph) = (Lines::default(), Named::default());
    let mut reader = Reader { around, context, out, paragraph, item: None, quotes, commands: 0 };
    let physical: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    if physical.iter().all(|line| line.trim().is_empty()) {
        reader.subject();
    } else {
        reader.text(&physical);
    }
    reader.out
}

struct Reader<'a> {
    around: &'a Around<'a>,
    context: &'a Context,
    out: Lines,
    /// The documents that the paragraph has named so far.
    paragraph: Named,
    /// The action item that text between the commands has named last.
    item: Option<ActionItemRef>,
    /// What is quoted above and between the lines.
    quotes: Quotes<'a>,
    commands: usize,
}

impl Reader<'_> {
    fn subject(&mut self) {
        let subject = bare_subject(self.around.subject);
        let candidate = candidate(subject);
        match self.read(&Written::new(candidate.text), &candidate, true) {
            Read::Command(command) => self.push(0, subject, Ok(command)),
            Read::Doubt(why) => self.push(0, subject, Err(why)),
            Read::Prose | Read::Begun(_) => {}
        }
    }

    fn text(&mut self, physical: &[&str]) {
        let mut first = true;
        let mut at = 0;
        // The line before, where it may be prose that was wrapped.
        let mut open_prose = false;
        while let Some(raw) = physical.get(at) {
            let line = raw.trim();
            if line.is_empty() {
                self.paragraph = Named::default();
                open_prose = false;
                at += 1;
                continue;
            }
            if self.quotes.reach(at + 1) {
                // What is quoted right above stands nearer than what the sender wrote above that.
                self.item = None;
            }
            let candidate = candidate(line);
            if raw.trim_end() == "--" || ends(candidate.text) || self.out.lines.len() >= MOST_LINES {
                break;
            }
            if !line.starts_with('>') && is_dry_run(candidate.text) {
                // Also below a greeting, and below a command: to do nothing is what can be undone.
                self.out.dry_run = true;
                first = false;
                at += 1;
                continue;
            }
            let taken = if line.starts_with('>') { 0 } else { self.line(physical, at, &candidate, first, open_prose) };
            first = first && taken == 0 && is_greeting(line);
            open_prose = taken == 0 && raw.width() >= WRAPPED && !line.ends_with(['.', '!', '?', ':', ';']);
            if taken == 0 {
                let found = own_references(line, self.around.scheme);
                if !line.starts_with('>') {
                    self.name(&found);
                }
                found.iter().for_each(|found| self.paragraph.add(&found.reference));
            }
            for line in physical.iter().skip(at).take(taken) {
                self.paragraph.extend(Named::of(line, self.around.scheme));
            }
            at += taken.max(1);
        }
        self.limit(physical);
    }

    /// "yes" and, below it, "but not item 2": that is no clear answer.
    fn limit(&mut self, physical: &[&str]) {
        let Some(first) = self.out.lines.first_mut() else { return };
        if !matches!(first.command, Ok(Command::ConfirmCode { code: None } | Command::Decline)) {
            return;
        }
        if let Some(tail) = physical.iter().skip(first.number).find(|line| limits(line)) {
            first.command = Err(tail_of(tail.trim()));
        }
    }

    /// Reads the line that begins at `at`, and says how many physical lines it takes; 0 for prose.
    fn line(
        &mut self,
        physical: &[&str],
        at: usize,
        candidate: &Candidate<'_>,
        first: bool,
        open_prose: bool,
    ) -> usize {
        let written = Written::new(candidate.text);
        let mut read = self.read(&written, candidate, first);
        let mut joined = candidate.text.to_owned();
        let mut taken = 1;
        // "A-WG4-TP8-⏎001": the line was broken at a hyphen of a reference.
        let next_digit =
            physical.get(at + 1).is_some_and(|next| next.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        let broken = read == Read::Prose && glue(candidate.text).is_empty() && next_digit;
        if broken || wants_more(&read, candidate.text) {
            let heads = matches!(read, Read::Begun(_)) && candidate.text.ends_with(':');
            let mut tried = joined.clone();
            for more in 1..MOST_JOINED {
                let listed = || self.listed(physical, at + more).filter(|_| heads);
                let Some(next) = self.continuation(physical, at + more).or_else(listed) else { break };
                tried = format!("{tried}{}{next}", glue(&tried));
                let whole = self.read(&Written::new(&tried), candidate, first);
                let fits = match (&read, &whole) {
                    (Read::Begun(_), Read::Command(_)) => true,
                    (Read::Prose, Read::Command(_) | Read::Doubt(_)) => broken,
                    // "close" and the references under it.
                    (Read::Command(_), Read::Command(_)) => self.is_targets(next),
                    _ => false,
                };
                if fits {
                    (read, taken) = (whole, more + 1);
                    joined.clone_from(&tried);
                    // "Closed:" and one reference a line below it.
                    if !self.is_targets(next) || !heads {
                        break;
                    }
                } else if !matches!((&read, &whole), (Read::Begun(_), Read::Begun(_))) {
                    break;
                }
            }
        }
        if let (Read::Command(_), Some(next)) = (&read, physical.get(at + taken).map(|line| line.trim()))
            && ends_a_line(next)
        {
            let longer = format!("{joined} {next}");
            let whole = self.read(&Written::new(&longer), candidate, first);
            // "(not the annex)" under "done" is said of it, too.
            let limits = matches!(whole, Read::Doubt(_)) && next.starts_with('(') && next.ends_with(')');
            if limits || matches!(whole, Read::Command(_)) {
                (read, joined) = (whole, longer);
                taken += 1;
            }
        }
        let mut answered_next = None;
        if let Read::Command(command) = &read
            && runs_on(command)
        {
            let (text, more, doubtful) = self.run_on(physical, at + taken - 1, joined.clone());
            if more > 0
                && let whole @ Read::Command(_) = self.read(&Written::new(&text), candidate, first)
            {
                read = whole;
                joined = text;
                taken += more;
            }
            answered_next = doubtful.then_some(at + taken);
        }
        let shown = if taken == 1 {
            Written::new(physical.get(at).copied().unwrap_or_default()).clean().to_owned()
        } else if candidate.marked {
            // As it was written: by its mark it is told from the lines of minutes that it stands among.
            format!("#{joined}")
        } else {
            joined
        };
        match read {
            // A sentence that was wrapped just before a word that commands begin with.
            Read::Command(command) if open_prose && !candidate.marked && !candidate.bullet => {
                let names = names_something(&command);
                if names || self.around.addressed == Addressed::BotAlone {
                    self.push(at + 1, &shown, Err(Text::new("line-doubtful-continuation")));
                    return taken;
                }
                return 0;
            }
            Read::Doubt(_) | Read::Begun(_) if open_prose && !candidate.marked && !candidate.bullet => return 0,
            Read::Command(command) => self.push(at + 1, &shown, Ok(command)),
            Read::Doubt(why) => self.push(at + 1, &shown, Err(why)),
            Read::Begun(why) if why.key != "line-missing-command" => self.push(at + 1, &shown, Err(why)),
            Read::Begun(_) | Read::Prose => {
                let why = (!open_prose).then(|| self.attempt(&written, candidate)).flatten();
                let Some(why) = why else { return 0 };
                self.push(at + 1, &shown, Err(why));
            }
        }
        if let Some(next) = answered_next
            && let Some(line) = physical.get(next)
        {
            self.push(next + 1, line.trim(), Err(Text::new("line-doubtful-continuation")));
            taken += 1;
        }
        taken
    }

    /// What is said of a line that is no command and was meant as one.
    fn attempt(&self, written: &Written, candidate: &Candidate<'_>) -> Option<Text> {
        let to_bot = matches!(self.around.addressed, Addressed::BotAlone | Addressed::Bot);
        let mode = self.mode(candidate, false);
        // In a reply to a digest on the list, a line about its rows is meant for us, too.
        let of_rows = || {
            self.around.addressed == Addressed::ListReply
                && targets(written.rest(), &mode).is_some_and(|found| found.are_rows())
        };
        (to_bot || candidate.marked || of_rows()).then(|| attempt(written, &mode))?
    }

    /// The line at `at`, where it may go on with the one before: neither blank, nor a bullet, nor a
    /// command.
    fn continuation<'l>(&self, physical: &[&'l str], at: usize) -> Option<&'l str> {
        let line = physical.get(at)?.trim();
        let next = candidate(line);
        let free =
            !line.is_empty() && !next.bullet && !next.marked && !line.starts_with('>') && !line.starts_with("--");
        let written = Written::new(line);
        // What nearly is a command is no text of the one before, either.
        let is_own = matches!(self.read(&written, &next, false), Read::Command(_) | Read::Doubt(_))
            || self.attempt(&written, &next).is_some();
        (free && !ends(line) && !is_own).then_some(line)
    }

    /// The references that the line at `at` holds and nothing else, with a bullet or not.
    fn listed<'l>(&self, physical: &[&'l str], at: usize) -> Option<&'l str> {
        let listed = candidate(physical.get(at)?).text;
        self.is_targets(listed).then_some(listed)
    }

    /// Free text with the lines it runs on to; how many they are; whether the next line is a command
    /// that could as well be text.
    fn run_on(&self, physical: &[&str], last: usize, mut text: String) -> (String, usize, bool) {
        let mut more = 0;
        while more < MOST_RUN_ON && physical.get(last + more).is_some_and(|line| line.width() >= WRAPPED) {
            let Some(line) = physical.get(last + more + 1).map(|line| line.trim()) else { break };
            let next = candidate(line);
            if line.is_empty() || next.bullet || line.starts_with('>') || line.starts_with("--") || ends(line) {
                break;
            }
            if matches!(self.read(&Written::new(next.text), &next, false), Read::Command(_)) {
                return (text, more, true);
            }
            text = format!("{text}{}{line}", glue(&text));
            more += 1;
        }
        (text, more, false)
    }

    /// What a line says where it stands: prose, unless the mail was addressed so that it may count.
    fn read(&self, written: &Written, candidate: &Candidate<'_>, first: bool) -> Read {
        let addressed = self.around.addressed;
        let to_bot = matches!(addressed, Addressed::BotAlone | Addressed::Bot);
        if !to_bot && !candidate.marked && addressed != Addressed::ListReply {
            return Read::Prose;
        }
        let mode = self.mode(candidate, first && (to_bot || candidate.marked));
        let read = read(written, &mode);
        if to_bot || candidate.marked {
            return read;
        }
        // In a reply to a digest on the list, rows go without `#`.
        let of_rows = targets(written.rest(), &mode).is_some_and(|found| found.are_rows());
        let rows_only = match &read {
            Read::Command(command) => {
                !command.targets().is_empty() && command.targets().iter().all(|of| matches!(of, Target::Row(_)))
            }
            Read::Doubt(_) => of_rows,
            Read::Prose | Read::Begun(_) => false,
        };
        if rows_only { read } else { Read::Prose }
    }

    /// What reading a line depends on where it stands.
    fn mode(&self, candidate: &Candidate<'_>, first: bool) -> Mode<'_> {
        Mode {
            scheme: self.around.scheme,
            today: self.around.today,
            meant: candidate.marked || self.around.addressed == Addressed::BotAlone,
            first,
            near: true,
        }
    }

    /// Whether a line holds targets and nothing else.
    fn is_targets(&self, line: &str) -> bool {
        let written = Written::new(line);
        let mode =
            Mode { scheme: self.around.scheme, today: self.around.today, meant: false, first: false, near: false };
        let (rest, _) = without_courtesies(written.rest());
        targets(rest, &mode).is_some_and(|found| found.rest.is_empty())
    }

    /// Remembers the action item that is `found` in a line which is no command.
    fn name(&mut self, found: &[Found]) {
        let item = found.iter().rev().find_map(|found| match &found.reference {
            Reference::Action(item) => Some(item),
            _ => None,
        });
        if let Some(item) = item {
            self.item = Some(item.clone());
        }
    }

    fn push(&mut self, number: usize, text: &str, command: Result<Command, Text>) {
        let mut quoted = false;
        let command = command.and_then(|mut command| {
            self.commands += 1;
            if self.commands > MOST_COMMANDS {
                return Err(Text::new("line-too-many").with("limit", MOST_COMMANDS));
            }
            if text.len() > LONGEST_LINE {
                return Err(Text::new("line-too-long").with("limit", LONGEST_LINE));
            }
            quoted = self.quotes.complete(&mut command, self.item.as_ref())?;
            if let Some(item) = &self.item
                && command.targets().contains(&&Target::Omitted)
                && !command.only_tells()
            {
                // "A-WG4-TP8-003:" and "done" below it: not the item of the mail that is replied to.
                return Err(Text::new("line-doubtful-which").with("reference", item));
            }
            let above = self.quotes.documents_for(&command);
            self.context.complete(&mut command, &Named::of(text, self.around.scheme), &self.paragraph, &above);
            Ok(command)
        });
        if command.is_ok() {
            self.quotes.commanded();
        }
        if command.is_err() {
            self.name(&own_references(text, self.around.scheme));
        }
        self.out.lines.push(Line { number, text: text.to_owned(), command, quoted });
    }
}

/// Whether the next line could be what is missing.
fn wants_more(read: &Read, line: &str) -> bool {
    match read {
        Read::Begun(_) => true,
        Read::Command(command) => {
            // "done A-WG4-TP8-001," and the rest of the list under it.
            let list_goes_on = line.trim_end().ends_with(',') && !command.targets().is_empty();
            list_goes_on
                || command.targets().contains(&&Target::Omitted) && !line.ends_with(['.', '!', '?', ',', ';', ')'])
        }
        _ => false,
    }
}

/// Whether a command ends in free text that may run on.
fn runs_on(command: &Command) -> bool {
    match command {
        Command::Note { .. } | Command::What { .. } | Command::Action { .. } => true,
        Command::Set { because, .. }
        | Command::Extend { because, .. }
        | Command::Reject { because, .. }
        | Command::Voice { because, .. } => because.is_some(),
        _ => false,
    }
}
