-- Everything here is folded from the event log and may be dropped and folded again.
-- `region` is a desa or any region above it: each event counts once per level, so that no question has to add up villages.
-- `day` counts the days since 1970-01-01 in the region's own calendar.

CREATE TABLE statistics_report (
    region {{id}} NOT NULL,
    day {{int}} NOT NULL,
    opened {{int}} NOT NULL,
    closed {{int}} NOT NULL,
    cancelled {{int}} NOT NULL,
    expired {{int}} NOT NULL,
    CONSTRAINT statistics_report_region_day_key PRIMARY KEY (region, day)
) {{table_end}};

CREATE TABLE statistics_pickup (
    region {{id}} NOT NULL,
    day {{int}} NOT NULL,
    collector_kind {{id}} NOT NULL,
    pickups {{int}} NOT NULL,
    amount_rupiah {{int}} NOT NULL,
    distance_meters {{int}} NOT NULL,
    CONSTRAINT statistics_pickup_region_day_collector_kind_key PRIMARY KEY (region, day, collector_kind)
) {{table_end}};

CREATE TABLE statistics_cell (
    region {{id}} NOT NULL,
    day {{int}} NOT NULL,
    material {{id}} NOT NULL,
    collector_kind {{id}} NOT NULL,
    grams {{int}} NOT NULL,
    amount_rupiah {{int}} NOT NULL,
    lines {{int}} NOT NULL,
    CONSTRAINT statistics_cell_region_day_material_collector_kind_key
        PRIMARY KEY (region, day, material, collector_kind)
) {{table_end}};

-- On which days somebody was active in a desa.
CREATE TABLE statistics_presence (
    role {{id}} NOT NULL,
    subject {{id}} NOT NULL,
    day {{int}} NOT NULL,
    desa {{id}} NOT NULL,
    CONSTRAINT statistics_presence_role_subject_day_desa_key PRIMARY KEY (role, subject, day, desa),
    CONSTRAINT statistics_presence_role_check CHECK (role IN ('household', 'collector'))
) {{table_end}};

-- How many were active on `day` and before that last on `previous_day`. Who was active in a period at all is then the sum
-- over its days of those whose previous day lies before the period.
CREATE TABLE statistics_return (
    region {{id}} NOT NULL,
    role {{id}} NOT NULL,
    day {{int}} NOT NULL,
    previous_day {{int}} NOT NULL,
    subjects {{int}} NOT NULL,
    CONSTRAINT statistics_return_region_role_day_previous_day_key
        PRIMARY KEY (region, role, day, previous_day),
    CONSTRAINT statistics_return_subjects_check CHECK (subjects >= 0)
) {{table_end}};

-- How long people waited, roughly: finds the bucket that holds the median.
CREATE TABLE statistics_wait (
    region {{id}} NOT NULL,
    measure {{id}} NOT NULL,
    day {{int}} NOT NULL,
    bucket {{int}} NOT NULL,
    waits {{int}} NOT NULL,
    CONSTRAINT statistics_wait_region_measure_day_bucket_key PRIMARY KEY (region, measure, day, bucket),
    CONSTRAINT statistics_wait_measure_check CHECK (measure IN ('acceptance', 'pickup'))
) {{table_end}};

-- And to the second: finds the median in its bucket.
CREATE TABLE statistics_second (
    measure {{id}} NOT NULL,
    bucket {{int}} NOT NULL,
    desa {{id}} NOT NULL,
    day {{int}} NOT NULL,
    seconds {{int}} NOT NULL,
    waits {{int}} NOT NULL,
    CONSTRAINT statistics_second_measure_bucket_desa_day_seconds_key
        PRIMARY KEY (measure, bucket, desa, day, seconds),
    CONSTRAINT statistics_second_measure_check CHECK (measure IN ('acceptance', 'pickup'))
) {{table_end}};
