CREATE TABLE withdrawal (
    id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    channel {{id}} NOT NULL,
    account_number {{text}} NOT NULL,
    account_holder {{text}} NOT NULL,
    amount_rupiah {{int}} NOT NULL CHECK (amount_rupiah BETWEEN 1 AND 50000000),
    fee_rupiah {{int}} NOT NULL CHECK (fee_rupiah >= 0),
    state {{text}} NOT NULL CHECK (state IN (
        'created', 'sending', 'in_doubt', 'pending', 'succeeded', 'failed', 'reversed'
    )),
    created_at {{int}} NOT NULL,
    -- By which the money left the wallet.
    journal_id {{id}} NOT NULL REFERENCES journal (id),
    -- When the first call to the gateway was about to be made.
    sent_at {{int}},
    -- The gateway's own name for the payout.
    reference {{text}},
    -- When a worker looks at it next; until then it belongs to whoever set this (a lease).
    due_at {{int}},
    -- Since when a person has to look into it.
    escalated_at {{int}},
    paid_at {{int}},
    paid_journal_id {{id}} REFERENCES journal (id),
    -- By which the money came back into the wallet.
    returned_at {{int}},
    returned_journal_id {{id}} REFERENCES journal (id),
    failure {{text}},
    -- Counts every change; the fence that keeps out a worker whose lease is over.
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT withdrawal_id_key PRIMARY KEY (id),
    CONSTRAINT withdrawal_journal_id_key UNIQUE (journal_id),
    CONSTRAINT withdrawal_paid_journal_id_key UNIQUE (paid_journal_id),
    CONSTRAINT withdrawal_returned_journal_id_key UNIQUE (returned_journal_id),
    CONSTRAINT withdrawal_gateway_reference_key UNIQUE (gateway, reference),
    CONSTRAINT withdrawal_sent_known CHECK ((state = 'created') = (sent_at IS NULL)),
    CONSTRAINT withdrawal_reference_known
        CHECK (state NOT IN ('pending', 'succeeded', 'reversed') OR reference IS NOT NULL),
    CONSTRAINT withdrawal_paid_known
        CHECK ((state IN ('succeeded', 'reversed')) = (paid_at IS NOT NULL)
            AND (paid_at IS NULL) = (paid_journal_id IS NULL)),
    CONSTRAINT withdrawal_returned_known
        CHECK ((state IN ('failed', 'reversed')) = (returned_at IS NOT NULL)
            AND (returned_at IS NULL) = (returned_journal_id IS NULL)),
    CONSTRAINT withdrawal_failure_known CHECK ((state = 'failed') = (failure IS NOT NULL))
) {{table_end}};

-- However many phones and keys: one withdrawal of an account is under way.
CREATE UNIQUE INDEX withdrawal_account_id_key ON withdrawal (account_id)
    WHERE state IN ('created', 'sending', 'in_doubt', 'pending');
CREATE INDEX withdrawal_owned ON withdrawal (account_id, created_at, id);
CREATE INDEX withdrawal_due ON withdrawal (due_at, id) WHERE due_at IS NOT NULL;
