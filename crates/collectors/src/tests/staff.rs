use primitives::{AccountId, CollectorId};

use super::world::{World, code, list, on_each_engine};
use crate::{
    Collector, CollectorError, Decider, Reason, StaffFilter, Verification, VerificationState,
};

fn suspend(
    world: &World,
    by: AccountId,
    region: &str,
    id: CollectorId,
) -> Result<Collector, CollectorError> {
    let (regions, reason) = ([code(region)], Reason::parse("timbangan curang").unwrap());
    world.write(move |collectors, conn| {
        let decider = Decider { account: by, regions: &regions };
        collectors.suspend_in(conn, decider, id, &reason)
    })
}

fn page(world: &World, regions: &[&str], of: Option<VerificationState>) -> Vec<CollectorId> {
    let regions: Vec<_> = regions.iter().map(|region| code(region)).collect();
    let mut ids = Vec::new();
    loop {
        let (regions, after) = (regions.clone(), ids.last().copied());
        let found = world
            .write(move |collectors, conn| {
                let filter = StaffFilter { regions: &regions, verification: of };
                collectors.staff_page_in(conn, filter, after, 2)
            })
            .unwrap();
        if found.is_empty() {
            return ids;
        }
        ids.extend(found.iter().map(|collector| collector.id));
    }
}

#[test]
fn verifying_twice_is_verifying_once() {
    on_each_engine(|world| {
        let (pending, officer) = (world.pending(1), world.account(2));
        let verified = world.verify(officer, "12.07", pending.id).unwrap();
        let at = world.ambient.now();
        assert_eq!(verified.verification, Verification::Verified { at, by: officer });
        world.pass(std::time::Duration::from_secs(60));
        assert_eq!(world.verify(officer, "12.07", pending.id).unwrap(), verified);
        assert_eq!(world.read(pending.id), verified);
        assert_eq!(world.kinds(), ["registered", "verified"]);
    });
}

#[test]
fn staff_of_elsewhere_find_nothing_and_nobody_decides_about_himself() {
    on_each_engine(|world| {
        let (pending, officer) = (world.pending(1), world.account(2));
        for elsewhere in ["12.71", "12.07.01", "13"] {
            let outcome = world.verify(officer, elsewhere, pending.id);
            assert!(matches!(outcome, Err(CollectorError::NotFound)), "{elsewhere} {outcome:?}");
            let outcome = suspend(world, officer, elsewhere, pending.id);
            assert!(matches!(outcome, Err(CollectorError::NotFound)), "{elsewhere} {outcome:?}");
        }
        let own = world.verify(pending.account, "12.07", pending.id);
        assert!(matches!(own, Err(CollectorError::OwnCase)), "{own:?}");
        let own = suspend(world, pending.account, "12.07", pending.id);
        assert!(matches!(own, Err(CollectorError::OwnCase)), "{own:?}");
        assert_eq!(world.kinds(), ["registered"]);
    });
}

#[test]
fn a_suspended_collector_is_offline_until_staff_verify_him_again() {
    on_each_engine(|world| {
        let (verified, officer) = (world.verified(1), world.account(2));
        let material = world.material(0);
        let board = world.publish(verified.id, verified.version, &list(&[(&material, 1)])).unwrap();
        let online = world.switch(verified.id, board.version, true).unwrap();
        let suspended = suspend(world, officer, "12.07.28", online.id).unwrap();
        assert!(!suspended.online);
        assert_eq!(suspended.verification.state(), VerificationState::Suspended);
        assert_eq!(world.read(online.id), suspended);
        assert_eq!(suspend(world, officer, "12.07.28", online.id).unwrap(), suspended);
        let refused = world.switch(online.id, suspended.version, true);
        assert!(matches!(refused, Err(CollectorError::NotVerified)), "{refused:?}");
        let profile = world.write(move |it, conn| Ok(it.profile_in(conn, online.id)?)).unwrap();
        assert_eq!(profile, None);
        let lifted = world.verify(officer, "12.07.28", online.id).unwrap();
        assert!(!lifted.online);
        assert!(world.switch(online.id, lifted.version, true).unwrap().online);
    });
}

#[test]
fn staff_see_the_collectors_of_their_regions_page_by_page() {
    on_each_engine(|world| {
        let pending: Vec<_> = (1..=5).map(|number| world.pending(number).id).collect();
        let verified = world.verified(6).id;
        let all: Vec<_> = pending.iter().copied().chain([verified]).collect();
        assert_eq!(page(world, &["12.07"], None), all);
        // Grants that lie within each other show nobody twice.
        assert_eq!(page(world, &["12.07", "12.07.28.2001", "12"], None), all);
        assert_eq!(page(world, &["12.07.28"], Some(VerificationState::Pending)), pending);
        assert_eq!(page(world, &["12.07.28"], Some(VerificationState::Verified)), [verified]);
        assert_eq!(page(world, &["12.07.29", "12.71", "12.07.28.2002"], None), []);
    });
}
