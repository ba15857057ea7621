use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::{
    HttpResponse,
    test::TestRequest,
    web::{self, Data, ServiceConfig},
};
use database::{Connection, Database, DatabaseError, Engine, UnitError};
use diesel::{Connection as _, prelude::*};
use futures_util::future::join_all;
use serde_json::Value;
use test_kit::TestDatabase;

use super::*;
use crate::{testing::*, *};

const EFFECTS: &[Migration] = &[Migration {
    name: "test/0001_effect",
    sql: "CREATE TABLE effect (id {{serial}}, amount {{int}} NOT NULL){{table_end}};",
}];

diesel::table! {
    effect (id) {
        id -> BigInt,
        amount -> BigInt,
    }
}

#[derive(Debug, thiserror::Error)]
enum PayError {
    #[error("the account is closed")]
    Closed,
    #[error("the gateway is down")]
    Down,
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl UnitError for PayError {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl Failure for PayError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Closed => WRONG_STATE,
            Self::Down => UNAVAILABLE,
            Self::Database(error) => database_code(error),
        }
    }

    fn member(&self) -> Option<(&'static str, String)> {
        matches!(self, Self::Closed).then(|| ("state", "closed".to_owned()))
    }
}

async fn pay(command: Command<Value>, kit: Data<Kit>) -> Result<HttpResponse, Problem> {
    let (once, body) = command.split();
    let amount = body["amount"].as_i64().unwrap_or(0);
    kit.run(once.required()?, move |conn| {
        diesel::insert_into(effect::table)
            .values(effect::amount.eq(amount))
            .execute(conn)
            .map_err(DatabaseError::from)?;
        match amount {
            13 => Err(PayError::Closed),
            14 if DOWN.load(Ordering::SeqCst) => Err(PayError::Down),
            _ => Ok(Answer::created("/paid/1", &amount).version(1)),
        }
    })
    .await
}

static DOWN: AtomicBool = AtomicBool::new(false);

async fn optional(command: Command<Value>, kit: Data<Kit>) -> Result<HttpResponse, Problem> {
    let (once, _) = command.split();
    let insert = |conn: &mut Connection| {
        let row = diesel::insert_into(effect::table).values(effect::amount.eq(1));
        row.execute(conn).map_err(DatabaseError::from)
    };
    kit.run(once, move |conn| insert(conn).map(|rows| Answer::ok(&rows))).await
}

fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/pay/{to}").to(pay))
        .service(web::resource("/optional").to(optional));
}

struct Shop {
    app: Service,
    database: Database,
    _home: TestDatabase,
}

impl Shop {
    async fn open(engine: Engine) -> Self {
        let home = TestDatabase::new(engine, &[MIGRATIONS, EFFECTS]);
        let database = home.database();
        let app = start_limited(kit(database.clone()), routes, None).await;
        Self { app, database, _home: home }
    }

    async fn pay(&self, key: &'static str, body: &'static str) -> Answered {
        (self.app)(paying("budi", key, "/pay/a", body)).await
    }

    fn effects(&self) -> i64 {
        let count =
            |conn: &mut Connection| Ok::<_, DatabaseError>(effect::table.count().get_result(conn)?);
        self.database.read_blocking(count).unwrap()
    }
}

fn paying(who: &str, key: &'static str, path: &str, body: &'static str) -> TestRequest {
    signed_in(post(path, body), who).insert_header(("idempotency-key", key))
}

fn kept(answered: &Answered) -> (u16, &[u8], [&str; 4]) {
    let headers = ["content-type", "content-language", "etag", "location"];
    (answered.status, &answered.body, headers.map(|name| answered.header(name)))
}

