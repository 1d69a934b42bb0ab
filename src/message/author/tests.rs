//! Plain texts in, the sender's own out. Each text has the form that a program or its users give it.

use rstest::rstest;

use super::super::plain::{self, Flow};

fn own(text: &str) -> String {
    super::text(&plain::lines(text, Flow::Fixed))
}

const OWN: &str = "close A-WG4-TP8-001";
const OTHER: &str = "close A-WG4-TP8-002";

#[rstest]
#[case::danish("Den man. 2. jun. 2014 kl. 09.12 skrev Member Park <member-park@example.org>:")]
#[case::norwegian("man. 2. juni 2014 kl. 09:12 skrev Member Park <member-park@example.org>:")]
#[case::greek("Στις Δευ, 2 Ιουν 2014 στις 9:12 π.μ., ο χρήστης Member Park <member-park@example.org> έγραψε:")]
#[case::hebrew("בתאריך יום ב׳, 2 ביוני 2014 ב-9:12 מאת Member Park <member-park@example.org>:")]
#[case::arabic("في الاثنين، 2 يونيو 2014 في 9:12 ص تمت كتابة ما يلي بواسطة Member Park <member-park@example.org>:")]
#[case::hungarian("Member Park <member-park@example.org> ezt írta (időpont: 2014. jún. 2., H, 9:12):")]
#[case::torn_by_polymail(
    "On Mon, Jun 2, 2014 at 9:12 AM Member Park\n\n<\nmailto:Member Park <member-park@example.org>\n> wrote:"
)]
#[case::yahoo_wrapped("--- \"Park, Member\" <member-park@example.org>\nwrote:")]
#[case::groupwise(">>> <member-park@example.org> 6/2/14 9:12:43 am >>>")]
#[case::reply_separator("____________________Reply Separator____________________\nSubject: SEC\nDate: 06/02/2014")]
#[case::processed("Original Message processed by some server\nSEC 2. Juni 2014, 09:12 Uhr")]
#[case::gmail_without_address("2014-06-02 9:12 GMT+02:00 Member Park")]
fn what_stands_below_an_attribution_is_anothers(#[case] attribution: &str) {
    assert_eq!(own(&format!("{OWN}\n\n{attribution}\n\n{OTHER}\n")), OWN);
}

