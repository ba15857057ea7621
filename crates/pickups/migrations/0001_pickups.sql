CREATE TABLE pickup (
    id {{id}} NOT NULL,
    report_id {{id}} NOT NULL REFERENCES report (id),
    household_id {{id}} NOT NULL,
    collector_id {{id}} NOT NULL,
    collector_account_id {{id}} NOT NULL,
    collector_kind {{text}} NOT NULL,
    collector_name {{text}} NOT NULL,
    desa {{id}} NOT NULL,
    settlement {{text}} NOT NULL CHECK (settlement IN ('cash', 'wallet')),
    estimated_grams {{int}} NOT NULL CHECK (estimated_grams >= 0),
    estimated_milliliters {{int}} NOT NULL CHECK (estimated_milliliters >= 0),
    base_distance_meters {{int}} NOT NULL CHECK (base_distance_meters >= 0),
    handover_code {{text}} NOT NULL CHECK (length(handover_code) = 6),
    wrong_codes {{int}} NOT NULL CHECK (wrong_codes BETWEEN 0 AND 10),
    pickup_at {{int}},
    report_opened_at {{int}} NOT NULL,
    assigned_at {{int}} NOT NULL,
    -- Not departed by then: a no-show.
    due_at {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('assigned', 'en_route', 'arrived', 'weighed',
        'confirmed', 'paid', 'released', 'cancelled', 'disputed')),
    departed_at {{int}},
    arrived_at {{int}},
    arrival_distance_meters {{int}} CHECK (arrival_distance_meters >= 0),
    confirmed_at {{int}},
    ended_at {{int}},
    ended_by {{text}} CHECK (ended_by IN ('household', 'collector', 'staff', 'worker')),
    end_reason {{text}},
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT pickup_id_key PRIMARY KEY (id),
    CONSTRAINT pickup_end_known
        CHECK ((state IN ('paid', 'released', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT pickup_arrival_known
        CHECK (state NOT IN ('arrived', 'weighed', 'disputed', 'confirmed', 'paid')
            OR (departed_at IS NOT NULL AND arrived_at IS NOT NULL AND arrival_distance_meters IS NOT NULL)),
    CONSTRAINT pickup_confirmation_known
        CHECK (state NOT IN ('confirmed', 'paid') OR confirmed_at IS NOT NULL)
) {{table_end}};

-- Of several collectors at once one gets the report; this is the last witness.
CREATE UNIQUE INDEX pickup_report_id_key ON pickup (report_id)
    WHERE state NOT IN ('released', 'cancelled');
CREATE INDEX pickup_household ON pickup (household_id, assigned_at, id);
CREATE INDEX pickup_collector_account ON pickup (collector_account_id, assigned_at, id);
CREATE INDEX pickup_collector ON pickup (collector_id, state);
CREATE INDEX pickup_state_due ON pickup (state, due_at, id);

CREATE TABLE pickup_price (
    pickup_id {{id}} NOT NULL REFERENCES pickup (id),
    material {{id}} NOT NULL,
    price_rupiah {{int}} NOT NULL CHECK (price_rupiah BETWEEN 0 AND 1000000),
    CONSTRAINT pickup_price_pickup_id_material_key PRIMARY KEY (pickup_id, material)
) {{table_end}};

CREATE TABLE pickup_weighing (
    pickup_id {{id}} NOT NULL REFERENCES pickup (id),
    weighed_at {{int}} NOT NULL,
    scale_id {{text}},
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah >= 0),
    CONSTRAINT pickup_weighing_pickup_id_key PRIMARY KEY (pickup_id)
) {{table_end}};

CREATE TABLE pickup_line (
    pickup_id {{id}} NOT NULL REFERENCES pickup_weighing (pickup_id),
    position {{int}} NOT NULL CHECK (position BETWEEN 0 AND 19),
    material {{id}} NOT NULL,
    unit {{text}} NOT NULL CHECK (unit IN ('kg', 'piece', 'liter')),
    quantity {{int}} NOT NULL CHECK (quantity > 0),
    grams {{int}} NOT NULL CHECK (grams >= 0),
    price_rupiah {{int}} NOT NULL CHECK (price_rupiah BETWEEN 0 AND 1000000),
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah >= 0),
    CONSTRAINT pickup_line_pickup_id_position_key PRIMARY KEY (pickup_id, position)
) {{table_end}};

CREATE TABLE pickup_dispute (
    pickup_id {{id}} NOT NULL REFERENCES pickup (id),
    disputed_at {{int}} NOT NULL,
    reason {{text}} NOT NULL,
    detail {{text}},
    resolved_at {{int}},
    resolved_by {{id}},
    outcome {{text}} CHECK (outcome IN ('confirm', 'cancel')),
    resolution_reason {{text}},
    CONSTRAINT pickup_dispute_pickup_id_key PRIMARY KEY (pickup_id),
    CONSTRAINT pickup_dispute_resolution_known CHECK (
        (resolved_at IS NULL) = (outcome IS NULL)
        AND (resolved_at IS NULL) = (resolved_by IS NULL)
        AND (resolved_at IS NULL) = (resolution_reason IS NULL))
) {{table_end}};

CREATE TABLE pickup_rating (
    pickup_id {{id}} NOT NULL REFERENCES pickup (id),
    rated_by {{text}} NOT NULL CHECK (rated_by IN ('household', 'collector')),
    stars {{int}} NOT NULL CHECK (stars BETWEEN 1 AND 5),
    comment {{text}},
    created_at {{int}} NOT NULL,
    CONSTRAINT pickup_rating_pickup_id_rated_by_key PRIMARY KEY (pickup_id, rated_by)
) {{table_end}};
