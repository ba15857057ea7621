-- Where this database lives. A copy that was put in the place of what it was copied from says something else.
CREATE TABLE payout_home (
    one {{int}} NOT NULL CHECK (one = 1),
    home {{text}} NOT NULL,
    CONSTRAINT payout_home_one_key PRIMARY KEY (one)
) {{table_end}};

-- Since when a gateway may know of payouts that we have forgotten: nothing is sent until they are accounted for.
CREATE TABLE payout_quarantine (
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    -- Up to here our memory reaches.
    since {{int}} NOT NULL,
    -- When it was noticed.
    begun_at {{int}} NOT NULL,
    lifted_at {{int}},
    -- By which it was lifted.
    reconciliation_id {{id}} REFERENCES reconciliation (id),
    CONSTRAINT payout_quarantine_gateway_key PRIMARY KEY (gateway),
    CONSTRAINT payout_quarantine_order CHECK (since <= begun_at),
    CONSTRAINT payout_quarantine_lifted_known
        CHECK ((lifted_at IS NULL) = (reconciliation_id IS NULL))
) {{table_end}};
