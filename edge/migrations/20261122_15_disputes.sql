-- A reader's bank takes money back and looks at it.

INSERT INTO transition VALUES
  ('dispute', '', 'open'),
  ('dispute', 'open', 'won'),
  ('dispute', 'open', 'lost');

CREATE TABLE dispute (
  id           TEXT NOT NULL PRIMARY KEY,
  provider     TEXT NOT NULL,
  -- The provider's number of the dispute.
  number       TEXT NOT NULL,
  payment_id   TEXT NOT NULL REFERENCES payment (id),
  praise_id    TEXT REFERENCES praise (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- The provider's time.
  opened_at    INTEGER NOT NULL,
  -- Whether the writer's money stands aside for it (the praise is disputed), or only ours.
  aside        INTEGER NOT NULL CHECK (aside IN (0, 1)),
  ended_at     INTEGER,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  UNIQUE (provider, number),
  CONSTRAINT dispute_ended CHECK ((state = 'open') = (ended_at IS NULL)),
  CONSTRAINT dispute_aside CHECK (aside = 0 OR praise_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX dispute_one_open ON dispute (payment_id) WHERE state = 'open';
CREATE INDEX dispute_by_payment ON dispute (payment_id);

CREATE TRIGGER dispute_start BEFORE INSERT ON dispute
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM dispute
    WHERE id = NEW.id OR (provider = NEW.provider AND number = NEW.number)
       OR (payment_id = NEW.payment_id AND state = 'open'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'dispute' AND from_state = '' AND to_state = NEW.state);
  -- What a bank has taken for good, it does not take again.
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = NEW.payment_id AND state = 'lost');
  SELECT RAISE(ABORT, 'rule:dispute_amount') WHERE NOT EXISTS (
    SELECT 1 FROM payment LEFT JOIN praise ON praise.payment_id = payment.id
    WHERE payment.id = NEW.payment_id AND payment.provider = NEW.provider
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND praise.id IS NEW.praise_id);
END;

CREATE TRIGGER dispute_fixed BEFORE UPDATE ON dispute
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider OR NEW.number IS NOT OLD.number
  OR NEW.payment_id IS NOT OLD.payment_id OR NEW.praise_id IS NOT OLD.praise_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.opened_at IS NOT OLD.opened_at
  -- It begins to touch the writer's money when a payout fails under it, and never stops.
  OR NEW.aside < OLD.aside
  OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT OLD.ended_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_fixed');
END;

CREATE TRIGGER dispute_no_delete BEFORE DELETE ON dispute
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER dispute_step BEFORE UPDATE OF state ON dispute
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'dispute' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER dispute_born AFTER INSERT ON dispute
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('dispute', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER dispute_stepped AFTER UPDATE OF state ON dispute
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('dispute', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- A praise stands aside exactly while a dispute says so.
CREATE TRIGGER praise_disputed BEFORE UPDATE OF state ON praise
WHEN (NEW.state = 'disputed') <> (OLD.state = 'disputed')
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE NOT EXISTS (
    SELECT 1 FROM dispute
    WHERE praise_id = OLD.id AND aside = 1
      AND state = CASE NEW.state WHEN 'disputed' THEN 'open' WHEN 'lost' THEN 'lost'
                  ELSE 'won' END);
  -- One that was won before says nothing about the one that took the praise aside now.
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE OLD.state = 'disputed' AND EXISTS (
    SELECT 1 FROM dispute
    WHERE praise_id = OLD.id AND aside = 1
      AND (state = 'open' OR (state = 'lost' AND NEW.state <> 'lost')));
END;

-- What a bank has taken is nobody's to decide about until the bank has decided.
CREATE TRIGGER payment_disputed BEFORE UPDATE OF fate ON payment
WHEN NEW.fate IS NOT OLD.fate
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_open') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = OLD.id AND state = 'open');
END;

-- A reader who has it back from the bank does not get it from the writer or an operator again.
CREATE TRIGGER praise_is_back_already BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returning' AND OLD.state <> 'returning'
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost')
  WHERE NEW.state_reason IN ('undo', 'take_back', 'writer', 'operator') AND EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND state = 'lost');
END;
