-- How much each part of the score counts in one kabupaten. Every choice is kept: answers and events name them.
CREATE TABLE matching_weights (
    region {{id}} NOT NULL,
    version {{int}} NOT NULL CHECK (version >= 1),
    travel_time {{int}} NOT NULL CHECK (travel_time BETWEEN 0 AND 60),
    payout {{int}} NOT NULL CHECK (payout BETWEEN 0 AND 60),
    reliability {{int}} NOT NULL CHECK (reliability BETWEEN 0 AND 60),
    rating {{int}} NOT NULL CHECK (rating BETWEEN 0 AND 60),
    spare_capacity {{int}} NOT NULL CHECK (spare_capacity BETWEEN 0 AND 60),
    window_fit {{int}} NOT NULL CHECK (window_fit BETWEEN 0 AND 60),
    fairness {{int}} NOT NULL CHECK (fairness BETWEEN 0 AND 60),
    ageing {{int}} NOT NULL CHECK (ageing BETWEEN 0 AND 60),
    chosen_by {{id}} NOT NULL,
    chosen_at {{int}} NOT NULL,
    CONSTRAINT matching_weights_region_version_key PRIMARY KEY (region, version),
    CONSTRAINT matching_weights_whole CHECK (
        travel_time + payout + reliability + rating + spare_capacity + window_fit + fairness + ageing = 100
    )
) {{table_end}};
