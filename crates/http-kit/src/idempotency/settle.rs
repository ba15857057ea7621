use database::{Connection, DatabaseError, UnitError};
use diesel::Connection as _;
use primitives::Ambient;
use sha2::{Digest, Sha256};

use super::{Claim, Once, store};
use crate::{
    Answer, Failure, IDEMPOTENCY_KEY_REUSED, Problem, REQUEST_IN_PROGRESS, Texts,
    presentation::render, reply::Reply,
};

/// How a unit of work ended when it was committed.
pub(crate) enum Settled {
    /// A success that nobody will ask for again.
    Now(Reply),
    /// An answer kept under its key, fresh.
    Kept(Reply),
    /// The answer that was kept, once more.
    Replayed(Reply),
    /// Nothing was done.
    Refused(Problem),
}

/// Why a unit of work was undone.
pub(crate) enum Undone<E> {
    Effect(E),
    Database(DatabaseError),
    Answer(Problem),
}

/// Runs the effect at most once under its key, and keeps its answer in the same transaction.
pub(crate) fn settle_in<E: Failure + UnitError>(
    conn: &mut Connection,
    ambient: &Ambient,
    texts: &Texts,
    once: &Once,
    effect: &impl Fn(&mut Connection) -> Result<Answer, E>,
) -> Result<Settled, Undone<E>> {
    let Some(claim) = &once.claim else {
        let answer = effect(conn).map_err(Undone::Effect)?;
        return answer.reply().map(Settled::Now).map_err(Undone::Answer);
    };
    if !store::reserve(conn, lock_of(claim))? {
        return Ok(Settled::Refused(Problem::new(REQUEST_IN_PROGRESS)));
    }
    match known_in(conn, claim)? {
        Some(settled) => Ok(settled),
        None => {
            let reply = attempt(conn, texts, once, effect)?;
            store::insert(conn, claim, &reply, ambient.now())?;
            Ok(Settled::Kept(reply))
        }
    }
}

/// What the key was used for, if it was used.
pub(crate) fn look_up_in(
    conn: &mut Connection,
    once: &Once,
) -> Result<Option<Settled>, DatabaseError> {
    match &once.claim {
        Some(claim) => known_in(conn, claim),
        None => Ok(None),
    }
}

fn known_in(conn: &mut Connection, claim: &Claim) -> Result<Option<Settled>, DatabaseError> {
    let stored = store::find(conn, claim)?;
    Ok(stored.map(|stored| {
        if stored.fingerprint == claim.fingerprint {
            Settled::Replayed(stored.reply)
        } else {
            Settled::Refused(Problem::new(IDEMPOTENCY_KEY_REUSED))
        }
    }))
}

/// The effect's answer, or its refusal with everything undone that it had begun.
fn attempt<E: Failure + UnitError>(
    conn: &mut Connection,
    texts: &Texts,
    once: &Once,
    effect: &impl Fn(&mut Connection) -> Result<Answer, E>,
) -> Result<Reply, Undone<E>> {
    let outcome = conn.transaction(|conn| {
        let answer = effect(conn).map_err(Undone::Effect)?;
        answer.reply().map_err(Undone::Answer)
    });
    match outcome {
        Err(Undone::Effect(error)) if is_lasting(&error) => {
            Ok(render(&Problem::from(error), &once.facts, texts))
        }
        other => other,
    }
}

/// What the rules decided stays decided; what went wrong may go right next time.
fn is_lasting<E: Failure + UnitError>(error: &E) -> bool {
    error.database().is_none() && matches!(error.code().status, 404 | 409 | 412 | 422)
}

pub(super) fn lock_of(claim: &Claim) -> i64 {
    let name = [&claim.caller, &claim.route, &claim.key].map(String::as_str).join("\n");
    let [a, b, c, d, e, f, g, h, ..] = Sha256::digest(name).0;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

impl<E: Failure + UnitError> Undone<E> {
    pub(crate) fn into_problem(self) -> Problem {
        match self {
            Self::Effect(error) => error.into(),
            Self::Database(error) if error.violates(store::ONE_ANSWER) => {
                Problem::new(REQUEST_IN_PROGRESS)
            }
            Self::Database(error) => error.into(),
            Self::Answer(problem) => problem,
        }
    }
}

impl<E> From<DatabaseError> for Undone<E> {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl<E> From<diesel::result::Error> for Undone<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl<E: Failure + UnitError> UnitError for Undone<E> {
    fn database(&self) -> Option<&DatabaseError> {
        match self {
            Self::Effect(error) => error.database(),
            Self::Database(error) => Some(error),
            Self::Answer(_) => None,
        }
    }
}
