//! What a newcomer can do next.

use std::path::Path;

use crate::{house::House, serve::Addresses};

/// Which ways of money there are to try.
#[derive(Debug, Clone, Copy)]
pub(super) struct Money {
    comes_in: bool,
    goes_out: bool,
}

impl Money {
    /// The ways that the configured gateways open.
    pub(super) fn of(house: &House) -> Self {
        Self {
            comes_in: house.gateway_desk.charges.channels().next().is_some(),
            goes_out: house.gateway_desk.withdrawals.channels().next().is_some(),
        }
    }

    /// The lines to paste after signing in; none without a gateway.
    fn lines(self, api: &str) -> String {
        let line = |path: &str, key: &str, body: &str| {
            format!(
                "
  curl -X POST {api}/v1/wallet/{path} -H \"Authorization: Bearer $TOKEN\" \\
    -H 'Idempotency-Key: {key}' -H 'Content-Type: application/json' -d '{body}'"
            )
        };
        let mut lines = String::new();
        if self.comes_in {
            let body = r#"{"amount_rupiah":50000,"channel":"bca"}"#;
            lines.push_str(&line("top-ups", "first-top-up", body));
        }
        if self.goes_out {
            let body = r#"{"amount_rupiah":20000,"channel":"bca","account_number":"1234567890","account_holder":"Siti"}"#;
            lines.push_str(&line("withdrawals", "first-withdrawal", body));
        }
        if lines.is_empty() {
            lines
        } else {
            format!("\n\nMoney, with the access token of a sign-in as TOKEN:{lines}")
        }
    }
}

/// Printed once the demo serves; the curl lines work when pasted.
pub(super) fn invitation(addresses: &Addresses, home: &Path, money: Money) -> String {
    let (api, home) = (format!("http://{}", addresses.api), home.display());
    format!(
        "
Jumpa Madu's demo is serving.

  API and documentation   {api}/docs
  Metrics                 http://{metrics}/metrics

Sample phones (the one-time code appears in this window, as `otp challenge=… phone=… code=…`):
  household   0812 0000 0000      (… 0000 to 0359)
  collector   0813 0000 0000      (… 0000 to 0065, all verified and online)
Staff: run `cargo run --release -- --data-dir {home} admin invite --region 12.07 --role officer`.

Try:
  curl '{api}/v1/regions/locate?lat=3.5541&lon=98.8812'
  curl -H 'Accept-Language: en' '{api}/v1/materials?limit=3'
  curl -X POST {api}/v1/auth/otp-challenges -H 'Content-Type: application/json' -d '{{\"phone\":\"081200000000\"}}'{money}

listening api={api} metrics=http://{metrics}",
        money = money.lines(&api),
        metrics = addresses.metrics,
    )
}
