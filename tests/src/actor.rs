use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use reqwest::Method;
use serde_json::Value;

use crate::{Reply, Server};

/// Keys that no two commands share.
static KEYS: AtomicU64 = AtomicU64::new(0);

/// Somebody with a phone, signed in or not.
#[derive(Clone)]
pub struct Actor {
    pub server: Arc<Server>,
    pub token: Option<String>,
    pub account: String,
    pub refresh_token: String,
}

impl Actor {
    /// Somebody who has not signed in.
    pub fn stranger(server: &Arc<Server>) -> Self {
        Self {
            server: Arc::clone(server),
            token: None,
            account: String::new(),
            refresh_token: String::new(),
        }
    }

    /// Signs in with the code that the console shows.
    pub async fn sign_in(server: &Arc<Server>, phone: &str) -> Self {
        let stranger = Self::stranger(server);
        let (challenge, code) = stranger.ask_for_code(phone).await;
        let body = serde_json::json!({ "challenge_id": challenge, "code": code });
        let session = stranger.post("/v1/auth/sessions", body).await;
        session.expect(201);
        stranger.with_session(&session)
    }

    /// Asks for a one-time code and reads it off the console.
    pub async fn ask_for_code(&self, phone: &str) -> (String, String) {
        let asked =
            self.post("/v1/auth/otp-challenges", serde_json::json!({ "phone": phone })).await;
        asked.expect(202);
        let challenge = asked.text_of("challenge_id");
        let code = self.server.code_of(&challenge);
        (challenge, code)
    }

    /// The same person with the tokens of this answer.
    pub fn with_session(&self, session: &Reply) -> Self {
        let body = session.json();
        Self {
            server: Arc::clone(&self.server),
            token: Some(session.text_of("access_token")),
            account: body["account"]["id"].as_str().expect("an account").to_owned(),
            refresh_token: session.text_of("refresh_token"),
        }
    }

    /// The same session with fresh tokens, as a phone does when ten minutes have passed.
    pub async fn refreshed(&self) -> Self {
        let body = serde_json::json!({ "refresh_token": self.refresh_token });
        let session = self.post("/v1/auth/sessions/refresh", body).await;
        session.expect(200);
        self.with_session(&session)
    }

    /// A command that may find nobody at the other end.
    pub async fn try_post(&self, path: &str, body: Value) -> Option<Reply> {
        let request = self.server.http.post(format!("{}{path}", self.server.api()));
        let request = request.bearer_auth(self.token.as_deref().unwrap_or_default());
        let response = request.header("idempotency-key", fresh_key()).json(&body).send().await;
        Reply::try_of(response.ok()?).await
    }

    /// A look that may find nobody at the other end.
    pub async fn try_get(&self, path: &str) -> Option<Reply> {
        let request = self.server.http.get(format!("{}{path}", self.server.api()));
        let request = request.bearer_auth(self.token.as_deref().unwrap_or_default());
        Reply::try_of(request.send().await.ok()?).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    /// A command under a fresh key.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.post_with_key(path, &fresh_key(), body).await
    }

    /// Uploads a picture.
    pub async fn uploads(&self, media_type: &str, picture: &[u8]) -> Reply {
        let request = self.server.http.post(format!("{}/v1/photos", self.server.api()));
        let request = request.bearer_auth(self.token.as_deref().unwrap_or_default());
        let request = request.header("idempotency-key", fresh_key());
        let request = request.header("content-type", media_type).body(picture.to_vec());
        Reply::of(request.send().await.expect("the server answers")).await
    }

    /// A photo of the caller's own, ready to be attached.
    pub async fn photo(&self) -> String {
        let uploaded = self.uploads("image/webp", test_kit::TINY_WEBP).await;
        uploaded.expect(201);
        uploaded.text_of("id")
    }

    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Reply {
        self.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    /// A change over the version that was read.
    pub async fn change(&self, method: Method, path: &str, etag: &str, body: Value) -> Reply {
        self.send(method, path, &[("if-match", etag)], Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], None).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Reply {
        let mut request = self.server.http.request(method, format!("{}{path}", self.server.api()));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Reply::of(request.send().await.expect("the server answers")).await
    }
}

/// A key that no two commands share.
pub fn fresh_key() -> String {
    format!("test-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}
