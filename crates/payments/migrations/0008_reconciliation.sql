-- Our withdrawals beside a gateway's own book, over a period. Nothing in here has moved money.
CREATE TABLE reconciliation (
    id {{id}} NOT NULL,
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    from_at {{int}} NOT NULL,
    until_at {{int}} NOT NULL,
    requested_at {{int}} NOT NULL,
    requested_by {{text}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('open', 'finished', 'failed')),
    -- When a worker takes it on; until then it belongs to whoever set this (a lease).
    due_at {{int}},
    ended_at {{int}},
    failure {{text}} CHECK (failure IN ('unanswered', 'unreadable', 'too_long')),
    matched {{int}} CHECK (matched >= 0),
    ours_only {{int}} CHECK (ours_only >= 0),
    theirs_only {{int}} CHECK (theirs_only >= 0),
    different_amount {{int}} CHECK (different_amount >= 0),
    -- Counts every change; the fence that keeps out a worker whose lease is over.
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT reconciliation_id_key PRIMARY KEY (id),
    CONSTRAINT reconciliation_period CHECK (from_at < until_at),
    CONSTRAINT reconciliation_due_known
        CHECK ((state = 'open') = (due_at IS NOT NULL) AND (state = 'open') = (ended_at IS NULL)),
    CONSTRAINT reconciliation_failure_known CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CONSTRAINT reconciliation_tally_known
        CHECK ((state = 'finished') = (matched IS NOT NULL)
            AND (matched IS NULL) = (ours_only IS NULL)
            AND (matched IS NULL) = (theirs_only IS NULL)
            AND (matched IS NULL) = (different_amount IS NULL))
) {{table_end}};

-- However many workers, desks and people: one of a gateway is under way.
CREATE UNIQUE INDEX reconciliation_gateway_key ON reconciliation (gateway) WHERE state = 'open';
CREATE INDEX reconciliation_of_gateway ON reconciliation (gateway, id);

-- One payout of a reconciliation: what we say of it, and what the gateway says.
CREATE TABLE reconciliation_item (
    reconciliation_id {{id}} NOT NULL REFERENCES reconciliation (id),
    -- The gateway's own name for the payout; the withdrawal's id where the gateway has none.
    subject {{id}} NOT NULL,
    outcome {{text}} NOT NULL CHECK (outcome IN (
        'matched', 'ours_only', 'theirs_only', 'different_amount'
    )),
    withdrawal_id {{id}} REFERENCES withdrawal (id),
    -- What left by our books, or is to leave.
    ours_rupiah {{int}} NOT NULL CHECK (ours_rupiah >= 0),
    -- What left and what came back by the gateway's book.
    theirs_out_rupiah {{int}} NOT NULL CHECK (theirs_out_rupiah >= 0),
    theirs_back_rupiah {{int}} NOT NULL CHECK (theirs_back_rupiah >= 0),
    happened_at {{int}} NOT NULL,
    -- Somebody has to look into it.
    suspense {{bool}} NOT NULL,
    CONSTRAINT reconciliation_item_reconciliation_id_subject_key
        PRIMARY KEY (reconciliation_id, subject),
    CONSTRAINT reconciliation_item_sides
        CHECK ((outcome = 'theirs_only') = (withdrawal_id IS NULL))
) {{table_end}};
CREATE INDEX reconciliation_item_listed
    ON reconciliation_item (reconciliation_id, happened_at, subject);

-- What a person has found out about a difference: who, when, why, what. It holds as long as the figures stay.
CREATE TABLE reconciliation_explanation (
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    subject {{id}} NOT NULL,
    -- The outcome, and what the books said then: ours, theirs out, theirs back.
    figures {{id}} NOT NULL,
    explained_by {{id}} NOT NULL,
    explained_at {{int}} NOT NULL,
    reason {{text}} NOT NULL,
    cause {{text}} NOT NULL CHECK (cause IN ('by_hand', 'lost_withdrawal', 'gateway_error', 'other')),
    CONSTRAINT reconciliation_explanation_gateway_subject_figures_key
        PRIMARY KEY (gateway, subject, figures)
) {{table_end}};

CREATE INDEX withdrawal_sent ON withdrawal (gateway, sent_at) WHERE sent_at IS NOT NULL;
