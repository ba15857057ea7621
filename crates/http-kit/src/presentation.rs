mod dress;
mod render;

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{HeaderValue, IF_NONE_MATCH},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt as _;
use metrics::{Label, SharedString};

pub(crate) use render::render;

use crate::{
    Kit, Problem, RequestFacts, UNEXPECTED,
    routes::{Route, Routes},
};

/// What stands for the template where no route has the path.
const UNMATCHED: &str = "unmatched";

/// Middleware, outermost of ours: names the request, tells every refusal in the caller's language, answers
/// `If-None-Match`, turns a panic into one plain 500, and counts.
pub async fn present(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let desk = Desk::open(&mut request)?;
    // A handler that panics has been undone by the database; the worker itself holds nothing shared.
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let answered = match outcome {
        Ok(Ok(response)) => Ok(desk.finish(response.map_into_boxed_body())),
        Ok(Err(error)) => Err(desk.give_up(&render::problem_in(&error))),
        Err(_panic) => Err(desk.give_up(&Problem::new(UNEXPECTED))),
    };
    let status = match &answered {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    desk.count(status, started.elapsed());
    answered
}

/// What `present` has to know about a request after it is gone.
struct Desk {
    kit: Data<Kit>,
    facts: Arc<RequestFacts>,
    method: Method,
    /// None when no route has this path.
    route: Option<Arc<Route>>,
    if_none_match: Option<HeaderValue>,
}

impl Desk {
    fn open(request: &mut ServiceRequest) -> Result<Self, Problem> {
        // A HEAD is a GET of which the server sends no body.
        if request.method() == Method::HEAD {
            request.head_mut().method = Method::GET;
        }
        let kit = Kit::of(request.request())?.clone();
        let facts = RequestFacts::begin(request, &kit.ambient);
        let route = Routes::of(request.request());
        let span = tracing::Span::current();
        span.record("request_id", facts.request_id.as_str()).record("route", template(&route));
        let if_none_match = request.headers().get(IF_NONE_MATCH).cloned();
        let method = request.method().clone();
        Ok(Self { kit, facts, method, route, if_none_match })
    }

    fn finish(&self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let mut response = match self.problem_in(&response) {
            Some(problem) => {
                let told = self.tell(&problem).into_response();
                dress::replaced(response, told)
            }
            None if self.is_known_already(&response) => dress::not_modified(response),
            None => response,
        };
        dress::common(&mut response, &self.facts, &self.method);
        response
    }

    fn give_up(&self, problem: &Problem) -> Error {
        let mut told = self.tell(problem);
        told.headers.extend(dress::of_every_refusal(&self.facts));
        render::Finished(told).into()
    }

    fn tell(&self, problem: &Problem) -> crate::reply::Reply {
        let route = template(&self.route);
        if problem.code().status >= 500 {
            let (request_id, causes) = (&self.facts.request_id, problem.causes());
            tracing::error!(
                request_id,
                route,
                code = problem.code().code,
                causes,
                "request failed"
            );
        }
        let mut reply = render(problem, &self.facts, &self.kit.texts);
        let allow = self.route.as_ref().and_then(|route| route.allow.as_ref()?.to_str().ok());
        if let (StatusCode::METHOD_NOT_ALLOWED, Some(allow)) = (reply.status_code(), allow) {
            reply.headers.push(("allow".to_owned(), allow.to_owned()));
        }
        reply
    }

    fn problem_in(&self, response: &ServiceResponse<BoxBody>) -> Option<Problem> {
        let problem = render::problem_of(response)?;
        // The routes are tried with their verbs, so that a wrong verb looks like an unknown path.
        let path_exists = self.route.is_some() && response.response().error().is_none();
        let unmatched = response.status() == StatusCode::NOT_FOUND && path_exists;
        Some(if unmatched { Problem::new(crate::METHOD_NOT_ALLOWED) } else { problem })
    }

    fn is_known_already(&self, response: &ServiceResponse<BoxBody>) -> bool {
        let known = self.if_none_match.as_ref();
        let readable = self.method == Method::GET && response.status() == StatusCode::OK;
        readable && known.is_some_and(|known| dress::matches(known, response.headers()))
    }

    fn count(&self, status: StatusCode, took: Duration) {
        let route = self.route.as_ref().map(|route| Arc::clone(&route.template));
        let labels = vec![
            Label::from_static_parts("method", known_method(&self.method)),
            Label::new(
                "route",
                route.map_or(SharedString::const_str(UNMATCHED), SharedString::from),
            ),
            Label::new("status", status.as_str().to_owned()),
        ];
        metrics::counter!("http_requests_total", labels.clone()).increment(1);
        metrics::histogram!("http_request_duration_seconds", labels).record(took.as_secs_f64());
    }
}

fn template(route: &Option<Arc<Route>>) -> &str {
    route.as_ref().map_or(UNMATCHED, |route| &*route.template)
}

/// Callers may invent methods; a label must not grow with them.
fn known_method(method: &Method) -> &'static str {
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

#[cfg(test)]
mod tests;
