//! Is it alive, is it ready, and what can be asked of it.

use actix_web::{
    HttpResponse, get,
    web::{self, Data},
};
use database::DatabaseError;
use http_kit::{Answer, Kit, Problem, UNAVAILABLE};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// The document, written out once.
pub(crate) struct WrittenDocument(pub(crate) String);

/// What a probe reads.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
    /// The program's version.
    version: &'static str,
}

const HEALTHY: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_health).service(show_readiness).service(show_document);
}

/// Says that the process runs.
#[utoipa::path(
    tag = "operations", operation_id = "show_health",
    responses((status = 200, description = "The process runs", body = Health)),
    extensions(("x-access" = json!("public"))), security(())
)]
#[get("/healthz")]
async fn show_health() -> HttpResponse {
    Answer::ok(&HEALTHY).into_response()
}

/// Says that the database answers.
#[utoipa::path(
    tag = "operations", operation_id = "show_readiness",
    responses((status = 200, description = "The database answers", body = Health)),
    extensions(("x-access" = json!("public"))), security(())
)]
#[get("/readyz")]
async fn show_readiness(kit: Data<Kit>) -> Result<HttpResponse, Problem> {
    let asked = kit.database.read(event_log::last_seq).await;
    asked.map_err(|_error: DatabaseError| Problem::new(UNAVAILABLE).retry_after(5))?;
    Ok(Answer::ok(&HEALTHY).into_response())
}

/// This document.
#[utoipa::path(
    tag = "operations", operation_id = "show_document",
    responses((status = 200, description = "The OpenAPI document", body = Object)),
    extensions(("x-access" = json!("public"))), security(())
)]
#[get("/openapi.json")]
async fn show_document(document: Data<WrittenDocument>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// `GET /metrics`, on a listener of its own.
pub(crate) fn metrics_routes(config: &mut web::ServiceConfig) {
    config.route("/metrics", web::get().to(show_metrics));
}

async fn show_metrics(
    recorder: Data<metrics_exporter_prometheus::PrometheusHandle>,
) -> HttpResponse {
    let text = recorder.render();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
}
