//! The same promises as a phone meets them.

use std::sync::Arc;

use actix_web::{
    App,
    http::header::{AUTHORIZATION, CACHE_CONTROL, ETAG, HeaderMap, IF_MATCH, RETRY_AFTER},
    middleware::from_fn,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use futures_util::future::join_all;
use http_kit::{Authenticator, Cursors, Kit, Texts, authenticate, present};
use live_state::LiveState;
use serde_json::{Value, json};
use utoipa_actix_web::AppExt;

use super::world::{World, officer, on_each_engine, totp, wrong};
use crate::{Accounts, CodeSender, ConsoleSender, Secrets, SignInLimits, TEXTS, invite_in};

const PHONE: &str = "0812-3456-7890";

struct Told {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Told {
    fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("none"))
    }

    fn text(&self, member: &str) -> String {
        self.body[member].as_str().unwrap_or_else(|| panic!("{member}: {}", self.body)).to_owned()
    }
}

async fn send(world: &World, request: TestRequest) -> Told {
    let authenticator: Arc<dyn Authenticator> = Arc::new(world.authenticator());
    let texts = Arc::new(Texts::load(&[TEXTS]).unwrap());
    let (database, ambient) = (world.database.clone(), world.ambient.clone());
    let kit = Kit::new(database, ambient, LiveState::in_memory(), Cursors::new(&[1; 32]), texts);
    let app = App::new()
        .app_data(Data::from(authenticator))
        .app_data(Data::new(kit))
        .app_data(Data::new(world.accounts.clone()))
        .wrap(from_fn(authenticate))
        .wrap(from_fn(present))
        .into_utoipa_app()
        .configure(crate::routes)
        .into_app();
    let app = init_service(app).await;
    let response = try_call_service(&app, request.to_request()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = serde_json::from_slice(&read_body(response).await).unwrap_or(Value::Null);
    Told { status, headers, body }
}

async fn post(world: &World, path: &str, body: Value) -> Told {
    send(world, TestRequest::post().uri(path).set_json(body)).await
}

async fn get(world: &World, path: &str, token: &str) -> Told {
    send(world, TestRequest::get().uri(path).insert_header(bearer(token))).await
}

fn bearer(token: &str) -> (actix_web::http::header::HeaderName, String) {
    (AUTHORIZATION, format!("Bearer {token}"))
}

async fn challenge(world: &World, phone: &str) -> (String, String) {
    world.pass(60);
    let told = post(world, "/v1/auth/otp-challenges", json!({"phone": phone})).await;
    assert_eq!(told.status, 202, "{}", told.body);
    let (id, _, code) = world.inbox.last();
    assert_eq!(told.text("challenge_id"), id.to_string());
    (id.to_string(), code.as_str().to_owned())
}

async fn sign_in(world: &World, phone: &str) -> Told {
    let (challenge_id, code) = challenge(world, phone).await;
    let body = json!({"challenge_id": challenge_id, "code": code, "device_name": "Redmi"});
    let told = post(world, "/v1/auth/sessions", body).await;
    assert_eq!(told.status, 201, "{}", told.body);
    told
}

fn over_http(test: impl AsyncFn(&World)) {
    on_each_engine(|world| actix_web::rt::System::new().block_on(test(world)));
}

fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_code_is_sent_and_never_answered() {
    over_http(async |world| {
        let told = post(world, "/v1/auth/otp-challenges", json!({"phone": PHONE})).await;
        assert_eq!(told.status, 202);
        assert_eq!(members(&told.body), ["challenge_id", "expires_at", "resend_after_seconds"]);
        assert_eq!(told.body["resend_after_seconds"], 60);
        assert_eq!(told.text("expires_at"), "2026-03-02T01:05:00Z");
        let (_, phone, code) = world.inbox.last();
        assert_eq!(phone.as_str(), "+6281234567890");
        let answer = told.body.to_string().replace(&told.text("challenge_id"), "");
        assert!(!answer.contains(code.as_str()));
        let again = post(world, "/v1/auth/otp-challenges", json!({"phone": PHONE})).await;
        assert_eq!(again.code(), (429, "too_many_codes"));
        assert_eq!(again.headers.get(RETRY_AFTER).unwrap(), "61");
        assert_eq!(world.inbox.count(), 1);
    });
}

#[test]
fn known_and_unknown_phones_are_answered_alike() {
    over_http(async |world| {
        sign_in(world, PHONE).await;
        world.pass(60);
        let ask = async |phone: &str| {
            let told = post(world, "/v1/auth/otp-challenges", json!({"phone": phone})).await;
            let mut body = told.body.clone();
            body["challenge_id"] = Value::Null;
            let mut names: Vec<_> = told.headers.keys().map(ToString::to_string).collect();
            names.sort_unstable();
            (told.status, body, names)
        };
        assert_eq!(ask(PHONE).await, ask("0812-3456-7891").await);
    });
}

#[test]
fn signing_in_gives_tokens_that_work() {
    over_http(async |world| {
        let told = sign_in(world, PHONE).await;
        let expected =
            ["access_token", "account", "expires_in_seconds", "refresh_token", "token_type"];
        assert_eq!(members(&told.body), expected);
        assert_eq!(told.body["token_type"], "Bearer");
        assert_eq!(told.body["expires_in_seconds"], 600);
        assert_eq!(told.headers.get(CACHE_CONTROL).unwrap(), "no-store");
        let me = get(world, "/v1/me", &told.text("access_token")).await;
        assert_eq!((me.status, &me.body), (200, &told.body["account"]));
        assert_eq!(members(&me.body), ["created_at", "id", "language", "phone", "roles"]);
        assert_eq!(me.body["roles"], json!([{"role": "citizen"}]));
        world.pass(600);
        let expired = get(world, "/v1/me", &told.text("access_token")).await;
        assert_eq!(expired.code(), (401, "unauthenticated"));
        let body = json!({"refresh_token": told.text("refresh_token")});
        let renewed = post(world, "/v1/auth/sessions/refresh", body).await;
        assert_eq!((renewed.status, members(&renewed.body)), (200, expected.to_vec()));
        assert_eq!(get(world, "/v1/me", &renewed.text("access_token")).await.status, 200);
    });
}

#[test]
fn one_code_sent_twice_at_once_signs_in_once() {
    over_http(async |world| {
        let (challenge_id, code) = challenge(world, PHONE).await;
        let body = json!({"challenge_id": challenge_id, "code": code});
        let racing = (0..3).map(|_| post(world, "/v1/auth/sessions", body.clone()));
        let told = join_all(racing).await;
        let mut codes: Vec<_> = told.iter().map(Told::code).collect();
        codes.sort_unstable();
        let closed = (401, "challenge_closed");
        assert_eq!(codes, [(201, "none"), closed, closed]);
        assert_eq!(world.count_live_sessions(), 1);
    });
}

#[test]
fn wrong_codes_are_refused_and_counted() {
    over_http(async |world| {
        let (challenge_id, code) = challenge(world, PHONE).await;
        let id = world.inbox.last().0;
        let malformed = json!({"challenge_id": challenge_id, "code": "12345"});
        let told = post(world, "/v1/auth/sessions", malformed).await;
        assert_eq!(told.code(), (422, "invalid_fields"));
        assert_eq!(told.body["errors"][0]["pointer"], "/code");
        assert_eq!(told.body["errors"][0]["code"], "code_malformed");
        assert_eq!(world.tries(id), 0, "no guess");
        let wrong = wrong(&crate::Code::parse(&code).unwrap());
        let guess = json!({"challenge_id": challenge_id, "code": wrong.as_str()});
        assert_eq!(post(world, "/v1/auth/sessions", guess).await.code(), (401, "code_wrong"));
        assert_eq!(world.tries(id), 1);
        let nowhere = world.ambient.mint::<primitives::kinds::Challenge>();
        let guess = json!({"challenge_id": nowhere, "code": code});
        assert_eq!(post(world, "/v1/auth/sessions", guess).await.code(), (401, "challenge_closed"));
    });
}

#[test]
fn phones_abroad_and_unknown_members_are_refused() {
    over_http(async |world| {
        for phone in ["+6591234567", "061 4567890", ""] {
            let told = post(world, "/v1/auth/otp-challenges", json!({"phone": phone})).await;
            assert_eq!(told.code(), (422, "invalid_fields"), "{phone}");
            assert_eq!(told.body["errors"][0]["code"], "phone_malformed");
        }
        let extra = json!({"phone": PHONE, "role": "admin"});
        assert_eq!(post(world, "/v1/auth/otp-challenges", extra).await.status, 422);
        assert_eq!(world.inbox.count(), 0);
    });
}

#[test]
fn crafted_tokens_are_plain_401() {
    over_http(async |world| {
        let told = sign_in(world, PHONE).await;
        let good = told.text("access_token");
        let (head, signature) = good.rsplit_once('.').unwrap();
        let stranger = Accounts::new(
            world.ambient.clone(),
            Secrets::derive(&[8; 32]),
            SignInLimits::default(),
            Arc::new(ConsoleSender) as Arc<dyn CodeSender>,
        );
        let (account, session) = (world.ambient.mint(), world.ambient.mint());
        let foreign = stranger.tokens.issue(&world.ambient, account, session).unwrap();
        let unknown = world.accounts.tokens.issue(&world.ambient, account, session).unwrap();
        let crafted = [
            "x".to_owned(),
            format!("{head}."),
            format!("{head}.{}", signature.replace(['A', 'B', 'C'], "D")),
            format!("{good}A"),
            "a".repeat(3_000),
            foreign,
            unknown,
        ];
        let none = send(world, TestRequest::get().uri("/v1/me")).await;
        let details: Vec<String> = members(&none.body).iter().map(ToString::to_string).collect();
        for token in crafted {
            let refused = get(world, "/v1/me", &token).await;
            assert_eq!(refused.code(), (401, "unauthenticated"), "{token}");
            assert_eq!(members(&refused.body), details, "one 401 is like another");
            assert_eq!(refused.body["detail"], none.body["detail"]);
        }
    });
}

#[test]
fn name_and_language_change_only_from_the_version_that_was_read() {
    over_http(async |world| {
        let token = sign_in(world, PHONE).await.text("access_token");
        let patch = async |tag: Option<&str>, body: Value| {
            let mut request =
                TestRequest::patch().uri("/v1/me").insert_header(bearer(&token)).set_json(body);
            if let Some(tag) = tag {
                request = request.insert_header((IF_MATCH, tag));
            }
            send(world, request).await
        };
        let siti = json!({"full_name": " Siti Aminah ", "language": "en"});
        assert_eq!(patch(None, siti.clone()).await.code(), (428, "precondition_required"));
        let changed = patch(Some("\"1\""), siti.clone()).await;
        assert_eq!((changed.status, changed.text("full_name")), (200, "Siti Aminah".to_owned()));
        assert_eq!(changed.body["language"], "en");
        assert_eq!(changed.headers.get(ETAG).unwrap(), "\"2\"");
        assert_eq!(patch(Some("\"1\""), siti).await.code(), (412, "version_conflict"));
        let kept = patch(Some("\"2\""), json!({"language": "id"})).await;
        assert_eq!(kept.text("full_name"), "Siti Aminah");
        for bad in [json!({"full_name": ""}), json!({"language": "fr"}), json!({"phone": PHONE})] {
            assert_eq!(patch(Some("\"3\""), bad).await.code(), (422, "invalid_fields"));
        }
        let me = get(world, "/v1/me", &token).await;
        assert_eq!(me.headers.get(ETAG).unwrap(), "\"3\"");
    });
}

#[test]
fn sessions_are_listed_page_by_page_and_ended_one_by_one() {
    over_http(async |world| {
        let first = sign_in(world, PHONE).await;
        let second = sign_in(world, PHONE).await;
        let stranger = sign_in(world, "0812-3456-7891").await;
        let token = second.text("access_token");
        let page = get(world, "/v1/auth/sessions?limit=1", &token).await;
        let cursor = page.text("next_cursor");
        assert_eq!(page.body["data"][0]["device_name"], "Redmi");
        assert_eq!(page.body["data"][0]["current"], false);
        let next = format!("/v1/auth/sessions?limit=1&cursor={cursor}");
        let rest = get(world, &next, &token).await;
        assert_eq!(rest.body["data"][0]["current"], true);
        assert_eq!(rest.body["next_cursor"], Value::Null);
        let foreign = get(world, &next, &stranger.text("access_token")).await;
        assert_eq!(foreign.code(), (422, "cursor_invalid"));
        let end = async |id: &str, token: &str| {
            let path = format!("/v1/auth/sessions/{id}");
            send(world, TestRequest::delete().uri(&path).insert_header(bearer(token))).await.status
        };
        let other = page.body["data"][0]["id"].as_str().unwrap();
        assert_eq!(end(other, &stranger.text("access_token")).await, 404);
        assert_eq!(end(other, &token).await, 204);
        assert_eq!(end(other, &token).await, 204, "twice is once");
        assert_eq!(get(world, "/v1/me", &first.text("access_token")).await.status, 401);
        assert_eq!(end("current", &token).await, 204);
        assert_eq!(get(world, "/v1/me", &token).await.status, 401);
        let refresh = json!({"refresh_token": second.text("refresh_token")});
        let over = post(world, "/v1/auth/sessions/refresh", refresh).await;
        assert_eq!(over.code(), (401, "refresh_token_invalid"));
    });
}

#[test]
fn staff_are_invited_and_sign_in_with_two_factors() {
    over_http(async |world| {
        let ambient = world.ambient.clone();
        let issue = move |conn: &mut _| Ok(invite_in(conn, &ambient, &officer(None))?);
        let token = world.write(issue).unwrap().token;
        let (challenge_id, code) = challenge(world, PHONE).await;
        let body = json!({"invitation": token, "challenge_id": challenge_id, "code": code});
        let accepted = post(world, "/v1/auth/invitations/accept", body.clone()).await;
        assert_eq!(accepted.status, 201, "{}", accepted.body);
        assert_eq!(members(&accepted.body), ["account", "otpauth_url", "totp_secret"]);
        let role = &accepted.body["account"]["roles"][1];
        assert_eq!(
            (role["role"].as_str(), role["region"].as_str()),
            (Some("officer"), Some("12.07"))
        );
        let again = post(world, "/v1/auth/invitations/accept", body).await;
        assert_eq!(again.code(), (401, "challenge_closed"));
        let (challenge_id, code) = challenge(world, PHONE).await;
        let mut body = json!({"challenge_id": challenge_id, "code": code});
        let asked = post(world, "/v1/auth/sessions", body.clone()).await;
        assert_eq!(asked.code(), (401, "second_factor_required"));
        let enrolment = crate::Enrolment {
            account: accepted.body["account"]["id"].as_str().unwrap().parse().unwrap(),
            totp_secret: accepted.text("totp_secret"),
            otpauth_url: accepted.text("otpauth_url"),
        };
        body["totp_code"] = json!(totp(world, &enrolment).as_str());
        assert_eq!(post(world, "/v1/auth/sessions", body).await.status, 201);
    });
}

#[test]
fn the_key_set_is_public() {
    over_http(async |world| {
        let told = send(world, TestRequest::get().uri("/.well-known/jwks.json")).await;
        assert_eq!((told.status, told.body["keys"].as_array().unwrap().len()), (200, 1));
        assert_eq!(members(&told.body["keys"][0]), ["alg", "crv", "kid", "kty", "use", "x"]);
    });
}

#[test]
fn every_operation_says_who_may_call_it() {
    let app = App::new().into_utoipa_app().configure(crate::routes);
    let document = serde_json::to_value(app.split_for_parts().1).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations: Vec<&Value> =
        paths.flat_map(|path| path.as_object().unwrap().values()).collect();
    assert_eq!(operations.len(), 10);
    for operation in operations {
        let access = operation["x-access"].as_str().unwrap();
        let secured = operation.get("security").is_some();
        assert_eq!((access == "account", access == "public"), (secured, !secured));
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1);
        assert!(operation["operationId"].is_string() && operation["description"].is_string());
    }
}
