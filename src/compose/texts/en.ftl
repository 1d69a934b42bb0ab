### Every text that people read, in English. What the functions DATE, STATUS, FIELD, PRIORITY, ROLE and
### OR do is said in catalogue.rs. A command that somebody may write stands in double quotes behind
### other words, or in a line of its own that begins with "> ": never alone at the start of a line.
### Nor does a text begin with what somebody wrote, such as a name: an answer must be no command when it
### is sent back.
### Voice: plain, short, friendly, exact.

## Examples, as groups of oneM2M write them: other groups have their own (examples.rs).

-an-action = A-WG4-TP8-001
-a-document = SEC-2014-0243
-a-new-document = SEC-2014-0300
-a-revision-in-full = SEC-2014-0243R02
-a-revision-in-short = 0247R02
-a-revision = R03
-a-meeting = SEC#11

## Dates

# DAY, MONTH and YEAR are replaced.
date-form = DAY MONTH YEAR
date-weekday = { $weekday }, { $date }
# As history has a session; each of the words in capitals stands for what it names.
session-form = WEEKDAY, DATE, START to END: TITLE
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
field-plenary = plenary
field-start = first day
field-end = last day
field-place = place
field-deadline = deadline for contributions
field-cancelled = called off
field-session = session
field-revision = revision
field-decision = decision
field-follow-up = follow-up
field-link = link
field-said-at = last spoken of at
field-name = name
field-organization = organization
field-address = address
field-role = role
field-left = has left
field-paused-until = paused until
field-absence = absence
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
mail-other-lines = The other lines, in order
mail-dry-run = Dry run: nothing was changed. Below is what these lines would do without "dry-run".
mail-undo = To take all of this back within 24 hours, reply with "undo { $receipt }".
mail-undo-here = To take all of this back within 24 hours, use "undo { $receipt }".
mail-nothing = Your mail asked for nothing, and nothing was changed.
mail-empty-list = Nothing to list.
mail-agenda-attached = The same is attached as a document.
mail-agenda-to-edit = The same is attached as a document. Edit it in your word processor and mail it back: only what you change in it acts.
mail-agenda-too-large = As a document it would be larger than many mail servers take; who runs this service can export it ("minuted export agenda").
mail-agenda-cut =
    { $count ->
        [one] 1 more row is in the document.
       *[other] { $count } more rows are in the document.
    }
mail-footer = I keep the action items and contributions of { $group }. Reply with "help" to see what I understand.

## Test mails of `minuted check --send`

check-subject = Test: does mail of minuted arrive?
check-body = The person who runs minuted has sent this mail to see whether it arrives, and how soon. There is nothing to do about it.

## Lists in answers

column-action = Action item
column-what-and-who = What and who
column-item = What it is about
column-contribution = Contribution
column-deliverable = Deliverable
column-left = What is left
column-title-and-source = Title and source
column-member = Member
column-organization = Organization
column-meeting = Meeting
column-sessions = Place and sessions
column-call = Call
column-title = Title
column-approval = E-mail approval
column-said = Title and what was said
column-mail = Subject and author
column-when = When
column-answer = Answer
column-change = Change
column-command = Command
column-does = What it does

fact-due = due { $due }
fact-overdue = overdue: was due { $due }
fact-undecided = no decision yet
fact-left = has left
fact-rapporteur = rapporteur of { $deliverable }
fact-cancelled = cancelled
fact-approval-running = closes { DATE($until) }
fact-approval-over = closed { DATE($until) }, not ratified yet
fact-approval-approved = approved
fact-approval-not = not approved
row-deadline = Contributions until { DATE($date) }
fact-no-dates = dates not yet known

row-no-owner = Nobody yet
row-note = Note: { $note }
row-agenda-item = agenda item { $item }
row-left = Left to do: { $what }
row-paused = Personal mail is paused until { $day }
row-away = Away until { $day }, as an automatic reply says
row-digest = Gets a personal copy of the digest
row-session = { $day }, { $start } to { $end }
row-objection =
    { $late ->
        [yes] Objection (late) by { OR($by, "a former member") }{ OR($because, "none") ->
            [none] {""}
           *[other] : { $because }
        }
       *[no] Objection by { OR($by, "a former member") }{ OR($because, "none") ->
            [none] {""}
           *[other] : { $because }
        }
    }
row-more-objections =
    { $count ->
        [one] 1 more objection. To see all, send "history { $of }".
       *[other] { $count } more objections. To see all, send "history { $of }".
    }
row-support = Supported by { $names }
row-reason = Reason: { $reason }
row-no-voices = Nobody has objected
row-written-by = by { OR($by, "somebody who is not in the roster") }

subject-member = member { $number }
subject-organization = organization { $name }
subject-request = request { $number }
subject-approval = e-mail approval of { $of }
subject-call = call of { DATE($day) }

history-set = { $subject }: { $field } is "{ $to }" (new)
history-changed = { $subject }: { $field } is "{ $to }" (was "{ $from }")
history-removed = { $subject }: { $field } is gone (was "{ $from }")
history-touched = { $subject }: { $field }
history-by = by { $by }
history-message = in message { $id }
history-receipt = to take back, send "undo { $receipt }"

## What was done

told-contribution =
    { $reference } "{ $title }" is { $stands } now (was { $was }). { OR($left, "nothing") ->
        [nothing] Nothing is left to do.
       *[other] Left to do: { $left }.
    }
told-posted =
    { $revision } of { $reference } "{ $title }" is posted. Where it stands: { $stands }. { OR($left, "nothing") ->
        [nothing] Nothing is left to do.
       *[other] Left to do: { $left }.
    }
told-linked = It is noted for { $reference } "{ $title }": { $links }. That decides nothing; the contribution is { $stands }.
told-contribution-already = { $reference } is so already; nothing was changed.
told-registered =
    { $reference } "{ $title }" is registered{ OR($item, "none") ->
        [none] {""}
       *[other] {" "}for agenda item { $item }
    }{ OR($deliverable, "none") ->
        [none] .
       *[other] {" "}and affects { $deliverable }.
    }
told-registered-already = { $reference } is there already, as "{ $title }".
told-status = { $reference } "{ $what }" is { STATUS($to) } now (was { STATUS($from) }).
told-whole = The text is cut here; to see all of it, send "status { $reference }".
told-to-be-confirmed =
    { OR($confirmers, "none") ->
        [none] { $reference } "{ $what }" is done now, to be confirmed by chair or secretary (was { STATUS($from) }).
       *[other] { $reference } "{ $what }" is done now, to be confirmed by { $confirmers } or by chair or secretary (was { STATUS($from) }).
    }
told-already = { $reference } "{ $what }" is already { STATUS($status) }.
told-note = { $reference } "{ $what }" has a new note: "{ $note }".
told-field =
    { $field ->
        [priority] { $reference } "{ $what }" has { OR(PRIORITY($to), "no priority") } now (had { OR(PRIORITY($from), "none") }).
        [who] { $reference } "{ $what }" is with { OR($to, "nobody") } now (was with { OR($from, "nobody") }).
        [what] { $reference } says "{ $to }" now (said "{ OR($from, "nothing") }").
       *[other] { $reference } "{ $what }": { FIELD($field) } is { OR($to, "empty") } now (was { OR($from, "empty") }).
    }
told-field-already =
    { $field ->
        [priority] { $reference } "{ $what }" already has { OR(PRIORITY($to), "no priority") }.
        [who] { $reference } "{ $what }" is already with { OR($to, "nobody") }.
        [what] { $reference } already says "{ $to }".
       *[other] { $reference } "{ $what }": { FIELD($field) } is already { OR($to, "empty") }.
    }
told-due =
    { OR($due, "none") ->
        [none] { $reference } "{ $what }" has no due date now.
       *[other] { $reference } "{ $what }" is due { DATE($due) } now.
    }
told-due-undated = { $reference } "{ $what }" is due at { $due } now. I do not know the dates of { $due } yet; until I do, the item is never overdue.
told-due-already =
    { OR($due, "none") ->
        [none] { $reference } "{ $what }" already has no due date.
       *[other] { $reference } "{ $what }" is already due { DATE($due) }.
    }
told-extension = It waits for chair or secretary that { $reference } "{ $what }" is due { DATE($due) } (request { $id }). Until one of them accepts, its due date stays.
told-extension-already = It waits already for chair or secretary that { $reference } "{ $what }" is due { DATE($due) } (request { $id }).
told-extended = { $reference } is due { DATE($due) } now, as its owner asked.
told-created =
    { OR($due, "none") ->
        [none] { $reference } "{ $what }" is new, with { OR($who, "nobody yet") }.
       *[other] { $reference } "{ $what }" is new, with { OR($who, "nobody yet") }, due { DATE($due) }.
    }
told-proposed =
    { OR($due, "none") ->
        [none] Proposed as { $reference }: "{ $what }", with { OR($who, "nobody yet") }. It counts once chair or secretary accept it.
       *[other] Proposed as { $reference }: "{ $what }", with { OR($who, "nobody yet") }, due { DATE($due) }. It counts once chair or secretary accept it.
    }
told-proposed-by-decision = Proposed as { $reference }: "{ $what }", with { OR($who, "nobody yet") }. Nothing is open yet: once chair or secretary send "accept { $reference }" it is an action item, and "reject { $reference }" drops it.
told-accepted = { $reference } "{ $what }" is a new action item now (proposed as { $proposal }).
told-rejected = The proposal { $reference } "{ $what }" is rejected.
told-request-rejected = Request { $id } is rejected; all stays as it was.
told-conflict-accepted = { $reference }: { FIELD($field) } is "{ OR(STATUS(DATE($to)), "empty") }" now, as the agenda says.
told-doubt-noted = Request { $id } is noted and no longer waits. It only told what the document says: nothing else was changed. To change an item, send the command for it, as in "done { -an-action }".
told-meeting =
    { OR($start, "none") ->
        [none] { $meeting } has no dates yet.
       *[other] { $meeting } is { OR($end, "none") ->
            [none] on { DATE($start) }
           *[other] from { DATE($start) } to { DATE($end) }
        }{ OR($place, "none") ->
            [none] .
           *[other] {" "}in { $place }.
        }
    } { OR($deadline, "none") ->
        [none] It has no deadline for contributions.
       *[other] The deadline for contributions is { DATE($deadline) }.
    }{ $due ->
        [0] {""}
        [one] {" "}1 action item is due at it.
       *[other] {" "}{ $due } action items are due at it.
    }{ $outside ->
        [0] {""}
        [one] {" "}1 of its sessions lies outside of these days: send "session" with its new day.
       *[other] {" "}{ $outside } of its sessions lie outside of these days: send "session" with their new days.
    }{ $over ->
        [yes] {" "}That is over: it is recorded, and nothing is sent about it.
       *[other] {""}
    }
