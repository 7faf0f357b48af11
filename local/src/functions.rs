//! The functions as the laptop deploys them: each with its routes and triggers, built from the
//! same arguments as in its own `main.rs`.

use std::sync::Arc;

use mailer::ConfigurationSets;
use shared::http::{Access, Routes};

use crate::deployment::{Deployment, Services};
use crate::first_shops;
use crate::function::Function;
use crate::gateway::Route;
use crate::next_due::next_due;
use crate::stream::Consumer;

/// Everything in `functions/`.
pub fn deploy(services: &Services) -> Deployment {
    let app = services.app();
    let exports = exports::State { app: app.clone(), s3: services.s3.clone(), bucket: services.export_bucket.clone() };
    let routes = [
        behind_gateway("customers", customers::routes(app.clone()), app.clone()),
        behind_gateway("orders", orders::routes(app.clone()), app.clone()),
        behind_gateway("forms", forms::routes(app.clone()), app.clone()),
        behind_gateway("quick-order", quick_order::routes(app.clone()), app.clone()),
        behind_gateway("preferences", preferences::routes(app.clone()), app.clone()),
        behind_gateway("exports", exports::routes(exports.clone()), exports.clone()),
    ]
    .concat();

    let mailer = mailer(services);
    let exports_worker = Function::handler("exports-worker", move |batch| {
        let exports = exports.clone();
        async move { Ok::<_, shared::Error>(exports::work(&exports, batch).await) }
    });
    let planner = app.clone();
    let automations = Function::handler("automations", move |run| {
        let app = planner.clone();
        async move { automations::handle(&app, run).await }
    });
    let (table, prepared) = (app.table.clone(), app.table);
    Deployment {
        routes,
        // Batch sizes as in `infra/template.yaml`.
        consumers: vec![
            Consumer { function: mailer.clone(), item_kinds: &["message"], batch_size: 10 },
            Consumer { function: exports_worker, item_kinds: &["export", "erasure"], batch_size: 1 },
        ],
        automations,
        mailer,
        next_due: Arc::new(move |after| {
            let table = table.clone();
            Box::pin(async move { next_due(&table, after).await.map_err(|error| error.to_string()) })
        }),
        prepare: Box::pin(async move { first_shops::create(&prepared).await.map_err(|error| error.to_string()) }),
    }
}

fn mailer(services: &Services) -> Function {
    let sets = ConfigurationSets { transactional: "transactional".to_owned(), marketing: "marketing".to_owned() };
    let state = mailer::State { app: services.app(), ses: services.sesv2.clone(), sets };
    Function::handler("mailer", move |event| {
        let state = state.clone();
        async move { mailer::handle(&state, event).await }
    })
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
