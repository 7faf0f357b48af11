//! What the run costs that makes messages of a day's birthdays, in small shops and in large ones.

use std::time::Instant;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use futures::StreamExt;
use jiff::ToSpan;
use jiff::civil::Date;
use shared::domain::{Customer, CustomerId};
use tokio::runtime::Handle;

use crate::process::processor_time_of;
use crate::shop::Shop;
use crate::{FUNCTION, STORE};

/// Birthdays are spread over a year: 0.27 % of customers are due.
const DAYS: usize = 365;
/// From here on a shop has, but for those who are due, due dates alone.
const RECORDS: usize = 100_000;
/// What a batch takes.
const BATCH: usize = 25;

/// Plans a day of shops of so many customers.
pub async fn measure(store: &Handle, sizes: &[usize]) {
    println!(
        "\n| customers | due | messages | read units | a due | written a due | s | processor ms a due: automations; store | read units of the next run |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for size in sizes {
        let shop = Shop::of(store, None).await;
        let due = fill(&shop, *size).await;
        shop.app.table.meter().take();
        let (begun, before) = (Instant::now(), [FUNCTION, STORE].map(processor_time_of));
        shop.run("automations-worker", "plan").await;
        let (took, units) = (begun.elapsed().as_secs_f64(), shop.app.table.meter().take());
        let each = |of: usize, name: &str| (processor_time_of(name) - before[of]).as_secs_f64() * 1000.0 / due as f64;
        let (function, stored) = (each(0, FUNCTION), each(1, STORE));
        shop.run("automations-worker", "plan").await;
        let again = shop.app.table.meter().take();
        println!(
            "| {size} | {due} | {} | {:.1} | {:.3} | {:.1} | {took:.1} | {function:.2}; {stored:.2} | {:.1} |",
            messages(&shop).await,
            units.read,
            units.read / due as f64,
            units.write / due as f64,
            again.read
        );
    }
}

/// Fills the shop; how many were due yesterday, which no run has planned yet.
async fn fill(shop: &Shop, size: usize) -> usize {
    let due = size.div_ceil(DAYS);
    if size <= RECORDS {
        shop.customers(0, size, |number| Some(birthday(shop, number))).await;
    } else {
        let yesterday = birthday(shop, 0);
        let one = shop.customers(0, due, |_| Some(yesterday)).await.remove(0);
        due_dates_alone(shop, &one, size - due).await;
    }
    due
}

/// Yesterday for one of each 365, and for the others a day after today, which no run plans yet, and
/// before yesterday comes round again.
fn birthday(shop: &Shop, number: usize) -> Date {
    let after = i64::try_from((number % DAYS).min(DAYS - 2)).unwrap();
    shop.today().saturating_add(if after == 0 { (-1).days() } else { after.days() })
}

/// Copies the due date of `one` for so many others, who have nothing else, on the days to come.
async fn due_dates_alone(shop: &Shop, one: &Customer, count: usize) {
    let client = shop.stack.plain_dynamodb();
    let table = &shop.stack.services().table;
    let pages = client.scan().table_name(table).filter_expression("t = :t AND contains(pk, :id)");
    let named = |text: String| AttributeValue::S(text);
    let pages = pages.expression_attribute_values(":t", named("due".to_owned()));
    let found = pages.expression_attribute_values(":id", named(one.id.to_string())).into_paginator().items();
    let model = found.send().try_next().await.unwrap().unwrap();
    let was = birthday(shop, 0);
    let copy = |number: usize| {
        let day = birthday(shop, 1 + number % (DAYS - 1));
        let id = CustomerId::new(shop.app.entropy.ulid(shop.app.clock.now()));
        let words = [
            (one.id.to_string(), id.to_string()),
            (was.to_string(), day.to_string()),
            (was.strftime("--%m-%d").to_string(), day.strftime("--%m-%d").to_string()),
        ];
        let item = model.iter().map(|(name, value)| (name.clone(), replaced(value, &words))).collect();
        WriteRequest::builder().put_request(PutRequest::builder().set_item(Some(item)).build().unwrap()).build()
    };
    let written = futures::stream::iter((0..count).step_by(BATCH)).map(|from| {
        let some: Vec<WriteRequest> = (from..count.min(from + BATCH)).map(&copy).collect();
        client.batch_write_item().request_items(table, some).send()
    });
    written.buffer_unordered(4).for_each(|answer| async { drop(answer.unwrap()) }).await;
}

/// The value with other words in all its texts.
fn replaced(value: &AttributeValue, words: &[(String, String)]) -> AttributeValue {
    match value {
        AttributeValue::S(text) => {
            let other = words.iter().fold(text.clone(), |text, (was, is)| text.replace(was, is));
            AttributeValue::S(other)
        }
        AttributeValue::M(map) => {
            AttributeValue::M(map.iter().map(|(name, value)| (name.clone(), replaced(value, words))).collect())
        }
        other => other.clone(),
    }
}

/// How many messages there are.
async fn messages(shop: &Shop) -> usize {
    let client = shop.stack.plain_dynamodb();
    let scan = client.scan().table_name(&shop.stack.services().table).filter_expression("t = :t");
    let scan = scan.expression_attribute_values(":t", AttributeValue::S("message".to_owned()));
    let mut pages = scan.into_paginator().items().send();
    let mut count = 0;
    while let Some(item) = pages.next().await {
        item.unwrap();
        count += 1;
    }
    count
}
