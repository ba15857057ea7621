-- A gateway may give back what it kept for a payout or a payment that came to nothing.
ALTER TABLE gateway_fee ADD COLUMN given_back {{bool}} NOT NULL DEFAULT {{false}};
