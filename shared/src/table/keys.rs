//! Every key of the table, and every question it answers.
//!
//! One table, string keys `pk` and `sk`, three overloaded global indexes that each project one
//! packed attribute: `list` (`card`), `filter` (`facets`) and `due` (`due`). A key begins with its
//! shop; the only ones that don't begin so: a token's hash, a form's id, the partition of the
//! `list` index that names the shops, the bucket that the account's mails take their turns from, and
//! the key where nothing ever is.
//!
//! | # | access pattern | how | requests and growth |
//! |---|---|---|---|
//! | 1 | a customer | `main#C#…` / `CUSTOMER` | 1 GetItem |
//! | 1b | its notes, orders, messages, interactions, consents | same partition, `NOTE#` `ORDER#` `MESSAGE#` `INTERACTION#` `CONSENT#` | a paged Query each |
//! | 1b | its timeline | the same and `SUBMISSION#`, notes apart, merged by ULID | 5 Query a page |
//! | 2 | a customer by e-mail | `main#A#<digest>` / `CUSTOMER`, then 1 | 2 GetItem |
//! | 3 | list by status and name | `list`: `main#CUSTOMERS#<status>` / sort name | ≤ 4 read units a page |
//! | 3b | list by first contact | `filter`: four shards, merged by customer id | ≤ 4 read units a page |
//! | 4 | search by the beginning of a word | `main#W#<two letters>` / word, then `main#V#…` for notes | one word ≤ 4 units a page |
//! | 5 | filters, and how many match | `filter`: four shards, merged by customer id | ∝ examined until the page is full |
//! | 6 | due on a day, by kind | `due`: `main#DUE#<kind>` / day | ∝ due |
//! | 7 | the quick-order page | `T#<hash>` twice, customer, group, settings; `main#J`, `main#K`; of what is counted `main#L` | 5 GetItem, 2 Query; ∝ page |
//! | 8 | orders of a shop by day | `list`: `main#ORDERS` / day, id; 1 in batches for the names | ∝ page |
//! | 9 | messages to send, or stuck | `due`: `main#OUTBOX` / instant | ∝ pending |
//! | 10 | audit of a day; of a customer | `main#U#<day>`; `list`: `main#AUDIT#<customer>` | ∝ page |
//! | 11 | everybody, for an export | `filter`: four shards, then 1 in batches | ∝ customers |
//! | 12 | jobs to go on with | `due`: `main#JOBS` / instant | ∝ unfinished |
//! | 13 | a shop's exports; who was erased | `main#X`; `main#E` | ∝ exports; ∝ erasures |
//! | 14 | a form by its id; a shop's forms | `F#<form>`, then `main#F` / form | 2 GetItem; ∝ forms |
//! | 15 | what a form sent; what of it is suspected | `list`: `main#SUBMISSIONS#<form>`, `main#QUARANTINE#<form>` / id | ∝ page |
//! | 16 | a submission by its receipt | `main#R#<id>`, then its customer's partition | 2 GetItem |
//! | 17 | images that no product shows | `main#M` / id | ∝ uploads of a day |
//! | 18 | what a shop changed of its mails: of one kind and language; all of it | `main#S` / `TEMPLATE#<kind>#<lang>` | 1 GetItem; 1 Query |
//! | 19 | what became of a shop's mails; whether its marketing is paused | `main#H` / day; `PAUSE` | 1 Query; 1 GetItem |

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    Addressee, AuditId, Cause, ConsentId, ConsentRequestId, Currency, CustomerId, CustomerStatus, DraftId, DueDate,
    DueKind, ExportId, FormId, GroupId, ImageId, InteractionId, JobId, Locale, Message, MessageId, MessageKind, NoteId,
    NoticeId, Occurrence, OrderId, OrderLinkId, Priority, ProductId, ShopId, SubmissionId, SuppressionCause, TagId,
};
use crate::keyring::{AddressDigest, TokenHash};

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

/// A global secondary index. Each has its key attributes and the one attribute it projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Cards by name, orders by day, audit by customer.
    List,
    /// Facets of customers, by first contact, in [`SHARDS`] shards.
    Filter,
    /// Due dates and the outbox.
    Due,
}

/// How many shards the `filter` index spreads a shop over, so that a scan of it goes in parallel.
pub const SHARDS: u8 = 4;

