//! Looks at everything an installation needs and says what is missing.

mod gateways;

use std::{process::ExitCode, time::Duration};

use live_state::{LiveState, Timeouts};
use serde_json::json;

use super::say;
use crate::{
    house::{self, HouseError},
    settings::{Settings, without_password},
};

/// One thing looked at.
struct Finding {
    what: &'static str,
    fault: Option<String>,
    detail: String,
}

pub(super) async fn run(settings: Settings, as_json: bool) -> Result<ExitCode, HouseError> {
    let mut findings = vec![data_directory(&settings), database(&settings), redis(&settings).await];
    findings.extend(gateways::findings(&settings).await);
    let healthy = findings.iter().all(|finding| finding.fault.is_none());
    if as_json {
        let found = findings.iter().map(|finding| {
            json!({ "what": finding.what, "detail": finding.detail, "fault": finding.fault })
        });
        say(&json!({ "healthy": healthy, "findings": found.collect::<Vec<_>>() }).to_string());
    } else {
        for Finding { what, detail, fault } in &findings {
            let fault = fault.as_deref().map_or("ok".to_owned(), |fault| format!("FAULT: {fault}"));
            say(&format!("{what}: {detail}: {fault}"));
        }
    }
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn data_directory(settings: &Settings) -> Finding {
    let made = std::fs::create_dir_all(&settings.data_dir);
    Finding {
        what: "data directory",
        detail: settings.data_dir.display().to_string(),
        fault: made.err().map(|error| error.to_string()),
    }
}

fn database(settings: &Settings) -> Finding {
    let pending = house::open_database(settings, true).and_then(|database| {
        let mut connection = database.own_connection()?;
        Ok(::database::pending(&mut connection, &house::migrations())?)
    });
    let fault = match &pending {
        Ok(pending) if pending.is_empty() => None,
        Ok(pending) => Some(format!("{} schema steps are pending", pending.len())),
        Err(error) => Some(error.to_string()),
    };
    let detail = without_password(&settings.database_url());
    Finding { what: "database", detail, fault }
}

async fn redis(settings: &Settings) -> Finding {
    let Some(url) = &settings.redis_url else {
        let detail = "not configured; everything stays in memory".to_owned();
        return Finding { what: "redis", detail, fault: None };
    };
    let fault = match passes_messages(url).await {
        Ok(true) => None,
        Ok(false) => Some("does not answer".to_owned()),
        Err(error) => Some(error.to_string()),
    };
    Finding { what: "redis", detail: without_password(url), fault }
}

/// Live state never fails, it falls back to memory; so one connection writes and another one reads.
async fn passes_messages(url: &str) -> Result<bool, HouseError> {
    let (key, value) = ("doctor", b"ok".to_vec());
    let writer = LiveState::redis(url, Timeouts::default()).await?;
    let reader = LiveState::redis(url, Timeouts::default()).await?;
    writer.put(key, value.clone(), Duration::from_secs(10)).await;
    Ok(reader.get(key).await == Some(value))
}
