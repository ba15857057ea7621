no_receipt_yet = There is no receipt yet
    .detail = The receipt exists as soon as the job is paid and both sides agree.
payment_exists = This job has a payment already
    .detail = Look at the payment named in `payment_id`. A new one is possible only after that one was denied.
balance_insufficient = The wallet does not hold enough
    .detail = Top up the wallet, or pay in cash.
own_wallet = This is your own wallet
    .detail = Nobody tops up his own wallet. Ask a colleague.

field-top_up_out_of_range = A top-up is Rp 1 to Rp 50,000,000.
field-method_unknown = Pay with cash or wallet.
