-- What the tables refuse stays the same. A correction costs the same however long the books are, and an account that is
-- opened at this very moment is locked like any other.

{{sqlite}}
-- To add up what others had given back of a journal, the whole view of corrections was made out of every journal there is.
DROP TRIGGER correction_guard;
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
                SELECT ABS(SUM(given.delta)) FROM posting AS given
                WHERE given.account = back.account AND given.journal IN (
                    SELECT refund.journal FROM refund WHERE refund.original = correction.original
                    UNION ALL
                    SELECT reversal.seq FROM journal JOIN journal AS reversal
                        ON reversal.reverses = journal.id
                    WHERE journal.seq = correction.original
                )
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
-- A plan from when the books were short joined the corrected lines to all postings there are. Each look into another
-- table is a question now, which has but one good plan.
CREATE OR REPLACE FUNCTION refund_guard() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM journal_seal WHERE seq = NEW.journal) THEN
        PERFORM ledger_refuse('refund_after_seal');
    END IF;
    IF EXISTS (SELECT 1 FROM refund WHERE journal = NEW.original)
        OR EXISTS (SELECT 1 FROM journal WHERE seq = NEW.original AND reverses IS NOT NULL) THEN
        PERFORM ledger_refuse('refund_of_correction');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION correction_check(sealed BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    corrected BIGINT;
    corrections BIGINT[];
BEGIN
    FOR corrected IN
        SELECT original FROM refund WHERE journal = sealed
        UNION ALL
        SELECT (SELECT seq FROM journal WHERE id = reversal.reverses)
        FROM journal AS reversal WHERE seq = sealed AND reverses IS NOT NULL
    LOOP
        corrections := ARRAY(
            SELECT journal FROM refund WHERE original = corrected
            UNION ALL
            SELECT seq FROM journal WHERE reverses = (SELECT id FROM journal WHERE seq = corrected)
        );
        IF EXISTS (
            SELECT 1 FROM (
                SELECT delta, held_delta,
                    (SELECT delta FROM posting WHERE journal = corrected AND account = back.account) AS taken,
                    (
                        SELECT SUM((
                            SELECT delta FROM posting WHERE journal = other AND account = back.account
                        )) FROM UNNEST(corrections) AS other
                    ) AS given
                FROM posting AS back WHERE journal = sealed
            ) AS line
            WHERE taken IS NULL OR taken = 0 OR held_delta <> 0 OR (taken < 0) = (delta < 0)
                OR ABS(taken) < ABS(given)
        ) THEN
            PERFORM ledger_refuse('correction_exceeds');
        END IF;
    END LOOP;
    IF EXISTS (
        SELECT 1 FROM posting AS taken
        WHERE journal = (
                SELECT seq FROM journal
                WHERE id = (SELECT reverses FROM journal AS reversal WHERE reversal.seq = sealed)
            )
            AND (SELECT delta FROM posting WHERE journal = sealed AND account = taken.account)
                IS DISTINCT FROM -delta
    ) THEN
        PERFORM ledger_refuse('reversal_incomplete');
    END IF;
END $$;

-- As before, but of accounts it tells only those that it has locked: one that somebody opened while we waited for the
-- lock of another was told unlocked, and whoever posted to it next was refused as if he had miscounted.
CREATE OR REPLACE FUNCTION ledger_look(names TEXT[], key TEXT)
RETURNS TABLE (
    name TEXT, number BIGINT, version BIGINT, balance BIGINT, held BIGINT, predecessor TEXT, taken TEXT
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    locked BIGINT[];
BEGIN
    -- By a sum, or the index of numbers would be read from its beginning only to save the sorting.
    locked := ARRAY(
        SELECT id FROM ledger_account WHERE name = ANY (names) ORDER BY id + 0 FOR NO KEY UPDATE
    );
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
        WHERE account.id = ANY (locked);
END $$;
{{end}}
