//! Serving: listeners, middleware, workers, and an orderly end.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use accounts::TokenAuthenticator;
use actix_cors::Cors;
use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::{Compress, from_fn},
    web::Data,
};
use http_kit::{
    Authenticator, Cursors, Kit, Routes, WriteLimits, authenticate, limit_writes, present,
};
use live_state::Policy;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    document::{self, Slices},
    health::{self, WrittenDocument},
    house::{House, HouseError},
    settings::{Settings, SettingsError},
    workers::Workers,
};

/// Serves until the process is told to stop; `ready` learns the addresses.
pub(crate) async fn serve(house: House, ready: impl FnOnce(Addresses)) -> Result<(), HouseError> {
    let recorder = PrometheusBuilder::new().install_recorder()?;
    let api = TcpListener::bind(&house.settings.listen)?;
    let metrics = TcpListener::bind(&house.settings.metrics_listen)?;
    let addresses = Addresses { api: api.local_addr()?, metrics: metrics.local_addr()? };
    let (matcher, reader) = (house.matcher.clone(), house.database.clone());
    reader.read(move |conn| matcher.rebuild_in(conn)).await?;
    let workers = Workers::start(&house);
    let metrics = metrics_server(metrics, recorder)?;
    let served = api_server(api, &house)?;
    tracing::info!(api = %addresses.api, metrics = %addresses.metrics, "serving");
    ready(addresses);
    let outcome = served.await;
    workers.stop().await;
    metrics.stop(true).await;
    tracing::info!("stopped");
    Ok(outcome?)
}

/// Where the server listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    /// The API.
    pub(crate) api: SocketAddr,
    /// The metrics.
    pub(crate) metrics: SocketAddr,
}

fn metrics_server(
    listener: TcpListener,
    recorder: PrometheusHandle,
) -> Result<ServerHandle, HouseError> {
    let recorder = Data::new(recorder);
    let server = HttpServer::new(move || {
        App::new().app_data(recorder.clone()).configure(health::metrics_routes)
    });
    let server = server.workers(1).disable_signals().listen(listener)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

fn api_server(listener: TcpListener, house: &House) -> Result<actix_web::dev::Server, HouseError> {
    let shared = Shared::of(house)?;
    let settings = Arc::clone(&house.settings);
    let server = HttpServer::new(move || {
        App::new()
            .configure(|config| shared.register(config))
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::new(["/openapi.json"])))
            .route("/docs", actix_web::web::get().to(to_docs))
            .wrap(from_fn(limit_writes))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(present))
            .wrap(cors(&settings))
            .wrap(Compress::default())
            .wrap(tracing_actix_web::TracingLogger::<crate::spans::RequestSpan>::new())
    });
    let server = server
        .client_request_timeout(Duration::from_secs(30))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(15);
    let server = match house.settings.workers {
        0 => server,
        workers => server.workers(workers),
    };
    Ok(server.listen(listener)?.run())
}

async fn to_docs() -> actix_web::web::Redirect {
    actix_web::web::Redirect::to("/docs/")
}

fn cors(settings: &Settings) -> Cors {
    settings.cors_origins.iter().fold(
        Cors::default().allow_any_method().allow_any_header().max_age(3_600),
        |cors, origin| cors.allowed_origin(origin),
    )
}

/// State built once and handed to every worker thread.
#[derive(Clone)]
struct Shared {
    house: House,
    kit: Data<Kit>,
    authenticator: Data<dyn Authenticator>,
    limits: Data<WriteLimits>,
    routes: Data<Routes>,
    document: Data<WrittenDocument>,
    slices: Slices,
}

impl Shared {
    fn of(house: &House) -> Result<Self, HouseError> {
        let kit = Kit::new(
            house.database.clone(),
            house.ambient.clone(),
            house.live_state.clone(),
            Cursors::new(&house.cursor_key),
            House::texts()?,
        );
        let authenticator: Arc<dyn Authenticator> =
            Arc::new(TokenAuthenticator::new(house.accounts.clone(), house.database.clone()));
        let document = document::document();
        Ok(Self {
            kit: Data::new(kit),
            authenticator: Data::from(authenticator),
            limits: Data::new(write_limits(&house.settings)?),
            routes: Data::new(Routes::of_document(&document)?),
            document: Data::new(WrittenDocument(document.to_json()?)),
            slices: Slices::read()?,
            house: house.clone(),
        })
    }

    fn register(&self, config: &mut actix_web::web::ServiceConfig) {
        let house = self.house.clone();
        config
            .app_data(self.kit.clone())
            .app_data(self.authenticator.clone())
            .app_data(self.limits.clone())
            .app_data(self.routes.clone())
            .app_data(self.document.clone())
            .app_data(Data::new(house.regions))
            .app_data(Data::new(house.catalog))
            .app_data(Data::new(house.accounts))
            .app_data(Data::new(house.photos))
            .app_data(Data::new(house.reports))
            .app_data(Data::new(house.collectors))
            .app_data(Data::new(house.pickups))
            .app_data(Data::new(house.matcher))
            .app_data(Data::new(house.payments))
            .app_data(Data::new(house.gateway_desk.withdrawals))
            .app_data(Data::new(house.gateway_desk.charges))
            .app_data(Data::new(house.gateway_desk.inbox))
            .app_data(Data::new(house.deliveries))
            .app_data(Data::new(house.gateway_desk.reconciliations))
            .app_data(Data::new(house.statistics));
        self.slices.register(config);
    }
}

fn write_limits(settings: &Settings) -> Result<WriteLimits, SettingsError> {
    Ok(WriteLimits {
        policy: Policy {
            burst: settings.limits.writes_per_minute,
            period: Duration::from_secs(60),
        },
        trusted_proxies: settings.trusted_proxies()?,
    })
}
