use database::{Connection, DatabaseError};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use primitives::{Ambient, EventId, RegionCode, Timestamp};

use crate::{
    Entry, Event, Fact, Link, chain,
    schema::{event, event_chain, event_cursor},
};

/// The hash before the first event.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Insertable)]
#[diesel(table_name = event)]
struct NewRow {
    id: String,
    kind: String,
    subject: String,
    region: Option<String>,
    actor: String,
    occurred_at: i64,
    created_at: i64,
    body: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = event)]
pub(crate) struct EventRow {
    pub(crate) position: i64,
    pub(crate) id: String,
    pub(crate) seq: Option<i64>,
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) region: Option<String>,
    pub(crate) actor: String,
    pub(crate) occurred_at: i64,
    pub(crate) created_at: i64,
    pub(crate) body: String,
    pub(crate) prev_hash: Option<String>,
    pub(crate) hash: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = event_chain)]
pub(crate) struct ChainEnd {
    pub(crate) seq: i64,
    pub(crate) hash: String,
}

/// Appends a fact in the caller's unit of work; call it after the conditional update of the subject's row.
pub fn append_in(
    connection: &mut Connection,
    ambient: &Ambient,
    entry: Entry,
) -> Result<EventId, DatabaseError> {
    let id: EventId = ambient.mint();
    let (kind, body) = split(&entry.fact)?;
    let row = NewRow {
        id: id.to_string(),
        kind,
        subject: entry.fact.subject(),
        region: entry.region.map(String::from),
        actor: entry.actor.to_string(),
        occurred_at: entry.occurred_at.micros(),
        created_at: ambient.now().micros(),
        body,
    };
    diesel::insert_into(event::table).values(row).execute(connection)?;
    Ok(id)
}

/// The fact's name and its canonical text: serde_json keeps members in alphabetical order.
fn split(fact: &Fact) -> Result<(String, String), DatabaseError> {
    let refused = |what: &str| DatabaseError::corrupt("event", fact.subject(), what);
    let value = serde_json::to_value(fact).map_err(|error| refused(&error.to_string()))?;
    let kind = value.get("kind").and_then(serde_json::Value::as_str).ok_or(refused("no kind"))?;
    let body = value.get("body").ok_or(refused("no body"))?;
    Ok((kind.to_owned(), body.to_string()))
}

/// Numbers and chains up to `limit` committed events; says how many there were.
///
/// The chain's end is a row that only one transaction at a time can update, so numbers have no gaps.
pub fn sequence_in(connection: &mut Connection, limit: i64) -> Result<usize, DatabaseError> {
    // Takes the lock on the chain's end before looking, so that what is read here is still true when written.
    diesel::update(event_chain::table)
        .set(event_chain::seq.eq(event_chain::seq))
        .execute(connection)?;
    let end = chain_end(connection)?;
    let rows: Vec<EventRow> = event::table
        .filter(event::seq.is_null())
        .order(event::position)
        .limit(limit)
        .select(EventRow::as_select())
        .load(connection)?;
    let (mut seq, mut hash) = (end.seq, end.hash);
    for row in &rows {
        seq += 1;
        let next = chain::link(&hash, seq, row);
        diesel::update(event::table.find(row.position))
            .set((event::seq.eq(seq), event::prev_hash.eq(&hash), event::hash.eq(&next)))
            .execute(connection)?;
        hash = next;
    }
    diesel::update(event_chain::table)
        .set((event_chain::seq.eq(seq), event_chain::hash.eq(&hash)))
        .execute(connection)?;
    Ok(rows.len())
}

/// How many committed events wait for a number.
pub fn unnumbered(connection: &mut Connection) -> Result<i64, DatabaseError> {
    Ok(event::table.filter(event::seq.is_null()).count().get_result(connection)?)
}

/// Numbered events after `seq`, in order.
pub fn events_after(
    connection: &mut Connection,
    seq: i64,
    limit: i64,
) -> Result<Vec<Event>, DatabaseError> {
    rows_after(connection, seq, limit)?.into_iter().map(Event::try_from).collect()
}

/// Numbered events about one subject, in order.
pub fn events_about(
    connection: &mut Connection,
    subject: &str,
) -> Result<Vec<Event>, DatabaseError> {
    let rows: Vec<EventRow> = event::table
        .filter(event::subject.eq(subject))
        .filter(event::seq.is_not_null())
        .order(event::position)
        .select(EventRow::as_select())
        .load(connection)?;
    rows.into_iter().map(Event::try_from).collect()
}