#[rstest]
#[case::danish("Fra: Member Park\nSendt: 2. juni 2014 09:12\nTil: WG4\nEmne: SEC")]
#[case::norwegian("Fra: Member Park\nSendt: mandag 2. juni 2014 09:12\nTil: WG4\nEmne: SEC")]
#[case::swedish("Från: Member Park\nSkickat: den 2 juni 2014 09:12\nTill: WG4\nÄmne: SEC")]
#[case::finnish("Lähettäjä: Member Park\nLähetetty: 2. kesäkuuta 2014 9:12\nVastaanottaja: WG4\nAihe: SEC")]
#[case::dutch("Van: Member Park\nVerzonden: maandag 2 juni 2014 09:12\nAan: WG4\nOnderwerp: SEC")]
#[case::spanish("De: Member Park\nEnviado: lunes, 2 de junio de 2014 9:12\nPara: WG4\nAsunto: SEC")]
#[case::portuguese("De: Member Park\nEnviada: segunda-feira, 2 de junho de 2014 09:12\nPara: WG4\nAssunto: SEC")]
#[case::italian("Da: Member Park\nInviato: lunedì 2 giugno 2014 09:12\nA: WG4\nOggetto: SEC")]
#[case::polish("Od: Member Park\nWysłano: 2 czerwca 2014 09:12\nDo: WG4\nTemat: SEC")]
#[case::czech("Od: Member Park\nOdesláno: pondělí 2. června 2014 9:12\nKomu: WG4\nPředmět: SEC")]
#[case::hungarian("Feladó: Member Park\nElküldve: 2014. június 2. 9:12\nCímzett: WG4\nTárgy: SEC")]
#[case::turkish("Kimden: Member Park\nGönderme Tarihi: 2 Haziran 2014 09:12\nKime: WG4\nKonu: SEC")]
#[case::russian("От: Member Park\nОтправлено: 2 июня 2014 г. 9:12\nКому: WG4\nТема: SEC")]
#[case::ukrainian("Від: Member Park\nНадіслано: 2 червня 2014 р. 9:12\nКому: WG4\nТема: SEC")]
#[case::greek("Από: Member Park\nΣτάλθηκε: Δευτέρα, 2 Ιουνίου 2014 9:12\nΠρος: WG4\nΘέμα: SEC")]
#[case::hebrew("מאת: Member Park\nנשלח: 2 יוני 2014 9:12\nאל: WG4\nנושא: SEC")]
#[case::arabic("من: Member Park\nتاريخ الإرسال: 2 يونيو 2014 9:12\nإلى: WG4\nالموضوع: SEC")]
#[case::japanese("差出人: Member Park\n送信日時: 2014年6月2日 9:12\n宛先: WG4\n件名: SEC")]
#[case::korean("보낸 사람: Member Park\n보낸 날짜: 2014년 6월 2일 9:12\n받는 사람: WG4\n제목: SEC")]
#[case::notes_indented(
    "\tMember Park\n\tSent by: Member Park\n\t06/02/2014 09:12 AM\n\t\t\n\t\t To: WG4\n\t\t cc:\n\t\t Subject: SEC"
)]
#[case::notes_spaced("Member Park @ EX                06/02/2014 09:12 AM\n\nTo: WG4/EX@EX\ncc:\n\nSubject: SEC")]
#[case::notes_list(
    "WG4 List <wg4@example.org>\nSent by: bounce-wg4@example.org\n06/02/2014 09:12 AM\nPlease respond to \"WG4\"\nTo: Member\ncc:\nSubject: SEC"
)]
fn what_stands_below_a_header_block_is_anothers(#[case] block: &str) {
    assert_eq!(own(&format!("{OWN}\n\n{block}\n\n{OTHER}\n")), OWN);
}

#[rstest]
#[case("Member Park @ EX                06/02/2014 09:12 AM\n{}\nTo: WG4/EX@EX\ncc:\n\nSubject: SEC")]
#[case(
    "\tMember Park\n{}\n\tSent by: Member Park\n\t06/02/2014 09:12 AM\n\t\t\n\t\t To: WG4\n\t\t cc:\n\t\t Subject: SEC"
)]
#[case("Member Park@EX\n{}\n06/02/2014 09:12 AM\nTo: wg4@example.org\ncc:\n\nSubject: SEC")]
#[case("On Mon, Jun 2, 2014 at 9:12 AM Member Park\n{}\n<\nmailto:Member Park <member-park@example.org>\n> wrote:")]
fn a_line_within_the_head_of_an_earlier_mail_is_not_the_senders(#[case] head: &str) {
    assert_eq!(own(&format!("{OWN}\n\n{}\n\nHello.\n", head.replace("{}", OTHER))), OWN);
}

#[rstest]
#[case::forward("Begin forwarded message:\n\n> From: Member Park <member-park@example.org>\n> {}\n")]
#[case::rules("-----Original Message-----\n> From: Member Park <member-park@example.org>\n> {}\n")]
#[case::dated_sender("2014/6/2 Member Park <member-park@example.org>\n\n> Hello,\n> {}\n")]
fn what_is_quoted_ends_where_its_marks_end(#[case] quote: &str) {
    assert_eq!(own(&format!("Hello,\n\n{}\n{OWN}\n", quote.replace("{}", OTHER))), format!("Hello,\n\n{OWN}"));
}

#[test]
fn text_that_an_attribution_was_run_together_with_stays() {
    let text = format!("{OWN} On Mon, Jun 2, 2014 at 9:12 AM, member-park@example.org wrote:\n> {OTHER}\n");
    assert_eq!(own(&text), OWN);
}

#[test]
fn who_tells_what_one_wrote_oneself_quotes_nobody() {
    let text = format!(
        "{OWN}\n\nIn 2014 at 10:00 I had a hard time with the guide, so that\nI wrote one:\n\nhttps://example.org/guide"
    );
    assert_eq!(own(&text), text);
}

