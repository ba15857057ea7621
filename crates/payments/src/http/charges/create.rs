use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Caller, Command, Kit, Problem, ProblemBody};
use primitives::Rupiah;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ChargeError, ChargeView, Charges, NewCharge, PayInChannel};

/// Money that is to come into the wallet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChargeBody {
    /// What is to be paid, exactly; the terms say how much a channel takes.
    #[schema(value_type = i64, minimum = 10_000, maximum = 50_000_000)]
    amount_rupiah: Rupiah,
    channel: PayInChannel,
}

/// Asks how money can be paid into the caller's wallet
///
/// The answer says `created`; some seconds later the top-up is `asked` and says to which virtual account or QRIS code
/// exactly this amount is to be paid. The wallet has it when it is `paid`. One top-up of an account waits for its
/// payment on each channel, whatever keys are used; the refusal of a second one names the first in `top_up_id`.
#[utoipa::path(
    tag = "wallet", operation_id = "create_top_up", request_body = ChargeBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters of the phone's choosing")),
    responses(
        (status = 202, description = "The top-up, begun", body = ChargeView),
        (
            status = 409,
            description = "`top_up_under_way` or `channel_unavailable`",
            body = ProblemBody
        ),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[post("/v1/wallet/top-ups")]
pub(crate) async fn create_top_up(
    caller: Caller,
    command: Command<ChargeBody>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, ChargeBody { amount_rupiah: amount, channel }) = command.split();
    let (account, new) = (caller.account, NewCharge { amount, channel });
    kit.run(once.required()?, move |conn| -> Result<Answer, ChargeError> {
        let charge = charges.request_in(conn, account, new)?;
        Ok(Answer::accepted(&ChargeView::from(&charge)).version(charge.version))
    })
    .await
}
