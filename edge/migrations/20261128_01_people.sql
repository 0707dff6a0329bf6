-- People and how they sign in. One human may sign in as several persons, which is noticed when
-- two of their accounts are paid to the same bank card. Daily caps, the limits that readers set
-- themselves, the refusal of praise for an own article and the rule of two operators count
-- humans.

CREATE TABLE IF NOT EXISTS person (
  id         TEXT NOT NULL PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('member', 'guest')),
  name       TEXT CHECK (length(name) BETWEEN 1 AND 200),
  lang       TEXT CHECK (lang IN ('zh-Hans', 'en')),
  created_at INTEGER NOT NULL,
  -- NULL while the person is not linked, otherwise the person that represents the human.
  human_id   TEXT REFERENCES person (id),
  -- When the link was made. Everything before was done by two people as far as we knew.
  linked_at  INTEGER
) STRICT;

CREATE INDEX IF NOT EXISTS person_by_human ON person (human_id) WHERE human_id IS NOT NULL;

-- A link leads to a person that is not linked itself, and cannot be removed.
CREATE TRIGGER IF NOT EXISTS person_link BEFORE UPDATE OF human_id, linked_at ON person
WHEN NEW.human_id IS NOT OLD.human_id OR NEW.linked_at IS NOT OLD.linked_at
BEGIN
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.human_id IS NULL OR NEW.linked_at IS NULL OR NEW.human_id IS NEW.id
    OR EXISTS (SELECT 1 FROM person WHERE id = NEW.human_id AND human_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM person WHERE human_id = NEW.id);
END;

-- A person starts without a link. Here and in other tables a trigger refuses a row with an
-- existing key, because INSERT OR REPLACE and UPDATE OR REPLACE delete the old row without firing
-- the triggers that forbid a DELETE.
CREATE TRIGGER IF NOT EXISTS person_once BEFORE INSERT ON person
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM person WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.human_id IS NOT NULL OR NEW.linked_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS person_fixed BEFORE UPDATE ON person
WHEN NEW.id IS NOT OLD.id OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Each person with the human behind it.
CREATE VIEW IF NOT EXISTS human AS
SELECT id AS person_id, coalesce(human_id, id) AS human_id FROM person;

-- One way in which a person signs in. It never passes to another person.
CREATE TABLE IF NOT EXISTS identity (
  provider   TEXT NOT NULL,
  subject    TEXT NOT NULL,
  person_id  TEXT NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS identity_by_person ON identity (person_id);

CREATE TRIGGER IF NOT EXISTS identity_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity WHERE provider = NEW.provider AND subject = NEW.subject)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS identity_no_update BEFORE UPDATE ON identity
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS identity_no_delete BEFORE DELETE ON identity
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Random tokens, stored as hashes, so that a copy of this table does not let anybody sign in.
CREATE TABLE IF NOT EXISTS session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS session_by_expiry ON session (expires_at);

-- Tokens for the programs of a writer. Hashed like sessions, with one scope each.
CREATE TABLE IF NOT EXISTS api_token (
  id         TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id  TEXT NOT NULL REFERENCES person (id),
  scope      TEXT NOT NULL CHECK (scope IN ('publish')),
  label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE INDEX IF NOT EXISTS api_token_by_person ON api_token (person_id, created_at);