/// Where the first event of this kind of a subject stands in the chain; none while it waits for its number.
pub fn link_of(
    connection: &mut Connection,
    subject: &str,
    kind: &str,
) -> Result<Option<Link>, DatabaseError> {
    let found: Option<(Option<i64>, Option<String>)> = event::table
        .filter(event::subject.eq(subject))
        .filter(event::kind.eq(kind))
        .order(event::position)
        .select((event::seq, event::hash))
        .first(connection)
        .optional()?;
    let Some((Some(seq), Some(hash))) = found else { return Ok(None) };
    Ok(Some(Link { seq, hash }))
}

/// When the newest event was written down; none in an empty log.
pub fn last_created_at(connection: &mut Connection) -> Result<Option<Timestamp>, DatabaseError> {
    let newest = event::table.order(event::position.desc()).select(event::created_at);
    let newest: Option<i64> = newest.first(connection).optional()?;
    Ok(newest.map(Timestamp::from_micros))
}

/// The last number given.
pub fn last_seq(connection: &mut Connection) -> Result<i64, DatabaseError> {
    Ok(chain_end(connection)?.seq)
}

pub(crate) fn rows_after(
    connection: &mut Connection,
    seq: i64,
    limit: i64,
) -> Result<Vec<EventRow>, DatabaseError> {
    Ok(event::table
        .filter(event::seq.gt(seq))
        .order(event::seq)
        .limit(limit)
        .select(EventRow::as_select())
        .load(connection)?)
}

pub(crate) fn chain_end(connection: &mut Connection) -> Result<ChainEnd, DatabaseError> {
    Ok(event_chain::table.select(ChainEnd::as_select()).first(connection)?)
}

/// How far a reader has come; 0 before its first step.
pub fn cursor_of(connection: &mut Connection, reader: &str) -> Result<i64, DatabaseError> {
    let found = event_cursor::table.find(reader).select(event_cursor::seq).first(connection);
    Ok(found.optional()?.unwrap_or(0))
}

/// Moves a reader's cursor from where it was read; an error says that another process was faster.
pub fn advance_cursor_in(
    connection: &mut Connection,
    reader: &str,
    from: i64,
    to: i64,
) -> Result<(), DatabaseError> {
    let moved = diesel::update(event_cursor::table.find(reader))
        .filter(event_cursor::seq.eq(from))
        .set(event_cursor::seq.eq(to))
        .execute(connection)?;
    if moved == 1 {
        return Ok(());
    }
    // The first step of a reader creates its row; a second process doing the same hits the primary key.
    diesel::insert_into(event_cursor::table)
        .values((event_cursor::reader.eq(reader), event_cursor::seq.eq(to)))
        .execute(connection)?;
    Ok(())
}

/// Whether `advance_cursor_in` failed because another process had moved the cursor.
pub fn is_lost_step(error: &DatabaseError) -> bool {
    error.violates("event_cursor_reader_key")
}

/// Sends a reader back to the beginning, to rebuild what it derives.
pub fn reset_cursor_in(connection: &mut Connection, reader: &str) -> Result<(), DatabaseError> {
    diesel::delete(event_cursor::table.find(reader)).execute(connection)?;
    Ok(())
}

impl TryFrom<EventRow> for Event {
    type Error = DatabaseError;

    fn try_from(row: EventRow) -> Result<Self, DatabaseError> {
        let corrupt = |what: &str| DatabaseError::corrupt("event", &row.id, what);
        let fact = format!(r#"{{"kind":"{}","body":{}}}"#, row.kind, row.body);
        Ok(Self {
            id: EventId::parse(&row.id).map_err(|error| corrupt(error.0))?,
            seq: row.seq.ok_or_else(|| corrupt("no number"))?,
            fact: serde_json::from_str(&fact).map_err(|error| corrupt(&error.to_string()))?,
            region: row
                .region
                .as_deref()
                .map(RegionCode::parse)
                .transpose()
                .map_err(|error| corrupt(error.0))?,
            occurred_at: Timestamp::from_micros(row.occurred_at),
            created_at: Timestamp::from_micros(row.created_at),
            hash: row.hash.clone().ok_or_else(|| corrupt("no hash"))?,
            subject: row.subject,
            actor: row.actor,
        })
    }
}
