diesel::table! {
    event (position) {
        position -> BigInt,
        id -> Text,
        seq -> Nullable<BigInt>,
        kind -> Text,
        subject -> Text,
        region -> Nullable<Text>,
        actor -> Text,
        occurred_at -> BigInt,
        created_at -> BigInt,
        body -> Text,
        prev_hash -> Nullable<Text>,
        hash -> Nullable<Text>,
    }
}

diesel::table! {
    event_cursor (reader) {
        reader -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    event_chain (id) {
        id -> BigInt,
        seq -> BigInt,
        hash -> Text,
    }
}
