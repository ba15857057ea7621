mod announcing;
mod ending;
mod looking;

use catalog::Catalog;
use collectors::{Collector, Collectors};
use database::{Connection, DatabaseError};
use event_log::{Actor, Entry, Fact};
use primitives::{Ambient, CollectorId, DeliveryId};

use crate::{Delivery, DeliveryError, Role, store};

/// The use cases about deliveries. Each `_in` takes part in the caller's unit of work, which must be undone when it
/// refuses.
#[derive(Clone)]
pub struct Deliveries {
    ambient: Ambient,
    catalog: Catalog,
    collectors: Collectors,
}

impl Deliveries {
    /// Deliveries by this clock and chance, of these materials, between these collectors.
    pub const fn new(ambient: Ambient, catalog: Catalog, collectors: Collectors) -> Self {
        Self { ambient, catalog, collectors }
    }

    /// A delivery of the party's, and on which side of it the party stands.
    pub fn find_party_in(
        &self,
        conn: &mut Connection,
        party: CollectorId,
        id: DeliveryId,
    ) -> Result<(Delivery, Role), DeliveryError> {
        let delivery = store::find(conn, id)?.ok_or(DeliveryError::NotFound)?;
        let role = delivery.role_of(party).ok_or(DeliveryError::NotFound)?;
        Ok((delivery, role))
    }

    /// The same for what only one side may do; the other side is told so.
    fn find_side_in(
        &self,
        conn: &mut Connection,
        party: CollectorId,
        side: Role,
        id: DeliveryId,
    ) -> Result<(Delivery, Collector), DeliveryError> {
        let (delivery, role) = self.find_party_in(conn, party, id)?;
        if role != side {
            return Err(DeliveryError::OtherSide);
        }
        Ok((delivery, self.collectors.collector_in(conn, party)?))
    }

    fn append(
        &self,
        conn: &mut Connection,
        actor: Actor,
        delivery: &Delivery,
        fact: Fact,
    ) -> Result<(), DatabaseError> {
        let region = Some(delivery.desa.clone());
        let entry = Entry { actor, region, occurred_at: self.ambient.now(), fact };
        event_log::append_in(conn, &self.ambient, entry)?;
        Ok(())
    }
}
