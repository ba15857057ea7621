-- Greenhouse gas that recycling one kilogram avoids, and the set of factors the figure is from.
CREATE TABLE emission_factor (
    code {{id}} NOT NULL,
    name {{text}} NOT NULL,
    grams_co2e_per_kg {{int}} NOT NULL CHECK (grams_co2e_per_kg BETWEEN 0 AND 1000000),
    factor_set {{text}} NOT NULL,
    CONSTRAINT emission_factor_code_key PRIMARY KEY (code)
){{table_end}};

-- The reference band is per kilogram, piece or liter; nobody is bound by it.
CREATE TABLE material (
    code {{id}} NOT NULL,
    name_id {{text}} NOT NULL,
    name_en {{text}} NOT NULL,
    group_id {{text}} NOT NULL,
    group_en {{text}} NOT NULL,
    sipsn_category {{text}} NOT NULL CHECK (sipsn_category IN (
        'Sisa Makanan', 'Kayu-Ranting', 'Kertas-Karton', 'Plastik', 'Logam', 'Kain', 'Karet-Kulit',
        'Kaca', 'Lainnya'
    )),
    unit {{text}} NOT NULL CHECK (unit IN ('kg', 'piece', 'liter')),
    grams_per_unit {{int}} NOT NULL CHECK (grams_per_unit BETWEEN 1 AND 1000000),
    min_rupiah {{int}} CHECK (min_rupiah BETWEEN 0 AND 1000000),
    max_rupiah {{int}} CHECK (max_rupiah BETWEEN min_rupiah AND 1000000),
    loose_density_kg_m3 {{int}} CHECK (loose_density_kg_m3 BETWEEN 1 AND 25000),
    emission_factor_code {{id}} REFERENCES emission_factor (code),
    -- False for what only a licensed destination may take, and for what nobody buys.
    accepted {{bool}} NOT NULL,
    -- Grows with every change.
    version {{int}} NOT NULL CHECK (version > 0),
    CONSTRAINT material_code_key PRIMARY KEY (code),
    CHECK ((min_rupiah IS NULL) = (max_rupiah IS NULL))
){{table_end}};

CREATE TABLE vehicle (
    code {{id}} NOT NULL,
    name_id {{text}} NOT NULL,
    name_en {{text}} NOT NULL,
    capacity_grams {{int}} NOT NULL CHECK (capacity_grams > 0),
    capacity_milliliters {{int}} NOT NULL CHECK (capacity_milliliters > 0),
    speed_kmh_urban {{int}} NOT NULL CHECK (speed_kmh_urban BETWEEN 1 AND 120),
    speed_kmh_rural {{int}} NOT NULL CHECK (speed_kmh_rural BETWEEN 1 AND 120),
    detour_percent {{int}} NOT NULL CHECK (detour_percent BETWEEN 100 AND 500),
    range_meters_per_day {{int}} NOT NULL CHECK (range_meters_per_day > 0),
    max_slope_percent {{int}} NOT NULL CHECK (max_slope_percent BETWEEN 0 AND 100),
    grams_co2_per_km {{int}} NOT NULL CHECK (grams_co2_per_km >= 0),
    CONSTRAINT vehicle_code_key PRIMARY KEY (code)
){{table_end}};
