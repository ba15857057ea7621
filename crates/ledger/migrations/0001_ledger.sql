-- An account belongs to one unit for ever; the floor is what its holder may never fall below (none: NULL).
CREATE TABLE ledger_account (
    id {{serial}},
    name {{id}} NOT NULL,
    unit {{id}} NOT NULL,
    floor {{int}},
    CONSTRAINT ledger_account_name_key UNIQUE (name)
){{table_end}};

-- A journal becomes true when it is sealed; unsealed it cannot commit (deferred foreign key below).
CREATE TABLE journal_seal (
    seq {{int}} NOT NULL,
    hash {{text}} NOT NULL,
    CONSTRAINT journal_seal_seq_key PRIMARY KEY (seq),
    CONSTRAINT journal_seal_hash_check CHECK (length(hash) = 64)
){{table_end}};

CREATE TABLE journal (
    seq {{serial}},
    id {{id}} NOT NULL,
    kind {{id}} NOT NULL,
    business_key {{id}} NOT NULL,
    reverses {{id}},
    created_at {{int}} NOT NULL,
    CONSTRAINT journal_id_key UNIQUE (id),
    CONSTRAINT journal_business_key_key UNIQUE (business_key),
    CONSTRAINT journal_reverses_key UNIQUE (reverses),
    CONSTRAINT journal_reverses_check CHECK (reverses IS NULL OR reverses <> id),
    CONSTRAINT journal_reverses_fkey FOREIGN KEY (reverses) REFERENCES journal (id),
    CONSTRAINT journal_seq_fkey FOREIGN KEY (seq) REFERENCES journal_seal (seq)
        DEFERRABLE INITIALLY DEFERRED
){{table_end}};

-- One chain per account: each link carries the balance after it, the last link is the balance.
CREATE TABLE posting (
    account {{int}} NOT NULL,
    version {{int}} NOT NULL,
    journal {{int}} NOT NULL,
    delta {{int}} NOT NULL,
    held_delta {{int}} NOT NULL,
    balance_after {{int}} NOT NULL,
    held_after {{int}} NOT NULL,
    CONSTRAINT posting_account_version_key PRIMARY KEY (account, version),
    CONSTRAINT posting_journal_account_key UNIQUE (journal, account),
    CONSTRAINT posting_account_fkey FOREIGN KEY (account) REFERENCES ledger_account (id),
    CONSTRAINT posting_journal_fkey FOREIGN KEY (journal) REFERENCES journal (seq),
    CONSTRAINT posting_version_check CHECK (version >= 1),
    CONSTRAINT posting_zero_check CHECK (delta <> 0 OR held_delta <> 0),
    CONSTRAINT posting_delta_check CHECK (delta BETWEEN -1000000000000 AND 1000000000000),
    CONSTRAINT posting_held_check CHECK (held_after BETWEEN 0 AND 1000000000000),
    CONSTRAINT posting_balance_check
        CHECK (balance_after BETWEEN -1000000000000 AND 1000000000000)
){{table_end}};

-- Money set aside for a decision; closed at most once, by a journal of its own.
CREATE TABLE hold (
    id {{id}} NOT NULL,
    journal {{int}} NOT NULL,
    account {{int}} NOT NULL,
    amount {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    CONSTRAINT hold_id_key PRIMARY KEY (id),
    CONSTRAINT hold_journal_key UNIQUE (journal),
    CONSTRAINT hold_journal_fkey FOREIGN KEY (journal) REFERENCES journal (seq),
    CONSTRAINT hold_account_fkey FOREIGN KEY (account) REFERENCES ledger_account (id),
    CONSTRAINT hold_amount_check CHECK (amount BETWEEN 1 AND 1000000000000)
){{table_end}};

CREATE TABLE hold_outcome (
    hold {{id}} NOT NULL,
    journal {{int}} NOT NULL,
    outcome {{id}} NOT NULL,
    settled {{int}} NOT NULL,
    CONSTRAINT hold_outcome_hold_key PRIMARY KEY (hold),
    CONSTRAINT hold_outcome_journal_key UNIQUE (journal),
    CONSTRAINT hold_outcome_hold_fkey FOREIGN KEY (hold) REFERENCES hold (id),
    CONSTRAINT hold_outcome_journal_fkey FOREIGN KEY (journal) REFERENCES journal (seq),
    CONSTRAINT hold_outcome_outcome_check CHECK (outcome IN ('settled', 'voided', 'expired')),
    CONSTRAINT hold_outcome_settled_check
        CHECK ((outcome = 'settled' AND settled > 0) OR (outcome <> 'settled' AND settled = 0))
){{table_end}};

{{sqlite}}
-- The existence guards are for INSERT OR REPLACE, which removes rows before any other rule could look.
CREATE TRIGGER ledger_account_guard BEFORE INSERT ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger_account_exists')
    WHERE EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.id OR name = NEW.name);
END;

CREATE TRIGGER journal_guard BEFORE INSERT ON journal BEGIN
    SELECT RAISE(ABORT, 'journal_exists')
    WHERE EXISTS (
        SELECT 1 FROM journal
        WHERE seq = NEW.seq OR id = NEW.id OR business_key = NEW.business_key
            OR reverses = NEW.reverses
    );
END;

