//! The deployment template says what the functions and the laptop's stack say, and what an
//! emulator would not miss.
//!
//! [`document`] reads it; [`data`] is how what is kept is protected, [`doors`] who may ask,
//! [`triggers`] what happens by itself, [`watch`] who is told, [`roles`] what each
//! function may, and [`calls`] that it needs it.

mod calls;
mod data;
mod document;
mod doors;
mod roles;
mod triggers;
mod watch;

use std::sync::Mutex;

use local::deployment::Deployment;
use local::functions::deploy;
use local::gateway::Route;
use local::stack::{Options, Stack};
use local::stream::Consumer;

/// What the laptop deploys: its routes and the consumers of its stream.
async fn laptop() -> (Vec<Route>, Vec<Consumer>) {
    let deployed = Mutex::default();
    let keep = |services: &_| {
        let deployment: Deployment = deploy(services);
        *deployed.lock().unwrap() = (deployment.routes.clone(), deployment.consumers.clone());
        deployment
    };
    Stack::start(Options::in_memory(), keep).await.unwrap();
    deployed.into_inner().unwrap()
}

/// `quick-order` as the template's resources begin: `QuickOrder`.
fn camel(function: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    function.split('-').map(capital).collect()
}

/// The functions that anybody can reach.
const PUBLIC: [&str; 3] = ["FormsFunction", "QuickOrderFunction", "PreferencesFunction"];
