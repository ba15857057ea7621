use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, Problem, ProblemBody};
use primitives::{ChallengeId, PhoneNumber, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::unstored;
use crate::{AccountError, Accounts, Challenge, rules::RESEND_AFTER};

/// Who wants a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewChallengeBody {
    /// An Indonesian mobile number.
    phone: PhoneNumber,
}

/// A code is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChallengeView {
    /// Belongs to the code when it is used.
    challenge_id: ChallengeId,
    /// Until when the code works.
    expires_at: Timestamp,
    /// When another one may be asked for.
    resend_after_seconds: u64,
}

impl From<&Challenge> for ChallengeView {
    fn from(challenge: &Challenge) -> Self {
        Self {
            challenge_id: challenge.id,
            expires_at: challenge.expires_at,
            resend_after_seconds: RESEND_AFTER.as_secs(),
        }
    }
}

/// Sends a one-time code to a phone.
///
/// Six digits, for five minutes and five tries. The answer is the same for known and unknown phones. A phone gets one
/// message a minute and five within 24 hours.
#[utoipa::path(
    tag = "signing-in", operation_id = "create_otp_challenge", request_body = NewChallengeBody,
    responses(
        (status = 202, description = "A code is on its way", body = ChallengeView),
        (status = 429, description = "`too_many_codes` for this phone, or `messages_spent` for everybody", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[post("/v1/auth/otp-challenges")]
pub(crate) async fn create_otp_challenge(
    command: Command<NewChallengeBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (_once, body) = command.split();
    let service = Accounts::clone(&accounts);
    let unit = move |conn: &mut _| service.request_code_in(conn, &body.phone);
    let (challenge, code) = kit.database.write::<_, AccountError, _>(unit).await?;
    accounts.sender.send(challenge.id, &challenge.phone, &code);
    unstored(Answer::accepted(&ChallengeView::from(&challenge)))
}
