//! What is counted so that too much of it is told: token buckets, and the mails of a day.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::keys::{self, Key};
use super::{ATTEMPTS, Item, Step, Table, Transaction, key_item, unavailable_or_refused};
use crate::Result;
use crate::domain::{AddressCode, ShopId};
use crate::keyring::AddressDigest;

/// The most mails that forms may cause to one address on one day. Codes are not among them: whoever asks
/// for one has been mailed already.
pub const MAILS_A_DAY: u32 = 3;

/// The most mails that staff may have sent to one address on one day (UTC), magic links and mails that are
/// sent again, whichever they are: more would be a nuisance, and a reason to complain.
pub const STAFF_MAILS_A_DAY: u32 = 3;

/// A token bucket: so many at once, as many again within a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket<'a> {
    /// What is counted.
    pub of: &'a str,
    /// How many within the span.
    pub tokens: u32,
    /// The span.
    pub within: SignedDuration,
}

impl<'a> Bucket<'a> {
    /// A bucket of as many tokens a minute.
    pub fn per_minute(of: &'a str, tokens: u32) -> Self {
        Self { of, tokens, within: SignedDuration::from_mins(1) }
    }

    /// How much time a token takes to come back, in microseconds: fine enough for the rate to be
    /// right to a part in six thousand at the highest limit of a form.
    fn interval(self) -> i64 {
        (micros(self.within) / self.size()).max(1)
    }

    /// How far ahead of the clock the bucket may be for one more to pass, in microseconds.
    fn tolerance(self) -> i64 {
        self.interval() * (self.size() - 1)
    }

    fn size(self) -> i64 {
        i64::from(self.tokens.max(1))
    }
}

fn micros(span: SignedDuration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX / 2)
}

/// A token that is asked for: how long whoever asks would wait for one that comes later.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    key: &'a Key,
    bucket: Bucket<'a>,
    clock: i64,
    patience: i64,
}

impl Wanted<'_> {
    /// How far the bucket may be ahead for a token to come in time.
    fn latest(&self) -> i64 {
        self.clock + self.bucket.tolerance() + self.patience
    }
}

/// What a token does to a bucket that is full, and when it is.
const FULL_AGAIN: (&str, &str) =
    ("SET full_at = :next, #ttl = :ttl, #t = :t", "attribute_not_exists(full_at) OR full_at <= :now");

/// What a token does to a bucket that is not, and when one is left.
const TAKEN_LATELY: (&str, &str) =
    ("SET full_at = full_at + :interval, #ttl = :ttl", "full_at > :now AND full_at <= :latest");

impl Table {
    /// Takes a token out of `bucket`; how long to wait for one where there is none.
    ///
    /// The bucket is one number, the instant at which it is full again (the generic cell rate
    /// algorithm of ATM): each token moves it on by the time that a token takes to come back. One
    /// write unit; two where tokens were taken lately and one is left.
    pub async fn take(&self, shop: &ShopId, bucket: Bucket<'_>, now: Timestamp) -> Result<Result<(), SignedDuration>> {
        let key = keys::bucket(shop, bucket.of);
        let wanted = Wanted { key: &key, bucket, clock: now.as_microsecond(), patience: 0 };
        Ok(self.take_wanted(wanted).await?.map(drop))
    }

    /// Takes the next token out of a bucket of the whole account, if it comes within `patience`: how
    /// long it takes to come, for whoever took it to wait. Else how long to wait before asking again.
    ///
    /// Whoever waits has a place in the line, so that nobody has to ask twice and none is lost. Two
    /// write units while others wait.
    pub async fn take_turn(
        &self,
        bucket: Bucket<'_>,
        patience: SignedDuration,
        now: Timestamp,
    ) -> Result<Result<SignedDuration, SignedDuration>> {
        let key = keys::account_bucket(bucket.of);
        self.take_wanted(Wanted { key: &key, bucket, clock: now.as_microsecond(), patience: micros(patience) }).await
    }

