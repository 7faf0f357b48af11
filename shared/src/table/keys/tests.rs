use jiff::civil::date;
use ulid::Ulid;

use super::*;
use crate::Keyring;
use crate::keyring::Purpose;

const ID: Ulid = Ulid::from_parts(1_700_000_000_000, 5);
const TEXT: &str = "01HF7YAT000000000000000005";

fn shop() -> ShopId {
    "main".parse().unwrap()
}

fn assert_key(key: Key, pk: &str, sk: &str) {
    assert_eq!((key.pk.as_str(), key.sk.as_str()), (pk, sk));
}

#[test]
fn patterns_1_and_2_a_customer_and_what_belongs_to_it() {
    let (shop, customer) = (shop(), CustomerId::new(ID));
    let partition = format!("main#C#{TEXT}");
    assert_key(super::customer(&shop, customer), &partition, "CUSTOMER");
    assert_key(note(&shop, customer, Priority::High, NoteId::new(ID)), &partition, &format!("NOTE#3#{TEXT}"));
    assert_key(order(&shop, customer, OrderId::new(ID)), &partition, &format!("ORDER#{TEXT}"));
    assert_key(order_owner(&shop, OrderId::new(ID)), &format!("main#O#{TEXT}"), "CUSTOMER");
    let to = Addressee::Customer { customer };
    assert_key(message(&shop, to, MessageId::new(ID)), &partition, &format!("MESSAGE#{TEXT}"));
    assert_key(submission(&shop, customer, SubmissionId::new(ID)), &partition, &format!("SUBMISSION#{TEXT}"));
    let met = interaction(&shop, customer, InteractionId::new(ID));
    assert_key(met, &partition, &format!("INTERACTION#{TEXT}"));
    assert_key(consent(&shop, customer, ConsentId::new(ID)), &partition, &format!("CONSENT#{TEXT}"));
    assert_key(order_link_reference(&shop, customer, OrderLinkId::new(ID)), &partition, &format!("LINK#{TEXT}"));
}

#[test]
fn what_a_merge_leaves_is_filed_with_the_survivor_and_the_way_there_with_the_other() {
    let (shop, customer, job) = (shop(), CustomerId::new(ID), JobId::new(ID));
    let partition = format!("main#C#{TEXT}");
    assert_key(merged_into(&shop, customer), &partition, "MERGED_INTO");
    assert_key(merged(&shop, customer, customer), &partition, &format!("MERGED#{TEXT}"));
    assert_key(before_merge(&shop, customer, job), &partition, &format!("BEFORE#{TEXT}"));
    assert_key(moved(&shop, customer, job, "NOTE#1#x"), &partition, &format!("MOVED#{TEXT}#NOTE#1#x"));
    assert_key(job_mark(&shop, customer, job), &partition, &format!("JOB#{TEXT}"));
}

#[test]
fn an_address_is_filed_under_its_digest() {
    let (shop, customer) = (shop(), CustomerId::new(ID));
    let digest = Keyring::new(&[7; 32]).unwrap().address_digest(&shop, &"zoe@example.com".parse().unwrap());
    let partition = format!("main#A#{}", digest.as_str());
    assert_eq!(digest.as_str().len(), 26);
    assert_key(address_owner(&shop, &digest), &partition, "CUSTOMER");
    assert_key(address_sharer(&shop, &digest, customer), &partition, &format!("DUPLICATE#{TEXT}"));
    assert_key(suppression(&shop, &digest, SuppressionCause::Bounced), &partition, "SUPPRESSION#bounced");
    let of_customer = format!("main#C#{TEXT}");
    let now = Timestamp::UNIX_EPOCH;
    let of_kind = |occurrence| Message::new(shop.clone(), MessageId::new(ID), customer, occurrence, now, now);
    let birthday = Occurrence::Birthday { year: 2027, of: 2028 };
    let [sent, of] = once(&of_kind(birthday.clone())).try_into().unwrap();
    let day = Some(date(2027, 12, 26));
    let [sent_there, of_there, on_there] = once_of_address(&shop, &digest, &birthday, day).try_into().unwrap();
    assert_key(sent, &of_customer, "ONCE#birthday#2027");
    assert_key(of, &of_customer, "ONCE#birthday#of#2028");
    assert_key(sent_there, &partition, "ONCE#birthday#2027");
    assert_key(of_there, &partition, "ONCE#birthday#of#2028");
    assert_key(on_there, &partition, "ONCE#birthday#on#2027-12-26");
    let reactivation = Occurrence::Reactivation { last_order: OrderId::new(ID) };
    let [one] = once(&of_kind(reactivation)).try_into().unwrap();
    assert_key(one, &of_customer, &format!("ONCE#reactivation#{TEXT}"));
    let [only] = once(&of_kind(Occurrence::Welcome)).try_into().unwrap();
    assert_key(only, &of_customer, "ONCE#welcome#");
    let again = of_kind(Occurrence::Welcome).again(MessageId::new(ID), customer, now);
    let [again] = once(&again).try_into().unwrap();
    assert_key(again, &of_customer, &format!("ONCE#welcome##{TEXT}"));
}

