diesel::table! {
    pickup (id) {
        id -> Text,
        report_id -> Text,
        household_id -> Text,
        collector_id -> Text,
        collector_account_id -> Text,
        collector_kind -> Text,
        collector_name -> Text,
        desa -> Text,
        settlement -> Text,
        estimated_grams -> BigInt,
        estimated_milliliters -> BigInt,
        base_distance_meters -> BigInt,
        handover_code -> Text,
        wrong_codes -> BigInt,
        pickup_at -> Nullable<BigInt>,
        report_opened_at -> BigInt,
        assigned_at -> BigInt,
        due_at -> BigInt,
        state -> Text,
        departed_at -> Nullable<BigInt>,
        arrived_at -> Nullable<BigInt>,
        arrival_distance_meters -> Nullable<BigInt>,
        confirmed_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        ended_by -> Nullable<Text>,
        end_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    pickup_price (pickup_id, material) {
        pickup_id -> Text,
        material -> Text,
        price_rupiah -> BigInt,
    }
}

diesel::table! {
    pickup_weighing (pickup_id) {
        pickup_id -> Text,
        weighed_at -> BigInt,
        scale_id -> Nullable<Text>,
        amount_rupiah -> BigInt,
        scale_tera_until -> Nullable<Text>,
    }
}

diesel::table! {
    pickup_line (pickup_id, position) {
        pickup_id -> Text,
        position -> BigInt,
        material -> Text,
        unit -> Text,
        quantity -> BigInt,
        grams -> BigInt,
        price_rupiah -> BigInt,
        amount_rupiah -> BigInt,
    }
}

diesel::table! {
    pickup_dispute (pickup_id) {
        pickup_id -> Text,
        disputed_at -> BigInt,
        reason -> Text,
        detail -> Nullable<Text>,
        resolved_at -> Nullable<BigInt>,
        resolved_by -> Nullable<Text>,
        outcome -> Nullable<Text>,
        resolution_reason -> Nullable<Text>,
    }
}

diesel::table! {
    pickup_rating (pickup_id, rated_by) {
        pickup_id -> Text,
        rated_by -> Text,
        stars -> BigInt,
        comment -> Nullable<Text>,
        created_at -> BigInt,
    }
}
