//! The functions as the laptop deploys them: each with its routes and triggers, built from the
//! same arguments as in its own `main.rs`.

use std::sync::Arc;

use serde_json::Value;
use shared::Entropy;
use shared::table::Table;

use crate::deployment::{Deployment, Services};
use crate::function::Function;
use crate::next_due::next_due;

/// Everything in `functions/`.
pub fn deploy(services: &Services) -> Deployment {
    let nothing_yet = |name| Function::handler(name, |_: Value| async { Ok::<_, String>(Value::Null) });
    let table = Table::new(services.dynamodb.clone(), &services.table, Entropy::system());
    Deployment {
        routes: Vec::new(),
        consumers: Vec::new(),
        automations: nothing_yet("automations"),
        mailer: nothing_yet("mailer"),
        next_due: Arc::new(move |after| {
            let table = table.clone();
            Box::pin(async move { next_due(&table, after).await.map_err(|error| error.to_string()) })
        }),
        prepare: Box::pin(async { Ok(()) }),
    }
}
