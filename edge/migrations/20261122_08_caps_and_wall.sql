-- Counters that carry the caps, and the wall. Each is enforced or kept in the write that changes
-- it, and recomputed by the self-check.

CREATE TABLE reader_day (
  person_id      TEXT NOT NULL REFERENCES person (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  reserved_minor INTEGER NOT NULL CHECK (reserved_minor >= 0),
  PRIMARY KEY (person_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reader_day_first AFTER INSERT ON reader_day
WHEN NEW.reserved_minor > (
  SELECT CASE person.kind WHEN 'guest' THEN policy.guest_day_minor ELSE policy.reader_day_minor END
  FROM policy, person
  WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
    AND person.id = NEW.person_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_day_cap');
END;

-- Giving room back is always possible, taking it only up to the cap.
CREATE TRIGGER reader_day_more AFTER UPDATE ON reader_day
WHEN NEW.reserved_minor > OLD.reserved_minor AND NEW.reserved_minor > (
  SELECT CASE person.kind WHEN 'guest' THEN policy.guest_day_minor ELSE policy.reader_day_minor END
  FROM policy, person
  WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
    AND person.id = NEW.person_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_day_cap');
END;

CREATE TABLE article_day (
  article_id     TEXT NOT NULL REFERENCES article (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (article_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER article_day_first AFTER INSERT ON article_day
WHEN NEW.booked_minor > (
  SELECT article_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap');
END;

CREATE TRIGGER article_day_more AFTER UPDATE ON article_day
WHEN NEW.booked_minor > OLD.booked_minor AND NEW.booked_minor > (
  SELECT article_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap');
END;

-- By person: a writer with three accounts has one cap per currency.
CREATE TABLE writer_day (
  person_id      TEXT NOT NULL REFERENCES person (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (person_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER writer_day_first AFTER INSERT ON writer_day
WHEN NEW.booked_minor > (
  SELECT writer_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap');
END;

CREATE TRIGGER writer_day_more AFTER UPDATE ON writer_day
WHEN NEW.booked_minor > OLD.booked_minor AND NEW.booked_minor > (
  SELECT writer_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap');
END;

-- Started is refused while less room than one full praise is left, so that probing with small
-- amounts tells nothing about what others gave.
CREATE TRIGGER intent_needs_room BEFORE INSERT ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap') WHERE EXISTS (
    SELECT 1 FROM policy JOIN article_day ON article_day.currency = policy.currency
    WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
      AND article_day.article_id = NEW.article_id AND article_day.day = NEW.reader_day
      AND article_day.booked_minor + policy.praise_cap_minor > policy.article_day_minor);
  SELECT RAISE(ABORT, 'rule:writer_day_cap') WHERE EXISTS (
    SELECT 1 FROM policy
    JOIN official_account AS account ON account.id = NEW.account_id
    JOIN writer_day ON writer_day.person_id = account.owner_id
      AND writer_day.currency = policy.currency
    WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
      AND writer_day.day = NEW.reader_day
      AND writer_day.booked_minor + policy.praise_cap_minor > policy.writer_day_minor);
END;

-- The wall: one row per article and person who ever praised it.
CREATE TABLE wall_person (
  article_id      TEXT NOT NULL REFERENCES article (id),
  person_id       TEXT NOT NULL REFERENCES person (id),
  standing        INTEGER NOT NULL CHECK (standing >= 0),
  standing_public INTEGER NOT NULL CHECK (standing_public BETWEEN 0 AND standing),
  -- When the newest standing public praise was booked.
  public_at       INTEGER,
  PRIMARY KEY (article_id, person_id),
  CHECK ((standing_public > 0) = (public_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX wall_newest ON wall_person (article_id, public_at DESC, person_id DESC)
  WHERE public_at IS NOT NULL;

CREATE TABLE wall_count (
  article_id     TEXT NOT NULL PRIMARY KEY REFERENCES article (id),
  persons        INTEGER NOT NULL CHECK (persons >= 0),
  persons_public INTEGER NOT NULL CHECK (persons_public BETWEEN 0 AND persons)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER wall_praise_born AFTER INSERT ON praise
BEGIN
  INSERT INTO wall_person (article_id, person_id, standing, standing_public, public_at)
  SELECT NEW.article_id, NEW.person_id, count(*), count(*) FILTER (WHERE visibility = 'public'),
         max(booked_at) FILTER (WHERE visibility = 'public')
  FROM praise
  WHERE article_id = NEW.article_id AND person_id = NEW.person_id
    AND state NOT IN ('returning', 'returned', 'disputed', 'lost')
  ON CONFLICT (article_id, person_id) DO UPDATE SET
    standing = excluded.standing, standing_public = excluded.standing_public,
    public_at = excluded.public_at;
END;

CREATE TRIGGER wall_praise_changed AFTER UPDATE OF state, visibility ON praise
BEGIN
  INSERT INTO wall_person (article_id, person_id, standing, standing_public, public_at)
  SELECT NEW.article_id, NEW.person_id, count(*), count(*) FILTER (WHERE visibility = 'public'),
         max(booked_at) FILTER (WHERE visibility = 'public')
  FROM praise
  WHERE article_id = NEW.article_id AND person_id = NEW.person_id
    AND state NOT IN ('returning', 'returned', 'disputed', 'lost')
  ON CONFLICT (article_id, person_id) DO UPDATE SET
    standing = excluded.standing, standing_public = excluded.standing_public,
    public_at = excluded.public_at;
END;

CREATE TRIGGER wall_person_new AFTER INSERT ON wall_person
BEGIN
  INSERT INTO wall_count (article_id, persons, persons_public)
  VALUES (NEW.article_id, NEW.standing > 0, NEW.standing_public > 0)
  ON CONFLICT (article_id) DO UPDATE SET
    persons = persons + excluded.persons,
    persons_public = persons_public + excluded.persons_public;
END;

CREATE TRIGGER wall_person_changed AFTER UPDATE ON wall_person
BEGIN
  UPDATE wall_count SET
    persons = persons + (NEW.standing > 0) - (OLD.standing > 0),
    persons_public = persons_public + (NEW.standing_public > 0) - (OLD.standing_public > 0)
  WHERE article_id = NEW.article_id;
END;
