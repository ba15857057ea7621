-- What a person decided about a withdrawal that no gateway could be asked about any more.
CREATE TABLE withdrawal_decision (
    withdrawal_id {{id}} NOT NULL REFERENCES withdrawal (id),
    checker {{id}} NOT NULL,
    outcome {{text}} NOT NULL CHECK (outcome IN ('arrived', 'never_left')),
    reason {{text}} NOT NULL,
    decided_at {{int}} NOT NULL,
    CONSTRAINT withdrawal_decision_withdrawal_id_key PRIMARY KEY (withdrawal_id)
) {{table_end}};
CREATE INDEX withdrawal_escalated ON withdrawal (escalated_at, id)
    WHERE escalated_at IS NOT NULL AND state IN ('created', 'sending', 'in_doubt', 'pending');
