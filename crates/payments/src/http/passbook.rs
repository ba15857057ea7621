use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Month, PassbookView, Payments};

/// Which month.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MonthQuery {
    /// Such as `2026-11`; cut at midnight, western Indonesian time.
    pub(super) month: Month,
}

/// A month of the caller's wallet, as a savings book shows it
///
/// Opening and closing balance, what came in and went out, and every movement between. Months that follow each other
/// share no movement and lose none.
#[utoipa::path(
    tag = "wallet", operation_id = "get_passbook", params(MonthQuery),
    responses((status = 200, description = "The month", body = PassbookView)),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/passbook")]
pub(crate) async fn get_passbook(
    caller: Caller,
    query: Query<MonthQuery>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let MonthQuery { month } = query.into_inner();
    let found = kit.read(move |conn| payments.statement_in(conn, caller.account, month)).await?;
    let version = found.closing.version;
    Ok(Answer::ok(&PassbookView::of(month, &found)).version(version).into_response())
}
