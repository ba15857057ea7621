diesel::table! {
    collector (id) {
        id -> Text,
        account_id -> Text,
        kind -> Text,
        name -> Text,
        base_lat -> Double,
        base_lon -> Double,
        base_accuracy_meters -> Nullable<BigInt>,
        desa_code -> Text,
        service_radius_meters -> BigInt,
        vehicle -> Text,
        verification -> Text,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<Text>,
        reason -> Nullable<Text>,
        online -> Bool,
        stars_sum -> BigInt,
        stars_count -> BigInt,
        completed_count -> BigInt,
        released_count -> BigInt,
        no_show_count -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        service_area -> Nullable<Text>,
        working_hours -> Nullable<Text>,
    }
}

diesel::table! {
    collector_price_list (collector_id, number) {
        collector_id -> Text,
        number -> BigInt,
        valid_from -> BigInt,
        created_at -> BigInt,
        prices -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(collector, collector_price_list);