impl Index {
    /// The index's name; its keys are `<name>_pk` and `<name>_sk`.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Filter => "filter",
            Self::Due => "due",
        }
    }

    /// The attribute with the partition key.
    pub fn pk(self) -> &'static str {
        match self {
            Self::List => "list_pk",
            Self::Filter => "filter_pk",
            Self::Due => "due_pk",
        }
    }

    /// The attribute with the sort key.
    pub fn sk(self) -> &'static str {
        match self {
            Self::List => "list_sk",
            Self::Filter => "filter_sk",
            Self::Due => "due_sk",
        }
    }

    /// The attribute it projects.
    pub fn projected(self) -> &'static str {
        match self {
            Self::List => "card",
            Self::Filter => "facets",
            Self::Due => "due",
        }
    }
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

/// Where nothing ever is: read to open a connection, by functions of every role.
pub(crate) fn nothing() -> Key {
    key("NOTHING".to_owned(), "NOTHING")
}

/// The partition of a customer and what belongs to it.
pub(crate) fn customer_partition(shop: &ShopId, id: CustomerId) -> String {
    format!("{shop}#C#{id}")
}

/// Pattern 1: the record.
pub(crate) fn customer(shop: &ShopId, id: CustomerId) -> Key {
    key(customer_partition(shop, id), CUSTOMER)
}

/// The sort key of a record.
pub(crate) const CUSTOMER: &str = "CUSTOMER";

/// Pattern 1b: a note. Read backwards, a partition's notes come High → Medium → None and newest
/// first within each (N03).
pub(crate) fn note(shop: &ShopId, customer: CustomerId, priority: Priority, id: NoteId) -> Key {
    key(customer_partition(shop, customer), format!("{}{id}", notes_of(priority)))
}

/// The beginning of the sort keys of the notes of one priority.
pub(crate) fn notes_of(priority: Priority) -> String {
    let rank = match priority {
        Priority::None => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    };
    format!("{NOTES}{rank}#")
}

/// The beginning of every note's sort key.
pub(crate) const NOTES: &str = "NOTE#";

/// Pattern 1b: an order, in its customer's partition.
pub(crate) fn order(shop: &ShopId, customer: CustomerId, id: OrderId) -> Key {
    key(customer_partition(shop, customer), format!("{ORDERS}{id}"))
}

/// The beginning of every order's sort key.
pub(crate) const ORDERS: &str = "ORDER#";

/// What leads from an order's id to its customer.
pub(crate) fn order_owner(shop: &ShopId, id: OrderId) -> Key {
    key(format!("{shop}#O#{id}"), "CUSTOMER")
}

/// Pattern 1b: a message, in its addressee's partition.
pub(crate) fn message(shop: &ShopId, to: Addressee, id: MessageId) -> Key {
    match to {
        Addressee::Customer { customer } => key(customer_partition(shop, customer), format!("{MESSAGES}{id}")),
        Addressee::Merchant => key(format!("{shop}#N#{id}"), "MESSAGE"),
    }
}

/// The beginning of every message's sort key.
pub(crate) const MESSAGES: &str = "MESSAGE#";

/// What a form sent, in the customer's partition.
pub(crate) fn submission(shop: &ShopId, customer: CustomerId, id: SubmissionId) -> Key {
    key(customer_partition(shop, customer), format!("{SUBMISSIONS}{id}"))
}

/// The beginning of every submission's sort key.
pub(crate) const SUBMISSIONS: &str = "SUBMISSION#";

/// Pattern 1b: an interaction, in the customer's partition. Its id is made of when it happened, so
/// that the order of keys is the order of time.
pub(crate) fn interaction(shop: &ShopId, customer: CustomerId, id: InteractionId) -> Key {
    key(customer_partition(shop, customer), format!("{INTERACTIONS}{id}"))
}

/// The beginning of every interaction's sort key.
pub(crate) const INTERACTIONS: &str = "INTERACTION#";

/// Pattern 1b: a piece of consent evidence, in the customer's partition.
pub(crate) fn consent(shop: &ShopId, customer: CustomerId, id: ConsentId) -> Key {
    key(customer_partition(shop, customer), format!("{CONSENTS}{id}"))
}

