-- One human may sign in as several persons; it shows when two accounts are paid to the same bank
-- card. Limits, caps, "not your own article" and "two operators" count humans.

-- NULL: the person is the human. Otherwise the person who stands for all of them.
ALTER TABLE person ADD COLUMN human_id TEXT REFERENCES person (id);
-- Since when; what happened before was done by two people as far as anybody knew.
ALTER TABLE person ADD COLUMN linked_at INTEGER;

CREATE INDEX person_by_human ON person (human_id) WHERE human_id IS NOT NULL;

CREATE VIEW human AS
SELECT id AS person_id, coalesce(human_id, id) AS human_id FROM person;

-- A link points at somebody who is not linked, and is never taken back.
CREATE TRIGGER person_link BEFORE UPDATE OF human_id, linked_at ON person
WHEN NEW.human_id IS NOT OLD.human_id OR NEW.linked_at IS NOT OLD.linked_at
BEGIN
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.human_id IS NULL OR NEW.linked_at IS NULL OR NEW.human_id IS NEW.id
    OR EXISTS (SELECT 1 FROM person WHERE id = NEW.human_id AND human_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM person WHERE human_id = NEW.id);
END;

-- A reader's own limits, within the product's. Lowering counts at once; a raise waits in `next`
-- until a job makes it count.
CREATE TABLE reader_limit (
  person_id   TEXT NOT NULL REFERENCES person (id),
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  scope       TEXT NOT NULL CHECK (scope IN ('praise', 'day', 'month')),
  -- NULL: none of their own.
  limit_minor INTEGER CHECK (limit_minor >= 0),
  next_minor  INTEGER CHECK (next_minor >= 0),
  -- When `next_minor` begins to count; NULL while nothing waits.
  next_at     INTEGER,
  PRIMARY KEY (person_id, currency, scope),
  CONSTRAINT reader_limit_next CHECK (next_at IS NOT NULL OR next_minor IS NULL)
) STRICT, WITHOUT ROWID;

