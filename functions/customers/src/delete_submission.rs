//! `DELETE /v1/submissions/{id}`: what a form sent, suspected or its customer's, for good. The customer
//! stays, and so does what they agreed to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, SubmissionId};
use shared::http::{Call, Operation, PathId, Problem, Staff};
use shared::table::{Sent, Transaction};

use crate::edit_customer::gone;
use crate::get_submission::standing_submission;

/// How often it is looked for again when it was restored or moved meanwhile.
const ATTEMPTS: u32 = 10;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Delete what a form sent").answers_nothing(StatusCode::NO_CONTENT)
}

pub async fn handle(
    State(app): State<App>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<SubmissionId>,
) -> Result<Response, Problem> {
    let shop = &staff.shop;
    for _ in 0..ATTEMPTS {
        let mut transaction = Transaction::new();
        let customer = match standing_submission(&app, &call, &staff, id).await? {
            Sent::Received { submission, customer } => {
                transaction.delete_submission(shop, submission.customer, id);
                Some(customer)
            }
            Sent::Quarantined(suspected) => {
                transaction.discard(shop, id, &app.keyring.address_digest(shop, &suspected.email));
                None
            }
        };
        let records = customer.map(|customer| customer.to_string()).into_iter().chain([id.to_string()]).collect();
        let entry = staff.audit(&call, &app.entropy, AuditAction::SubmissionDeleted, records);
        transaction.audit(shop, &entry, customer)?;
        if app.table.commit(transaction).await?.is_ok() {
            return Ok(gone());
        }
    }
    Err(shared::Error::Contended.into())
}
