use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, HeaderValue},
    web::Data,
};
use database::{Connection, Database, UnitError};
use live_state::LiveState;
use primitives::Ambient;

use crate::{
    Answer, Cursors, Failure, Once, Problem, Texts, UNEXPECTED,
    idempotency::{Settled, look_up_in, settle_in},
    reply::Reply,
};

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What every handler works with; registered once as `web::Data<Kit>`.
pub struct Kit {
    /// Storage.
    pub database: Database,
    /// The time and chance.
    pub ambient: Ambient,
    /// What may vanish.
    pub live_state: LiveState,
    /// Pages.
    pub cursors: Cursors,
    /// What we say to people.
    pub texts: Arc<Texts>,
    /// How long a body may take to arrive; 30 seconds unless changed.
    pub body_deadline: Duration,
}

impl Kit {
    /// A kit with the usual deadline.
    pub fn new(
        database: Database,
        ambient: Ambient,
        live_state: LiveState,
        cursors: Cursors,
        texts: Arc<Texts>,
    ) -> Self {
        let body_deadline = Duration::from_secs(30);
        Self { database, ambient, live_state, cursors, texts, body_deadline }
    }

    /// Runs one unit of work and, when the request carries a key, stores its answer with it.
    ///
    /// The closure may be run again when the engine asks for it.
    pub async fn run<E, F>(&self, once: Once, effect: F) -> Result<HttpResponse, Problem>
    where
        E: Failure + UnitError,
        F: Fn(&mut Connection) -> Result<Answer, E> + Send + 'static,
    {
        let (ambient, texts) = (self.ambient.clone(), Arc::clone(&self.texts));
        let unit = move |conn: &mut Connection| settle_in(conn, &ambient, &texts, &once, &effect);
        match self.database.write(unit).await {
            Ok(settled) => told(settled),
            Err(undone) => Err(undone.into_problem()),
        }
    }

    /// What the same command was answered before, if it was: for commands that are dear to begin with.
    ///
    /// Whoever is told nothing goes on to `run`, which decides.
    pub async fn answered(&self, once: &Once) -> Result<Option<HttpResponse>, Problem> {
        let once = once.clone();
        let known = self.database.read(move |conn| look_up_in(conn, &once)).await?;
        known.map(told).transpose()
    }

    /// Runs a query on a reader.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Failure + UnitError,
        F: Fn(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        Ok(self.database.read(query).await?)
    }

    /// The kit that the application was built with.
    pub(crate) fn of(request: &HttpRequest) -> Result<&Data<Self>, Problem> {
        request.app_data::<Data<Self>>().ok_or_else(|| Problem::new(UNEXPECTED))
    }
}

fn told(settled: Settled) -> Result<HttpResponse, Problem> {
    match settled {
        Settled::Now(reply) | Settled::Kept(reply) => Ok(reply.into_response()),
        Settled::Replayed(reply) => Ok(replayed(reply)),
        Settled::Refused(problem) => Err(problem),
    }
}

fn replayed(reply: Reply) -> HttpResponse {
    let mut response = reply.into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
