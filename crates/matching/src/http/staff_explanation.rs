use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Officers, Path, Problem, Query, Speaks, StaffCaller};
use primitives::{CollectorId, ReportId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::explanation_view::ExplanationView;
use crate::{Explanation, Matcher, MatchingError};

/// Whom to ask about.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhomQuery {
    /// One collector; everybody when absent.
    collector: Option<CollectorId>,
}

/// Explains why a collector is asked for a report, or is not
///
/// By the index as it is now: the first thing that keeps him from it, or where he stands and why. For a report that was
/// taken also by which snapshot and weights, and from which rank. Without a collector: who is asked, and how many are
/// not, for which reasons.
#[utoipa::path(
    tag = "staff", operation_id = "explain_report",
    params(("id" = ReportId, Path, description = "A report of the caller's regions"), WhomQuery),
    responses((status = 200, description = "The explanation", body = ExplanationView)),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/reports/{id}/explanation")]
pub(crate) async fn explain_report(
    caller: StaffCaller<Officers>,
    id: Path<ReportId>,
    whom: Query<WhomQuery>,
    Speaks(language): Speaks,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, WhomQuery { collector }) = (id.into_inner(), whom.into_inner());
    let explained = kit.read(move |conn| -> Result<Explanation, MatchingError> {
        matcher.explain_in(conn, id, collector, Some(caller.regions()))
    });
    let view = ExplanationView::new(explained.await?, &kit.texts, language);
    Ok(Answer::ok(&view).into_response())
}
