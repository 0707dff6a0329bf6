-- The rules as dated data. A praise keeps the version that applied when it was paid. Version 1
-- equals the defaults of the code, and a test compares the two.

CREATE TABLE policy (
  version           INTEGER NOT NULL CHECK (version > 0),
  currency          TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  effective_from    INTEGER NOT NULL,
  praise_min_minor  INTEGER NOT NULL CHECK (praise_min_minor > 0),
  praise_cap_minor  INTEGER NOT NULL CHECK (praise_cap_minor >= praise_min_minor),
  reader_day_minor  INTEGER NOT NULL CHECK (reader_day_minor >= praise_cap_minor),
  guest_day_minor   INTEGER NOT NULL CHECK (guest_day_minor >= praise_cap_minor),
  article_day_minor INTEGER NOT NULL CHECK (article_day_minor >= praise_cap_minor),
  writer_day_minor  INTEGER NOT NULL CHECK (writer_day_minor >= article_day_minor),
  hold_days         INTEGER NOT NULL CHECK (hold_days BETWEEN 1 AND 365),
  undo_minutes      INTEGER NOT NULL CHECK (undo_minutes BETWEEN 1 AND 1440),
  PRIMARY KEY (version, currency),
  UNIQUE (currency, effective_from)
) STRICT;

INSERT INTO policy VALUES
  (1, 'CNY', 0, 100, 20000, 100000, 20000, 2000000, 5000000, 7, 10),
  (1, 'USD', 0, 100, 3000, 15000, 3000, 300000, 750000, 7, 10);

-- What a version said stays said: rules change by adding one.
CREATE TRIGGER policy_no_update BEFORE UPDATE ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER policy_no_delete BEFORE DELETE ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER policy_no_replace BEFORE INSERT ON policy
WHEN EXISTS (SELECT 1 FROM policy
             WHERE (version = NEW.version AND currency = NEW.currency)
                OR (currency = NEW.currency AND effective_from = NEW.effective_from))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- One row while no new praise may start anywhere.
CREATE TABLE global_stop (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  since   INTEGER NOT NULL,
  reason  TEXT NOT NULL
) STRICT;

-- A version as one JSON document, for statements that carry it along with other facts.
CREATE VIEW policy_document AS
SELECT version, currency, effective_from, json_object(
  'version', version, 'currency', currency,
  'praise_min_minor', praise_min_minor, 'praise_cap_minor', praise_cap_minor,
  'reader_day_minor', reader_day_minor, 'guest_day_minor', guest_day_minor,
  'article_day_minor', article_day_minor, 'writer_day_minor', writer_day_minor,
  'hold_days', hold_days, 'undo_minutes', undo_minutes) AS document
FROM policy;
