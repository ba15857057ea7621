-- A published list is one document, `LGM-BESI:3000 PLA-PET-BENING:2500`, by material code: it is written once and always
-- read whole, and a start reads everybody's. The lines that 0001 kept apart are carried over.
CREATE TABLE price_document (
    collector_id {{id}} NOT NULL,
    number {{int}} NOT NULL,
    valid_from {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    prices {{text}} NOT NULL
) {{table_end}};

INSERT INTO price_document
SELECT list.collector_id, list.number, list.valid_from, list.created_at,
    string_agg(line.material || ':' || line.price_rupiah, ' ' ORDER BY line.material)
FROM collector_price_list AS list
-- A list without a line never was: should there be one, this fails rather than lose it.
LEFT JOIN collector_price AS line ON line.collector_id = list.collector_id AND line.number = list.number
GROUP BY list.collector_id, list.number, list.valid_from, list.created_at;

DROP TABLE collector_price;
DROP TABLE collector_price_list;

-- Published lists are never changed: the one in force is the one with the latest valid_from not after now.
CREATE TABLE collector_price_list (
    collector_id {{id}} NOT NULL REFERENCES collector (id),
    number {{int}} NOT NULL,
    valid_from {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    prices {{text}} NOT NULL,
    CONSTRAINT collector_price_list_collector_id_number_key PRIMARY KEY (collector_id, number),
    CONSTRAINT collector_price_list_number_check CHECK (number >= 1),
    -- A hundred lines of a code, a colon and a price; the rest is judged when it is read.
    CONSTRAINT collector_price_list_prices_check CHECK (length(prices) BETWEEN 3 AND 4100 AND
        {{sqlite}}prices GLOB '[A-Z0-9-]*:[0-9]*' AND prices NOT GLOB '*[^A-Z0-9: -]*' AND prices NOT GLOB '*  *'{{end}}
        {{postgres}}prices ~ '^[A-Z0-9-]{1,32}:[0-9]{1,7}( [A-Z0-9-]{1,32}:[0-9]{1,7})*$'{{end}})
) {{table_end}};

INSERT INTO collector_price_list (collector_id, number, valid_from, created_at, prices)
SELECT collector_id, number, valid_from, created_at, prices FROM price_document ORDER BY collector_id, number;

DROP TABLE price_document;

-- Whose list comes into force between two moments; and which of his lists is in force.
CREATE INDEX collector_price_list_valid_from_index ON collector_price_list (valid_from, collector_id);
CREATE INDEX collector_price_list_in_force_index ON collector_price_list (collector_id, valid_from, number);
