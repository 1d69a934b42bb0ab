### Every text that people read, in English. What the functions DATE, STATUS, FIELD, PRIORITY and
### ROLE do is said in catalogue.rs. A command that somebody may write stands in double quotes behind
### other words, or in a line of its own that begins with "> ": never alone at the start of a line.
### Voice: plain, short, friendly, exact.

## Dates

# DAY, MONTH and YEAR are replaced.
date-form = DAY MONTH YEAR
date-weekday = { $weekday }, { $date }
date-range = { $first } to { $last }
date-time = { $date }, { $time } { $zone }

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday

## Names of statuses, priorities, roles and fields

status-proposed = proposed
status-open = open
status-ongoing = ongoing
status-to-be-confirmed = done, to be confirmed
status-closed = closed
status-cancelled = cancelled

priority-high = high priority
priority-medium = medium priority
priority-low = low priority

role-chair = chair
role-vice-chair = vice-chair
role-secretary = secretary

field-what = what
field-who = who
field-status = status
field-due = due date
field-priority = priority
field-note = note
field-proposed-by = proposed by
field-became = number when accepted
field-reference-cell = reference
field-title = title
field-source = source
field-agenda-item = agenda item
field-deliverable = deliverable
field-status-cell = status on the agenda
field-meeting = meeting
field-name = name
field-organization = organization
field-address = address
field-role = role
field-left = has left
field-paused-until = paused until
field-digest = own copy of the digest

## The mail around the answers

# Stands behind "Re: " where the mail that is answered has no subject.
mail-subject-empty = your mail to { $group }
mail-quote-subject = Subject: { $text }
mail-not-done = Not done:
mail-outcome-done = Done.
mail-outcome-partly = Done in part.
mail-outcome-unchanged = It was so already; nothing had to be done.
mail-outcome-refused = Not done; nothing was changed.
mail-outcome-told = See below.
mail-counts =
    { $lines } lines: { $fine } done, { $attention ->
        [0] none refused
        [one] 1 needs your attention
       *[other] { $attention } need your attention
    }.
mail-counts-dry-run =
    { $lines } lines: { $fine } would be done, { $attention ->
        [0] none refused
        [one] 1 needs your attention
       *[other] { $attention } need your attention
    }.
mail-attention = What needs your attention
mail-all-lines = All lines, in order
mail-dry-run = Dry run: nothing was changed. Below is what these lines would do without "dry-run".
mail-undo = To take all of this back within 24 hours, reply with "undo { $receipt }".
mail-undo-here = To take all of this back within 24 hours, use "undo { $receipt }".
mail-nothing = Your mail asked for nothing, and nothing was changed.
mail-empty-list = Nothing to list.
mail-footer = I keep the action items and contributions of { $group }. Reply with "help" to see what I understand.

## Lists in answers

column-action = Action item
column-what-and-who = What and who
column-contribution = Contribution
column-title-and-source = Title and source
column-member = Member
column-organization = Organization
column-meeting = Meeting
column-sessions = Place and sessions
column-when = When
column-change = Change
column-command = Command
column-does = What it does

fact-due = due { $due }
fact-overdue = overdue: was due { $due }
fact-undecided = no decision yet
fact-left = has left
fact-rapporteur = rapporteur of { $deliverable }
fact-no-dates = dates not yet known

row-no-owner = Nobody yet
row-note = Note: { $note }
row-agenda-item = agenda item { $item }
row-paused = Personal mail is paused until { $day }
row-digest = Gets a personal copy of the digest
row-session = { $day }, { $start } to { $end }

subject-member = member { $number }
subject-organization = organization { $name }
subject-request = request { $number }

history-set = { $subject }: { $field } is "{ $to }" (new)
history-changed = { $subject }: { $field } is "{ $to }" (was "{ $from }")
history-removed = { $subject }: { $field } is gone (was "{ $from }")
history-touched = { $subject }: { $field }
history-by = by { $by }
history-message = in message { $id }
