//! What only somebody on the host may do.

use std::process::ExitCode;

use accounts::NewInvitation;
use event_log::Actor;
use http_kit::StaffRole;
use payments::{Maker, NewTopUp};
use primitives::{AccountId, PhoneNumber, RegionCode, Rupiah, Timestamp};
use serde_json::json;

use super::say;
use crate::{
    cli::{Admin, DepositRule},
    house::{House, HouseError},
};

pub(super) fn run(house: &House, task: Admin) -> Result<ExitCode, HouseError> {
    match task {
        Admin::Invite { region, role, phone, json } => {
            let new = NewInvitation {
                role: StaffRole::parse(&role)?,
                region: known_region(house, &region)?,
                phone: phone.as_deref().map(PhoneNumber::parse).transpose()?,
            };
            invite(house, &new, json)
        }
        Admin::Withdraw { account, region, role } => withdraw(house, &account, &region, &role),
        Admin::Suspend { account } => suspend(house, &account),
        Admin::TopUp { account, amount_rupiah, maker, reason } => {
            top_up(house, &account, amount_rupiah, (maker, reason))
        }
        Admin::Deposits { region, rule } => deposits(house, &region, rule),
        Admin::Quarantine { since } => quarantine(house, Timestamp::parse(&since)?),
        Admin::RebuildStatistics => rebuild(house),
    }
}

fn known_region(house: &House, text: &str) -> Result<RegionCode, HouseError> {
    let code = RegionCode::parse(text)?;
    if house.regions.get(&code).is_none() {
        return Err(format!("there is no region {code}").into());
    }
    Ok(code)
}

fn invite(house: &House, new: &NewInvitation, as_json: bool) -> Result<ExitCode, HouseError> {
    let (ambient, asked) = (house.ambient.clone(), new.clone());
    let invitation =
        house.database.write_blocking(move |conn| accounts::invite_in(conn, &ambient, &asked))?;
    if as_json {
        let answer = json!({
            "invitation": invitation.token,
            "role": new.role.as_str(),
            "region": new.region,
            "expires_at": invitation.expires_at,
        });
        say(&answer.to_string());
    } else {
        say(&format!(
            "Invitation for {} in {}, shown once, good until {}:\n\n  {}\n\n\
             Accept it with POST /v1/auth/invitations/accept.",
            new.role.as_str(),
            new.region,
            invitation.expires_at,
            invitation.token,
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn withdraw(
    house: &House,
    account: &str,
    region: &str,
    role: &str,
) -> Result<ExitCode, HouseError> {
    let (account, region) = (AccountId::parse(account)?, RegionCode::parse(region)?);
    let (role, ambient) = (StaffRole::parse(role)?, house.ambient.clone());
    let withdrawn = house.database.write_blocking(move |conn| {
        accounts::withdraw_grant_in(conn, &ambient, account, role, &region)
    })?;
    Ok(outcome(withdrawn, "the role is withdrawn", "there was no such role"))
}

fn suspend(house: &House, account: &str) -> Result<ExitCode, HouseError> {
    let (account, ambient) = (AccountId::parse(account)?, house.ambient.clone());
    let suspended =
        house.database.write_blocking(move |conn| accounts::suspend_in(conn, &ambient, account))?;
    Ok(outcome(suspended, "the account is suspended", "there was nothing to suspend"))
}

fn outcome(done: bool, yes: &str, no: &str) -> ExitCode {
    say(if done { yes } else { no });
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn top_up(
    house: &House,
    account: &str,
    amount_rupiah: i64,
    (maker, reason): (String, String),
) -> Result<ExitCode, HouseError> {
    let (account, amount) = (AccountId::parse(account)?, Rupiah::new(amount_rupiah));
    let payments = house.payments.clone();
    // The books know the host only; whose hand it was stands in the reason.
    let reason = format!("{maker}: {reason}");
    let new = NewTopUp { maker: Maker::CommandLine, account, amount, reason };
    let top_up = house.database.write_blocking(move |conn| payments.top_up_in(conn, &new))?;
    say(&format!("{} recorded", top_up.id));
    Ok(ExitCode::SUCCESS)
}

fn deposits(house: &House, region: &str, rule: DepositRule) -> Result<ExitCode, HouseError> {
    let (region, ambient) = (known_region(house, region)?, house.ambient.clone());
    let required = rule == DepositRule::Required;
    house.database.write_blocking(move |conn| {
        payments::set_deposit_rule_in(conn, &ambient, &region, required)
    })?;
    say(if required { "deposits are required" } else { "no deposits are required" });
    Ok(ExitCode::SUCCESS)
}

fn quarantine(house: &House, since: Timestamp) -> Result<ExitCode, HouseError> {
    let ambient = house.ambient.clone();
    if since > ambient.now() {
        return Err("a database remembers nothing of the future".into());
    }
    house.database.write_blocking(move |conn| {
        payments::quarantine_in(conn, &ambient, since, Actor::CommandLine)
    })?;
    say("nothing is sent until a reconciliation has accounted for every gateway's book");
    Ok(ExitCode::SUCCESS)
}

fn rebuild(house: &House) -> Result<ExitCode, HouseError> {
    let statistics = house.statistics.clone();
    let events = house.database.write_blocking(move |conn| statistics.rebuild_in(conn))?;
    say(&format!("{events} events folded"));
    Ok(ExitCode::SUCCESS)
}
