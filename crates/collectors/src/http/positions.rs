use actix_web::{HttpResponse, post, web::Data};
use http_kit::{Answer, CollectorCaller, Command, Fields, Kit, Problem};
use primitives::{Coordinates, Invalid, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::position::{self, Fix};

/// Where the collector has been, oldest first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PositionsBody {
    /// At most a day old and at most five minutes ahead of our clock.
    #[schema(min_items = 1, max_items = 100)]
    positions: Vec<PositionBody>,
}

/// One reading of the phone's receiver.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PositionBody {
    /// Degrees north.
    #[schema(minimum = -11.1, maximum = 6.1)]
    lat: f64,
    /// Degrees east.
    #[schema(minimum = 94.9, maximum = 141.1)]
    lon: f64,
    /// Radius of uncertainty in meters.
    #[schema(minimum = 0, maximum = 100_000)]
    accuracy_meters: Option<i32>,
    /// When, by the phone's clock.
    recorded_at: Timestamp,
}

impl PositionBody {
    fn parse(self) -> Result<Fix, Invalid> {
        if self.accuracy_meters.is_some_and(|meters| !(0..=100_000).contains(&meters)) {
            return Err(Invalid("accuracy_out_of_range"));
        }
        let coordinates = Coordinates::parse(self.lat, self.lon)?;
        let Self { accuracy_meters, recorded_at, .. } = self;
        Ok(Fix { coordinates, accuracy_meters, recorded_at })
    }
}

fn parse_batch(body: &PositionsBody, now: Timestamp) -> Result<Vec<Fix>, Problem> {
    let mut fields = Fields::default();
    let parsed = body.positions.iter().enumerate().filter_map(|(index, position)| {
        fields.check(format!("/positions/{index}"), position.parse())
    });
    let batch: Vec<Fix> = parsed.collect();
    // Indices only mean something when no position has dropped out.
    if fields.is_empty() {
        for problem in position::problems_of(&batch, now) {
            fields.refuse(problem.pointer, problem.code);
        }
    }
    fields.finish()?;
    Ok(batch)
}

/// Reports where the collector has been
///
/// The newest position is shown to the household while he is on the way, for an hour at most. Nothing is kept on
/// disk. Motion faster than 150 km/h is taken, but marked.
#[utoipa::path(
    tag = "collectors", operation_id = "report_positions", request_body = PositionsBody,
    responses((status = 204, description = "Taken")),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[post("/v1/collectors/me/positions")]
pub(crate) async fn report_positions(
    caller: CollectorCaller,
    command: Command<PositionsBody>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (_once, body) = command.split();
    let now = kit.ambient.now();
    let batch = parse_batch(&body, now)?;
    position::take(&kit.live_state, caller.collector, &batch, now).await;
    Ok(Answer::no_content().into_response())
}
