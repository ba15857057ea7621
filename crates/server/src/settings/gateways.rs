//! The `[gateways]` table: none, one or both.

use std::{fmt, sync::Arc};

use payments::{
    Deadlines, Endpoint, Gateway, Gateways, Midtrans, MidtransKeys, WireError, Xendit, XenditKeys,
};
use serde::{Deserialize, Serialize, Serializer};

/// Which gateways there are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GatewaySettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    xendit: Option<XenditSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    midtrans: Option<MidtransSettings>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct XenditSettings {
    #[serde(default = "xendit_url")]
    base_url: String,
    secret_key: Key,
    callback_token: Key,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MidtransSettings {
    #[serde(default = "midtrans_url")]
    base_url: String,
    creator_key: Key,
    approver_key: Key,
    merchant_key: Key,
}

/// A key that is never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("…")
    }
}

fn xendit_url() -> String {
    "https://api.xendit.co".to_owned()
}

fn midtrans_url() -> String {
    "https://app.midtrans.com/iris".to_owned()
}

impl GatewaySettings {
    /// What production must not have, if there is any.
    pub(super) fn only_for_trials(&self) -> Option<&'static str> {
        let toy_key =
            self.xendit.as_ref().is_some_and(|it| it.secret_key.0.contains("development"));
        let urls = [
            self.xendit.as_ref().map(|it| it.base_url.as_str()),
            self.midtrans.as_ref().map(|it| it.base_url.as_str()),
        ];
        let toy_place = |url: &str| url.contains("sandbox") || !url.starts_with("https://");
        let toy_place = urls.into_iter().flatten().any(toy_place);
        (toy_key || toy_place).then_some("a gateway's sandbox: its money is not real")
    }

    /// The gateways, ready to be asked.
    pub(crate) fn open(&self) -> Result<Gateways, WireError> {
        let mut gateways: Vec<Arc<dyn Gateway>> = Vec::new();
        let endpoint = |base: &str| Endpoint::new(base, Deadlines::default());
        if let Some(XenditSettings { base_url, secret_key, callback_token }) = &self.xendit {
            let keys = XenditKeys {
                secret_key: secret_key.0.clone().into(),
                callback_token: callback_token.0.clone().into(),
            };
            gateways.push(Arc::new(Xendit::new(endpoint(base_url)?, keys)));
        }
        if let Some(midtrans) = &self.midtrans {
            let keys = MidtransKeys {
                creator_key: midtrans.creator_key.0.clone().into(),
                approver_key: midtrans.approver_key.0.clone().into(),
                merchant_key: midtrans.merchant_key.0.clone().into(),
            };
            gateways.push(Arc::new(Midtrans::new(endpoint(&midtrans.base_url)?, keys)));
        }
        Ok(gateways.into())
    }
}
