-- Who is in which room, so that a crash tells nobody of a departure that did not happen.
CREATE TABLE membership (
    session_id BIGINT PRIMARY KEY,
    sdk_app_id BIGINT NOT NULL,
    -- The room id and the rest as JSON: they are only ever read back whole.
    room TEXT NOT NULL,
    user_id TEXT NOT NULL,
    details TEXT NOT NULL,
    entered_ms BIGINT NOT NULL
);

-- One row: until when the engine is known to have run.
CREATE TABLE alive (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at_ms BIGINT NOT NULL
);
