-- Money that somebody wants to bring into his wallet through a gateway, and where that stands.
CREATE TABLE charge (
    id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    channel {{id}} NOT NULL CHECK (channel IN ('bca', 'bni', 'bri', 'mandiri', 'permata', 'qris')),
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah BETWEEN 1 AND 50000000),
    state {{text}} NOT NULL CHECK (state IN ('created', 'asked', 'paid', 'expired', 'failed')),
    created_at {{int}} NOT NULL,
    -- Until when it may be paid.
    expires_at {{int}} NOT NULL,
    -- The gateway's own name for it.
    reference {{text}},
    -- The number of the virtual account, or the text of the QRIS code.
    pay_to {{text}},
    -- When a worker looks at it next; until then it belongs to whoever set this (a lease).
    due_at {{int}},
    -- Since when a person has to look into it.
    escalated_at {{int}},
    -- When it was paid, expired or failed.
    ended_at {{int}},
    -- The gateway's own name for the payment that reached the wallet.
    payment {{text}},
    -- By which the money reached the wallet.
    credited_journal_id {{id}} REFERENCES journal (id),
    failure {{text}},
    -- Counts every change; the fence that keeps out a worker whose lease is over.
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT charge_id_key PRIMARY KEY (id),
    CONSTRAINT charge_credited_journal_id_key UNIQUE (credited_journal_id),
    CONSTRAINT charge_gateway_reference_key UNIQUE (gateway, reference),
    CONSTRAINT charge_expires_ahead CHECK (expires_at > created_at),
    CONSTRAINT charge_asked_known
        CHECK ((reference IS NULL) = (pay_to IS NULL)
            AND (state <> 'created' OR reference IS NULL)
            AND (state <> 'asked' OR reference IS NOT NULL)),
    CONSTRAINT charge_end_known
        CHECK ((state IN ('paid', 'expired', 'failed')) = (ended_at IS NOT NULL)),
    CONSTRAINT charge_credit_known
        CHECK ((state = 'paid') = (credited_journal_id IS NOT NULL)
            AND (state = 'paid') = (payment IS NOT NULL)),
    CONSTRAINT charge_failure_known CHECK ((state = 'failed') = (failure IS NOT NULL))
) {{table_end}};

-- However many phones and keys: one charge of an account waits for its payment on each channel.
CREATE UNIQUE INDEX charge_account_id_channel_key ON charge (account_id, channel)
    WHERE state IN ('created', 'asked');
CREATE INDEX charge_owned ON charge (account_id, created_at, id);
CREATE INDEX charge_due ON charge (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX charge_escalated ON charge (escalated_at, id) WHERE escalated_at IS NOT NULL;

-- Payments that a gateway has taken in, each on the books once: in a wallet, or in suspense until a person decides.
CREATE TABLE incoming_payment (
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    -- The gateway's own name for it.
    reference {{text}} NOT NULL,
    charge_id {{id}} NOT NULL REFERENCES charge (id),
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah > 0),
    place {{text}} NOT NULL CHECK (place IN ('wallet', 'suspense')),
    -- By which the gateway's money reached us, and by which it went to its place.
    received_journal_id {{id}} NOT NULL REFERENCES journal (id),
    placed_journal_id {{id}} NOT NULL REFERENCES journal (id),
    created_at {{int}} NOT NULL,
    CONSTRAINT incoming_payment_gateway_reference_key PRIMARY KEY (gateway, reference),
    CONSTRAINT incoming_payment_received_journal_id_key UNIQUE (received_journal_id),
    CONSTRAINT incoming_payment_placed_journal_id_key UNIQUE (placed_journal_id)
) {{table_end}};

-- Whatever a gateway says: one payment of a charge reaches the wallet.
CREATE UNIQUE INDEX incoming_payment_charge_id_key ON incoming_payment (charge_id)
    WHERE place = 'wallet';
CREATE INDEX incoming_payment_charge ON incoming_payment (charge_id, created_at, reference);
