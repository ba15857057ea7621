diesel::table! {
    adjustment (id) {
        id -> Text,
        region -> Text,
        account_id -> Text,
        amount_rupiah -> BigInt,
        reason -> Text,
        maker -> Text,
        proposed_at -> BigInt,
        state -> Text,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        journal_id -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    adjustment_day (maker, day) {
        maker -> Text,
        day -> BigInt,
        proposed_rupiah -> BigInt,
    }
}

diesel::table! {
    charge (id) {
        id -> Text,
        account_id -> Text,
        gateway -> Text,
        channel -> Text,
        amount_rupiah -> BigInt,
        state -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        reference -> Nullable<Text>,
        pay_to -> Nullable<Text>,
        due_at -> Nullable<BigInt>,
        escalated_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        payment -> Nullable<Text>,
        credited_journal_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    incoming_payment (gateway, reference) {
        gateway -> Text,
        reference -> Text,
        charge_id -> Text,
        amount_rupiah -> BigInt,
        place -> Text,
        received_journal_id -> Text,
        placed_journal_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    suspense_release (id) {
        id -> Text,
        gateway -> Text,
        payment -> Text,
        outcome -> Text,
        account_id -> Nullable<Text>,
        return_reference -> Nullable<Text>,
        amount_rupiah -> BigInt,
        reason -> Text,
        maker -> Text,
        proposed_at -> BigInt,
        state -> Text,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        journal_id -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    charge_closing (charge_id, closed_at) {
        charge_id -> Text,
        closed_at -> BigInt,
        closed_by -> Text,
        reason -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(incoming_payment, suspense_release);

diesel::table! {
    deposit (pickup_id) {
        pickup_id -> Text,
        hold_id -> Text,
        amount_rupiah -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    deposit_rule (region) {
        region -> Text,
        required -> Bool,
        changed_at -> BigInt,
    }
}

diesel::table! {
    payment (id) {
        id -> Text,
        pickup_id -> Text,
        household_id -> Text,
        collector_id -> Text,
        collector_account_id -> Text,
        desa -> Text,
        method -> Text,
        amount_rupiah -> BigInt,
        state -> Text,
        claimed_at -> BigInt,
        flagged_at -> Nullable<BigInt>,
        settled_at -> Nullable<BigInt>,
        journal_id -> Nullable<Text>,
        denied_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    payment_dispute (payment_id, opened_by) {
        payment_id -> Text,
        opened_by -> Text,
        reason -> Text,
        detail -> Nullable<Text>,
        opened_at -> BigInt,
        decide_by -> BigInt,
        outcome -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
        ruled_by -> Nullable<Text>,
        ruling_reason -> Nullable<Text>,
    }
}

diesel::joinable!(payment_dispute -> payment (payment_id));
diesel::allow_tables_to_appear_in_same_query!(payment, payment_dispute);

diesel::table! {
    top_up (id) {
        id -> Text,
        account_id -> Text,
        gateway -> Text,
        amount_rupiah -> BigInt,
        reason -> Text,
        maker -> Text,
        received_journal_id -> Text,
        credited_journal_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    withdrawal (id) {
        id -> Text,
        account_id -> Text,
        gateway -> Text,
        channel -> Text,
        account_number -> Text,
        account_holder -> Text,
        amount_rupiah -> BigInt,
        fee_rupiah -> BigInt,
        state -> Text,
        created_at -> BigInt,
        journal_id -> Text,
        sent_at -> Nullable<BigInt>,
        reference -> Nullable<Text>,
        due_at -> Nullable<BigInt>,
        escalated_at -> Nullable<BigInt>,
        paid_at -> Nullable<BigInt>,
        paid_journal_id -> Nullable<Text>,
        returned_at -> Nullable<BigInt>,
        returned_journal_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    gateway_notification (id) {
        id -> Text,
        gateway -> Text,
        body -> Text,
        withdrawal_id -> Nullable<Text>,
        received_at -> BigInt,
        charge_id -> Nullable<Text>,
    }
}

diesel::table! {
    withdrawal_decision (withdrawal_id) {
        withdrawal_id -> Text,
        checker -> Text,
        outcome -> Text,
        reason -> Text,
        decided_at -> BigInt,
    }
}

diesel::table! {
    reconciliation (id) {
        id -> Text,
        gateway -> Text,
        from_at -> BigInt,
        until_at -> BigInt,
        requested_at -> BigInt,
        requested_by -> Text,
        state -> Text,
        due_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        failure -> Nullable<Text>,
        matched -> Nullable<BigInt>,
        ours_only -> Nullable<BigInt>,
        theirs_only -> Nullable<BigInt>,
        different_amount -> Nullable<BigInt>,
        version -> BigInt,
        incoming_matched -> Nullable<BigInt>,
        incoming_ours_only -> Nullable<BigInt>,
        incoming_theirs_only -> Nullable<BigInt>,
        incoming_different_amount -> Nullable<BigInt>,
    }
}

diesel::table! {
    reconciliation_line (reconciliation_id, direction, subject) {
        reconciliation_id -> Text,
        direction -> Text,
        subject -> Text,
        outcome -> Text,
        withdrawal_id -> Nullable<Text>,
        charge_id -> Nullable<Text>,
        ours_rupiah -> BigInt,
        theirs_out_rupiah -> BigInt,
        theirs_in_rupiah -> BigInt,
        theirs_back_rupiah -> BigInt,
        happened_at -> BigInt,
        suspense -> Bool,
    }
}

diesel::table! {
    gateway_fee (gateway, name) {
        gateway -> Text,
        name -> Text,
        amount_rupiah -> BigInt,
        happened_at -> BigInt,
        reconciliation_id -> Text,
        given_back -> Bool,
    }
}

diesel::table! {
    reconciliation_explanation (gateway, subject, figures) {
        gateway -> Text,
        subject -> Text,
        figures -> Text,
        explained_by -> Text,
        explained_at -> BigInt,
        reason -> Text,
        cause -> Text,
    }
}

diesel::table! {
    payout_home (one) {
        one -> BigInt,
        home -> Text,
    }
}

diesel::table! {
    payout_quarantine (gateway) {
        gateway -> Text,
        since -> BigInt,
        begun_at -> BigInt,
        lifted_at -> Nullable<BigInt>,
        reconciliation_id -> Nullable<Text>,
    }
}
