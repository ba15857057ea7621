-- What happened. Rows are appended without a number; the sequencer numbers and chains committed ones.
CREATE TABLE event (
    -- The order of insertion: two events of one subject are serialised by the row they both changed.
    position {{serial}},
    id {{id}} NOT NULL CONSTRAINT event_id_key UNIQUE,
    seq {{int}} NULL CONSTRAINT event_seq_key UNIQUE CHECK (seq > 0),
    kind {{text}} NOT NULL,
    subject {{id}} NOT NULL,
    region {{id}} NULL,
    actor {{text}} NOT NULL,
    occurred_at {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    body {{text}} NOT NULL,
    prev_hash {{text}} NULL,
    hash {{text}} NULL,
    CONSTRAINT event_numbered CHECK ((seq IS NULL) = (hash IS NULL) AND (seq IS NULL) = (prev_hash IS NULL))
) {{table_end}};

CREATE INDEX event_unnumbered ON event (position) WHERE seq IS NULL;
CREATE INDEX event_subject ON event (subject, position);

-- How far each reader has come.
CREATE TABLE event_cursor (
    reader {{id}} NOT NULL CONSTRAINT event_cursor_reader_key PRIMARY KEY,
    seq {{int}} NOT NULL CHECK (seq >= 0)
) {{table_end}};

-- The end of the chain: one row, locked by whoever numbers events.
CREATE TABLE event_chain (
    id {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    seq {{int}} NOT NULL,
    hash {{text}} NOT NULL
) {{table_end}};

INSERT INTO event_chain (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Numbered events are history.
{{sqlite}}
CREATE TRIGGER event_is_history BEFORE UPDATE ON event WHEN OLD.seq IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'event_is_history'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event_is_kept'); END;
{{end}}
{{postgres}}
CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'event_is_history' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER event_is_history BEFORE UPDATE ON event FOR EACH ROW WHEN (OLD.seq IS NOT NULL)
EXECUTE FUNCTION event_refuse();
CREATE TRIGGER event_is_kept BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse();
CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON event EXECUTE FUNCTION event_refuse();
{{end}}
