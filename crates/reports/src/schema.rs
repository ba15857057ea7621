diesel::table! {
    report (id) {
        id -> Text,
        household_id -> Text,
        content_digest -> Text,
        lat -> Double,
        lon -> Double,
        accuracy_meters -> Nullable<BigInt>,
        desa -> Text,
        located_by -> Text,
        located_distance_meters -> Nullable<BigInt>,
        street -> Nullable<Text>,
        rt -> Nullable<Text>,
        rw -> Nullable<Text>,
        dusun -> Nullable<Text>,
        landmark -> Nullable<Text>,
        note -> Nullable<Text>,
        settlement -> Text,
        selection -> Text,
        state -> Text,
        state_at -> BigInt,
        pickup_id -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        version -> BigInt,
        occurred_at -> BigInt,
        created_at -> BigInt,
        opened_at -> BigInt,
        expires_at -> BigInt,
        minimum_share_percent -> BigInt,
    }
}

diesel::table! {
    report_item (report_id, position) {
        report_id -> Text,
        position -> BigInt,
        material -> Text,
        unit -> Text,
        quantity -> BigInt,
        grams -> BigInt,
        milliliters -> BigInt,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    report_window (report_id, position) {
        report_id -> Text,
        position -> BigInt,
        opens_at -> BigInt,
        closes_at -> BigInt,
    }
}
