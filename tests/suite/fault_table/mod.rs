//! Every flow that ends in a mail, put through every fault at every call it makes, of the table, of SES
//! and of S3; then everything is delivered once more, time passes until nothing waits, and the whole
//! table and the mailbox are read.
//!
//! A flow is run undisturbed first: what it calls are its rows. All along, every batch of the stream
//! and every report of SES comes twice, the last first; where a fault leaves it open whether a mail
//! has left, the row is run with reports in order and with none at all, too.

mod calls;
mod check;
mod flow;
mod leaving;
mod planned;
mod poison;
mod requested;
mod shop;
mod soak;
mod stage;

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use self::calls::{Row, rows};
use self::check::Tally;
use self::flow::Flow;
use self::leaving::{Erased, Merged, Unsubscribed};
use self::planned::{AbandonedOrder, Birthday, Reactivation, Satisfaction};
use self::requested::{AddressCode, Bounced, LinkMailed, OrderNews, OrderPlaced, Resent, Submission};
use self::shop::{Exported, Paused};
use self::stage::Stage;

/// How many runs share a stack: customers are apart, and a stack takes a while to start.
const RUNS_A_STAGE: usize = 16;

/// How many tests below fill the table.
const FLOWS: usize = 16;

/// What the whole table has come to so far.
static TABLE: Mutex<Vec<Tally>> = Mutex::new(Vec::new());

/// Whether `CLIENTELE_FAULT_TABLE=whole` asks for every row.
pub fn the_whole_table() -> bool {
    std::env::var("CLIENTELE_FAULT_TABLE").is_ok_and(|value| value == "whole")
}

/// Fills the rows of one flow.
async fn fill<F: Flow>() {
    let (calls, rows) = rows::<F>().await;
    let mut tally = Tally { calls, ..Tally::default() };
    for (number, rows) in rows.chunks(RUNS_A_STAGE).enumerate() {
        let stage = Stage::start(F::NAME, number).await;
        for row in rows {
            tally += run::<F>(&stage, row).await;
        }
        assert!(stage.app.stack.stream().dead_letters().is_empty(), "{}: a record was given up", F::NAME);
    }
    told(F::NAME, tally);
}

/// One run: what stands before, the flow with what goes wrong in it, and what becomes of it.
async fn run<F: Flow>(stage: &Stage, row: &Row) -> Tally {
    stage.calm().await;
    let flow = F::prepare(stage).await;
    let before = stage.before().await;
    stage.disturb(row, flow.act(stage)).await;
    stage.come_to_rest(&flow.due()).await;
    stage.deliver_again(&before).await;
    let tally = stage.check(&before, row, &flow).await;
    Tally { runs: 1, quiet: usize::from(!stage.last_trial().left().is_empty()), ..tally }
}

/// Says what a flow has come to, and the whole table once it is full. Past the test's own output,
/// which is shown of what fails only.
fn told(name: &str, tally: Tally) {
    let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
    table.push(tally);
    let mut lines = format!("fault table, {name}: {tally}\n");
    if table.len() == FLOWS {
        let all = table.iter().fold(Tally::default(), |all, flow| all + *flow);
        lines.push_str(&format!("fault table, {FLOWS} flows: {all}\n"));
    }
    std::io::stderr().write_all(lines.as_bytes()).unwrap();
    assert_eq!((tally.marketing_duplicates, tally.transactional_losses), (0, 0));
    assert!(tally.duplicates <= tally.ambiguous, "{tally}");
    assert!(tally.quiet * 20 <= tally.runs, "nearly everything that was to go wrong went wrong: {tally}");
}

#[tokio::test]
async fn a_form_s_submission() {
    fill::<Submission>().await;
}

#[tokio::test]
async fn an_order_through_a_magic_link() {
    fill::<OrderPlaced>().await;
}

#[tokio::test]
async fn news_of_an_order() {
    fill::<OrderNews>().await;
}

#[tokio::test]
async fn a_magic_link_by_mail() {
    fill::<LinkMailed>().await;
}

#[tokio::test]
async fn a_mail_once_more() {
    fill::<Resent>().await;
}

#[tokio::test]
async fn a_code_that_proves_an_address() {
    fill::<AddressCode>().await;
}

#[tokio::test]
async fn a_bounce_while_mail_is_queued() {
    fill::<Bounced>().await;
}

#[tokio::test]
async fn a_birthday_from_its_plan_to_the_inbox() {
    fill::<Birthday>().await;
}

#[tokio::test]
async fn a_reactivation() {
    fill::<Reactivation>().await;
}

#[tokio::test]
async fn the_question_after_a_first_order() {
    fill::<Satisfaction>().await;
}

#[tokio::test]
async fn an_order_that_was_left() {
    fill::<AbandonedOrder>().await;
}

#[tokio::test]
async fn an_unsubscription_while_marketing_is_queued() {
    fill::<Unsubscribed>().await;
}

#[tokio::test]
async fn an_erasure_while_mail_is_queued() {
    fill::<Erased>().await;
}

#[tokio::test]
async fn a_merge_while_mail_is_queued() {
    fill::<Merged>().await;
}

#[tokio::test]
async fn an_export_from_its_request_to_the_shop_s_inbox() {
    fill::<Exported>().await;
}

#[tokio::test]
async fn a_pause_of_marketing() {
    fill::<Paused>().await;
}
