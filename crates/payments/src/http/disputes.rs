use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Officers, Page, PageLimit, Problem, Query, StaffCaller};
use primitives::{PaymentId, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{OpenCashDisputeView, Payments};

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DisputeFilter {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the open disputes about cash in the caller's regions
///
/// The one with the nearest deadline first.
#[utoipa::path(
    tag = "staff", operation_id = "list_payment_disputes", params(DisputeFilter),
    responses((status = 200, description = "One page", body = Page<OpenCashDisputeView>)),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/payment-disputes")]
pub(crate) async fn list_payment_disputes(
    caller: StaffCaller<Officers>,
    filter: Query<DisputeFilter>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let DisputeFilter { limit, cursor } = filter.into_inner();
    let scope = format!("list_payment_disputes {}", caller.account);
    let after: Option<(Timestamp, PaymentId)> = kit.cursors.open(&scope, cursor)?;
    let limit = limit.unwrap_or_default();
    let rows = kit
        .read(move |conn| payments.open_disputes_in(conn, caller.regions(), after, limit.fetch()));
    let key =
        |(payment, dispute): &(crate::Payment, crate::Dispute)| (dispute.decide_by, payment.id);
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    let now = kit.ambient.now();
    let page = page.map(|(payment, dispute)| OpenCashDisputeView::at(now, &payment, &dispute));
    Ok(Answer::ok(&page).into_response())
}
