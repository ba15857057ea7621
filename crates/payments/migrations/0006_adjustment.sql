-- What staff put right by hand: one proposes, another one releases. The table does not believe anybody alone.
CREATE TABLE adjustment (
    id {{id}} NOT NULL,
    region {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    amount_rupiah {{int}} NOT NULL
        CHECK (amount_rupiah <> 0 AND amount_rupiah BETWEEN -5000000 AND 5000000),
    reason {{text}} NOT NULL,
    maker {{id}} NOT NULL,
    proposed_at {{int}} NOT NULL,
    state {{text}} NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')),
    decided_at {{int}},
    decided_by {{id}},
    rejection_reason {{text}},
    journal_id {{id}} REFERENCES journal (id),
    version {{int}} NOT NULL CHECK (version >= 1),
    CONSTRAINT adjustment_id_key PRIMARY KEY (id),
    CONSTRAINT adjustment_journal_id_key UNIQUE (journal_id),
    CONSTRAINT adjustment_four_eyes CHECK (decided_by IS NULL OR decided_by <> maker),
    CONSTRAINT adjustment_not_his_own
        CHECK (maker <> account_id AND (decided_by IS NULL OR decided_by <> account_id)),
    CONSTRAINT adjustment_decision_known
        CHECK ((state = 'proposed') = (decided_at IS NULL)
            AND (state = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT adjustment_outcome_known
        CHECK ((state = 'approved') = (journal_id IS NOT NULL)
            AND (state = 'rejected') = (rejection_reason IS NOT NULL))
) {{table_end}};
CREATE INDEX adjustment_region ON adjustment (region, id);

-- What one maker has proposed on one day, whichever way the money goes; the check is the daily limit.
CREATE TABLE adjustment_day (
    maker {{id}} NOT NULL,
    day {{int}} NOT NULL,
    proposed_rupiah {{int}} NOT NULL CHECK (proposed_rupiah BETWEEN 0 AND 10000000),
    CONSTRAINT adjustment_day_maker_day_key PRIMARY KEY (maker, day)
) {{table_end}};
