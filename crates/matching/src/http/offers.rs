use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Page, PageLimit, Path, Problem, Query};
use primitives::ReportId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{shown, view::OfferView};
use crate::{Matcher, MatchingError};

/// Which page of the offers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OffersPage {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The offers on one of the caller's own reports, newest first
#[utoipa::path(
    tag = "matching", operation_id = "list_offers",
    params(("id" = ReportId, Path, description = "The report"), OffersPage),
    responses((status = 200, description = "One page of offers", body = Page<OfferView>)),
    extensions(("x-access" = json!("citizen-owner"))), security(("bearer" = []))
)]
#[get("/v1/reports/{id}/offers")]
pub(crate) async fn list_offers(
    caller: Caller,
    id: Path<ReportId>,
    page: Query<OffersPage>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (OffersPage { limit, cursor }, id) = (page.into_inner(), id.into_inner());
    let scope = format!("list_offers {} {id}", caller.account);
    let (after, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let rows = kit.read(move |conn| -> Result<Vec<OfferView>, MatchingError> {
        let offers = matcher.page_of_offers(conn, caller.account, id, after, limit.fetch())?;
        offers.into_iter().map(|offer| shown(&matcher, conn, offer)).collect()
    });
    let key = |last: &OfferView| (last.created_at, last.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page).into_response())
}
