use actix_web::{HttpResponse, get, web::Data};
use collectors::live_position;
use http_kit::{Answer, CollectorCaller, Kit, Problem, UNEXPECTED};
use primitives::{Coordinates, PickupId, Timestamp};
use serde::Serialize;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use crate::{
    Matcher, MatchingError, Origin, Workday,
    positions::FRESH,
    route::{Stop, Task, plan},
};

/// The order in which the caller best does his open jobs
///
/// Begins now, where the caller is, and ends when his vehicle is empty at his base. Jobs on the way come first. The cost
/// counts every second until then once, those on the road a second time, and those by which a household is visited too
/// late a thousand times. Up to ten stops are ordered with proof that no order costs less; for more, `bound_seconds` is
/// a proven bound. Estimates: 10 minutes at each door, 15 minutes to unload.
#[utoipa::path(
    tag = "matching", operation_id = "get_route",
    responses((status = 200, description = "The route", body = RouteView)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/collectors/me/route")]
pub(crate) async fn get_route(
    caller: CollectorCaller,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let seen = last_seen(&kit, &caller).await;
    let workday = kit.read(move |conn| -> Result<Workday, MatchingError> {
        matcher.workday_in(conn, caller.collector, seen)
    });
    let workday = workday.await?;
    let planned = spawn_blocking(move || RouteView::of(&workday)).await;
    let view = planned.map_err(|_panicked| Problem::new(UNEXPECTED))?;
    Ok(Answer::ok(&view).into_response())
}

async fn last_seen(kit: &Kit, caller: &CollectorCaller) -> Option<Coordinates> {
    let position = live_position(&kit.live_state, caller.collector).await?;
    let is_fresh = position.recorded_at >= kit.ambient.now().minus(FRESH);
    is_fresh.then_some(position.coordinates)
}

/// A planned route.
#[derive(Serialize, ToSchema)]
pub(crate) struct RouteView {
    /// When the route begins: the moment of the question.
    begins_at: Timestamp,
    /// From where it begins.
    origin: Origin,
    /// First to last; the last is at the base, unless there is nothing to do.
    stops: Vec<StopView>,
    /// When the vehicle is empty again.
    ends_at: Timestamp,
    /// Time on the road.
    road_seconds: i64,
    /// What the route costs: its seconds, those on the road twice, those too late a thousand times.
    cost_seconds: i64,
    /// No order of the stops costs less than this.
    bound_seconds: i64,
    /// The part of the cost that a better order could save at most, between 0 and 1, to at most four decimals.
    gap: f64,
}

/// One stop of a route.
#[derive(Serialize, ToSchema)]
pub(crate) struct StopView {
    kind: StopKind,
    /// The job; absent where the vehicle is unloaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup_id: Option<PickupId>,
    /// The home, or the base.
    location: Coordinates,
    /// When the collector gets there.
    arrival_at: Timestamp,
    /// How long he waits there until somebody is at home.
    waiting_seconds: i64,
    /// When he leaves.
    departure_at: Timestamp,
    /// Whether he comes after the last time when somebody is at home, or later than he promised.
    late: bool,
    /// By how much.
    late_seconds: i64,
    /// On the vehicle when he leaves, as estimated.
    load_grams: i64,
    /// The same by loose volume.
    load_milliliters: i64,
}

/// What is done at a stop.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StopKind {
    /// A household's recyclables are fetched.
    Pickup,
    /// The vehicle is emptied at the base.
    Unload,
}

impl RouteView {
    /// Plans the day.
    fn of(workday: &Workday) -> Self {
        let plan = plan(&workday.day);
        let table = &plan.timetable;
        Self {
            begins_at: workday.begins_at,
            origin: workday.origin,
            stops: table.stops.iter().map(|stop| StopView::of(stop, workday)).collect(),
            ends_at: workday.at(table.end),
            road_seconds: table.road,
            cost_seconds: plan.cost,
            bound_seconds: plan.bound,
            gap: fraction(plan.gap()),
        }
    }
}

impl StopView {
    fn of(stop: &Stop, workday: &Workday) -> Self {
        let door = match stop.task {
            Task::Visit(visit) => workday.doors.get(visit),
            Task::Unload => None,
        };
        Self {
            kind: if door.is_some() { StopKind::Pickup } else { StopKind::Unload },
            pickup_id: door.map(|(pickup, _)| *pickup),
            location: door.map_or(workday.base, |(_, place)| *place),
            arrival_at: workday.at(stop.arrival),
            waiting_seconds: stop.waiting,
            departure_at: workday.at(stop.departure),
            late: stop.late > 0,
            late_seconds: stop.late,
            load_grams: stop.load.grams,
            load_milliliters: stop.load.milliliters,
        }
    }
}

/// Ten-thousandths as a number.
fn fraction(ten_thousandths: i64) -> f64 {
    f64::from(i32::try_from(ten_thousandths).unwrap_or(i32::MAX)) / 10_000.0
}
