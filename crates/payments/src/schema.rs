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
