-- Money that arrived, and its one fate: a praise, a return, or suspense.

CREATE TABLE payment (
  id             TEXT NOT NULL PRIMARY KEY,
  provider       TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  -- The number the provider names; not a reference, because it may be nobody's.
  order_number   TEXT NOT NULL,
  intent_id      TEXT REFERENCES intent (id),
  amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  paid_at        INTEGER NOT NULL,
  booked_at      INTEGER NOT NULL,
  fate           TEXT NOT NULL CHECK (fate IN ('praise', 'return', 'suspense')),
  UNIQUE (provider, transaction_id)
) STRICT;

CREATE INDEX payment_by_intent ON payment (intent_id);

CREATE TRIGGER payment_once BEFORE INSERT ON payment
WHEN EXISTS (SELECT 1 FROM payment
             WHERE id = NEW.id
                OR (provider = NEW.provider AND transaction_id = NEW.transaction_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:payment_booked');
END;

-- Only suspense is ever resolved into something else; everything else about a payment is fixed.
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payment
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider
  OR NEW.transaction_id IS NOT OLD.transaction_id OR NEW.order_number IS NOT OLD.order_number
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.paid_at IS NOT OLD.paid_at OR NEW.booked_at IS NOT OLD.booked_at
  OR ((NEW.fate IS NOT OLD.fate OR NEW.intent_id IS NOT OLD.intent_id)
      AND OLD.fate IS NOT 'suspense')
BEGIN
  SELECT RAISE(ABORT, 'rule:payment_fixed');
END;

CREATE TRIGGER payment_no_delete BEFORE DELETE ON payment
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TABLE praise (
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
  -- The writer's words of thanks as they were when the praise was booked.
  thanks         TEXT,
  policy_version INTEGER NOT NULL,
  paid_day       TEXT NOT NULL,
  paid_at        INTEGER NOT NULL,
  booked_at      INTEGER NOT NULL,
  undo_until     INTEGER NOT NULL CHECK (undo_until > booked_at),
  due_at         INTEGER NOT NULL CHECK (due_at > paid_at),
  state          TEXT NOT NULL,
  state_at       INTEGER NOT NULL,
  state_reason   TEXT,
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency),
  CONSTRAINT praise_amount_bounds CHECK (
    (currency = 'CNY' AND amount_minor BETWEEN 100 AND 20000) OR
    (currency = 'USD' AND amount_minor BETWEEN 100 AND 3000))
) STRICT;

CREATE INDEX praise_by_reader ON praise (person_id, booked_at DESC, id DESC);
CREATE INDEX praise_by_account ON praise (account_id, booked_at DESC, id DESC);
CREATE INDEX praise_by_article_and_reader ON praise (article_id, person_id);
CREATE INDEX praise_confirming ON praise (account_id, undo_until);
CREATE INDEX praise_held ON praise (due_at, id) WHERE state = 'held';

-- Everything that must hold when money becomes a praise, in the write that books it.
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
    SELECT 1 FROM official_account WHERE id = NEW.account_id AND owner_id = NEW.person_id);
  SELECT RAISE(ABORT, 'rule:payment_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM payment JOIN intent ON intent.id = payment.intent_id
    WHERE payment.id = NEW.payment_id AND intent.id = NEW.intent_id AND payment.fate = 'praise'
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND intent.amount_minor = NEW.amount_minor AND intent.currency = NEW.currency
      AND intent.article_id = NEW.article_id AND intent.account_id = NEW.account_id
      AND intent.person_id = NEW.person_id AND payment.paid_at = NEW.paid_at);
END;

CREATE TRIGGER praise_fixed BEFORE UPDATE ON praise
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

CREATE TRIGGER praise_no_delete BEFORE DELETE ON praise
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER praise_step BEFORE UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'praise' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER praise_born AFTER INSERT ON praise
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('praise', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER praise_stepped AFTER UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('praise', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- Money on its way back. The id is the number the provider gets.
CREATE TABLE refund (
  id           TEXT NOT NULL PRIMARY KEY,
  payment_id   TEXT NOT NULL REFERENCES payment (id),
  praise_id    TEXT REFERENCES praise (id),
  -- The refund that this one replaces after that one's definite end.
  replaces_id  TEXT REFERENCES refund (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  created_at   INTEGER NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT
) STRICT;

-- One refund per payment that may still succeed or has.
CREATE UNIQUE INDEX refund_one_open ON refund (payment_id) WHERE state <> 'closed';

CREATE TRIGGER refund_start BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE EXISTS (
    SELECT 1 FROM refund
    WHERE id = NEW.id OR (payment_id = NEW.payment_id AND state <> 'closed'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'refund' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:refund_amount') WHERE NOT EXISTS (
    SELECT 1 FROM payment WHERE id = NEW.payment_id
      AND amount_minor = NEW.amount_minor AND currency = NEW.currency);
END;

CREATE TRIGGER refund_fixed BEFORE UPDATE ON refund
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id
  OR NEW.praise_id IS NOT OLD.praise_id OR NEW.replaces_id IS NOT OLD.replaces_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_fixed');
END;

CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER refund_step BEFORE UPDATE OF state ON refund
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'refund' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER refund_born AFTER INSERT ON refund
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('refund', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER refund_stepped AFTER UPDATE OF state ON refund
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('refund', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- A payment nobody can explain, until an operator has decided.
CREATE TABLE suspense_case (
  id         TEXT NOT NULL PRIMARY KEY,
  payment_id TEXT NOT NULL UNIQUE REFERENCES payment (id),
  reason     TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  closed_at  INTEGER
) STRICT;

CREATE TRIGGER suspense_case_once BEFORE INSERT ON suspense_case
WHEN EXISTS (SELECT 1 FROM suspense_case WHERE id = NEW.id OR payment_id = NEW.payment_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

-- A case is closed once; who paid it and why it is here stays said.
CREATE TRIGGER suspense_case_fixed BEFORE UPDATE ON suspense_case
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id
  OR NEW.reason IS NOT OLD.reason OR NEW.opened_at IS NOT OLD.opened_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER suspense_case_no_delete BEFORE DELETE ON suspense_case
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
