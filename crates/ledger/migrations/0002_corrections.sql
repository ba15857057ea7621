-- A part of a journal given back. All refunds of a journal together give back no more than it moved.
CREATE TABLE refund (
    journal {{int}} NOT NULL,
    original {{int}} NOT NULL,
    CONSTRAINT refund_journal_key PRIMARY KEY (journal),
    CONSTRAINT refund_journal_fkey FOREIGN KEY (journal) REFERENCES journal (seq),
    CONSTRAINT refund_original_fkey FOREIGN KEY (original) REFERENCES journal (seq),
    CONSTRAINT refund_original_check CHECK (original < journal)
){{table_end}};
CREATE INDEX refund_original_index ON refund (original);

-- Which journal takes back what of which: a reversal everything, a refund a part.
CREATE VIEW correction AS
    SELECT journal, original FROM refund
    UNION ALL
    SELECT back.seq AS journal, journal.seq AS original
    FROM journal AS back JOIN journal ON journal.id = back.reverses;

-- A queue and no book, so rows leave it: the holds without an outcome. Looking for due ones must not read all history.
CREATE TABLE open_hold (
    hold {{id}} NOT NULL,
    expires_at {{int}} NOT NULL,
    CONSTRAINT open_hold_hold_key PRIMARY KEY (hold),
    CONSTRAINT open_hold_hold_fkey FOREIGN KEY (hold) REFERENCES hold (id)
){{table_end}};
CREATE INDEX open_hold_expires_at_index ON open_hold (expires_at, hold);
INSERT INTO open_hold (hold, expires_at)
    SELECT id, expires_at FROM hold WHERE id NOT IN (SELECT hold FROM hold_outcome);

{{sqlite}}
CREATE TRIGGER refund_guard BEFORE INSERT ON refund BEGIN
    SELECT RAISE(ABORT, 'refund_exists')
    WHERE EXISTS (SELECT 1 FROM refund WHERE journal = NEW.journal);
    SELECT RAISE(ABORT, 'refund_after_seal')
    WHERE EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal);
    SELECT RAISE(ABORT, 'refund_of_correction')
    WHERE EXISTS (SELECT 1 FROM correction WHERE journal = NEW.original);
END;
CREATE TRIGGER refund_keep BEFORE UPDATE ON refund
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER refund_stay BEFORE DELETE ON refund
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;

CREATE TRIGGER hold_seal_guard BEFORE INSERT ON hold BEGIN
    SELECT RAISE(ABORT, 'hold_after_seal')
    WHERE EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal);
END;
CREATE TRIGGER hold_outcome_seal_guard BEFORE INSERT ON hold_outcome BEGIN
    SELECT RAISE(ABORT, 'hold_outcome_after_seal')
    WHERE EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal);
END;

CREATE TRIGGER open_hold_keep BEFORE UPDATE ON open_hold
    BEGIN SELECT RAISE(ABORT, 'ledger_is_append_only'); END;
CREATE TRIGGER open_hold_stay BEFORE DELETE ON open_hold BEGIN
    SELECT RAISE(ABORT, 'open_hold_without_outcome')
    WHERE NOT EXISTS (SELECT 1 FROM hold_outcome WHERE hold = OLD.hold);
END;

CREATE TRIGGER correction_guard BEFORE INSERT ON journal_seal
WHEN EXISTS (SELECT 1 FROM refund WHERE journal = NEW.seq)
    OR EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq AND reverses IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'correction_exceeds')
    WHERE EXISTS (
        SELECT 1 FROM correction JOIN posting AS back ON back.journal = correction.journal
            LEFT JOIN posting AS taken
                ON taken.journal = correction.original AND taken.account = back.account
        WHERE correction.journal = NEW.seq AND (
            taken.delta IS NULL OR taken.delta = 0 OR back.held_delta <> 0
            OR (taken.delta < 0) = (back.delta < 0)
            OR ABS(taken.delta) < (
                SELECT ABS(SUM(given.delta))
                FROM correction AS other JOIN posting AS given ON given.journal = other.journal
                WHERE other.original = correction.original AND given.account = back.account
            )
        )
    );
    SELECT RAISE(ABORT, 'reversal_incomplete')
    WHERE EXISTS (
        SELECT 1 FROM journal AS reversal JOIN journal ON journal.id = reversal.reverses
            JOIN posting AS taken ON taken.journal = journal.seq
            LEFT JOIN posting AS back
                ON back.journal = reversal.seq AND back.account = taken.account
        WHERE reversal.seq = NEW.seq AND (back.delta IS NULL OR back.delta <> -taken.delta)
    );
