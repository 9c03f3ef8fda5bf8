-- Only what SQLite and PostgreSQL both understand. Times are milliseconds since 1970.
CREATE TABLE app (
    sdk_app_id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    -- 1 where nobody enters a room of this app without a PrivateMapKey.
    room_key_required INTEGER NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL
);

-- Two live keys an app, so that a key can be replaced while both are in use.
CREATE TABLE app_key (
    sdk_app_id BIGINT NOT NULL REFERENCES app (sdk_app_id),
    secret TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('live', 'retired')),
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (sdk_app_id, secret)
);

CREATE TABLE api_credential (
    secret_id TEXT PRIMARY KEY,
    secret_key TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
