diesel::table! {
    delivery (id) {
        id -> Text,
        collector_id -> Text,
        facility_id -> Text,
        desa -> Text,
        announced_at -> BigInt,
        expires_at -> BigInt,
        state -> Text,
        ended_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        scale_id -> Nullable<Text>,
        journal_id -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    delivery_line (delivery_id, material) {
        delivery_id -> Text,
        material -> Text,
        grams -> BigInt,
        received_grams -> Nullable<BigInt>,
    }
}

diesel::joinable!(delivery_line -> delivery (delivery_id));
diesel::allow_tables_to_appear_in_same_query!(delivery, delivery_line);
