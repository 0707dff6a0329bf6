-- What operators do. Every action is recorded, and the ones with the largest effect need two
-- humans.

-- The record of all actions.
CREATE TABLE IF NOT EXISTS operator_audit (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  action    TEXT NOT NULL CHECK (length(action) > 0),
  -- The id of the resource that the action changed.
  subject   TEXT NOT NULL,
  detail    TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;

CREATE INDEX IF NOT EXISTS operator_audit_by_subject ON operator_audit (subject, id);

CREATE TRIGGER IF NOT EXISTS operator_audit_no_update BEFORE UPDATE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS operator_audit_no_delete BEFORE DELETE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS operator_audit_no_replace BEFORE INSERT ON operator_audit
WHEN EXISTS (SELECT 1 FROM operator_audit WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An action that needs two humans. One proposes it with the counts that it would move. Another
-- one, who saw the same counts, approves it.
CREATE TABLE IF NOT EXISTS operator_action (
  id           TEXT NOT NULL PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('mass_return', 'unfreeze')),
  -- The freeze that it ends.
  subject_id   TEXT NOT NULL REFERENCES freeze (id),
  praises      INTEGER NOT NULL CHECK (praises >= 0),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  -- SHA-256 of kind, subject, counts and the content of the version that is judged. The second
  -- operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  CONSTRAINT operator_action_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT operator_action_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS operator_action_open ON operator_action (subject_id)
  WHERE approved_at IS NULL AND withdrawn_at IS NULL;

CREATE TRIGGER IF NOT EXISTS operator_action_once BEFORE INSERT ON operator_action
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM operator_action WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM operator_action
    WHERE subject_id = NEW.subject_id AND approved_at IS NULL AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS operator_action_fixed BEFORE UPDATE ON operator_action
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.praises IS NOT OLD.praises OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR (OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS operator_action_approve BEFORE UPDATE OF approved_by ON operator_action
WHEN NEW.approved_by IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER IF NOT EXISTS operator_action_no_delete BEFORE DELETE ON operator_action
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- What waits for an operator, with a deadline.
CREATE TABLE IF NOT EXISTS operator_task (
  kind       TEXT NOT NULL CHECK (kind IN (
    'suspense', 'contradicted', 'refund_abnormal', 'dispute', 'bill_difference', 'bill_missing',
    'payout_unknown', 'payout_contradicted', 'job_failed', 'self_check')),
  subject_id TEXT NOT NULL,
  detail     TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  deadline   INTEGER NOT NULL CHECK (deadline > opened_at),
  closed_at  INTEGER,
  outcome    TEXT,
  PRIMARY KEY (kind, subject_id),
  CONSTRAINT operator_task_closed CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS operator_task_open
  ON operator_task (deadline, subject_id || '_' || kind) WHERE closed_at IS NULL;

-- An open task can only be closed. A closed one can only be opened again, by a report that is not
-- older than its closing.
CREATE TRIGGER IF NOT EXISTS operator_task_fixed BEFORE UPDATE ON operator_task
WHEN NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
  OR (OLD.closed_at IS NULL
      AND (NEW.detail IS NOT OLD.detail OR NEW.opened_at IS NOT OLD.opened_at
           OR NEW.deadline IS NOT OLD.deadline))
  OR (OLD.closed_at IS NOT NULL
      AND (NEW.closed_at IS NOT NULL OR NEW.opened_at < OLD.closed_at))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS operator_task_no_delete BEFORE DELETE ON operator_task
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- There is one row per kind and subject. An insert gets past this trigger only if it opens a closed
-- task again.
CREATE TRIGGER IF NOT EXISTS operator_task_once BEFORE INSERT ON operator_task
WHEN EXISTS (
  SELECT 1 FROM operator_task
  WHERE kind = NEW.kind AND subject_id = NEW.subject_id
    AND (closed_at IS NULL OR NEW.closed_at IS NOT NULL OR NEW.opened_at < closed_at))
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

-- A run of the self-check: one a night, range by range. A run that is interrupted continues at the
-- range where it stopped.
CREATE TABLE IF NOT EXISTS self_check_run (
  -- The day on which it began, in UTC.
  day         TEXT NOT NULL PRIMARY KEY,
  started_at  INTEGER NOT NULL,
  -- The check that comes next, and the key after which its next range begins, as JSON.
  check_name  TEXT NOT NULL,
  after_key   TEXT NOT NULL,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- What the self-check found wrong and no later run has found repaired. Each has a task of an
-- operator. The payouts of the account wait.
CREATE TABLE IF NOT EXISTS self_check_violation (
  check_name TEXT NOT NULL,
  -- The account that it concerns, otherwise the row that is wrong. Neither has to exist.
  subject_id TEXT NOT NULL,
  account_id TEXT,
  -- The day of the run that saw it last.
  seen_day   TEXT NOT NULL,
  PRIMARY KEY (check_name, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS self_check_violation_by_account ON self_check_violation (account_id)
  WHERE account_id IS NOT NULL;
