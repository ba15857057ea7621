mod confirm;
mod deny;
mod entries;
mod pay;
mod receipt;
mod show;
mod top_up;
mod wallet;

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
        .service(top_up::top_up_wallet);
}

/// The payment with its ETag.
fn shown(payment: &Payment) -> Answer {
    Answer::ok(&PaymentView::from(payment)).version(payment.version)
}
