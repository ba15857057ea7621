use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use live_state::{Decision, Policy};

use crate::{
    Kit, Problem, TOO_MANY_REQUESTS, TrustedProxies, identity::Presented, proxies::household_of,
};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How many commands one caller may send; registered as `web::Data<WriteLimits>`.
#[derive(Debug, Clone)]
pub struct WriteLimits {
    /// How many, over which time.
    pub policy: Policy,
    /// The proxies whose word about the client's address is believed.
    pub trusted_proxies: TrustedProxies,
}

/// Middleware, inside `authenticate`: counts commands per account, or per client address for strangers.
pub async fn limit_writes(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let limits = request.app_data::<Data<WriteLimits>>().filter(|_| !reads).cloned();
    let Some(limits) = limits else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let kit = Kit::of(request.request())?;
    let key = key_of(&request, &limits.trusted_proxies);
    let decision = kit.live_state.hit(&key, limits.policy, kit.ambient.now()).await;
    let mut response = if decision.allowed {
        next.call(request).await?.map_into_boxed_body()
    } else {
        let pause = whole_seconds(&decision).max(1);
        let problem = Problem::new(TOO_MANY_REQUESTS).retry_after(pause);
        request.error_response(problem)
    };
    declare(response.headers_mut(), &limits.policy, &decision);
    Ok(response)
}

fn key_of(request: &ServiceRequest, proxies: &TrustedProxies) -> String {
    match Presented::account(request) {
        Some(account) => format!("writes:{account}"),
        None => match proxies.client_of(request) {
            Some(address) => format!("writes:{}", household_of(address)),
            None => "writes:unknown".to_owned(),
        },
    }
}

fn declare(headers: &mut HeaderMap, policy: &Policy, decision: &Decision) {
    let allowance = format!("\"writes\";q={};w={}", policy.burst, policy.period.as_secs().max(1));
    let left = format!("\"writes\";r={};t={}", decision.remaining, whole_seconds(decision));
    for (name, value) in [(LIMIT_POLICY, allowance), (LIMIT, left)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

/// Rounded up: who comes back after the named time must not be refused again.
fn whole_seconds(decision: &Decision) -> u64 {
    decision.retry_after.as_secs() + u64::from(decision.retry_after.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests;
