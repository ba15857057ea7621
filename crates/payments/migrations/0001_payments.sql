CREATE TABLE payment (
    id {{id}} NOT NULL,
    pickup_id {{id}} NOT NULL REFERENCES pickup (id),
    household_id {{id}} NOT NULL,
    collector_id {{id}} NOT NULL,
    collector_account_id {{id}} NOT NULL,
    desa {{id}} NOT NULL,
    method {{text}} NOT NULL CHECK (method IN ('cash', 'wallet')),
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah >= 0),
    state {{text}} NOT NULL CHECK (state IN ('pending', 'settled', 'failed')),
    claimed_at {{int}} NOT NULL,
    -- The household has not answered for too long: staff should ask.
    flagged_at {{int}},
    settled_at {{int}},
    journal_id {{id}} REFERENCES journal (id),
    denied_at {{int}},
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT payment_id_key PRIMARY KEY (id),
    CONSTRAINT payment_settled_known
        CHECK ((state = 'settled') = (settled_at IS NOT NULL)
            AND (state = 'settled') = (journal_id IS NOT NULL)),
    CONSTRAINT payment_denied_known CHECK ((state = 'failed') = (denied_at IS NOT NULL)),
    CONSTRAINT payment_wallet_at_once CHECK (method = 'cash' OR state = 'settled')
) {{table_end}};

-- However often and from however many phones: one weigh-in has one payment that counts.
CREATE UNIQUE INDEX payment_pickup_id_key ON payment (pickup_id) WHERE state <> 'failed';
CREATE INDEX payment_unanswered ON payment (claimed_at, id) WHERE state = 'pending';

CREATE TABLE top_up (
    id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    gateway {{id}} NOT NULL,
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah BETWEEN 1 AND 50000000),
    reason {{text}} NOT NULL,
    maker {{id}} NOT NULL,
    received_journal_id {{id}} NOT NULL REFERENCES journal (id),
    credited_journal_id {{id}} NOT NULL REFERENCES journal (id),
    created_at {{int}} NOT NULL,
    CONSTRAINT top_up_id_key PRIMARY KEY (id),
    CONSTRAINT top_up_received_journal_id_key UNIQUE (received_journal_id),
    CONSTRAINT top_up_credited_journal_id_key UNIQUE (credited_journal_id)
) {{table_end}};
CREATE INDEX top_up_account ON top_up (account_id, created_at, id);
