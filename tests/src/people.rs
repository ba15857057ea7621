use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use primitives::{Clock as _, SystemClock};
use serde_json::json;

use crate::{Actor, Server};

/// A member of the kabupaten's staff, with a second factor.
pub struct Officer {
    pub actor: Actor,
    pub totp_secret: String,
}

impl Officer {
    /// Invited from the command line, enrolled and signed in.
    pub async fn of(server: &Arc<Server>, phone: &str, role: &str, region: &str) -> Self {
        let invited =
            server.tool(&["admin", "invite", "--region", region, "--role", role, "--json"]);
        assert!(invited.success, "{}", invited.output);
        let invitation: serde_json::Value =
            serde_json::from_str(invited.output.trim()).expect("an invitation in JSON");
        let stranger = Actor::stranger(server);
        let (challenge, code) = stranger.ask_for_code(phone).await;
        let body = json!({
            "invitation": invitation["invitation"], "challenge_id": challenge, "code": code,
        });
        let enrolled = stranger.post("/v1/auth/invitations/accept", body).await;
        enrolled.expect(201);
        let totp_secret = enrolled.text_of("totp_secret");
        // One message a minute and phone: the clock moves on.
        server.skip(61);
        let (challenge, code) = stranger.ask_for_code(phone).await;
        let body = json!({
            "challenge_id": challenge, "code": code,
            "totp_code": totp_code(server, &totp_secret),
        });
        let session = stranger.post("/v1/auth/sessions", body).await;
        session.expect(201);
        Self { actor: stranger.with_session(&session), totp_secret }
    }
}

/// What an authenticator app would show by the server's clock.
pub fn totp_code(server: &Server, secret: &str) -> String {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).expect("base32");
    let generator = totp_rs::Builder::new().with_secret(secret).build().expect("a valid secret");
    let now = u64::try_from(SystemClock.now().micros() / 1_000_000).expect("after 1970");
    generator.generate(now + server.skipped()).to_string()
}