#[rstest]
#[case::plain("> Could you say which of the items of the last meeting are now {}\ndone\n> and which are not?\n")]
#[case::deeper(">> Could you say which of the items of the last meeting are {}\nwith you\n> > and which are not?\n")]
#[case::name("> On Mon, Jun 2, 2014 at 9:12 AM, Member of the WG4\nPark <\n> member-park@example.org> wrote:\n> {}\n")]
fn a_word_torn_from_a_quoted_line_is_not_the_senders(#[case] quote: &str) {
    assert_eq!(own(&format!("{OWN}\n\n{}", quote.replace("{}", "finished or"))), OWN);
}

#[rstest]
#[case::wide("> {} and so on, in a line that no program ever wrapped, because it is far too wide for that\n")]
#[case::ended("> Which of the items of the last meeting that are yours are finished now?\n")]
#[case::short("> A-WG4-TP8-003 | open\n")]
fn an_answer_between_two_quoted_lines_is_the_senders(#[case] quote: &str) {
    let quote = quote.replace("{}", "A-WG4-TP8-003 | Align existing text");
    assert_eq!(own(&format!("{quote}done\n> A-WG4-TP8-004 | open\n")), "done");
}

#[test]
fn prose_that_ends_with_who_said_it_quotes_nobody() {
    let text = "The items are due in\n2014, said the secretary of the group. A call on them is\nset for June 2, as was said\n\ndone";
    assert_eq!(own(text), text);
}

#[rstest]
#[case::rule("===============\nOpen items\n\n{}\nThere are others, which the group will find in the next agenda.")]
#[case::postscript("P.S. {}\nThere are others, which the group will find in the next agenda.")]
fn the_text_goes_on_below_a_signature(#[case] rest: &str) {
    let rest = rest.replace("{}", OWN);
    for signature in ["x8321", "Rapporteur\n+49 30 1234567", "{}\nmember-catt@example.org"] {
        let signature = signature.replace("{}", OTHER);
        let text = own(&format!("Hello,\n\nas follows.\n\nRegards,\nCatt\n{signature}\n\n{rest}\n"));
        assert_eq!(text, format!("Hello,\n\nas follows.\n\nRegards,\nCatt\n\n{rest}"));
    }
}

#[rstest]
#[case::in_one_line("Your colleague, Catt.")]
#[case::longer("Best regards, Member Catt")]
fn below_a_closing_with_a_name_nothing_is_obeyed(#[case] closing: &str) {
    assert_eq!(own(&format!("{OWN}\n\n{closing}\n{OTHER}\n")), format!("{OWN}\n\n{closing}"));
}

#[rstest]
#[case("Thanks, Catt.")]
#[case("Vielen Dank, Catt!")]
#[case("Cheers Catt,")]
fn who_thanks_somebody_by_name_has_not_closed(#[case] thanks: &str) {
    assert_eq!(own(&format!("{thanks}\n{OWN}\n")), format!("{thanks}\n{OWN}"));
}

#[rstest]
#[case::appointment(
    "06/02/2014 @ 9:30 am for the call\nRoom 3\n1517 4th Avenue Ste 300\nBurlington MA 01803, 555-421-6780"
)]
#[case::directory(
    "Example Corp.\n200 East Randolph Drive\nBurlington MA 01803\n\nExample Ltd.\n5 Wayside Rd\nBurlington MA 01803\n\n\
     Example Inc.\n7 Wayside Rd\nBurlington MA 01803"
)]
fn when_and_where_is_no_signature(#[case] text: &str) {
    let text = format!("{OWN}\n\n{text}");
    assert_eq!(own(&text), text);
}

#[test]
fn what_stands_above_a_lists_footer_and_speaks_of_the_list_stays() {
    let text = format!(
        "The list archive is at http://lists.example.org/wg4.\n\n{OWN}\n\nMore of it:\n\nThe agenda comes today.\n\nIt is long.\n\n\
         Please reply to this message with what is missing, see http://example.org/agenda."
    );
    let footer = "_______________________________________________\nWG4 mailing list\nwg4@example.org";
    assert_eq!(own(&format!("{text}\n\n{footer}\n")), text);
}

