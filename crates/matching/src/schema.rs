diesel::table! {
    offer (id) {
        id -> Text,
        report_id -> Text,
        report_version -> BigInt,
        household_id -> Text,
        collector_id -> Text,
        desa -> Text,
        pickup_at -> BigInt,
        note -> Nullable<Text>,
        state -> Text,
        pickup_id -> Nullable<Text>,
        created_at -> BigInt,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    offer_price (offer_id, material) {
        offer_id -> Text,
        material -> Text,
        price_rupiah -> BigInt,
    }
}

diesel::table! {
    matching_weights (region, version) {
        region -> Text,
        version -> BigInt,
        travel_time -> BigInt,
        payout -> BigInt,
        reliability -> BigInt,
        rating -> BigInt,
        spare_capacity -> BigInt,
        window_fit -> BigInt,
        fairness -> BigInt,
        ageing -> BigInt,
        chosen_by -> Text,
        chosen_at -> BigInt,
    }
}
