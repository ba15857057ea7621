diesel::table! {
    region (code) {
        code -> Text,
        level -> Text,
        name -> Text,
        parent_code -> Nullable<Text>,
        latitude -> Double,
        longitude -> Double,
        min_lat -> Nullable<Double>,
        min_lon -> Nullable<Double>,
        max_lat -> Nullable<Double>,
        max_lon -> Nullable<Double>,
        area_hectares -> Nullable<BigInt>,
        time_zone -> Text,
        valid_from -> Nullable<Text>,
        valid_until -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    region_boundary (code) {
        code -> Text,
        geojson -> Text,
    }
}
