//! What a newcomer can do next.

use crate::serve::Addresses;

/// Printed once the demo serves; the three curl lines work when pasted.
pub(super) fn invitation(addresses: &Addresses) -> String {
    let api = format!("http://{}", addresses.api);
    format!(
        "
Jumpa Madu's demo is serving.

  API and documentation   {api}/docs
  Metrics                 http://{metrics}/metrics

Sample phones (the one-time code appears in this window, as `otp challenge=… phone=… code=…`):
  household   0812 0000 0000      (… 0000 to 0359)
  collector   0813 0000 0000      (… 0000 to 0065, all verified and online)
Staff: run `cargo run --release -- --data-dir data/demo admin invite --region 12.07 --role officer`.

Try:
  curl '{api}/v1/regions/locate?lat=3.5541&lon=98.8812'
  curl -H 'Accept-Language: en' '{api}/v1/materials?limit=3'
  curl -X POST {api}/v1/auth/otp-challenges -H 'Content-Type: application/json' -d '{{\"phone\":\"081200000000\"}}'

listening api={api} metrics=http://{metrics}",
        metrics = addresses.metrics,
    )
}
