//! What must be so after every run, read from the whole table and the whole mailbox.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::{Add, AddAssign};

use local::mailbox::Mail;
use shared::domain::{MessageClass, MessageKind};

use super::calls::Row;
use super::flow::{Due, End, Flow};
use super::stage::{Before, Stage};
use crate::app::{Item, text};

/// What runs have come to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    pub calls: usize,
    pub runs: usize,
    /// Runs that ended before the call at which something was to go wrong.
    pub quiet: usize,
    pub marketing_duplicates: usize,
    /// Marketing mail given up because nobody knows whether it has left.
    pub given_up: usize,
    pub transactional_losses: usize,
    /// Transactional mails beyond the first.
    pub duplicates: usize,
    /// Faults that left it open whether a mail had left.
    pub ambiguous: usize,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            runs: self.runs + other.runs,
            quiet: self.quiet + other.quiet,
            marketing_duplicates: self.marketing_duplicates + other.marketing_duplicates,
            given_up: self.given_up + other.given_up,
            transactional_losses: self.transactional_losses + other.transactional_losses,
            duplicates: self.duplicates + other.duplicates,
            ambiguous: self.ambiguous + other.ambiguous,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calls, runs, quiet, marketing_duplicates, given_up, transactional_losses, duplicates, ambiguous } =
            self;
        write!(
            f,
            "calls × faults: {calls} calls, {runs} runs ({quiet} quiet); marketing duplicates {marketing_duplicates}, given up "
        )?;
        write!(f, "{given_up}; transactional losses {transactional_losses}; duplicates {duplicates} ≤ ambiguous ")?;
        write!(f, "{ambiguous}")
    }
}

/// A message as it ended, and the mails that it became.
struct Ended {
    kind: String,
    state: String,
    reason: String,
    mails: Vec<Mail>,
}

impl Ended {
    fn of(message: &Item, mails: &[Mail]) -> Self {
        let occurrence = message["occurrence"].as_m().unwrap();
        let id = text(message, "id");
        let mails = mails.iter().filter(|mail| mail.tags["message"] == id).cloned().collect();
        Self { kind: text(occurrence, "kind"), state: text(message, "state"), reason: text(message, "reason"), mails }
    }

    fn is_marketing(&self) -> bool {
        let of_kind = MessageKind::ALL.into_iter().find(|kind| kind.name() == self.kind);
        of_kind.is_some_and(|kind| kind.class() == MessageClass::Marketing)
    }

    /// Whether it ended as `due` says; where it was open whether it has left, marketing may be given up.
    fn is(&self, due: &Due, ambiguous: bool) -> bool {
        if self.kind != due.kind {
            return false;
        }
        let sent = self.state == "sent";
        let is_skipped = |reason: &str| self.state == "skipped" && self.reason == reason;
        let skipped = |reason: &str| is_skipped(reason) && self.mails.is_empty();
        let given_up = ambiguous && self.is_marketing() && self.state == "skipped" && self.reason == "outcome_unknown";
        let ended = match due.end {
            End::Sent => sent || given_up,
            End::Skipped(reason) => skipped(reason),
            End::SentOrSkipped(reason) => sent || given_up || skipped(reason) || ambiguous && is_skipped(reason),
            End::Gone => self.mails.is_empty(),
        };
        // Marketing that was given up has left, or not; whatever was sent has.
        ended && (!sent || !self.mails.is_empty()) && self.mails.iter().all(|mail| mail.to == [due.to.as_str()])
    }
}

