use actix_web::{HttpResponse, get, web::Data};
use http_kit::{Answer, CollectorCaller, Kit, Page, PageLimit, Problem, Query, Speaks};
use primitives::{ReportId, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{sentences::Speaker, view::FeedEntryView};
use crate::{FeedEntry, FeedPlace, Matcher, MatchingError, ranking::Score};

/// Which page of the feed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedPage {
    /// How many, 20 unless stated.
    limit: Option<PageLimit>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The open reports that the caller may take, best first
///
/// The home is shown as an area, and nothing else depends on where in it the home lies. Empty while the caller is
/// offline or outside of his working hours. Announcements come to some collectors earlier than to others, but everybody
/// finds everything here. All pages of one walk are ranked by the moment of the first one.
#[utoipa::path(
    tag = "matching", operation_id = "list_feed", params(FeedPage),
    responses((status = 200, description = "One page of reports", body = Page<FeedEntryView>)),
    extensions(("x-access" = json!("collector"))), security(("bearer" = []))
)]
#[get("/v1/collectors/me/feed")]
pub(crate) async fn list_feed(
    caller: CollectorCaller,
    page: Query<FeedPage>,
    Speaks(language): Speaks,
    matcher: Data<Matcher>,
    kit: Data<Kit>,
) -> Result<HttpResponse, Problem> {
    let FeedPage { limit, cursor } = page.into_inner();
    let scope = format!("list_feed {}", caller.collector);
    let (opened, limit) = (kit.cursors.open(&scope, cursor)?, limit.unwrap_or_default());
    let place = place_of(opened, kit.ambient.now());
    let (entries, announced) = kit
        .read(move |conn| -> Result<_, MatchingError> {
            let most = limit.rows().saturating_add(1);
            let entries = matcher.feed_in(conn, caller.collector, place, most)?;
            let reports: Vec<ReportId> = entries.iter().map(|entry| entry.report.id).collect();
            let announced = matcher.announced_at_in(conn, caller.collector, &reports)?;
            Ok((entries, announced))
        })
        .await?;
    let key = |last: &FeedEntry| -> Key {
        (place.as_of, last.appraisal.score.millionths(), last.report.id)
    };
    let page = Page::from_rows(entries, limit, key, &kit.cursors, &scope);
    let speaker = Speaker { texts: &kit.texts, language };
    let view = |entry: FeedEntry| {
        let announced_at = announced.get(&entry.report.id).copied();
        FeedEntryView::new(entry, speaker).announced(announced_at)
    };
    Ok(Answer::ok(&page.map(view)).into_response())
}

/// What a cursor holds: the moment of the first page, then score and report of the last entry.
type Key = (Timestamp, u32, ReportId);

fn place_of(opened: Option<Key>, now: Timestamp) -> FeedPlace {
    let first = FeedPlace { as_of: now, after: None };
    opened.map_or(first, |(as_of, millionths, report)| FeedPlace {
        as_of,
        after: Some((Score::from_millionths(millionths), report)),
    })
}
