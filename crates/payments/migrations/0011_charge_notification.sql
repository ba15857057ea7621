-- Gateways tell of incoming payments as well.
ALTER TABLE gateway_notification ADD COLUMN charge_id {{id}} REFERENCES charge (id);
