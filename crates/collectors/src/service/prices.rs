use database::Connection;
use event_log::{Actor, AvailabilityChanged, Fact, PricesPublished, PublishedPrice};
use primitives::CollectorId;

use super::{Collectors, at_version, replace};
use crate::{
    Collector, CollectorError, NewPriceList, PriceBoard, PriceList, price_list, rules,
    store::prices,
};

impl Collectors {
    /// A collector publishes a price list. The list that is in force already, published again, changes nothing.
    pub fn publish_prices_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
        expected_version: i64,
        new: &NewPriceList,
    ) -> Result<PriceBoard, CollectorError> {
        let now = self.ambient.now();
        let problems = price_list::problems_of(new, &self.catalog, now);
        if !problems.is_empty() {
            return Err(CollectorError::Refused(problems));
        }
        let before = self.collector_in(conn, id)?;
        let board = self.board_of(conn, &before)?;
        if board.shows(new) {
            return Ok(board);
        }
        if board.version != expected_version {
            return Err(CollectorError::VersionConflict);
        }
        // The row first: whoever changes it has the next list number to himself.
        let after = replace(conn, &before, before.clone())?;
        let list = PriceList {
            number: prices::count(conn, id)? + 1,
            valid_from: new.valid_from.unwrap_or(now),
            created_at: now,
            items: new.items_in_order(),
        };
        prices::insert(conn, id, &list)?;
        let actor = Actor::Account(after.account);
        self.append_in(conn, actor, &after, Fact::PricesPublished(published(id, &list)))?;
        self.board_of(conn, &after)
    }

    /// A collector goes online or offline. Already being so is an answer, not a conflict, whatever was read before.
    pub fn set_availability_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
        expected_version: i64,
        online: bool,
    ) -> Result<Collector, CollectorError> {
        let before = self.collector_in(conn, id)?;
        let has_prices = prices::in_force(conn, id, self.ambient.now())?.is_some();
        let Some(changed) = rules::switch(&before, online, has_prices)? else {
            return Ok(before);
        };
        let before = at_version(before, expected_version)?;
        let after = replace(conn, &before, changed)?;
        let fact = Fact::AvailabilityChanged(AvailabilityChanged { collector: id, online });
        self.append_in(conn, Actor::Account(after.account), &after, fact)?;
        Ok(after)
    }

    /// What the collector's sign shows now.
    pub fn price_board_in(
        &self,
        conn: &mut Connection,
        id: CollectorId,
    ) -> Result<PriceBoard, CollectorError> {
        let collector = self.collector_in(conn, id)?;
        self.board_of(conn, &collector)
    }

    pub(crate) fn board_of(
        &self,
        conn: &mut Connection,
        collector: &Collector,
    ) -> Result<PriceBoard, CollectorError> {
        let now = self.ambient.now();
        Ok(PriceBoard {
            in_force: prices::in_force(conn, collector.id, now)?,
            announced: prices::announced(conn, collector.id, now)?,
            version: collector.version + prices::turned(conn, collector.id, now)?,
        })
    }
}

fn published(collector: CollectorId, list: &PriceList) -> PricesPublished {
    let prices = list.items.iter().map(|item| PublishedPrice {
        material: item.material.to_string(),
        price_rupiah: item.price,
    });
    PricesPublished { collector, valid_from: list.valid_from, prices: prices.collect() }
}