told-meeting-cancelled =
    { $due ->
        [0] { $meeting } does not take place.
        [one] { $meeting } does not take place. 1 action item is due at it: until it gets another date, it is never overdue.
       *[other] { $meeting } does not take place. { $due } action items are due at it: until they get other dates, they are never overdue.
    }
told-attending =
    It is noted for { $meeting }{ OR($start, "none") ->
        [none] {""}
       *[other] {" "}({ OR($end, "none") ->
            [none] { DATE($start) }
           *[other] { DATE($start) } to { DATE($end) }
        })
    }: { $coming ->
        [attending] you attend.
        [remote] you take part remotely.
       *[other] you send regrets.
    }
told-attend-overtaken = Your calendar has answered about { $meeting } again since then, and that counts: nothing is changed.
told-session =
    { OR($overlap, "none") ->
        [none] Session { $session } of { $meeting } is on { DATE($date) }, { $start } to { $end }: "{ $title }".
       *[other] Session { $session } of { $meeting } is on { DATE($date) }, { $start } to { $end }: "{ $title }". It overlaps with "{ $overlap }".
    }
told-session-cancelled = Session { $session } of { $meeting }, "{ $title }" on { DATE($date) } at { $start }, does not take place.
told-call =
    The call of { DATE($date) } { OR($was, "new") ->
        [new] begins at { $time }
       *[other] begins at { $time } now (was { $was })
    }{ OR($title, "none") ->
        [none] .
       *[other] : "{ $title }".
    }
told-call-cancelled = The call of { DATE($date) } does not take place.
told-approval-opened =
    The e-mail approval of { $of }{ OR($title, "none") ->
        [none] {""}
       *[other] {" "}"{ $title }"
    } is open. It closes at the end of { DATE($date) }{ $list ->
        [yes] , and the list is told.
       *[no] . The group has no list that I could tell.
    }{ $posted ->
        [no] {" "}I have not seen { $of } posted yet.
       *[yes] {""}
    }
told-approval-moved =
    The e-mail approval of { $of } closes at the end of { DATE($date) } now{ $list ->
        [yes] , and the list is told.
       *[no] .
    }
told-approval-already = The e-mail approval of { $of } already runs until the end of { DATE($date) }.
told-voice =
    { $stance ->
        [objection] Your objection to { $of } is recorded{ OR($because, "none") ->
            [none] . To say why, send "object because REASON".
           *[other] .
        }
        [support] It is recorded that you support { $of }. That decides nothing: who keeps silent agrees.
       *[other] Your objection to { $of } is taken back.
    }{ $late ->
        [yes] {" "}It came after { DATE($date) }, when the approval closed, and is marked as late.
       *[no] {""}
    }
told-voice-after-end = Your objection to { $of } is recorded as late: before you confirmed it, the e-mail approval had ended ({ $state }). That stays so; chair, vice-chair and secretary are told of your objection.
told-voice-already =
    { $stance ->
        [objection] Your objection to { $of } is recorded already.
        [support] It is recorded already that you support { $of }.
       *[other] Your objection to { $of } is taken back already.
    }
told-ratified =
    The e-mail approval of { $of } has ended: { $state }{ OR($by, "none") ->
        [none] {""}
       *[other] , decided for the chair
    }.{ $list ->
        [yes] {" "}The list is told.
       *[no] {""}
    }
told-ratified-already = The e-mail approval of { $of } has ended so already: { $state }.
told-below = See below.
told-rest =
    For the rest, send "{ $command }". { $count ->
        [one] 1 row does not fit here.
       *[other] { $count } rows do not fit here.
    }
told-rest-wider =
    For the rest, send "{ $command }", which lists the others, too. { $count ->
        [one] 1 row does not fit here.
       *[other] { $count } rows do not fit here.
    }
told-once = You have asked that above, and nothing has changed in between.
told-more = { $count } more are not told one by one, as the answer would be too long. To see where one stands, send "status REFERENCE".
told-undone =
    { OR($references, "none") ->
        [none] What the mail with receipt { $receipt } did is undone.
       *[other] What the mail with receipt { $receipt } did is undone. It was about { $references }.
    }
told-undone-already = What the mail with receipt { $receipt } did has been undone already.

told-member = In the roster now: { $name } of { $organization }, with the address { $address }.
told-member-new-organization = In the roster now: { $name } of { $organization }, with the address { $address }. The organization is new there as well.
told-member-already = { $address } is in the roster already: it belongs to { $known }.
told-member-back = The member with the address { $address } is in the roster again.
told-left = Marked as having left: { $name }. Their mail changes nothing from here on.
told-left-already = Marked as having left already: { $name }.
told-role = From now on, { $name } is { ROLE($role) }.
told-role-already = Nothing to do: { $name } is already { ROLE($role) }.
told-role-taken = From now on, { $name } is no longer { ROLE($role) }.
told-role-not = Nothing to do: { $name } was not { ROLE($role) }.
told-also = I have sent a question to { $address } and to { $registered }. Once both say yes, { $address } is yours here too.
told-also-waiting = { $address } has been asked already, and has not answered yet. Once it does, I go on; to ask nobody any more, undo the mail in which you gave it.
told-also-already = { $address } is already one of your addresses here.
told-confirmed-half = Thank you. The other address has been asked too; once it says yes as well, { $address } counts.
told-confirmed = { $address } is an address of { $name } now.
told-declined = { $address } is not added; nothing was changed.
told-held-denied = Thank you. Nothing was changed, and the operator is told that somebody has used your address.
told-paused = Personal mail to you is paused until { DATE($date) }. To end that sooner, send "resume".
told-paused-already = Personal mail to you is already paused until { DATE($date) }.
told-resumed = Personal mail to you goes on from now.
told-resumed-already = Personal mail to you was not paused.
told-digest =
    { $state ->
        [on] { OR($weekday, "none") ->
            [none] It is noted that you want a copy of the weekly digest of your own. The group has turned the weekly digest off; once it is on, you get your copy.
           *[other] From now on you get a copy of the weekly digest of your own, every { $weekday } at { $time }.{ OR($paused, "none") ->
                [none] {""}
               *[other] {" "}Personal mail to you is paused until { DATE($paused) }, and so is your copy.
            } To end it, send "digest off".
        }
       *[other] From now on you get no copy of the weekly digest of your own.
    }
told-digest-already =
    { $state ->
        [on] { OR($weekday, "none") ->
            [none] It was noted before that you want a copy of the weekly digest of your own. The group has turned the weekly digest off; once it is on, you get your copy.
           *[other] You already get a copy of the weekly digest of your own, every { $weekday } at { $time }.{ OR($paused, "none") ->
                [none] {""}
               *[other] {" "}Personal mail to you is paused until { DATE($paused) }, and so is your copy.
            } To end it, send "digest off".
        }
       *[other] You already get no copy of the weekly digest of your own.
    }
told-roster =
    { $members ->
        [0] { $organizations ->
            [0] Everything in the group file was in the roster already.
            [one] 1 organization of the group file is new or changed.
           *[other] { $organizations } organizations of the group file are new or changed.
        }
        [one] New or changed from the group file: 1 member, and organizations: { $organizations }.
       *[other] New or changed from the group file: { $members } members, and organizations: { $organizations }.
    }
told-agenda =
    The agenda of { OR($meeting, "an unnamed meeting") } is read: { $actions ->
        [one] 1 action item
       *[other] { $actions } action items
    }, { $contributions ->
        [one] 1 contribution
       *[other] { $contributions } contributions
    }, { $sessions ->
        [one] 1 session
       *[other] { $sessions } sessions
    }. Of these rows, { $new ->
        [0] none is new
        [one] 1 is new
       *[other] { $new } are new
    }, { $changed ->
        [0] none has changed
        [one] 1 has changed
       *[other] { $changed } have changed
    }, and { $same ->
        [0] none is as it was
        [one] 1 is as it was
       *[other] { $same } are as they were
    }.{ $values ->
        [0] { "" }
        [one] { " " }Of the meeting itself, 1 value is new.
       *[other] { " " }Of the meeting itself, { $values } values are new.
    }
told-next-agenda =
    This is the agenda of { OR($meeting, "the next meeting, which is not planned yet") } as it stands: { $actions ->
        [0] no open action item
        [one] 1 open action item
       *[other] { $actions } open action items
    } and { $contributions ->
        [0] no contribution
        [one] 1 contribution
       *[other] { $contributions } contributions
    }.
told-agenda-rulings =
    { $conflicts ->
        [0] Nothing in the agenda contradicts what was said since
        [one] 1 value of the agenda contradicts what was said since
       *[other] { $conflicts } values of the agenda contradict what was said since
    }, and { $doubts ->
        [0] all of it was understood
        [one] 1 place in it was not understood
       *[other] { $doubts } places in it were not understood
    }. Chair or secretary rule on each; to see them, send "list proposed".

told-agenda-difference =
    { $reference }: { FIELD($field) } is "{ DATE($to) }"{ OR($from, "none") ->
        [none] .
       *[other] { " " }(was: "{ DATE($from) }").
    }
told-agenda-taken = { $reference }: { FIELD($field) } is no longer "{ DATE($from) }".
told-agenda-what = { $reference } says "{ $to }" now (said "{ $from }").
told-agenda-who = { $reference } is with { $to } now (was with { $from }).
told-agenda-status = { $reference }: { STATUS($to) } (was: { STATUS($from) }).
told-agenda-decided = { $reference }: { $to } (was: { $from }).
told-agenda-available = { $reference } is available.
told-agenda-moved =
    { $count ->
        [one] 1 contribution is on the agenda of { $to } (was: { $from }).
       *[other] { $count } contributions are on the agenda of { $to } (was: { $from }).
    }
told-agenda-more =
    { $count ->
        [one] There is 1 more; "history" of an item tells what it is now.
       *[other] There are { $count } more; "history" of an item tells what it is now.
    }
