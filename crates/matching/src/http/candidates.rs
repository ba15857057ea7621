use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, PageLimit, Path, Problem, Query, Speaks};
use primitives::ReportId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{sentences::Speaker, view::CandidatesView};
use crate::{Asked, Matcher, MatchingError};

/// How many to rank.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowMany {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
}

/// The best collectors for one of the caller's own reports
///
/// Exactly those who may take it now, with the reasons for their order in the caller's language, and what would have
/// lifted each one above the one before him. Empty when nobody may, or when the report does
/// not wait for a collector.
#[utoipa::path(
    tag = "matching", operation_id = "list_candidates",
    params(("id" = ReportId, Path, description = "The report"), HowMany),
    responses((status = 200, description = "The candidates, best first", body = CandidatesView)),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[get("/v1/reports/{id}/candidates")]
pub(crate) async fn list_candidates(
    caller: Caller,
    id: Path<ReportId>,
    how_many: Query<HowMany>,
    Speaks(language): Speaks,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let most = how_many.into_inner().limit.unwrap_or_default().rows();
    let asked = Asked { report: id.into_inner(), most, language };
    let speaker = Speaker { texts: &kit.texts, language };
    let answer = |ranking| Answer::ok(&CandidatesView::new(ranking, speaker));
    if let Some(known) = matcher.known_candidates(caller.account, asked, answer) {
        return Ok(known.into_response());
    }
    let ranking = kit.read(move |conn| -> Result<_, MatchingError> {
        matcher.candidates_in(conn, caller.account, asked.report, most)
    });
    Ok(answer(ranking.await?).into_response())
}
