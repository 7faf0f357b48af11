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
use super::requested::{AddressCode, Bounced, LinkMailed, OrderNews, OrderPlaced, Resent, Submission};
use super::shop::{Exported, Paused};
use super::stage::Stage;
use super::{FLOWS, RUNS_A_STAGE, run};

/// How many runs are played where nobody says how long: always the same ones.
const RUNS: usize = 2 * FLOWS;

/// How many calls the longest flow makes, or nearly.
const CALLS: usize = 60;

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Each flow has a stack of its own: in some of them years pass, and whoever had a birthday or an order
/// meanwhile in another would be written to.
#[tokio::test]
async fn whatever_goes_wrong_no_mail_is_lost_and_no_marketing_doubled() {
    let ends = from_environment("CLIENTELE_SOAK").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let seed = from_environment("CLIENTELE_SOAK_SEED").unwrap_or(7);
    let mut random = Rng::with_seed(seed);
    let mut tally = Tally::default();
    let mut stages: [Option<(Stage, usize)>; FLOWS] = [const { None }; FLOWS];
    while ends.map_or(tally.runs < RUNS, |ends| Instant::now() < ends) {
        let (flow, row) = (random.usize(..FLOWS), drawn(&mut random));
        if ends.is_some() {
            say(&format!("soak of seed {seed}, run {}: flow {flow}, {row:?}\n", tally.runs));
        }
        let (stage, played) = match stages[flow].take() {
            Some((stage, played)) if played < RUNS_A_STAGE => (stage, played),
            _ => (Stage::start("soak", tally.runs).await, 0),
        };
        tally += play(&stage, flow, &row).await;
        tally.calls += stage.last_trial().calls().len();
        assert!(stage.app.stack.stream().dead_letters().is_empty());
        stages[flow] = Some((stage, played + 1));
    }
    say(&format!("soak of seed {seed}: {tally}\n"));
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
        12 => run::<Merged>(stage, row).await,
        13 => run::<Resent>(stage, row).await,
        14 => run::<Exported>(stage, row).await,
        _ => run::<Paused>(stage, row).await,
    }
}

/// Past the test's own output, so that it is seen although all is well.
fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
