-- What the tables refuse stays the same; they find it out with fewer looks.

{{sqlite}}
DROP TRIGGER journal_guard;
CREATE TRIGGER journal_guard BEFORE INSERT ON journal BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM journal WHERE business_key = NEW.business_key)
            OR EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
            OR EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
            OR (NEW.reverses IS NOT NULL
                AND EXISTS (SELECT 1 FROM journal WHERE reverses = NEW.reverses))
        THEN RAISE(ABORT, 'journal_exists')
    END;
END;

DROP TRIGGER posting_guard;
CREATE TRIGGER posting_guard BEFORE INSERT ON posting BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM posting WHERE journal = NEW.journal AND account = NEW.account)
        THEN RAISE(ABORT, 'posting_exists')
        WHEN EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal)
        THEN RAISE(ABORT, 'posting_after_seal')
    END;
    SELECT CASE
        WHEN NEW.version <> COALESCE(last.version, 0) + 1
        THEN RAISE(ABORT, 'posting_version_chain')
        WHEN NEW.balance_after <> COALESCE(last.balance_after, 0) + NEW.delta
            OR NEW.held_after <> COALESCE(last.held_after, 0) + NEW.held_delta
        THEN RAISE(ABORT, 'posting_balance_chain')
        WHEN NEW.balance_after - NEW.held_after < ledger_account.floor
        THEN RAISE(ABORT, 'posting_floor')
    END
    FROM ledger_account LEFT JOIN posting AS last ON last.account = ledger_account.id
        AND last.version = (SELECT MAX(version) FROM posting WHERE account = NEW.account)
    WHERE ledger_account.id = NEW.account;
END;

DROP TRIGGER journal_seal_guard;
CREATE TRIGGER journal_seal_guard BEFORE INSERT ON journal_seal BEGIN
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.seq)
        THEN RAISE(ABORT, 'journal_seal_exists')
        WHEN NOT EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
        THEN RAISE(ABORT, 'journal_seal_orphan')
    END;
    -- Most journals have one unit, and their lines need no sorting.
    SELECT CASE
        WHEN COUNT(*) = 0 THEN RAISE(ABORT, 'journal_seal_empty')
        WHEN MIN(unit) = MAX(unit) AND SUM(delta) <> 0 THEN RAISE(ABORT, 'journal_seal_unbalanced')
        WHEN MIN(unit) <> MAX(unit) AND EXISTS (
            SELECT 1 FROM posting JOIN ledger_account ON ledger_account.id = posting.account
            WHERE posting.journal = NEW.seq
            GROUP BY ledger_account.unit HAVING SUM(posting.delta) <> 0
        ) THEN RAISE(ABORT, 'journal_seal_unbalanced')
    END
    FROM posting JOIN ledger_account ON ledger_account.id = posting.account
    WHERE posting.journal = NEW.seq;
END;
{{end}}

{{postgres}}
DROP TRIGGER correction_guard ON journal_seal;
DROP FUNCTION correction_guard();
CREATE FUNCTION correction_check(sealed BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM correction JOIN posting AS back ON back.journal = correction.journal
            LEFT JOIN posting AS taken
                ON taken.journal = correction.original AND taken.account = back.account
        WHERE correction.journal = sealed AND (
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
        WHERE reversal.seq = sealed AND (back.delta IS NULL OR back.delta <> -taken.delta)
    ) THEN
        PERFORM ledger_refuse('reversal_incomplete');
    END IF;
END $$;

-- Each look is planned once per session, not each time; and a plan that was made while a table was small must not read
-- the whole of it later, so every look goes through an index, and one into another table is a question and no join.
ALTER FUNCTION posting_guard() SET plan_cache_mode = force_generic_plan SET enable_seqscan = off;

CREATE OR REPLACE FUNCTION journal_seal_guard() RETURNS TRIGGER LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    corrects BOOLEAN;
    moved RECORD;
BEGIN
    SELECT reverses IS NOT NULL OR EXISTS (SELECT 1 FROM refund WHERE journal = NEW.seq)
    INTO corrects FROM journal WHERE seq = NEW.seq;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('journal_seal_orphan');
    END IF;
    SELECT COUNT(*) AS lines, SUM(delta) AS total, MIN(unit) = MAX(unit) AS alike INTO moved FROM (
        SELECT delta, (SELECT unit FROM ledger_account WHERE id = posting.account) AS unit
        FROM posting WHERE journal = NEW.seq
    ) AS line;
    IF moved.lines = 0 THEN
        PERFORM ledger_refuse('journal_seal_empty');
    END IF;
    -- Most journals have one unit, and their lines need no sorting.
    IF moved.alike THEN
        IF moved.total <> 0 THEN
            PERFORM ledger_refuse('journal_seal_unbalanced');
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM posting WHERE journal = NEW.seq
        GROUP BY (SELECT unit FROM ledger_account WHERE id = posting.account)
        HAVING SUM(delta) <> 0
    ) THEN
        PERFORM ledger_refuse('journal_seal_unbalanced');
    END IF;
    IF corrects THEN
        PERFORM correction_check(NEW.seq);
    END IF;
    RETURN NEW;
END $$;

-- Two functions for the two round trips of a journal. They refuse and decide nothing: the guards and the caller do.

-- Locks accounts in ascending order and tells where their chains end, and which journal has the business key.
CREATE FUNCTION ledger_look(names TEXT[], key TEXT)
RETURNS TABLE (
    name TEXT, number BIGINT, version BIGINT, balance BIGINT, held BIGINT, predecessor TEXT, taken TEXT
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    -- By a sum, or the index of numbers would be read from its beginning only to save the sorting.
    PERFORM 1 FROM ledger_account WHERE name = ANY (names) ORDER BY id + 0 FOR NO KEY UPDATE;
    -- A statement of its own: what was committed while it waited for the locks must be seen.
    RETURN QUERY
        SELECT account.name, account.id, COALESCE(last.version, 0), COALESCE(last.balance_after, 0),
            COALESCE(last.held_after, 0),
            COALESCE((SELECT hash FROM journal_seal WHERE seq = last.journal), ''),
            (SELECT id FROM journal WHERE business_key = key)
        FROM ledger_account AS account LEFT JOIN LATERAL (
            SELECT posting.version, posting.balance_after, posting.held_after, posting.journal
            FROM posting WHERE posting.account = account.id ORDER BY posting.version DESC LIMIT 1
        ) AS last ON TRUE
        WHERE account.name = ANY (names);
END $$;

-- Inserts a journal (head: identity, kind and business key) and its links (six numbers each), and seals it where there
-- is a hash; answers its number, or nothing when the business key is taken, after waiting for whoever is taking it.
CREATE FUNCTION ledger_record(head TEXT[], reverses TEXT, created_at BIGINT, links BIGINT[], hash TEXT)
RETURNS BIGINT LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_variable
DECLARE
    number BIGINT;
BEGIN
    INSERT INTO journal (id, kind, business_key, reverses, created_at)
    VALUES (head[1], head[2], head[3], reverses, created_at)
    ON CONFLICT (business_key) DO NOTHING RETURNING seq INTO number;
    IF number IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO posting (account, version, delta, held_delta, balance_after, held_after, journal)
    SELECT links[at], links[at + 1], links[at + 2], links[at + 3], links[at + 4], links[at + 5], number
    FROM generate_series(1, cardinality(links), 6) AS at;
    IF hash IS NOT NULL THEN
        INSERT INTO journal_seal (seq, hash) VALUES (number, hash);
    END IF;
    RETURN number;
END $$;
{{end}}
