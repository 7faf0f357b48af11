//! The functions as the laptop deploys them: each with its routes and triggers, built from the
//! same arguments as in its own `main.rs`.

use std::sync::Arc;

use mailer::ConfigurationSets;
use shared::http::{Access, Route as Declared, Routes};
use shared::{AppWithImages, Images};

use crate::deployment::{Deployment, Services};
use crate::first_shops;
use crate::function::Function;
use crate::gateway::Route;
use crate::next_due::next_due;
use crate::stream::Consumer;

/// Everything in `functions/`.
pub fn deploy(services: &Services) -> Deployment {
    let (app, exports) = (services.app(), exports(services));
    let routes = behind_gateway(services).into_iter().map(|(declared, function)| Route {
        method: declared.method,
        path: declared.path.to_owned(),
        for_staff: matches!(declared.access, Access::Staff(_)),
        function,
    });
    let routes = routes.collect();

    let mailer = mailer(services);
    let exports_worker = Function::handler("exports-worker", move |batch| {
        let exports = exports.clone();
        async move { Ok::<_, shared::Error>(exports::work(&exports, batch).await) }
    });
    let planner = app.clone();
    let automations = Function::handler("automations-worker", move |run| {
        let app = planner.clone();
        async move { automations::handle(&app, run).await }
    });
    let (table, prepared, now) = (app.table.clone(), app.table, app.clock.now());
    Deployment {
        routes,
        // Batch sizes as in `infra/template.yaml`.
        consumers: vec![
            Consumer { function: mailer.clone(), item_kinds: &["message"], changed: &[], batch_size: 10 },
            Consumer {
                function: exports_worker,
                item_kinds: &["export", "erasure"],
                changed: &[("export", "pending"), ("export", "cancelled")],
                batch_size: 1,
            },
        ],
        automations,
        mailer,
        next_due: Arc::new(move |after| {
            let table = table.clone();
            Box::pin(async move { next_due(&table, after).await.map_err(|error| error.to_string()) })
        }),
        prepare: Box::pin(async move { first_shops::create(&prepared, now).await.map_err(|error| error.to_string()) }),
    }
}

/// What every function behind API Gateway declares, in the order of the map.
pub fn declared(services: &Services) -> Vec<Declared> {
    behind_gateway(services).into_iter().map(|(declared, _)| declared).collect()
}

fn behind_gateway(services: &Services) -> Vec<(Declared, Function)> {
    let (app, exports, with_images) = (services.app(), exports(services), with_images(services));
    [
        routes_of("customers", customers::routes(app.clone()), app.clone()),
        routes_of("orders", orders::routes(with_images.clone()), with_images.clone()),
        routes_of("forms", forms::routes(app.clone()), app.clone()),
        routes_of("quick-order", quick_order::routes(with_images.clone()), with_images),
        routes_of("preferences", preferences::routes(app.clone()), app.clone()),
        routes_of("exports", exports::routes(exports.clone()), exports),
        routes_of("automations", automations::routes(app.clone()), app),
    ]
    .concat()
}

/// The routes of a function: what it declares is what the gateway knows.
fn routes_of<S>(name: &'static str, routes: Routes<S>, state: S) -> Vec<(Declared, Function)>
where
    S: Clone + Send + Sync + 'static,
{
    let declared = routes.list().to_vec();
    let function = Function::http(name, routes.into_router(state));
    declared.into_iter().map(|declared| (declared, function.clone())).collect()
}

fn exports(services: &Services) -> exports::State {
    let (app, s3, bucket) = (services.app(), services.s3.clone(), services.export_bucket.clone());
    exports::State { app, s3, bucket, limits: services.export_limits }
}

fn with_images(services: &Services) -> AppWithImages {
    AppWithImages { app: services.app(), images: Images::new(services.s3.clone(), services.image_bucket.clone()) }
}

fn mailer(services: &Services) -> Function {
    let sets = ConfigurationSets { transactional: "transactional".to_owned(), marketing: "marketing".to_owned() };
    let state = mailer::State { app: services.app(), ses: services.sesv2.clone(), sets, rate: services.sending_rate };
    Function::handler("mailer", move |event| {
        let state = state.clone();
        async move { mailer::handle(&state, event).await }
    })
}
