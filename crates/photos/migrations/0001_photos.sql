-- A photograph from the moment its upload begins: no file is ever on the shelf without its row.
CREATE TABLE photo (
    id {{id}} NOT NULL,
    owner_id {{id}} NOT NULL,
    created_at {{int}} NOT NULL,
    stored_at {{int}},
    width {{int}} CHECK (width BETWEEN 1 AND 1600),
    height {{int}} CHECK (height BETWEEN 1 AND 1600),
    bytes {{int}} CHECK (bytes > 0),
    sha256 {{text}} CHECK (length(sha256) = 64),
    -- What it belongs to, and its place there; null until it is attached, which happens once.
    subject {{id}},
    position {{int}} CHECK (position BETWEEN 0 AND 4),
    attached_at {{int}},
    -- From then on nobody sees it; the file goes after this is written, the row after the file.
    discarded_at {{int}},
    CONSTRAINT photo_id_key PRIMARY KEY (id),
    CONSTRAINT photo_subject_position_key UNIQUE (subject, position),
    CONSTRAINT photo_stored_known CHECK (
        (stored_at IS NULL) = (width IS NULL)
        AND (stored_at IS NULL) = (height IS NULL)
        AND (stored_at IS NULL) = (bytes IS NULL)
        AND (stored_at IS NULL) = (sha256 IS NULL)),
    CONSTRAINT photo_attachment_known CHECK (
        (subject IS NULL) = (position IS NULL)
        AND (subject IS NULL) = (attached_at IS NULL)
        AND (subject IS NULL OR stored_at IS NOT NULL)),
    CONSTRAINT photo_discarded_unattached CHECK (discarded_at IS NULL OR subject IS NULL)
) {{table_end}};

CREATE INDEX photo_unattached ON photo (created_at, id) WHERE subject IS NULL;

-- How many uploads an account has begun since the window opened.
CREATE TABLE photo_allowance (
    owner_id {{id}} NOT NULL,
    started_at {{int}} NOT NULL,
    spent {{int}} NOT NULL CHECK (spent >= 0),
    CONSTRAINT photo_allowance_owner_id_key PRIMARY KEY (owner_id)
) {{table_end}};
