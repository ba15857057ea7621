use actix_web::{HttpResponse, get, put, web::Data};
use http_kit::{
    Admins, Answer, Command, IfMatch, Kit, Path, Problem, ProblemBody, StaffCaller, Viewers,
};
use primitives::{RegionCode, RegionLevel, Timestamp};
use regions::Regions;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Matcher, MatchingError,
    dispatch::{Policy, PolicyDraft},
};

/// How the reports of a kabupaten are announced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispatchPolicyBody {
    /// One after the other; the last one again and again, until everybody eligible has been told.
    #[schema(min_items = 1, max_items = 10)]
    waves: Vec<DispatchWave>,
    /// A report that has waited longer is told to everybody, and goes before everything younger: 600 – 259,200.
    patience_seconds: i64,
    /// Absent while every report is announced for itself.
    assignment: Option<DispatchAssignment>,
}

/// How many collectors are told at once, and when the next ones are.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispatchWave {
    /// The best of those who have not been told: 1 – 100.
    collectors: i64,
    /// 10 – 86,400.
    wait_seconds: i64,
}

/// That waiting reports are matched to collectors together, and each is first told to the one it falls to.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DispatchAssignment {
    /// How long the first report waits for others: 10 – 3,600.
    gather_seconds: i64,
}

/// How the reports of a kabupaten are announced, and since when.
#[derive(Serialize, ToSchema)]
pub(crate) struct DispatchPolicyView {
    /// The kabupaten.
    region: RegionCode,
    /// Counts the changes; 0 is the product's own default.
    version: i64,
    waves: Vec<DispatchWave>,
    patience_seconds: i64,
    /// Absent while every report is announced for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment: Option<DispatchAssignment>,
    /// When staff set it; absent for the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_at: Option<Timestamp>,
}

impl From<DispatchPolicyBody> for PolicyDraft {
    fn from(body: DispatchPolicyBody) -> Self {
        let wave = |wave: DispatchWave| (wave.collectors, wave.wait_seconds);
        Self {
            waves: body.waves.into_iter().map(wave).collect(),
            patience_seconds: body.patience_seconds,
            gather_seconds: body.assignment.map(|assignment| assignment.gather_seconds),
        }
    }
}

impl DispatchPolicyView {
    fn new(region: RegionCode, policy: &Policy) -> Self {
        let draft = policy.draft();
        let wave = |(collectors, wait_seconds)| DispatchWave { collectors, wait_seconds };
        Self {
            region,
            version: policy.version,
            waves: draft.waves.into_iter().map(wave).collect(),
            patience_seconds: draft.patience_seconds,
            assignment: draft
                .gather_seconds
                .map(|gather_seconds| DispatchAssignment { gather_seconds }),
            set_at: policy.set.map(|(_, at)| at),
        }
    }
}

/// How the reports of a kabupaten are announced
#[utoipa::path(
    tag = "staff", operation_id = "get_dispatch_policy",
    params(("code" = RegionCode, Path, description = "The kabupaten")),
    responses((status = 200, description = "The policy in force", body = DispatchPolicyView)),
    extensions(("x-access" = json!("staff:viewer"))), security(("bearer" = []))
)]
#[get("/v1/staff/regions/{code}/dispatch-policy")]
pub(crate) async fn get_dispatch_policy(
    caller: StaffCaller<Viewers>,
    code: Path<RegionCode>,
    regions: Data<Regions>,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let code = code.into_inner();
    let covered = caller.covers(&code);
    let (view, version) = kit
        .read(move |conn| -> Result<_, MatchingError> {
            must_be_kabupaten(&regions, &code, covered)?;
            let policy = matcher.dispatch_policy_in(conn, &code)?;
            Ok((DispatchPolicyView::new(code.clone(), &policy), policy.version))
        })
        .await?;
    Ok(Answer::ok(&view).version(version).into_response())
}

/// Changes how the reports of a kabupaten are announced
///
/// Counts from the next wave on. What is in force already, sent again, is answered with 200 whatever version was read.
#[utoipa::path(
    tag = "staff", operation_id = "set_dispatch_policy", request_body = DispatchPolicyBody,
    params(
        ("code" = RegionCode, Path, description = "The kabupaten"),
        ("If-Match" = String, Header, description = "The ETag of the policy as last read"),
    ),
    responses(
        (status = 200, description = "The policy in force", body = DispatchPolicyView),
        (status = 412, description = "`version_conflict`", body = ProblemBody),
    ),
    extensions(("x-access" = json!("staff:admin"))), security(("bearer" = []))
)]
#[put("/v1/staff/regions/{code}/dispatch-policy")]
pub(crate) async fn set_dispatch_policy(
    caller: StaffCaller<Admins>,
    code: Path<RegionCode>,
    read: IfMatch,
    command: Command<DispatchPolicyBody>,
    (regions, matcher, kit): (Data<Regions>, Data<Matcher>, Data<Kit>),
) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let (code, draft) = (code.into_inner(), PolicyDraft::from(body));
    let covered = caller.covers(&code);
    kit.run(once, move |conn| -> Result<Answer, MatchingError> {
        must_be_kabupaten(&regions, &code, covered)?;
        let place = (caller.account, &code);
        let policy = matcher.set_dispatch_policy_in(conn, place, read.version(), &draft)?;
        let view = DispatchPolicyView::new(code.clone(), &policy);
        Ok(Answer::ok(&view).version(policy.version))
    })
    .await
}

/// Policies are those of kabupaten; others, and those of somebody else, do not exist.
fn must_be_kabupaten(
    regions: &Regions,
    code: &RegionCode,
    covered: bool,
) -> Result<(), MatchingError> {
    let known = code.level() == RegionLevel::Kabupaten && regions.get(code).is_some();
    if covered && known { Ok(()) } else { Err(MatchingError::NotFound) }
}
