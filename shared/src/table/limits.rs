//! What is counted so that too much of it is told: token buckets, and the mails of a day.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::keys;
use super::{ATTEMPTS, Step, Table, Transaction, key_item, unavailable_or_refused};
use crate::Result;
use crate::domain::{AddressCode, ShopId};
use crate::keyring::AddressDigest;

/// The most mails that forms may cause to one address on one day. Codes are not among them: whoever asks
/// for one has been mailed already.
pub const MAILS_A_DAY: u32 = 3;

/// The most magic links that staff may have mailed to one address on one day (UTC), whichever they are: more
/// would be a nuisance, and a reason to complain.
pub const LINK_MAILS_A_DAY: u32 = 3;

/// A token bucket: so many at once, as many again within a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket<'a> {
    /// What is counted.
    pub of: &'a str,
    /// How many a minute.
    pub per_minute: u32,
}

impl Bucket<'_> {
    /// How much time a token takes to come back, in microseconds: fine enough for the rate to be
    /// right to a part in six thousand at the highest limit.
    fn interval(self) -> i64 {
        60_000_000 / self.tokens()
    }

    /// How far ahead of the clock the bucket may be for one more to pass, in microseconds.
    fn tolerance(self) -> i64 {
        self.interval() * (self.tokens() - 1)
    }

    fn tokens(self) -> i64 {
        i64::from(self.per_minute.max(1))
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
        let clock = now.as_microsecond();
        // Tokens of others may come between the two: they are asked in turn until one is true.
        for attempt in 1..=ATTEMPTS {
            for (update, condition) in [FULL_AGAIN, TAKEN_LATELY] {
                match self.move_bucket(shop, bucket, clock, update, condition).await? {
                    Ok(()) => return Ok(Ok(())),
                    Err(Some(full_at)) if full_at > clock + bucket.tolerance() => {
                        return Ok(Err(SignedDuration::from_micros(full_at - clock - bucket.tolerance())));
                    }
                    Err(_) => {}
                }
            }
            self.pause(attempt).await;
        }
        Ok(Err(SignedDuration::from_secs(1)))
    }

    /// Moves the bucket on if `condition` holds; else the instant, in microseconds, at which it is full
    /// again.
    async fn move_bucket(
        &self,
        shop: &ShopId,
        bucket: Bucket<'_>,
        clock: i64,
        update: &str,
        condition: &str,
    ) -> Result<Result<(), Option<i64>>> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        let mut request = self
            .client
            .update_item()
            .table_name(&*self.name)
            .set_key(Some(key_item(&keys::bucket(shop, bucket.of))))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":ttl", number(clock / 1_000_000 + 3600))
            .expression_attribute_values(":now", number(clock))
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
                .expression_attribute_values(":latest", number(clock + bucket.tolerance()))
        };
        let error = match request.send().await {
            Ok(output) => {
                self.meter.write(output.consumed_capacity());
                return Ok(Ok(()));
            }
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let standing = failed.item().and_then(|item| item.get("full_at")?.as_n().ok()?.parse().ok());
                Ok(Err(standing))
            }
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

    /// Counts a magic link that is mailed to an address: refused where that makes more than
    /// [`LINK_MAILS_A_DAY`] on the day (UTC) of `now`, whoever has the address.
    pub fn count_link_mail(&mut self, shop: &ShopId, address: &AddressDigest, now: Timestamp) -> Step {
        let gone = now.checked_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
        let day = now.to_zoned(TimeZone::UTC).date();
        self.count(&keys::link_mails_of_day(shop, address, day), 1, LINK_MAILS_A_DAY, gone)
    }
}
