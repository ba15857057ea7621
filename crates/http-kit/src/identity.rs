use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{AUTHORIZATION, HeaderMap},
    middleware::Next,
    web::Data,
};
use futures_util::future::LocalBoxFuture;
use primitives::{AccountId, CollectorId, Invalid, RegionCode, SessionId};

use crate::{Problem, UNAUTHENTICATED};

/// The longest token worth looking at.
const LONGEST_TOKEN: usize = 4_096;

/// What somebody of the staff may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StaffRole {
    /// Reads figures.
    Viewer,
    /// Verifies and suspends collectors.
    Officer,
    /// Prepares money movements.
    FinanceMaker,
    /// Releases what a maker prepared.
    FinanceChecker,
    /// Grants roles.
    Admin,
}

impl StaffRole {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Viewer, Self::Officer, Self::FinanceMaker, Self::FinanceChecker, Self::Admin];

    /// The word in databases, answers and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Officer => "officer",
            Self::FinanceMaker => "finance_maker",
            Self::FinanceChecker => "finance_checker",
            Self::Admin => "admin",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|role| role.as_str() == word);
        known.ok_or(Invalid("staff_role_unknown"))
    }
}

/// A role for a region and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub role: StaffRole,
    /// Where.
    pub region: RegionCode,
}

/// Who is asking, as the token proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person.
    pub account: AccountId,
    /// The signed-in device.
    pub session: SessionId,
    /// The person's collector profile, if there is one.
    pub collector: Option<CollectorId>,
    /// The roles that count today.
    pub grants: Vec<Grant>,
}

/// Turns a bearer token into an identity; implemented by `accounts`.
pub trait Authenticator: Send + Sync {
    /// Verifies the token; every flaw of it is the same `unauthenticated`.
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>>;
}

/// What came of the request's credentials, before anybody asked for them.
#[derive(Clone)]
pub(crate) enum Presented {
    Nobody,
    Known(Identity),
    Refused(Problem),
}

impl Presented {
    /// The account, for what treats signed-in callers apart from strangers.
    pub(crate) fn account(request: &impl HttpMessage) -> Option<AccountId> {
        match request.extensions().get::<Self>() {
            Some(Self::Known(identity)) => Some(identity.account),
            _ => None,
        }
    }
}

/// Middleware: verifies the bearer token before any extractor runs.
///
/// A bad token is remembered and refused by the caller parameter, so public operations such as renewing a
/// session still answer a phone that sends its expired token along.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let presented = match bearer_token(request.headers()) {
        Ok(None) => Presented::Nobody,
        Ok(Some(token)) => match verdict(&request, token).await {
            Ok(identity) => Presented::Known(identity),
            Err(problem) => Presented::Refused(problem),
        },
        Err(problem) => Presented::Refused(problem),
    };
    request.extensions_mut().insert(presented);
    next.call(request).await
}

async fn verdict(request: &ServiceRequest, token: &str) -> Result<Identity, Problem> {
    let authenticator = request.app_data::<Data<dyn Authenticator>>();
    match authenticator {
        Some(authenticator) => authenticator.authenticate(token).await,
        None => Err(Problem::new(UNAUTHENTICATED)),
    }
}

fn bearer_token(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let refused = || Problem::new(UNAUTHENTICATED);
    let mut credentials = headers.get_all(AUTHORIZATION);
    let Some(first) = credentials.next() else { return Ok(None) };
    if credentials.next().is_some() {
        return Err(refused());
    }
    let text = first.to_str().map_err(|_not_text| refused())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(refused)?;
    let plausible = !token.is_empty() && token.len() <= LONGEST_TOKEN;
    if scheme.eq_ignore_ascii_case("bearer") && plausible {
        Ok(Some(token))
    } else {
        Err(refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_read_back() {
        for role in StaffRole::ALL {
            assert_eq!(StaffRole::parse(role.as_str()), Ok(role));
        }
        assert!(StaffRole::parse("root").is_err());
    }
}
