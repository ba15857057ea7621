use photos::{Kind, Photos};
use primitives::{PhotoId, RegionCode};

use super::{
    told,
    world::{Deal, WORTH, World, on_each_engine},
};
use crate::{CashOutcome, CashRuling, Method, Objection, Payment, PaymentError, PaymentStateName};

fn object(
    world: &World,
    by: primitives::AccountId,
    payment: &Payment,
) -> Result<Payment, PaymentError> {
    object_with(world, by, payment, Vec::new())
}

fn object_with(
    world: &World,
    by: primitives::AccountId,
    payment: &Payment,
    photos: Vec<PhotoId>,
) -> Result<Payment, PaymentError> {
    let (reason, detail) = ("kurang".to_owned(), Some("dua ribu".to_owned()));
    let (objection, id) = (Objection { reason, detail, photos }, payment.id);
    world.write(move |payments, conn| payments.dispute_in(conn, by, id, &objection))
}

fn rule(
    world: &World,
    by: primitives::AccountId,
    region: &str,
    payment: &Payment,
    outcome: CashOutcome,
) -> Result<Payment, PaymentError> {
    let (regions, id) = ([RegionCode::parse(region).unwrap()], payment.id);
    let ruling = CashRuling { outcome, reason: "ada saksi".to_owned() };
    world.write(move |payments, conn| payments.resolve_in(conn, by, &regions, id, &ruling))
}

fn open(world: &World, region: &str) -> usize {
    let regions = [RegionCode::parse(region).unwrap()];
    let found =
        world.write(move |payments, conn| Ok(payments.open_disputes_in(conn, &regions, None, 10)?));
    found.unwrap().len()
}

#[test]
fn the_household_disputes_and_staff_decide_once() {
    on_each_engine(|world| {
        let (deal, officer) = (world.deal(1), world.person(90));
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        let disputed = object(world, deal.household, &claimed).unwrap();
        assert_eq!(object(world, deal.household, &claimed).unwrap(), disputed);
        assert_eq!((open(world, "12.07"), open(world, "12.71")), (1, 0));
        let settled = rule(world, officer, "12.07", &claimed, CashOutcome::Received).unwrap();
        assert_eq!(settled.state.name(), PaymentStateName::Settled);
        assert_eq!(
            rule(world, officer, "12.07", &claimed, CashOutcome::Received).unwrap(),
            settled
        );
        let other = rule(world, officer, "12.07", &claimed, CashOutcome::NotReceived).unwrap_err();
        assert_eq!(told(&other), ("wrong_state", Some(("state", "settled".to_owned()))));
        assert_eq!((world.cash_received(&deal), open(world, "12.07")), (WORTH, 0));
        let story = ["payment_claimed", "payment_disputed", "payment_settled"];
        assert_eq!(world.kinds()[..3], story);
        world.verify().unwrap();
    });
}

#[test]
fn the_collector_objects_to_a_denial_and_a_ruling_is_the_last_word() {
    on_each_engine(|world| {
        let (deal, officer) = (world.deal(1), world.person(90));
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        let early = object(world, deal.payer, &claimed).unwrap_err();
        assert_eq!(told(&early).0, "wrong_state");
        world.deny(&deal, &claimed).unwrap();
        let objected = object(world, deal.payer, &claimed).unwrap();
        assert_eq!(objected.state.name(), PaymentStateName::Pending);
        let again = world.pay(&deal, Method::Cash).unwrap_err();
        assert_eq!(told(&again).0, "payment_exists");
        assert_eq!(told(&object(world, deal.household, &claimed).unwrap_err()).0, "dispute_open");
        assert_eq!(world.deny(&deal, &claimed).unwrap().state, objected.state);
        let failed = rule(world, officer, "12.07", &claimed, CashOutcome::NotReceived).unwrap();
        assert_eq!(failed.state.name(), PaymentStateName::Failed);
        assert_eq!(told(&object(world, deal.payer, &claimed).unwrap_err()).0, "dispute_decided");
        let second = world.pay(&deal, Method::Cash).unwrap();
        world.confirm(&deal, &second).unwrap();
        assert_eq!(world.cash_received(&deal), WORTH);
        world.verify().unwrap();
    });
}

#[test]
fn a_collector_who_paid_again_cannot_object_any_more() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let first = world.pay(&deal, Method::Cash).unwrap();
        world.deny(&deal, &first).unwrap();
        let second = world.pay(&deal, Method::Cash).unwrap();
        let late = object(world, deal.payer, &first).unwrap_err();
        assert_eq!(told(&late), ("payment_exists", Some(("payment_id", second.id.to_string()))));
    });
}

