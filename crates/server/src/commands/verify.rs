//! Walks the event log and the ledger and names the first thing that is wrong.

use std::{fs, path::Path, process::ExitCode};

use database::Connection;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::say;
use crate::house::{House, HouseError};

type Check = fn(&House, &mut Connection, &ProgressBar) -> Result<Value, HouseError>;

const CHECKS: [(&str, Check); 4] = [
    ("event log", event_log),
    ("ledger", ledger),
    ("payments", payments),
    ("deliveries", deliveries),
];

pub(super) fn run(house: &House, as_json: bool) -> Result<ExitCode, HouseError> {
    let mut connection = house.database.own_connection()?;
    let mut findings = Vec::new();
    for (name, check) in CHECKS {
        let progress = spinner(name);
        let outcome = check(house, &mut connection, &progress);
        progress.finish_and_clear();
        match outcome {
            Ok(found) => findings.push((name, found)),
            Err(fault) => return Ok(report_fault(name, fault.as_ref(), as_json)),
        }
    }
    report_clean(&findings, as_json);
    Ok(ExitCode::SUCCESS)
}

/// Compares one receipt with what was issued, weighed and posted.
pub(super) fn run_receipt(
    house: &House,
    file: &Path,
    as_json: bool,
) -> Result<ExitCode, HouseError> {
    let mut connection = house.database.own_connection()?;
    let shown = match serde_json::from_slice(&fs::read(file)?) {
        Ok(shown) => shown,
        Err(unreadable) => return Ok(report_fault("receipt", &unreadable, as_json)),
    };
    Ok(match house.payments.prove_receipt_in(&mut connection, &shown) {
        Ok(payment) => {
            report_clean(&[("receipt", json!({ "payment": payment }))], as_json);
            ExitCode::SUCCESS
        }
        Err(fault) => report_fault("receipt", &fault, as_json),
    })
}

fn event_log(
    _house: &House,
    connection: &mut Connection,
    progress: &ProgressBar,
) -> Result<Value, HouseError> {
    let chain = event_log::verify(connection, |seq| {
        progress.set_position(u64::try_from(seq).unwrap_or(0));
    })?;
    Ok(json!({ "events": chain.events, "head": chain.head }))
}

fn ledger(
    _house: &House,
    connection: &mut Connection,
    progress: &ProgressBar,
) -> Result<Value, HouseError> {
    let report = ledger::verify_in(connection, &mut |journals| progress.set_position(journals))?;
    Ok(json!({ "journals": report.journals, "postings": report.postings }))
}

fn payments(
    house: &House,
    connection: &mut Connection,
    progress: &ProgressBar,
) -> Result<Value, HouseError> {
    let mut told = |pickups| progress.set_position(pickups);
    let report = house.payments.verify_in(connection, &mut told)?;
    Ok(json!({
        "paid_pickups": report.pickups,
        "top_ups": report.top_ups,
        "adjustments": report.adjustments,
        "withdrawals": report.withdrawals,
        "reconciliations": report.reconciliations,
    }))
}

fn deliveries(
    house: &House,
    connection: &mut Connection,
    progress: &ProgressBar,
) -> Result<Value, HouseError> {
    let mut told = |received| progress.set_position(received);
    let report = house.deliveries.verify_in(connection, &mut told)?;
    Ok(json!({ "received": report.received, "under_way": report.under_way }))
}

fn report_fault(name: &str, fault: &dyn std::error::Error, as_json: bool) -> ExitCode {
    if as_json {
        say(&json!({ "clean": false, "check": name, "fault": fault.to_string() }).to_string());
    } else {
        say(&format!("{name}: WRONG: {fault}"));
    }
    ExitCode::FAILURE
}

fn report_clean(findings: &[(&str, Value)], as_json: bool) {
    if as_json {
        let checks: serde_json::Map<String, Value> =
            findings.iter().map(|(name, found)| ((*name).to_owned(), found.clone())).collect();
        say(&json!({ "clean": true, "checks": checks }).to_string());
    } else {
        for (name, found) in findings {
            say(&format!("{name}: clean, {found}"));
        }
    }
}

fn spinner(name: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} {pos} ({per_sec})");
    let spinner = ProgressBar::new_spinner().with_message(name);
    match style {
        Ok(style) => spinner.with_style(style),
        Err(_template) => spinner,
    }
}
