mod body;
mod change;
mod list;
mod own;
mod submit;

use http_kit::Answer;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Report, ReportError, ReportView, service::corrupt};

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(submit::submit_report)
        .service(list::list_reports)
        .service(own::get_report)
        .service(change::change_report);
}

fn view(report: &Report) -> Result<ReportView, ReportError> {
    ReportView::of(report).map_err(|what| corrupt(report.id, what))
}

/// The report as its household sees it, with its ETag.
pub fn shown(report: &Report) -> Result<Answer, ReportError> {
    Ok(Answer::ok(&view(report)?).version(report.version))
}
