use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Problem, ProblemBody};
use primitives::Rupiah;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Channel, NewWithdrawal, WithdrawalError, WithdrawalView, Withdrawals};

/// Money that is to leave the wallet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawalBody {
    /// What is to arrive; the fee comes on top.
    #[schema(value_type = i64, minimum = 1, maximum = 50_000_000)]
    amount_rupiah: Rupiah,
    channel: Channel,
    /// As the bank writes it, or the mobile number of an electronic wallet.
    #[schema(min_length = 1, max_length = 64)]
    account_number: String,
    #[schema(min_length = 1, max_length = 100)]
    account_holder: String,
}

impl From<WithdrawalBody> for NewWithdrawal {
    fn from(body: WithdrawalBody) -> Self {
        let WithdrawalBody { amount_rupiah: amount, channel, account_number, account_holder } =
            body;
        Self { amount, channel, account_number, account_holder }
    }
}

/// Withdraws money from the caller's wallet
///
/// Amount and fee leave the wallet at once; the transfer follows. One withdrawal of an account can be under way at a
/// time, whatever keys are used; the refusal of a second one names the first in `withdrawal_id`.
#[utoipa::path(
    tag = "wallet", operation_id = "create_withdrawal", request_body = WithdrawalBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters of the phone's choosing")),
    responses(
        (status = 202, description = "The withdrawal, begun", body = WithdrawalView),
        (
            status = 409,
            description = "`balance_insufficient`, `withdrawal_under_way`, `withdrawal_limit_exceeded` or `channel_unavailable`",
            body = ProblemBody
        ),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[post("/v1/wallet/withdrawals")]
pub(crate) async fn create_withdrawal(
    caller: Caller,
    command: Command<WithdrawalBody>,
    withdrawals: Data<Withdrawals>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (account, new) = (caller.account, NewWithdrawal::from(body));
    kit.run(once.required()?, move |conn| -> Result<Answer, WithdrawalError> {
        let withdrawal = withdrawals.request_in(conn, account, &new)?;
        Ok(Answer::accepted(&WithdrawalView::from(&withdrawal)).version(withdrawal.version))
    })
    .await
}