    async fn take_wanted(&self, wanted: Wanted<'_>) -> Result<Result<SignedDuration, SignedDuration>> {
        // Tokens of others may come between the two: they are asked in turn until one is true.
        for attempt in 1..=ATTEMPTS {
            for (update, condition) in [FULL_AGAIN, TAKEN_LATELY] {
                match self.move_bucket(wanted, update, condition).await? {
                    Ok(full_at) => {
                        let ahead = full_at - wanted.bucket.interval() - wanted.bucket.tolerance() - wanted.clock;
                        return Ok(Ok(SignedDuration::from_micros(ahead.max(0))));
                    }
                    Err(Some(full_at)) if full_at > wanted.latest() => {
                        return Ok(Err(SignedDuration::from_micros(full_at - wanted.latest())));
                    }
                    Err(_) => {}
                }
            }
            self.pause(attempt).await;
        }
        Ok(Err(SignedDuration::from_secs(1)))
    }

    /// Moves the bucket on if `condition` holds: the instant, in microseconds, at which it is full
    /// again then; else the one at which it is now.
    async fn move_bucket(&self, wanted: Wanted<'_>, update: &str, condition: &str) -> Result<Result<i64, Option<i64>>> {
        let Wanted { bucket, clock, .. } = wanted;
        let number = |number: i64| AttributeValue::N(number.to_string());
        let full_at = |item: &Item| item.get("full_at")?.as_n().ok()?.parse().ok();
        let mut request = self
            .client
            .update_item()
            .table_name(&*self.name)
            .set_key(Some(key_item(wanted.key)))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":ttl", number(clock / 1_000_000 + 3600))
            .expression_attribute_values(":now", number(clock))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        request = if update.contains(":next") {
            request
                .expression_attribute_names("#t", "t")
                .expression_attribute_values(":t", AttributeValue::S("bucket".to_owned()))
                .expression_attribute_values(":next", number(clock + bucket.interval()))
        } else {
            request
                .expression_attribute_values(":interval", number(bucket.interval()))
                .expression_attribute_values(":latest", number(wanted.latest()))
        };
        let error = match request.send().await {
            Ok(output) => {
                self.meter.write(output.consumed_capacity());
                return Ok(Ok(output.attributes().and_then(full_at).unwrap_or(clock + bucket.interval())));
            }
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => Ok(Err(failed.item().and_then(full_at))),
            Some(_) | None => Err(unavailable_or_refused(error)),
        }
    }

    /// How many mails forms have caused to an address on a day.
    pub async fn mails_of_day(&self, shop: &ShopId, address: &AddressDigest, day: Date) -> Result<u32> {
        #[derive(Deserialize)]
        struct Counted {
            count: u32,
        }
        let counted: Option<Counted> = self.get(&keys::mails_of_day(shop, address, day)).await?;
        Ok(counted.map_or(0, |counted| counted.count))
    }
}

impl Transaction {
    /// Counts `more` mails that a form causes to an address: refused where that makes more than
    /// [`MAILS_A_DAY`] on `day`.
    pub fn count_mails(
        &mut self,
        shop: &ShopId,
        address: &AddressDigest,
        day: Date,
        more: u32,
        now: Timestamp,
    ) -> Step {
        let gone = now.checked_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
        self.count(&keys::mails_of_day(shop, address, day), more, MAILS_A_DAY, gone)
    }

    /// Counts a code that is mailed to an address: refused where that makes more than
    /// [`AddressCode::PER_DAY`] on the day (UTC) of `now`, whoever has the address.
    pub fn count_code(&mut self, shop: &ShopId, address: &AddressDigest, now: Timestamp) -> Step {
        let gone = now.checked_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
        let day = now.to_zoned(TimeZone::UTC).date();
        self.count(&keys::codes_of_day(shop, address, day), 1, AddressCode::PER_DAY, gone)
    }

    /// Counts a mail that staff have sent to an address: refused where that makes more than
    /// [`STAFF_MAILS_A_DAY`] on the day (UTC) of `now`, whoever has the address.
    pub fn count_staff_mail(&mut self, shop: &ShopId, address: &AddressDigest, now: Timestamp) -> Step {
        let gone = now.checked_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
        let day = now.to_zoned(TimeZone::UTC).date();
        self.count(&keys::staff_mails_of_day(shop, address, day), 1, STAFF_MAILS_A_DAY, gone)
    }
}
