-- Praises, and the replies of writers to them.

-- A gift of a reader to the account of an article.
CREATE TABLE IF NOT EXISTS praise (
  id             TEXT NOT NULL PRIMARY KEY,
  intent_id      TEXT NOT NULL UNIQUE REFERENCES intent (id),
  payment_id     TEXT NOT NULL UNIQUE REFERENCES payment (id),
  person_id      TEXT NOT NULL REFERENCES person (id),
  article_id     TEXT NOT NULL REFERENCES article (id),
  account_id     TEXT NOT NULL REFERENCES official_account (id),
  amount_minor   INTEGER NOT NULL,
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  visibility     TEXT NOT NULL CHECK (visibility IN ('public', 'writer', 'anonymous')),
  note           TEXT,
  -- The thank-you text of the writer at the time of booking.
  thanks         TEXT,
  policy_version INTEGER NOT NULL,
  paid_day       TEXT NOT NULL,
  paid_at        INTEGER NOT NULL,
  booked_at      INTEGER NOT NULL,
  undo_until     INTEGER NOT NULL CHECK (undo_until > booked_at),
  -- Midnight at the end of the hold, and never before the praise can no longer be undone.
  due_at         INTEGER NOT NULL CHECK (due_at > paid_at AND due_at >= undo_until),
  state          TEXT NOT NULL,
  state_at       INTEGER NOT NULL,
  state_reason   TEXT,
  -- 1 once the hold is over and the money was moved from writer_held to writer_due.
  matured        INTEGER NOT NULL DEFAULT 0
    CONSTRAINT praise_matured CHECK (
      matured IN (0, 1) AND (matured = 1 OR state NOT IN ('due', 'in_payout', 'paid_out'))),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency),
  CONSTRAINT praise_amount_bounds CHECK (
    (currency = 'CNY' AND amount_minor BETWEEN 100 AND 20000) OR
    (currency = 'USD' AND amount_minor BETWEEN 100 AND 3000))
) STRICT;

CREATE INDEX IF NOT EXISTS praise_by_reader ON praise (person_id, booked_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS praise_by_account ON praise (account_id, booked_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS praise_by_article_and_reader ON praise (article_id, person_id);
CREATE INDEX IF NOT EXISTS praise_confirming ON praise (account_id, undo_until);
CREATE INDEX IF NOT EXISTS praise_due ON praise (account_id, due_at, id) WHERE state = 'due';
CREATE INDEX IF NOT EXISTS praise_going_by_article ON praise (article_id, id)
  WHERE state IN ('held', 'due');
CREATE INDEX IF NOT EXISTS praise_frozen_by_article ON praise (article_id, id)
  WHERE state = 'frozen';
CREATE INDEX IF NOT EXISTS praise_held ON praise (account_id, due_at, id) WHERE state = 'held';
CREATE INDEX IF NOT EXISTS praise_in_payout ON praise (account_id) WHERE state = 'in_payout';
-- The self-check sums what an account is owed from this index alone.
CREATE INDEX IF NOT EXISTS praise_owed ON praise (account_id, state, matured, currency, amount_minor)
  WHERE state IN ('held', 'due', 'frozen', 'disputed');

-- All conditions for a booking, in the write that books the praise. The rule own_article is checked
-- again: since the start, a bank card may have shown that the reader is the writer. It also refuses
-- a payment by any card that the account was ever paid to.
CREATE TRIGGER IF NOT EXISTS praise_book BEFORE INSERT ON praise
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
  SELECT RAISE(ABORT, 'rule:own_article') WHERE EXISTS (
    SELECT 1 FROM payment
    JOIN bank_card ON bank_card.fingerprint = payment.payer
      AND bank_card.provider = payment.provider AND bank_card.account_id = NEW.account_id
    WHERE payment.id = NEW.payment_id);
  SELECT RAISE(ABORT, 'rule:not_due') WHERE NEW.matured <> 0;
  SELECT RAISE(ABORT, 'rule:payment_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM payment JOIN intent ON intent.id = payment.intent_id
    WHERE payment.id = NEW.payment_id AND intent.id = NEW.intent_id AND payment.fate = 'praise'
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND intent.amount_minor = NEW.amount_minor AND intent.currency = NEW.currency
      AND intent.article_id = NEW.article_id AND intent.account_id = NEW.account_id
      AND intent.person_id = NEW.person_id AND payment.paid_at = NEW.paid_at);
END;

CREATE TRIGGER IF NOT EXISTS praise_fixed BEFORE UPDATE ON praise
WHEN NEW.id IS NOT OLD.id OR NEW.intent_id IS NOT OLD.intent_id
  OR NEW.payment_id IS NOT OLD.payment_id OR NEW.person_id IS NOT OLD.person_id
  OR NEW.article_id IS NOT OLD.article_id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.note IS NOT OLD.note OR NEW.thanks IS NOT OLD.thanks
  OR NEW.policy_version IS NOT OLD.policy_version OR NEW.paid_day IS NOT OLD.paid_day
  OR NEW.paid_at IS NOT OLD.paid_at OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.undo_until IS NOT OLD.undo_until OR NEW.due_at IS NOT OLD.due_at
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_fixed');
END;

CREATE TRIGGER IF NOT EXISTS praise_no_delete BEFORE DELETE ON praise
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS praise_step BEFORE UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'praise' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- A praise matures once, and not before it is due.
CREATE TRIGGER IF NOT EXISTS praise_matures BEFORE UPDATE OF matured ON praise
WHEN NEW.matured IS NOT OLD.matured
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_fixed') WHERE OLD.matured = 1;
  SELECT RAISE(ABORT, 'rule:not_due') WHERE NEW.state_at < OLD.due_at;
END;

-- A praise is returned only for one of these reasons, and undo and take-back end with their
-- periods.
CREATE TRIGGER IF NOT EXISTS praise_return BEFORE UPDATE OF state ON praise
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

CREATE TRIGGER IF NOT EXISTS praise_born AFTER INSERT ON praise
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('praise', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS praise_stepped AFTER UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('praise', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- The reply of a writer to a praise. There is one per praise, and it never changes.
CREATE TABLE IF NOT EXISTS praise_reply (
  praise_id  TEXT NOT NULL PRIMARY KEY REFERENCES praise (id),
  text       TEXT NOT NULL CHECK (
    length(text) BETWEEN 1 AND 1120 AND length(CAST(text AS BLOB)) <= 4480),
  replied_at INTEGER NOT NULL
) STRICT;

-- A reply is possible from the moment the writer sees the praise until it goes back. If it goes
-- back later, the reply stays.
CREATE TRIGGER IF NOT EXISTS praise_reply_once BEFORE INSERT ON praise_reply
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM praise_reply WHERE praise_id = NEW.praise_id);
  SELECT RAISE(ABORT, 'rule:reply_closed') WHERE EXISTS (
    SELECT 1 FROM praise
    WHERE id = NEW.praise_id
      AND (undo_until > NEW.replied_at
        OR state IN ('returning', 'returned', 'disputed', 'lost')));
END;

CREATE TRIGGER IF NOT EXISTS praise_reply_no_update BEFORE UPDATE ON praise_reply
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS praise_reply_no_delete BEFORE DELETE ON praise_reply
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
