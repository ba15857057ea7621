mod confirm;
mod decide_withdrawal;
mod deny;
mod entries;
mod escalated_withdrawals;
mod notify;
mod pay;
mod receipt;
mod show;
mod top_up;
mod wallet;
mod withdraw;
mod withdrawal;
mod withdrawal_terms;
mod withdrawals;

use http_kit::Answer;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Payment, PaymentView};

/// Registers every operation of this crate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(pay::pay_pickup)
        .service(show::get_payment)
        .service(confirm::confirm_payment)
        .service(deny::deny_payment)
        .service(receipt::get_receipt)
        .service(wallet::get_wallet)
        .service(entries::list_wallet_entries)
        .service(top_up::top_up_wallet)
        .service(withdraw::create_withdrawal)
        .service(withdrawals::list_withdrawals)
        .service(withdrawal::get_withdrawal)
        .service(withdrawal_terms::get_withdrawal_terms)
        .service(escalated_withdrawals::list_escalated_withdrawals)
        .service(decide_withdrawal::decide_withdrawal)
        .service(notify::notify_payout);
}

/// The payment with its ETag.
fn shown(payment: &Payment) -> Answer {
    Answer::ok(&PaymentView::from(payment)).version(payment.version)
}
