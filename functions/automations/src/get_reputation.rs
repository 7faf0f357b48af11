//! `GET /v1/automations/reputation`: what became of the shop's mails of thirty days, from which shares on
//! its marketing stops, and whether it has.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::App;
use shared::domain::Reputation;
use shared::http::{Call, Operation, Problem, Staff};

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    let what =
        "The figures of thirty days, shares in basis points; the limits; the pause of marketing, if it is paused.";
    operation.summary("Show how many e-mails bounce or are complained of").answers_object(StatusCode::OK, what)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff) -> Result<Json<Value>, Problem> {
    let standing = app.table.mail_standing(&staff.shop, call.now).await?;
    let pause = standing.pause.map(|pause| {
        let mut view = figures(pause.figures);
        view["since"] = json!(pause.since);
        view["cause"] = json!(pause.cause);
        view
    });
    let mut view = figures(standing.figures);
    view["from"] = json!(Reputation::first_day(call.now));
    view["resumed_at"] = json!(standing.resumed_at);
    view["pause"] = json!(pause);
    view["limits"] = json!({
        "bounce_share_bp": Reputation::MAX_BOUNCES,
        "bounced": Reputation::MIN_BOUNCES,
        "complaint_share_bp": Reputation::MAX_COMPLAINTS,
        "complained": Reputation::MIN_COMPLAINTS,
    });
    Ok(Json(view))
}

fn figures(reputation: Reputation) -> Value {
    json!({
        "sent": reputation.sent,
        "bounced": reputation.bounced,
        "complained": reputation.complained,
        "bounce_share_bp": reputation.bounces(),
        "complaint_share_bp": reputation.complaints(),
    })
}
