//! What the stack runs: the functions with their routes, their triggers, and what they are built
//! from. The stack itself knows no function.

use std::num::NonZeroU32;
use std::sync::OnceLock;

use futures::future::BoxFuture;
use shared::table::Table;
use shared::{App, Clock, Entropy, Keyring};

use crate::clock::LaptopClock;
use crate::function::Function;
use crate::gateway::Route;
use crate::scheduler::NextDue;
use crate::stream::Consumer;

/// What functions are built from: finished clients and names, as `config` gives them in the cloud.
pub struct Services {
    /// The table's client, behind the layer of faults.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// The bucket's client.
    pub s3: aws_sdk_s3::Client,
    /// The mailbox's client, without retries: a claim sends once.
    pub sesv2: aws_sdk_sesv2::Client,
    /// The table's name.
    pub table: String,
    /// The name of the bucket that exports are written to.
    pub export_bucket: String,
    /// The name of the bucket that images are in.
    pub image_bucket: String,
    /// How many mails a second go out; SES has such a rate of each account.
    pub sending_rate: NonZeroU32,
    /// How much of an export is written at once.
    pub export_limits: exports::Limits,
    /// The keys derived from this stack's root key.
    pub keyring: Keyring,
    /// Where ids and jitter come from.
    pub entropy: Entropy,
    /// The clock that domain time follows.
    pub clock: LaptopClock,
    /// The address at which the gateway is reached, without a slash at its end.
    pub public_url: String,
    pub(crate) app: OnceLock<App>,
}

impl Services {
    /// What every function is built from: one table with one meter for all of them.
    pub fn app(&self) -> App {
        self.app.get_or_init(|| self.build()).clone()
    }

    fn build(&self) -> App {
        let clock = self.clock.clone();
        App {
            table: Table::new(self.dynamodb.clone(), &self.table, self.entropy.clone()),
            keyring: self.keyring.clone(),
            clock: Clock::from_fn(move || clock.now()),
            entropy: self.entropy.clone(),
            public_url: self.public_url.parse().expect("localhost and a port are an address"),
        }
    }
}

/// The functions as they are deployed.
pub struct Deployment {
    /// Every HTTP route with the function that answers it.
    pub routes: Vec<Route>,
    /// The two consumers of the table's stream.
    pub consumers: Vec<Consumer>,
    /// Gets `plan` every hour and `resume` every five minutes.
    pub automations: Function,
    /// Gets `sweep` every minute, and the events of SES.
    pub mailer: Function,
    /// Names the next instant at which anything is due.
    pub next_due: NextDue,
    /// What a fresh table needs before the first request, done at each start: it must leave alone
    /// what is there.
    pub prepare: BoxFuture<'static, Result<(), String>>,
}

impl Deployment {
    /// Every function, whatever triggers it; one with several triggers comes several times.
    pub(crate) fn functions(&self) -> impl Iterator<Item = &Function> {
        let consumers = self.consumers.iter().map(|consumer| &consumer.function);
        let routes = self.routes.iter().map(|route| &route.function);
        [&self.automations, &self.mailer].into_iter().chain(consumers).chain(routes)
    }
}
