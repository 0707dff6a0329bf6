-- Freezes. While an article is under suspicion, its praises wait for a decision, by deadlines
-- that both sides know.

CREATE TABLE IF NOT EXISTS freeze (
  id           TEXT NOT NULL PRIMARY KEY,
  article_id   TEXT NOT NULL,
  -- The version that is judged: the one that the operator had read.
  version      INTEGER NOT NULL,
  rule         TEXT NOT NULL CHECK (rule IN (
    'fundraising', 'gambling', 'selling', 'perks', 'not_original', 'unlawful')),
  opened_by    TEXT NOT NULL REFERENCES person (id),
  opened_at    INTEGER NOT NULL,
  -- The deadline for an appeal by the writer.
  appeal_until INTEGER NOT NULL CHECK (appeal_until > opened_at),
  appeal       TEXT CHECK (length(appeal) BETWEEN 1 AND 20000),
  appealed_at  INTEGER,
  -- The deadline for a decision about the appeal.
  decide_until INTEGER,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  CONSTRAINT freeze_appeal CHECK (
    (appeal IS NULL) = (appealed_at IS NULL) AND (appeal IS NULL) = (decide_until IS NULL)),
  CONSTRAINT freeze_appealed CHECK (state <> 'appealed' OR appeal IS NOT NULL),
  FOREIGN KEY (article_id, version) REFERENCES article_version (article_id, version)
) STRICT, WITHOUT ROWID;

-- An article has one freeze at a time, and none after its praises were returned.
CREATE UNIQUE INDEX IF NOT EXISTS freeze_one ON freeze (article_id) WHERE state <> 'lifted';
CREATE INDEX IF NOT EXISTS freeze_by_article ON freeze (article_id, opened_at);

CREATE TRIGGER IF NOT EXISTS freeze_start BEFORE INSERT ON freeze
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM freeze WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:freeze_open') WHERE EXISTS (
    SELECT 1 FROM freeze WHERE article_id = NEW.article_id AND state <> 'lifted');
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'freeze' AND from_state = '' AND to_state = NEW.state);
END;

-- An article is published again only after its freeze was lifted.
CREATE TRIGGER IF NOT EXISTS article_unfrozen BEFORE UPDATE OF status ON article
WHEN NEW.status = 'published' AND EXISTS (
  SELECT 1 FROM freeze WHERE article_id = NEW.id AND state <> 'lifted')
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen');
END;

CREATE TRIGGER IF NOT EXISTS freeze_fixed BEFORE UPDATE ON freeze
WHEN NEW.id IS NOT OLD.id OR NEW.article_id IS NOT OLD.article_id
  OR NEW.version IS NOT OLD.version OR NEW.rule IS NOT OLD.rule
  OR NEW.opened_by IS NOT OLD.opened_by OR NEW.opened_at IS NOT OLD.opened_at
  OR NEW.appeal_until IS NOT OLD.appeal_until
  OR (OLD.appeal IS NOT NULL
      AND (NEW.appeal IS NOT OLD.appeal OR NEW.appealed_at IS NOT OLD.appealed_at
        OR NEW.decide_until IS NOT OLD.decide_until))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS freeze_no_delete BEFORE DELETE ON freeze
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS freeze_step BEFORE UPDATE OF state ON freeze
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'freeze' AND from_state = OLD.state AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:appeal_over')
  WHERE NEW.state = 'appealed' AND NEW.appealed_at >= OLD.appeal_until;
END;

CREATE TRIGGER IF NOT EXISTS freeze_born AFTER INSERT ON freeze
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('freeze', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS freeze_stepped AFTER UPDATE OF state ON freeze
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('freeze', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- While its article is frozen, a praise does not mature, is not paid out and cannot be taken
-- back. A praise is frozen only together with its article.
CREATE TRIGGER IF NOT EXISTS praise_of_frozen_article BEFORE UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen')
  WHERE ((NEW.state = 'in_payout'
        AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = NEW.id))
      OR (OLD.state IN ('held', 'frozen') AND NEW.state = 'due')
      OR (OLD.state = 'frozen' AND NEW.state = 'held')
      OR (NEW.state = 'returning' AND NEW.state_reason = 'take_back'))
    AND EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
  SELECT RAISE(ABORT, 'rule:article_not_frozen')
  WHERE NEW.state = 'frozen'
    AND NOT EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
END;

-- A praise that comes back from a payout or a dispute to a frozen article is handled by the job
-- of the freeze, which therefore runs again.
CREATE TRIGGER IF NOT EXISTS praise_reschedules_freeze AFTER UPDATE OF state ON praise
WHEN OLD.state IN ('in_payout', 'paid_out', 'disputed') AND NEW.state IN ('held', 'due', 'frozen')
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'freeze', id, NEW.state_at FROM freeze
  WHERE article_id = NEW.article_id AND state <> 'lifted'
  ON CONFLICT (kind, subject_id) DO UPDATE SET
    due_at = iif(done_at IS NULL, min(due_at, excluded.due_at), excluded.due_at),
    attempts = 0, done_at = NULL;
END;