impl Stage {
    /// Reads what has become of `flow` after `row`, and that the whole table holds together.
    ///
    /// # Panics
    /// Where something is not as it must be.
    pub async fn check<F: Flow>(&self, before: &Before, row: &Row, flow: &F) -> Tally {
        let items: Vec<Item> = self.app.table().await.into_values().collect();
        let of = |kind: &str| items.iter().filter(|item| text(item, "t") == kind).collect::<Vec<_>>();
        let mails = &self.app.mails()[before.mails..];
        let messages = of("message").into_iter().filter(|message| !before.messages.contains(&text(message, "id")));
        let mut ended: Vec<Ended> = messages.map(|message| Ended::of(message, mails)).collect();
        // Of two of one kind the one that has left is the one that was due.
        ended.sort_by_key(|message| message.state != "sent");
        let trial = self.last_trial();
        let said = || format!("{}, {:?}, reports {:?}", F::NAME, trial.happened(), row.reports);
        let seen: usize = ended.iter().map(|message| message.mails.len()).sum();
        assert_eq!(seen, mails.len(), "{}: every mail is of a message", said());
        let mut tally = Tally { ambiguous: trial.ambiguous(), ..Tally::default() };
        for due in flow.due() {
            let found = ended.iter().position(|message| message.is(&due, tally.ambiguous > 0));
            let Some(found) = found else {
                let ends: Vec<_> = ended.iter().map(|m| (&m.kind, &m.state, &m.reason, m.mails.len())).collect();
                if due.end == End::Gone {
                    continue;
                }
                let of_kind = MessageKind::ALL.into_iter().find(|kind| kind.name() == due.kind);
                let lost =
                    due.end == End::Sent && of_kind.is_some_and(|kind| kind.class() == MessageClass::Transactional);
                assert!(lost, "{}: {due:?} is not in {ends:?}", said());
                eprintln!("{}: {due:?} is lost: {ends:?}", said());
                tally.transactional_losses += 1;
                ended.retain(|message| message.kind != due.kind);
                continue;
            };
            let message = ended.remove(found);
            let more = message.mails.len().saturating_sub(1);
            if message.is_marketing() {
                tally.marketing_duplicates += more;
                tally.given_up += usize::from(message.reason == "outcome_unknown");
            } else {
                tally.duplicates += more;
            }
        }
        if let Some(due) = flow.asked_again().filter(|_| !trial.happened().is_empty()) {
            ended.retain(|message| !message.is(&due, false));
        }
        // What the shop is told of itself, as that too many addresses bounce, comes of many runs.
        ended.retain(|message| message.kind != "notice");
        assert!(ended.is_empty(), "{}: {} {} that nothing has caused", said(), ended[0].kind, ended[0].state);
        assert_eq!(tally.marketing_duplicates, 0, "{}", said());
        assert!(tally.duplicates <= tally.ambiguous, "{}: {} duplicates", said(), tally.duplicates);
        holds_together(&items);
        flow.holds(self, row.reports).await;
        tally
    }
}

/// What is so whatever has happened: nothing is half written.
fn holds_together(items: &[Item]) {
    let of = |kind: &str| items.iter().filter(|item| text(item, "t") == kind).collect::<Vec<_>>();
    let messages: BTreeMap<String, &Item> =
        of("message").into_iter().map(|message| (text(message, "id"), message)).collect();
    let occurrences: BTreeSet<String> = of("once").into_iter().map(|once| text(once, "message")).collect();
    for (id, message) in &messages {
        let to_customer = text(message["to"].as_m().unwrap(), "kind") == "customer";
        assert!(!to_customer || occurrences.contains(id), "a message without its occurrence");
        assert!(["sent", "skipped", "failed"].contains(&&*text(message, "state")), "a message that never ends");
        assert_eq!(text(message, "state") == "skipped", !text(message, "reason").is_empty(), "skipped with a reason");
        assert!(!message.contains_key("due_pk"), "what has ended waits no more");
    }
    for customer in of("customer") {
        let own = |item: &&&Item| text(item, "pk") == text(customer, "pk");
        let orders = of("order").iter().filter(own).filter(|order| text(order, "state") != "cancelled").count();
        let figures = customer.get("figures").and_then(|figures| figures.as_m().ok());
        let counted = figures.and_then(|figures| figures.get("orders")?.as_n().ok()).map_or("0", String::as_str);
        assert_eq!(counted, orders.to_string(), "figures are of the orders");
        let birthday = of("due").iter().filter(own).count();
        assert!(!customer.contains_key("birthday") || birthday > 0, "a birthday that is never due again");
    }
}
