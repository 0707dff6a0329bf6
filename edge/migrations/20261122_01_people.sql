-- Who signs in. A person is a human; an identity is one way that human signs in. Limits, caps,
-- "not your own article" and "two operators" look at the person, never at the sign-in.

CREATE TABLE person (
  id         TEXT NOT NULL PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('member', 'guest')),
  name       TEXT CHECK (length(name) BETWEEN 1 AND 200),
  lang       TEXT CHECK (lang IN ('zh-Hans', 'en')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity (
  provider   TEXT NOT NULL,
  subject    TEXT NOT NULL,
  person_id  TEXT NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_by_person ON identity (person_id);

-- Random ids, stored hashed: a copy of this table opens nothing.
CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_expiry ON session (expires_at);

-- What a writer's own programs sign in with; hashed like sessions, one scope each.
CREATE TABLE api_token (
  id         TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id  TEXT NOT NULL REFERENCES person (id),
  scope      TEXT NOT NULL CHECK (scope IN ('publish')),
  label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE INDEX api_token_by_person ON api_token (person_id, created_at);
