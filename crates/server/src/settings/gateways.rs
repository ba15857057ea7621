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
    /// Takes in payments; without it, this gateway pays out only.
    #[serde(skip_serializing_if = "Option::is_none")]
    payments_key: Option<Key>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MidtransSettings {
    #[serde(default = "midtrans_url")]
    base_url: String,
    creator_key: Key,
    approver_key: Key,
    merchant_key: Key,
    #[serde(default = "midtrans_core_url")]
    core_url: String,
    /// Takes in payments; without it, this gateway pays out only.
    #[serde(skip_serializing_if = "Option::is_none")]
    server_key: Option<Key>,
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

fn midtrans_core_url() -> String {
    "https://api.midtrans.com".to_owned()
}

impl XenditSettings {
    fn open(&self) -> Result<Xendit, WireError> {
        let keys = XenditKeys {
            secret_key: self.secret_key.0.clone().into(),
            callback_token: self.callback_token.0.clone().into(),
        };
        let gateway = Xendit::new(endpoint(&self.base_url)?, keys);
        Ok(match &self.payments_key {
            Some(key) => gateway.with_payments(key.0.clone().into()),
            None => gateway,
        })
    }
}

impl MidtransSettings {
    fn open(&self) -> Result<Midtrans, WireError> {
        let keys = MidtransKeys {
            creator_key: self.creator_key.0.clone().into(),
            approver_key: self.approver_key.0.clone().into(),
            merchant_key: self.merchant_key.0.clone().into(),
        };
        let gateway = Midtrans::new(endpoint(&self.base_url)?, keys);
        Ok(match &self.server_key {
            Some(key) => gateway.with_payments(endpoint(&self.core_url)?, key.0.clone().into()),
            None => gateway,
        })
    }

    /// Midtrans's own mark of a key whose money is not real.
    fn has_sandbox_key(&self) -> bool {
        self.server_key.as_ref().is_some_and(|key| key.0.starts_with("SB-"))
    }
}

fn endpoint(base: &str) -> Result<Endpoint, WireError> {
    Endpoint::new(base, Deadlines::default())
}

impl GatewaySettings {
    /// What production must not have, if there is any.
    pub(super) fn only_for_trials(&self) -> Option<&'static str> {
        let xendit_key = |it: &XenditSettings| {
            let keys = [Some(&it.secret_key), it.payments_key.as_ref()];
            keys.into_iter().flatten().any(|key| key.0.contains("development"))
        };
        let toy_key = self.xendit.as_ref().is_some_and(xendit_key)
            || self.midtrans.as_ref().is_some_and(MidtransSettings::has_sandbox_key);
        let urls = [
            self.xendit.as_ref().map(|it| it.base_url.as_str()),
            self.midtrans.as_ref().map(|it| it.base_url.as_str()),
            self.midtrans.as_ref().map(|it| it.core_url.as_str()),
        ];
        let toy_place = |url: &str| url.contains("sandbox") || !url.starts_with("https://");
        let toy_place = urls.into_iter().flatten().any(toy_place);
        (toy_key || toy_place).then_some("a gateway's sandbox: its money is not real")
    }

    /// The gateways, ready to be asked.
    pub(crate) fn open(&self) -> Result<Gateways, WireError> {
        let mut gateways: Vec<Arc<dyn Gateway>> = Vec::new();
        if let Some(xendit) = &self.xendit {
            gateways.push(Arc::new(xendit.open()?));
        }
        if let Some(midtrans) = &self.midtrans {
            gateways.push(Arc::new(midtrans.open()?));
        }
        Ok(gateways.into())
    }
}
