use std::{
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, body::BodyStream, dev::ServerHandle,
    http::header::AUTHORIZATION, web::Data,
};
use data_encoding::BASE64;
use futures_util::stream;
use serde_json::Value;

use crate::{
    book::Book,
    control, iris, midtrans_core,
    notifications::{self, Notification},
    statement,
    whim::{Chaos, Whim},
    xendit, xendit_payments,
};

/// Who the simulator knows, and how it behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: String,
    /// One seed is one world.
    pub seed: u64,
    /// Which whims there are.
    pub chaos: Chaos,
    /// How long a slow answer takes.
    pub slow: Duration,
    /// The user name of Xendit's client.
    pub xendit_secret_key: String,
    /// The user name of Xendit's client that takes in payments.
    pub xendit_payments_key: String,
    /// What Xendit's notifications carry.
    pub xendit_callback_token: String,
    /// The user name of Midtrans's creator.
    pub iris_creator_key: String,
    /// The user name of Midtrans's approver.
    pub iris_approver_key: String,
    /// What signs Midtrans's notifications.
    pub iris_merchant_key: String,
    /// The user name of the Core API's client, and what signs its notifications.
    pub midtrans_server_key: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            seed: 1,
            chaos: Chaos::Quiet,
            slow: Duration::from_secs(30),
            xendit_secret_key: "xnd_development_simulator".to_owned(),
            xendit_payments_key: "xnd_development_payments".to_owned(),
            xendit_callback_token: "simulated-token".to_owned(),
            iris_creator_key: "IRIS-creator-simulator".to_owned(),
            iris_approver_key: "IRIS-approver-simulator".to_owned(),
            iris_merchant_key: "IRIS-merchant-simulator".to_owned(),
            midtrans_server_key: "SB-Mid-server-simulator".to_owned(),
        }
    }
}

/// What all handlers share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    book: Mutex<Book>,
    told_until: Mutex<u64>,
}

impl Shared {
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_notifications(&self) -> Vec<Notification> {
        let mut told_until = self.told_until.lock().unwrap_or_else(PoisonError::into_inner);
        let book = self.book();
        let due = notifications::due(&book, &self.settings, *told_until);
        *told_until = book.now;
        due
    }
}

/// A simulator at work; stops when dropped.
pub struct Running {
    address: String,
    handle: ServerHandle,
    shared: Arc<Shared>,
}

impl Running {
    /// Starts on a thread of its own.
    pub fn start(settings: Settings) -> std::io::Result<Self> {
        let listener = TcpListener::bind(&settings.listen)?;
        let address = format!("http://{}", listener.local_addr()?);
        let book = Mutex::new(Book::new(settings.seed, settings.chaos));
        let shared = Arc::new(Shared { settings, book, told_until: Mutex::new(0) });
        let data = Data::from(Arc::clone(&shared));
        let (ready, handle) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || {
                    App::new()
                        .app_data(data.clone())
                        .configure(xendit::routes)
                        .configure(xendit_payments::routes)
                        .configure(iris::routes)
                        .configure(midtrans_core::routes)
                        .configure(statement::routes)
                        .configure(control::routes)
                };
                let server = HttpServer::new(app).workers(1).disable_signals();
                let server = server.shutdown_timeout(0).listen(listener).expect("a listener").run();
                ready.send(server.handle()).expect("somebody waits");
                server.await
            })
        });
        let handle = handle.recv().map_err(std::io::Error::other)?;
        Ok(Self { address, handle, shared })
    }

    /// Where it listens, as `http://…`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Looks into the book, or changes it.
    pub fn with_book<T>(&self, look: impl FnOnce(&mut Book) -> T) -> T {
        look(&mut self.shared.book())
    }

    /// The notifications that have become due since they were last taken.
    pub fn take_notifications(&self) -> Vec<Notification> {
        self.shared.take_notifications()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The order is given at once; nobody waits for it.
        drop(self.handle.stop(false));
    }
}

/// Whether the caller gives this key as its user name, with no password.
pub(crate) fn authorized(request: &HttpRequest, key: &str) -> bool {
    let expected = format!("Basic {}", BASE64.encode(format!("{key}:").as_bytes()));
    request
        .headers()
        .get(AUTHORIZATION)
        .is_some_and(|given| given.as_bytes() == expected.as_bytes())
}

/// Answers for what was booked in the manner of its whim.
pub(crate) async fn misbehave(shared: &Shared, whim: Whim, answer: Value) -> HttpResponse {
    match whim {
        Whim::Drops | Whim::Hidden => cut_off(),
        Whim::Slow => {
            tokio::time::sleep(shared.settings.slow).await;
            HttpResponse::Ok().json(answer)
        }
        Whim::ErrsAfter => HttpResponse::InternalServerError().finish(),
        _ => HttpResponse::Ok().json(answer),
    }
}

/// A body that ends before it has begun: the connection is cut.
fn cut_off() -> HttpResponse {
    let broken = std::io::Error::other("cut off");
    HttpResponse::Ok()
        .body(BodyStream::new(stream::iter([Err::<actix_web::web::Bytes, _>(broken)])))
}
