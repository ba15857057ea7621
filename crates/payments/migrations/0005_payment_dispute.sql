-- Somebody says that the cash went another way. The household's own answer ends it, or a ruling by staff does.
CREATE TABLE payment_dispute (
    payment_id {{id}} NOT NULL REFERENCES payment (id),
    opened_by {{text}} NOT NULL CHECK (opened_by IN ('household', 'collector', 'worker')),
    reason {{text}} NOT NULL,
    detail {{text}},
    opened_at {{int}} NOT NULL,
    decide_by {{int}} NOT NULL,
    outcome {{text}} CHECK (outcome IN ('answered', 'received', 'not_received')),
    closed_at {{int}},
    ruled_by {{id}},
    ruling_reason {{text}},
    CONSTRAINT payment_dispute_payment_id_opened_by_key PRIMARY KEY (payment_id, opened_by),
    CONSTRAINT payment_dispute_deadline_ahead CHECK (decide_by > opened_at),
    CONSTRAINT payment_dispute_closing_known CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT payment_dispute_ruling_known CHECK (
        (ruled_by IS NULL) = (ruling_reason IS NULL)
        AND (ruled_by IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'answered'))
) {{table_end}};

CREATE UNIQUE INDEX payment_dispute_open_key ON payment_dispute (payment_id) WHERE outcome IS NULL;
CREATE INDEX payment_dispute_decide_by ON payment_dispute (decide_by, payment_id) WHERE outcome IS NULL;

-- What was flagged before there were disputes waits for staff as well.
INSERT INTO payment_dispute (payment_id, opened_by, reason, opened_at, decide_by)
SELECT id, 'worker', 'unanswered', flagged_at, flagged_at + 604800000000
FROM payment WHERE state = 'pending' AND flagged_at IS NOT NULL;
