use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, Problem, ProblemBody};
use primitives::ChallengeId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{prove_code, unstored, views::AccountView};
use crate::{AccountError, Accounts, Code, Enrolment, Profile};

/// An invitation and a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitationBody {
    /// As `jumpa-madu admin invite` printed it.
    invitation: String,
    /// The challenge the code belongs to.
    challenge_id: ChallengeId,
    code: Code,
}

/// A new member of the staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct EnrolmentView {
    account: AccountView,
    /// The second factor in base32, shown this once.
    totp_secret: String,
    /// The same for an authenticator app.
    otpauth_url: String,
}

impl EnrolmentView {
    fn of(profile: &Profile, enrolment: Enrolment) -> Self {
        let Enrolment { totp_secret, otpauth_url, .. } = enrolment;
        Self { account: AccountView::from(profile), totp_secret, otpauth_url }
    }
}

/// Accepts an invitation to the staff.
///
/// The invitation works once, for 15 minutes. The answer shows the second factor; from now on signing in needs it.
#[utoipa::path(
    tag = "signing-in", operation_id = "accept_invitation", request_body = AcceptInvitationBody,
    responses(
        (status = 201, description = "The role is granted", body = EnrolmentView),
        (status = 401, description = "`code_wrong`, `challenge_closed` or `invitation_invalid`", body = ProblemBody),
        (status = 403, description = "`account_suspended`", body = ProblemBody),
        (status = 429, description = "`sign_in_paused`: too many wrong codes from everybody together", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[post("/v1/auth/invitations/accept")]
pub(crate) async fn accept_invitation(
    command: Command<AcceptInvitationBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (_once, body) = command.split();
    let proven = prove_code(&accounts, &kit.database, body.challenge_id, &body.code).await?;
    let unit = move |conn: &mut _| -> Result<_, AccountError> {
        let enrolment = accounts.accept_in(conn, &proven, &body.invitation)?;
        Ok((accounts.profile_in(conn, enrolment.account)?, enrolment))
    };
    let (profile, enrolment) = kit.database.write(unit).await?;
    unstored(Answer::created("/v1/me", &EnrolmentView::of(&profile, enrolment)))
}
