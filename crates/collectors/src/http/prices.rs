use actix_web::{HttpResponse, get, put, web::Data};
use catalog::MaterialCode;
use http_kit::{Answer, CollectorCaller, Command, IfMatch, Kit, Problem, ProblemBody};
use primitives::{Timestamp, UnitPrice};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::PricesView;
use crate::{CollectorError, Collectors, NewPriceList, PriceItem};

/// A price list to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPriceListBody {
    /// Every material he buys, each once; what is not on the list he does not buy.
    #[schema(min_items = 1, max_items = 100)]
    items: Vec<NewPriceBody>,
    /// From when it counts: now when absent, at most 90 days ahead.
    valid_from: Option<Timestamp>,
}

/// A price for one material.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPriceBody {
    /// A material's code.
    material: MaterialCode,
    /// Per kilogram, piece or liter.
    price_rupiah: UnitPrice,
}

impl From<NewPriceListBody> for NewPriceList {
    fn from(body: NewPriceListBody) -> Self {
        let items = body.items.into_iter();
        let item = |it: NewPriceBody| PriceItem { material: it.material, price: it.price_rupiah };
        Self { items: items.map(item).collect(), valid_from: body.valid_from }
    }
}

/// The caller's own prices
#[utoipa::path(
    tag = "collectors", operation_id = "get_own_prices",
    responses((status = 200, description = "The lists in force and to come", body = PricesView)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/collectors/me/prices")]
pub(crate) async fn get_own_prices(
    caller: CollectorCaller,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let board = kit.read(move |conn| collectors.price_board_in(conn, caller.collector)).await?;
    Ok(Answer::ok(&PricesView::from(&board)).version(board.version).into_response())
}

/// Publishes a price list
///
/// Lists are added and never changed: the one in force is the one with the latest `valid_from` not after now. It
/// replaces the whole list before it. Prices of jobs under way were frozen at acceptance and stay as they are.
#[utoipa::path(
    tag = "collectors", operation_id = "publish_prices", request_body = NewPriceListBody,
    params(("If-Match" = String, Header, description = "The ETag of these prices as last read")),
    responses(
        (status = 200, description = "The lists in force and to come", body = PricesView),
        (status = 412, description = "`version_conflict`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[put("/v1/collectors/me/prices")]
pub(crate) async fn publish_prices(
    caller: CollectorCaller,
    read: IfMatch,
    command: Command<NewPriceListBody>,
    collectors: Data<Collectors>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let list = NewPriceList::from(body);
    kit.run(once, move |conn| -> Result<Answer, CollectorError> {
        let id = caller.collector;
        let board = collectors.publish_prices_in(conn, id, read.version(), &list)?;
        Ok(Answer::ok(&PricesView::from(&board)).version(board.version))
    })
    .await
}
