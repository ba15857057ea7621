use actix_web::{
    HttpRequest, HttpResponse, post,
    web::{Bytes, Data},
};
use http_kit::{Answer, Kit, Path, Problem, ProblemBody};

use crate::{GatewayName, Inbox, Notice};

/// What a gateway tells without being asked
///
/// About payouts and incoming payments alike. Proven by Xendit's `x-callback-token`, Midtrans's `Iris-Signature`, or the
/// `signature_key` in the body of Midtrans's Core API. It is kept and makes us look at the gateway itself; it moves no
/// money, whatever it says.
#[utoipa::path(
    tag = "gateways", operation_id = "notify_payout",
    params(("gateway" = GatewayName, Path, description = "Which gateway")),
    request_body(content = Object, description = "As the gateway documents it", content_type = "application/json"),
    responses(
        (status = 204, description = "Kept"),
        (status = 401, description = "`notification_unverified`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("public")))
)]
#[post("/v1/gateways/{gateway}/notifications")]
pub(crate) async fn notify_payout(
    gateway: Path<GatewayName>,
    request: HttpRequest,
    body: Bytes,
    inbox: Data<Inbox>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let (callback_token, signature) = (header("x-callback-token"), header("iris-signature"));
    let notice = Notice { callback_token, signature, body: &body };
    let notification = inbox.verify(gateway.into_inner(), &notice)?;
    kit.database.write(move |conn| inbox.receive_in(conn, &notification)).await?;
    Ok(Answer::no_content().into_response())
}
