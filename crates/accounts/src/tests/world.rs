use std::{
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use database::{Connection, Database};
use diesel::{dsl::count_star, prelude::*};
use primitives::{AccountId, Ambient, ChallengeId, ManualClock, PhoneNumber, RegionCode};

use crate::{
    AccountError, Accounts, Challenge, Code, CodeSender, Credentials, Enrolment, NewInvitation,
    Refresh, Secrets, SignIn, SignInLimits, TokenAuthenticator, invite_in,
    schema::{account, otp_challenge, session},
};

pub(super) const MIGRATIONS: &[&[database::Migration]] =
    &[event_log::MIGRATIONS, http_kit::MIGRATIONS, crate::MIGRATIONS];

/// Remembers what was sent.
#[derive(Default)]
pub(super) struct Inbox(Mutex<Vec<(ChallengeId, PhoneNumber, Code)>>);

impl CodeSender for Inbox {
    fn send(&self, challenge: ChallengeId, phone: &PhoneNumber, code: &Code) {
        self.0.lock().unwrap().push((challenge, phone.clone(), code.clone()));
    }
}

impl Inbox {
    pub(super) fn last(&self) -> (ChallengeId, PhoneNumber, Code) {
        self.0.lock().unwrap().last().unwrap().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// An installation with its clock in our hands.
#[derive(Clone)]
pub(super) struct World {
    pub(super) database: Database,
    pub(super) clock: Arc<ManualClock>,
    pub(super) ambient: Ambient,
    pub(super) accounts: Accounts,
    pub(super) inbox: Arc<Inbox>,
}

pub(super) fn on_each_engine(test: impl Fn(&World)) {
    test_kit::on_each_engine(MIGRATIONS, |database| {
        test(&World::on(database, SignInLimits::default()));
    });
}

impl World {
    pub(super) fn on(database: &Database, limits: SignInLimits) -> Self {
        let clock = test_kit::clock();
        let ambient = test_kit::ambient(&clock);
        let inbox = Arc::new(Inbox::default());
        let secrets = Secrets::derive(&[7; 32]);
        let accounts = Accounts::new(ambient.clone(), secrets, limits, inbox.clone());
        Self { database: database.clone(), clock, ambient, accounts, inbox }
    }

    /// The same database after a restart: nothing is left in memory.
    pub(super) fn restarted(&self, limits: SignInLimits) -> Self {
        let secrets = Secrets::derive(&[7; 32]);
        let accounts = Accounts::new(self.ambient.clone(), secrets, limits, self.inbox.clone());
        Self { accounts, ..self.clone() }
    }

    pub(super) fn authenticator(&self) -> TokenAuthenticator {
        TokenAuthenticator::new(self.accounts.clone(), self.database.clone())
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// On a thread of its own, so that asynchronous tests can call it too.
    pub(super) fn write<T: Send + 'static>(
        &self,
        unit: impl Fn(&mut Connection) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, AccountError> {
        thread::scope(|scope| scope.spawn(|| self.database.write_blocking(unit)).join().unwrap())
    }

    pub(super) fn request(&self, phone: &str) -> Result<(Challenge, Code), AccountError> {
        let (accounts, phone) = (self.accounts.clone(), self::phone(phone));
        self.write(move |conn| accounts.request_code_in(conn, &phone))
    }

    /// Counts, compares, signs in: what the endpoint does.
    pub(super) fn sign_in_with(
        &self,
        challenge: ChallengeId,
        code: &Code,
        second: Option<Code>,
    ) -> Result<SignIn, AccountError> {
        let accounts = self.accounts.clone();
        let counted = self.write(move |conn| accounts.count_try_in(conn, challenge))?;
        let proven = self.accounts.prove(counted, code)?;
        let accounts = self.accounts.clone();
        self.write(move |conn| accounts.sign_in_in(conn, &proven, None, second.as_ref()))
    }

    /// Signs in from nothing, a minute later.
    pub(super) fn sign_in(&self, phone: &str, second: Option<Code>) -> Credentials {
        self.pass(60);
        let (challenge, code) = self.request(phone).unwrap();
        started(self.sign_in_with(challenge.id, &code, second).unwrap())
    }

    pub(super) fn refresh(&self, token: &str) -> Result<Refresh, AccountError> {
        let (accounts, token) = (self.accounts.clone(), token.to_owned());
        self.write(move |conn| accounts.refresh_in(conn, &token))
    }

    pub(super) fn access_token(&self, of: &Credentials) -> String {
        let account = of.profile.account.id;
        self.accounts.tokens.issue(&self.ambient, account, of.session).unwrap()
    }

    /// Invites and enrols a phone as an officer of Deli Serdang.
    pub(super) fn enrol(&self, phone: &str) -> Enrolment {
        let (accounts, ambient) = (self.accounts.clone(), self.ambient.clone());
        let phone = self::phone(phone);
        let unit = move |conn: &mut Connection| {
            let invitation = invite_in(conn, &ambient, &officer(None))?;
            accounts.enrol_in(conn, &phone, &invitation.token)
        };
        self.write(unit).unwrap()
    }

    pub(super) fn count_accounts(&self) -> i64 {
        account::table.select(count_star()).first(&mut self.raw()).unwrap()
    }

    pub(super) fn count_live_sessions(&self) -> i64 {
        let live = session::table.filter(session::ended_at.is_null());
        live.select(count_star()).first(&mut self.raw()).unwrap()
    }

    pub(super) fn tries(&self, challenge: ChallengeId) -> i64 {
        let row = otp_challenge::table.find(challenge.to_string());
        row.select(otp_challenge::tries).first(&mut self.raw()).unwrap()
    }

    pub(super) fn raw(&self) -> Connection {
        test_kit::raw_connection(&self.database)
    }

    pub(super) fn facts(&self) -> Vec<event_log::Fact> {
        let mut conn = self.raw();
        event_log::sequence_in(&mut conn, 1_000).unwrap();
        let events = event_log::events_after(&mut conn, 0, 1_000).unwrap();
        events.into_iter().map(|event| event.fact).collect()
    }
}

pub(super) fn phone(text: &str) -> PhoneNumber {
    PhoneNumber::parse(text).unwrap()
}

pub(super) fn deli_serdang() -> RegionCode {
    RegionCode::parse("12.07").unwrap()
}

pub(super) fn officer(phone: Option<&str>) -> NewInvitation {
    let role = http_kit::StaffRole::Officer;
    NewInvitation { role, region: deli_serdang(), phone: phone.map(self::phone) }
}

pub(super) fn started(outcome: SignIn) -> Credentials {
    match outcome {
        SignIn::Started(credentials) => *credentials,
        SignIn::SecondFactorRequired => panic!("a second factor is required"),
    }
}

pub(super) fn renewed(outcome: Result<Refresh, AccountError>) -> Credentials {
    match outcome.unwrap() {
        Refresh::Renewed(credentials) => *credentials,
        Refresh::Reused => panic!("the token had been spent"),
    }
}

pub(super) fn wrong(code: &Code) -> Code {
    let digits = if code.as_str() == "000000" { "000001" } else { "000000" };
    Code::parse(digits).unwrap()
}

/// The code that an authenticator app shows now.
pub(super) fn totp(world: &World, enrolment: &Enrolment) -> Code {
    let account: AccountId = enrolment.account;
    let accounts = world.accounts.clone();
    let profile = world.write(move |conn| accounts.profile_in(conn, account)).unwrap();
    let secrets = Secrets::derive(&[7; 32]);
    let enrolled = profile.account.enrolment.unwrap();
    let factor = crate::second_factor::SecondFactor::of(&secrets.second_factors, account, enrolled);
    assert_eq!(factor.base32(), enrolment.totp_secret);
    factor.code_at(world.ambient.now())
}
