//! What happens without anybody asking: numbering events, following the log, and ends that come with time.
//!
//! Every job is safe to run in several processes at once: rows decide, never who is asked first.

use std::{future::Future, time::Duration};

use database::{DatabaseError, UnitError};
use tokio::{sync::watch, task::JoinHandle, time::MissedTickBehavior};

use crate::house::House;

/// Rows a job takes at a time.
const BATCH: i64 = 500;
/// How long stored answers are kept.
const ANSWERS_KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// The running workers; they stop when told to.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts every worker.
    pub(crate) fn start(house: &House) -> Self {
        let (stop, stopping) = watch::channel(false);
        let every = |name, period: Duration, job: fn(House) -> JobFuture| {
            tokio::spawn(repeat(name, period, house.clone(), job, stopping.clone()))
        };
        let (soon, second) = (Duration::from_millis(100), Duration::from_secs(1));
        let tasks = vec![
            every("sequencer", soon, |house| Box::pin(number_events(house))),
            every("statistics", soon * 2, |house| Box::pin(fold_statistics(house))),
            every("collectors", soon * 2, |house| Box::pin(absorb_outcomes(house))),
            every("matcher", soon * 2, |house| Box::pin(follow_log(house))),
            every("dispatch", second, |house| Box::pin(announce(house))),
            every("expiry", second, |house| Box::pin(end_what_is_due(house))),
            every("withdrawals", second, |house| Box::pin(bring_withdrawals_on(house))),
            every("photos", second * 5, |house| Box::pin(take_photos_down(house))),
            every("top-ups", second, |house| Box::pin(bring_top_ups_in(house))),
            every("reconciliation", second * 5, |house| Box::pin(reconcile(house))),
            every("reference-data", second * 5, |house| Box::pin(reload_reference_data(house))),
            every("housekeeping", second * 600, |house| Box::pin(forget_what_is_old(house))),
            tokio::spawn(house.matcher.clone().follow_positions(house.live_state.clone())),
        ];
        Self { stop, tasks }
    }

    /// Lets every worker finish its step, then ends it.
    pub(crate) async fn stop(self) {
        let _nobody_left = self.stop.send(true);
        for task in self.tasks {
            if tokio::time::timeout(Duration::from_secs(5), task).await.is_err() {
                tracing::debug!("a worker was ended while waiting");
            }
        }
    }
}

type JobError = Box<dyn std::error::Error + Send + Sync>;
type JobFuture = std::pin::Pin<Box<dyn Future<Output = Result<usize, JobError>> + Send>>;

/// Runs the job at every tick; at once again while it says that it took a full batch.
async fn repeat(
    name: &'static str,
    period: Duration,
    house: House,
    job: fn(House) -> JobFuture,
    mut stopping: watch::Receiver<bool>,
) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _told = stopping.changed() => return,
            _tick = ticks.tick() => {}
        }
        match job(house.clone()).await {
            Ok(done) if done >= usize::try_from(BATCH).unwrap_or(usize::MAX) => {
                ticks.reset_immediately()
            }
            Ok(_) => {}
            Err(error) if lost_to_another_process(error.as_ref()) => {
                tracing::debug!(worker = name, "another process was faster");
            }
            Err(error) => {
                metrics::counter!("worker_failures_total", "worker" => name).increment(1);
                tracing::warn!(worker = name, %error, "a worker's step failed; the next one tries again");
            }
        }
    }
}

/// Two processes read the log with one cursor; the row decides which of them has taken a step.
fn lost_to_another_process(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<DatabaseError>())
        .any(event_log::is_lost_step)
}

async fn number_events(house: House) -> Result<usize, JobError> {
    if house.database.read(event_log::unnumbered).await? == 0 {
        return Ok(0);
    }
    Ok(house.database.write(|conn| event_log::sequence_in(conn, BATCH)).await?)
}

async fn fold_statistics(house: House) -> Result<usize, JobError> {
    let statistics = house.statistics.clone();
    if !has_news(&house, "statistics").await? {
        return Ok(0);
    }
    Ok(house.database.write(move |conn| statistics.fold_in(conn, BATCH)).await?)
}