told-agenda-older =
    { OR($newer, "none") ->
        [none] This agenda is older than what I read on { DATE($date) }.
       *[other] This agenda is older than that of { $newer }, which I have read.
    } Nothing that has changed since was touched{ $left ->
        [0] .
       *[other] ; what it says otherwise is below. To change any of it after all, send the command for it.
    }
told-agenda-left = { $reference }: { FIELD($field) } stays "{ OR(STATUS(DATE($now)), "empty") }"; this agenda says "{ STATUS(DATE($document)) }".
told-agenda-stays = { $reference } stays { STATUS($now) }; this agenda says "{ OR(STATUS($document), "nothing") }".
told-agenda-session-stays = { $reference }: the sessions stay as they are; this agenda says "{ DATE($document) }".
told-agenda-not-moved =
    { $count ->
        [one] { $reference } is on a later meeting's agenda, and was not put back on that of { $meeting }.
       *[other] { $count } contributions are on a later meeting's agenda, and were not put back on that of { $meeting }.
    }
told-agenda-session-left =
    The session "{ $session }" of { $meeting }, on { DATE($date) } at { $start }, is not in this document, and stays planned.{ OR($label, "none") ->
        [none] { "" }
       *[other] { " " }To call it off, send "cancel session { $label } { $meeting }".
    }

## Why something was not done

refused-agenda-role = This is an agenda, and only chair, vice-chair and secretary can have one taken over by mailing it to me.
refused-not-started = This group has not been started yet. The operator starts it with the group's configuration.
refused-value = A value cannot be kept here: { $reason }.
refused-unknown = There is no action item { $reference } here. To see them all, send "list all".
refused-unknown-near = There is no action item { $reference } here. Did you mean { $near }? If so, send the line again with that.
refused-unknown-contribution = I know no contribution { $reference }. To see those that I know, send "list contributions".
refused-unknown-meeting =
    { $due ->
        [0] I know nothing of { $reference } yet. To see the meetings that I know, send "list meetings".
        [one] I know nothing of { $reference } yet, only that 1 action item is due at it. To see the meetings that I know, send "list meetings".
       *[other] I know nothing of { $reference } yet, only that { $due } action items are due at it. To see the meetings that I know, send "list meetings".
    }
refused-unknown-request = There is no request { $id }. To see what waits, send "list proposed".
refused-unknown-owner = I know no organization, member or role called "{ $owner }". Organizations that I know: { OR($known, "none yet") }. Chair or secretary can add one with its first member, as in "member NAME, ORGANIZATION, ADDRESS".
refused-unknown-member = No current member has the address { $address }. To see who is in the roster, send "list members".
refused-unknown-receipt = I know no mail with the receipt { $receipt }. The receipt stands at the end of my answer to the mail; for your last one, "undo" alone is enough.
refused-ambiguous = { $reference } can mean { $candidates }. Send the line again with the one that you mean.
refused-revision-of-what = I cannot tell which contribution { $revision } is a revision of. Name it in full, as in "status { -a-document }".
refused-foreign = The number { $reference } is another group's, and I keep nothing about it. To see what I keep, send "list all".
refused-is-contribution = { $reference } is a contribution, and this line works on action items. To see the contribution, send "status { $reference }".
refused-is-request = That is request { $id }, and this line works on action items. Chair or secretary rule on it with "accept request { $id }" or "reject request { $id }".
refused-is-meeting = { $reference } is a meeting, and this line works on action items. To see the meeting, send "status { $reference }".
refused-is-deliverable = { $reference } is a deliverable, and this line works on action items. To see where the deliverable stands, send "status { $reference }".
refused-is-approval = That is the e-mail approval of { $of }, and this line works on action items. To see the approval, send "status { $reference }".

refused-no-contribution = { $reference } is no contribution, and this line works on contributions. To see those that I know, send "list contributions".
refused-decides = Only chair, vice-chair and secretary can record what was decided of { $reference }, and the rapporteur of its deliverable ({ OR($deliverable, "none") }).
refused-sources-only = Only the sources of { $reference } ({ OR($source, "nobody that I know") }), the rapporteur of its deliverable, chair, vice-chair and secretary can do that.
refused-one-revision = This line names two revisions of one contribution. Send a line for each that it is about.
refused-two-revisions = The line names two revisions of { $reference }. Send a line for the one that it is about.
refused-which-revision = More than one revision of { $reference } may be meant. Send the line again with the one that you mean: { $candidates }.
refused-revision-far = I know { $candidates }, and { $revision } is far above these. If that is no slip, name the ones between them first.
refused-decided = { $reference } is decided: { $decided }. It goes on with a higher revision, or once chair, vice-chair or secretary have sent "reopen { $reference }".
refused-into-itself = { $reference } cannot be merged into itself. Send the line again with the other contribution.
refused-registered-for = { $reference } "{ $title }" is there already, and its { FIELD($field) } is "{ $now }", not "{ $given }". A document with the other one, mailed to me by chair or secretary as an agenda, changes that.
refused-register-in-full = A contribution is registered by its full number, as in "register { -a-new-document } "Title" for 7.2".
refused-no-status = Request { $id } is not about a contribution's status. Rule on it with "accept request { $id }" or "reject request { $id }".
refused-no-doubt = Only what an agenda says and I do not understand can be ruled a remark, by its row or its request.

refused-which = The line names no action item, and neither does the mail that you replied to. Add its reference, as in "done { -an-action }".
refused-which-row = The mail that you replied to lists several, shown below. Say which one you mean, by its number in that list (as in "1 done") or by its reference.
refused-row-without-mail = I cannot tell which list row { $row } stands in: your mail is no reply to one of mine. Reply to the list, or name the item, as in "done { -an-action }".
refused-no-rows = The mail that you replied to has no rows, so I cannot tell what row { $row } is. Name the item, as in "done { -an-action }".
refused-no-such-row = The mail that you replied to has no row { $row }; its last one is { $last }. Use one of its numbers, or name the item, as in "done { -an-action }".

refused-officers-only = For { $reference }, this is up to chair, vice-chair and secretary. Ask one of them to send this line.
refused-leads-only = { $reference } "{ $what }" is confirmed by a lead of it, chair, vice-chair or secretary. It is with { OR($who, "nobody yet") }. Ask one of them to send "confirm { $reference }".
refused-officers-confirm = In this group, chair, vice-chair or secretary confirm what is done. Ask one of them to send "confirm { $reference }".
refused-interested = { $reference } is open to all interested companies, so chair, vice-chair and secretary keep it. Ask one of them to send this line.
refused-no-owner = { $reference } has no owner yet, so chair, vice-chair and secretary keep it. One of them can give it an owner, as in "assign { $reference } to ORGANIZATION".
refused-not-owner = { $reference } is with { $who }, so they, chair, vice-chair and secretary keep it. Ask one of them to send this line.
refused-only-proposed = { $reference } is only proposed so far. Chair or secretary can make it an action item, with "accept { $reference }".
refused-cancelled = { $reference } is cancelled. Chair or secretary can bring it back, with "reopen { $reference }".
refused-closed = { $reference } is closed. Chair or secretary can bring it back first, with "reopen { $reference }".
refused-not-pending = { $reference } is { STATUS($status) }, so a due date means nothing to it. Chair or secretary can bring it back first, with "reopen { $reference }".
refused-nothing-to-confirm = { $reference } is { STATUS($status) }: nobody has said that it is done, so there is nothing to confirm. If it is done, send "done { $reference }".
refused-past = { DATE($date) } is too early: today is { DATE($today) }. Send the line again with a later date.
refused-far = { DATE($date) } is more than { $years } years ahead. Send the line again with the date that you mean.
refused-meeting-before = { $meeting } was before { $last }, which has begun. Send the line again with a later meeting or a date.
refused-meeting-began = { $meeting } began on { DATE($date) }. Send the line again with a later meeting or a date.
refused-meetings = Meetings are kept by chair, vice-chair and secretary. Ask one of them to send this line.
refused-which-meeting = I cannot tell which meeting you mean. Name it, as in "cancel { -a-meeting }".
refused-plenary-alone = I know no meeting of ours in { $plenary }. Name ours and its plenary, as in "meeting { $prefix }#11 in { $plenary } DATE".
refused-plenary-taken = In { $plenary } we have { $meeting } already, and one meeting is all that there can be. Send the line again with the right plenary.
refused-unplanned-meeting = I know no meeting { $meeting }. To plan it, send "meeting { $meeting } DATE to DATE PLACE"; to see those that I know, "list meetings".
refused-call-past = { DATE($date) }, { $time } is over. Send the line again with the day and time of the call.
refused-meeting-past = { $meeting } is planned for { DATE($planned) }, and these days are over since { DATE($date) }. Send the line again with the days that you mean; if it has taken place already, send "cancel { $meeting }" first.
refused-no-call = I know no call on { DATE($date) }. To see those to come, send "list meetings".
refused-approval-opens = An e-mail approval of { $of } is opened by chair, vice-chair or secretary, and of a contribution also by the rapporteur of its deliverable. Ask one of them to send this line.
refused-approval-long = { DATE($date) } is more than { $days } days ahead, and an approval by e-mail takes at most that. Send the line again with an earlier date.
refused-by-approval =
    { $over ->
        [yes] The e-mail approval of { $reference } waits to be ratified
       *[no] The e-mail approval of { $reference } runs until the end of { DATE($date) }
    }, so it is not decided by this line. Chair, vice-chair or secretary send "ratify { $reference }" after its end, or "not approved { $reference } because REASON" at once.
refused-approval-own-mail = This mail has already changed how the e-mail approval of { $of } stands, and the list must be told of that first. Send "approval { $reference } until { $date }" in a mail of its own.
refused-approval-decided = Of { $of }, it is recorded already that it is approved. To have it decided anew, chair, vice-chair or secretary can undo the mail that approved it, or send "reopen" with the contribution's reference.
refused-approval-early = { $meeting } is not over yet, or I do not know its dates; its minutes can be approved after its last day. To give it dates, send "meeting { $meeting } DATE to DATE".
refused-approval-which =
    { OR($open, "none") ->
        [none] No approval by e-mail is open. Chair or secretary can open one, as in "approval { -a-revision-in-full } until DATE".
       *[other] I cannot tell which approval you mean. Reply to its announcement, or name it, as in "{ $ready }". Open are: { $open }.
    }
