-- Caps and limits, and the counters that enforce them. Each counter is checked in the write that
-- changes it, and recomputed by the self-check.

-- The limits that a reader has set, within those of the product. A lower limit applies at once. A
-- higher one waits in next_minor until a job applies it.
CREATE TABLE IF NOT EXISTS reader_limit (
  person_id   TEXT NOT NULL REFERENCES person (id),
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  scope       TEXT NOT NULL CHECK (scope IN ('praise', 'day', 'month')),
  -- NULL: the reader has set no limit.
  limit_minor INTEGER CHECK (limit_minor >= 0),
  next_minor  INTEGER CHECK (next_minor >= 0),
  -- When next_minor takes effect. NULL while no raise is pending.
  next_at     INTEGER,
  PRIMARY KEY (person_id, currency, scope),
  CONSTRAINT reader_limit_next CHECK (next_at IS NOT NULL OR next_minor IS NULL)
) STRICT, WITHOUT ROWID;

-- The amount that a person has reserved on one day, by attempts that may still become praises and
-- by praises.
CREATE TABLE IF NOT EXISTS reader_day (
  person_id      TEXT NOT NULL REFERENCES person (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  reserved_minor INTEGER NOT NULL CHECK (reserved_minor >= 0),
  PRIMARY KEY (person_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

-- The day and the month of a human as far as they are used, with every limit that applies.
CREATE VIEW IF NOT EXISTS reader_room AS
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
  iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor)
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

CREATE TRIGGER IF NOT EXISTS reader_day_first AFTER INSERT ON reader_day
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

-- Releasing an amount always works. Taking more works only up to the limits.
CREATE TRIGGER IF NOT EXISTS reader_day_more AFTER UPDATE ON reader_day
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

-- What was booked for an article on one day.
CREATE TABLE IF NOT EXISTS article_day (
  article_id     TEXT NOT NULL REFERENCES article (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (article_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS article_day_first AFTER INSERT ON article_day
WHEN NEW.booked_minor > (
  SELECT article_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap');
END;

CREATE TRIGGER IF NOT EXISTS article_day_more AFTER UPDATE ON article_day
WHEN NEW.booked_minor > OLD.booked_minor AND NEW.booked_minor > (
  SELECT article_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap');
END;

-- What was booked for the articles of a person on one day. Counted by person, so that a writer
-- with three accounts has one cap per currency.
CREATE TABLE IF NOT EXISTS writer_day (
  person_id      TEXT NOT NULL REFERENCES person (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (person_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

-- The day of a writer, summed over all persons of the human.
CREATE VIEW IF NOT EXISTS writer_room AS
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

CREATE TRIGGER IF NOT EXISTS writer_day_first AFTER INSERT ON writer_day
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap') FROM writer_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND booked_minor > writer_day_minor;
END;

CREATE TRIGGER IF NOT EXISTS writer_day_more AFTER UPDATE ON writer_day
WHEN NEW.booked_minor > OLD.booked_minor
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap') FROM writer_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND booked_minor > writer_day_minor;
END;

-- What one payer has paid for praises on one day. A payer is a card, a wallet or an openid, known
-- by the fingerprint that its provider reports. Counted apart from the readers, because one card
-- can pay for many sign-ins.
CREATE TABLE IF NOT EXISTS payer_day (
  provider       TEXT NOT NULL,
  payer          TEXT NOT NULL,
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (provider, payer, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS payer_day_first AFTER INSERT ON payer_day
WHEN NEW.booked_minor > (
  SELECT payer_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:payer_day_cap');
END;

CREATE TRIGGER IF NOT EXISTS payer_day_more AFTER UPDATE ON payer_day
WHEN NEW.booked_minor > OLD.booked_minor AND NEW.booked_minor > (
  SELECT payer_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:payer_day_cap');
END;

-- How often a person has undone a praise on a day, counted in the write that undoes it. Ten times
-- are allowed per human, because the operator pays the provider for every payment and its refund.
CREATE TABLE IF NOT EXISTS undo_day (
  person_id TEXT NOT NULL REFERENCES person (id),
  day       TEXT NOT NULL CHECK (length(day) = 10),
  used      INTEGER NOT NULL CHECK (used > 0),
  PRIMARY KEY (person_id, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS undo_day_first AFTER INSERT ON undo_day
WHEN 10 < (
  SELECT sum(used) FROM undo_day
  WHERE day = NEW.day
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:undo_day');
END;

CREATE TRIGGER IF NOT EXISTS undo_day_more AFTER UPDATE ON undo_day
WHEN 10 < (
  SELECT sum(used) FROM undo_day
  WHERE day = NEW.day
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:undo_day');
END;

-- How often a person has taken a praise back in a month, counted in the write that takes it back.
-- Three times are allowed per human.
CREATE TABLE IF NOT EXISTS take_back_month (
  person_id TEXT NOT NULL REFERENCES person (id),
  month     TEXT NOT NULL CHECK (length(month) = 7),
  used      INTEGER NOT NULL CHECK (used > 0),
  PRIMARY KEY (person_id, month)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS take_back_month_first AFTER INSERT ON take_back_month
WHEN 3 < (
  SELECT sum(used) FROM take_back_month
  WHERE month = NEW.month
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:take_back_month');
END;

CREATE TRIGGER IF NOT EXISTS take_back_month_more AFTER UPDATE ON take_back_month
WHEN 3 < (
  SELECT sum(used) FROM take_back_month
  WHERE month = NEW.month
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:take_back_month');
END;

-- Attempts to start a praise or to continue as a guest, counted per bucket in its current window.
CREATE TABLE IF NOT EXISTS attempt (
  bucket       TEXT NOT NULL PRIMARY KEY,
  window_start INTEGER NOT NULL,
  used         INTEGER NOT NULL CHECK (used > 0)
) STRICT, WITHOUT ROWID;

-- By kind, because the windows of each kind have their own length.
CREATE INDEX IF NOT EXISTS attempt_by_age
  ON attempt (substr(bucket, 1, instr(bucket, ':')), window_start);
