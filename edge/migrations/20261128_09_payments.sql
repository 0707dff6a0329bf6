-- Money that arrived. Each payment becomes a praise, is returned, or goes to suspense.

-- A payment as the provider reported it.
CREATE TABLE IF NOT EXISTS payment (
  id             TEXT NOT NULL PRIMARY KEY,
  provider       TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  -- The order number that the provider names. Not a foreign key: it may match no order of ours.
  order_number   TEXT NOT NULL,
  intent_id      TEXT REFERENCES intent (id),
  amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  paid_at        INTEGER NOT NULL,
  booked_at      INTEGER NOT NULL,
  fate           TEXT NOT NULL CHECK (fate IN ('praise', 'return', 'suspense')),
  -- The fingerprint of the card, wallet or openid that paid. NULL if the provider does not say.
  payer          TEXT CHECK (length(payer) BETWEEN 1 AND 200),
  UNIQUE (provider, transaction_id)
) STRICT;

CREATE INDEX IF NOT EXISTS payment_by_intent ON payment (intent_id, booked_at, id);
-- The self-check adds up what a payer has paid.
CREATE INDEX IF NOT EXISTS payment_by_payer ON payment (provider, payer)
  WHERE payer IS NOT NULL;

CREATE TRIGGER IF NOT EXISTS payment_once BEFORE INSERT ON payment
WHEN EXISTS (SELECT 1 FROM payment
             WHERE id = NEW.id
                OR (provider = NEW.provider AND transaction_id = NEW.transaction_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:payment_booked');
END;

-- Only a payment in suspense may get another fate. Everything else about a payment is fixed.
CREATE TRIGGER IF NOT EXISTS payment_fixed BEFORE UPDATE ON payment
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider
  OR NEW.transaction_id IS NOT OLD.transaction_id OR NEW.order_number IS NOT OLD.order_number
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.paid_at IS NOT OLD.paid_at OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.payer IS NOT OLD.payer
  OR ((NEW.fate IS NOT OLD.fate OR NEW.intent_id IS NOT OLD.intent_id)
      AND OLD.fate IS NOT 'suspense')
BEGIN
  SELECT RAISE(ABORT, 'rule:payment_fixed');
END;

CREATE TRIGGER IF NOT EXISTS payment_no_delete BEFORE DELETE ON payment
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS payment_money_back AFTER INSERT ON payment
WHEN NEW.fate <> 'praise' AND NEW.intent_id IS NOT NULL
BEGIN
  UPDATE intent SET money_back_at = (
    SELECT max(booked_at) FROM payment WHERE intent_id = intent.id AND fate <> 'praise')
  WHERE id = NEW.intent_id;
END;

-- A payment in suspense may get another fate, and its attempt may become known.
CREATE TRIGGER IF NOT EXISTS payment_money_back_decided AFTER UPDATE OF fate, intent_id ON payment
BEGIN
  UPDATE intent SET money_back_at = (
    SELECT max(booked_at) FROM payment WHERE intent_id = intent.id AND fate <> 'praise')
  WHERE id IN (OLD.intent_id, NEW.intent_id);
END;

-- A payment that we cannot explain, until an operator has decided about it.
CREATE TABLE IF NOT EXISTS suspense_case (
  id         TEXT NOT NULL PRIMARY KEY,
  payment_id TEXT NOT NULL UNIQUE REFERENCES payment (id),
  reason     TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  closed_at  INTEGER
) STRICT;

CREATE INDEX IF NOT EXISTS suspense_case_open ON suspense_case (opened_at, id)
  WHERE closed_at IS NULL;

CREATE TRIGGER IF NOT EXISTS suspense_case_once BEFORE INSERT ON suspense_case
WHEN EXISTS (SELECT 1 FROM suspense_case WHERE id = NEW.id OR payment_id = NEW.payment_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

-- A case is closed once. Its payment and its reason never change.
CREATE TRIGGER IF NOT EXISTS suspense_case_fixed BEFORE UPDATE ON suspense_case
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id
  OR NEW.reason IS NOT OLD.reason OR NEW.opened_at IS NOT OLD.opened_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS suspense_case_no_delete BEFORE DELETE ON suspense_case
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
