//! Compares our withdrawals with the gateways' own books, now.

use std::process::ExitCode;

use event_log::Actor;
use payments::{GatewayName, Reconciliation, ReconciliationState, ReconciliationView};
use serde_json::json;

use super::say;
use crate::{
    cli::GatewayChoice,
    house::{House, HouseError},
};

/// Exits with 1 when a book could not be read, or shows something that nobody has explained.
pub(super) async fn run(
    house: House,
    only: Option<GatewayChoice>,
    as_json: bool,
) -> Result<ExitCode, HouseError> {
    let configured = house.gateway_desk.reconciliations.gateways().iter().copied();
    let chosen: Vec<GatewayName> =
        configured.filter(|&it| only.is_none_or(|only| GatewayName::from(only) == it)).collect();
    if chosen.is_empty() {
        return Err("no such gateway is configured here".into());
    }
    let mut clean = true;
    for gateway in chosen {
        let ended = house.gateway_desk.reconciler.run(gateway, Actor::CommandLine).await?;
        let standings = house.gateway_desk.reconciler.standings().await?;
        let open = standings.iter().find(|it| it.gateway == gateway);
        let open = open.map_or(0, |standing| standing.open_differences);
        clean &= ended.state.tally().is_some() && open == 0;
        report(&ended, open, as_json);
    }
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(ended: &Reconciliation, open: usize, as_json: bool) {
    if as_json {
        let view = ReconciliationView::from(ended);
        say(&json!({ "reconciliation": view, "open_differences": open }).to_string());
        return;
    }
    let gateway = ended.gateway.as_str();
    say(&match &ended.state {
        ReconciliationState::Finished { tally, .. } => format!(
            "{gateway}: {} matched, {} ours only, {} theirs only, {} of another amount; {open} open: {}",
            tally.matched, tally.ours_only, tally.theirs_only, tally.different_amount, ended.id
        ),
        ReconciliationState::Failed { failure, .. } => {
            format!("{gateway}: its book could not be read: {}", failure.as_str())
        }
        ReconciliationState::Open { .. } => format!("{gateway}: {} is under way", ended.id),
    });
}
