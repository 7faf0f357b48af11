//! `GET /v1/exports/{id}`: how far a job has come, and, once it is done, a link to its file for whoever
//! may see what is in it.

use aws_sdk_s3::presigning::PresigningConfig;
use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use shared::domain::{AuditAction, ExportId, ExportJob, ExportState};
use shared::http::{Call, Operation, PathId, Problem, Staff};
use shared::{App, Error};

use crate::State;
use crate::export_view::ExportView;

/// What the API's document says of it.
pub fn describe(operation: Operation) -> Operation {
    operation.summary("Show how far an export has come").answers::<ExportView>(StatusCode::OK)
}

pub async fn handle(
    Extract(state): Extract<State>,
    call: Call,
    staff: Staff,
    PathId(id): PathId<ExportId>,
) -> Result<Json<ExportView>, Problem> {
    let app = &state.app;
    let job = app.table.export(&staff.shop, id).await?.ok_or_else(Problem::not_found)?;
    let mut body = ExportView::from(&job);
    let may_see = !job.request.health || staff.sees_health();
    if let ExportState::Done { at, object, .. } = &job.state
        && call.now.duration_since(*at) < ExportJob::FILE_LIFE
        && may_see
        && !may_hold_somebody_erased(app, &job).await?
    {
        // Each link is issued anew, to somebody who may have it now, and is recorded.
        let entry = staff.audit(&call, &app.entropy, AuditAction::ExportLinkIssued, vec![id.to_string()]);
        app.table.record_consultation(&staff.shop, &entry, None).await?;
        body.url = Some(link(&state, &job, object).await?);
    }
    Ok(Json(body))
}

/// Whether somebody erased since may be in the file: the worker that withdraws it may be late.
async fn may_hold_somebody_erased(app: &App, job: &ExportJob) -> Result<bool, Problem> {
    let newest = app.table.newest_erasures(&job.shop, 1).await?;
    Ok(newest.first().is_some_and(|erasure| job.may_precede(erasure.at)))
}

async fn link(state: &State, job: &ExportJob, object: &str) -> Result<String, Problem> {
    let life = ExportJob::LINK_LIFE.unsigned_abs();
    let opens =
        PresigningConfig::expires_in(life).map_err(|_| Problem::internal("a link's life is within S3's limits"))?;
    let presigned = state
        .s3
        .get_object()
        .bucket(&state.bucket)
        .key(object)
        .response_content_disposition(format!("attachment; filename=\"{}\"", job.file_name()))
        .response_content_type(job.media_type())
        .presigned(opens)
        .await
        .map_err(|error| Error::Refused(error.into()))?;
    Ok(presigned.uri().to_owned())
}
