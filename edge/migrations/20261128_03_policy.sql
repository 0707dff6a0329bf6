-- The rules for amounts and periods, as dated versions, and the switch that stops new praises.

-- A praise keeps the version that applied when it was paid.
CREATE TABLE IF NOT EXISTS policy (
  version           INTEGER NOT NULL CHECK (version > 0),
  currency          TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  effective_from    INTEGER NOT NULL,
  praise_min_minor  INTEGER NOT NULL CHECK (praise_min_minor > 0),
  praise_cap_minor  INTEGER NOT NULL CHECK (praise_cap_minor >= praise_min_minor),
  reader_day_minor  INTEGER NOT NULL CHECK (reader_day_minor >= praise_cap_minor),
  guest_day_minor   INTEGER NOT NULL CHECK (guest_day_minor >= praise_cap_minor),
  -- What one card, wallet or openid may pay in a day, whoever signs in.
  payer_day_minor   INTEGER NOT NULL CHECK (payer_day_minor >= praise_cap_minor),
  article_day_minor INTEGER NOT NULL CHECK (article_day_minor >= praise_cap_minor),
  writer_day_minor  INTEGER NOT NULL CHECK (writer_day_minor >= article_day_minor),
  hold_days         INTEGER NOT NULL CHECK (hold_days BETWEEN 1 AND 365),
  undo_minutes      INTEGER NOT NULL CHECK (undo_minutes BETWEEN 1 AND 1440),
  -- Which kinds of account may receive praises.
  receivers         TEXT NOT NULL DEFAULT 'individual' CHECK (receivers IN ('individual', 'any')),
  PRIMARY KEY (version, currency),
  UNIQUE (currency, effective_from)
) STRICT;

-- Version 1 equals the defaults in the code, and a test compares the two. These are not
-- INSERT OR IGNORE, because policy_no_replace refuses a second INSERT before it could be ignored.
INSERT INTO policy
SELECT 1, 'CNY', 0, 100, 20000, 100000, 20000, 100000, 2000000, 5000000, 7, 10, 'individual'
WHERE NOT EXISTS (SELECT 1 FROM policy WHERE version = 1 AND currency = 'CNY');
INSERT INTO policy
SELECT 1, 'USD', 0, 100, 3000, 15000, 3000, 15000, 300000, 750000, 7, 10, 'individual'
WHERE NOT EXISTS (SELECT 1 FROM policy WHERE version = 1 AND currency = 'USD');

-- Published versions are immutable. A rule changes by adding a version.
CREATE TRIGGER IF NOT EXISTS policy_no_update BEFORE UPDATE ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS policy_no_delete BEFORE DELETE ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS policy_no_replace BEFORE INSERT ON policy
WHEN EXISTS (SELECT 1 FROM policy
             WHERE (version = NEW.version AND currency = NEW.currency)
                OR (currency = NEW.currency AND effective_from = NEW.effective_from))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A version as one JSON document, for statements that return it together with other facts.
CREATE VIEW IF NOT EXISTS policy_document AS
SELECT version, currency, effective_from, json_object(
  'version', version, 'currency', currency,
  'praise_min_minor', praise_min_minor, 'praise_cap_minor', praise_cap_minor,
  'reader_day_minor', reader_day_minor, 'guest_day_minor', guest_day_minor,
  'payer_day_minor', payer_day_minor,
  'article_day_minor', article_day_minor, 'writer_day_minor', writer_day_minor,
  'hold_days', hold_days, 'undo_minutes', undo_minutes, 'receivers', receivers) AS document
FROM policy;

-- Holds one row while no new praise may start anywhere.
CREATE TABLE IF NOT EXISTS global_stop (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  since   INTEGER NOT NULL,
  reason  TEXT NOT NULL
) STRICT;
