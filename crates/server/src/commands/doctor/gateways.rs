//! What the doctor says of each configured gateway: does it answer, what does it hold, may money go out through it.

use std::sync::Arc;

use payments::{
    Charges, Gateway, GatewayStanding, ReconciliationState, Reconciliations, Withdrawals,
};
use primitives::Timestamp;

use super::Finding;
use crate::{
    clock,
    house::{self, HouseError},
    settings::Settings,
};

pub(super) async fn findings(settings: &Settings) -> Vec<Finding> {
    let gateways = match settings.gateways.open() {
        Ok(gateways) => gateways,
        Err(error) => {
            let detail = "configured".to_owned();
            return vec![Finding { what: "gateways", detail, fault: Some(error.to_string()) }];
        }
    };
    let mut findings = Vec::new();
    for gateway in gateways.iter() {
        findings.push(of(gateway, standing(settings, gateway)).await);
    }
    findings
}

async fn of(gateway: &Arc<dyn Gateway>, standing: Result<GatewayStanding, HouseError>) -> Finding {
    let what = gateway.name().as_str();
    let balance = gateway.balance().await;
    let mut faults: Vec<String> =
        balance.as_ref().err().map(ToString::to_string).into_iter().collect();
    let mut told: Vec<String> =
        balance.iter().map(|balance| format!("it holds Rp {}", balance.get())).collect();
    match standing {
        Ok(standing) => {
            told.push(books(&standing));
            told.push(last(&standing));
            faults.extend(standing.quarantine.map(|it| quarantined(it.since)));
            if standing.open_differences > 0 {
                faults.push(format!("{} differences are open", standing.open_differences));
            }
        }
        Err(error) => faults.push(format!("our books cannot be read: {error}")),
    }
    let fault = (!faults.is_empty()).then(|| faults.join("; "));
    Finding { what, detail: told.join("; "), fault }
}

/// Read from a database that is up to date; the doctor changes none.
fn standing(
    settings: &Settings,
    gateway: &Arc<dyn Gateway>,
) -> Result<GatewayStanding, HouseError> {
    let ambient = clock::ambient(settings.development.clock_file.as_ref());
    let withdrawals = Withdrawals::new(ambient.clone(), settings.withdrawals.terms(), Vec::new());
    let only = [Arc::clone(gateway)].into();
    let charges = Charges::new(ambient.clone(), Vec::new());
    let reconciliations = Reconciliations::new(ambient, withdrawals, charges, &only);
    let database = house::open_database(settings, true)?;
    let standings = database.read_blocking(|conn| reconciliations.standings_in(conn))?;
    standings.into_iter().next().ok_or_else(|| "the gateway is not known".into())
}

fn books(standing: &GatewayStanding) -> String {
    let (held, clearing) = (standing.held.get(), standing.clearing.get());
    format!("by our books Rp {held}, of which Rp {clearing} are on their way out")
}

fn last(standing: &GatewayStanding) -> String {
    match standing.last.as_ref().map(|last| (last.state, last.id)) {
        Some((ReconciliationState::Finished { at, tally, .. }, id)) => {
            format!("last reconciled {at} ({id}, {} matched)", tally.matched)
        }
        _ => "never reconciled".to_owned(),
    }
}

fn quarantined(since: Timestamp) -> String {
    format!("nothing is sent: the database was restored and remembers nothing after {since}")
}