refused-approval-near = There is no e-mail approval of { $of }. Did you mean { $near }? If so, send "{ $ready }".
refused-approval-none = There is no e-mail approval of { $of }. Chair or secretary can open one, as in "approval { -a-revision-in-full } until DATE".
refused-approval-ended = The e-mail approval of { $of } has ended: { $state }. To have it taken up again, ask chair or secretary.
refused-no-objection = You have not objected to { $of }, so there is nothing to take back. To support it, send "no objection".
refused-ratifies = Only the chair ratifies, or vice-chair or secretary for the chair. Ask one of them to send this line.
refused-approval-runs = The e-mail approval of { $of } runs until the end of { DATE($date) }; until then members can object. Send the line again after that, or end the approval now with "not approved { $reference } because REASON".
refused-approval-objections =
    { $count ->
        [one] There is an objection to { $of }, by { $names }. To ratify it all the same, send "ratify { $reference } because REASON"; otherwise "not approved { $reference } because REASON".
       *[other] There are objections to { $of }, by { $names }. To ratify it all the same, send "ratify { $reference } because REASON"; otherwise "not approved { $reference } because REASON".
    }
refused-approval-reason = The reason is missing. Send the line again with it, as in "not approved { $of } because REASON".
refused-unknown-deliverable = I know nothing of { $reference }: no contribution affects it, no open action item names it, and it has no rapporteur. To see the contributions, send "list contributions".
refused-history-deliverable = I keep no history of { $reference } as a whole. To see where it stands, send "status { $reference }"; to see what happened to one of its contributions, "history" with that one.
refused-cancelled-meeting = { $meeting } is cancelled. To plan it again, send "meeting { $meeting } DATE to DATE PLACE".
refused-meeting-ends-first = { $meeting } would end on { DATE($end) }, before it begins on { DATE($start) }. Send the line again with both dates.
refused-meeting-long = { $meeting } would take from { DATE($start) } to { DATE($end) }, which is more than { $days } days. Send the line again with both dates.
refused-deadline-late = { $meeting } begins on { DATE($start) }, and its deadline for contributions would be after that, on { DATE($deadline) }. Send the line again with "deadline DATE" behind the meeting's dates.
refused-session-outside = { $meeting } is from { DATE($start) } to { DATE($end) }, and session { $session } would be on { DATE($date) }. Send the line again with a day of the meeting; to move the meeting, send "meeting { $meeting } DATE to DATE".
refused-no-session =
    { OR($known, "none") ->
        [none] No session of { $meeting } is called { $session }. To see its sessions, send "status { $meeting }".
       *[other] No session of { $meeting } is called { $session }. Those that are planned go by { $known }.
    }
refused-sessions-alike = { $count } sessions of { $meeting } are called { $session }, so I cannot tell which one you mean. Use another name, as in "session S9 { $meeting } DATE 09:00-10:15".
refused-no-series =
    I know no meeting yet that gives a new action item its number. Once chair, vice-chair or secretary have sent the days of one, as in "meeting { -a-meeting } { OR($plenary, "none") ->
        [none] {""}
       *[other] in { $plenary }{" "}
    }DATE to DATE PLACE", send the line again.

refused-series-full = The numbers of { $series } are used up. Once the agenda of the next meeting is imported, send the line again.

refused-rulers-only = Chair, vice-chair and secretary rule on what waits. Ask one of them to send this line.
refused-nothing-waits = Nothing about { $reference } waits for a ruling that I could tell. To see all that waits, send "list proposed".
refused-ruled-already =
    { $state ->
        [accepted] Request { $id } has been accepted already. To see what still waits, send "list proposed".
       *[other] Request { $id } has been dropped already. To see what still waits, send "list proposed".
    }
refused-not-yours = Request { $id } asks a member about something of their own, and only they can answer it. To see what waits for you, send "list proposed".

refused-roster = Chair, vice-chair and secretary keep the roster. Ask one of them to send this line; to add an address of your own, send "also ADDRESS".
refused-is-bot = { $address } is my own address or the list's. Give a person's address.
refused-is-announcer = { $address } is a machine's, whose notices of uploads I believe (`announcers` of the configuration). A member needs an address of their own.
refused-no-announcer = { $address } is none of the addresses whose notices are believed (`announcers` of the configuration), or is a member's.
refused-announcer-claimed = Nothing proves that this mail is from { $address }: the mail server has found no signature (DMARC or DKIM) of that domain that is good and covers whom the mail is to.
refused-address-taken = { $address } belongs to another member, and an address can belong to one member only. Send the line again with another address.
refused-member-near = { $organization } has a member { $known } already, with another address. If that is the same person, they can add { $address } with "also { $address }", mailed from the address that I know; if not, write the name so that the two can be told apart.
refused-member-left = { $address } belongs to { $known }, who has left. If { $known } is back, send the line again with that name; if it is somebody else's now, ask the operator to look at it.
refused-organization-comma = I do not know an organization "{ $organization }", and take none with a comma in its name from a mail. Send the line again in three parts, as in "member NAME, ORGANIZATION, ADDRESS", or ask the operator to add it to the group file.
refused-organization-near = The roster has no "{ $organization }", but it has "{ $near }". If you mean that, send the line again with "{ $near }"; if it is another organization, ask the operator to add it to the group file.
refused-last-officer = Without { $name } the group would have neither chair nor vice-chair nor secretary, and nobody could put that right by mail. Give somebody a role first, as in "role ADDRESS secretary".
refused-has-left = The member { $name } has left the group. Bring them back first, as in "member NAME, ORGANIZATION, ADDRESS".
refused-two-members = The addresses that the group file gives for { $name } belong to more than one member of the roster. Give each member an entry of their own in the group file, and import it again.
refused-too-many-confirmations = One mail can ask for only so many confirmations. Send this line again in a mail of its own.
refused-code = I sent no such code to your address. Copy it from my mail, as in "confirm CODE".
refused-nothing-asked = The mail that you replied to asks you nothing. To answer a question of mine, reply to the mail that asks it, or send "confirm CODE" with its code.
refused-confirmed-already = The question about { $address } has been answered already. To have it asked again, send "also { $address }" from an address that I know.
refused-confirmation-expired = The question about { $address } could be answered for { $days } days. To have it asked again, send "also { $address }" from an address that I know.

refused-held-over =
    { $state ->
        [accepted] That question has been answered with yes already, and what it asked about is done.
        [denied] That question has been answered with no already. If you want the change after all, send its line again.
       *[other] That question is not open any more, and nothing was changed. If you want the change, send its line again.
    }
refused-held-which = My mail lists more than one change. To say that one of them is yours, send "confirm CODE" with its code, a line each; if none is yours, reply with "no".
refused-held-expired = That question could be answered for { $days } days, and nothing was changed. If you want the change, send its line again.
refused-held-refuted = My mail server says that this mail is not from the address in its From, so I do not take it as an answer. Please reply from the mail system of your address.

refused-nothing-to-undo = I know no mail of yours that changed something and could be undone. To undo another one, give its receipt, as in "undo RECEIPT".
refused-not-your-mail = Receipt { $receipt } belongs to a mail of somebody else. Ask its sender, chair, vice-chair or secretary to send "undo { $receipt }".
refused-undo-which = Since that line was written, another mail of yours has changed something (receipt { $receipt }). Send "undo RECEIPT" with the receipt of the mail that you mean.
refused-undo-of-undo = Your last mail has itself taken back what the mail with receipt { $took_back } did, and that stays so. To have that back again, send "undo { $receipt }"; to take back an earlier mail as well, send "undo RECEIPT" with its receipt.
refused-undo-old = Your last mail that changed something is of { DATE($date) }, more than { $hours } hours ago. If you mean that one, send "undo { $receipt }".
refused-undo-voice = The mail with receipt { $receipt } holds what { $name } says of an approval or of coming to a meeting, and only they can take that back: ask them to send "undo { $receipt }". An objection can be ratified over, with a reason.
refused-undo-late = What the mail with receipt { $receipt } did could be undone by its sender for { $hours } hours. Chair, vice-chair and secretary still can: ask one of them to send "undo { $receipt }".
refused-undo-depends = Since the mail with receipt { $receipt }, { $reference } has changed ({ FIELD($field) }: "{ OR(STATUS(DATE($now)), "empty") }"). The later mail can be undone first, with the receipt that my answer to it gives.

refused-undo-one = One mail can take back one mail, and nothing was taken back. Send each "undo RECEIPT" in a mail of its own.
refused-undo-last-officer = Without what the mail with receipt { $receipt } did, the group would have neither chair nor vice-chair nor secretary. Give somebody a role first, as in "role ADDRESS secretary".

refused-list-ends =
    { $count ->
        [0] That list is empty.
        [one] That list has 1 row only.
       *[other] That list has { $count } rows only.
    }
refused-no-such-command = I know no command "{ $word }". To see all that I know, send "help".
refused-attend-unknown = I know no meeting { $meeting }. To see those that I know, send "list meetings".
refused-attend-cancelled = The meeting { $meeting } does not take place. To see which do, send "list meetings".
refused-attend-days = Your calendar answers for other days of { $meeting } than the ones that it has now: it begins on { DATE($start) }. To say whether you come, send "attending { $meeting }", "remote { $meeting }" or "regrets { $meeting }".
refused-attend-which = Say of which meeting, as in "attending SEC#11". To see which there are, send "list meetings".
refused-attend-other =
    { OR($attendee, "none") ->
        [none] Your calendar does not say for whom it answers about { $meeting }. To say whether you come, send "attending { $meeting }", "remote { $meeting }" or "regrets { $meeting }".
       *[other] Your calendar answers about { $meeting } for { $attendee }, which is none of your addresses here. To say whether you come, send "attending { $meeting }", "remote { $meeting }" or "regrets { $meeting }".
    }
refused-attend-counter =
    { OR($start, "none") ->
        [none] Your calendar asks for another time for { $meeting }, and nothing has changed: its days are not known yet.
       *[other] Your calendar asks for another time for { $meeting }, and nothing has changed: it is { OR($end, "none") ->
            [none] on { DATE($start) }
           *[other] from { DATE($start) } to { DATE($end) }
        }.
    } Chair or secretary can move it, as in "meeting { $meeting } 2 June 2014 to 6 June 2014". To say whether you come as it is, send "attending { $meeting }", "remote { $meeting }" or "regrets { $meeting }".