#[test]
fn pattern_6_a_due_date_is_with_its_customer_or_its_draft() {
    let (shop, customer) = (shop(), CustomerId::new(ID));
    let keyring = Keyring::new(&[7; 32]).unwrap();
    let address = keyring.address_digest(&shop, &"zoe@example.com".parse().unwrap());
    let due =
        |cause| DueDate { customer, address: address.clone(), day: date(2027, 5, 12), cause, since: date(2027, 1, 1) };
    let partition = format!("main#C#{TEXT}");
    let birthday = due(Cause::Birthday { birthday: "--05-12".parse().unwrap() });
    assert_key(due_date(&shop, &birthday), &partition, "DUE#birthday");
    let reactivation = due(Cause::Reactivation { last_order: OrderId::new(ID) });
    assert_key(due_date(&shop, &reactivation), &partition, "DUE#reactivation");
    let satisfaction = due(Cause::Satisfaction { first_order: OrderId::new(ID) });
    assert_key(due_date(&shop, &satisfaction), &partition, "DUE#satisfaction");
    let link = keyring.token(Purpose::OrderLink, ID, 1).hash();
    let left = due(Cause::AbandonedOrder { link: link.clone(), draft: DraftId::new(ID) });
    assert_key(due_date(&shop, &left), &format!("T#{}", link.as_str()), "ORDER_DRAFT");
    assert_eq!(due_list(&shop, DueKind::AbandonedOrder), "main#DUE#abandoned_order");
    assert_eq!(due_list_sort(left.day, customer), format!("2027-05-12#{TEXT}"));
}

#[test]
fn pattern_4_words_are_spread_by_their_first_two_letters() {
    let (shop, customer) = (shop(), CustomerId::new(ID));
    assert_key(word(&shop, "dupont", customer), "main#W#du", &format!("dupont#{TEXT}"));
    assert_key(word(&shop, "山田", customer), "main#W#山田", &format!("山田#{TEXT}"));
    let of_note = note_word(&shop, "rappeler", customer, NoteId::new(ID));
    assert_key(of_note, "main#V#ra", &format!("rappeler#{TEXT}#{TEXT}"));
}

#[test]
fn what_leads_to_a_shop_needs_none() {
    let hash = Keyring::new(&[7; 32]).unwrap().token(crate::keyring::Purpose::OrderLink, ID, 1).hash();
    let partition = format!("T#{}", hash.as_str());
    assert_key(order_link(&hash), &partition, "ORDER_LINK");
    assert_key(order_draft(&hash), &partition, "ORDER_DRAFT");
    assert_key(placed_draft(&hash, DraftId::new(ID)), &partition, &format!("DRAFT#{TEXT}"));
    assert_key(preferences(&hash), &partition, "PREFERENCES");
    assert_key(consent_request(&hash), &partition, "CONSENT_REQUEST");
    assert_key(form_owner(&"contact".parse().unwrap()), "F#contact", "FORM");
    assert_eq!(SHOPS, "SHOPS");
}

#[test]
fn patterns_14_to_16_forms_and_what_they_sent() {
    let (shop, contact, id) = (shop(), "contact".parse().unwrap(), SubmissionId::new(ID));
    let address = Keyring::new(&[7; 32]).unwrap().address_digest(&shop, &"zoe@example.com".parse().unwrap());
    let of_address = format!("main#A#{}", address.as_str());
    assert_key(form(&shop, &contact), "main#F", "contact");
    assert_key(receipt(&shop, id), &format!("main#R#{TEXT}"), "RECEIPT");
    assert_eq!(submissions_list(&shop, &contact), "main#SUBMISSIONS#contact");
    assert_eq!(quarantine_list(&shop, &contact), "main#QUARANTINE#contact");
    assert_key(suspected(&shop, &address, id), &of_address, &format!("QUARANTINE#{TEXT}"));
    assert_key(mails_of_day(&shop, &address, date(2026, 11, 22)), &of_address, "MAILS#2026-11-22");
    assert_key(codes_of_day(&shop, &address, date(2026, 11, 22)), &of_address, "CODES#2026-11-22");
    assert_key(staff_mails_of_day(&shop, &address, date(2026, 11, 22)), &of_address, "STAFF_MAILS#2026-11-22");
    assert_key(bucket(&shop, "contact"), "main#B#contact", "BUCKET");
    assert_key(account_bucket("sending"), "B#sending", "BUCKET");
    let customer = CustomerId::new(ID);
    let reference = consent_request_reference(&shop, customer, ConsentRequestId::new(ID));
    assert_key(reference, &format!("main#C#{TEXT}"), &format!("CONSENT_REQUEST#{TEXT}"));
    let hash = Keyring::new(&[7; 32]).unwrap().token(Purpose::Preferences, ID, 1).hash();
    let of_token = format!("T#{}", hash.as_str());
    assert_key(consent_answer(&hash), &of_token, "CONSENT_ANSWER");
    assert_key(forgotten(&hash), &of_token, "FORGOTTEN");
    assert_key(address_code(&shop, customer), &format!("main#C#{TEXT}"), "ADDRESS_CODE");
    assert_key(notice(&shop, NoticeId::new(ID)), &format!("main#N#{TEXT}"), "NOTICE");
    assert_key(message(&shop, Addressee::Merchant, MessageId::new(ID)), &format!("main#N#{TEXT}"), "MESSAGE");
}

