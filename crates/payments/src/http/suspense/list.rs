use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Finance, Kit, Page, PageLimit, Problem, Query, StaffCaller};
use primitives::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{Charges, GatewayName, SuspendedPayment, SuspendedPaymentView};

/// Whether a payment waits in suspense still.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SuspendedState {
    /// Still.
    Open,
    /// No more: it was credited or returned.
    Settled,
}

/// Which payments, and where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SuspendedFilter {
    /// Those that wait there still, unless stated.
    #[param(inline)]
    state: Option<SuspendedState>,
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Payments that came in without a home, the oldest first
///
/// A second payment, or another amount than was asked for: it waits in the gateway's suspense until one member of staff
/// proposes what becomes of it and another one releases it. Wallets belong to no region.
#[utoipa::path(
    tag = "staff", operation_id = "list_suspended_payments", params(SuspendedFilter),
    responses((status = 200, description = "One page", body = Page<SuspendedPaymentView>)),
    extensions(("x-access" = json!("staff:finance"))), security(("bearer" = []))
)]
#[get("/v1/staff/suspended-payments")]
pub(crate) async fn list_suspended_payments(
    _caller: StaffCaller<Finance>,
    filter: Query<SuspendedFilter>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let SuspendedFilter { state, limit, cursor } = filter.into_inner();
    let open = !matches!(state, Some(SuspendedState::Settled));
    let scope = format!("list_suspended_payments {open}");
    let after: Option<(Timestamp, GatewayName, String)> = kit.cursors.open(&scope, cursor)?;
    let (limit, now) = (limit.unwrap_or_default(), kit.ambient.now());
    let rows =
        kit.read(move |conn| charges.page_suspended_in(conn, open, after.clone(), limit.fetch()));
    let key = |SuspendedPayment { payment, .. }: &SuspendedPayment| {
        (payment.created_at, payment.gateway, payment.reference.clone())
    };
    let page = Page::from_rows(rows.await?, limit, key, &kit.cursors, &scope);
    Ok(Answer::ok(&page.map(|it| SuspendedPaymentView::new(&it, now))).into_response())
}
