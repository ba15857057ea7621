diesel::table! {
    emission_factor (code) {
        code -> Text,
        name -> Text,
        grams_co2e_per_kg -> BigInt,
        factor_set -> Text,
    }
}

diesel::table! {
    material (code) {
        code -> Text,
        name_id -> Text,
        name_en -> Text,
        group_id -> Text,
        group_en -> Text,
        sipsn_category -> Text,
        unit -> Text,
        grams_per_unit -> BigInt,
        min_rupiah -> Nullable<BigInt>,
        max_rupiah -> Nullable<BigInt>,
        loose_density_kg_m3 -> Nullable<BigInt>,
        emission_factor_code -> Nullable<Text>,
        accepted -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    vehicle (code) {
        code -> Text,
        name_id -> Text,
        name_en -> Text,
        capacity_grams -> BigInt,
        capacity_milliliters -> BigInt,
        speed_kmh_urban -> BigInt,
        speed_kmh_rural -> BigInt,
        detour_percent -> BigInt,
        range_meters_per_day -> BigInt,
        max_slope_percent -> BigInt,
        grams_co2_per_km -> BigInt,
    }
}

diesel::joinable!(material -> emission_factor (emission_factor_code));
diesel::allow_tables_to_appear_in_same_query!(emission_factor, material);
