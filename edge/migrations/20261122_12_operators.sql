-- What operators do: always recorded, and where it matters only by two of them.

CREATE TABLE operator_audit (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  action    TEXT NOT NULL CHECK (length(action) > 0),
  -- The id of what it was done to.
  subject   TEXT NOT NULL,
  detail    TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;

CREATE INDEX operator_audit_by_subject ON operator_audit (subject, id);

CREATE TRIGGER operator_audit_no_update BEFORE UPDATE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER operator_audit_no_delete BEFORE DELETE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER operator_audit_no_replace BEFORE INSERT ON operator_audit
WHEN EXISTS (SELECT 1 FROM operator_audit WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An action that takes two humans: proposed with the counts it would move, approved by another who
-- saw the same counts.
CREATE TABLE operator_action (
  id           TEXT NOT NULL PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('mass_return', 'unfreeze')),
  -- The freeze that it ends.
  subject_id   TEXT NOT NULL REFERENCES freeze (id),
  praises      INTEGER NOT NULL CHECK (praises >= 0),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  -- SHA-256 over kind, subject and counts: what the second operator agrees to.
  counts_hash  TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  CONSTRAINT operator_action_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT operator_action_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_action_open ON operator_action (subject_id)
  WHERE approved_at IS NULL AND withdrawn_at IS NULL;

CREATE TRIGGER operator_action_once BEFORE INSERT ON operator_action
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM operator_action WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM operator_action
    WHERE subject_id = NEW.subject_id AND approved_at IS NULL AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER operator_action_fixed BEFORE UPDATE ON operator_action
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.praises IS NOT OLD.praises OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.counts_hash IS NOT OLD.counts_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR (OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_action_approve BEFORE UPDATE OF approved_by ON operator_action
WHEN NEW.approved_by IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER operator_action_no_delete BEFORE DELETE ON operator_action
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- What waits for an operator, until when.
CREATE TABLE operator_task (
  kind       TEXT NOT NULL CHECK (kind IN (
    'suspense', 'contradicted', 'refund_abnormal', 'dispute', 'bill_difference')),
  subject_id TEXT NOT NULL,
  detail     TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  deadline   INTEGER NOT NULL CHECK (deadline > opened_at),
  closed_at  INTEGER,
  outcome    TEXT,
  PRIMARY KEY (kind, subject_id),
  CONSTRAINT operator_task_closed CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX operator_task_open ON operator_task (deadline) WHERE closed_at IS NULL;

CREATE TRIGGER operator_task_fixed BEFORE UPDATE ON operator_task
WHEN NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.detail IS NOT OLD.detail OR NEW.opened_at IS NOT OLD.opened_at
  OR NEW.deadline IS NOT OLD.deadline
  OR (OLD.closed_at IS NOT NULL
      AND (NEW.closed_at IS NOT OLD.closed_at OR NEW.outcome IS NOT OLD.outcome))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_task_no_delete BEFORE DELETE ON operator_task
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_task_once BEFORE INSERT ON operator_task
WHEN EXISTS (SELECT 1 FROM operator_task WHERE kind = NEW.kind AND subject_id = NEW.subject_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

-- An article under suspicion: its praises wait until it is decided, by dates that both sides know.
CREATE TABLE freeze (
  id           TEXT NOT NULL PRIMARY KEY,
  article_id   TEXT NOT NULL REFERENCES article (id),
  rule         TEXT NOT NULL CHECK (rule IN (
    'fundraising', 'gambling', 'selling', 'perks', 'not_original', 'unlawful')),
  opened_by    TEXT NOT NULL REFERENCES person (id),
  opened_at    INTEGER NOT NULL,
  -- Until when the writer may appeal, and until when an appeal is decided.
  appeal_until INTEGER NOT NULL CHECK (appeal_until > opened_at),
  appeal       TEXT CHECK (length(appeal) BETWEEN 1 AND 20000),
  appealed_at  INTEGER,
  decide_until INTEGER,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  CONSTRAINT freeze_appeal CHECK (
    (appeal IS NULL) = (appealed_at IS NULL) AND (appeal IS NULL) = (decide_until IS NULL)),
  CONSTRAINT freeze_appealed CHECK (state <> 'appealed' OR appeal IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- One at a time; whatever was returned for good stays so.
CREATE UNIQUE INDEX freeze_one ON freeze (article_id) WHERE state <> 'lifted';
CREATE INDEX freeze_by_article ON freeze (article_id, opened_at);

INSERT INTO transition VALUES
  ('freeze', '', 'open'),
  ('freeze', 'open', 'appealed'),
  ('freeze', 'open', 'lifted'),
  ('freeze', 'open', 'returning'),
  ('freeze', 'appealed', 'lifted'),
  ('freeze', 'appealed', 'returning'),
  ('freeze', 'returning', 'returned'),
  -- A dispute that is won brings a praise back to an article that was returned.
  ('freeze', 'returned', 'returning');

CREATE TRIGGER freeze_start BEFORE INSERT ON freeze
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM freeze WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:freeze_open') WHERE EXISTS (
    SELECT 1 FROM freeze WHERE article_id = NEW.article_id AND state <> 'lifted');
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'freeze' AND from_state = '' AND to_state = NEW.state);
END;

CREATE TRIGGER freeze_fixed BEFORE UPDATE ON freeze
WHEN NEW.id IS NOT OLD.id OR NEW.article_id IS NOT OLD.article_id OR NEW.rule IS NOT OLD.rule
  OR NEW.opened_by IS NOT OLD.opened_by OR NEW.opened_at IS NOT OLD.opened_at
  OR NEW.appeal_until IS NOT OLD.appeal_until
  OR (OLD.appeal IS NOT NULL
      AND (NEW.appeal IS NOT OLD.appeal OR NEW.appealed_at IS NOT OLD.appealed_at
        OR NEW.decide_until IS NOT OLD.decide_until))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER freeze_no_delete BEFORE DELETE ON freeze
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER freeze_step BEFORE UPDATE OF state ON freeze
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'freeze' AND from_state = OLD.state AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:appeal_over')
  WHERE NEW.state = 'appealed' AND NEW.appealed_at >= OLD.appeal_until;
END;

CREATE TRIGGER freeze_born AFTER INSERT ON freeze
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('freeze', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER freeze_stepped AFTER UPDATE OF state ON freeze
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('freeze', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;
