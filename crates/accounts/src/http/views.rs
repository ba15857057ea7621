use http_kit::StaffRole;
use primitives::{AccountId, CollectorId, Language, PhoneNumber, RegionCode, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountError, Accounts, Credentials, Profile, ShortName, rules::ACCESS_LIFETIME};

/// The languages texts exist in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(super) enum LanguageTag {
    /// Indonesian.
    #[serde(rename = "id")]
    Indonesian,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl From<Language> for LanguageTag {
    fn from(language: Language) -> Self {
        match language {
            Language::Indonesian => Self::Indonesian,
            Language::English => Self::English,
        }
    }
}

impl From<LanguageTag> for Language {
    fn from(tag: LanguageTag) -> Self {
        match tag {
            LanguageTag::Indonesian => Self::Indonesian,
            LanguageTag::English => Self::English,
        }
    }
}

/// One's own account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountView {
    id: AccountId,
    /// The number that signs in.
    phone: PhoneNumber,
    /// Absent until the person has told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    full_name: Option<ShortName>,
    language: LanguageTag,
    /// `citizen` always, `collector` with a collector's profile, then the staff roles.
    roles: Vec<RoleView>,
    /// The collector's profile, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    collector_id: Option<CollectorId>,
    created_at: Timestamp,
}

/// What an account may be used as; staff roles count between their dates, for their region and all below it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleView {
    /// `citizen`, `collector`, `viewer`, `officer`, `finance_maker`, `finance_checker` or `admin`.
    role: &'static str,
    /// Staff roles only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    region: Option<RegionCode>,
    /// Staff roles only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    valid_from: Option<Timestamp>,
    /// Absent without an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    valid_until: Option<Timestamp>,
}

impl RoleView {
    const fn plain(role: &'static str) -> Self {
        Self { role, region: None, valid_from: None, valid_until: None }
    }
}

impl From<&Profile> for AccountView {
    fn from(Profile { account, grants }: &Profile) -> Self {
        let collector = account.collector.map(|_| RoleView::plain("collector"));
        let staff = grants.iter().map(|grant| RoleView {
            role: StaffRole::as_str(grant.role),
            region: Some(grant.region.clone()),
            valid_from: Some(grant.valid_from),
            valid_until: grant.valid_until,
        });
        Self {
            id: account.id,
            phone: account.phone.clone(),
            full_name: account.full_name.clone(),
            language: account.language.into(),
            roles: [RoleView::plain("citizen")].into_iter().chain(collector).chain(staff).collect(),
            collector_id: account.collector,
            created_at: account.created_at,
        }
    }
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
pub(super) struct CredentialsView {
    /// Goes into the header `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// How long the access token works.
    #[schema(example = 600)]
    expires_in_seconds: u64,
    /// Works once, for the next tokens.
    refresh_token: String,
    account: AccountView,
}

impl CredentialsView {
    pub(super) fn of(accounts: &Accounts, given: &Credentials) -> Result<Self, AccountError> {
        let account = given.profile.account.id;
        Ok(Self {
            access_token: accounts.tokens.issue(&accounts.ambient, account, given.session)?,
            token_type: "Bearer",
            expires_in_seconds: ACCESS_LIFETIME.as_secs(),
            refresh_token: given.refresh_token.clone(),
            account: AccountView::from(&given.profile),
        })
    }
}