#[test]
fn nobody_decides_his_own_nor_in_a_foreign_region_nor_without_a_reason() {
    on_each_engine(|world| {
        let (deal, officer) = (world.deal(1), world.person(90));
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        let nothing = rule(world, officer, "12.07", &claimed, CashOutcome::Received).unwrap_err();
        assert_eq!(told(&nothing).0, "wrong_state");
        object(world, deal.household, &claimed).unwrap();
        for party in [deal.household, deal.payer] {
            let own = rule(world, party, "12.07", &claimed, CashOutcome::Received).unwrap_err();
            assert_eq!(told(&own).0, "own_dispute");
        }
        let foreign = rule(world, officer, "12.71", &claimed, CashOutcome::Received).unwrap_err();
        assert_eq!(told(&foreign).0, "not_found");
        let (regions, id) = ([RegionCode::parse("12.07").unwrap()], claimed.id);
        let blank = CashRuling { outcome: CashOutcome::Received, reason: " ".to_owned() };
        let refused = world
            .write(move |payments, conn| payments.resolve_in(conn, officer, &regions, id, &blank));
        assert_eq!(told(&refused.unwrap_err()).0, "invalid_fields");
        assert_eq!(world.cash_received(&deal), 0);
    });
}

#[test]
fn silence_opens_a_dispute_with_a_deadline() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        world.pay(&deal, Method::Cash).unwrap();
        world.pass(48);
        assert_eq!(world.flag(), 1);
        let regions = [RegionCode::parse("12").unwrap()];
        let found = world
            .write(move |payments, conn| Ok(payments.open_disputes_in(conn, &regions, None, 10)?));
        let (_, dispute) = &found.unwrap()[0];
        assert_eq!(dispute.reason, "unanswered");
        assert_eq!(dispute.decide_by.seconds_since(dispute.opened_at), 7 * 86_400);
    });
}

#[test]
fn yes_a_ruling_and_an_objection_at_once_end_in_one_of_them() {
    on_each_engine(|world| {
        let officer = world.person(900);
        for number in 1..=6 {
            let deal: Deal = world.deal(number);
            let claimed = world.pay(&deal, Method::Cash).unwrap();
            object(world, deal.household, &claimed).unwrap();
            std::thread::scope(|scope| {
                let yes = scope.spawn(|| world.confirm(&deal, &claimed).is_ok());
                let ruled = scope.spawn(|| {
                    let no = CashOutcome::NotReceived;
                    rule(world, officer, "12.07", &claimed, no).is_ok()
                });
                let (yes, ruled) = (yes.join().unwrap(), ruled.join().unwrap());
                assert!(yes != ruled);
                assert_eq!(world.cash_received(&deal), if yes { WORTH } else { 0 });
            });
        }
        world.verify().unwrap();
    });
}

fn photo(world: &World, owner: primitives::AccountId) -> PhotoId {
    let photos = Photos::in_memory(world.ambient.clone());
    let (database, raw) = (world.database.clone(), test_kit::TINY_WEBP.to_vec());
    actix_web::rt::System::new().block_on(async move {
        let taken = photos.receive(&database, owner, Kind::Webp, raw).await.unwrap();
        database.write(move |conn| photos.keep_in(conn, &taken)).await.unwrap().id
    })
}

#[test]
fn an_objection_has_photos_that_both_sides_see_and_staff_while_they_decide() {
    on_each_engine(|world| {
        let (deal, officer) = (world.deal(1), world.person(90));
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        let (notes, other) = (photo(world, deal.household), photo(world, deal.payer));
        let foreign = object_with(world, deal.household, &claimed, vec![other]).unwrap_err();
        assert_eq!(told(&foreign).0, "invalid_fields");
        object_with(world, deal.household, &claimed, vec![notes]).unwrap();
        // Said again, it changes nothing, whatever is named.
        object_with(world, deal.household, &claimed, vec![notes]).unwrap();
        let id = claimed.id;
        let party = |account| {
            world.write(move |payments, conn| payments.photo_for_party_in(conn, account, id, notes))
        };
        let staff = |account, region: &str| {
            let regions = [RegionCode::parse(region).unwrap()];
            world.write(move |payments, conn| {
                payments.photo_for_staff_in(conn, account, &regions, (id, notes))
            })
        };
        assert!(party(deal.household).is_ok() && party(deal.payer).is_ok());
        assert_eq!(told(&party(officer).unwrap_err()).0, "not_found");
        assert_eq!(staff(officer, "12.07").unwrap().id, notes);
        assert_eq!(told(&staff(officer, "12.71").unwrap_err()).0, "not_found");
        assert_eq!(told(&staff(deal.household, "12.07").unwrap_err()).0, "own_dispute");
        let ruled = rule(world, officer, "12.07", &claimed, CashOutcome::Received).unwrap();
        let dispute = world.write(move |payments, conn| Ok(payments.dispute_of_in(conn, &ruled)?));
        assert_eq!(dispute.unwrap().unwrap().photos, [notes]);
        assert_eq!(told(&staff(officer, "12.07").unwrap_err()).0, "not_found");
        world.pass(23);
        assert!(party(deal.payer).is_ok());
        world.pass(1);
        assert_eq!(told(&party(deal.payer).unwrap_err()).0, "not_found");
        assert!(party(deal.household).is_ok());
    });
}
