-- Who fetches recyclables. `version` counts every change of the row; verification facts stand together or not at all.
CREATE TABLE collector (
    id {{id}} NOT NULL,
    account_id {{id}} NOT NULL REFERENCES account (id),
    kind {{text}} NOT NULL,
    name {{text}} NOT NULL,
    base_lat {{double}} NOT NULL,
    base_lon {{double}} NOT NULL,
    base_accuracy_meters {{int}},
    desa_code {{id}} NOT NULL,
    service_radius_meters {{int}} NOT NULL,
    vehicle {{id}} NOT NULL,
    verification {{text}} NOT NULL,
    decided_at {{int}},
    decided_by {{id}},
    reason {{text}},
    online {{bool}} NOT NULL,
    stars_sum {{int}} NOT NULL,
    stars_count {{int}} NOT NULL,
    completed_count {{int}} NOT NULL,
    released_count {{int}} NOT NULL,
    no_show_count {{int}} NOT NULL,
    version {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    CONSTRAINT collector_id_key PRIMARY KEY (id),
    CONSTRAINT collector_account_id_key UNIQUE (account_id),
    CONSTRAINT collector_kind_check
        CHECK (kind IN ('pengepul', 'bank_sampah_unit', 'bank_sampah_induk', 'tps3r', 'tpst')),
    CONSTRAINT collector_service_radius_meters_check CHECK (service_radius_meters BETWEEN 100 AND 50000),
    CONSTRAINT collector_verification_check CHECK (
        (verification = 'pending' AND decided_at IS NULL AND decided_by IS NULL AND reason IS NULL)
        OR (verification = 'verified' AND decided_at IS NOT NULL AND decided_by IS NOT NULL AND reason IS NULL)
        OR (verification = 'suspended' AND decided_at IS NOT NULL AND decided_by IS NOT NULL AND reason IS NOT NULL)
    ),
    CONSTRAINT collector_online_check CHECK (verification = 'verified' OR online = {{false}}),
    CONSTRAINT collector_stars_check CHECK (stars_count >= 0 AND stars_sum BETWEEN stars_count AND 5 * stars_count),
    CONSTRAINT collector_promises_check CHECK (completed_count >= 0 AND released_count >= 0 AND no_show_count >= 0),
    CONSTRAINT collector_version_check CHECK (version >= 1)
) {{table_end}};

CREATE INDEX collector_desa_code_index ON collector (desa_code, id);

-- Published lists are never changed: the one in force is the one with the latest valid_from not after now.
CREATE TABLE collector_price_list (
    collector_id {{id}} NOT NULL REFERENCES collector (id),
    number {{int}} NOT NULL,
    valid_from {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    CONSTRAINT collector_price_list_collector_id_number_key PRIMARY KEY (collector_id, number),
    CONSTRAINT collector_price_list_number_check CHECK (number >= 1)
) {{table_end}};

CREATE INDEX collector_price_list_valid_from_index ON collector_price_list (valid_from, collector_id);

CREATE TABLE collector_price (
    collector_id {{id}} NOT NULL,
    number {{int}} NOT NULL,
    material {{id}} NOT NULL,
    price_rupiah {{int}} NOT NULL,
    CONSTRAINT collector_price_collector_id_number_material_key PRIMARY KEY (collector_id, number, material),
    CONSTRAINT collector_price_price_rupiah_check CHECK (price_rupiah BETWEEN 0 AND 1000000),
    FOREIGN KEY (collector_id, number) REFERENCES collector_price_list (collector_id, number)
) {{table_end}};
