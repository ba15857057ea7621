-- Dates are ISO 8601 days in the region's own zone; a region that has ended keeps its row and its code.
CREATE TABLE region (
    code {{id}} NOT NULL,
    level {{text}} NOT NULL
        CHECK (level IN ('provinsi', 'kabupaten', 'kecamatan', 'kelurahan', 'desa')),
    name {{text}} NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    parent_code {{id}} REFERENCES region (code),
    latitude {{double}} NOT NULL CHECK (latitude BETWEEN -11.1 AND 6.1),
    longitude {{double}} NOT NULL CHECK (longitude BETWEEN 94.9 AND 141.1),
    min_lat {{double}},
    min_lon {{double}},
    max_lat {{double}},
    max_lon {{double}},
    area_hectares {{int}} CHECK (area_hectares >= 0),
    time_zone {{text}} NOT NULL
        CHECK (time_zone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')),
    valid_from {{text}} CHECK (length(valid_from) = 10),
    valid_until {{text}} CHECK (length(valid_until) = 10),
    -- Grows with every change of the region or of its boundary.
    version {{int}} NOT NULL CHECK (version > 0),
    CONSTRAINT region_code_key PRIMARY KEY (code)
){{table_end}};

-- A GeoJSON MultiPolygon in [lon, lat] order, checked when it was imported.
CREATE TABLE region_boundary (
    code {{id}} NOT NULL REFERENCES region (code),
    geojson {{text}} NOT NULL,
    CONSTRAINT region_boundary_code_key PRIMARY KEY (code)
){{table_end}};
