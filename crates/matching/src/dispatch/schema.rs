diesel::table! {
    dispatch_policy (region, version) {
        region -> Text,
        version -> BigInt,
        patience_seconds -> BigInt,
        gather_seconds -> Nullable<BigInt>,
        set_by -> Text,
        set_at -> BigInt,
    }
}

diesel::table! {
    dispatch_policy_wave (region, version, number) {
        region -> Text,
        version -> BigInt,
        number -> BigInt,
        collectors -> BigInt,
        wait_seconds -> BigInt,
    }
}

diesel::table! {
    announcement (report_id, wave) {
        report_id -> Text,
        wave -> BigInt,
        announced_at -> BigInt,
    }
}

diesel::table! {
    announced_collector (report_id, collector_id) {
        report_id -> Text,
        collector_id -> Text,
        wave -> BigInt,
        announced_at -> BigInt,
    }
}
