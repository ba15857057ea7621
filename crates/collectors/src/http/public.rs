use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Caller, Kit, Path, Problem, ProblemBody};
use primitives::CollectorId;

use super::view::PublicCollectorView;
use crate::{CollectorError, Collectors};

/// A collector's public profile
///
/// With the prices in force; without phone, and with an area instead of the base.
#[utoipa::path(
    tag = "collectors", operation_id = "get_collector",
    params(("id" = CollectorId, Path, description = "The collector")),
    responses(
        (status = 200, description = "The profile", body = PublicCollectorView),
        (status = 404, description = "`not_found`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("account"))), security(("bearer" = []))
)]
#[get("/v1/collectors/{id}")]
pub(crate) async fn get_collector(
    _caller: Caller,
    id: Path<CollectorId>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let id = id.into_inner();
    let (view, version) = kit
        .read(move |conn| {
            let collector = collectors.collector_in(conn, id)?;
            let board = collectors.board_of(conn, &collector)?;
            let view = PublicCollectorView::new(&collector, board.in_force.as_ref());
            Ok::<_, CollectorError>((view, board.version))
        })
        .await?;
    Ok(Answer::ok(&view).version(version).into_response())
}