-- How often somebody has tried to start, in the current window of each bucket.
CREATE TABLE attempt (
  bucket       TEXT NOT NULL PRIMARY KEY,
  window_start INTEGER NOT NULL,
  used         INTEGER NOT NULL CHECK (used > 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX attempt_by_age ON attempt (window_start);

-- How often a person has taken a praise back in a month, counted in the write that takes it back.
CREATE TABLE take_back_month (
  person_id TEXT NOT NULL REFERENCES person (id),
  month     TEXT NOT NULL CHECK (length(month) = 7),
  used      INTEGER NOT NULL CHECK (used > 0),
  PRIMARY KEY (person_id, month)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER take_back_month_first AFTER INSERT ON take_back_month
WHEN 3 < (
  SELECT sum(used) FROM take_back_month JOIN human ON human.person_id = take_back_month.person_id
  WHERE month = NEW.month AND human.human_id = (
    SELECT human_id FROM human WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:take_back_month');
END;

CREATE TRIGGER take_back_month_more AFTER UPDATE ON take_back_month
WHEN 3 < (
  SELECT sum(used) FROM take_back_month JOIN human ON human.person_id = take_back_month.person_id
  WHERE month = NEW.month AND human.human_id = (
    SELECT human_id FROM human WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:take_back_month');
END;

-- What a human's attempts hold of a day and of its month, with every limit that applies to them.
CREATE VIEW reader_room AS
SELECT one.person_id, one.currency, one.day,
  (SELECT sum(other.reserved_minor) FROM reader_day AS other
   WHERE other.currency = one.currency AND other.day = one.day
     AND other.person_id IN (SELECT id FROM person WHERE id = human.human_id
                             UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS day_minor,
  (SELECT sum(other.reserved_minor) FROM reader_day AS other
   WHERE other.currency = one.currency
     AND other.day BETWEEN substr(one.day, 1, 7) || '-01' AND substr(one.day, 1, 7) || '-31'
     AND other.person_id IN (SELECT id FROM person WHERE id = human.human_id
                             UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS month_minor,
  CASE person.kind WHEN 'guest' THEN policy.guest_day_minor ELSE policy.reader_day_minor END
    AS day_cap_minor,
  (SELECT min(limit_minor) FROM reader_limit
   WHERE reader_limit.currency = one.currency AND scope = 'day'
     AND person_id IN (SELECT id FROM person WHERE id = human.human_id
                       UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS own_day_minor,
  (SELECT min(limit_minor) FROM reader_limit
   WHERE reader_limit.currency = one.currency AND scope = 'month'
     AND person_id IN (SELECT id FROM person WHERE id = human.human_id
                       UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS own_month_minor
FROM reader_day AS one
JOIN person ON person.id = one.person_id
JOIN human ON human.person_id = one.person_id
JOIN policy ON policy.version = one.policy_version AND policy.currency = one.currency;

DROP TRIGGER reader_day_first;
DROP TRIGGER reader_day_more;

CREATE TRIGGER reader_day_first AFTER INSERT ON reader_day
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_day_cap') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > day_cap_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_day') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > own_day_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_month') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND month_minor > own_month_minor;
END;

-- Giving room back is always possible, taking it only up to the cap.
CREATE TRIGGER reader_day_more AFTER UPDATE ON reader_day
WHEN NEW.reserved_minor > OLD.reserved_minor
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_day_cap') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > day_cap_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_day') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > own_day_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_month') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND month_minor > own_month_minor;
END;

-- A writer's day over all persons of the human.
CREATE VIEW writer_room AS
SELECT one.person_id, one.currency, one.day,
  (SELECT sum(other.booked_minor) FROM writer_day AS other
   WHERE other.currency = one.currency AND other.day = one.day
     AND other.person_id IN (SELECT id FROM person WHERE id = human.human_id
                             UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS booked_minor,
  policy.writer_day_minor
FROM writer_day AS one
JOIN human ON human.person_id = one.person_id
JOIN policy ON policy.version = one.policy_version AND policy.currency = one.currency;

DROP TRIGGER writer_day_first;
DROP TRIGGER writer_day_more;

CREATE TRIGGER writer_day_first AFTER INSERT ON writer_day
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap') FROM writer_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND booked_minor > writer_day_minor;
END;

CREATE TRIGGER writer_day_more AFTER UPDATE ON writer_day
WHEN NEW.booked_minor > OLD.booked_minor
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap') FROM writer_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND booked_minor > writer_day_minor;
END;

DROP TRIGGER intent_needs_room;

-- Started is refused while less room than one full praise is left, so that probing with small
-- amounts tells nothing about what others gave.
CREATE TRIGGER intent_needs_room BEFORE INSERT ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_own_praise') WHERE EXISTS (
    SELECT 1 FROM reader_limit JOIN human ON human.person_id = reader_limit.person_id
    WHERE scope = 'praise' AND currency = NEW.currency AND limit_minor < NEW.amount_minor
      AND human.human_id = (SELECT human_id FROM human WHERE person_id = NEW.person_id));
  SELECT RAISE(ABORT, 'rule:article_day_cap') WHERE EXISTS (
    SELECT 1 FROM policy JOIN article_day ON article_day.currency = policy.currency
    WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
      AND article_day.article_id = NEW.article_id AND article_day.day = NEW.reader_day
      AND article_day.booked_minor + policy.praise_cap_minor > policy.article_day_minor);
  SELECT RAISE(ABORT, 'rule:writer_day_cap') WHERE EXISTS (
    SELECT 1 FROM policy
    JOIN official_account AS account ON account.id = NEW.account_id
    JOIN human AS owner ON owner.person_id = account.owner_id
    WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
      AND policy.praise_cap_minor + (
        SELECT coalesce(sum(booked_minor), 0) FROM writer_day
        WHERE writer_day.currency = NEW.currency AND writer_day.day = NEW.reader_day
          AND writer_day.person_id IN (
            SELECT id FROM person WHERE id = owner.human_id
            UNION ALL SELECT id FROM person WHERE human_id = owner.human_id)
      ) > policy.writer_day_minor);
END;
