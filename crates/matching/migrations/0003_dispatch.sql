-- How the reports of a kabupaten are announced. Versions are added and never changed: the highest is in force.
CREATE TABLE dispatch_policy (
    region {{id}} NOT NULL,
    version {{int}} NOT NULL CHECK (version >= 1),
    patience_seconds {{int}} NOT NULL CHECK (patience_seconds BETWEEN 600 AND 259200),
    -- Absent while reports are not matched together.
    gather_seconds {{int}} CHECK (gather_seconds BETWEEN 10 AND 3600),
    set_by {{id}} NOT NULL REFERENCES account (id),
    set_at {{int}} NOT NULL,
    CONSTRAINT dispatch_policy_region_version_key PRIMARY KEY (region, version)
) {{table_end}};

CREATE TABLE dispatch_policy_wave (
    region {{id}} NOT NULL,
    version {{int}} NOT NULL,
    number {{int}} NOT NULL CHECK (number BETWEEN 1 AND 10),
    collectors {{int}} NOT NULL CHECK (collectors BETWEEN 1 AND 100),
    wait_seconds {{int}} NOT NULL CHECK (wait_seconds BETWEEN 10 AND 86400),
    CONSTRAINT dispatch_policy_wave_region_version_number_key PRIMARY KEY (region, version, number),
    FOREIGN KEY (region, version) REFERENCES dispatch_policy (region, version)
) {{table_end}};

-- One row per wave. Of several processes that announce the same wave at once, the key lets one through.
CREATE TABLE announcement (
    report_id {{id}} NOT NULL REFERENCES report (id),
    wave {{int}} NOT NULL CHECK (wave >= 1),
    announced_at {{int}} NOT NULL,
    CONSTRAINT announcement_report_id_wave_key PRIMARY KEY (report_id, wave)
) {{table_end}};

-- Nobody is told twice of one report.
CREATE TABLE announced_collector (
    report_id {{id}} NOT NULL,
    collector_id {{id}} NOT NULL REFERENCES collector (id),
    wave {{int}} NOT NULL,
    announced_at {{int}} NOT NULL,
    CONSTRAINT announced_collector_report_id_collector_id_key PRIMARY KEY (report_id, collector_id),
    FOREIGN KEY (report_id, wave) REFERENCES announcement (report_id, wave)
) {{table_end}};
