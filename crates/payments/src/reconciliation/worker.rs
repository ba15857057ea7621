//! The worker: reads gateways' books outside of any transaction, and writes down how they stand to ours.

use database::{Database, UnitError as _};
use event_log::Actor;

use super::{
    GatewayStanding, ReadFailure, Reconciliation, ReconciliationError, Reconciliations,
    service::WORKER,
};
use crate::{
    StatementLine, StatementPage,
    gateway::{Gateway, GatewayName, Gateways, Period, Unusable},
    quarantine::MARGIN,
};

/// Pages of one statement, and lines on all of them: a book without an end is none.
const MOST_PAGES: usize = 2_000;
const MOST_LINES: usize = 200_000;
/// How often a page is asked for: asking moves nothing.
const TRIES: usize = 3;
/// Payouts that are looked up because the statement tells no name of ours.
const MOST_LOOKED_UP: usize = 500;

/// Reconciles with gateways. Any number of processes may run one.
#[derive(Clone)]
pub struct Reconciler {
    database: Database,
    reconciliations: Reconciliations,
    gateways: Gateways,
}

impl Reconciler {
    /// A worker between this database and these gateways.
    pub const fn new(
        database: Database,
        reconciliations: Reconciliations,
        gateways: Gateways,
    ) -> Self {
        Self { database, reconciliations, gateways }
    }

    /// Asks for what is due by the clock, takes on what is due, and says how many that were.
    pub async fn step(&self) -> Result<usize, ReconciliationError> {
        let reconciliations = self.reconciliations.clone();
        let wanting = self.database.read(move |conn| reconciliations.wanting_in(conn)).await?;
        for gateway in wanting {
            match self.request(gateway, WORKER).await {
                // Somebody else was faster.
                Ok(_) | Err(ReconciliationError::UnderWay(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let reconciliations = self.reconciliations.clone();
        let due = self.database.read(move |conn| reconciliations.due_in(conn)).await?;
        for seen in &due {
            if let Some(claimed) = self.claim(seen).await? {
                self.advance(claimed).await?;
            }
        }
        Ok(due.len())
    }

    /// Compares at once, and says what came of it; `UnderWay` when somebody else does.
    pub async fn run(
        &self,
        gateway: GatewayName,
        by: Actor,
    ) -> Result<Reconciliation, ReconciliationError> {
        let reconciliations = self.reconciliations.clone();
        let claimed = self.database.write(move |conn| {
            let requested = reconciliations.request_in(conn, gateway, &by)?;
            let claimed = reconciliations.claim_in(conn, &requested)?;
            claimed.ok_or(ReconciliationError::LeaseLost)
        });
        self.advance(claimed.await?).await
    }

    /// How each gateway stands to us.
    pub async fn standings(&self) -> Result<Vec<GatewayStanding>, ReconciliationError> {
        let reconciliations = self.reconciliations.clone();
        self.database.read(move |conn| reconciliations.standings_in(conn)).await
    }

    async fn request(
        &self,
        gateway: GatewayName,
        by: Actor,
    ) -> Result<Reconciliation, ReconciliationError> {
        let reconciliations = self.reconciliations.clone();
        self.database.write(move |conn| reconciliations.request_in(conn, gateway, &by)).await
    }

    /// Takes the lease; committed before anything is said to a gateway.
    pub(crate) async fn claim(
        &self,
        seen: &Reconciliation,
    ) -> Result<Option<Reconciliation>, ReconciliationError> {
        let (reconciliations, seen) = (self.reconciliations.clone(), seen.clone());
        self.database.write(move |conn| reconciliations.claim_in(conn, &seen)).await
    }

    /// Reads the gateway's book and writes down how it stands to ours.
    pub(crate) async fn advance(
        &self,
        claimed: Reconciliation,
    ) -> Result<Reconciliation, ReconciliationError> {
        let found = self.gateways.iter().find(|it| it.name() == claimed.gateway);
        let gateway = found.ok_or(ReconciliationError::NotFound)?;
        let read = self.read(gateway.as_ref(), claimed.period).await;
        let reconciliations = self.reconciliations.clone();
        let written = self.database.write(move |conn| match &read {
            Ok(statement) => reconciliations.finish_in(conn, &claimed, statement),
            Err(failure) => reconciliations.fail_in(conn, &claimed, *failure),
        });
        let written = written.await;
        if let Err(error) = &written
            && error.database().is_none()
        {
            tracing::warn!(%error, "a reconciliation cannot be brought to its end");
        }
        written
    }

    /// Every line of the period and a little around it, with the withdrawals that they are about.
    async fn read(
        &self,
        gateway: &dyn Gateway,
        period: Period,
    ) -> Result<StatementPage, ReadFailure> {
        let wide = Period { from: period.from.minus(MARGIN), until: period.until.plus(MARGIN) };
        let mut statement = StatementPage::default();
        for _page in 0..MOST_PAGES {
            let answer = patiently(gateway, wide, statement.next.as_deref()).await;
            statement.append(answer.map_err(|error| told(gateway.name(), &error))?, wide);
            if statement.len() > MOST_LINES {
                return Err(ReadFailure::TooLong);
            }
            if statement.next.is_none() {
                statement.lines = self.identified(gateway, statement.lines).await?;
                return Ok(statement);
            }
        }
        Err(ReadFailure::TooLong)
    }

    /// Where a statement tells no name of ours, the payouts that we do not know are looked up.
    async fn identified(
        &self,
        gateway: &dyn Gateway,
        mut lines: Vec<StatementLine>,
    ) -> Result<Vec<StatementLine>, ReadFailure> {
        let (reconciliations, name, seen) =
            (self.reconciliations.clone(), gateway.name(), lines.clone());
        let unknown = self.database.read(move |conn| reconciliations.unknown_in(conn, name, &seen));
        let unknown = unknown.await.map_err(|error| {
            tracing::warn!(%error, "our own book cannot be read");
            ReadFailure::Unanswered
        })?;
        for reference in unknown.iter().take(MOST_LOOKED_UP) {
            let payout = gateway.look_up(reference).await;
            let payout = payout.map_err(|error| told(name, &error))?;
            let order = payout.and_then(|payout| payout.order.parse().ok());
            for line in lines.iter_mut().filter(|line| line.reference == *reference) {
                line.withdrawal = order;
            }
        }
        Ok(lines)
    }
}

async fn patiently(
    gateway: &dyn Gateway,
    period: Period,
    page: Option<&str>,
) -> Result<StatementPage, Unusable> {
    let mut answer = gateway.statement(period, page).await;
    for _again in 1..TRIES {
        if answer.is_ok() {
            break;
        }
        answer = gateway.statement(period, page).await;
    }
    answer
}

/// Tells the night shift why a book could not be read.
fn told(gateway: GatewayName, error: &Unusable) -> ReadFailure {
    tracing::warn!(gateway = gateway.as_str(), %error, "a gateway's book could not be read");
    match error {
        Unusable::Wire(_) | Unusable::Status(_) => ReadFailure::Unanswered,
        Unusable::Unreadable(_) => ReadFailure::Unreadable,
    }
}
