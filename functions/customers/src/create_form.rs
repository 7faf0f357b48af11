//! `POST /v1/forms`: a form that any web page may send (M01).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use shared::App;
use shared::domain::{AuditAction, Form, FormId, Outcome, Settings};
use shared::http::{Call, Input, Operation, Problem, ProblemKind, Staff, created, first_outcome};
use shared::table::{FormCount, Transaction};

use crate::form_fields::{FormFields, own_tags};
use crate::form_view::WholeFormView;
use crate::get_form::standing_form;

/// How often a form is made anew when another was made meanwhile, or has its id.
const ATTEMPTS: u32 = 20;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation
        .summary("Create a form")
        .takes(|fields| FormFields::read(fields, None))
        .answers::<WholeFormView>(StatusCode::CREATED)
        .refuses(ProblemKind::TooManyForms)
}

pub async fn handle(State(app): State<App>, call: Call, staff: Staff, input: Input) -> Result<Response, Problem> {
    let settings = app.table.settings(&staff.shop).await?.ok_or_else(Problem::not_found)?;
    let earlier = app.table.earlier_request(&staff.shop, input.key.as_ref(), call.now).await?;
    if let Some(outcome) = first_outcome(earlier)? {
        return again(&app, &staff, &settings, &outcome).await;
    }
    let missing = || Problem::internal("a required field that is missing is an error");
    let new = FormFields::read(input.fields, None)?;
    let mut form = new.begin(staff.shop.clone(), random(&app), call.now).ok_or_else(missing)?;
    for _ in 0..ATTEMPTS {
        let count = room_for_one(&app, &staff).await?;
        let mut transaction = Transaction::new();
        let steps = transaction.create_form(&form)?;
        transaction.count_form(&staff.shop, &count)?;
        keep_tags(&app, &staff, &form, &mut transaction).await?;
        let entry = staff.audit(&call, &app.entropy, AuditAction::FormCreated, vec![form.id.to_string()]);
        transaction.audit(&staff.shop, &entry, None)?;
        let outcome = Outcome { status: 201, id: form.id.to_string(), version: 1 };
        let request = transaction.record_request(&staff.shop, input.key.as_ref(), outcome, call.now)?;
        let Err(refusal) = app.table.commit(transaction).await? else {
            return Ok(answer(&app, &settings, &form));
        };
        if let Some(outcome) = first_outcome(request.overtaken(&refusal))? {
            return again(&app, &staff, &settings, &outcome).await;
        }
        if steps.taken(&refusal) {
            form.id = FormId::of_name(&form.name, random(&app));
        }
    }
    Err(shared::Error::Contended.into())
}

/// How many forms the shop has, which may be one more.
async fn room_for_one(app: &App, staff: &Staff) -> Result<FormCount, Problem> {
    let count = app.table.count_forms(&staff.shop).await?;
    if count.forms < Form::MOST { Ok(count) } else { Err(Problem::new(ProblemKind::TooManyForms)) }
}

fn random(app: &App) -> [u8; 5] {
    let mut random = [0; 5];
    app.entropy.fill(&mut random);
    random
}

/// Notes the form's tags that the shop did not have: others keep the spelling they have.
pub async fn keep_tags(app: &App, staff: &Staff, form: &Form, transaction: &mut Transaction) -> Result<(), Problem> {
    for own in own_tags(form) {
        if !app.table.has_own_tag(&staff.shop, &own).await? {
            transaction.keep_own_tag(&staff.shop, &own)?;
        }
    }
    Ok(())
}

/// The first answer, once more.
async fn again(app: &App, staff: &Staff, settings: &Settings, outcome: &Outcome) -> Result<Response, Problem> {
    let id = outcome.id.parse().map_err(|_| Problem::not_found())?;
    Ok(answer(app, settings, &standing_form(app, staff, &id).await?))
}

fn answer(app: &App, settings: &Settings, form: &Form) -> Response {
    created(format!("/v1/forms/{}", form.id), form.version, &WholeFormView::of(app, settings, form))
}
