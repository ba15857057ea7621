use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use primitives::{AccountId, CollectorId, RegionCode, SessionId};

use crate::{
    COLLECTOR_PROFILE_REQUIRED, Identity, Problem, STAFF_ROLE_REQUIRED, StaffRole, UNAUTHENTICATED,
    identity::Presented,
};

/// Any signed-in account.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub account: AccountId,
    /// The signed-in device.
    pub session: SessionId,
    /// Everything the token proved.
    pub identity: Identity,
}

/// A signed-in account with a collector's profile.
#[derive(Debug, Clone)]
pub struct CollectorCaller {
    /// The person.
    pub account: AccountId,
    /// The profile.
    pub collector: CollectorId,
}

/// Somebody of the staff with a role of the set `R`, for the regions in which he has it.
#[derive(Debug, Clone)]
pub struct StaffCaller<R: StaffRoles> {
    /// The person.
    pub account: AccountId,
    regions: Vec<RegionCode>,
    roles: PhantomData<R>,
}

impl<R: StaffRoles> StaffCaller<R> {
    /// The regions for which the role was granted.
    pub fn regions(&self) -> &[RegionCode] {
        &self.regions
    }

    /// True when the region is one of the granted ones or lies below one; answer 404 when not.
    pub fn covers(&self, region: &RegionCode) -> bool {
        self.regions.iter().any(|granted| granted.contains(region))
    }
}

/// A set of roles, any of which is enough.
pub trait StaffRoles: 'static {
    /// The roles that count.
    const COUNTS: &'static [StaffRole];
}

/// Everybody of the staff.
#[derive(Debug, Clone, Copy)]
pub enum Viewers {}
/// Officers and admins.
#[derive(Debug, Clone, Copy)]
pub enum Officers {}
/// Those who prepare money movements.
#[derive(Debug, Clone, Copy)]
pub enum FinanceMakers {}
/// Those who release them.
#[derive(Debug, Clone, Copy)]
pub enum FinanceCheckers {}
/// Both of them.
#[derive(Debug, Clone, Copy)]
pub enum Finance {}
/// Those who grant roles.
#[derive(Debug, Clone, Copy)]
pub enum Admins {}

impl StaffRoles for Viewers {
    const COUNTS: &'static [StaffRole] = &StaffRole::ALL;
}
impl StaffRoles for Officers {
    const COUNTS: &'static [StaffRole] = &[StaffRole::Officer, StaffRole::Admin];
}
// An admin has no hand in money: four eyes are of no use when one head has all the roles.
impl StaffRoles for FinanceMakers {
    const COUNTS: &'static [StaffRole] = &[StaffRole::FinanceMaker];
}
impl StaffRoles for FinanceCheckers {
    const COUNTS: &'static [StaffRole] = &[StaffRole::FinanceChecker];
}
impl StaffRoles for Finance {
    const COUNTS: &'static [StaffRole] = &[StaffRole::FinanceMaker, StaffRole::FinanceChecker];
}
impl StaffRoles for Admins {
    const COUNTS: &'static [StaffRole] = &[StaffRole::Admin];
}

impl TryFrom<Identity> for Caller {
    type Error = Problem;

    fn try_from(identity: Identity) -> Result<Self, Problem> {
        Ok(Self { account: identity.account, session: identity.session, identity })
    }
}

impl TryFrom<Identity> for CollectorCaller {
    type Error = Problem;

    fn try_from(identity: Identity) -> Result<Self, Problem> {
        let refused = || Problem::new(COLLECTOR_PROFILE_REQUIRED);
        let collector = identity.collector.ok_or_else(refused)?;
        Ok(Self { account: identity.account, collector })
    }
}

impl<R: StaffRoles> TryFrom<Identity> for StaffCaller<R> {
    type Error = Problem;

    fn try_from(identity: Identity) -> Result<Self, Problem> {
        let grants = identity.grants.into_iter();
        let counting = grants.filter(|grant| R::COUNTS.contains(&grant.role));
        let regions: Vec<RegionCode> = counting.map(|grant| grant.region).collect();
        if regions.is_empty() {
            return Err(Problem::new(STAFF_ROLE_REQUIRED));
        }
        Ok(Self { account: identity.account, regions, roles: PhantomData })
    }
}

fn caller<C: TryFrom<Identity, Error = Problem>>(request: &HttpRequest) -> Result<C, Problem> {
    let presented = request.extensions().get::<Presented>().cloned();
    match presented {
        Some(Presented::Known(identity)) => C::try_from(identity),
        Some(Presented::Refused(problem)) => Err(problem),
        Some(Presented::Nobody) | None => Err(Problem::new(UNAUTHENTICATED)),
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

impl FromRequest for CollectorCaller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

impl<R: StaffRoles> FromRequest for StaffCaller<R> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

#[cfg(test)]
mod tests;