/// The beginning of every piece of evidence's sort key.
pub(crate) const CONSENTS: &str = "CONSENT#";

/// That a job is at work on a customer: another waits until it has gone.
pub(crate) fn job_mark(shop: &ShopId, customer: CustomerId, id: JobId) -> Key {
    key(customer_partition(shop, customer), format!("{JOB_MARKS}{id}"))
}

/// The beginning of the sort keys of all marks of jobs.
pub(crate) const JOB_MARKS: &str = "JOB#";

/// Where a merged customer's record leads: not under the record's own key, so that nothing takes it
/// for one.
pub(crate) fn merged_into(shop: &ShopId, other: CustomerId) -> Key {
    key(customer_partition(shop, other), MERGED_INTO)
}

/// The sort key of what leads from a merged customer to the survivor.
pub(crate) const MERGED_INTO: &str = "MERGED_INTO";

/// Who was merged into a customer.
pub(crate) fn merged(shop: &ShopId, survivor: CustomerId, other: CustomerId) -> Key {
    key(customer_partition(shop, survivor), format!("{MERGED}{other}"))
}

/// The beginning of the sort keys of all who were merged into a customer.
pub(crate) const MERGED: &str = "MERGED#";

/// What two records were before their merge, in the survivor's partition.
pub(crate) fn before_merge(shop: &ShopId, survivor: CustomerId, job: JobId) -> Key {
    key(customer_partition(shop, survivor), format!("BEFORE#{job}"))
}

/// That a merge brought the item that stands at `sk`, in the survivor's partition.
pub(crate) fn moved(shop: &ShopId, survivor: CustomerId, job: JobId, sk: &str) -> Key {
    key(customer_partition(shop, survivor), format!("{}{sk}", moved_by(job)))
}

/// The beginning of the sort keys of all that one merge brought.
pub(crate) fn moved_by(job: JobId) -> String {
    format!("MOVED#{job}#")
}

/// A due date: of one kind in its customer's partition, or where the draft is that was left.
pub(crate) fn due_date(shop: &ShopId, due: &DueDate) -> Key {
    match &due.cause {
        Cause::AbandonedOrder { link, .. } => order_draft(link),
        Cause::Birthday { .. } | Cause::Reactivation { .. } | Cause::Satisfaction { .. } => {
            key(customer_partition(shop, due.customer), format!("{DUE_DATES}{}", due.kind().name()))
        }
    }
}

/// The beginning of the sort keys of a customer's due dates.
pub(crate) const DUE_DATES: &str = "DUE#";

/// A magic link as its customer's list names it; what it is stands under its token's hash.
pub(crate) fn order_link_reference(shop: &ShopId, customer: CustomerId, id: OrderLinkId) -> Key {
    key(customer_partition(shop, customer), format!("{LINKS}{id}"))
}

/// The beginning of every link reference's sort key.
pub(crate) const LINKS: &str = "LINK#";

/// What makes a message one of its customer, whose address may be corrected. What staff have sent again
/// is one of its own each time.
pub(crate) fn once(message: &Message) -> Vec<Key> {
    // What the shop is told is of one transaction, and has a fresh id.
    let Addressee::Customer { customer } = message.to else {
        return Vec::new();
    };
    let own = message.resent_of.map(|_| format!("#{}", message.id)).unwrap_or_default();
    let keys = once_of_customer(&message.shop, customer, &message.occurrence);
    keys.into_iter().map(|Key { pk, sk }| Key { pk, sk: sk + &own }).collect()
}

/// What a marketing mail takes of the address it goes to, so that two records of one address get one mail
/// for the same occasion, and one of a kind on the same day (UTC).
pub(crate) fn once_of_address(
    shop: &ShopId,
    address: &AddressDigest,
    occurrence: &Occurrence,
    day: Option<Date>,
) -> Vec<Key> {
    let days = day.map(|day| format!("on#{day}"));
    let texts = occurrence.keys().into_iter().chain(days);
    texts.map(|text| key(address_partition(shop, address), once_sort(occurrence, &text))).collect()
}

fn once_sort(occurrence: &Occurrence, text: &str) -> String {
    format!("ONCE#{}#{text}", occurrence.kind().name())
}