refused-attend-tentative = Your calendar says neither yes nor no to { $meeting }, so nothing is noted. Once you know, answer there again, or send "attending { $meeting }", "remote { $meeting }" or "regrets { $meeting }".
refused-meeting-over = The meeting { $meeting } ended on { DATE($date) }; who was there is for its minutes to say.
refused-one-agenda = One mail has one agenda. Send a mail of its own for this one.
refused-not-yet = I know this kind of line ({ $what }), but cannot act on it yet. To see what I can do, send "help".

## Lines that were not applied, because they can be meant in more than one way

line-doubtful-question = This reads as a question. To see where an item stands, send "status REFERENCE"; to change it, send the command alone, as in "done { -an-action }".
line-doubtful-negation = "{ $word }" makes this line say that something is not so. If you want the change, send the command alone, as in "done { -an-action }".
line-doubtful-future = "{ $word }" makes this line speak of something still to come. Once it is so, send the command alone, as in "done { -an-action }".
line-doubtful-tail = I do not understand "{ $tail }" in this line. Leave it out, or make it a remark, as in "done { -an-action } because the text is agreed".
line-doubtful-continuation = This line may belong to the text before it. If it is a command, send it again with an empty line before it.
line-doubtful-which = The text above this line names { $reference }, and this line does not say which item it means. Send it again with the reference, as in "done { $reference }".
line-doubtful-quoted = The text that you quoted above this line names { $references }, and this line does not say what it is about. Send it again with the reference that you mean.
line-not-whole = This line begins like a command, but I do not understand all of it. Send "help { $command }" to see how it is written.
line-voice = I do not understand all of this line, so nothing is recorded: no objection and no support. To object, send "object because REASON"; to support what is to be approved, send "no objection". Where several approvals are open, name the one that you mean, as in "object to { -a-revision-in-full } because REASON".
line-approve =
    { $minutes ->
        [yes] "Approve" can mean more than one thing here, so nothing is recorded. To support the minutes, send "agreed minutes { $reference }"; to ratify them once the time is over, chair or secretary send "ratify minutes { $reference }"; to open an approval by e-mail, "approval minutes { $reference } until DATE".
       *[no] "Approve" can mean more than one thing here, so nothing is recorded. To support what is to be approved by e-mail, send "agreed { OR($reference, "REFERENCE") }"; to ratify it once its time is over, chair or secretary send "ratify { OR($reference, "REFERENCE") }"; what a meeting has approved, chair or secretary record with "{ OR($reference, "REFERENCE") } approved".
    }
line-cancel-approval = There is no such line for an approval by e-mail. To end one that runs, chair or secretary send "not approved { OR($reference, "REFERENCE") } because REASON"; whoever has just opened it can take that back with "undo"; a later end is set with "approval { OR($reference, "REFERENCE") } until DATE".
line-schedule = I know no "schedule". A meeting is planned with "meeting { -a-meeting } DATE to DATE PLACE", a session with "session S1 { -a-meeting } DATE 09:00-10:15", a call with "call DATE 14:00 TITLE"; to see what is planned, send "list meetings".
line-near-miss = I do not know this command. Did you mean "{ $meant }"? If so, send that.
line-date-ambiguous = I can read "{ $date }" as two different days. Write the month's English name, as in "4 May", or the date as YYYY-MM-DD.
line-date-form = I do not take "{ $date }" for a date, as others may read it otherwise. Write the month's English name, as in "4 May", or the date as YYYY-MM-DD.
line-like-reference = "{ $word }" looks like a reference, but it is none of ours, so I have noted nothing. Send the line again with the right reference; for a note that begins with these very characters, put another word before them.
line-row-word = A row is not answered with yes or no. What is held in your name you confirm with "confirm CODE", the code that stands in its row; a request is ruled on with "{ $row } accept" or "{ $row } reject".
line-session-time = A session needs its begin and its end behind its day, in 24 hours, as in "09:00-10:15"; I read "{ OR($given, "nothing") }" there.
line-cancel-session = A session is called off by its name and its meeting, as in "cancel session S1 { -a-meeting }"; I read "{ OR($given, "nothing") }" there.
line-call-range = A call has a begin and no end. Write only that, as in "14:00", and then the title.
line-call-time = A call needs its begin behind its day, in 24 hours, as in "14:00"; I read "{ OR($given, "nothing") }" there.
line-date-over = "{ $date }" was { DATE($over) } and will be { DATE($next) }. Write it with its year, as in "{ DATE($next) }" or as YYYY-MM-DD.
line-date-impossible = There is no day "{ $date }". Write the month's English name, as in "4 May", or the date as YYYY-MM-DD.
line-missing-date =
    { OR($given, "none") ->
        [none] "{ $command }" needs to know until when. Add a date, as in "4 May" or as YYYY-MM-DD.
       *[other] I cannot read "{ $given }" as a date. Write the month's English name, as in "4 May", or the date as YYYY-MM-DD.
    }
line-missing-reference = "{ $command }" needs to know of what. Add the reference, as in "{ $command } { -an-action }".
line-missing-text = The text is missing after "{ $command }". Send the line again with it; to see how it is written, send "help".
line-missing-command = This line names something, but does not say what to do with it. Add a command, as in "done { -an-action }".
line-range = I cannot take "{ $range }" as a range: it must go upwards, over at most { $limit } numbers. Send the line again with a shorter range or with single references.
line-foreign = The number { $reference } is another group's, and I keep nothing about it. To see what I keep, send "list all".
line-too-long = The line is too long: at most { $limit } characters are taken. Send a shorter one, and say where the rest is to be found.
line-too-many = One mail can hold { $limit } commands. Send this line and those behind it again in another mail.
line-agenda-attached = I cannot read this document as an agenda: { $reason }.
line-agenda = This mail holds an agenda, and I have read none of its lines as a command. Where you meant some of them, send these in a mail without the agenda, or put "#" before each, as in "#done { -an-action }".
line-minutes = This mail holds minutes, and I have read none of its lines as a command. Where you meant some of them, send these in a mail without the minutes, or put "#" before each, as in "#done { -an-action }".
line-unclear-owners = I cannot read "{ $owners }" as owners. Write them as the agenda does, as in "assign { -an-action } to Lead ORGANIZATION, ORGANIZATION".
line-unknown-address = I cannot read "{ $address }" as an e-mail address. Write it in full, as in "member NAME, ORGANIZATION, name@example.org".
line-unknown-priority =
    { OR($priority, "none") ->
        [none] The priority is missing. It can be high, medium, low or none, as in "priority { -an-action } high".
       *[other] There is no priority "{ $priority }". It can be high, medium, low or none, as in "priority { -an-action } high".
    }
line-unknown-role = There is no role "{ $role }". It can be chair, vice-chair, secretary or rapporteur of a deliverable, as in "role ADDRESS secretary".

## Answers without lines

intro-encrypted = Your mail is encrypted, and I cannot read it. Nothing was changed. Please send it again without encryption.
intro-nothing-understood =
    I found no command in your mail, and nothing was changed.
    A command stands on a line of its own, as in "done { -an-action }" or "list mine". To see all commands, send "help".

intro-cut =
    { $count ->
        [one] 1 row does not fit into one mail and is left off; the headings count it.
       *[other] { $count } rows do not fit into one mail and are left off; the headings count them.
    } To see the rest, ask for less at a time, as in "status REFERENCE".
intro-cut-told =
    { $count ->
        [one] 1 row does not fit into one mail and is left off; the headings count it.
       *[other] { $count } rows do not fit into one mail and are left off; the headings count them.
    } Each line that asked for them says how to see the rest.
intro-held-dropped = That was neither a clear yes nor a clear no, so what I asked you about is dropped: nothing of it was changed. If you want it after all, send its lines in a reply to this mail.
intro-unknown-sender =
    I know no member of { $group } with your address, and nothing was changed.
    If you are one, write from the address that the group knows. There, "also ADDRESS" adds another one. Chair or secretary can add a new member.

## Headings of lists

list-open = Open action items: { $count }
list-mine = Your open action items: { $count }
list-overdue = Overdue action items: { $count }
list-proposed = Proposed, or waiting for a ruling: { $count }
list-closed = Closed and cancelled action items: { $count }
list-held = Changes asked for in your name, which wait for your word: { $count }
list-all = All action items: { $count }
list-contributions = Contributions: { $count }
list-members = Members: { $count }
list-meetings = Meetings: { $count }
list-approvals = E-mail approvals that are open: { $count }
list-calls = Conference calls to come: { $count }
list-approvals-of = E-mail approvals of { $reference }: { $count }
list-deliverable = { $reference } (rapporteur: { OR($rapporteur, "nobody yet") }), contributions that affect it: { $count }
list-deliverable-items = Open action items that name { $reference }: { $count }
list-thread = Mails that mention { $reference }: { $count }
list-replied = The rows of the mail that you replied to: { $count }
list-status = Where { $reference } stands
list-history = What happened to { $reference }: { $count }
list-commands = What I understand

## The weekly digest

digest-subject =
    {"["}{ $group }] Action items, week { $week }: { $open } open{ $overdue ->
        [0] {""}
       *[other] , { $overdue } overdue
    }
digest-late = This digest comes late: it was due on { $due }.
digest-summary =
    In week { $week } of { $year }, { $open ->
        [0] no action item is open
        [one] 1 action item is open
       *[other] { $open } action items are open
    }{ $overdue ->
        [0] {""}
        [one] , 1 of them overdue
       *[other] , { $overdue } of them overdue
    }.
state-contributions =
    { $count ->
        [one] 1 contribution in work
       *[other] { $count } contributions in work
    }
state-of-these = of these { $stands }
state-weeks = Open action items week by week, from { DATE($first) } until today
digest-nothing-changed =
    { OR($since, "none") ->
        [none] Nothing has changed so far.
       *[other] Nothing has changed since the digest of { DATE($since) }.
    }
digest-how = To say that something is done or needs more time, reply with its number in the lists below, as in "2 done" or "2 extend { DATE($later) }", each on a line of its own. A reply to me alone is as good as one to the list.
digest-changed =
    { OR($since, "none") ->
        [none] What has changed so far: { $count }
       *[other] What has changed since { DATE($since) }: { $count }
    }
digest-more-changed =
    { $count ->
        [one] 1 more has changed, not as lately as these. To see what happened to it, send "history REFERENCE".
       *[other] { $count } more have changed, not as lately as these. To see what happened to one of them, send "history REFERENCE".
    }
