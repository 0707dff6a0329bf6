-- People and how they sign in. One human may sign in as several persons, which is noticed when
-- two of their accounts are paid to the same verified bank card. Daily caps, the limits that
-- readers set themselves, the refusal of praise for an own article and the rule of two operators
-- count humans. Rights belong to persons, so that a link only restricts and never grants.

CREATE TABLE IF NOT EXISTS person (
  id         TEXT NOT NULL PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('member', 'guest')),
  name       TEXT CHECK (length(name) BETWEEN 1 AND 200),
  lang       TEXT CHECK (lang IN ('zh-Hans', 'en')),
  created_at INTEGER NOT NULL,
  -- NULL while the person is not linked, otherwise the person that represents the human.
  human_id   TEXT REFERENCES person (id),
  -- When the person last joined or left a human. Everything before was done by other people as far
  -- as we knew.
  linked_at  INTEGER
) STRICT;

CREATE INDEX IF NOT EXISTS person_by_human ON person (human_id) WHERE human_id IS NOT NULL;

-- Why two persons count as one human: a provider that has verified the payees of both reports the
-- same payee for them. The persons whom undissolved links join, directly or through others, are
-- one human.
CREATE TABLE IF NOT EXISTS human_link (
  id           TEXT NOT NULL PRIMARY KEY,
  first_id     TEXT NOT NULL REFERENCES person (id),
  second_id    TEXT NOT NULL REFERENCES person (id),
  provider     TEXT NOT NULL,
  fingerprint  TEXT NOT NULL,
  found_at     INTEGER NOT NULL,
  -- From when on it counts. NULL while it waits for the confirmation of an operator.
  made_at      INTEGER,
  confirmed_by TEXT REFERENCES person (id),
  dissolved_at INTEGER,
  CONSTRAINT human_link_confirmed CHECK (confirmed_by IS NULL OR made_at IS NOT NULL),
  CONSTRAINT human_link_made CHECK (
    made_at IS NULL OR made_at = found_at OR confirmed_by IS NOT NULL),
  CONSTRAINT human_link_dissolved CHECK (dissolved_at IS NULL OR made_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- The same payee links two persons once, so a dissolved link is not made again.
CREATE UNIQUE INDEX IF NOT EXISTS human_link_one
  ON human_link (provider, fingerprint, first_id, second_id);
CREATE INDEX IF NOT EXISTS human_link_by_first ON human_link (first_id);
CREATE INDEX IF NOT EXISTS human_link_by_second ON human_link (second_id);
CREATE INDEX IF NOT EXISTS human_link_by_made ON human_link (made_at);
CREATE INDEX IF NOT EXISTS human_link_by_dissolved ON human_link (dissolved_at)
  WHERE dissolved_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS human_link_newest ON human_link (found_at DESC, id DESC);

CREATE TRIGGER IF NOT EXISTS human_link_once BEFORE INSERT ON human_link
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM human_link
    WHERE id = NEW.id OR (provider = NEW.provider AND fingerprint = NEW.fingerprint
      AND first_id = NEW.first_id AND second_id = NEW.second_id));
  -- A pair is stored in one order only, so that the unique index sees it again.
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.first_id >= NEW.second_id OR NEW.confirmed_by IS NOT NULL
    OR NEW.dissolved_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS human_link_fixed BEFORE UPDATE ON human_link
WHEN NEW.id IS NOT OLD.id OR NEW.first_id IS NOT OLD.first_id
  OR NEW.second_id IS NOT OLD.second_id OR NEW.provider IS NOT OLD.provider
  OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.found_at IS NOT OLD.found_at
  OR (OLD.made_at IS NOT NULL
      AND (NEW.made_at IS NOT OLD.made_at OR NEW.confirmed_by IS NOT OLD.confirmed_by))
  OR (OLD.dissolved_at IS NOT NULL AND NEW.dissolved_at IS NOT OLD.dissolved_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS human_link_no_delete BEFORE DELETE ON human_link
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The end of a link, which takes two humans: one operator proposes it with a reason, and another
-- one, who saw the same link and reason, approves it.
CREATE TABLE IF NOT EXISTS link_dissolution (
  id           TEXT NOT NULL PRIMARY KEY,
  link_id      TEXT NOT NULL REFERENCES human_link (id),
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of link and reason. The second operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  CONSTRAINT link_dissolution_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT link_dissolution_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS link_dissolution_open ON link_dissolution (link_id)
  WHERE approved_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX IF NOT EXISTS link_dissolution_by_link ON link_dissolution (link_id, approved_at);

CREATE TRIGGER IF NOT EXISTS link_dissolution_once BEFORE INSERT ON link_dissolution
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM link_dissolution WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM link_dissolution
    WHERE link_id = NEW.link_id AND approved_at IS NULL AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS link_dissolution_fixed BEFORE UPDATE ON link_dissolution
WHEN NEW.id IS NOT OLD.id OR NEW.link_id IS NOT OLD.link_id OR NEW.reason IS NOT OLD.reason
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR (OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS link_dissolution_approve
BEFORE UPDATE OF approved_by ON link_dissolution
WHEN NEW.approved_by IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER IF NOT EXISTS link_dissolution_no_delete BEFORE DELETE ON link_dissolution
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS human_link_dissolve BEFORE UPDATE OF dissolved_at ON human_link
WHEN OLD.dissolved_at IS NULL AND NEW.dissolved_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM link_dissolution WHERE link_id = NEW.id AND approved_at = NEW.dissolved_at);
END;

-- A person joins a human or leaves it only together with a link that was made or dissolved at the
-- same time, between persons of the human that it leaves and the one that it joins. The person who
-- represents a human is not linked itself.
CREATE TRIGGER IF NOT EXISTS person_link BEFORE UPDATE OF human_id, linked_at ON person
WHEN NEW.human_id IS NOT OLD.human_id OR NEW.linked_at IS NOT OLD.linked_at
BEGIN
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.linked_at IS NULL OR NEW.human_id IS NEW.id
    OR EXISTS (SELECT 1 FROM person WHERE id = NEW.human_id AND human_id IS NOT NULL)
    OR (NEW.human_id IS NOT NULL AND EXISTS (SELECT 1 FROM person WHERE human_id = NEW.id));
  SELECT RAISE(ABORT, 'rule:person_link') WHERE NOT EXISTS (
    SELECT 1 FROM human_link AS link
    JOIN human AS first ON first.person_id = link.first_id
    JOIN human AS second ON second.person_id = link.second_id
    WHERE (link.dissolved_at = NEW.linked_at
        OR (link.made_at = NEW.linked_at AND link.dissolved_at IS NULL
          AND NEW.human_id IS NOT NULL))
      AND first.human_id IN (coalesce(OLD.human_id, OLD.id), coalesce(NEW.human_id, NEW.id))
      AND second.human_id IN (coalesce(OLD.human_id, OLD.id), coalesce(NEW.human_id, NEW.id)));
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

-- Each person with every person of the same human, itself included. Both halves are found by index,
-- while a search of the view above by its computed column reads all persons.
CREATE VIEW IF NOT EXISTS human_person AS
SELECT id AS person_id, coalesce(human_id, id) AS same_id FROM person
UNION ALL
SELECT one.id, other.id FROM person AS one
JOIN person AS other ON other.human_id = coalesce(one.human_id, one.id);

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
CREATE INDEX IF NOT EXISTS session_by_person ON session (person_id);

-- Tokens for the programs of a writer. Hashed like sessions, with one scope each.
CREATE TABLE IF NOT EXISTS api_token (
  id         TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id  TEXT NOT NULL REFERENCES person (id),
  scope      TEXT NOT NULL CHECK (scope IN ('publish')),
  label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  revoked_at INTEGER
) STRICT;

CREATE INDEX IF NOT EXISTS api_token_by_person ON api_token (person_id, created_at);

-- A person has at most ten valid tokens.
CREATE TRIGGER IF NOT EXISTS api_token_limit BEFORE INSERT ON api_token
WHEN 10 <= (
  SELECT count(*) FROM api_token
  WHERE person_id = NEW.person_id AND revoked_at IS NULL AND expires_at > NEW.created_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:too_many_tokens');
END;
