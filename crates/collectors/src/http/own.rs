use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, CollectorCaller, Kit, Problem};

use super::view::CollectorView;
use crate::Collectors;

/// The caller's own collector
#[utoipa::path(
    tag = "collectors", operation_id = "get_own_collector",
    responses((status = 200, description = "The collector", body = CollectorView)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/collectors/me")]
pub(crate) async fn get_own_collector(
    caller: CollectorCaller,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let collector = kit.read(move |conn| collectors.collector_in(conn, caller.collector)).await?;
    let answer = Answer::ok(&CollectorView::from(&collector)).version(collector.version);
    Ok(answer.into_response())
}