digest-cut = More changed than I can count here; the oldest changes are left out.
digest-more-rows =
    { $count ->
        [one] 1 more does not fit here. To see all, send "list open" and "list proposed".
       *[other] { $count } more do not fit here. To see all, send "list open" and "list proposed".
    }
reminder-more-sessions =
    { $count ->
        [one] 1 more session does not fit here. To see all, send "status { $meeting }".
       *[other] { $count } more sessions do not fit here. To see all, send "status { $meeting }".
    }
digest-more-approvals =
    { $count ->
        [one] 1 more e-mail approval does not fit here. To see all, send "list approvals".
       *[other] { $count } more e-mail approvals do not fit here. To see all, send "list approvals".
    }
reminder-more-rows =
    { $count ->
        [one] 1 more does not fit here. To see all that is yours, send "list mine".
       *[other] { $count } more do not fit here. To see all that is yours, send "list mine".
    }
copy-subject =
    {"["}{ $group }] Your copy of the digest, week { $week }: { $open } open{ $overdue ->
        [0] {""}
       *[other] , { $overdue } overdue
    }
copy-how = To say that something is done or needs more time, reply with its number in the lists below, as in "2 done" or "2 extend { DATE($later) }", each on a line of its own. The numbers are those of this mail; the list's digest has its own.
copy-own = Yours: { $count }
copy-unposted = Yours, decided and to be posted: { $count }
copy-expected = Yours, revisions that are expected: { $count }
copy-approvals-how = To object to what is to be approved by e-mail, reply with "object to REFERENCE because REASON"; to support it, with "agreed REFERENCE", each on a line of its own.
copy-footer = This is your own copy of the weekly digest of { $group }. Reply with "digest off" to get none any more, or with "pause until DATE" to get no mail of your own until then.
digest-footer = I keep the action items and contributions of { $group }. Reply to me alone with "help" to see what I understand.

digest-overdue = Overdue: { $count }
digest-soon = Due within { $days } days: { $count }
digest-incomplete = Without owner or due date: { $count }
digest-open = Other open action items: { $count }
digest-proposed = Proposed, to be accepted or rejected: { $count }
digest-rulings = Waiting for a ruling: { $count }
digest-unposted = Decided, and not posted yet: { $count }
digest-expected = Revisions that are expected: { $count }
digest-deliverables = Deliverables with something left to do: { $count }
digest-how-posted = Who has posted one of the documents below says so by its number, as in "{ $row } posted".
digest-approvals = E-mail approvals that close soon: { $count }
digest-approvals-over = E-mail approvals that have closed and wait to be ratified: { $count }
digest-approvals-how = To object to what is to be approved by e-mail, reply with "object to REFERENCE because REASON"; to support it, with "agreed REFERENCE", each on a line of its own. In a reply to the list, put "#" right before the line.

digest-agenda = Agenda
digest-import =
    The agenda was imported on { DATE($date) }. It brought { $actions ->
        [0] no new action item
        [one] 1 new action item
       *[other] { $actions } new action items
    } and { $contributions ->
        [0] nothing new on contributions
        [one] news of 1 contribution
       *[other] news of { $contributions } contributions
    }.
digest-event =
    { OR($mail, "none") ->
        [none] { $changes }, by { $by } on { DATE($date) }
       *[other] { $changes }, by { $by } on { DATE($date) } in "{ $mail }"
    }
digest-event-agenda = { $changes }, by the agenda imported on { DATE($date) }
digest-new = new
digest-status = now { STATUS($to) } (was { OR(STATUS($from), "new") })
digest-note = with a new note: "{ $to }"
digest-note-gone = without the note "{ $from }"
digest-state =
    { OR($to, "none") ->
        [none] taken back
        [open] opened
       *[other] { $to } (was { OR($from, "new") })
    }
digest-until =
    { OR($to, "none") ->
        [none] without an end
       *[other] closes { DATE($to) }
    }
digest-due =
    now { OR($to, "none") ->
        [none] without a due date
       *[other] due { DATE($to) }
    } (was { OR($from, "none") ->
        [none] undated
       *[other] due { DATE($from) }
    })
digest-who = now with { OR($to, "nobody") } (was with { OR($from, "nobody") })
digest-priority = now { OR(PRIORITY($to), "without a priority") } (had { OR(PRIORITY($from), "none") })
digest-said =
    { OR($to, "none") ->
        [none] taken back: { $from }
       *[other] { $to }{ OR($from, "none") ->
            [none] {""}
           *[other] {" "}(was { $from })
        }
    }
digest-time =
    { OR($to, "none") ->
        [none] called off (was to begin at { $from })
       *[other] begins at { $to }{ OR($from, "none") ->
            [none] {""}
           *[other] {" "}(was { $from })
        }
    }
digest-planned =
    planned for { $dates }{ OR($place, "none") ->
        [none] {""}
       *[other] , { $place }
    }{ OR($deadline, "none") ->
        [none] {""}
       *[other] ; contributions until { DATE($deadline) }
    }{ $sessions ->
        [0] {""}
        [one] ; 1 session
       *[other] ; { $sessions } sessions
    }
digest-field =
    { OR($to, "none") ->
        [none] no { FIELD($field) } any more (was "{ STATUS(DATE($from)) }")
       *[other] { OR($from, "none") ->
            [none] { FIELD($field) }: "{ STATUS(DATE($to)) }"
           *[other] now its { FIELD($field) } is "{ STATUS(DATE($to)) }" (was "{ STATUS(DATE($from)) }")
        }
    }

## Replies that are ready, which a click opens; a command is none of these words

link-reply = Reply:
link-officers = Chair or secretary:
link-comes = Reply for { $meeting }:
link-done = done
link-later = more time, until { DATE($until) }
link-confirm = confirm that it is done
link-accept = accept
link-reject = reject
link-posted = posted
link-support = support
link-object = object
link-ratify = ratify
link-attending = I come
link-remote = I take part remotely
link-regrets = I do not come

## Reminders: before a meeting and its deadline, and of what is somebody's own

reminder-subject-meeting =
    {"["}{ $group }] { $meeting } { $days ->
        [0] begins today
        [1] begins tomorrow
       *[other] begins in { $days } days
    }: { $open } open{ $overdue ->
        [0] {""}
       *[other] , { $overdue } overdue
    }
reminder-subject-deadline =
    {"["}{ $group }] Contributions to { $meeting } are due { $days ->
        [0] today
        [1] tomorrow
       *[other] in { $days } days
    }
reminder-subject-own-meeting =
    {"["}{ $group }] { $meeting } { $days ->
        [0] begins today
        [1] begins tomorrow
       *[other] begins in { $days } days
    }: { $open ->
        [one] your open action item
       *[other] your { $open } open action items
    }{ $documents ->
        [0] {""}
        [one] , 1 document to be posted
       *[other] , { $documents } documents to be posted
    }
reminder-subject-authors =
    {"["}{ $group }] { $meeting } { $days ->
        [0] begins today
        [1] begins tomorrow
       *[other] begins in { $days } days
    }: { $documents ->
        [one] 1 document to be posted
       *[other] { $documents } documents to be posted
    }
reminder-subject-officers =
    {"["}{ $group }] { $meeting } { $days ->
        [0] begins today
        [1] begins tomorrow
       *[other] begins in { $days } days
    }: who comes
reminder-subject-own =
    {"["}{ $group }] Your action items: { $open } open{ $overdue ->
        [0] {""}
       *[other] , { $overdue } overdue
    }
reminder-subject-one =
    {"["}{ $group }] Your action item { $reference } { $overdue ->
        [0] is due soon
       *[other] is overdue
    }
reminder-subject-approval = {"["}{ $group }] E-mail approval of { $of } closes { DATE($until) }
reminder-subject-approvals = {"["}{ $group }] E-mail approvals that close soon
reminder-subject-call = {"["}{ $group }] Conference call on { DATE($date) }, { $time }
reminder-subject-ratify = {"["}{ $group }] To be ratified: { $of }
reminder-subject-ratify-more = {"["}{ $group }] E-mail approvals to be ratified
reminder-late = This reminder comes late: it was due on { $due }.
digest-partly-late = Some of this comes late: it was due on { $due }.
reminder-meeting =
    { OR($place, "none") ->
        [none] { $meeting }
       *[other] { $meeting } ({ $place })
    } begins { $days ->
        [0] today
        [1] tomorrow
       *[other] in { $days } days
    }, on { $date }.
reminder-meeting-deadline = Contributions to it are due by the end of { $date }.
reminder-deadline =
    Contributions to { $meeting } are due { $days ->
        [0] today
        [1] tomorrow
       *[other] in { $days } days
    }, by the end of { $date }.
reminder-no-documents = No contributions are on its agenda yet.
reminder-state =
    { $open ->
        [0] No action item is open
        [one] 1 action item is open
       *[other] { $open } action items are open
    }{ $overdue ->
        [0] {""}
        [one] , 1 of them overdue
       *[other] , { $overdue } of them overdue
    }.
reminder-own =
    { $open ->
        [one] This action item is yours{ $overdue ->
            [0] {""}
           *[other] , and it is overdue
        }.
       *[other] These { $open } action items are yours{ $overdue ->
            [0] {""}
            [one] , 1 of them overdue
           *[other] , { $overdue } of them overdue
        }.
    }
reminder-organization =
    { $open ->
        [one] This action item is with { $organization }{ $overdue ->
            [0] {""}
           *[other] , and it is overdue
        }.
       *[other] These { $open } action items are with { $organization }{ $overdue ->
            [0] {""}
            [one] , 1 of them overdue
           *[other] , { $overdue } of them overdue
        }.
    }
