//! What the tests of this crate share: an application of any routes behind our middlewares, and its callers.

use std::sync::Arc;

use actix_web::{
    App, HttpResponse,
    body::to_bytes,
    http::header::{AUTHORIZATION, HeaderValue},
    middleware::from_fn,
    test::{self, TestRequest},
    web::{Bytes, Data, ServiceConfig},
};
use database::{Database, Engine};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use live_state::{LiveState, Policy};
use primitives::{Id, Kind, RegionCode, Timestamp};
use serde_json::Value;
use test_kit::TestDatabase;

use crate::*;

/// One worker's application, which answers requests.
pub(crate) type Service = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answered>>;

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Answered {
    async fn read(response: HttpResponse) -> Self {
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let headers = response.headers().iter().map(|it| (it.0.to_string(), text(it.1))).collect();
        let body = to_bytes(response.into_body()).await.unwrap();
        Self { status, headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The code, after checking that this is a whole problem.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(json["status"], self.status);
        assert_eq!(json["request_id"].as_str(), Some(self.header("x-request-id")));
        let code = json["code"].as_str().unwrap().to_owned();
        assert_eq!(json["type"], format!("urn:jumpa-madu:problem:{code}"));
        assert_ne!(json["title"], code, "{code} has no title");
        assert!(json["detail"].as_str().unwrap().contains(' '), "{code} has no detail");
        code
    }

    /// The first field's pointer and code.
    pub(crate) fn field(&self) -> (String, String) {
        let field = &self.json()["errors"][0];
        assert!(!field["detail"].as_str().unwrap().starts_with("field-"), "{field}");
        let text = |name: &str| field[name].as_str().unwrap().to_owned();
        (text("pointer"), text("code"))
    }
}

/// A database of the engine's with our own table.
pub(crate) fn database(engine: Engine) -> TestDatabase {
    TestDatabase::new(engine, &[MIGRATIONS])
}

pub(crate) fn kit(database: Database) -> Kit {
    let clock = test_kit::clock();
    let texts = Arc::new(Texts::load(&[]).unwrap());
    let (ambient, cursors) = (test_kit::ambient(&clock), Cursors::new(&[1; 32]));
    Kit::new(database, ambient, LiveState::in_memory(), cursors, texts)
}

/// Starts an application with the given routes behind everything of ours.
pub(crate) async fn start(kit: Kit, routes: fn(&mut ServiceConfig)) -> Service {
    let policy = Policy { burst: 3, period: std::time::Duration::from_secs(60) };
    let limits = WriteLimits { policy, trusted_proxies: TrustedProxies::default() };
    start_limited(kit, routes, Some(limits)).await
}

/// The same with other limits, or none.
pub(crate) async fn start_limited(
    kit: Kit,
    routes: fn(&mut ServiceConfig),
    limits: Option<WriteLimits>,
) -> Service {
    let tokens: Arc<dyn Authenticator> = Arc::new(Tokens);
    let mut app = App::new().app_data(Data::new(kit)).app_data(Data::from(tokens));
    if let Some(limits) = limits {
        app = app.app_data(Data::new(limits));
    }
    let app = app
        .configure(routes)
        .wrap(from_fn(limit_writes))
        .wrap(from_fn(authenticate))
        .wrap(from_fn(present));
    let service = std::rc::Rc::new(test::init_service(app).await);
    Box::new(move |request| {
        let service = std::rc::Rc::clone(&service);
        let request = request.to_request();
        async move {
            let outcome = test::try_call_service(service.as_ref(), request).await;
            Answered::read(match outcome {
                Ok(response) => response.into_parts().1,
                Err(error) => error.error_response(),
            })
            .await
        }
        .boxed_local()
    })
}

/// Callers by token: `budi` and `sari` are citizens, `tono` collects, `rina` is an officer in Deli Serdang.
struct Tokens;

impl Authenticator for Tokens {
    fn authenticate(&self, token: &str) -> LocalBoxFuture<'static, Result<Identity, Problem>> {
        let known = ["budi", "sari", "tono", "rina"].iter().position(|name| *name == token);
        let identity = known.and_then(|number| u8::try_from(number).ok()).map(identity);
        async move { identity.ok_or(Problem::new(UNAUTHENTICATED)) }.boxed_local()
    }
}

fn identity(number: u8) -> Identity {
    let region = RegionCode::parse("12.07").unwrap();
    let grant = Grant { role: StaffRole::Officer, region };
    Identity {
        account: numbered(number),
        session: numbered(number),
        collector: (number == 2).then(|| numbered(number)),
        grants: if number == 3 { vec![grant] } else { Vec::new() },
    }
}

/// The id that the fake tokens give to caller number so and so.
pub(crate) fn numbered<K: Kind>(number: u8) -> Id<K> {
    Id::from_parts(Timestamp::from_micros(1_000_000), [number; 10])
}

/// A request in the caller's name.
pub(crate) fn signed_in(request: TestRequest, name: &str) -> TestRequest {
    request.insert_header((AUTHORIZATION, format!("Bearer {name}")))
}

/// A POST of JSON.
pub(crate) fn post(path: &str, body: impl Into<String>) -> TestRequest {
    let request = TestRequest::post().uri(path).insert_header(("content-type", "application/json"));
    request.set_payload(body.into())
}

/// A GET.
pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}