#[actix_web::test]
async fn the_same_command_twice_is_one_effect_and_one_answer() {
    for engine in test_kit::engines() {
        let shop = Shop::open(engine).await;
        let first = shop.pay("k1", r#"{"amount": 5, "note": "x"}"#).await;
        assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
        let again = shop.pay("k1", r#"{ "note":"\u0078", "amount":5}"#).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(kept(&again), kept(&first));
        assert_eq!(again.header("etag"), "\"1\"");
        // A new process on the same database.
        let restarted = start_limited(kit(shop.database.clone()), routes, None).await;
        let body = r#"{"amount": 5, "note": "x"}"#;
        assert_eq!(kept(&restarted(paying("budi", "k1", "/pay/a", body)).await), kept(&first));
        assert_eq!(shop.effects(), 1);
    }
}

#[actix_web::test]
async fn a_key_is_good_for_one_command_of_one_caller() {
    for engine in test_kit::engines() {
        let shop = Shop::open(engine).await;
        assert_eq!(shop.pay("k1", r#"{"amount": 5}"#).await.status, 201);
        let other = shop.pay("k1", r#"{"amount": 6}"#).await;
        assert_eq!((other.status, other.code().as_str()), (422, "idempotency_key_reused"));
        let elsewhere = (shop.app)(paying("budi", "k1", "/pay/b", r#"{"amount": 5}"#)).await;
        assert_eq!(elsewhere.code(), "idempotency_key_reused");
        let sari = (shop.app)(paying("sari", "k1", "/pay/a", r#"{"amount": 5}"#)).await;
        assert_eq!((sari.status, sari.header("idempotency-replayed")), (201, ""));
        assert_eq!(shop.effects(), 2);
    }
}

#[actix_web::test]
async fn what_the_rules_refused_stays_refused_and_undone() {
    for engine in test_kit::engines() {
        let shop = Shop::open(engine).await;
        let refused = shop.pay("k1", r#"{"amount": 13}"#).await;
        assert_eq!((refused.status, refused.code().as_str()), (409, "wrong_state"));
        assert_eq!(refused.json()["state"], "closed");
        let english = paying("budi", "k1", "/pay/a", r#"{"amount": 13}"#);
        let again = (shop.app)(english.insert_header(("accept-language", "en"))).await;
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(kept(&again), kept(&refused));
        assert_eq!(shop.effects(), 0);
    }
}

#[actix_web::test]
async fn what_went_wrong_may_go_right_next_time() {
    for engine in test_kit::engines() {
        let shop = Shop::open(engine).await;
        DOWN.store(true, Ordering::SeqCst);
        let failed = shop.pay("k1", r#"{"amount": 14}"#).await;
        assert_eq!((failed.status, failed.code().as_str()), (503, "unavailable"));
        assert_eq!(shop.effects(), 0);
        DOWN.store(false, Ordering::SeqCst);
        assert_eq!(shop.pay("k1", r#"{"amount": 14}"#).await.status, 201);
        assert_eq!(shop.effects(), 1);
    }
}

#[actix_web::test]
async fn many_at_once_are_one_effect() {
    for engine in test_kit::engines() {
        let shop = Shop::open(engine).await;
        let all = join_all((0..8).map(|_| shop.pay("k1", r#"{"amount": 5}"#))).await;
        assert_eq!(shop.effects(), 1);
        assert!(all.iter().any(|answered| answered.status == 201));
        for answered in all.iter().filter(|answered| answered.status != 201) {
            assert_eq!((answered.status, answered.code().as_str()), (409, "request_in_progress"));
        }
    }
}

#[actix_web::test]
async fn a_key_that_is_being_worked_on_is_taken() {
    for engine in test_kit::engines().into_iter().filter(|it| *it == Engine::Postgres) {
        let shop = Shop::open(engine).await;
        let first = shop.pay("k0", r#"{"amount": 5}"#).await;
        assert_eq!(first.status, 201);
        let claim = Claim {
            caller: numbered::<primitives::kinds::Account>(0).to_string(),
            route: "POST /pay/{to}".to_owned(),
            key: "k1".to_owned(),
            fingerprint: String::new(),
        };
        let mut other = test_kit::raw_connection(&shop.database);
        let lock = settle::lock_of(&claim);
        other.begin_test_transaction().unwrap();
        assert!(store::reserve(&mut other, lock).unwrap());
        let taken = shop.pay("k1", r#"{"amount": 5}"#).await;
        assert_eq!((taken.status, taken.code().as_str()), (409, "request_in_progress"));
        drop(other);
        assert_eq!(shop.effects(), 1);
    }
}

#[actix_web::test]
async fn keys_are_required_where_it_matters_and_must_be_readable() {
    let shop = Shop::open(Engine::Sqlite).await;
    let keyless = (shop.app)(signed_in(post("/pay/a", "{}"), "budi")).await;
    assert_eq!((keyless.status, keyless.code().as_str()), (400, "idempotency_key_missing"));
    let long: &'static str = Box::leak("k".repeat(256).into_boxed_str());
    for key in ["", "two words", "tab\tstop", long] {
        let malformed = shop.pay(key, "{}").await;
        assert_eq!(
            (malformed.status, malformed.code().as_str()),
            (400, "idempotency_key_malformed")
        );
    }
    assert_eq!(shop.pay(&long[..255], r#"{"amount": 1}"#).await.status, 201);
    for _ in 0..2 {
        assert_eq!((shop.app)(signed_in(post("/optional", ""), "budi")).await.status, 200);
    }
    assert_eq!(shop.effects(), 3);
}

#[actix_web::test]
async fn strangers_share_no_keys() {
    let shop = Shop::open(Engine::Sqlite).await;
    for _ in 0..2 {
        let request = post("/optional", "").insert_header(("idempotency-key", "k1"));
        let answered = (shop.app)(request).await;
        assert_eq!((answered.status, answered.header("idempotency-replayed")), (200, ""));
    }
    assert_eq!(shop.effects(), 2);
}

#[actix_web::test]
async fn answers_are_dropped_with_age_or_with_their_owner() {
    for engine in test_kit::engines() {
        let shop = Shop::open(engine).await;
        assert_eq!(shop.pay("k1", r#"{"amount": 5}"#).await.status, 201);
        let now = test_kit::clock();
        let start = primitives::Clock::now(now.as_ref());
        let later = start.plus(std::time::Duration::from_secs(1));
        let prune = |before| shop.database.write(move |conn| prune_in(conn, before));
        assert_eq!((prune(start).await.unwrap(), prune(later).await.unwrap()), (0, 1));
        assert_eq!(shop.pay("k2", r#"{"amount": 5}"#).await.status, 201);
        let forget = |who: u8| shop.database.write(move |conn| forget_in(conn, numbered(who)));
        assert_eq!((forget(1).await.unwrap(), forget(0).await.unwrap()), (0, 1));
    }
}