reminder-how = When one is done, reply with its number, as in "2 done"; if it needs more time, with "2 extend { DATE($later) }", each on a line of its own. To leave a note, reply with "2 note TEXT".
reminder-how-one = When it is done, reply with "done"; if it needs more time, with "extend { DATE($later) }". To leave a note, reply with "note TEXT".
reminder-how-contact = A member of { $organization } can tell me when one is done, from an address that I know of theirs; to a mail from this address I can do nothing.
reminder-ratify-how = Its time is over, and nothing is decided until you say so. Reply with "ratify", or with "not approved because REASON". Over an objection, ratifying needs a reason, as in "ratify because REASON".
reminder-ratify-how-more = The time of these e-mail approvals is over, and nothing is decided until you say so. Reply with "ratify REFERENCE", or with "not approved REFERENCE because REASON", a line each. Over an objection, ratifying needs a reason, as in "ratify REFERENCE because REASON".
reminder-footer = You get this because you own action items of { $group }. Reply with "list mine" to see all that is yours, or with "pause until DATE" to get no such mail until then.
reminder-footer-ratify = You get this because you ratify what { $group } approves by e-mail. Reply with "help" to see what I understand.
reminder-footer-authors = You get this because you, or your organization, gave these documents to { $group }. Reply with "pause until DATE" to get no such mail until then.
reminder-footer-officers = You get this because you are chair, vice-chair or secretary of { $group }. Reply with "pause until DATE" to get no such mail until then.
reminder-footer-contact = You get this because you are the contact of { $organization } in { $group }. Chair or secretary can name another one.
reminder-sessions = Sessions: { $count }
reminder-at-meeting = Due by { $meeting }: { $count }
reminder-soon = Due soon: { $count }
reminder-open = Open: { $count }
reminder-documents =
    { OR($item, "none") ->
        [none] { $meeting }, without an agenda item: { $count }
       *[other] { $meeting }, agenda item { $item }: { $count }
    }
reminder-decided = { $meeting }, decided; nothing is left to decide on these: { $count }
reminder-more-documents =
    { $count ->
        [one] 1 more document does not fit here. To see all, send "list contributions".
       *[other] { $count } more documents do not fit here. To see all, send "list contributions".
    }

## After a meeting: its report, and what is to be posted

report-subject =
    {"["}{ $group }] { $meeting }: { $decided ->
        [0] no decisions
        [one] 1 decision
       *[other] { $decided } decisions
    }, { $opened ->
        [one] 1 new action item
       *[other] { $opened } new action items
    }
report-told =
    { $meeting } ended on { $date }. { $decided ->
        [0] No contribution was decided
        [one] 1 contribution was decided
       *[other] { $decided } contributions were decided
    }; { $opened ->
        [0] no action item was opened
        [one] 1 action item was opened
       *[other] { $opened } action items were opened
    } and { $closed ->
        [0] none was closed
        [one] 1 was closed
       *[other] { $closed } were closed
    }.
report-decisions =
    { OR($item, "none") ->
        [none] Decided, without an agenda item: { $count }
       *[other] Decided, agenda item { $item }: { $count }
    }
report-opened = Action items opened: { $count }
report-closed = Action items closed: { $count }
report-untreated = Not treated: { $count }
document-stands = { $stands }
document-untreated = not treated
document-unposted = { OR($outcome, "decided") }, not posted
document-expected = expected
document-expected-any = a higher revision is expected
document-since =
    since { OR($revision, "it") } was { $outcome } on { DATE($on) }{ OR($at, "none") ->
        [none] {""}
       *[other] {" "}at { $at }
    }
deliverable-stands =
    { $count ->
        [one] 1 contribution
       *[other] { $count } contributions
    }: { $stands }
deliverable-unposted = { $count } to be posted
deliverable-expected =
    { $count ->
        [one] 1 revision expected
       *[other] { $count } revisions expected
    }
deliverable-left = { $stands }: { $references }
row-deliverable-left =
    Left: { $left }{ $more ->
        [0] {""}
       *[other] ; and { $more } more
    }
row-rapporteur = Rapporteur: { $names }
chaser-subject-one = {"["}{ $group }] To be posted: { $reference }
chaser-subject = {"["}{ $group }] To be posted: { $count } documents
chaser-told =
    { $count ->
        [one] This document is still to be posted.
       *[other] These { $count } documents are still to be posted.
    }
chaser-how = When a document is posted, reply with its number, as in "{ $row } posted"; or attach the file, named by its reference and title, to a mail to me.
chaser-how-named = Where no revision is named, say which one it is, as in "posted REFERENCE".
chaser-how-contact = A member of { $organization } can tell me when a document is posted, from an address that I know of theirs; to a mail from this address I can do nothing.
reminder-footer-chaser = You get this because you, or your organization, gave these documents to { $group }, or because you are its chair. Reply with "pause until DATE" to get no such mail until then.

## Meetings: announcements, invitations, and who comes

calendar-meeting =
    { OR($plenary, "none") ->
        [none] { $group }: { $meeting }
       *[other] { $group }: { $meeting } ({ $plenary })
    }
calendar-call =
    { OR($title, "none") ->
        [none] { $group }: conference call
       *[other] { $group }: conference call: { $title }
    }
calendar-deadline = { $meeting }: contributions are due by the end of today
calendar-session = { $meeting }: { $title }
calendar-session-line = { $day }, { $start } to { $end }: { $title }

meeting-subject = {"["}{ $group }] { $meeting } is planned: { $dates }
meeting-subject-moved = {"["}{ $group }] { $meeting } is moved: { $dates }
meeting-subject-changed = {"["}{ $group }] { $meeting } has changed: { $dates }
meeting-subject-cancelled = {"["}{ $group }] { $meeting } does not take place: { $dates }
meeting-planned =
    { OR($place, "none") ->
        [none] { $meeting } is planned: { $dates }.
       *[other] { $meeting } is planned: { $dates }, { $place }.
    }{ OR($by, "none") ->
        [none] {""}
       *[other] {" "}The plan is by { $by }.
    }
meeting-changed =
    { OR($place, "none") ->
        [none] The plan of { $meeting } has changed. It is now: { $dates }.
       *[other] The plan of { $meeting } has changed. It is now: { $dates }, { $place }.
    }{ OR($by, "none") ->
        [none] {""}
       *[other] {" "}The change is by { $by }.
    }
meeting-cancelled =
    The meeting { $meeting } ({ $dates }) does not take place.{ OR($by, "none") ->
        [none] {""}
       *[other] {" "}It was called off by { $by }.
    }
meeting-was = Before, it was: { $dates }.
meeting-was-in =
    { OR($place, "none") ->
        [none] Before, its place was not known.
       *[other] Before, its place was: { $place }.
    }
meeting-deadline-was =
    { OR($is, "none") ->
        [none] It has no deadline for contributions any more; before, it was { DATE($was) }.
       *[other] Contributions to it are due by the end of { DATE($is) }; before, { OR($was, "none") ->
            [none] there was no deadline
           *[other] it was { DATE($was) }
        }.
    }
meeting-sessions-changed = Its sessions have changed.
meeting-now = What belongs to it
meeting-how = Whether you come, say in your calendar, or reply to me alone with "attending", "remote" or "regrets".
meeting-how-again = Its days are others, so please say again whether you come: in your calendar, or reply to me alone with "attending", "remote" or "regrets".
meeting-how-list = Whether you come, say by a reply to me alone: "attending", "remote" or "regrets". For your calendar, the meeting is attached.
meeting-how-own = Whether you come, say by a reply to this mail: "attending", "remote" or "regrets".
meeting-how-which = Whether you come, say by a mail to me alone, as in "attending { $meeting }", "remote { $meeting }" or "regrets { $meeting }".
meeting-so-far = Who has answered so far for { $meeting }: { $counts }.
meeting-who = Who comes to { $meeting }

answer-attending = At the place
answer-remote = Remotely
answer-regrets = Regrets
count-attending =
    { $count ->
        [one] 1 attends
       *[other] { $count } attend
    }
count-remote =
    { $count ->
        [one] 1 takes part remotely
       *[other] { $count } take part remotely
    }
count-regrets =
    { $count ->
        [one] 1 sends regrets
       *[other] { $count } send regrets
    }

## What waits for a ruling

waits-extension = { OR($by, "An owner") } asks to have { $reference } due { DATE($due) }. Rule on it with "accept request { $id }" or "reject request { $id }".
waits-conflict = { $reference }: for { FIELD($field) }, the agenda says "{ OR(STATUS(DATE($document)), "nothing") }", and what was said since is "{ OR(STATUS(DATE($ours)), "empty") }". To take the agenda's word, send "accept request { $id }"; to keep what it is, "reject request { $id }".
waits-doubt = The agenda says what I do not understand: { $text }. When you have seen to it, send "accept request { $id }".
waits-upload = A notice of { OR($machine, "a machine") } says that { $document } was uploaded, and { $highest } is the highest revision that I know. If that is right, send "accept request { $id }", which posts it; if not, "reject request { $id }".
waits-held = A member was asked whether a mail is theirs.
waits-held-own = On { DATE($date) }, a mail in your name asked for "{ $lines }". If that was you, send "confirm { $code }". It is dropped after { $days } days.
waits-address = { OR($by, "A member") } was asked to confirm the address { $address }.

## Mails to people who did not ask

notice-also-subject = Please confirm the address { $address }
notice-also-why = The member { $name } says that { $address } is an address of theirs too. What is mailed from it would then count as theirs.
notice-also-how = If that is right, reply with "confirm { $code }" within { $days } days. Both addresses of the member are asked, and both must say yes.
notice-also-else = If it is not right, reply with "no". If you do nothing, nothing changes.

notice-approval-opened-subject = {"["}{ $group }] E-mail approval of { $of } until { DATE($until) }
notice-approval-opened =
    { OR($by, "A member") } asks the group to approve { $of }{ OR($title, "none") ->
        [none] {""}
       *[other] {" "}"{ $title }"
    } by e-mail. The approval closes at the end of { DATE($until) }. Who has nothing against it need not do anything.
notice-late-objection-subject = Late objection to { $of }
notice-late-objection =
    An objection to { $of } by { OR($by, "a former member") } waited to be confirmed, and came after the e-mail approval had ended ({ $state }). It is recorded as late, and nothing else is changed{ OR($because, "none") ->
        [none] .
       *[other] : { $because }
    }
notice-late-objection-how = To see the approval, send "status { $reference }". Whoever ratified it can take that back within 24 hours with "undo", chair and secretary also later with its receipt.
notice-approval-how = To object, reply to me with "object because REASON", on a line of its own; to take that back, with "withdraw objection"; to support it, with "no objection". In a reply to the list, put "#" right before the line.
notice-call-planned-subject = {"["}{ $group }] Call on { DATE($date) }, { $time }
notice-call-planned =
    { $by } has planned a conference call on { DATE($date) } at { $time }{ OR($title, "none") ->
        [none] {""}
       *[other] : { $title }
    }.
