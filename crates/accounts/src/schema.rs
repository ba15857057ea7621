//! The tables of this crate. Nobody else can name them.

diesel::table! {
    account (id) {
        id -> Text,
        phone -> Text,
        full_name -> Nullable<Text>,
        language -> Text,
        collector_id -> Nullable<Text>,
        totp_enrolment -> Nullable<Text>,
        totp_step -> Nullable<BigInt>,
        suspended_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    otp_challenge (id) {
        id -> Text,
        phone -> Text,
        code_mac -> Text,
        tries -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    otp_pace (phone) {
        phone -> Text,
        sent_at -> BigInt,
    }
}

diesel::table! {
    otp_budget (name) {
        name -> Text,
        started_at -> BigInt,
        spent -> BigInt,
    }
}

diesel::table! {
    session (id) {
        id -> Text,
        account_id -> Text,
        device_name -> Nullable<Text>,
        second_factor -> Bool,
        created_at -> BigInt,
        last_used_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_token (token_hash) {
        token_hash -> Text,
        session_id -> Text,
        created_at -> BigInt,
        spent_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    invitation (id) {
        id -> Text,
        token_hash -> Text,
        role -> Text,
        region -> Text,
        phone -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        accepted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_grant (account_id, role, region, valid_from) {
        account_id -> Text,
        role -> Text,
        region -> Text,
        valid_from -> BigInt,
        valid_until -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(session -> account (account_id));
diesel::joinable!(refresh_token -> session (session_id));
diesel::allow_tables_to_appear_in_same_query!(account, session, refresh_token);
