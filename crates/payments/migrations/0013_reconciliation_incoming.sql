-- What came in beside the gateway's own book as well. The rows so far are copied: they are evidence, not money.
CREATE TABLE reconciliation_line (
    reconciliation_id {{id}} NOT NULL REFERENCES reconciliation (id),
    -- Whether it is about a payout or about a payment that came in.
    direction {{text}} NOT NULL CHECK (direction IN ('out', 'in')),
    -- The gateway's own name for it; the withdrawal's id where the gateway has none.
    subject {{id}} NOT NULL,
    outcome {{text}} NOT NULL CHECK (outcome IN (
        'matched', 'ours_only', 'theirs_only', 'different_amount'
    )),
    withdrawal_id {{id}} REFERENCES withdrawal (id),
    charge_id {{id}} REFERENCES charge (id),
    -- What moved by our books, or is to move.
    ours_rupiah {{int}} NOT NULL CHECK (ours_rupiah >= 0),
    -- What left, what came in and what of it went back again by the gateway's book.
    theirs_out_rupiah {{int}} NOT NULL CHECK (theirs_out_rupiah >= 0),
    theirs_in_rupiah {{int}} NOT NULL CHECK (theirs_in_rupiah >= 0),
    theirs_back_rupiah {{int}} NOT NULL CHECK (theirs_back_rupiah >= 0),
    happened_at {{int}} NOT NULL,
    -- Somebody has to look into it.
    suspense {{bool}} NOT NULL,
    CONSTRAINT reconciliation_line_key PRIMARY KEY (reconciliation_id, direction, subject),
    CONSTRAINT reconciliation_line_sides
        CHECK ((direction = 'out' AND charge_id IS NULL
                AND (outcome = 'theirs_only') = (withdrawal_id IS NULL))
            OR (direction = 'in' AND withdrawal_id IS NULL
                AND (outcome = 'theirs_only' OR charge_id IS NOT NULL)))
) {{table_end}};
INSERT INTO reconciliation_line
    SELECT reconciliation_id, 'out', subject, outcome, withdrawal_id, NULL, ours_rupiah,
        theirs_out_rupiah, 0, theirs_back_rupiah, happened_at, suspense
    FROM reconciliation_item;
DROP TABLE reconciliation_item;
CREATE INDEX reconciliation_line_listed
    ON reconciliation_line (reconciliation_id, happened_at, subject);

CREATE INDEX incoming_payment_learnt ON incoming_payment (gateway, created_at);

-- What a gateway has kept for its services, each on the books once, by the comparison that saw it in its statement.
CREATE TABLE gateway_fee (
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    -- The name of the statement's line.
    name {{text}} NOT NULL,
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah > 0),
    happened_at {{int}} NOT NULL,
    reconciliation_id {{id}} NOT NULL REFERENCES reconciliation (id),
    CONSTRAINT gateway_fee_gateway_name_key PRIMARY KEY (gateway, name)
) {{table_end}};
CREATE INDEX gateway_fee_booked ON gateway_fee (reconciliation_id);

-- What came of the payments that came in; unknown for comparisons from before.
ALTER TABLE reconciliation ADD COLUMN incoming_matched {{int}};
ALTER TABLE reconciliation ADD COLUMN incoming_ours_only {{int}};
ALTER TABLE reconciliation ADD COLUMN incoming_theirs_only {{int}};
ALTER TABLE reconciliation ADD COLUMN incoming_different_amount {{int}};
