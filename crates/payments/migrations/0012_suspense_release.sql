-- How money leaves a gateway's suspense: one proposes, another one releases. The table does not believe anybody alone.
CREATE TABLE suspense_release (
    id {{id}} NOT NULL,
    gateway {{id}} NOT NULL,
    -- The gateway's own name for the payment.
    payment {{text}} NOT NULL,
    outcome {{text}} NOT NULL CHECK (outcome IN ('credited', 'returned')),
    -- Whose wallet it goes to.
    account_id {{id}},
    -- The gateway's own name for the return.
    return_reference {{text}},
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah BETWEEN 1 AND 100000000),
    reason {{text}} NOT NULL,
    maker {{id}} NOT NULL,
    proposed_at {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')),
    decided_at {{int}},
    decided_by {{id}},
    rejection_reason {{text}},
    journal_id {{id}} REFERENCES journal (id),
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT suspense_release_id_key PRIMARY KEY (id),
    CONSTRAINT suspense_release_journal_id_key UNIQUE (journal_id),
    CONSTRAINT suspense_release_of_a_payment
        FOREIGN KEY (gateway, payment) REFERENCES incoming_payment (gateway, reference),
    CONSTRAINT suspense_release_four_eyes CHECK (decided_by IS NULL OR decided_by <> maker),
    CONSTRAINT suspense_release_not_his_own
        CHECK (account_id IS NULL
            OR (maker <> account_id AND (decided_by IS NULL OR decided_by <> account_id))),
    CONSTRAINT suspense_release_place_known
        CHECK ((outcome = 'credited') = (account_id IS NOT NULL)
            AND (outcome = 'returned') = (return_reference IS NOT NULL)),
    CONSTRAINT suspense_release_decision_known
        CHECK ((state = 'proposed') = (decided_at IS NULL)
            AND (state = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT suspense_release_end_known
        CHECK ((state = 'approved') = (journal_id IS NOT NULL)
            AND (state = 'rejected') = (rejection_reason IS NOT NULL))
) {{table_end}};

-- However many desks and keys: one release of a payment counts, and one return gives one payment back.
CREATE UNIQUE INDEX suspense_release_gateway_payment_key ON suspense_release (gateway, payment)
    WHERE state <> 'rejected';
CREATE UNIQUE INDEX suspense_release_gateway_return_reference_key
    ON suspense_release (gateway, return_reference)
    WHERE state <> 'rejected' AND return_reference IS NOT NULL;

-- What one maker has proposed on one day; the check is the daily limit.
CREATE TABLE suspense_release_day (
    maker {{id}} NOT NULL,
    day {{int}} NOT NULL,
    proposed_rupiah {{int}} NOT NULL CHECK (proposed_rupiah BETWEEN 0 AND 100000000),
    CONSTRAINT suspense_release_day_maker_day_key PRIMARY KEY (maker, day)
) {{table_end}};

CREATE INDEX incoming_payment_suspended ON incoming_payment (created_at, gateway, reference)
    WHERE place = 'suspense';

-- A person has looked into a top-up and waits for nothing more.
CREATE TABLE charge_closing (
    charge_id {{id}} NOT NULL REFERENCES charge (id),
    closed_at {{int}} NOT NULL,
    closed_by {{id}} NOT NULL,
    reason {{text}} NOT NULL,
    CONSTRAINT charge_closing_charge_id_closed_at_key PRIMARY KEY (charge_id, closed_at)
) {{table_end}};
