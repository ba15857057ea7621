//! Everything wired together, once, for whichever command needs it.

mod gateway_desk;

use std::{fs, sync::Arc};

use accounts::{Accounts, ConsoleSender, SignInLimits};
use actix_web::rt::SystemRunner;
use catalog::Catalog;
use collectors::Collectors;
use database::{Connection, Database, DatabaseError, Migration, Options};
use deliveries::Deliveries;
use http_kit::{TextSource, Texts};
use live_state::{LiveState, Timeouts};
use matching::Matcher;
use payments::{Payments, WalletDeposits};
use photos::Photos;
use pickups::Pickups;
use primitives::Ambient;
use regions::Regions;
use reports::Reports;
use statistics::Statistics;

use self::gateway_desk::GatewayDesk;
use crate::{clock, secret, settings::Settings};

/// Why the house cannot be opened.
pub(crate) type HouseError = Box<dyn std::error::Error + Send + Sync>;

/// Settings, storage and every service.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) settings: Arc<Settings>,
    pub(crate) ambient: Ambient,
    pub(crate) database: Database,
    pub(crate) live_state: LiveState,
    pub(crate) cursor_key: [u8; 32],
    pub(crate) regions: Regions,
    pub(crate) catalog: Catalog,
    pub(crate) accounts: Accounts,
    pub(crate) photos: Photos,
    pub(crate) reports: Reports,
    pub(crate) collectors: Collectors,
    pub(crate) pickups: Pickups,
    pub(crate) matcher: Matcher,
    pub(crate) payments: Payments,
    pub(crate) gateway_desk: GatewayDesk,
    pub(crate) deliveries: Deliveries,
    pub(crate) statistics: Statistics,
}

/// Every table, in the order in which they may refer to each other.
pub(crate) fn migrations() -> Vec<Migration> {
    [
        event_log::MIGRATIONS,
        http_kit::MIGRATIONS,
        regions::MIGRATIONS,
        catalog::MIGRATIONS,
        accounts::MIGRATIONS,
        photos::MIGRATIONS,
        reports::MIGRATIONS,
        collectors::MIGRATIONS,
        pickups::MIGRATIONS,
        matching::MIGRATIONS,
        ledger::MIGRATIONS,
        payments::MIGRATIONS,
        deliveries::MIGRATIONS,
        statistics::MIGRATIONS,
    ]
    .concat()
}

/// Everything we say to people.
pub(crate) const TEXTS: [TextSource; 11] = [
    regions::TEXTS,
    catalog::TEXTS,
    accounts::TEXTS,
    photos::TEXTS,
    reports::TEXTS,
    collectors::TEXTS,
    pickups::TEXTS,
    matching::TEXTS,
    payments::TEXTS,
    deliveries::TEXTS,
    statistics::TEXTS,
];

impl House {
    /// Opens the house with the time and chance of this machine (moved, if the settings say so).
    ///
    /// Not async itself: schema and reference data are written by a thread that waits for the disk.
    pub(crate) fn open(system: &SystemRunner, settings: Settings) -> Result<Self, HouseError> {
        let ambient = clock::ambient(settings.development.clock_file.as_ref());
        let live_state = match &settings.redis_url {
            Some(url) => system.block_on(LiveState::redis(url, Timeouts::default()))?,
            None => LiveState::in_memory(),
        };
        Self::furnish(settings, ambient, live_state, true)
    }

    /// Opens the house with a time and chance of the caller's choosing. Without `durable`, commits do not wait for
    /// the disk: only for content that can be made again.
    pub(crate) fn furnish(
        settings: Settings,
        ambient: Ambient,
        live_state: LiveState,
        durable: bool,
    ) -> Result<Self, HouseError> {
        fs::create_dir_all(&settings.data_dir)?;
        let secrets = secret::obtain(&settings, &ambient)?;
        let cursor_key = secrets.cursor_key();
        let database = open_database(&settings, durable)?;
        prepare(&database)?;
        notice_restore(&database, &ambient)?;
        let (regions, catalog) = database.read_blocking(|conn| {
            Ok::<_, DatabaseError>((Regions::load(conn)?, Catalog::load(conn)?))
        })?;
        let limits = SignInLimits {
            messages_per_hour: settings.limits.messages_per_hour,
            failures_per_day: settings.limits.failures_per_day,
        };
        let accounts = Accounts::new(ambient.clone(), secrets, limits, Arc::new(ConsoleSender));
        let photos = Photos::in_directory(ambient.clone(), &settings.photos_path())?;
        let reports = Reports::new(ambient.clone(), regions.clone(), catalog.clone());
        let collectors = Collectors::new(ambient.clone(), regions.clone(), catalog.clone());
        let pickups = Pickups::new(ambient.clone(), reports.clone(), catalog.clone())
            .with_deposits(Arc::new(WalletDeposits::new(ambient.clone())));
        Ok(Self {
            gateway_desk: GatewayDesk::open(&settings, &ambient, &database)?,
            matcher: Matcher::new(
                ambient.clone(),
                catalog.clone(),
                reports.clone(),
                collectors.clone(),
                pickups.clone(),
            ),
            payments: Payments::new(ambient.clone(), pickups.clone()),
            deliveries: Deliveries::new(ambient.clone(), catalog.clone(), collectors.clone()),
            statistics: Statistics::new(regions.clone(), catalog.clone()),
            settings: Arc::new(settings),
            ambient,
            database,
            live_state,
            cursor_key,
            regions,
            catalog,
            accounts,
            photos,
            reports,
            collectors,
            pickups,
        })
    }

    /// Our texts in both languages.
    pub(crate) fn texts() -> Result<Arc<Texts>, HouseError> {
        Ok(Arc::new(Texts::load(&TEXTS)?))
    }
}

/// The database of the settings, not yet migrated.
pub(crate) fn open_database(settings: &Settings, durable: bool) -> Result<Database, HouseError> {
    let options = Options {
        connections: settings.database.connections,
        group_commit: settings.database.group_commit,
        durable,
        ..Options::new(settings.database_url())
    };
    Ok(Database::open(&options)?)
}

/// Brings the schema up to date and loads the reference data that comes with the program.
pub(crate) fn prepare(database: &Database) -> Result<usize, HouseError> {
    let steps = database.migrate(&migrations())?;
    if steps > 0 {
        database.write_blocking(load_reference_data)?;
    }
    Ok(steps)
}

/// After a restore nothing is sent until gateways' books are accounted for.
fn notice_restore(database: &Database, ambient: &Ambient) -> Result<(), DatabaseError> {
    if database.read_blocking(payments::is_at_home)? {
        return Ok(());
    }
    let ambient = ambient.clone();
    let restored =
        database.write_blocking(move |conn| payments::notice_restore_in(conn, &ambient))?;
    if restored {
        tracing::warn!("the database was restored: payouts wait until they are accounted for");
    }
    Ok(())
}

fn load_reference_data(conn: &mut Connection) -> Result<(), DatabaseError> {
    let told = |error: &dyn std::error::Error| DatabaseError::corrupt("reference data", "", error);
    regions::load_reference_data_in(conn).map_err(|error| told(&error))?;
    catalog::load_reference_data_in(conn).map_err(|error| told(&error))?;
    Ok(())
}
