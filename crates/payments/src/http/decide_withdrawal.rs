use accounts::{Accounts, Code};
use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, FinanceCheckers, Kit, Path, Problem, ProblemBody, StaffCaller};
use primitives::WithdrawalId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{DecidedOutcome, Decision, EscalatedView, WithdrawalError, Withdrawals};

/// What a person has found out by asking the gateway himself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    outcome: DecidedOutcome,
    /// The gateway's own name for the payout, if it arrived and we do not know it.
    #[schema(min_length = 1, max_length = 100)]
    reference: Option<String>,
    /// How it is known; kept with the decision.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// What the authenticator app shows now; each code works once.
    totp_code: Code,
}

/// Ends a withdrawal that waits for a person
///
/// `never_left` puts the money back into the wallet: only after the gateway has said that it will not pay. Nobody
/// decides about his own money.
#[utoipa::path(
    tag = "staff", operation_id = "decide_withdrawal", request_body = DecisionBody,
    params(
        ("id" = WithdrawalId, Path, description = "The withdrawal"),
        ("Idempotency-Key" = String, Header, description = "1–255 characters of the caller's choosing"),
    ),
    responses(
        (status = 200, description = "The withdrawal as decided", body = EscalatedView),
        (status = 401, description = "`second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`own_wallet`", body = ProblemBody),
        (status = 409, description = "`wrong_state`: it waits for nobody", body = ProblemBody),
        (status = 429, description = "`second_factor_paused`: too many wrong codes", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:finance_checker"))), security(("bearer" = []))
)]
#[post("/v1/staff/withdrawals/{id}/decide")]
pub(crate) async fn decide_withdrawal(
    caller: StaffCaller<FinanceCheckers>,
    id: Path<WithdrawalId>,
    command: Command<DecisionBody>,
    accounts: Data<Accounts>,
    withdrawals: Data<Withdrawals>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, DecisionBody { outcome, reference, reason, totp_code }) = command.split();
    let (once, id) = (once.required()?, id.into_inner());
    let decision = Decision { outcome, reference, reason };
    let counted = accounts.count_factor_try(&kit.database, caller.account).await?;
    kit.run(once, move |conn| -> Result<Answer, WithdrawalError> {
        let fresh = accounts.take_fresh_factor_in(conn, counted, &totp_code)?;
        let decided = withdrawals.decide_in(conn, fresh.account(), id, &decision)?;
        Ok(Answer::ok(&EscalatedView::from(&decided)).version(decided.version))
    })
    .await
}
