//! What is said to come, comes.

use proptest::prelude::*;

use super::reminders::{day, group, look, usual};
use super::*;
use crate::calendar::{next, upcoming};
use crate::domain::{Call, DigestRules, QuietRules};

/// What is to come of conference calls, with when.
fn promised(rules: &Rules, scene: &Scene, now: Timestamp) -> Vec<(String, Timestamp)> {
    let coming = upcoming(rules, scene, now);
    let of_calls = coming.iter().filter(|due| due.occasion.kind == OccasionKind::Call);
    of_calls.map(|due| (due.occasion.name.clone(), due.at)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn a_reminder_of_a_call_that_is_said_to_come_comes(
        call_in in 0_i64..12, planned in 0_i64..48, before in prop::sample::subsequence(vec![7_u16, 3, 2, 1], 1..3),
        free in 0_i64..12, length in 0_i64..9, weekly in prop::option::of(0_usize..7), quiet in any::<bool>(), second in prop::option::of(0_i64..12),
        meeting in prop::option::of(0_i64..16),
    ) {
        let mut rules = usual();
        rules.reminders.before_call = before;
        let first = day("2014-05-05").saturating_add(free.days());
        let holidays = format!("{first} to {}", first.saturating_add(length.days())).parse().unwrap();
        let hours = quiet.then(|| "07:00-09:00".parse().unwrap());
        rules.quiet = QuietRules { hours, holidays: vec![holidays] };
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        rules.digest = DigestRules { weekly: weekly.map(|day| format!("{} 16:00", days[day]).parse().unwrap()) };
        let mut scene = group();
        let days_on = |days: i64| day("2014-05-05").saturating_add(days.days());
        match meeting {
            None => scene.meetings.clear(),
            Some(days) => {
                let first = days_on(days);
                (scene.meetings[0].start, scene.meetings[0].end) = (Some(first), Some(first));
                scene.meetings[0].deadline = Some(first.saturating_sub(2.days()));
            }
        }
        look(&rules, &mut scene, "2014-05-05T05:00:00Z");
        let now = at("2014-05-05T05:00:00Z") + SignedDuration::from_hours(planned);
        let calls = std::iter::once(call_in).chain(second).map(|days| Call::new(days_on(days)));
        scene.calls = calls.collect();
        scene.changed.extend(scene.calls.iter().map(|call| (Subject::Call(call.date), now)));
        look(&rules, &mut scene, &now.to_string());
        let told = promised(&rules, &scene, now);
        let mut moment = now;
        while let Some(following) = next(&rules, &scene, moment).filter(|_| moment < at("2014-05-25T00:00:00Z")) {
            moment = following;
            look(&rules, &mut scene, &moment.to_string());
        }
        for (name, when) in told {
            let is_it = |record: &&Recorded| record.occasion.kind == OccasionKind::Call && record.occasion.name == name;
            let went = scene.recorded.iter().filter(is_it).any(|record| record.standing.is_sent() && record.at == when);
            prop_assert!(went, "{name} was to come at {when}: {:?}", scene.recorded);
        }
    }
}
