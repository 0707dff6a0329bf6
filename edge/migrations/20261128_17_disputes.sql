-- Disputes. The bank of a reader takes a payment back and decides whether it keeps it. What the
-- bank has given to the reader for good is not refunded a second time, and a writer does not owe
-- what they never received. A praise that was lost therefore ends when its payout fails, or while
-- its refund has not left.

CREATE TABLE IF NOT EXISTS dispute (
  id           TEXT NOT NULL PRIMARY KEY,
  provider     TEXT NOT NULL,
  -- The number of the dispute at the provider.
  number       TEXT NOT NULL,
  payment_id   TEXT NOT NULL REFERENCES payment (id),
  praise_id    TEXT REFERENCES praise (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- According to the provider.
  opened_at    INTEGER NOT NULL,
  -- 1: the money of the writer is set aside (the praise is disputed). 0: only our own money is.
  aside        INTEGER NOT NULL CHECK (aside IN (0, 1)),
  ended_at     INTEGER,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  UNIQUE (provider, number),
  CONSTRAINT dispute_ended CHECK ((state = 'open') = (ended_at IS NULL)),
  CONSTRAINT dispute_aside CHECK (aside = 0 OR praise_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS dispute_one_open ON dispute (payment_id) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS dispute_by_payment ON dispute (payment_id);
CREATE INDEX IF NOT EXISTS dispute_by_praise ON dispute (praise_id) WHERE praise_id IS NOT NULL;

-- A payment whose dispute was lost is not disputed again, because the bank has taken the money
-- for good.
CREATE TRIGGER IF NOT EXISTS dispute_start BEFORE INSERT ON dispute
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM dispute
    WHERE id = NEW.id OR (provider = NEW.provider AND number = NEW.number)
       OR (payment_id = NEW.payment_id AND state = 'open'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'dispute' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = NEW.payment_id AND state = 'lost');
  SELECT RAISE(ABORT, 'rule:dispute_amount') WHERE NOT EXISTS (
    SELECT 1 FROM payment LEFT JOIN praise ON praise.payment_id = payment.id
    WHERE payment.id = NEW.payment_id AND payment.provider = NEW.provider
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND praise.id IS NEW.praise_id);
END;

-- aside may become 1 when a payout fails during the dispute, and never becomes 0 again.
CREATE TRIGGER IF NOT EXISTS dispute_fixed BEFORE UPDATE ON dispute
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider OR NEW.number IS NOT OLD.number
  OR NEW.payment_id IS NOT OLD.payment_id OR NEW.praise_id IS NOT OLD.praise_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.opened_at IS NOT OLD.opened_at
  OR NEW.aside < OLD.aside
  OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT OLD.ended_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_fixed');
END;

CREATE TRIGGER IF NOT EXISTS dispute_no_delete BEFORE DELETE ON dispute
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS dispute_step BEFORE UPDATE OF state ON dispute
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'dispute' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER IF NOT EXISTS dispute_born AFTER INSERT ON dispute
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('dispute', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS dispute_stepped AFTER UPDATE OF state ON dispute
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('dispute', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- A praise is in the state disputed exactly while a dispute has set it aside. The second check is
-- needed because an earlier dispute may have been won while the current one is open or lost.
CREATE TRIGGER IF NOT EXISTS praise_disputed BEFORE UPDATE OF state ON praise
WHEN (NEW.state = 'disputed') <> (OLD.state = 'disputed')
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE NOT EXISTS (
    SELECT 1 FROM dispute
    WHERE praise_id = OLD.id AND aside = 1
      AND state = iif(NEW.state = 'disputed', 'open', iif(NEW.state = 'lost', 'lost', 'won')));
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE OLD.state = 'disputed' AND EXISTS (
    SELECT 1 FROM dispute
    WHERE praise_id = OLD.id AND aside = 1
      AND (state = 'open' OR (state = 'lost' AND NEW.state <> 'lost')));
END;

-- A praise that was lost to the bank is not returned again for any reason, including a mass
-- return.
CREATE TRIGGER IF NOT EXISTS praise_return_disputed BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returning' AND OLD.state <> 'returning'
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND state = 'lost');
END;

-- A praise that no dispute has set aside is lost only after the bank has decided, and only while
-- no refund may still arrive.
CREATE TRIGGER IF NOT EXISTS praise_lost BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'lost' AND OLD.state IN ('due', 'returning')
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE NOT EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND aside = 0 AND state = 'lost');
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE EXISTS (
    SELECT 1 FROM refund WHERE payment_id = OLD.payment_id AND state <> 'closed');
END;

CREATE TRIGGER IF NOT EXISTS refund_of_lost BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = NEW.payment_id AND state = 'lost');
END;

-- While the bank has not decided, nobody else decides about the payment.
CREATE TRIGGER IF NOT EXISTS payment_disputed BEFORE UPDATE OF fate ON payment
WHEN NEW.fate IS NOT OLD.fate
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_open') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = OLD.id AND state = 'open');
END;

-- The praises whose payment the bank of the reader has taken back for good. If such a praise was
-- already paid out, the writer owes its amount. If the bank of the writer then sends the payout
-- back, the praise is due again. Its amount pays this debt, or replaces what other praises have paid
-- of it. The reader already has the money, so a freeze of the article neither stops nor returns the
-- praise.
CREATE VIEW IF NOT EXISTS lost_praise AS
SELECT praise_id FROM dispute WHERE state = 'lost' AND praise_id IS NOT NULL;

-- What a writer owes now. A praise that was lost while its payout is on the way is owed only when
-- the payout has arrived. Until then no other praise pays for it, so that it can still end as
-- lost. A praise that was lost before its payout was queued is owed already.
CREATE VIEW IF NOT EXISTS writer_owes AS
SELECT debt.owner AS account_id, debt.currency,
       iif(debt.balance_minor = 0, 0, debt.balance_minor - coalesce((
         SELECT sum(praise.amount_minor)
         FROM praise JOIN dispute ON dispute.payment_id = praise.payment_id
         WHERE praise.account_id = debt.owner AND praise.state = 'in_payout'
           AND praise.currency = debt.currency AND dispute.state = 'lost'
           AND dispute.state_at >= praise.state_at), 0)) AS owed_minor
FROM ledger_balance AS debt WHERE debt.account = 'writer_debt';