#[rstest]
#[case::number_below_a_name("Member Catt\n(403) 555-6721")]
#[case::extension("Parking & Transportation Desk\n3-7060")]
#[case::desk("Meetings and Travel Desk\nx8321")]
#[case::name_and_number("Member Catt - 713-555-1587.")]
#[case::title("Member Catt\nVice President, Example Corp.")]
#[case::in_two_paragraphs("Member Catt\nSoftware Engineer\n\nMobile : +4930123456\nBlog : blog.example.org")]
#[case::place("Member Catt\nSenior Engineer\n\nEXAMPLE\n5 Wayside Rd, Burlington, MA 01803, USA\n42 N 71 W")]
#[case::house_number("Member Catt\nExample & Partners LLP\n#3500, 855 - 2nd Street S.W.\n403-555-9674 (telephone)")]
#[case::advertisement("______________________________________\nJoin the largest service.\nhttp://mail.example.org")]
#[case::dashed_name("-Catt\nhttp://www.example.org/")]
#[case::streak("ᐧ")]
#[case::attached(" - agenda.doc\n - minutes#2.txt")]
#[case::notice(
    "Disclaimer\n\nThis communication is confidential. It is intended solely for the recipient. If you are not the intended recipient, any disclosure is strictly prohibited."
)]
fn what_is_written_below_the_text_is_not_obeyed(#[case] below: &str) {
    assert_eq!(
        own(&format!("{OWN}\nCall me if you have questions.\n\n{below}\n")),
        format!("{OWN}\nCall me if you have questions.")
    );
    let (first, rest) = below.split_once('\n').unwrap_or((below, ""));
    let planted = own(&format!("{OWN}\nCall me if you have questions.\n\n{first}\n{OTHER}\n{rest}\n"));
    let hidden = !planted.lines().any(|line| line == OTHER);
    // A name with nothing but a number below it is no block yet.
    assert!(hidden || first.len() < 12 || rest.len() < 16, "{planted}");
}

#[rstest]
#[case::document("Posted SEC-2014-0243\nWithdrawn SEC-2014-0244")]
#[case::days("Task Due On: 7/18/2014\nTask Start: 7/18/2014")]
#[case::number_asked_for("The new number is\n\n503-555-1105")]
#[case::list("Reach me at the following numbers...\nDecember 20+21 281-555-8576\nCell 713-555-8730")]
#[case::keys("Request ID : 000000000009797\nRequested For : SEC")]
#[case::unsubscribing("I have sent a mail to wg4-unsubscribe@example.org\nseveral times, and it has no effect.")]
fn numbers_that_are_no_telephones_and_mails_about_lists_stay(#[case] text: &str) {
    let text = format!("Dear all,\n\n{text}");
    assert_eq!(own(&text), text);
}

#[test]
fn mime_fields_that_stand_in_the_text_are_none_of_it() {
    let text = format!("MIME-Version: 1.0\nContent-Type: text/plain\n\n{OWN}\n");
    assert_eq!(own(&text), OWN);
}

/// The text, and each quote in it as `LINE: TEXT`.
fn quoted(text: &str) -> (String, Vec<String>) {
    let (text, quotes) = super::text_and_quotes(&plain::lines(text, Flow::Fixed));
    let quotes = quotes.into_iter().map(|quote| format!("{}: {}", quote.above, quote.text)).collect();
    (text, quotes)
}

#[test]
fn each_piece_keeps_the_quote_that_it_stands_below() {
    let mail = "Hello,\n\nOn Mon, 2 Jun 2014, Member Park wrote:\n> [1] A-WG4-TP8-001 | open\n>     | Title\n\ndone\n\
        > [2] A-WG4-TP8-003 | open\nongoing\nand more\n\n> The end\n";
    let (text, quotes) = quoted(mail);
    assert_eq!(text, "Hello,\n\ndone\n\nongoing\nand more");
    assert_eq!(quotes, ["3: [1] A-WG4-TP8-001 | open\n    | Title", "5: [2] A-WG4-TP8-003 | open", "7: The end"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[2], lines[4]), ("done", "ongoing"));
}

