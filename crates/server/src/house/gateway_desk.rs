use database::Database;
use payments::{
    ChargeDispatcher, Charges, Dispatcher, Inbox, Reconciler, Reconciliations, Withdrawals,
};
use primitives::Ambient;

use super::HouseError;
use crate::settings::Settings;

/// Everything that goes to gateways and comes from them.
#[derive(Clone)]
pub(crate) struct GatewayDesk {
    pub(crate) withdrawals: Withdrawals,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) charges: Charges,
    pub(crate) charge_dispatcher: ChargeDispatcher,
    pub(crate) inbox: Inbox,
    pub(crate) reconciliations: Reconciliations,
    pub(crate) reconciler: Reconciler,
}

impl GatewayDesk {
    /// The desk for the gateways of the settings: none, one or both.
    pub(super) fn open(
        settings: &Settings,
        ambient: &Ambient,
        database: &Database,
    ) -> Result<Self, HouseError> {
        let gateways = settings.gateways.open()?;
        let (ambient, database) = (ambient.clone(), database.clone());
        let routes = payments::gateway_routes(&gateways);
        let withdrawals = Withdrawals::new(ambient.clone(), settings.withdrawals.terms(), routes);
        let charges = Charges::new(ambient.clone(), payments::charge_routes(&gateways));
        let reconciliations =
            Reconciliations::new(ambient.clone(), withdrawals.clone(), charges.clone(), &gateways);
        let reconciler =
            Reconciler::new(database.clone(), reconciliations.clone(), gateways.clone());
        let dispatcher = Dispatcher::new(database.clone(), withdrawals.clone(), gateways.clone());
        let charge_dispatcher = ChargeDispatcher::new(database, charges.clone(), gateways.clone());
        let inbox = Inbox::new(ambient, withdrawals.clone(), charges.clone(), gateways);
        Ok(Self {
            withdrawals,
            dispatcher,
            charges,
            charge_dispatcher,
            inbox,
            reconciliations,
            reconciler,
        })
    }
}