CREATE TRIGGER posting_guard BEFORE INSERT ON posting BEGIN
    SELECT RAISE(ABORT, 'posting_exists')
    WHERE EXISTS (SELECT 1 FROM posting WHERE journal = NEW.journal AND account = NEW.account);
    SELECT RAISE(ABORT, 'posting_after_seal')
    WHERE EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal);
    SELECT RAISE(ABORT, 'posting_version_chain')
    WHERE NEW.version <> 1 + COALESCE(
        (SELECT MAX(version) FROM posting WHERE account = NEW.account), 0
    );
    SELECT RAISE(ABORT, 'posting_balance_chain')
    WHERE NEW.balance_after <> NEW.delta + COALESCE((
            SELECT balance_after FROM posting
            WHERE account = NEW.account AND version = NEW.version - 1
        ), 0)
        OR NEW.held_after <> NEW.held_delta + COALESCE((
            SELECT held_after FROM posting
            WHERE account = NEW.account AND version = NEW.version - 1
        ), 0);
    SELECT RAISE(ABORT, 'posting_floor')
    WHERE NEW.balance_after - NEW.held_after
        < (SELECT floor FROM ledger_account WHERE id = NEW.account);
END;

CREATE TRIGGER journal_seal_guard BEFORE INSERT ON journal_seal BEGIN
    SELECT RAISE(ABORT, 'journal_seal_exists')
    WHERE EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.seq);
    SELECT RAISE(ABORT, 'journal_seal_orphan')
    WHERE NOT EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq);
    SELECT RAISE(ABORT, 'journal_seal_empty')
    WHERE NOT EXISTS (SELECT 1 FROM posting WHERE journal = NEW.seq);
    SELECT RAISE(ABORT, 'journal_seal_unbalanced')
    WHERE EXISTS (
        SELECT 1 FROM posting JOIN ledger_account ON ledger_account.id = posting.account
        WHERE posting.journal = NEW.seq
        GROUP BY ledger_account.unit HAVING SUM(posting.delta) <> 0
    );
END;

CREATE TRIGGER hold_guard BEFORE INSERT ON hold BEGIN
    SELECT RAISE(ABORT, 'hold_exists')
    WHERE EXISTS (SELECT 1 FROM hold WHERE id = NEW.id OR journal = NEW.journal);
END;

CREATE TRIGGER hold_outcome_guard BEFORE INSERT ON hold_outcome BEGIN
    SELECT RAISE(ABORT, 'hold_outcome_exists')
    WHERE EXISTS (SELECT 1 FROM hold_outcome WHERE hold = NEW.hold OR journal = NEW.journal);
    SELECT RAISE(ABORT, 'hold_outcome_exceeds')
    WHERE NEW.settled > (SELECT amount FROM hold WHERE id = NEW.hold);
END;

CREATE TRIGGER ledger_account_keep BEFORE UPDATE ON ledger_account
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER ledger_account_stay BEFORE DELETE ON ledger_account
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER journal_keep BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER journal_stay BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER journal_seal_keep BEFORE UPDATE ON journal_seal
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER journal_seal_stay BEFORE DELETE ON journal_seal
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_keep BEFORE UPDATE ON posting
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER posting_stay BEFORE DELETE ON posting
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER hold_keep BEFORE UPDATE ON hold
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER hold_stay BEFORE DELETE ON hold
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER hold_outcome_keep BEFORE UPDATE ON hold_outcome
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER hold_outcome_stay BEFORE DELETE ON hold_outcome
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
{{end}}

{{postgres}}
CREATE FUNCTION ledger_refuse(reason TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'check_violation', CONSTRAINT = reason;
END $$;

CREATE FUNCTION ledger_keep() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_refuse('ledger_is_append_only');
    RETURN NULL;
END $$;

CREATE FUNCTION posting_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    last RECORD;
    lowest BIGINT;
BEGIN
    IF EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal) THEN
        PERFORM ledger_refuse('posting_after_seal');
    END IF;
    SELECT COALESCE(MAX(version), 0) AS version INTO last FROM posting WHERE account = NEW.account;
    IF NEW.version <> last.version + 1 THEN
        PERFORM ledger_refuse('posting_version_chain');
    END IF;
    SELECT COALESCE(SUM(balance_after), 0) AS balance, COALESCE(SUM(held_after), 0) AS held INTO last
    FROM posting WHERE account = NEW.account AND version = NEW.version - 1;
    IF NEW.balance_after <> last.balance + NEW.delta OR NEW.held_after <> last.held + NEW.held_delta THEN
        PERFORM ledger_refuse('posting_balance_chain');
    END IF;
    SELECT floor INTO lowest FROM ledger_account WHERE id = NEW.account;
    IF NEW.balance_after - NEW.held_after < lowest THEN
        PERFORM ledger_refuse('posting_floor');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION journal_seal_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq) THEN
        PERFORM ledger_refuse('journal_seal_orphan');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM posting WHERE journal = NEW.seq) THEN
        PERFORM ledger_refuse('journal_seal_empty');
    END IF;
    IF EXISTS (
        SELECT 1 FROM posting JOIN ledger_account ON ledger_account.id = posting.account
        WHERE posting.journal = NEW.seq
        GROUP BY ledger_account.unit HAVING SUM(posting.delta) <> 0
    ) THEN
        PERFORM ledger_refuse('journal_seal_unbalanced');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION hold_outcome_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.settled > (SELECT amount FROM hold WHERE id = NEW.hold) THEN
        PERFORM ledger_refuse('hold_outcome_exceeds');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER posting_guard BEFORE INSERT ON posting
    FOR EACH ROW EXECUTE FUNCTION posting_guard();
CREATE TRIGGER journal_seal_guard BEFORE INSERT ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_seal_guard();
CREATE TRIGGER hold_outcome_guard BEFORE INSERT ON hold_outcome
    FOR EACH ROW EXECUTE FUNCTION hold_outcome_guard();

CREATE TRIGGER ledger_account_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER journal_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER journal_seal_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER posting_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER hold_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON hold
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER hold_outcome_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON hold_outcome
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
{{end}}
