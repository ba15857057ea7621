use primitives::AccountId;

use super::{
    told,
    world::{Deal, WORTH, World, on_each_engine},
};
use crate::{Method, PaymentError, Receipt, ReceiptView};

fn receipt(world: &World, deal: &Deal, account: AccountId) -> Result<Receipt, PaymentError> {
    let pickup = deal.pickup;
    world.write(move |payments, conn| payments.receipt_in(conn, account, pickup))
}

#[test]
fn both_sides_get_the_same_receipt_and_nobody_else() {
    on_each_engine(|world| {
        let (deal, other) = (world.deal(1), world.deal(2));
        let early = receipt(world, &deal, deal.household).unwrap_err();
        assert_eq!(told(&early).0, "no_receipt_yet");
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        assert_eq!(told(&receipt(world, &deal, deal.payer).unwrap_err()).0, "no_receipt_yet");
        world.confirm(&deal, &claimed).unwrap();
        let view = ReceiptView::from(&receipt(world, &deal, deal.household).unwrap());
        assert_eq!(view, ReceiptView::from(&receipt(world, &deal, deal.payer).unwrap()));
        let stranger = receipt(world, &deal, other.household).unwrap_err();
        assert_eq!(told(&stranger).0, "not_found");
    });
}

#[test]
fn a_receipt_adds_up_and_can_be_looked_up_in_the_books() {
    on_each_engine(|world| {
        let deal = world.deal(1);
        let claimed = world.pay(&deal, Method::Cash).unwrap();
        world.confirm(&deal, &claimed).unwrap();
        let view = ReceiptView::from(&receipt(world, &deal, deal.household).unwrap());
        assert_eq!(view.lines.iter().map(|line| line.amount_rupiah.get()).sum::<i64>(), WORTH);
        assert_eq!((view.amount_rupiah.get(), view.scale_id.as_deref()), (WORTH, Some("DS-0042")));
        assert_eq!(view.collector_name, "UD Maju");
        let mut conn = test_kit::raw_connection(&world.database);
        let journal = ledger::journal_in(&mut conn, view.journal_id).unwrap().unwrap();
        assert_eq!(journal.hash, view.journal_hash);
        assert_eq!(journal.postings.len(), 6);
    });
}