/// That a customer has a message of this occurrence; the first names it.
pub(crate) fn once_of_customer(shop: &ShopId, customer: CustomerId, occurrence: &Occurrence) -> Vec<Key> {
    let partition = customer_partition(shop, customer);
    occurrence.keys().iter().map(|text| key(partition.clone(), once_sort(occurrence, text))).collect()
}

/// The partition of what is filed under an address.
pub(crate) fn address_partition(shop: &ShopId, address: &AddressDigest) -> String {
    format!("{shop}#A#{}", address.as_str())
}

/// Pattern 2: whose address it is. The uniqueness of an address in a shop.
pub(crate) fn address_owner(shop: &ShopId, address: &AddressDigest) -> Key {
    key(address_partition(shop, address), ADDRESS_OWNER)
}

/// The sort key of the customer an address leads to.
pub(crate) const ADDRESS_OWNER: &str = "CUSTOMER";

/// The beginning of the sort keys of the others who have an address.
pub(crate) const ADDRESS_SHARERS: &str = "DUPLICATE#";

/// A customer who has an address that leads to another (`allow_duplicate`).
pub(crate) fn address_sharer(shop: &ShopId, address: &AddressDigest, customer: CustomerId) -> Key {
    key(address_partition(shop, address), format!("{ADDRESS_SHARERS}{customer}"))
}

/// The beginning of every suppression's sort key.
pub(crate) const SUPPRESSIONS: &str = "SUPPRESSION#";

/// The suppression of an address, one per cause: a weaker one never replaces a stronger.
pub(crate) fn suppression(shop: &ShopId, address: &AddressDigest, cause: SuppressionCause) -> Key {
    key(address_partition(shop, address), format!("{SUPPRESSIONS}{}", cause.name()))
}

/// Pattern 4: the partition of the record words that begin like `word`.
pub(crate) fn word_partition(shop: &ShopId, word: &str) -> String {
    format!("{shop}#W#{}", beginning(word))
}

/// Pattern 4: a word of a customer's record.
pub(crate) fn word(shop: &ShopId, word: &str, customer: CustomerId) -> Key {
    key(word_partition(shop, word), format!("{word}#{customer}"))
}

/// Pattern 4: the partition of the note words that begin like `word`.
pub(crate) fn note_word_partition(shop: &ShopId, word: &str) -> String {
    format!("{shop}#V#{}", beginning(word))
}

/// Pattern 4: a word of a customer's note.
pub(crate) fn note_word(shop: &ShopId, word: &str, customer: CustomerId, note: NoteId) -> Key {
    key(note_word_partition(shop, word), format!("{word}#{customer}#{note}"))
}

/// Pattern 4: where the entries of one word in a customer's notes end.
pub(crate) fn note_words_end(shop: &ShopId, word: &str, customer: CustomerId) -> Key {
    key(note_word_partition(shop, word), format!("{word}#{customer}#~"))
}

/// The first two characters: what spreads a shop's words over partitions, and the least a query
/// has.
fn beginning(word: &str) -> String {
    word.chars().take(2).collect()
}

/// The partition of a shop's settings and of what it changed of its mails.
pub(crate) fn settings_partition(shop: &ShopId) -> String {
    format!("{shop}#S")
}

/// A shop's settings.
pub(crate) fn settings(shop: &ShopId) -> Key {
    key(settings_partition(shop), "SETTINGS")
}

/// The beginning of the sort keys of all that a shop changed of its mails.
pub(crate) const MAIL_TEMPLATES: &str = "TEMPLATE#";

/// Pattern 18: a shop's own texts for one kind and language.
pub(crate) fn mail_template(shop: &ShopId, kind: MessageKind, language: Locale) -> Key {
    key(settings_partition(shop), format!("{MAIL_TEMPLATES}{}#{}", kind.name(), language.tag()))
}

/// The partition of a shop's groups and of its own tags.
pub(crate) fn labels_partition(shop: &ShopId) -> String {
    format!("{shop}#G")
}

/// The beginning of every group's sort key.
pub(crate) const GROUPS: &str = "GROUP#";

/// A group.
pub(crate) fn group(shop: &ShopId, id: GroupId) -> Key {
    key(labels_partition(shop), format!("{GROUPS}{id}"))
}

