use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, Command, Kit, Problem, ProblemBody};
use primitives::ChallengeId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{prove_code, unstored, views::CredentialsView};
use crate::{AccountError, Accounts, Code, ShortName, SignIn};

/// The code that came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSessionBody {
    /// The challenge the code belongs to.
    challenge_id: ChallengeId,
    code: Code,
    /// What the person calls the device, for the list of sessions.
    #[schema(nullable = false)]
    device_name: Option<ShortName>,
    /// Staff only: the code of the authenticator app.
    #[schema(nullable = false)]
    totp_code: Option<Code>,
}

/// Signs a device in.
///
/// The first sign-in opens the account. Staff add `totp_code`; without it the answer is 401
/// `second_factor_required` and the challenge stays as usable as it was.
#[utoipa::path(
    tag = "signing-in", operation_id = "create_session", request_body = NewSessionBody,
    responses(
        (status = 201, description = "Signed in", body = CredentialsView),
        (status = 401, description = "`code_wrong`, `challenge_closed`, `second_factor_required` or `second_factor_wrong`", body = ProblemBody),
        (status = 403, description = "`account_suspended`", body = ProblemBody),
        (status = 409, description = "`second_factor_missing`: a new invitation is needed", body = ProblemBody),
        (status = 429, description = "`sign_in_paused`: too many wrong codes from everybody together", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public"))),
)]
#[post("/v1/auth/sessions")]
pub(crate) async fn create_session(
    command: Command<NewSessionBody>,
    accounts: Data<Accounts>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (_once, body) = command.split();
    let proven = prove_code(&accounts, &kit.database, body.challenge_id, &body.code).await?;
    let service = Accounts::clone(&accounts);
    let unit = move |conn: &mut _| {
        service.sign_in_in(conn, &proven, body.device_name.as_ref(), body.totp_code.as_ref())
    };
    match kit.database.write::<_, AccountError, _>(unit).await? {
        SignIn::SecondFactorRequired => Err(AccountError::SecondFactorRequired.into()),
        SignIn::Started(given) => {
            let location = format!("/v1/auth/sessions/{}", given.session);
            unstored(Answer::created(location, &CredentialsView::of(&accounts, &given)?))
        }
    }
}
