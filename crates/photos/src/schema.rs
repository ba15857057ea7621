diesel::table! {
    photo (id) {
        id -> Text,
        owner_id -> Text,
        created_at -> BigInt,
        stored_at -> Nullable<BigInt>,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
        bytes -> Nullable<BigInt>,
        sha256 -> Nullable<Text>,
        subject -> Nullable<Text>,
        position -> Nullable<BigInt>,
        attached_at -> Nullable<BigInt>,
        discarded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    photo_allowance (owner_id) {
        owner_id -> Text,
        started_at -> BigInt,
        spent -> BigInt,
    }
}