async fn absorb_outcomes(house: House) -> Result<usize, JobError> {
    if !has_news(&house, "collectors").await? {
        return Ok(0);
    }
    let collectors = house.collectors.clone();
    Ok(house.database.write(move |conn| collectors.follow_log_in(conn, BATCH)).await?)
}

/// Looks with a reader first, so that an idle house does not write.
async fn has_news(house: &House, reader: &'static str) -> Result<bool, DatabaseError> {
    house
        .database
        .read(move |conn| Ok(event_log::cursor_of(conn, reader)? < event_log::last_seq(conn)?))
        .await
}

async fn follow_log(house: House) -> Result<usize, JobError> {
    let matcher = house.matcher.clone();
    house.database.read(move |conn| matcher.catch_up_in(conn)).await?;
    Ok(0)
}

/// Plans with a reader, so that the writer is not kept from its work by a ranking.
async fn announce(house: House) -> Result<usize, JobError> {
    let (planner, matcher) = (house.matcher.clone(), house.matcher);
    let planned = house.database.read(move |conn| planner.plan_announcements_in(conn)).await?;
    if planned.is_empty() {
        return Ok(0);
    }
    Ok(house.database.write(move |conn| matcher.announce_in(conn, &planned)).await?)
}

async fn end_what_is_due(house: House) -> Result<usize, JobError> {
    let now = house.ambient.now();
    let House { ambient, reports, pickups, matcher, payments, deliveries, database, .. } = house;
    let expired = sweep(&database, move |conn| reports.expire_due_in(conn, now, BATCH)).await?;
    let offers = sweep(&database, move |conn| matcher.expire_offers_in(conn, now, BATCH)).await?;
    let jobs = sweep(&database, move |conn| pickups.release_overdue_in(conn, now, BATCH)).await?;
    let cash = sweep(&database, move |conn| payments.flag_unanswered_in(conn, BATCH)).await?;
    let deposits =
        move |conn: &mut database::Connection| payments::expire_deposits_in(conn, &ambient, BATCH);
    let deposits = sweep(&database, deposits).await?;
    let brought = sweep(&database, move |conn| deliveries.expire_due_in(conn, BATCH)).await?;
    Ok(expired.max(offers).max(jobs).max(cash).max(deposits).max(brought))
}

async fn sweep<E: UnitError + std::error::Error + Sync>(
    database: &database::Database,
    step: impl Fn(&mut database::Connection) -> Result<usize, E> + Send + 'static,
) -> Result<usize, E> {
    database.write(step).await
}

async fn bring_withdrawals_on(house: House) -> Result<usize, JobError> {
    Ok(house.gateway_desk.dispatcher.step(BATCH).await?)
}

async fn take_photos_down(house: House) -> Result<usize, JobError> {
    Ok(house.photos.sweep(&house.database, BATCH).await?)
}

async fn bring_top_ups_in(house: House) -> Result<usize, JobError> {
    Ok(house.gateway_desk.charge_dispatcher.step(BATCH).await?)
}

async fn reconcile(house: House) -> Result<usize, JobError> {
    let taken_on = house.gateway_desk.reconciler.step().await?;
    for standing in house.gateway_desk.reconciler.standings().await? {
        let gateway = [("gateway", standing.gateway.as_str())];
        let quarantined = if standing.quarantine.is_some() { 1.0 } else { 0.0 };
        metrics::gauge!("payouts_quarantined", &gateway).set(quarantined);
        let open = u32::try_from(standing.open_differences).unwrap_or(u32::MAX);
        metrics::gauge!("gateway_differences_open", &gateway).set(f64::from(open));
    }
    Ok(taken_on)
}

async fn reload_reference_data(house: House) -> Result<usize, JobError> {
    let House { regions, catalog, database, .. } = house;
    let reload = move |conn: &mut database::Connection| {
        regions.reload_if_changed(conn)?;
        catalog.reload_if_changed(conn)
    };
    Ok(usize::from(database.read(reload).await?))
}

async fn forget_what_is_old(house: House) -> Result<usize, JobError> {
    let now = house.ambient.now();
    let answers =
        move |conn: &mut database::Connection| http_kit::prune_in(conn, now.minus(ANSWERS_KEPT));
    house.database.write(answers).await?;
    house.database.write(move |conn| accounts::sweep_in(conn, now)).await?;
    Ok(0)
}
