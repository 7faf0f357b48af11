//! What became of a shop's mails, by day, and the pause of its marketing (pattern 18).
//!
//! How many were sent is counted beside the outbox and not within its writes: no counter of a whole
//! shop is ever in a transaction that every mail makes. It may be off by what a lost answer or a
//! lost process hides. Bounces and complaints are few, and counted in the transaction that puts
//! their report on the message, so that each counts once.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::keys;
use super::{
    ATTEMPTS, Page, Range, Select, Step, Table, Transaction, expire, key_item, to_item, unavailable_or_refused,
};
use crate::Result;
use crate::domain::{MarketingPause, PauseCause, ReportKind, Reputation, ShopId};

/// How a shop's mails stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// What was counted of the last [`Reputation::DAYS`] days.
    pub figures: Reputation,
    /// The pause of its marketing, if it is paused.
    pub pause: Option<MarketingPause>,
    /// When it was last said that marketing goes on: what left before counts no more.
    pub resumed_at: Option<Timestamp>,
    /// The days of which there is something.
    days: Vec<Date>,
}

/// An item of the partition: a day's figures, the pause, or what ended the last one.
#[derive(Deserialize)]
struct Filed {
    sk: String,
    #[serde(default)]
    sent: u64,
    #[serde(default)]
    bounced: u64,
    #[serde(default)]
    complained: u64,
    since: Option<Timestamp>,
    cause: Option<PauseCause>,
    figures: Option<Reputation>,
    at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Resumed {
    at: Timestamp,
}

impl Table {
    /// Pattern 19: how a shop's mails stand, read consistently. One read unit.
    pub async fn mail_standing(&self, shop: &ShopId, now: Timestamp) -> Result<Standing> {
        // What is no day sorts behind the days.
        let range = Range::Between(Reputation::first_day(now).to_string(), "~".to_owned());
        let select = Select::table(keys::reputation_partition(shop), range, Reputation::DAYS + 10);
        let page: Page<Filed> = self.query(select).await?;
        let mut standing = Standing::default();
        for filed in page.items {
            let Filed { sk, sent, bounced, complained, since, cause, figures, at } = filed;
            if let Ok(day) = sk.parse() {
                standing.figures = standing.figures.and(Reputation { sent, bounced, complained });
                standing.days.push(day);
            } else if let (Some(since), Some(cause), Some(figures)) = (since, cause, figures) {
                standing.pause = Some(MarketingPause { since, cause, figures });
            } else {
                standing.resumed_at = at;
            }
        }
        Ok(standing)
    }

    /// The pause of a shop's marketing, if it is paused; read consistently, just before sending. One
    /// read unit.
    pub async fn marketing_pause(&self, shop: &ShopId) -> Result<Option<MarketingPause>> {
        self.get(&keys::marketing_pause(shop)).await
    }

    /// Counts a mail to a customer that left at `at`. One write unit.
    pub async fn count_sent(&self, shop: &ShopId, at: Timestamp) -> Result<()> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        for attempt in 1.. {
            let counted = self
                .client
                .update_item()
                .table_name(&*self.name)
                .set_key(Some(key_item(&keys::mails_by_day(shop, Reputation::day(at)))))
                .update_expression("SET #ttl = :ttl, #t = :t ADD #sent :one")
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_names("#t", "t")
                .expression_attribute_names("#sent", "sent")
                .expression_attribute_values(":ttl", number(gone(at).as_second()))
                .expression_attribute_values(":t", AttributeValue::S(KIND.to_owned()))
                .expression_attribute_values(":one", number(1))
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await;
            let error = match counted {
                Ok(output) => {
                    self.meter.write(output.consumed_capacity());
                    return Ok(());
                }
                Err(error) => error,
            };
            match error.as_service_error() {
                Some(UpdateItemError::TransactionConflictException(_)) if attempt < ATTEMPTS => {
                    self.pause(attempt).await;
                }
                Some(_) | None => return Err(unavailable_or_refused(error)),
            }
        }
        unreachable!("the loop ends by returning")
    }
}

/// The type of a day's figures.
const KIND: &str = "mails_of_day";

fn gone(at: Timestamp) -> Timestamp {
    at.checked_add(Reputation::KEPT).unwrap_or(Timestamp::MAX)
}

impl Transaction {
    /// Counts a bounce or a complaint of a mail that left at `sent_at`; nothing else is counted. Beside
    /// the step that puts the report on its message.
    pub fn count_report(&mut self, shop: &ShopId, report: ReportKind, sent_at: Timestamp) {
        let attribute = match report {
            ReportKind::Bounced => "bounced",
            ReportKind::Complained => "complained",
            ReportKind::Sent
            | ReportKind::Delivered
            | ReportKind::PutOff
            | ReportKind::Rejected
            | ReportKind::Delayed => return,
        };
        self.add_until(&keys::mails_by_day(shop, Reputation::day(sent_at)), KIND, attribute, gone(sent_at));
    }

    /// Pauses a shop's marketing, unless it is paused.
    pub fn pause_marketing(&mut self, shop: &ShopId, pause: &MarketingPause) -> Result<Step> {
        Ok(self.create(to_item(keys::marketing_pause(shop), "marketing_pause", pause)?))
    }

    /// Ends the pause that was read, and forgets what was counted, so that the next bounce does not
    /// bring it back.
    pub fn resume_marketing(&mut self, shop: &ShopId, standing: &Standing, now: Timestamp) -> Result<()> {
        let since = standing.pause.map(|pause| pause.since.to_string()).unwrap_or_default();
        self.settle(keys::marketing_pause(shop), "since", &since, None);
        for day in &standing.days {
            self.remove(keys::mails_by_day(shop, *day));
        }
        let mut resumed = to_item(keys::marketing_resumed(shop), "marketing_resumed", &Resumed { at: now })?;
        expire(&mut resumed, gone(now));
        self.derive(resumed);
        Ok(())
    }
}
