use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceMakers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::{AccountId, Rupiah};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Maker, NewTopUp, PaymentError, Payments, TopUpView};

/// Money that came in outside any gateway.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopUpBody {
    #[schema(value_type = i64, minimum = 1, maximum = 50_000_000)]
    amount_rupiah: Rupiah,
    /// Where the money was seen: kept with the top-up.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Puts money that staff have seen come in into somebody's wallet
///
/// Accounts belong to no region, so a finance maker of any region may do it; who did is kept. Nobody tops up himself.
#[utoipa::path(
    tag = "staff", operation_id = "top_up_wallet", request_body = TopUpBody,
    params(
        ("account_id" = AccountId, Path, description = "Whose wallet"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing"),
    ),
    responses(
        (status = 201, description = "The top-up", body = TopUpView),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_maker"))), security(("bearer" = []))
)]
#[post("/v1/staff/wallets/{account_id}/top-ups")]
pub(crate) async fn top_up_wallet(
    caller: StaffCaller<FinanceMakers>,
    account: Path<AccountId>,
    command: Command<TopUpBody>,
    payments: Data<Payments>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, TopUpBody { amount_rupiah: amount, reason }) = command.split();
    let (maker, account) = (Maker::Staff(caller.account), account.into_inner());
    let new = NewTopUp { maker, account, amount, reason };
    kit.run(once.required()?, move |conn| -> Result<Answer, PaymentError> {
        let top_up = payments.top_up_in(conn, &new)?;
        Ok(Answer::created("/v1/wallet/entries", &TopUpView::from(&top_up)))
    })
    .await
}