#[test]
fn a_quote_keeps_the_depth_of_its_last_line() {
    let (_, quotes) = quoted(">> deeper\n> one\n>\n> two\n>> deeper\n> three\n\ndone\n");
    assert_eq!(quotes, ["1: one\n\ntwo\n\nthree"]);
    let (_, quotes) = quoted("> one\n>> deeper\n> > still\n\n> > more\n\n\ndone\n");
    assert_eq!(quotes, ["1: deeper\nstill\n\nmore"]);
}

#[test]
fn a_text_above_all_that_is_quoted_has_no_quotes() {
    assert_eq!(quoted("done\n\nOn Mon, 2 Jun 2014, Member Park wrote:\n> one\n> two\n"), ("done".to_owned(), vec![]));
    assert_eq!(quoted("> one\n> two\n"), (String::new(), vec![]));
    // Nor has one that ends above them by its signature.
    assert_eq!(quoted("done\n-- \nPark\n> one\n").1, Vec::<String>::new());
}

#[test]
fn a_quote_below_the_signature_counts_as_the_last() {
    assert_eq!(quoted("> one\n\ndone\n\n-- \nPark\n> two\n").1, ["1: one", "2: two"]);
}

#[rstest]
#[case::closing("Thanks,\nCatt", "Thanks,\nCatt\n\n")]
#[case::phone("Sent from my iPhone", "")]
fn who_answers_below_a_signature_piece_by_piece_is_read(#[case] signature: &str, #[case] kept: &str) {
    let mail = format!(
        "My answers stand below.\n\n{signature}\n\nOn Mon, 2 Jun 2014, Member Park wrote:\n> Which items are done?\n\n\
         {OWN}\n\n> And the second?\n\nNot yet.\n"
    );
    assert_eq!(own(&mail), format!("My answers stand below.\n\n{kept}{OWN}\n\nNot yet."));
}

#[test]
fn below_a_phones_signature_a_word_that_touches_a_quote_is_not_the_senders() {
    let mail = format!("Yes.\n\nSent from my iPhone\n\n> Which items are\n{OTHER}\n> done?\n\nBoth.\n");
    assert_eq!(own(&mail), "Yes.\n\nBoth.");
}

#[rstest]
#[case::command("> the items that are open are to be reported on by each of t\n{}\n> and so on.\n", OTHER)]
#[case::capital("> the items that are open are to be reported on by each of t\n{}\n> in it.\n", "Error")]
fn a_word_torn_from_a_narrow_quote_is_not_the_senders(#[case] quote: &str, #[case] torn: &str) {
    assert_eq!(own(&format!("Hello,\n\n{}", quote.replace("{}", torn))), "Hello,");
}

#[test]
fn an_answer_below_a_row_of_a_narrow_table_is_the_senders() {
    let row = "A-WG4-TP8-003 | Align existing text with the names of WG2";
    assert_eq!(own(&format!("> {row}\ndone\n> A-WG4-TP8-004 | open\n")), "done");
}

#[rstest]
#[case::unknown_verb("Mnamo Jtt, 7 Apr 2014 saa 08:55 Member Park <member-park@example.org> aliandika:")]
#[case::no_verb("* Member Park <member-park@example.org> [2014-04-07 08:55]:")]
#[case::arabic_digits("في الاثنين، ٧ أبريل ٢٠١٤ في ٨:٥٥ ص كتب\nMember Park <member-park@example.org>:")]
#[case::croatian("Dana 7.4.2014. u 8:55, Member Park je napisao/la:")]
#[case::broken_in_the_address(
    "Kuupäev E, 7. aprill 2014 kell 08:55 kirjutas kasutaja Member Park <\nmember-park@example.org>:"
)]
#[case::samsung(
    "-------- Original message --------From: Member Park <member-park@example.org> Date: 07/04/2014 08:55 (GMT+01:00) To: wg4@example.org Subject: SEC"
)]
#[case::notes_table(
    "\"Member Park\" <member-park@example.org>\n04/07/2014 08:55 AM\nPlease respond to wg4\nTo\n\"Catt\" <catt@example.org>\ncc\n\nSubject\nSEC"
)]
#[case::notes_table_german("Member Park\n07.04.2014 08:55\nAn\nCatt/EXAMPLE@EXAMPLE\nKopie\n\nThema\nSEC")]
fn what_names_a_day_and_an_address_introduces_anothers_text(#[case] head: &str) {
    assert_eq!(own(&format!("{OWN}\n\n{head}\n\n{OTHER}\n")), OWN);
}

