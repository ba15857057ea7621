use actix_web::{HttpResponse, put, web::Data};
use http_kit::{Answer, CollectorCaller, Command, IfMatch, Kit, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::CollectorView;
use crate::{CollectorError, Collectors};

/// Whether the collector takes jobs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AvailabilityBody {
    /// True to be found by households.
    online: bool,
}

/// Goes online or offline
///
/// Online needs the consent of staff and a price list in force. Being so already is answered with 200, whatever
/// version was last read.
#[utoipa::path(
    tag = "collectors", operation_id = "set_availability", request_body = AvailabilityBody,
    params(("If-Match" = String, Header, description = "The ETag of the collector as last read")),
    responses(
        (status = 200, description = "The collector as changed", body = CollectorView),
        (status = 409, description = "`collector_not_verified`, `prices_missing`", body = ProblemBody),
        (status = 412, description = "`version_conflict`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[put("/v1/collectors/me/availability")]
pub(crate) async fn set_availability(
    caller: CollectorCaller,
    read: IfMatch,
    command: Command<AvailabilityBody>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    kit.run(once, move |conn| -> Result<Answer, CollectorError> {
        let (id, version) = (caller.collector, read.version());
        let after = collectors.set_availability_in(conn, id, version, body.online)?;
        Ok(Answer::ok(&CollectorView::from(&after)).version(after.version))
    })
    .await
}
