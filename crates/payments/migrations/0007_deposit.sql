-- Where a collector's money is set aside as soon as he takes on a job that is to be paid by wallet; the smallest region
-- that says anything about it decides.
CREATE TABLE deposit_rule (
    region {{id}} NOT NULL,
    required {{bool}} NOT NULL,
    changed_at {{int}} NOT NULL,
    CONSTRAINT deposit_rule_region_key PRIMARY KEY (region)
) {{table_end}};

-- What is set aside for a job, and since when no more.
CREATE TABLE deposit (
    pickup_id {{id}} NOT NULL REFERENCES pickup (id),
    hold_id {{id}} NOT NULL REFERENCES hold (id),
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah > 0),
    expires_at {{int}} NOT NULL,
    ended_at {{int}},
    CONSTRAINT deposit_pickup_id_key PRIMARY KEY (pickup_id),
    CONSTRAINT deposit_hold_id_key UNIQUE (hold_id)
) {{table_end}};
CREATE INDEX deposit_expires_at ON deposit (expires_at, pickup_id) WHERE ended_at IS NULL;