#[rstest]
#[case::met("2014-04-07 I met Member Park <park@example.org>:\nhe agrees with the text.")]
#[case::meeting("Let us meet:\n\nDate: 12 May 2014\nFrom: 10:00\nTo: 12:00\nPlace: Room 5\n\nWho can come?")]
#[case::journey("From: Berlin Hbf 09:12\nTo: Munich 13:01\nDate: 12 May 2014\n\nI shall be there at 14:00.")]
#[case::thanks_and_answers("Thanks Catt\n\nLooks good\n\nship it")]
#[case::thanks("Merci Catt\n\nBien reçu\nje confirme demain")]
#[case::list("Thanks!\n\nOpen points\n- the annex\n- the figures\n- the dates of the next meeting")]
#[case::wishes("All the best for the new year!\n\nThe Annex\nis finished")]
#[case::sent("Sent from my side: nothing new.")]
#[case::typed("Typed on the train.\n\nThe annex is finished.")]
#[case::announced("Please call me at one of these:\n\nOffice 713-555-5746\nHome 713-555-5747")]
#[case::numbers("Volumes for the meter\n\n9876543   10,000 MMBtu\n9876544   12,000 MMBtu")]
#[case::confidential(
    "The draft is confidential and only for the members. Please do not disclose it\nbefore the distribution or copying has been decided."
)]
fn what_only_looks_like_a_head_or_an_end_is_the_senders(#[case] text: &str) {
    let text = format!("{text}\n\n{OWN}");
    assert_eq!(own(&text), text);
}

#[test]
fn a_command_in_a_paragraph_of_its_own_below_a_signature_is_the_senders() {
    let text = format!("The text is in the annex.\n\nBest regards,\nMember Catt\n\n{OWN}");
    assert_eq!(own(&text), text);
}

#[rstest]
#[case::day("The annex is finished. Can we meet on 4/8/2014")]
#[case::time("Let us talk about it on 4/8/2014 10:00 AM")]
#[case::to("To: the members of the group\n\nThe annex is finished.")]
#[case::subject("Subject: annex\n\nThe annex is finished.")]
fn the_last_words_above_a_separator_are_the_senders(#[case] text: &str) {
    let text = format!("{OWN}\n\n{text}");
    for separator in ["-----Original Message-----", "---------- Forwarded by Member Park/EX on 06/02/2014 ----------"] {
        let mail = format!(
            "{text}\n\n{separator}\nFrom: Member Park\nSent: 2 June 2014 09:12\nTo: WG4\nSubject: SEC\n\n{OTHER}"
        );
        assert_eq!(own(&mail), text);
    }
}

#[rstest]
#[case(
    "CAUTION: This email originated from outside of the organization. Do not click\nlinks or open attachments unless you know the sender."
)]
#[case("You don't often get email from catt@example.org. Learn why this is important\n<https://example.org/why>")]
fn what_stands_directly_below_a_gateways_warning_is_the_senders(#[case] warning: &str) {
    assert_eq!(own(&format!("{warning}\n{OWN}\nThat is all.\n")), format!("{OWN}\nThat is all."));
}

/// Each answer stands right below the row that it is about, as phones leave it.
#[test]
fn answers_that_touch_the_rows_they_answer_stay_below_a_phones_line() {
    let mail =
        "Hi,\n\nSent from my iPhone\n\n> [1] A-WG4-TP8-001 | open\n1 done\n> [2] A-WG4-TP8-002 | open\n2 ongoing\n";
    let own = own(mail);
    assert!(own.contains("1 done") && own.contains("2 ongoing"), "{own}");
}
