CREATE TABLE offer (
    id {{id}} NOT NULL,
    report_id {{id}} NOT NULL REFERENCES report (id),
    -- The report as the collector read it; a change since then outdates the offer.
    report_version {{int}} NOT NULL CHECK (report_version >= 1),
    household_id {{id}} NOT NULL,
    collector_id {{id}} NOT NULL REFERENCES collector (id),
    desa {{id}} NOT NULL,
    pickup_at {{int}} NOT NULL,
    note {{text}},
    state {{text}} NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'withdrawn', 'expired')),
    pickup_id {{id}} REFERENCES pickup (id),
    created_at {{int}} NOT NULL,
    closed_at {{int}},
    CONSTRAINT offer_id_key PRIMARY KEY (id),
    CONSTRAINT offer_end_known CHECK ((state = 'pending') = (closed_at IS NULL)),
    CONSTRAINT offer_pickup_known CHECK ((state = 'accepted') = (pickup_id IS NOT NULL))
) {{table_end}};

-- A collector has one word per report.
CREATE UNIQUE INDEX offer_report_id_collector_id_key ON offer (report_id, collector_id)
    WHERE state = 'pending';
CREATE INDEX offer_report ON offer (report_id, created_at, id);
CREATE INDEX offer_state_created ON offer (state, created_at, id);
CREATE INDEX offer_state_pickup_at ON offer (state, pickup_at, id);

CREATE TABLE offer_price (
    offer_id {{id}} NOT NULL REFERENCES offer (id),
    material {{id}} NOT NULL,
    price_rupiah {{int}} NOT NULL CHECK (price_rupiah BETWEEN 0 AND 1000000),
    CONSTRAINT offer_price_offer_id_material_key PRIMARY KEY (offer_id, material)
) {{table_end}};