/// The uniqueness of a group's name, folded.
pub(crate) fn group_name(shop: &ShopId, folded: &str) -> Key {
    key(labels_partition(shop), format!("NAME#{folded}"))
}

/// The beginning of every own tag's sort key.
pub(crate) const TAGS: &str = "TAG#";

/// A tag of the shop's own.
pub(crate) fn own_tag(shop: &ShopId, id: &TagId) -> Key {
    key(labels_partition(shop), format!("{TAGS}{id}"))
}

/// The partition of the `list` index that names the shops.
pub(crate) const SHOPS: &str = "SHOPS";

/// Pattern 7: the catalogue of a shop.
pub(crate) fn catalogue_partition(shop: &ShopId) -> String {
    format!("{shop}#P")
}

/// Pattern 7: what customers are offered, in the order they see it.
pub(crate) fn offers_partition(shop: &ShopId) -> String {
    format!("{shop}#K")
}

/// A product as customers are offered it, in its [place](offer_place).
pub(crate) fn offer(shop: &ShopId, place: &str) -> Key {
    key(offers_partition(shop), place)
}

/// Where an offer stands: by category, position and age.
pub(crate) fn offer_place(category: &str, position: u32, id: ProductId) -> String {
    format!("{category}#{position:06}#{id}")
}

/// Pattern 7: which categories the offers of a shop have, in each currency.
pub(crate) fn directory_partition(shop: &ShopId) -> String {
    format!("{shop}#J")
}

/// How many offers of a category have a price in a currency; of no category, where that is empty.
pub(crate) fn tally(shop: &ShopId, currency: Currency, category: &str) -> Key {
    key(directory_partition(shop), format!("{}{category}", tallies_in(currency)))
}

/// The beginning of the sort keys of the tallies of one currency.
pub(crate) fn tallies_in(currency: Currency) -> String {
    format!("{}#", currency.code())
}

/// Pattern 7: how many there are of what is counted.
pub(crate) fn stocks_partition(shop: &ShopId) -> String {
    format!("{shop}#L")
}

/// How many there are of a product.
pub(crate) fn stock(shop: &ShopId, id: ProductId) -> Key {
    key(stocks_partition(shop), id.to_string())
}

/// A product.
pub(crate) fn product(shop: &ShopId, id: ProductId) -> Key {
    key(catalogue_partition(shop), id.to_string())
}

/// Pattern 17: the images of a shop that no product shows.
pub(crate) fn loose_images_partition(shop: &ShopId) -> String {
    format!("{shop}#M")
}

/// An image that no product shows.
pub(crate) fn loose_image(shop: &ShopId, id: ImageId) -> Key {
    key(loose_images_partition(shop), id.to_string())
}

/// Pattern 14: what leads from a form's id to its shop.
pub(crate) fn form_owner(id: &FormId) -> Key {
    key(format!("F#{id}"), "FORM")
}

/// Pattern 14: the partition of a shop's forms.
pub(crate) fn forms_partition(shop: &ShopId) -> String {
    format!("{shop}#F")
}

/// A form.
pub(crate) fn form(shop: &ShopId, id: &FormId) -> Key {
    key(forms_partition(shop), id.as_str())
}

/// What raises its version whenever a shop gets a form: of two that would be the last, one is.
pub(crate) fn forms_version(shop: &ShopId) -> Key {
    key(format!("{shop}#S"), "FORMS")
}

/// Pattern 16: where a submission's receipt leads, or what is suspected itself.
pub(crate) fn receipt(shop: &ShopId, id: SubmissionId) -> Key {
    key(format!("{shop}#R#{id}"), "RECEIPT")
}

/// Pattern 15: what a form sent, in the `list` index.
pub(crate) fn submissions_list(shop: &ShopId, form: &FormId) -> String {
    format!("{shop}#SUBMISSIONS#{form}")
}

/// Pattern 15: what of it is suspected, in the `list` index.
pub(crate) fn quarantine_list(shop: &ShopId, form: &FormId) -> String {
    format!("{shop}#QUARANTINE#{form}")
}

/// The beginning of the sort keys of what is suspected to be of an address.
pub(crate) const SUSPECTED: &str = "QUARANTINE#";

/// That a suspected submission names an address: erasure finds it by that.
pub(crate) fn suspected(shop: &ShopId, address: &AddressDigest, id: SubmissionId) -> Key {
    key(address_partition(shop, address), format!("{SUSPECTED}{id}"))
}

