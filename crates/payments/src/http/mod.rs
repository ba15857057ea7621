mod adjustments;
mod charges;
mod confirm;
mod decide_withdrawal;
mod deny;
mod dispute;
mod dispute_photo;
mod disputes;
mod entries;
mod escalated_withdrawals;
mod notify;
mod passbook;
mod pay;
mod receipt;
mod reconciliations;
mod resolve;
mod show;
mod staff_photo;
mod statement;
mod suspense;
mod top_up;
mod verification;
mod wallet;
mod withdraw;
mod withdrawal;
mod withdrawal_terms;
mod withdrawals;

use database::{Connection, DatabaseError};
use http_kit::Answer;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Payment, PaymentView, Payments};

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(pay::pay_pickup)
        .service(show::get_payment)
        .service(confirm::confirm_payment)
        .service(deny::deny_payment)
        .service(dispute::dispute_payment)
        .service(disputes::list_payment_disputes)
        .service(resolve::resolve_payment)
        .service(dispute_photo::get_payment_photo)
        .service(staff_photo::get_payment_dispute_photo)
        .service(receipt::get_receipt)
        .service(verification::verify_receipt)
        .service(wallet::get_wallet)
        .service(entries::list_wallet_entries)
        .service(passbook::get_passbook)
        .service(statement::get_wallet_statement)
        .service(top_up::top_up_wallet)
        .service(adjustments::propose::propose_adjustment)
        .service(adjustments::list::list_adjustments)
        .service(adjustments::approve::approve_adjustment)
        .service(adjustments::reject::reject_adjustment)
        .service(withdraw::create_withdrawal)
        .service(withdrawals::list_withdrawals)
        .service(withdrawal::get_withdrawal)
        .service(withdrawal_terms::get_withdrawal_terms)
        .service(escalated_withdrawals::list_escalated_withdrawals)
        .service(decide_withdrawal::decide_withdrawal)
        .service(charges::create::create_top_up)
        .service(charges::list::list_top_ups)
        .service(charges::show::get_top_up)
        .service(charges::terms::get_top_up_terms)
        .service(charges::escalated::list_escalated_top_ups)
        .service(charges::look_up::look_up_top_up)
        .service(charges::close::close_top_up)
        .service(suspense::list::list_suspended_payments)
        .service(suspense::propose::propose_suspense_release)
        .service(suspense::approve::approve_suspense_release)
        .service(suspense::reject::reject_suspense_release)
        .service(reconciliations::gateways::list_gateways)
        .service(reconciliations::list::list_reconciliations)
        .service(reconciliations::request::request_reconciliation)
        .service(reconciliations::show::get_reconciliation)
        .service(reconciliations::items::list_reconciliation_items)
        .service(reconciliations::explain::explain_difference)
        .service(notify::notify_payout);
}

/// The payment with its dispute and its ETag.
fn shown<E: From<DatabaseError>>(
    payments: &Payments,
    conn: &mut Connection,
    payment: &Payment,
) -> Result<Answer, E> {
    let dispute = payments.dispute_of_in(conn, payment)?;
    Ok(Answer::ok(&PaymentView::of(payment, dispute.as_ref())).version(payment.version))
}
