//! Configuration: defaults < file < environment < flags, read once; unknown keys are errors.

mod gateways;

use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use http_kit::{Network, TrustedProxies};
use payments::Terms;
use primitives::Rupiah;
use serde::{Deserialize, Serialize};

use self::gateways::GatewaySettings;
use crate::cli::Flags;

const DEFAULTS: &str = include_str!("../config.default.toml");
/// Variables of the tests share our prefix and are none of the server's business.
const NOT_SETTINGS: [&str; 3] = ["test_", "soak_", "bench_"];

/// Where this installation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Environment {
    /// A desk.
    Development,
    /// Real people and money.
    Production,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Everything an installation may set; `config.default.toml` says what each means.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) environment: Environment,
    pub(crate) data_dir: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redis_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) photos_dir: Option<PathBuf>,
    pub(crate) listen: String,
    pub(crate) metrics_listen: String,
    pub(crate) workers: usize,
    pub(crate) log_format: LogFormat,
    pub(crate) log_filter: String,
    pub(crate) cors_origins: Vec<String>,
    pub(crate) database: DatabaseSettings,
    pub(crate) limits: LimitSettings,
    pub(crate) withdrawals: WithdrawalSettings,
    #[serde(default)]
    pub(crate) gateways: GatewaySettings,
    pub(crate) development: DevelopmentSettings,
}

/// The `[database]` table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseSettings {
    pub(crate) connections: u32,
    pub(crate) group_commit: bool,
}

/// The `[limits]` table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitSettings {
    pub(crate) writes_per_minute: u32,
    pub(crate) messages_per_hour: u32,
    pub(crate) failures_per_day: u32,
    pub(crate) trusted_proxies: Vec<String>,
}

/// The `[withdrawals]` table, in whole rupiah.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawalSettings {
    pub(crate) minimum_rupiah: u32,
    pub(crate) fee_rupiah: u32,
    pub(crate) daily_first_week_rupiah: u32,
    pub(crate) daily_first_month_rupiah: u32,
    pub(crate) daily_rupiah: u32,
}

impl WithdrawalSettings {
    pub(crate) fn terms(&self) -> Terms {
        let rupiah = |amount: u32| Rupiah::new(i64::from(amount));
        Terms {
            minimum: rupiah(self.minimum_rupiah),
            fee: rupiah(self.fee_rupiah),
            daily_first_week: rupiah(self.daily_first_week_rupiah),
            daily_first_month: rupiah(self.daily_first_month_rupiah),
            daily: rupiah(self.daily_rupiah),
        }
    }
}

/// The `[development]` table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DevelopmentSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock_file: Option<PathBuf>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// A file, variable or flag does not fit; the message names it.
    #[error("configuration: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    /// A setting that production must not have.
    #[error("configuration: production refuses {0}")]
    NotForProduction(&'static str),
    /// Not a network.
    #[error("configuration: limits.trusted_proxies: {0:?} is no network such as 10.0.0.0/8")]
    Network(String),
}

impl Settings {
    /// Reads defaults, file, environment and flags, in this order.
    pub(crate) fn read(flags: &Flags) -> Result<Self, SettingsError> {
        let mut sources = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = &flags.config {
            sources = sources.merge(Toml::file_exact(file));
        }
        let environment = Env::prefixed("JUMPA_MADU_")
            .filter(|key| {
                !NOT_SETTINGS.iter().any(|word| key.as_str().to_lowercase().starts_with(word))
            })
            .split("__");
        let settings: Self = sources
            .merge(environment)
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(Box::new)?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        self.trusted_proxies()?;
        if self.environment == Environment::Development {
            return Ok(());
        }
        if self.development.clock_file.is_some() {
            return Err(SettingsError::NotForProduction("development.clock_file"));
        }
        if let Some(toy) = self.gateways.only_for_trials() {
            return Err(SettingsError::NotForProduction(toy));
        }
        if !self.listens_privately() {
            return Err(SettingsError::NotForProduction(
                "the console code sender on a public address: whoever reads the log could sign in as anybody",
            ));
        }
        Ok(())
    }

