//! The functions as the laptop deploys them: each with its routes and triggers, built from the
//! same arguments as in its own `main.rs`.

use std::sync::Arc;

use serde_json::Value;
use shared::http::{Access, Routes};

use crate::deployment::{Deployment, Services};
use crate::function::Function;
use crate::gateway::Route;
use crate::next_due::next_due;

/// Everything in `functions/`.
pub fn deploy(services: &Services) -> Deployment {
    let nothing_yet = |name| Function::handler(name, |_: Value| async { Ok::<_, String>(Value::Null) });
    let app = services.app();
    let routes = [
        behind_gateway("customers", customers::routes(app.clone()), app.clone()),
        behind_gateway("orders", orders::routes(app.clone()), app.clone()),
    ]
    .concat();
    let table = app.table;
    Deployment {
        routes,
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

/// The routes of a function behind API Gateway: what it declares is what the gateway knows.
pub fn behind_gateway<S>(name: &'static str, routes: Routes<S>, state: S) -> Vec<Route>
where
    S: Clone + Send + Sync + 'static,
{
    let declared = routes.list().to_vec();
    let function = Function::http(name, routes.into_router(state));
    let route = |declared: shared::http::Route| Route {
        method: declared.method,
        path: declared.path.to_owned(),
        for_staff: matches!(declared.access, Access::Staff(_)),
        function: function.clone(),
    };
    declared.into_iter().map(route).collect()
}
