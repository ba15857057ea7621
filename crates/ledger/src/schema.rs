diesel::table! {
    ledger_account (id) {
        id -> BigInt,
        name -> Text,
        unit -> Text,
        floor -> Nullable<BigInt>,
    }
}

diesel::table! {
    journal (seq) {
        seq -> BigInt,
        id -> Text,
        kind -> Text,
        business_key -> Text,
        reverses -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    journal_seal (seq) {
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    posting (account, version) {
        account -> BigInt,
        version -> BigInt,
        journal -> BigInt,
        delta -> BigInt,
        held_delta -> BigInt,
        balance_after -> BigInt,
        held_after -> BigInt,
    }
}

diesel::table! {
    hold (id) {
        id -> Text,
        journal -> BigInt,
        account -> BigInt,
        amount -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    hold_outcome (hold) {
        hold -> Text,
        journal -> BigInt,
        outcome -> Text,
        settled -> BigInt,
    }
}

diesel::table! {
    open_hold (hold) {
        hold -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    refund (journal) {
        journal -> BigInt,
        original -> BigInt,
    }
}

diesel::joinable!(open_hold -> hold (hold));
diesel::joinable!(posting -> ledger_account (account));
diesel::joinable!(posting -> journal (journal));
diesel::joinable!(hold -> ledger_account (account));
diesel::allow_tables_to_appear_in_same_query!(
    ledger_account,
    journal,
    journal_seal,
    posting,
    hold,
    hold_outcome,
    open_hold,
    refund,
);