#[test]
fn the_rest_of_a_shop() {
    let shop = shop();
    assert_key(settings(&shop), "main#S", "SETTINGS");
    let template = mail_template(&shop, MessageKind::OrderLink, Locale::Fr);
    assert_key(template, "main#S", "TEMPLATE#order_link#fr");
    assert_key(forms_version(&shop), "main#S", "FORMS");
    assert_key(group(&shop, GroupId::new(ID)), "main#G", &format!("GROUP#{TEXT}"));
    assert_key(group_name(&shop, "pro"), "main#G", "NAME#pro");
    assert_key(own_tag(&shop, &"Fidèle".parse().unwrap()), "main#G", "TAG#fidele");
    assert_key(product(&shop, ProductId::new(ID)), "main#P", TEXT);
    let place = offer_place("miels", 12, ProductId::new(ID));
    assert_key(offer(&shop, &place), "main#K", &format!("miels#000012#{TEXT}"));
    assert_key(tally(&shop, Currency::EUR, "miels"), "main#J", "EUR#miels");
    assert_key(tally(&shop, Currency::EUR, ""), "main#J", &tallies_in(Currency::EUR));
    assert_key(loose_image(&shop, ImageId::new([0; 16])), "main#M", "aaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_key(stock(&shop, ProductId::new(ID)), "main#L", TEXT);
    let day = date(2026, 11, 22);
    assert_key(mails_by_day(&shop, day), "main#H", "2026-11-22");
    assert_key(marketing_pause(&shop), "main#H", "PAUSE");
    assert_key(marketing_resumed(&shop), "main#H", "RESUMED");
    assert_key(audit(&shop, day, AuditId::new(ID)), "main#U#2026-11-22", TEXT);
    assert_key(idempotency(&shop, "abc"), "main#I#abc", "IDEMPOTENCY");
    assert_key(export(&shop, ExportId::new(ID)), "main#X", TEXT);
    assert_key(job(&shop, JobId::new(ID)), &format!("main#J#{TEXT}"), "JOB");
    assert_key(erasure(&shop, JobId::new(ID), CustomerId::new(ID)), "main#E", &format!("{TEXT}#{TEXT}"));
}

#[test]
fn patterns_3_and_6_to_11_in_the_indexes() {
    let (shop, customer, day) = (shop(), CustomerId::new(ID), date(2026, 11, 22));
    assert_eq!(customers_list(&shop, CustomerStatus::Potential), "main#CUSTOMERS#potential");
    assert_eq!(customers_list_sort("dupont zoe", customer), format!("dupont zoe#{TEXT}"));
    assert_eq!((customers_shard(&shop, 1), shard_of(customer)), ("main#F#1".to_owned(), 1));
    assert_eq!(orders_list(&shop), "main#ORDERS");
    assert_eq!(orders_list_sort(day, OrderId::new(ID)), format!("2026-11-22#{TEXT}"));
    assert_eq!(audit_list(&shop, customer), format!("main#AUDIT#{TEXT}"));
    assert_eq!(due_list(&shop, DueKind::Reactivation), "main#DUE#reactivation");
    assert_eq!(due_list_sort(day, customer), format!("2026-11-22#{TEXT}"));
    assert_eq!(outbox(&shop), "main#OUTBOX");
    assert_eq!(jobs_list(&shop), "main#JOBS");
    let at: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    assert_eq!(outbox_sort(at, MessageId::new(ID)), format!("2026-11-22T09:00:00.000Z#{TEXT}"));
    assert_eq!(jobs_list_sort(at, JobId::new(ID)), format!("2026-11-22T09:00:00.000Z#{TEXT}"));
}
