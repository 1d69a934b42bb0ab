use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::return_day;

/// The day of return in a text that was sent on 1 July 2014.
fn day(text: &str) -> Option<Date> {
    return_day("Automatic reply: Your action items", text, date(2014, 7, 1))
}

#[test]
fn the_day_of_return_is_read_in_many_languages() {
    let expected = Some(date(2014, 7, 14));
    for text in [
        "I am out of the office until 14 July 2014.",
        "I am out of the office until Monday, 14 July.",
        "I'm away until July 14th, 2014 and will answer then.",
        "Thank you for your mail. I will be back in the office on Monday, July 14.",
        "I will return to the office on Mon. 14-Jul-2014.",
        "I am on leave until the 14th of July.",
        "I am on vacation until 2014-07-14, without access to mail.",
        "Back on: 2014/07/14",
        "Ich bin bis zum 14.07.2014 nicht im Büro.",
        "Ich bin bis 14.7. nicht im Haus.",
        "Ab Montag, dem 14. Juli, bin ich wieder da. Ich bin wieder ab dem 14. Juli 2014 erreichbar.",
        "Ich bin am Montag, den 14. Juli 2014 zurück, wieder ab Montag, den 14. Juli.",
        "Je suis absent du bureau, de retour le 14 juillet.",
        "Je suis en congé jusqu'au lundi 14 juillet 2014.",
        "Estaré fuera de la oficina hasta el 14 de julio de 2014.",
        "Sono in ferie fino al 14 luglio.",
        "Rientro in ufficio il 14 luglio 2014.",
        "Estou ausente do escritório até 14 de julho de 2014.",
        "Ik ben afwezig tot 14 juli.",
        "Jag är på semester till den 14 juli.",
        "Jeg er på ferie, tilbage den 14. juli.",
        "Olen lomalla 14.7.2014 asti.",
        "Jestem na urlopie do 14 lipca 2014.",
        "Jsem na dovolené do 14. července.",
        "Я в отпуске до 14 июля 2014 г.",
        "14 Temmuz'a kadar izindeyim.",
        "Szabadságon vagyok július 14-ig.",
        "7月14日まで不在にしております。",
        "我在休假,至2014年7月14日。",
        "7월 14일까지 휴가입니다.",
    ] {
        assert_eq!(day(text), expected, "{text}");
    }
}

#[test]
fn the_last_day_of_an_absence_is_one_of_it() {
    for text in [
        "I am away from 30 June to 13 July.",
        "I am on vacation from 30 June 2014 until 13 July 2014.",
        "Out of the office June 30 - July 13.",
        "I will be on leave through 13 July.",
        "Ich bin vom 30. Juni bis zum 13. Juli im Urlaub.",
        "Ich bin bis einschließlich 13. Juli im Urlaub.",
        "Je suis absent du 30 juin au 13 juillet.",
        "I am on holiday 1-13 July.",
        "Urlaub 1. bis 13. Juli 2014",
        "Out of office: July 1-13, 2014",
    ] {
        assert_eq!(day(text), Some(date(2014, 7, 14)), "{text}");
    }
}

#[test]
fn a_day_that_is_not_certain_is_none() {
    for text in [
        "I am out of the office until 4/5/2014.",
        "I am out of the office until 7/8/14.",
        "I am out of the office until Monday.",
        "I am out of the office until further notice. The next meeting is on 14 July.",
        "I am out of the office. For TP#11 on 14 July write to my deputy.",
        "I will be back soon, please contact my deputy before 14 July.",
        "I am away until 14 July, and until 21 July in case of rain.",
        "I am away from 1 August to 14 August.",
        "I was away until 20 June.",
        "I am away until 31 June.",
        "Back in July 2014.",
        "Your ticket 14.07.2014 was opened.",
        "Our office is moving. The old phone number can be used until 14 July 2014.",
        "Your ticket 4711 will be answered by our office until 14 July 2014. I am not away.",
        "I am in the office. Please note the deadline: registration is open until 14 July.",
        "I am NOT out of the office until 14 July 2014, but slow.",
        "I no longer work here since 1 June 2014. On leave or not, write to my deputy until 14 July 2014.",
        "I left the company. Until 14 July 2014 my deputy takes care, office 12.",
        "Back at 14:00",
        "",
    ] {
        assert_eq!(day(text), None, "{text}");
    }
    assert_eq!(return_day("Ticket", "It stays open until 14 July.", date(2014, 7, 1)), None);
}

#[test]
fn a_word_of_return_outweighs_the_last_day() {
    assert_eq!(day("I am away until 11 July, and back on 14 July."), Some(date(2014, 7, 14)));
}

#[test]
fn the_subject_may_say_it() {
    let subject = |subject: &str| return_day(subject, "", date(2014, 6, 1));
    assert_eq!(subject("AUTO: Kim Park is out of the office (returning 06/13/2014)"), Some(date(2014, 6, 13)));
    assert_eq!(subject("AUTO: Kim Park is out of the office (returning 06/10/2014)"), None);
}

#[test]
fn a_day_without_a_year_is_the_next_one() {
    let sent = date(2014, 12, 28);
    assert_eq!(return_day("Out of office", "I am away until 2 January.", sent), Some(date(2015, 1, 2)));
    assert_eq!(return_day("Out of office", "I am away until 27 December.", sent), None, "forgotten to be turned off");
}

proptest! {
    #[test]
    fn what_is_written_is_read(days in 1..150_i32, style in 0..6_usize, year in any::<bool>()) {
        let sent = date(2014, 3, 5);
        let back = sent.checked_add(jiff::ToSpan::days(days)).unwrap();
        let format = ["%-d %B", "%B %-d", "%-d. %B", "%-d %b", "%B %-dth", "the %-d of %B"][style];
        let format = if year { format!("{format} %Y") } else { format.to_owned() };
        let text = format!("I am out of the office until {}.", back.strftime(&format));
        prop_assert_eq!(return_day("Away", &text, sent), Some(back), "{}", text);
    }

    #[test]
    fn any_text_is_read(text in "(until |back on |bis |[0-9]{1,4}|[./-]|July|月|日| |\\n|\\PC){0,40}") {
        let sent = date(2014, 7, 1);
        prop_assert!(return_day("Out of office", &text, sent).is_none_or(|day| day > sent));
    }
}
