use accounts::{Accounts, Code};
use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceMakers, Kit, Problem, ProblemBody, StaffCaller};
use primitives::AccountId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    ChargeError, Charges, GatewayName, NewSuspenseRelease, SuspenseOutcome, SuspenseOutcomeName,
    SuspenseReleaseView,
};

/// What is to become of a payment in suspense.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseBody {
    /// Whose suspense.
    gateway: GatewayName,
    /// The gateway's own name for the payment, as the list of suspended payments says it.
    #[schema(min_length = 1, max_length = 100)]
    payment_reference: String,
    outcome: SuspenseOutcomeName,
    /// Whose wallet it goes to; with `credited` only.
    account_id: Option<AccountId>,
    /// The gateway's own name for the return, once the gateway has given the money back; with `returned` only.
    #[schema(min_length = 1, max_length = 100)]
    return_reference: Option<String>,
    /// How it is known; kept for ever.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// What the authenticator app shows now; each code works once.
    totp_code: Code,
}

impl ReleaseBody {
    fn parse(self) -> Result<(NewSuspenseRelease, Code), ChargeError> {
        let outcome = SuspenseOutcome::parse(self.outcome, self.account_id, self.return_reference);
        let outcome = outcome.map_err(|what| ChargeError::Refused("/outcome", what))?;
        let Self { gateway, payment_reference: payment, reason, totp_code, .. } = self;
        Ok((NewSuspenseRelease { gateway, payment, outcome, reason }, totp_code))
    }
}

/// Proposes what becomes of a payment in suspense
///
/// `credited` puts all of it into a wallet; `returned` books out what the gateway has already given back to the payer.
/// Nothing moves until a finance checker, who is somebody else, approves. One release of a payment counts, whatever
/// keys are used; a maker may propose Rp 100,000,000 a day, whatever becomes of it.
#[utoipa::path(
    tag = "staff", operation_id = "propose_suspense_release", request_body = ReleaseBody,
    params(("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing")),
    responses(
        (status = 201, description = "The proposal", body = SuspenseReleaseView),
        (status = 401, description = "`second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
        (status = 404, description = "Nothing of this name went to suspense, or the account is unknown", body = ProblemBody),
        (status = 409, description = "`release_exists` or `releases_spent`", body = ProblemBody),
        (status = 429, description = "`second_factor_paused`: too many wrong codes", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_maker"))), security(("bearer" = []))
)]
#[post("/v1/staff/suspense-releases")]
pub(crate) async fn propose_suspense_release(
    caller: StaffCaller<FinanceMakers>,
    command: Command<ReleaseBody>,
    accounts: Data<Accounts>,
    charges: Data<Charges>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (once, (new, totp_code)) = (once.required()?, body.parse()?);
    let counted = accounts.count_factor_try(&kit.database, caller.account).await?;
    kit.run(once, move |conn| -> Result<Answer, ChargeError> {
        let fresh = accounts.take_fresh_factor_in(conn, counted, &totp_code)?;
        let proposed = charges.propose_release_in(conn, fresh, &new)?;
        let view = SuspenseReleaseView::from(&proposed);
        Ok(Answer::created("/v1/staff/suspended-payments", &view).version(proposed.version))
    })
    .await
}
