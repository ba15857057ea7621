CREATE TABLE report (
    id {{id}} NOT NULL,
    household_id {{id}} NOT NULL,
    -- SHA-256 of what was submitted: the same id with other content is somebody's mistake.
    content_digest {{text}} NOT NULL,
    lat {{double}} NOT NULL CHECK (lat BETWEEN -11.1 AND 6.1),
    lon {{double}} NOT NULL CHECK (lon BETWEEN 94.9 AND 141.1),
    accuracy_meters {{int}} CHECK (accuracy_meters BETWEEN 0 AND 100000),
    desa {{id}} NOT NULL,
    located_by {{text}} NOT NULL CHECK (located_by IN ('boundary', 'nearest_center', 'stated')),
    located_distance_meters {{int}} CHECK (located_distance_meters >= 0),
    street {{text}},
    rt {{text}},
    rw {{text}},
    dusun {{text}},
    landmark {{text}},
    note {{text}},
    settlement {{text}} NOT NULL CHECK (settlement IN ('cash', 'wallet')),
    selection {{text}} NOT NULL CHECK (selection IN ('instant', 'choose')),
    state {{text}} NOT NULL
        CHECK (state IN ('open', 'assigned', 'collected', 'closed', 'cancelled', 'expired')),
    state_at {{int}} NOT NULL,
    pickup_id {{id}},
    cancel_reason {{text}},
    version {{int}} NOT NULL CHECK (version >= 1),
    occurred_at {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    opened_at {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    CONSTRAINT report_id_key PRIMARY KEY (id),
    CONSTRAINT report_pickup_known
        CHECK ((state IN ('assigned', 'collected', 'closed')) = (pickup_id IS NOT NULL)),
    CONSTRAINT report_reason_known CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL))
) {{table_end}};

CREATE INDEX report_household ON report (household_id, created_at, id);
CREATE INDEX report_state_expires ON report (state, expires_at, id);

CREATE TABLE report_item (
    report_id {{id}} NOT NULL REFERENCES report (id),
    position {{int}} NOT NULL CHECK (position BETWEEN 0 AND 19),
    material {{id}} NOT NULL,
    unit {{text}} NOT NULL CHECK (unit IN ('kg', 'piece', 'liter')),
    quantity {{int}} NOT NULL CHECK (quantity > 0),
    grams {{int}} NOT NULL CHECK (grams >= 0),
    milliliters {{int}} NOT NULL CHECK (milliliters >= 0),
    note {{text}},
    CONSTRAINT report_item_report_id_position_key PRIMARY KEY (report_id, position),
    CONSTRAINT report_item_report_id_material_key UNIQUE (report_id, material)
) {{table_end}};

CREATE TABLE report_window (
    report_id {{id}} NOT NULL REFERENCES report (id),
    position {{int}} NOT NULL CHECK (position BETWEEN 0 AND 4),
    opens_at {{int}} NOT NULL,
    closes_at {{int}} NOT NULL,
    CONSTRAINT report_window_report_id_position_key PRIMARY KEY (report_id, position),
    CONSTRAINT report_window_forward CHECK (opens_at < closes_at)
) {{table_end}};
