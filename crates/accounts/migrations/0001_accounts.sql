-- A person who may sign in. One account per phone; the name comes later, from the person.
-- totp_enrolment names the invitation from which the second factor's secret is derived: no secret is stored.
CREATE TABLE account (
    id {{id}} NOT NULL,
    phone {{id}} NOT NULL,
    full_name {{text}},
    language {{text}} NOT NULL,
    collector_id {{id}},
    totp_enrolment {{id}},
    totp_step {{int}},
    suspended_at {{int}},
    version {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    CONSTRAINT account_id_key PRIMARY KEY (id),
    CONSTRAINT account_phone_key UNIQUE (phone),
    CONSTRAINT account_collector_id_key UNIQUE (collector_id),
    CONSTRAINT account_language_known CHECK (language IN ('id', 'en')),
    CONSTRAINT account_version_counts CHECK (version >= 1)
){{table_end}};

-- A one-time code under way. code_mac is an HMAC under a key that is not in the database.
CREATE TABLE otp_challenge (
    id {{id}} NOT NULL,
    phone {{id}} NOT NULL,
    code_mac {{text}} NOT NULL,
    tries {{int}} NOT NULL,
    created_at {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    used_at {{int}},
    CONSTRAINT otp_challenge_id_key PRIMARY KEY (id),
    CONSTRAINT otp_challenge_tries_bounded CHECK (tries BETWEEN 0 AND 5)
){{table_end}};
CREATE INDEX otp_challenge_phone_created_at ON otp_challenge (phone, created_at);
CREATE INDEX otp_challenge_created_at ON otp_challenge (created_at);

-- When a phone was last sent a code: the row whose update decides between two requests at once.
CREATE TABLE otp_pace (
    phone {{id}} NOT NULL,
    sent_at {{int}} NOT NULL,
    CONSTRAINT otp_pace_phone_key PRIMARY KEY (phone)
){{table_end}};

-- What the whole system may spend within a window of time.
CREATE TABLE otp_budget (
    name {{id}} NOT NULL,
    started_at {{int}} NOT NULL,
    spent {{int}} NOT NULL,
    CONSTRAINT otp_budget_name_key PRIMARY KEY (name),
    CONSTRAINT otp_budget_spent_counts CHECK (spent >= 0)
){{table_end}};
INSERT INTO otp_budget (name, started_at, spent) VALUES ('messages', 0, 0);
INSERT INTO otp_budget (name, started_at, spent) VALUES ('failures', 0, 0);

-- One signed-in device. Staff grants count only where second_factor is true.
CREATE TABLE session (
    id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    device_name {{text}},
    second_factor {{bool}} NOT NULL,
    created_at {{int}} NOT NULL,
    last_used_at {{int}} NOT NULL,
    ended_at {{int}},
    CONSTRAINT session_id_key PRIMARY KEY (id),
    CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id)
){{table_end}};
CREATE INDEX session_account_id_id ON session (account_id, id);

-- Every refresh token a session ever had, hashed. At most one of a session is unspent.
CREATE TABLE refresh_token (
    token_hash {{id}} NOT NULL,
    session_id {{id}} NOT NULL,
    created_at {{int}} NOT NULL,
    spent_at {{int}},
    CONSTRAINT refresh_token_token_hash_key PRIMARY KEY (token_hash),
    CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES session (id)
){{table_end}};
CREATE UNIQUE INDEX refresh_token_session_id_key ON refresh_token (session_id) WHERE spent_at IS NULL;
CREATE INDEX refresh_token_spent_at ON refresh_token (spent_at);

-- An invitation for staff: the token itself is shown once and never stored.
CREATE TABLE invitation (
    id {{id}} NOT NULL,
    token_hash {{id}} NOT NULL,
    role {{text}} NOT NULL,
    region {{id}} NOT NULL,
    phone {{id}},
    created_at {{int}} NOT NULL,
    expires_at {{int}} NOT NULL,
    accepted_at {{int}},
    CONSTRAINT invitation_id_key PRIMARY KEY (id),
    CONSTRAINT invitation_token_hash_key UNIQUE (token_hash)
){{table_end}};

-- A staff role for a region, from one day to another.
CREATE TABLE staff_grant (
    account_id {{id}} NOT NULL,
    role {{id}} NOT NULL,
    region {{id}} NOT NULL,
    valid_from {{int}} NOT NULL,
    valid_until {{int}},
    withdrawn_at {{int}},
    CONSTRAINT staff_grant_account_id_role_region_valid_from_key
        PRIMARY KEY (account_id, role, region, valid_from),
    CONSTRAINT staff_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT staff_grant_role_known
        CHECK (role IN ('viewer', 'officer', 'finance_maker', 'finance_checker', 'admin')),
    CONSTRAINT staff_grant_dates_in_order CHECK (valid_until IS NULL OR valid_until > valid_from)
){{table_end}};