/// How many mails forms have caused to an address on a day (UTC).
pub(crate) fn mails_of_day(shop: &ShopId, address: &AddressDigest, day: Date) -> Key {
    key(address_partition(shop, address), format!("MAILS#{day}"))
}

/// How many codes were mailed to an address on a day (UTC).
pub(crate) fn codes_of_day(shop: &ShopId, address: &AddressDigest, day: Date) -> Key {
    key(address_partition(shop, address), format!("CODES#{day}"))
}

/// How many mails staff have had sent to an address on a day (UTC).
pub(crate) fn staff_mails_of_day(shop: &ShopId, address: &AddressDigest, day: Date) -> Key {
    key(address_partition(shop, address), format!("STAFF_MAILS#{day}"))
}

/// Pattern 18: the partition of what became of a shop's mails.
pub(crate) fn reputation_partition(shop: &ShopId) -> String {
    format!("{shop}#H")
}

/// How many mails of a day (UTC) left, bounced, or were complained of.
pub(crate) fn mails_by_day(shop: &ShopId, day: Date) -> Key {
    key(reputation_partition(shop), day.to_string())
}

/// Pattern 18: that a shop's marketing is paused.
pub(crate) fn marketing_pause(shop: &ShopId) -> Key {
    key(reputation_partition(shop), "PAUSE")
}

/// When it was last said that a shop's marketing goes on.
pub(crate) fn marketing_resumed(shop: &ShopId) -> Key {
    key(reputation_partition(shop), "RESUMED")
}

/// A token bucket. Each has a partition of its own: none is hot because others are.
pub(crate) fn bucket(shop: &ShopId, of: &str) -> Key {
    key(format!("{shop}#B#{of}"), "BUCKET")
}

/// A token bucket of the whole account. The one key without a shop that leads to none: what SES takes
/// in a second is the account's, whichever shop sends.
pub(crate) fn account_bucket(of: &str) -> Key {
    key(format!("B#{of}"), "BUCKET")
}

/// A link that asks for consent, by its token; leads to the shop.
pub(crate) fn consent_request(hash: &TokenHash) -> Key {
    key(format!("T#{}", hash.as_str()), "CONSENT_REQUEST")
}

/// What became of a link that asks for consent, under the link itself.
pub(crate) fn consent_answer(hash: &TokenHash) -> Key {
    key(format!("T#{}", hash.as_str()), "CONSENT_ANSWER")
}

/// That whose preferences a token opened is forgotten.
pub(crate) fn forgotten(hash: &TokenHash) -> Key {
    key(format!("T#{}", hash.as_str()), "FORGOTTEN")
}

/// What leads from a customer to a link that asks for consent.
pub(crate) fn consent_request_reference(shop: &ShopId, customer: CustomerId, id: ConsentRequestId) -> Key {
    key(customer_partition(shop, customer), format!("{CONSENT_REQUESTS}{id}"))
}

/// The beginning of the sort keys of a customer's links that ask for consent.
pub(crate) const CONSENT_REQUESTS: &str = "CONSENT_REQUEST#";

/// The code that was last mailed to a customer.
pub(crate) fn address_code(shop: &ShopId, customer: CustomerId) -> Key {
    key(customer_partition(shop, customer), "ADDRESS_CODE")
}

/// What the shop is told of.
pub(crate) fn notice(shop: &ShopId, id: NoticeId) -> Key {
    key(format!("{shop}#N#{id}"), "NOTICE")
}

/// Pattern 7: a magic link by its token; leads to its shop.
pub(crate) fn order_link(hash: &TokenHash) -> Key {
    key(format!("T#{}", hash.as_str()), "ORDER_LINK")
}

/// The order in the making of a link.
pub(crate) fn order_draft(hash: &TokenHash) -> Key {
    key(format!("T#{}", hash.as_str()), "ORDER_DRAFT")
}

/// What a draft became, under its link: what makes posting it twice one order.
pub(crate) fn placed_draft(hash: &TokenHash, id: DraftId) -> Key {
    key(format!("T#{}", hash.as_str()), format!("DRAFT#{id}"))
}

