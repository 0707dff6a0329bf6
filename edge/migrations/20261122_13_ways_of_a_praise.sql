-- What a booked praise may still become, enforced in the write that steps it.

-- Whether its day has come: its money then stands in writer_due, and no longer in writer_held.
ALTER TABLE praise ADD COLUMN matured INTEGER NOT NULL DEFAULT 0
  CONSTRAINT praise_matured CHECK (
    matured IN (0, 1) AND (matured = 1 OR state NOT IN ('due', 'in_payout', 'paid_out')));

CREATE INDEX praise_due ON praise (account_id, due_at, id) WHERE state = 'due';
CREATE INDEX praise_going_by_article ON praise (article_id, id) WHERE state IN ('held', 'due');
CREATE INDEX praise_frozen_by_article ON praise (article_id, id) WHERE state = 'frozen';
DROP INDEX praise_held;
CREATE INDEX praise_held ON praise (account_id, due_at, id) WHERE state = 'held';

CREATE TRIGGER praise_matures BEFORE UPDATE OF matured ON praise
WHEN NEW.matured IS NOT OLD.matured
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_fixed') WHERE OLD.matured = 1;
  SELECT RAISE(ABORT, 'rule:not_due') WHERE NEW.state_at < OLD.due_at;
END;

DROP TRIGGER praise_book;

-- Everything that must hold when money becomes a praise, in the write that books it. A bank card may
-- have shown since the start that the reader is the writer.
CREATE TRIGGER praise_book BEFORE INSERT ON praise
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_booked') WHERE EXISTS (
    SELECT 1 FROM praise
    WHERE id = NEW.id OR intent_id = NEW.intent_id OR payment_id = NEW.payment_id);
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'praise' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:article_frozen') WHERE EXISTS (
    SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
  SELECT RAISE(ABORT, 'rule:account_suspended') WHERE EXISTS (
    SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended');
  SELECT RAISE(ABORT, 'rule:own_article') WHERE EXISTS (
    SELECT 1 FROM official_account AS account
    JOIN human AS owner ON owner.person_id = account.owner_id
    JOIN human AS reader ON reader.human_id = owner.human_id
    WHERE account.id = NEW.account_id AND reader.person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'rule:not_due') WHERE NEW.matured <> 0;
  SELECT RAISE(ABORT, 'rule:payment_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM payment JOIN intent ON intent.id = payment.intent_id
    WHERE payment.id = NEW.payment_id AND intent.id = NEW.intent_id AND payment.fate = 'praise'
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND intent.amount_minor = NEW.amount_minor AND intent.currency = NEW.currency
      AND intent.article_id = NEW.article_id AND intent.account_id = NEW.account_id
      AND intent.person_id = NEW.person_id AND payment.paid_at = NEW.paid_at);
END;

-- A praise goes back by somebody's right, and each right has its time.
CREATE TRIGGER praise_goes_back BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returning' AND OLD.state <> 'returning'
BEGIN
  SELECT RAISE(ABORT, 'rule:right') WHERE coalesce(NEW.state_reason, '') NOT IN (
    'undo', 'take_back', 'writer', 'operator', 'mass_return', 'appeal_missed', 'appeal_undecided');
  SELECT RAISE(ABORT, 'rule:undo_over')
  WHERE NEW.state_reason = 'undo'
    AND (OLD.state NOT IN ('held', 'frozen') OR NEW.state_at >= OLD.undo_until);
  SELECT RAISE(ABORT, 'rule:take_back_over')
  WHERE NEW.state_reason = 'take_back' AND (OLD.state <> 'held' OR NEW.state_at >= OLD.due_at);
END;

-- While its article is frozen, a praise neither matures, is paid out nor is taken back; and it is
-- frozen only because of its article.
CREATE TRIGGER praise_of_frozen_article BEFORE UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen')
  WHERE (NEW.state = 'in_payout' OR (OLD.state IN ('held', 'frozen') AND NEW.state = 'due')
      OR (OLD.state = 'frozen' AND NEW.state = 'held')
      OR (NEW.state = 'returning' AND NEW.state_reason = 'take_back'))
    AND EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
  SELECT RAISE(ABORT, 'rule:article_not_frozen')
  WHERE NEW.state = 'frozen'
    AND NOT EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
END;

-- What comes back from a payout or a dispute to an article that is frozen, the freeze has to take.
CREATE TRIGGER praise_wakes_freeze AFTER UPDATE OF state ON praise
WHEN OLD.state IN ('in_payout', 'disputed') AND NEW.state IN ('held', 'due', 'frozen')
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'freeze', id, NEW.state_at FROM freeze
  WHERE article_id = NEW.article_id AND state <> 'lifted'
  ON CONFLICT (kind, subject_id) DO UPDATE SET
    due_at = iif(done_at IS NULL, min(due_at, excluded.due_at), excluded.due_at),
    attempts = 0, done_at = NULL;
END;

-- The reader has it back only when the provider has said so.
CREATE TRIGGER praise_is_back BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returned' AND OLD.state <> 'returned'
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE NOT EXISTS (
    SELECT 1 FROM refund WHERE payment_id = OLD.payment_id AND state = 'succeeded');
END;

CREATE INDEX refund_by_praise ON refund (praise_id) WHERE praise_id IS NOT NULL;
-- The index of open refunds does not serve a question about those that succeeded.
CREATE INDEX refund_by_payment ON refund (payment_id);

-- A praise knows its refund and a refund its praise: a payment that became a praise is given back
-- only through that praise.
CREATE TRIGGER refund_of_praise BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_praise') WHERE EXISTS (
    SELECT 1 FROM praise WHERE payment_id = NEW.payment_id
      AND (NEW.praise_id IS NOT praise.id OR praise.state <> 'returning'));
  SELECT RAISE(ABORT, 'rule:refund_praise') WHERE NEW.praise_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM praise WHERE id = NEW.praise_id AND payment_id = NEW.payment_id);
  SELECT RAISE(ABORT, 'rule:refund_replaces') WHERE NEW.replaces_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM refund
    WHERE id = NEW.replaces_id AND payment_id = NEW.payment_id AND state = 'closed');
END;

-- Praises that were booked before they had anybody to let them mature.
INSERT INTO job (kind, subject_id, due_at)
SELECT 'settle', account_id || ':' || CAST(due_at AS TEXT), due_at FROM praise
WHERE state = 'held' GROUP BY account_id, due_at;
