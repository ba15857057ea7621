use actix_web::{HttpResponse, get, put, web::Data};
use http_kit::{
    Admins, Answer, Command, IfMatch, Kit, NOT_FOUND, Path, Problem, ProblemBody, StaffCaller,
};
use primitives::{AccountId, RegionCode, RegionLevel, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Matcher, MatchingError, NewWeights, RegionalWeights, ranking::PerPart};

/// What shall count how much.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeightsBody {
    percent: PercentView,
}

/// Percent of the score for each part; together 100.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PercentView {
    #[schema(maximum = 60)]
    travel_time: u32,
    #[schema(maximum = 60)]
    payout: u32,
    #[schema(maximum = 60)]
    reliability: u32,
    #[schema(maximum = 60)]
    rating: u32,
    #[schema(maximum = 60)]
    spare_capacity: u32,
    #[schema(maximum = 60)]
    window_fit: u32,
    #[schema(maximum = 60)]
    fairness: u32,
    #[schema(maximum = 60)]
    ageing: u32,
}

/// By which weights the collectors of a kabupaten are ranked.
#[derive(Serialize, ToSchema)]
pub(crate) struct WeightsView {
    region_code: RegionCode,
    /// The name under which answers and events speak of these weights.
    #[schema(example = "candidates-1@12.07.3")]
    name: String,
    percent: PercentView,
    /// Who chose them; absent while the product's defaults hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen_by: Option<AccountId>,
    /// When they were chosen; absent while the product's defaults hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen_at: Option<Timestamp>,
}

/// Shows how much each part of the score counts in a kabupaten
#[utoipa::path(
    tag = "staff", operation_id = "get_matching_weights",
    params(("code" = RegionCode, Path, description = "The kabupaten")),
    responses((status = 200, description = "The weights that hold now", body = WeightsView)),
    extensions(("x-access" = json!("staff:admin"))), security(("bearer" = []))
)]
#[get("/v1/staff/regions/{code}/matching-weights")]
pub(crate) async fn get_matching_weights(
    caller: StaffCaller<Admins>,
    code: Path<RegionCode>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let region = own_kabupaten(&caller, code.into_inner())?;
    let weights = kit.read(move |conn| matcher.weights_in(conn, &region)).await?;
    Ok(Answer::ok(&WeightsView::from(&weights)).version(weights.version()).into_response())
}

/// Chooses how much each part of the score counts in a kabupaten
///
/// Counts for every ranking from then on. Choosing again what holds already changes nothing. All choices are kept.
#[utoipa::path(
    tag = "staff", operation_id = "set_matching_weights", request_body = WeightsBody,
    params(
        ("code" = RegionCode, Path, description = "The kabupaten"),
        ("If-Match" = String, Header, description = "The ETag of the weights as last read"),
    ),
    responses(
        (status = 200, description = "The weights as chosen", body = WeightsView),
        (status = 412, description = "`version_conflict`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:admin"))), security(("bearer" = []))
)]
#[put("/v1/staff/regions/{code}/matching-weights")]
pub(crate) async fn set_matching_weights(
    caller: StaffCaller<Admins>,
    code: Path<RegionCode>,
    read: IfMatch,
    command: Command<WeightsBody>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let region = own_kabupaten(&caller, code.into_inner())?;
    let (once, body) = command.split();
    let new = NewWeights { region, percent: body.percent.into(), by: caller.account };
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        let weights = matcher.choose_weights_in(conn, read.version(), &new)?;
        Ok(Answer::ok(&WeightsView::from(&weights)).version(weights.version()))
    })
    .await
}

/// What is no kabupaten of the caller's does not exist for him.
fn own_kabupaten(caller: &StaffCaller<Admins>, region: RegionCode) -> Result<RegionCode, Problem> {
    let own = region.level() == RegionLevel::Kabupaten && caller.covers(&region);
    if own { Ok(region) } else { Err(Problem::new(NOT_FOUND)) }
}

impl From<&RegionalWeights> for WeightsView {
    fn from(weights: &RegionalWeights) -> Self {
        Self {
            region_code: weights.region.clone(),
            name: weights.name(),
            percent: weights.percent.into(),
            chosen_by: weights.choice.as_ref().map(|choice| choice.by),
            chosen_at: weights.choice.as_ref().map(|choice| choice.at),
        }
    }
}

impl From<PercentView> for PerPart<u32> {
    fn from(body: PercentView) -> Self {
        Self {
            travel_time: body.travel_time,
            payout: body.payout,
            reliability: body.reliability,
            rating: body.rating,
            spare_capacity: body.spare_capacity,
            window_fit: body.window_fit,
            fairness: body.fairness,
            ageing: body.ageing,
        }
    }
}

impl From<PerPart<u32>> for PercentView {
    fn from(percent: PerPart<u32>) -> Self {
        Self {
            travel_time: percent.travel_time,
            payout: percent.payout,
            reliability: percent.reliability,
            rating: percent.rating,
            spare_capacity: percent.spare_capacity,
            window_fit: percent.window_fit,
            fairness: percent.fairness,
            ageing: percent.ageing,
        }
    }
}
