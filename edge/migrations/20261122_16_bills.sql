-- What happened at a provider, as we booked it, and as its daily bill says.

-- Everything that moved provider_unsettled. Written by the triggers below, so that no movement is
-- booked and forgotten here.
CREATE TABLE movement (
  provider     TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'dispute', 'dispute_won')),
  -- What the bill calls it: the provider's number of a payment or dispute, ours of the rest.
  number       TEXT NOT NULL,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Signed: what came in is positive.
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  -- The provider's time where it said one, ours otherwise.
  at           INTEGER NOT NULL,
  -- The official account whose money it is, if it is one's.
  account_id   TEXT REFERENCES official_account (id),
  -- When a row of a bill said the same.
  matched_at   INTEGER,
  PRIMARY KEY (provider, kind, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX movement_open ON movement (provider, currency, at) WHERE matched_at IS NULL;

CREATE TRIGGER movement_once BEFORE INSERT ON movement
WHEN EXISTS (SELECT 1 FROM movement
             WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER movement_fixed BEFORE UPDATE ON movement
WHEN NEW.provider IS NOT OLD.provider OR NEW.kind IS NOT OLD.kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.at IS NOT OLD.at
  OR (NEW.account_id IS NOT OLD.account_id AND OLD.account_id IS NOT NULL)
  OR (OLD.matched_at IS NOT NULL AND NEW.matched_at IS NOT OLD.matched_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Each day of a currency has a job that reads the provider's bill of it: the first day's is written
-- with the first movement, every other's by the day before. A movement from before all of them
-- begins again at its own day. Both providers' days are billed at 02:00 UTC of the next day, which
-- is 10:00 in Shanghai.
CREATE TRIGGER movement_reconciled AFTER INSERT ON movement
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'reconcile', NEW.currency || ':' || day, (unixepoch(day, '+1 day') + 7200) * 1000
  FROM (SELECT date(NEW.at / 1000 + iif(NEW.currency = 'CNY', 28800, 0), 'unixepoch') AS day)
  WHERE NOT EXISTS (
    SELECT 1 FROM job
    WHERE kind = 'reconcile' AND subject_id BETWEEN NEW.currency || ':' AND NEW.currency || ':' || day);
END;

CREATE TRIGGER payment_moves AFTER INSERT ON payment
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  VALUES (NEW.provider, 'payment', NEW.transaction_id, NEW.currency, NEW.amount_minor,
          NEW.paid_at, (SELECT account_id FROM intent WHERE id = NEW.intent_id));
END;

CREATE TRIGGER refund_moves AFTER UPDATE OF state ON refund
WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded'
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payment.provider, 'refund', NEW.id, NEW.currency, -NEW.amount_minor, NEW.state_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

CREATE TRIGGER payout_part_moves AFTER UPDATE OF state ON payout_part
WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded' AND NEW.gross_minor > NEW.debt_minor
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payout.provider, 'payout', NEW.id, payout.currency, NEW.debt_minor - NEW.gross_minor,
         NEW.state_at, payout.account_id
  FROM payout WHERE payout.id = NEW.payout_id;
END;

CREATE TRIGGER dispute_moves AFTER INSERT ON dispute
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT NEW.provider, 'dispute', NEW.number, NEW.currency, -NEW.amount_minor, NEW.opened_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

CREATE TRIGGER dispute_won_moves AFTER UPDATE OF state ON dispute
WHEN NEW.state = 'won' AND OLD.state <> 'won'
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT NEW.provider, 'dispute_won', NEW.number, NEW.currency, NEW.amount_minor, NEW.ended_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

-- A day's bill of a provider in one currency, once it was read whole.
CREATE TABLE bill (
  provider   TEXT NOT NULL,
  currency   TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day        TEXT NOT NULL,
  row_count  INTEGER NOT NULL CHECK (row_count >= 0),
  sha256     TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  -- When every row of it had been looked for. One without a movement then waits for the next day's.
  worked_at  INTEGER,
  PRIMARY KEY (provider, currency, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER bill_once BEFORE INSERT ON bill
WHEN EXISTS (SELECT 1 FROM bill WHERE provider = NEW.provider AND currency = NEW.currency
               AND day = NEW.day)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER bill_fixed BEFORE UPDATE ON bill
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.row_count IS NOT OLD.row_count
  OR NEW.sha256 IS NOT OLD.sha256 OR NEW.fetched_at IS NOT OLD.fetched_at
  OR (OLD.worked_at IS NOT NULL AND NEW.worked_at IS NOT OLD.worked_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_no_delete BEFORE DELETE ON bill
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TABLE bill_row (
  provider     TEXT NOT NULL,
  currency     TEXT NOT NULL,
  day          TEXT NOT NULL,
  line         INTEGER NOT NULL CHECK (line > 0),
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'dispute', 'dispute_won')),
  number       TEXT NOT NULL,
  -- What the row belongs to: our order of a payment, the provider's payment of a dispute; may be
  -- empty.
  reference    TEXT NOT NULL,
  -- The provider's time.
  at           INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  fee_minor    INTEGER NOT NULL CHECK (fee_minor >= 0),
  -- open: not yet looked for, or waiting a day for its neighbour; matched; difference.
  state        TEXT NOT NULL CHECK (state IN ('open', 'matched', 'difference')),
  PRIMARY KEY (provider, currency, day, line),
  FOREIGN KEY (provider, currency, day) REFERENCES bill (provider, currency, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX bill_row_unmatched ON bill_row (provider, currency, day, line)
  WHERE state <> 'matched';
CREATE INDEX bill_row_unmatched_number ON bill_row (provider, kind, number)
  WHERE state <> 'matched';
-- One row confirms one movement.
CREATE UNIQUE INDEX bill_row_matched ON bill_row (provider, kind, number) WHERE state = 'matched';

CREATE TRIGGER bill_row_match BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched'
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM movement
    WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number
      AND currency = NEW.currency AND amount_minor = NEW.amount_minor
      AND matched_at IS NOT NULL);
END;

CREATE TRIGGER bill_row_fixed BEFORE UPDATE ON bill_row
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.line IS NOT OLD.line OR NEW.kind IS NOT OLD.kind
  OR NEW.number IS NOT OLD.number OR NEW.reference IS NOT OLD.reference
  OR NEW.at IS NOT OLD.at OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.fee_minor IS NOT OLD.fee_minor
  OR (NEW.state IS NOT OLD.state AND OLD.state = 'matched')
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_row_no_delete BEFORE DELETE ON bill_row
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_row_once BEFORE INSERT ON bill_row
WHEN NEW.state <> 'open' OR EXISTS (
  SELECT 1 FROM bill_row WHERE provider = NEW.provider AND currency = NEW.currency
    AND day = NEW.day AND line = NEW.line)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- What only one side knows, or both know differently, until it is explained.
CREATE TABLE bill_difference (
  id          TEXT NOT NULL PRIMARY KEY,
  -- duplicate: more rows of one number than movements.
  kind        TEXT NOT NULL CHECK (kind IN (
    'only_ours', 'only_theirs', 'amount_differs', 'duplicate')),
  provider    TEXT NOT NULL,
  movement_kind TEXT NOT NULL,
  number      TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- What we booked (of a duplicate, what the first row said) and what the bill says; NULL where
  -- that side has nothing.
  ours_minor  INTEGER,
  theirs_minor INTEGER,
  -- Whose payouts wait until it is explained.
  account_id  TEXT REFERENCES official_account (id),
  opened_at   INTEGER NOT NULL,
  closed_at   INTEGER,
  explanation TEXT CHECK (length(explanation) BETWEEN 1 AND 2000),
  CONSTRAINT bill_difference_closed CHECK ((closed_at IS NULL) = (explanation IS NULL)),
  CONSTRAINT bill_difference_sides CHECK (
    (kind = 'only_ours') = (theirs_minor IS NULL) AND (kind = 'only_theirs') = (ours_minor IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX bill_difference_open ON bill_difference (provider, movement_kind, number, kind)
  WHERE closed_at IS NULL;
CREATE INDEX bill_difference_by_number ON bill_difference (provider, movement_kind, number);
CREATE INDEX bill_difference_blocks ON bill_difference (account_id) WHERE closed_at IS NULL;

CREATE TRIGGER bill_difference_once BEFORE INSERT ON bill_difference
WHEN EXISTS (
  SELECT 1 FROM bill_difference
  WHERE id = NEW.id OR (provider = NEW.provider AND movement_kind = NEW.movement_kind
    AND number = NEW.number AND kind = NEW.kind AND closed_at IS NULL))
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER bill_difference_fixed BEFORE UPDATE ON bill_difference
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.provider IS NOT OLD.provider
  OR NEW.movement_kind IS NOT OLD.movement_kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.ours_minor IS NOT OLD.ours_minor
  OR NEW.theirs_minor IS NOT OLD.theirs_minor OR NEW.account_id IS NOT OLD.account_id
  OR NEW.opened_at IS NOT OLD.opened_at OR OLD.closed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_difference_no_delete BEFORE DELETE ON bill_difference
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- What had moved before it was written down here.
INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
SELECT provider, 'payment', transaction_id, currency, amount_minor, paid_at,
       (SELECT account_id FROM intent WHERE intent.id = payment.intent_id)
FROM payment;
INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
SELECT payment.provider, 'refund', refund.id, refund.currency, -refund.amount_minor,
       refund.state_at, (SELECT account_id FROM intent WHERE intent.id = payment.intent_id)
FROM refund JOIN payment ON payment.id = refund.payment_id WHERE refund.state = 'succeeded';
