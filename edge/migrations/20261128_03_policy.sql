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
  -- The most that one card, wallet or openid may pay in a day, across all persons who use it.
  payer_day_minor   INTEGER NOT NULL CHECK (payer_day_minor >= praise_cap_minor),
  article_day_minor INTEGER NOT NULL CHECK (article_day_minor >= praise_cap_minor),
  writer_day_minor  INTEGER NOT NULL CHECK (writer_day_minor >= article_day_minor),
  hold_days         INTEGER NOT NULL CHECK (hold_days BETWEEN 1 AND 365),
  undo_minutes      INTEGER NOT NULL CHECK (undo_minutes BETWEEN 1 AND 1440),
  -- Which kinds of account may receive praises.
  receivers         TEXT NOT NULL DEFAULT 'individual' CHECK (receivers IN ('individual', 'any')),
  -- How many versions of its articles an official account may publish in a day.
  account_day_publications INTEGER NOT NULL DEFAULT 50
    CHECK (account_day_publications BETWEEN 1 AND 1000),
  PRIMARY KEY (version, currency),
  UNIQUE (currency, effective_from)
) STRICT;

-- Version 1 equals the defaults in the code, and a test compares the two. These are not
-- INSERT OR IGNORE, because policy_no_replace refuses a second INSERT before it could be ignored.
INSERT INTO policy
SELECT 1, 'CNY', 0, 100, 20000, 100000, 20000, 100000, 2000000, 5000000, 7, 10, 'individual', 50
WHERE NOT EXISTS (SELECT 1 FROM policy WHERE version = 1 AND currency = 'CNY');
INSERT INTO policy
SELECT 1, 'USD', 0, 100, 3000, 15000, 3000, 15000, 300000, 750000, 7, 10, 'individual', 50
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

-- A new version comes into force after every other version of its currency.
CREATE TRIGGER IF NOT EXISTS policy_no_replace BEFORE INSERT ON policy
WHEN EXISTS (SELECT 1 FROM policy
             WHERE currency = NEW.currency
               AND (version = NEW.version OR effective_from >= NEW.effective_from))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- One operator proposes a version that raises a cap, and another human approves it.
CREATE TABLE IF NOT EXISTS policy_raise (
  id           TEXT NOT NULL PRIMARY KEY,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- The latest version at the time of the proposal. If another version is added, the proposal
  -- can no longer be approved.
  base_version INTEGER NOT NULL,
  -- The earliest time at which the version comes into force. It is also at least a day after the
  -- approval.
  not_before   INTEGER NOT NULL,
  -- What changes, as JSON: the columns of the policy that get another value.
  change       TEXT NOT NULL CHECK (json_valid(change)),
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of all the above but the id. The second operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  -- The version that it has become.
  version      INTEGER,
  CONSTRAINT policy_raise_approved CHECK (
    (approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (version IS NULL)),
  CONSTRAINT policy_raise_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS policy_raise_by_time ON policy_raise (proposed_at, id);

CREATE TRIGGER IF NOT EXISTS policy_raise_once BEFORE INSERT ON policy_raise
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM policy_raise WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS policy_raise_fixed BEFORE UPDATE ON policy_raise
WHEN NEW.id IS NOT OLD.id OR NEW.currency IS NOT OLD.currency
  OR NEW.base_version IS NOT OLD.base_version OR NEW.not_before IS NOT OLD.not_before
  OR NEW.change IS NOT OLD.change OR NEW.reason IS NOT OLD.reason
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR OLD.withdrawn_at IS NOT NULL OR OLD.approved_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS policy_raise_approve BEFORE UPDATE OF approved_by ON policy_raise
WHEN NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER IF NOT EXISTS policy_raise_no_delete BEFORE DELETE ON policy_raise
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- No cap is above that of the version before, unless two operators have approved the new value at
-- least a day before it comes into force.
CREATE TRIGGER IF NOT EXISTS policy_cap_raised BEFORE INSERT ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons')
  FROM policy AS latest
  LEFT JOIN policy_raise AS approved
    ON approved.version = NEW.version AND approved.currency = NEW.currency
    AND approved.base_version = latest.version
    AND NEW.effective_from >= approved.approved_at + 86400000
  WHERE latest.currency = NEW.currency
    AND latest.effective_from = (
      SELECT max(effective_from) FROM policy WHERE currency = NEW.currency)
    AND (NEW.praise_cap_minor
           > max(latest.praise_cap_minor, coalesce(approved.change ->> 'praise_cap_minor', 0))
      OR NEW.reader_day_minor
           > max(latest.reader_day_minor, coalesce(approved.change ->> 'reader_day_minor', 0))
      OR NEW.guest_day_minor
           > max(latest.guest_day_minor, coalesce(approved.change ->> 'guest_day_minor', 0))
      OR NEW.payer_day_minor
           > max(latest.payer_day_minor, coalesce(approved.change ->> 'payer_day_minor', 0))
      OR NEW.article_day_minor
           > max(latest.article_day_minor, coalesce(approved.change ->> 'article_day_minor', 0))
      OR NEW.writer_day_minor
           > max(latest.writer_day_minor, coalesce(approved.change ->> 'writer_day_minor', 0)));
END;

-- A version as one JSON document, for statements that return it together with other facts.
CREATE VIEW IF NOT EXISTS policy_document AS
SELECT version, currency, effective_from, json_object(
  'version', version, 'currency', currency,
  'praise_min_minor', praise_min_minor, 'praise_cap_minor', praise_cap_minor,
  'reader_day_minor', reader_day_minor, 'guest_day_minor', guest_day_minor,
  'payer_day_minor', payer_day_minor,
  'article_day_minor', article_day_minor, 'writer_day_minor', writer_day_minor,
  'hold_days', hold_days, 'undo_minutes', undo_minutes, 'receivers', receivers,
  'account_day_publications', account_day_publications) AS document
FROM policy;

-- Holds one row while no new praise may start anywhere.
CREATE TABLE IF NOT EXISTS global_stop (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  since   INTEGER NOT NULL,
  reason  TEXT NOT NULL
) STRICT;
