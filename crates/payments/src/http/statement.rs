use actix_web::{HttpResponse, get, http::header::CONTENT_DISPOSITION, web::Data};
use http_kit::{Caller, Kit, Problem, Query, UNEXPECTED};

use super::passbook::MonthQuery;
use crate::{Payments, view::statement_csv};

/// A month of the caller's wallet as a table
///
/// One line of names, the opening, every movement, the closing with the totals. Times are western Indonesian. No cell
/// is a formula.
#[utoipa::path(
    tag = "wallet", operation_id = "get_wallet_statement", params(MonthQuery),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv")),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/wallet/statement.csv")]
pub(crate) async fn get_wallet_statement(
    caller: Caller,
    query: Query<MonthQuery>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let MonthQuery { month } = query.into_inner();
    let found = kit.read(move |conn| payments.statement_in(conn, caller.account, month)).await?;
    let table = statement_csv(month, &found).map_err(|_unwritable| Problem::new(UNEXPECTED))?;
    let name = format!("attachment; filename=\"wallet-{month}.csv\"");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, name))
        .body(table))
}
