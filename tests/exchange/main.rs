//! Conversations: real mails go in, and what minuted answers and keeps comes out.
//!
//! A conversation is a folder beside this file: its mails in order of their names (`01-done.eml`),
//! what the operator does (`02-next.agenda`, `03-ruled.operator`), times that pass (`04-monday.time`), `story.toml` (see
//! [`Settings`]), and `story.snap`: every answer, and what was changed. It is played through the real
//! steps on a real database and real Maildirs; only the clock is the mails' own.
//!
//! Each is played twice, its mails with LF and with CRLF, and must come to the same. Whatever it is
//! about, afterwards
//! - the journal, replayed, gives the same state,
//! - running the steps again does nothing,
//! - the same mails found again under other names (as after a changed mailbox) do nothing, and
//! - every mail of the outbox lies in the outgoing Maildir once.
//!
//! `tests/servers` plays them once more, through an IMAP and an SMTP server, and they must come to the same.
//!
//! A line `{click:2:done A-WG4-TP8-003}` stands for what a mail program makes of the link of mail 2 with that command: To,
//! Subject and text.
//!
//! A new one is written down below, and `INSTA_UPDATE=always cargo test --test exchange NAME` makes its
//! `story.snap`, which is then read as a person would who gets these answers.
//!
//! [`Settings`]: story::Settings

mod carrier;
mod maildir;
mod story;
mod transcript;
mod world;

use story::Story;