/// A customer's preferences by their token; leads to the shop.
pub(crate) fn preferences(hash: &TokenHash) -> Key {
    key(format!("T#{}", hash.as_str()), "PREFERENCES")
}

/// Pattern 10: the audit of a day (UTC).
pub(crate) fn audit_partition(shop: &ShopId, day: Date) -> String {
    format!("{shop}#U#{day}")
}

/// An audit entry.
pub(crate) fn audit(shop: &ShopId, day: Date, id: AuditId) -> Key {
    key(audit_partition(shop, day), id.to_string())
}

/// An idempotency record, by the digest of its caller and key.
pub(crate) fn idempotency(shop: &ShopId, digest: &str) -> Key {
    key(format!("{shop}#I#{digest}"), "IDEMPOTENCY")
}

/// Pattern 13: the partition of a shop's exports.
pub(crate) fn exports_partition(shop: &ShopId) -> String {
    format!("{shop}#X")
}

/// An export job.
pub(crate) fn export(shop: &ShopId, id: ExportId) -> Key {
    key(exports_partition(shop), id.to_string())
}

/// Pattern 13: the ledger of a shop's erasures, in the order of time.
pub(crate) fn erasures_partition(shop: &ShopId) -> String {
    format!("{shop}#E")
}

/// That a customer was erased: one job erases those who were merged into them too.
pub(crate) fn erasure(shop: &ShopId, job: JobId, customer: CustomerId) -> Key {
    key(erasures_partition(shop), format!("{job}#{customer}"))
}

/// A job of more than one transaction.
pub(crate) fn job(shop: &ShopId, id: JobId) -> Key {
    key(format!("{shop}#J#{id}"), "JOB")
}

/// Pattern 12: jobs that are not done.
pub(crate) fn jobs_list(shop: &ShopId) -> String {
    format!("{shop}#JOBS")
}

/// Pattern 12: a job's place, by the instant at which to go on with it.
pub(crate) fn jobs_list_sort(wake_at: Timestamp, id: JobId) -> String {
    format!("{}#{id}", instant(wake_at))
}

/// Pattern 3: cards of one status, by sort name.
pub(crate) fn customers_list(shop: &ShopId, status: CustomerStatus) -> String {
    format!("{shop}#CUSTOMERS#{}", status.name())
}

/// Pattern 3: a card's place in the list. A name comes before every longer one: the separator
/// sorts below letters.
pub(crate) fn customers_list_sort(sort_name: &str, id: CustomerId) -> String {
    format!("{sort_name}#{id}")
}

/// Patterns 3b and 11: one shard of a shop's customers.
pub(crate) fn customers_shard(shop: &ShopId, shard: u8) -> String {
    format!("{shop}#F#{shard}")
}

/// The shard a customer is in, for good.
pub(crate) fn shard_of(id: CustomerId) -> u8 {
    (id.ulid().random() % u128::from(SHARDS)) as u8
}

/// Pattern 8: orders of a shop.
pub(crate) fn orders_list(shop: &ShopId) -> String {
    format!("{shop}#ORDERS")
}

/// Pattern 8: an order's place, by day and then by instant.
pub(crate) fn orders_list_sort(day: Date, id: OrderId) -> String {
    format!("{day}#{id}")
}

/// Pattern 10: audit of a customer.
pub(crate) fn audit_list(shop: &ShopId, customer: CustomerId) -> String {
    format!("{shop}#AUDIT#{customer}")
}

/// Pattern 6: everybody due for a kind, by day.
pub(crate) fn due_list(shop: &ShopId, kind: DueKind) -> String {
    format!("{shop}#DUE#{}", kind.name())
}

/// Pattern 6: a due date's place.
pub(crate) fn due_list_sort(day: Date, customer: CustomerId) -> String {
    format!("{day}#{customer}")
}

/// Pattern 9: messages that are not at their end.
pub(crate) fn outbox(shop: &ShopId) -> String {
    format!("{shop}#OUTBOX")
}

/// Pattern 9: a message's place, by the instant at which it is to be looked at.
pub(crate) fn outbox_sort(wake_at: Timestamp, id: MessageId) -> String {
    format!("{}#{id}", instant(wake_at))
}

/// An instant as text that sorts like time: fixed width, in milliseconds.
pub(crate) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests;
