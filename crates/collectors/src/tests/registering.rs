use primitives::RegionCode;

use super::world::{World, applicant, code, on_each_engine, place};
use crate::{
    Collector, CollectorError, Name, NewCollector, ProfileChange, Verification, VerificationState,
};

fn change(
    world: &World,
    of: &Collector,
    version: i64,
    change: ProfileChange,
) -> Result<Collector, CollectorError> {
    let id = of.id;
    world.write(move |collectors, conn| collectors.change_in(conn, id, version, &change))
}

#[test]
fn an_applicant_waits_for_staff() {
    on_each_engine(|world| {
        let stored = world.pending(1);
        assert_eq!(stored.verification, Verification::Pending);
        assert!(!stored.online);
        assert_eq!(stored.desa, code("12.07.28.2001"));
        assert_eq!(world.read(stored.id), stored);
        assert_eq!(world.kinds(), ["registered"]);
    });
}

#[test]
fn one_account_is_one_collector_and_the_same_request_is_the_same_collector() {
    on_each_engine(|world| {
        let account = world.account(1);
        let new = NewCollector { id: Some(world.ambient.mint()), ..applicant() };
        let first = world.register(account, &new).unwrap();
        assert_eq!(world.register(account, &new).unwrap(), first);
        let again = world.register(account, &applicant());
        assert!(matches!(again, Err(CollectorError::Exists)), "{again:?}");
        let thief = world.register(world.account(2), &new);
        assert!(matches!(thief, Err(CollectorError::IdTaken)), "{thief:?}");
        assert_eq!(world.kinds(), ["registered"]);
    });
}

#[test]
fn the_map_names_the_desa_and_nonsense_is_refused() {
    on_each_engine(|world| {
        let located = NewCollector { desa: None, ..applicant() };
        let desa = world.register(world.account(1), &located).unwrap().desa;
        assert!(RegionCode::parse("12.07").unwrap().contains(&desa), "{desa}");

        let pointers = |new: NewCollector| match world.register(world.account(2), &new) {
            Err(CollectorError::Refused(fields)) => {
                fields.into_iter().map(|it| (it.pointer, it.code)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let nowhere = NewCollector { desa: None, base: place(-8.5, 119.9), ..applicant() };
        assert_eq!(pointers(nowhere), [("/base".into(), "place_in_no_known_desa")]);
        let kecamatan = NewCollector { desa: Some(code("12.07.28")), ..applicant() };
        assert_eq!(pointers(kecamatan), [("/desa_code".into(), "desa_unknown")]);
        let rocket = catalog::VehicleCode::parse("ROCKET").unwrap();
        let rocket = NewCollector { vehicle: rocket, ..applicant() };
        assert_eq!(pointers(rocket), [("/vehicle".into(), "vehicle_unknown")]);
    });
}

#[test]
fn a_change_needs_the_version_that_was_read() {
    on_each_engine(|world| {
        let stored = world.pending(1);
        let rename = ProfileChange { name: Name::parse("Ucok Jaya").ok(), ..Default::default() };
        let renamed = change(world, &stored, stored.version, rename.clone()).unwrap();
        assert_eq!((renamed.name.as_str(), renamed.version), ("Ucok Jaya", stored.version + 1));
        assert_eq!(world.read(stored.id), renamed);
        let stale = change(world, &stored, stored.version, rename.clone());
        assert!(matches!(stale, Err(CollectorError::VersionConflict)), "{stale:?}");
        // The same name again is no change.
        assert_eq!(change(world, &stored, renamed.version, rename).unwrap(), renamed);
        assert_eq!(world.kinds(), ["registered", "changed"]);
    });
}

#[test]
fn moving_to_another_kabupaten_asks_its_staff_again() {
    on_each_engine(|world| {
        let verified = world.verified(1);
        let next_door = ProfileChange {
            base: Some(place(3.56, 98.88)),
            desa: Some(code("12.07.28.2002")),
            ..Default::default()
        };
        let moved = change(world, &verified, verified.version, next_door).unwrap();
        assert_eq!(moved.verification, verified.verification);
        assert_eq!(moved.base, place(3.56, 98.88));
        assert_eq!(world.read(moved.id), moved);
    });
}

#[test]
fn of_two_changes_at_once_one_wins() {
    on_each_engine(|world| {
        let stored = world.pending(1);
        let rename = |name: &str| {
            let name = Name::parse(name).ok();
            let (world, stored) = (world.clone(), stored.clone());
            std::thread::spawn(move || {
                let new = ProfileChange { name, ..Default::default() };
                change(&world, &stored, stored.version, new).is_ok()
            })
        };
        let racers = [rename("Satu"), rename("Dua"), rename("Tiga")];
        let winners = racers.map(|racer| racer.join().unwrap());
        assert_eq!(winners.iter().filter(|won| **won).count(), 1);
        assert_eq!(world.read(stored.id).version, stored.version + 1);
        assert_eq!(world.kinds(), ["registered", "changed"]);
        assert_eq!(world.read(stored.id).verification.state(), VerificationState::Pending);
    });
}
