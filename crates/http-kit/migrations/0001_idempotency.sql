-- The answers to commands that carried a key, so that a repeated command is answered and not carried out again.
CREATE TABLE idempotency (
    caller      {{id}} NOT NULL,
    route       {{text}} NOT NULL,
    key         {{text}} NOT NULL,
    -- SHA-256 over method, path and canonical body.
    fingerprint {{text}} NOT NULL,
    status      {{int}} NOT NULL CONSTRAINT idempotency_status_range CHECK (status BETWEEN 200 AND 499),
    -- A JSON list of [name, value].
    headers     {{text}} NOT NULL,
    body        {{text}} NOT NULL,
    created_at  {{int}} NOT NULL,
    CONSTRAINT idempotency_caller_route_key_key PRIMARY KEY (caller, route, key)
){{table_end}};

CREATE INDEX idempotency_created_at ON idempotency (created_at);
