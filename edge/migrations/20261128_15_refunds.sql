-- Money on its way back to readers.

-- The id is the number that the provider receives.
CREATE TABLE IF NOT EXISTS refund (
  id           TEXT NOT NULL PRIMARY KEY,
  payment_id   TEXT NOT NULL REFERENCES payment (id),
  praise_id    TEXT REFERENCES praise (id),
  -- The closed refund that this one replaces.
  replaces_id  TEXT REFERENCES refund (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  created_at   INTEGER NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT
) STRICT;

-- A payment has at most one refund that succeeded or may still succeed.
CREATE UNIQUE INDEX IF NOT EXISTS refund_one_open ON refund (payment_id) WHERE state <> 'closed';
CREATE INDEX IF NOT EXISTS refund_by_praise ON refund (praise_id) WHERE praise_id IS NOT NULL;
-- The partial index above does not serve a query for refunds that succeeded.
CREATE INDEX IF NOT EXISTS refund_by_payment ON refund (payment_id);
CREATE INDEX IF NOT EXISTS refund_by_replaced ON refund (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS refund_open ON refund (currency, amount_minor)
  WHERE state IN ('queued', 'sent', 'abnormal');

CREATE TRIGGER IF NOT EXISTS refund_start BEFORE INSERT ON refund
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

-- A payment that became a praise is refunded only through that praise, and both name each other.
CREATE TRIGGER IF NOT EXISTS refund_of_praise BEFORE INSERT ON refund
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

CREATE TRIGGER IF NOT EXISTS refund_fixed BEFORE UPDATE ON refund
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id
  OR NEW.praise_id IS NOT OLD.praise_id OR NEW.replaces_id IS NOT OLD.replaces_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_fixed');
END;

CREATE TRIGGER IF NOT EXISTS refund_no_delete BEFORE DELETE ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS refund_step BEFORE UPDATE OF state ON refund
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'refund' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER IF NOT EXISTS refund_born AFTER INSERT ON refund
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('refund', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS refund_stepped AFTER UPDATE OF state ON refund
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('refund', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- A praise counts as returned only after the provider has confirmed the refund.
CREATE TRIGGER IF NOT EXISTS praise_returned BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returned' AND OLD.state <> 'returned'
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE NOT EXISTS (
    SELECT 1 FROM refund WHERE payment_id = OLD.payment_id AND state = 'succeeded');
END;
