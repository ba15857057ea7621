-- How much of the estimated weight a collector must buy, in percent: everything, unless the household says less.
ALTER TABLE report ADD COLUMN minimum_share_percent {{int}} NOT NULL DEFAULT 100
    CHECK (minimum_share_percent BETWEEN 1 AND 100);
