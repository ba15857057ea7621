-- What gateways told us, byte for byte, once per event. A hint: nothing in here has moved money.
CREATE TABLE gateway_notification (
    -- SHA-256 over the gateway and the body.
    id {{id}} NOT NULL,
    gateway {{id}} NOT NULL CHECK (gateway IN ('xendit', 'midtrans')),
    body {{text}} NOT NULL,
    -- Whom it was about, as far as we know him.
    withdrawal_id {{id}} REFERENCES withdrawal (id),
    received_at {{int}} NOT NULL,
    CONSTRAINT gateway_notification_id_key PRIMARY KEY (id),
    CONSTRAINT gateway_notification_digest CHECK (length(id) = 64)
) {{table_end}};
CREATE INDEX gateway_notification_withdrawal ON gateway_notification (withdrawal_id, received_at);
