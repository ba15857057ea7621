use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, Kit, Officers, Path, Problem, StaffCaller};
use primitives::{PhotoId, PickupId, ReportId, Rupiah};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Evidence, LineView, Pickup, PickupError, Pickups,
    view::{DisputeView, dispute_of},
};

/// What an officer decides about: neither home nor names.
#[derive(Serialize, ToSchema)]
pub(crate) struct DisputedJobView {
    id: PickupId,
    report_id: ReportId,
    /// What the scale said.
    lines: Vec<LineView>,
    /// The sum of the lines.
    amount_rupiah: Rupiah,
    /// Which scale, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    scale_id: Option<String>,
    /// What the collector photographed at the scale; the pictures are below `dispute/photos`, as those of the objection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    photo_ids: Vec<PhotoId>,
    dispute: DisputeView,
}

impl DisputedJobView {
    fn of(pickup: &Pickup, evidence: Evidence) -> Option<Self> {
        let (weighing, dispute) = (pickup.weighing()?, dispute_of(pickup)?);
        Some(Self {
            id: pickup.id,
            report_id: pickup.report,
            lines: weighing.lines.iter().map(LineView::from).collect(),
            amount_rupiah: weighing.amount,
            scale_id: weighing.scale.id.clone(),
            photo_ids: evidence.weighing,
            dispute: DisputeView { photo_ids: evidence.dispute, ..dispute },
        })
    }
}

/// A dispute about a weigh-in, while it waits for a decision
#[utoipa::path(
    tag = "staff", operation_id = "get_pickup_dispute",
    params(("id" = PickupId, Path, description = "The job")),
    responses((status = 200, description = "What is to be decided", body = DisputedJobView)),
    extensions(("x-access" = json!("staff:officer"))), security(("bearer" = []))
)]
#[get("/v1/staff/pickups/{id}/dispute")]
pub(crate) async fn get_pickup_dispute(
    caller: StaffCaller<Officers>,
    id: Path<PickupId>,
    pickups: Data<Pickups>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let (id, officer) = (id.into_inner(), caller.account);
    let found = kit.read(move |conn| -> Result<Answer, PickupError> {
        let pickup = pickups.disputed_in(conn, officer, caller.regions(), id)?;
        let view = DisputedJobView::of(&pickup, pickups.evidence_in(conn, &pickup)?);
        Ok(Answer::ok(&view.ok_or(PickupError::NotFound)?).version(pickup.version))
    });
    Ok(found.await?.into_response())
}