    fn listens_privately(&self) -> bool {
        let host = self.listen.rsplit_once(':').map_or(self.listen.as_str(), |(host, _)| host);
        matches!(host, "127.0.0.1" | "localhost" | "[::1]")
    }

    /// The networks whose word about the client's address is believed.
    pub(crate) fn trusted_proxies(&self) -> Result<TrustedProxies, SettingsError> {
        let networks = self.limits.trusted_proxies.iter().map(|text| {
            text.parse::<Network>().map_err(|_malformed| SettingsError::Network(text.clone()))
        });
        networks.collect::<Result<_, _>>().map(TrustedProxies)
    }

    /// The configured database, or the embedded one in the data directory.
    pub(crate) fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            format!("sqlite://{}", self.data_dir.join("jumpa-madu.sqlite3").display())
        })
    }

    /// Where the master secret is kept.
    pub(crate) fn secret_path(&self) -> PathBuf {
        self.secret_file.clone().unwrap_or_else(|| self.data_dir.join("secret.key"))
    }

    /// Where the photographs are kept.
    pub(crate) fn photos_path(&self) -> PathBuf {
        self.photos_dir.clone().unwrap_or_else(|| self.data_dir.join("photos"))
    }

    /// The same settings for an installation in another directory.
    pub(crate) fn within(&self, directory: &Path) -> Self {
        Self { data_dir: directory.to_owned(), ..self.clone() }
    }

    /// The settings as TOML-like text with passwords hidden.
    pub(crate) fn shown(&self) -> Result<String, serde_json::Error> {
        let mut shown = self.clone();
        shown.database_url = shown.database_url.as_deref().map(without_password);
        shown.redis_url = shown.redis_url.as_deref().map(without_password);
        serde_json::to_string_pretty(&shown)
    }
}

/// `postgres://user:secret@host/name` without the secret.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((credentials, place)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = credentials.split_once(':').map_or(credentials, |(user, _)| user);
    format!("{scheme}://{user}@{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, Box<figment::Error>> {
        let sources = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text));
        sources.extract().map_err(Box::new)
    }

    #[test]
    fn the_defaults_are_complete() {
        let settings = read("").unwrap();
        assert_eq!(settings.listen, "127.0.0.1:8080");
        assert_eq!(settings.database_url(), "sqlite://data/jumpa-madu.sqlite3");
        settings.check().unwrap();
        assert_eq!(settings.withdrawals.terms(), Terms::default());
    }

    #[test]
    fn unknown_keys_are_errors() {
        let error = read("lisen = 'x'").unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
    }

    #[test]
    fn production_refuses_what_only_a_desk_may_have() {
        let public = read("environment = 'production'\nlisten = '0.0.0.0:8080'").unwrap();
        assert!(public.check().unwrap_err().to_string().contains("console code sender"));
        let toy = "environment = 'production'\n[gateways.xendit]\nsecret_key = 'xnd_development_1'\ncallback_token = 'x'";
        assert!(read(toy).unwrap().check().unwrap_err().to_string().contains("sandbox"));
        let toy = "environment = 'production'\n[gateways.midtrans]\ncreator_key = 'c'\napprover_key = 'a'\nmerchant_key = 'm'";
        read(toy).unwrap().check().unwrap();
        for more in
            ["server_key = 'SB-Mid-server-1'", "core_url = 'https://api.sandbox.midtrans.com'"]
        {
            let toy = read(&format!("{toy}\n{more}")).unwrap();
            assert!(toy.check().unwrap_err().to_string().contains("sandbox"), "{more}");
        }
        let moved = read("environment = 'production'\ndevelopment.clock_file = 'x'").unwrap();
        assert!(moved.check().unwrap_err().to_string().contains("clock_file"));
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_password("postgres://me:secret@host/name"), "postgres://me@host/name");
        assert_eq!(without_password("sqlite://data/x"), "sqlite://data/x");
    }
}
