//! The next instant at which anything is due in the table: what a moved clock must not skip.

use jiff::civil::Date;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use shared::domain::{DueKind, Settings};
use shared::table::Table;

/// The first instant later than `after` at which a message of any shop is to be looked at, a due
/// date falls, or the round comes that goes on with a job.
///
/// # Errors
/// When the table can't be read.
pub async fn next_due(table: &Table, after: Timestamp) -> shared::Result<Option<Timestamp>> {
    let mut next: Option<Timestamp> = None;
    for shop in table.shops().await? {
        let Some(settings) = table.settings(&shop).await? else { continue };
        let awake = table.next_awake(&shop, after).await?;
        next = earlier(next, awake);
        next = earlier(next, table.next_job(&shop, after).await?.map(round_of));
        for kind in DueKind::ALL {
            if settings.automations.switch(kind).on {
                next = earlier(next, next_due_date(table, &settings, kind, after).await?);
            }
        }
    }
    Ok(next)
}

async fn next_due_date(
    table: &Table,
    settings: &Settings,
    kind: DueKind,
    after: Timestamp,
) -> shared::Result<Option<Timestamp>> {
    let mut position = None;
    loop {
        let page = table.due_dates(&settings.shop, kind, Date::MIN, Date::MAX, 25, position).await?;
        let later = page.items.iter().map(|due| settings.due_at(due)).filter(|at| *at > after).min();
        position = page.next;
        if later.is_some() || position.is_none() {
            return Ok(later);
        }
    }
}

/// The first round at or after `instant`.
fn round_of(instant: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Minute).increment(5).mode(RoundMode::Ceil);
    instant.round(up).unwrap_or(instant)
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;
    use shared::domain::{CustomerId, DueDate, Message, MessageId, Occurrence, ShopId};
    use shared::table::Transaction;

    use super::*;
    use crate::functions;
    use crate::stack::{Options, Stack};

    #[tokio::test]
    async fn a_birthday_is_due_at_nine_in_the_shop_s_zone() {
        let stack = Stack::start(Options::in_memory(), functions::deploy).await.unwrap();
        let table = stack.services().app().table;
        assert_eq!(next_due(&table, Timestamp::UNIX_EPOCH).await.unwrap(), None);
        let settings = table.settings(&"main".parse().unwrap()).await.unwrap().unwrap();
        let token = stack.gateway().token("owner", "main").unwrap();
        let body = r#"{"name":"Zoé Dupont","email":"zoe@example.com","birthday":"--05-12"}"#;
        let request = Request::post("/v1/customers")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Bytes::from(body))
            .unwrap();
        let answer = stack.gateway().answer(request, "127.0.0.1".parse().unwrap()).await;
        let status = answer.status();
        let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        let due = next_due(&table, Timestamp::UNIX_EPOCH).await.unwrap().unwrap();
        let local = due.to_zoned(settings.zone.time_zone().clone());
        assert_eq!((local.month(), local.day(), local.time()), (5, 12, DueDate::TIME));
        assert_eq!(next_due(&table, due).await.unwrap(), None, "later than that nothing is due");
    }

    #[tokio::test]
    async fn a_message_that_stays_awake_hides_no_later_one() {
        let stack = Stack::start(Options::in_memory(), functions::deploy).await.unwrap();
        let app = stack.services().app();
        let shop: ShopId = "main".parse().unwrap();
        let now = app.clock.now();
        let minutes = |minutes: i64| now.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
        for wake_at in [minutes(-5), minutes(5)] {
            let customer = CustomerId::new(app.entropy.ulid(now));
            let id = MessageId::new(app.entropy.ulid(now));
            let message = Message::new(shop.clone(), id, customer, Occurrence::Welcome, now, wake_at);
            let mut transaction = Transaction::new();
            transaction.create_message(&message).unwrap();
            app.table.commit(transaction).await.unwrap().unwrap();
        }
        let next = next_due(&app.table, now).await.unwrap().unwrap();
        assert_eq!(next.as_millisecond(), minutes(5).as_millisecond());
        assert_eq!(next_due(&app.table, next).await.unwrap(), None);
    }
}