notice-call-moved-subject = {"["}{ $group }] Call on { DATE($date) } now at { $time }
notice-call-moved =
    { $by } has changed the conference call of { DATE($date) }: it begins at { $time }{ OR($title, "none") ->
        [none] {""}
       *[other] : { $title }
    }.
notice-call-cancelled-subject = {"["}{ $group }] No call on { DATE($date) }
notice-call-cancelled = { $by } has called off the conference call of { DATE($date) }.
notice-approval-moved-subject = {"["}{ $group }] E-mail approval of { $of } now until { DATE($until) }
notice-approval-moved =
    The e-mail approval of { $of }{ OR($title, "none") ->
        [none] {""}
       *[other] {" "}"{ $title }"
    } closes at the end of { DATE($until) } now. That was changed by { OR($by, "a member") }.
notice-approval-approved-subject = {"["}{ $group }] Approved by e-mail: { $of }
notice-approval-approved =
    Approved by e-mail: { $of }{ OR($title, "none") ->
        [none] {""}
       *[other] {" "}"{ $title }"
    }, ratified by { OR($by, "an officer") }{ OR($chair, "none") ->
        [none] .
       *[other] {" "}for the chair.
    }{ OR($reason, "none") ->
        [none] {""}
       *[other] {" "}Reason: { $reason }.
    }
notice-approval-not-subject = {"["}{ $group }] Not approved by e-mail: { $of }
notice-approval-not =
    Not approved by e-mail, as { OR($by, "an officer") } says{ OR($chair, "none") ->
        [none] {""}
       *[other] {" "}for the chair
    }: { $of }{ OR($title, "none") ->
        [none] {""}
       *[other] {" "}"{ $title }"
    }. Reason: { OR($reason, "none given") }.
notice-approval-back-subject = {"["}{ $group }] Taken back: what the e-mail approval of { $of } came to
notice-approval-back = What the e-mail approval of { $of } came to is taken back by { OR($by, "an officer") }. It waits to be ratified again.
notice-approval-cancelled-subject = {"["}{ $group }] Taken back: e-mail approval of { $of }
notice-approval-cancelled = The e-mail approval of { $of } is taken back by { OR($by, "an officer") }. There is nothing to do about it any more.
notice-approval-objections = Objections by { $names }.
notice-approval-support = Supported by { $names }.

notice-held-subject =
    { $count ->
        [one] Is this yours? 1 change waits for your word
       *[other] Is this yours? { $count } changes wait for your word
    }
notice-held-why =
    { $way ->
        [list] A mail on the list, from { $from }, reached me on { DATE($date) } (subject: { OR($subject, "none") }). I cannot tell whether you wrote it, so I have changed nothing. It asks for this; below each line is what I would answer you then:
       *[other] A mail from { $from } reached me on { DATE($date) } (subject: { OR($subject, "none") }). I cannot tell whether you wrote it, so I have changed nothing. It asks for this; below each line is what I would answer you then:
    }
notice-held-refuted = A mail from { $from } reached me on { DATE($date) } (subject: { OR($subject, "none") }). My mail server says that it is not from that address, so I have changed nothing. It asks for this; below each line is what I would answer you then:
notice-held-line = > { $line }
notice-held-not = I would refuse that, as things stand:
notice-held-how = If it is yours, reply with "yes", or send "confirm { $code }", within { $days } days. I will do it then, as far as it is still possible.
notice-held-no = If it is not yours, reply with "no": nothing is changed, and the operator is told.
notice-held-else = If you do nothing, nothing changes.
notice-held-last = This is the last such question for a day. What else comes in your name is held in the same way; to see it, send "list held".
notice-held-more =
    { $count ->
        [one] 1 more change in your name waits, about which I sent no mail. To see it, send "list held".
       *[other] { $count } more changes in your name wait, about which I sent no mail. To see them, send "list held".
    }

## What each command does

help-done = Says that an item is done. From its lead, chair, vice-chair or secretary this closes it; from a supporter it waits to be confirmed. What follows "because" becomes a note.
help-confirm = Closes an item that is done and waits to be confirmed. For its lead, chair, vice-chair and secretary.
help-reopen = Opens an item again. For chair, vice-chair and secretary.
help-ongoing = Says that work on an item is under way. For its owners, chair, vice-chair and secretary.
help-cancel = Gives an item up, or calls a meeting off. For chair, vice-chair and secretary.
help-note = Adds a note to an item. For its owners, chair, vice-chair and secretary.
help-priority = Sets an item's priority, or takes it away. For chair, vice-chair and secretary.
help-what = Corrects what an item says. For chair, vice-chair and secretary.
help-due = Sets until when an item is to be done, or takes that away with "none". From an owner it asks chair and secretary for the date.
help-extend = Asks chair and secretary for more time; from one of them it sets the date.
help-assign = Gives an item other owners, in the agenda's notation: with "Lead A, B" A leads and B supports, with "Lead A + B" both lead. For chair, vice-chair and secretary.
help-action = Makes a new action item with the next number. From a member without a role it is a proposal, and counts once it is accepted.
help-accept = Accepts a proposal or a request; a request is named as in "accept request 3". For chair, vice-chair and secretary.
help-reject = Rejects a proposal or a request; a request is named as in "reject request 3". For chair, vice-chair and secretary.
help-meeting = Plans a meeting; sent again, it moves it. "cancel { -a-meeting }" calls it off. For chair, vice-chair and secretary.
help-attend = Says whether you come to a meeting, at the place, remotely or not at all; the newest word counts. In a reply to a mail about one meeting, it need not be named.
help-session = Adds a session to a meeting, in local time; sent again, it moves it. "cancel session S1 { -a-meeting }" calls it off. For chair, vice-chair and secretary.
help-call = Plans a conference call, in the group's time zone; sent again for the same day, it moves it. "cancel call DATE" calls it off. For chair, vice-chair and secretary.
help-member = Adds a member to the roster; to take one out, write "member ADDRESS left". For chair, vice-chair and secretary.
help-role = Makes a member chair, vice-chair, secretary or rapporteur of a deliverable; "no" before the role takes it away. For chair, vice-chair and secretary.
help-also = Adds another address of your own, once both addresses have confirmed it.
help-status = Shows where something stands; without a reference, all open action items.
help-list = Lists open action items, or what the word behind it says. "list held" shows what somebody has asked for in your name and waits for your word. A list that does not fit into a mail says how to see the rest, as in "list mine from 51".
help-list-more = Lists what else I keep: with "approvals" those by e-mail that run or wait to be ratified, with "calls" the conference calls to come.
help-history = Shows what happened to something: when, by whom and by which mail.
help-agenda = Makes the agenda of a meeting, else of the next one: action items, contributions by agenda item, sessions, as tables and as a document of Word.
help-help = Shows all commands, or the one named.
help-pause = Stops personal mail to you until that day; answers to your mails still come.
help-resume = Ends a pause.
help-digest = Sends you a copy of the weekly digest of your own, or no longer. While personal mail to you is paused, there is none.
help-decide = Records what was decided of a contribution, in the words of the agenda's status column, as in "{ -a-revision-in-full } agreed" or "{ -a-revision-in-short } noted, expect { -a-revision }". From chair, vice-chair, secretary, and the rapporteur of its deliverable.
help-posted = Says that a revision of a contribution is available. From its sources, chair, vice-chair and secretary.
help-withdraw = Takes a contribution back. From its sources, chair, vice-chair and secretary.
help-register = Makes a contribution known that no agenda lists yet, with its agenda item or the deliverable that it affects, as in "register { -a-new-document } "Title" for 7.2, TS-0003".
help-approval = Opens an approval by e-mail of a contribution's revision, as in "approval { -a-revision-in-short } until DATE", or of a meeting's minutes, as in "approval minutes { -a-meeting } until DATE"; sent again, it moves its end. For chair, vice-chair, secretary, and the rapporteur of the deliverable.
help-object = Objects to what is to be approved by e-mail, or with "agreed" or "no objection" supports it; "withdraw objection" takes an objection back. In a reply to the announcement no reference is needed. For every member.
help-ratify = Records that what was to be approved by e-mail is approved, once its time is over; "not approved REF because TEXT" that it is not. For the chair, or vice-chair or secretary in the chair's place.
help-undo = Takes back all that one mail of yours did, within 24 hours, where nothing later depends on it; without a receipt, your last one. Chair, vice-chair and secretary can undo any mail.
help-dry-run = As the first line of a mail: I say what the rest would do, and do nothing.
help-quit = Ends the commands of a mail; what follows is not read.

# The pages of the group (`minuted page`).
page-skip = Skip to the content
page-pages = Pages
page-contents = On this page
page-overview = Overview
page-documents = All contributions
page-closed = Closed action items
page-list = List
page-footer = Written by minuted, which keeps this group's action items by mail. The link of a mail opens it in a mail program that has it.
page-as-of = As it stood after the last change, { $at }.
page-nothing-yet = Nothing has happened yet.
page-none = None.
page-actions = Open action items
page-open-count =
    { $count ->
        [one] One open
       *[other] { $count } open
    }, { $overdue ->
        [0] none overdue
       *[other] { $overdue } overdue
    }.
page-contributions = Contributions by agenda item
page-no-item = Without an agenda item
page-approvals = Approvals by e-mail
page-meetings = Meetings
page-calls = Conference calls
page-over-time = Open action items over time
page-by-state = Contributions by where they stand
page-burn-down = { $at_first } open on { $first }, at most { $most } on { $peak }, { $now } now.
page-what = What
page-who = Who
page-status = Status
page-due = Due
page-overdue = overdue: { $due }
page-revisions = Revisions
page-revision = Revision
page-expected = { $revision } expected
page-stands = Stands at
page-left = Left to do
page-dates = Dates
page-place = Place
page-sessions = Sessions
page-time = Begins
page-said = What was said
page-number = Number
page-share = In comparison
page-state = Where it stands
page-notes = notes
page-was = proposed as
page-links = joined to
page-available = Available
page-listed = listed
page-posted = posted
page-not-available = not available yet
page-decided = Decided
page-history = History
page-by = By
page-changed = { $field }: { $to } (was { $from })
page-set = { $field }: { $to }
page-removed = { $field }: nothing (was { $from })
page-touched = { $field }
page-mails = Mails about it
page-subject = Subject
page-no-subject = no subject
page-from = From
page-mail = (mail)
page-address = (address)
page-somebody = somebody who is not in the roster
