//! Whatever goes wrong, in whatever order: flows, faults and reports drawn at random, for as long as
//! one likes. `CLIENTELE_SOAK=180 cargo test --workspace soak` plays three minutes and says what they
//! came to; `CLIENTELE_SOAK_SEED` plays again what a failure has told the seed of.

use std::io::Write;
use std::time::{Duration, Instant};

use fastrand::Rng;
use local::faults::{Fault, Trial};
use local::mailbox::Reports;

use super::calls::Row;
use super::check::Tally;
use super::leaving::{Erased, Merged, Unsubscribed};
use super::planned::{AbandonedOrder, Birthday, Reactivation, Satisfaction};
use super::requested::{AddressCode, Bounced, LinkMailed, OrderNews, OrderPlaced, Submission};
use super::stage::Stage;
use super::{FLOWS, run};

/// How many flows share a stack.
const RUNS_A_STAGE: usize = 40;

/// How many calls the longest flow makes, or nearly.
const CALLS: usize = 60;

/// Flows in which no day passes, those in which two do, and the one in which a year does have a stack
/// each: whoever had a birthday or an order meanwhile would be written to.
async fn stages(number: usize) -> [Stage; 3] {
    [
        Stage::start("soak, minutes", number).await,
        Stage::start("soak, days", number).await,
        Stage::start("soak, years", number).await,
    ]
}

/// The stack of a flow, by its number below.
fn stage_of(flow: usize) -> usize {
    match flow {
        6 | 8 | 9 => 1,
        7 => 2,
        _ => 0,
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

#[tokio::test]
async fn whatever_goes_wrong_no_mail_is_lost_and_no_marketing_doubled() {
    let seconds = from_environment("CLIENTELE_SOAK", 5);
    let seed = from_environment("CLIENTELE_SOAK_SEED", 7);
    let (ends, mut random) = (Instant::now() + Duration::from_secs(seconds), Rng::with_seed(seed));
    let (mut tally, mut stages) = (Tally::default(), stages(0).await);
    while Instant::now() < ends {
        if tally.runs % RUNS_A_STAGE == RUNS_A_STAGE - 1 {
            stages = self::stages(tally.runs).await;
        }
        let (flow, row) = (random.usize(..FLOWS), drawn(&mut random));
        say(&format!("soak of seed {seed}, run {}: flow {flow}, {row:?}\n", tally.runs), seconds > 5);
        let stage = &stages[stage_of(flow)];
        tally += play(stage, flow, &row).await;
        tally.calls += stage.last_trial().calls().len();
        assert!(stage.app.stack.stream().dead_letters().is_empty());
    }
    say(&format!("soak of seed {seed}, {seconds} s: {tally}\n"), true);
}

/// Up to three things that go wrong, and how SES reports.
fn drawn(random: &mut Rng) -> Row {
    let wrong = (0..random.usize(..=3)).map(|_| (random.usize(..CALLS), random.choice(Fault::OF_TRIALS).unwrap()));
    let trial = wrong.fold(Trial::calm(), |trial, (number, fault)| trial.with(number, fault));
    let reports = random.choice([Reports::InOrder, Reports::TwiceReversed, Reports::Withheld]).unwrap();
    Row { trial, reports }
}

async fn play(stage: &Stage, flow: usize, row: &Row) -> Tally {
    match flow {
        0 => run::<Submission>(stage, row).await,
        1 => run::<OrderPlaced>(stage, row).await,
        2 => run::<OrderNews>(stage, row).await,
        3 => run::<LinkMailed>(stage, row).await,
        4 => run::<AddressCode>(stage, row).await,
        5 => run::<Bounced>(stage, row).await,
        6 => run::<Birthday>(stage, row).await,
        7 => run::<Reactivation>(stage, row).await,
        8 => run::<Unsubscribed>(stage, row).await,
        9 => run::<Erased>(stage, row).await,
        10 => run::<Satisfaction>(stage, row).await,
        11 => run::<AbandonedOrder>(stage, row).await,
        _ => run::<Merged>(stage, row).await,
    }
}

/// Past the test's own output, so that it is seen although all is well.
fn say(line: &str, aloud: bool) {
    if aloud {
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
