use std::fmt;

use actix_web::{
    Error, HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody as _},
    dev::ServiceResponse,
    http::StatusCode,
};

use crate::{
    FieldProblem, FieldProblemBody, Problem, ProblemBody, RequestFacts, Texts,
    codes::code_of_status, reply::Reply,
};

/// The problem as the caller will read it.
pub(crate) fn render(problem: &Problem, facts: &RequestFacts, texts: &Texts) -> Reply {
    let code = problem.code();
    let say = |key: &str| texts.line_or_key(facts.language, key);
    let told = |field: &FieldProblem| FieldProblemBody {
        pointer: field.pointer.clone(),
        code: field.code,
        detail: say(&format!("field-{}", field.code)),
    };
    let body = ProblemBody {
        kind: format!("urn:jumpa-madu:problem:{}", code.code),
        title: say(code.code),
        status: code.status,
        detail: say(&format!("{}.detail", code.code)),
        instance: facts.instance.clone(),
        code: code.code.to_owned(),
        request_id: facts.request_id.clone(),
        errors: problem.fields().iter().map(told).collect(),
        member: problem.member().cloned().into_iter().collect(),
    };
    let body = serde_json::to_string(&body).unwrap_or_default().into();
    Reply { status: code.status, headers: headers_of(problem, facts), body }
}

fn headers_of(problem: &Problem, facts: &RequestFacts) -> Vec<(String, String)> {
    let mut headers = vec![
        ("content-type".to_owned(), "application/problem+json".to_owned()),
        ("content-language".to_owned(), facts.language.tag().to_owned()),
    ];
    let code = problem.code();
    if code.status == 401 {
        headers.push(("www-authenticate".to_owned(), "Bearer".to_owned()));
    }
    let pause = problem.retry_after_seconds().or((code.status == 503).then_some(1));
    if let Some(seconds) = pause {
        headers.push(("retry-after".to_owned(), seconds.to_string()));
    }
    headers
}

/// The refusal behind an answer, whoever made it; none when the answer is not a refusal, or is told already.
pub(super) fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    match response.response().error() {
        Some(error) => Some(problem_in(error)),
        None => {
            let size = response.response().body().size();
            let silent = matches!(size, BodySize::None | BodySize::Sized(0));
            silent.then(|| Problem::new(code_of_status(status)))
        }
    }
}

/// Our own problem inside the framework's error, or what its status amounts to.
pub(super) fn problem_in(error: &Error) -> Problem {
    let ours = error.as_error::<Problem>().cloned();
    ours.unwrap_or_else(|| Problem::new(code_of_status(error.as_response_error().status_code())))
}

/// A finished reply that leaves as an error, because its request is gone.
pub(super) struct Finished(pub(super) Reply);

impl fmt::Debug for Finished {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "answered with {}", self.0.status)
    }
}

impl ResponseError for Finished {
    fn status_code(&self) -> StatusCode {
        self.0.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        self.0.clone().into_response()
    }
}
