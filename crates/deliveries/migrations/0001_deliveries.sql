-- What a collector brings to a facility. The facility's own scale ends it, and with it the way of the goods.
CREATE TABLE delivery (
    id {{id}} NOT NULL,
    collector_id {{id}} NOT NULL REFERENCES collector (id),
    facility_id {{id}} NOT NULL REFERENCES collector (id),
    desa {{id}} NOT NULL,
    announced_at {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    state {{text}} NOT NULL
        CHECK (state IN ('announced', 'received', 'refused', 'withdrawn', 'expired')),
    ended_at {{int}},
    reason {{text}},
    scale_id {{text}},
    journal_id {{id}} REFERENCES journal (id),
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT delivery_id_key PRIMARY KEY (id),
    CONSTRAINT delivery_journal_id_key UNIQUE (journal_id),
    CONSTRAINT delivery_to_somebody_else CHECK (facility_id <> collector_id),
    CONSTRAINT delivery_deadline_ahead CHECK (expires_at > announced_at),
    CONSTRAINT delivery_end_known CHECK ((state = 'announced') = (ended_at IS NULL)),
    CONSTRAINT delivery_refusal_known CHECK ((state = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT delivery_receipt_known CHECK (
        (state = 'received') = (journal_id IS NOT NULL) AND (state = 'received' OR scale_id IS NULL))
) {{table_end}};

-- One delivery of a collector is under way at a time, so nothing is announced twice.
CREATE UNIQUE INDEX delivery_collector_id_key ON delivery (collector_id) WHERE state = 'announced';
CREATE INDEX delivery_collector ON delivery (collector_id, id);
CREATE INDEX delivery_facility ON delivery (facility_id, id);
CREATE INDEX delivery_due ON delivery (expires_at, id) WHERE state = 'announced';
CREATE INDEX delivery_receipt ON delivery (collector_id, ended_at) WHERE state = 'received';

-- Material by material: what was announced, and what the facility's scale said.
CREATE TABLE delivery_line (
    delivery_id {{id}} NOT NULL REFERENCES delivery (id),
    material {{id}} NOT NULL,
    grams {{int}} NOT NULL CHECK (grams BETWEEN 1 AND 5000000),
    received_grams {{int}} CHECK (received_grams BETWEEN 0 AND 5250000),
    CONSTRAINT delivery_line_delivery_id_material_key PRIMARY KEY (delivery_id, material)
) {{table_end}};