/// Plays a conversation and compares what came of it.
fn play(name: &str) {
    let story = Story::read(name);
    let [lf, crlf] = ["\n", "\r\n"].map(|line_end| world::play(&story, line_end, maildir::Maildirs::default()));
    line_ends_mean_nothing(name, &lf, &crlf);
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(&story.folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(story.shows.clone());
    settings.bind(|| insta::assert_snapshot!("story", lf));
}

/// The line ends of a mail mean nothing.
fn line_ends_mean_nothing(name: &str, lf: &str, crlf: &str) {
    for (with_lf, with_crlf) in lf.lines().zip(crlf.lines()) {
        assert_eq!(with_lf, with_crlf, "{name}: LF and CRLF come to different things");
    }
    assert_eq!(lf.lines().count(), crlf.lines().count(), "{name}: LF and CRLF come to different things");
}

macro_rules! conversations {
    ($($name:ident),* $(,)?) => {
        $(#[test] fn $name() { play(stringify!($name)); })*

        #[test]
        fn every_conversation_is_played() {
            let mut played = vec![$(stringify!($name)),*];
            played.sort_unstable();
            assert_eq!(played, story::all());
        }
    };
}

conversations! {
    a_calendars_answer_that_is_not_proven_is_held,
    a_calendars_later_answer_counts,
    a_claimed_approval_waits_for_the_chairs_yes,
    a_copy_that_is_found_again_does_nothing,
    a_deliverable_tells_where_it_stands,
    a_digest_that_was_missed_goes_late_or_not_at_all,
    a_direct_copy_and_then_the_lists_are_one,
    a_dmarc_fail_outweighs_a_token_and_a_code,
    a_file_that_is_not_posted_is_told,
    a_flood_of_forged_mails_neither_silences_nor_floods,
    a_forwarded_command_does_not_act,
    a_from_that_the_list_rewrote_is_held,
    a_group_may_have_other_addresses_with_tokens,
    a_group_of_3gpp_has_its_own_numbers,
    a_group_of_etsi_has_its_own_numbers,
    a_group_without_agenda_has_no_series,
    a_held_line_says_what_it_would_do,
    a_held_mail_is_confirmed_by_its_code,
    a_held_undo_means_the_mail_of_then,
    a_later_copy_runs_what_the_first_could_not,
    a_leads_done_closes,
    a_list_that_rewrites_from_is_seen_through,
    a_lists_copy_after_a_proven_one_asks_nobody,
    a_lists_copy_and_then_the_direct_are_one,
    a_machines_mail_is_never_answered,
    a_members_command_counts_below_words_of_a_machine,
    a_mail_over_the_limit_is_held,
    a_member_gets_a_copy_of_the_digest,
    a_mail_that_takes_anothers_message_id_stays_held,
    a_meeting_is_announced_moved_and_called_off,
    a_meeting_is_reported_and_what_is_to_be_posted_is_chased,
    a_meeting_reminder_is_answered_on_the_list_and_in_private,
    a_personal_reminder_is_answered_with_done,
    a_mail_to_list_and_bot_counts,
    a_mail_without_id_or_date_acts_once,
    a_near_miss_is_asked_about,
    a_new_owner_of_a_name_gets_nothing_of_what_was_held,
    a_notice_of_an_announcer_posts,
    a_notice_of_an_announcer_waits_for_its_proof,
    a_pass_of_the_mail_server_proves_the_sender,
    a_proposal_is_accepted_and_gets_a_number,
    a_proposal_is_rejected,
    a_proven_copy_does_nothing_that_a_forged_one_asked_for,
    a_proven_copy_does_what_a_claimed_one_was_refused,
    a_proven_copy_releases_what_the_lists_copy_held,
    a_proven_lists_copy_does_no_more_than_it_says,
    a_proven_mail_counts_though_its_message_id_was_taken,
    a_proven_mail_makes_the_question_idle,
    a_question_that_a_list_has_seen_is_dropped,
    a_quoted_command_does_not_act,
    a_reply_that_is_ready_acts,
    any_other_reply_drops_what_is_held,
    a_reply_to_an_answer_reaches_the_bot_by_the_list,
    a_reply_with_a_token_proves_the_sender,
    a_signature_does_not_act,
    a_signed_mail_that_is_sent_again_is_held,
    a_signed_post_that_is_sent_on_to_the_bot_is_held,
    a_subject_is_read_where_the_text_is_empty,
    a_supporters_done_waits_for_a_lead,
    a_tag_in_the_bots_address_is_the_bot,
    a_token_expires,
    a_token_of_somebody_else_proves_nothing,
    a_token_that_others_have_read_proves_nothing_more,
    a_token_that_was_seen_on_the_list_proves_nothing,
    a_weekly_digest_goes_to_the_list_once,
    a_wish_for_more_time_is_rejected_or_overtaken,
    an_absence_that_is_not_certain_pauses_nothing,
    an_action_that_a_decision_words_is_proposed,
    an_address_is_added_only_after_the_member_agrees,
    an_address_that_was_confirmed_can_be_taken_back,
    an_agenda_taken_back_comes_again,
    an_attached_agenda_is_imported_for_the_secretary,
    an_attached_agenda_of_a_claimed_sender_is_held,
    an_attached_agenda_of_a_member_or_on_the_list_is_not_imported,
    an_attached_contribution_of_a_claimed_sender_is_held,
    an_agenda_in_a_mail_to_list_and_bot_changes_nothing,
    an_answer_below_a_quoted_item_is_about_that_item,
    an_answer_below_several_quoted_items_changes_nothing,
    an_approval_by_email_runs_its_course,
    an_archive_mail_does_not_act,
    an_edited_agenda_keeps_what_members_closed,
    an_encrypted_mail_gets_an_error,
    an_html_mail_is_read,
    an_item_of_a_role_is_its_holders,
    an_objection_confirmed_too_late_is_not_lost,
    an_officers_action_counts_at_once,
    an_older_agenda_takes_nothing_back,
    an_owner_asks_for_more_time,
    an_unknown_sender_changes_nothing,
    an_unknown_sender_is_answered_once_a_day,
    another_address_is_confirmed_from_both,
    another_address_is_declined_or_expires,
    any_encoding_is_read,
    at_most_fifty_commands_of_a_mail_act,
    both_leads_of_an_item_close_it,
    chair_and_secretary_keep_the_roster,
    chair_and_secretary_plan_meetings,
    commands_act_in_order,
    commands_of_later_versions_are_told,
    conference_calls_are_planned_by_mail,
    copies_of_a_claimed_mail_ask_once,
    days_begin_and_end_in_the_groups_zone,
    doubtful_lines_change_nothing,
    decisions_are_recorded_by_mail,
    dry_run_does_nothing,
    help_explains,
    history_tells_who_did_what,
    hostile_headers_do_no_harm,
    in_a_reply_about_one_item_it_need_not_be_named,
    interested_companies_are_closed_by_officers,
    lines_that_are_nearly_commands_are_answered,
    lists_and_states_are_told,
    mails_of_one_moment_see_each_other,
    notes_are_kept,
    nothing_understood_is_answered_once,
    on_the_list_a_command_needs_a_hash,
    one_message_id_with_two_dates_is_two_mails,
    one_message_id_with_two_texts_is_held,
    ones_own_mail_is_paused,
    ranges_and_lists_are_spelled_out,
    reminders_that_were_missed_go_late_or_not_at_all,
    rights_and_state_are_those_of_the_yes,
    rows_are_named_by_number,
    rows_of_a_digest_are_answered_on_the_list_and_in_private,
    somebody_else_changes_nothing,
    the_chair_steers,
    the_last_officer_stays,
    the_minutes_of_a_meeting_are_approved_by_email,
    the_next_meetings_agenda_carries_over,
    the_next_agenda_is_asked_for,
    the_operator_does_what_a_member_could_mail,
    too_many_answers_wait_for_the_operator,
    two_officers_edit_one_copy_of_the_agenda,
    under_review_an_officer_closes,
    undo_in_a_reply_means_the_mail_that_was_answered,
    undo_is_for_ones_own_mail,
    undo_said_twice,
    undo_stops_where_something_depends_on_it,
    undo_takes_back_what_one_mail_did,
    unknown_and_other_references_are_told,
    unsubscribing_from_personal_mail_pauses_it,
    what_a_claimed_sender_asks_is_told_to_the_member,
    what_is_claimed_is_held_until_the_member_says_yes,
    what_is_held_expires,
    what_the_member_has_done_since_outweighs_an_automatic_reply,
    what_the_operator_gave_up_does_not_act_later,
    what_the_operator_lets_through_acts_once,
    who_comes_is_told_before_a_meeting,
    who_did_not_write_says_no,
    who_has_paused_gets_no_reminder,
    who_is_away_gets_no_reminder,
    who_writes_is_not_away,
    with_nothing_to_say_no_digest_is_sent,
}