END;
{{end}}

{{postgres}}
CREATE FUNCTION refund_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal) THEN
        PERFORM ledger_refuse('refund_after_seal');
    END IF;
    IF EXISTS (SELECT 1 FROM correction WHERE journal = NEW.original) THEN
        PERFORM ledger_refuse('refund_of_correction');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION hold_seal_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal) THEN
        PERFORM ledger_refuse(TG_TABLE_NAME || '_after_seal');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION open_hold_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM hold_outcome WHERE hold = OLD.hold) THEN
        PERFORM ledger_refuse('open_hold_without_outcome');
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION correction_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM refund WHERE journal = NEW.seq)
        AND NOT EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq AND reverses IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM correction JOIN posting AS back ON back.journal = correction.journal
            LEFT JOIN posting AS taken
                ON taken.journal = correction.original AND taken.account = back.account
        WHERE correction.journal = NEW.seq AND (
            taken.delta IS NULL OR taken.delta = 0 OR back.held_delta <> 0
            OR (taken.delta < 0) = (back.delta < 0)
            OR ABS(taken.delta) < (
                SELECT ABS(SUM(given.delta))
                FROM correction AS other JOIN posting AS given ON given.journal = other.journal
                WHERE other.original = correction.original AND given.account = back.account
            )
        )
    ) THEN
        PERFORM ledger_refuse('correction_exceeds');
    END IF;
    IF EXISTS (
        SELECT 1 FROM journal AS reversal JOIN journal ON journal.id = reversal.reverses
            JOIN posting AS taken ON taken.journal = journal.seq
            LEFT JOIN posting AS back
                ON back.journal = reversal.seq AND back.account = taken.account
        WHERE reversal.seq = NEW.seq AND (back.delta IS NULL OR back.delta <> -taken.delta)
    ) THEN
        PERFORM ledger_refuse('reversal_incomplete');
    END IF;
    RETURN NEW;
END $$;

-- As before, with one look instead of four.
CREATE OR REPLACE FUNCTION posting_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    before RECORD;
BEGIN
    SELECT ledger_account.floor, COALESCE(last.version, 0) AS version,
        COALESCE(last.balance_after, 0) AS balance, COALESCE(last.held_after, 0) AS held,
        EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal) AS sealed
    INTO before
    FROM ledger_account LEFT JOIN LATERAL (
        SELECT version, balance_after, held_after FROM posting
        WHERE account = ledger_account.id ORDER BY version DESC LIMIT 1
    ) AS last ON TRUE
    WHERE ledger_account.id = NEW.account;
    IF before.sealed THEN
        PERFORM ledger_refuse('posting_after_seal');
    END IF;
    IF NEW.version <> before.version + 1 THEN
        PERFORM ledger_refuse('posting_version_chain');
    END IF;
    IF NEW.balance_after <> before.balance + NEW.delta
        OR NEW.held_after <> before.held + NEW.held_delta THEN
        PERFORM ledger_refuse('posting_balance_chain');
    END IF;
    IF NEW.balance_after - NEW.held_after < before.floor THEN
        PERFORM ledger_refuse('posting_floor');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_guard BEFORE INSERT ON refund
    FOR EACH ROW EXECUTE FUNCTION refund_guard();
CREATE TRIGGER hold_seal_guard BEFORE INSERT ON hold
    FOR EACH ROW EXECUTE FUNCTION hold_seal_guard();
CREATE TRIGGER hold_outcome_seal_guard BEFORE INSERT ON hold_outcome
    FOR EACH ROW EXECUTE FUNCTION hold_seal_guard();
CREATE TRIGGER open_hold_keep BEFORE UPDATE OR TRUNCATE ON open_hold
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER open_hold_stay BEFORE DELETE ON open_hold
    FOR EACH ROW EXECUTE FUNCTION open_hold_guard();
CREATE TRIGGER correction_guard BEFORE INSERT ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION correction_guard();
CREATE TRIGGER refund_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON refund
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
{{end}}
