-- Reconciliation: the movements at each provider as we booked them, the daily bills of the
-- providers, and the differences.

-- Everything that changed provider_unsettled. Triggers on payment, refund, payout_part and dispute
-- write it, so that no movement can be booked and left out here.
CREATE TABLE IF NOT EXISTS movement (
  provider     TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won')),
  -- The number used in the bill: that of the provider for payments and disputes, ours otherwise.
  number       TEXT NOT NULL,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Positive for money that came in.
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  -- According to the provider where it states a time, otherwise our own time.
  at           INTEGER NOT NULL,
  -- The official account that the money belongs to, if any.
  account_id   TEXT REFERENCES official_account (id),
  -- When a bill row confirmed it.
  matched_at   INTEGER,
  PRIMARY KEY (provider, kind, number)
) STRICT, WITHOUT ROWID;

-- With the amount and the column of its condition, so that the self-check sums from it alone.
CREATE INDEX IF NOT EXISTS movement_open ON movement (provider, currency, at, amount_minor, matched_at)
  WHERE matched_at IS NULL;

CREATE TRIGGER IF NOT EXISTS movement_once BEFORE INSERT ON movement
WHEN EXISTS (SELECT 1 FROM movement
             WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS movement_fixed BEFORE UPDATE ON movement
WHEN NEW.provider IS NOT OLD.provider OR NEW.kind IS NOT OLD.kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.at IS NOT OLD.at
  OR (NEW.account_id IS NOT OLD.account_id AND OLD.account_id IS NOT NULL)
  OR (OLD.matched_at IS NOT NULL AND NEW.matched_at IS NOT OLD.matched_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS movement_no_delete BEFORE DELETE ON movement
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Each day of a currency has a job that reads the bill of that day. The first movement schedules
-- the job of its day, and each job schedules the next one. A movement from before all of them
-- starts again at its own day. Both providers publish the bill of a day at 02:00 UTC of the next
-- day, which is 10:00 in Shanghai.
CREATE TRIGGER IF NOT EXISTS movement_reconciled AFTER INSERT ON movement
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'reconcile', NEW.currency || ':' || day, (unixepoch(day, '+1 day') + 7200) * 1000
  FROM (SELECT date(NEW.at / 1000 + iif(NEW.currency = 'CNY', 28800, 0), 'unixepoch') AS day)
  WHERE NOT EXISTS (
    SELECT 1 FROM job
    WHERE kind = 'reconcile'
      AND subject_id BETWEEN NEW.currency || ':' AND NEW.currency || ':' || day);
END;

-- From the first movement on, the self-check runs every night at 19:00 UTC, which is 03:00 in
-- Shanghai.
CREATE TRIGGER IF NOT EXISTS movement_self_checked AFTER INSERT ON movement
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'self_check', 'nightly', ((NEW.at - 68400000) / 86400000 + 1) * 86400000 + 68400000
  WHERE NOT EXISTS (SELECT 1 FROM job WHERE kind = 'self_check' AND subject_id = 'nightly');
END;

CREATE TRIGGER IF NOT EXISTS payment_moves AFTER INSERT ON payment
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  VALUES (NEW.provider, 'payment', NEW.transaction_id, NEW.currency, NEW.amount_minor,
          NEW.paid_at, (SELECT account_id FROM intent WHERE id = NEW.intent_id));
END;

CREATE TRIGGER IF NOT EXISTS refund_moves AFTER UPDATE OF state ON refund
WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded'
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payment.provider, 'refund', NEW.id, NEW.currency, -NEW.amount_minor, NEW.state_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

CREATE TRIGGER IF NOT EXISTS payout_part_moves AFTER UPDATE OF state ON payout_part
WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded' AND NEW.gross_minor > NEW.debt_minor
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payout.provider, 'payout', NEW.id, payout.currency, NEW.debt_minor - NEW.gross_minor,
         NEW.state_at, payout.account_id
  FROM payout WHERE payout.id = NEW.payout_id;
END;

CREATE TRIGGER IF NOT EXISTS payout_part_moves_back AFTER UPDATE OF state ON payout_part
WHEN NEW.state = 'sent_back' AND OLD.state <> 'sent_back' AND NEW.gross_minor > NEW.debt_minor
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payout.provider, 'payout_returned', NEW.id, payout.currency,
         NEW.gross_minor - NEW.debt_minor, NEW.state_at, payout.account_id
  FROM payout WHERE payout.id = NEW.payout_id;
END;

CREATE TRIGGER IF NOT EXISTS dispute_moves AFTER INSERT ON dispute
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT NEW.provider, 'dispute', NEW.number, NEW.currency, -NEW.amount_minor, NEW.opened_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

CREATE TRIGGER IF NOT EXISTS dispute_won_moves AFTER UPDATE OF state ON dispute
WHEN NEW.state = 'won' AND OLD.state <> 'won'
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT NEW.provider, 'dispute_won', NEW.number, NEW.currency, NEW.amount_minor, NEW.ended_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

-- The bill of a provider for one day and currency, stored after it was read completely.
CREATE TABLE IF NOT EXISTS bill (
  provider   TEXT NOT NULL,
  currency   TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day        TEXT NOT NULL,
  row_count  INTEGER NOT NULL CHECK (row_count >= 0),
  sha256     TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  -- When all its rows had been compared. A row without a movement then waits for the next bill.
  worked_at  INTEGER,
  PRIMARY KEY (provider, currency, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS bill_once BEFORE INSERT ON bill
WHEN EXISTS (SELECT 1 FROM bill WHERE provider = NEW.provider AND currency = NEW.currency
               AND day = NEW.day)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS bill_fixed BEFORE UPDATE ON bill
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.row_count IS NOT OLD.row_count
  OR NEW.sha256 IS NOT OLD.sha256 OR NEW.fetched_at IS NOT OLD.fetched_at
  OR (OLD.worked_at IS NOT NULL AND NEW.worked_at IS NOT OLD.worked_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS bill_no_delete BEFORE DELETE ON bill
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The rows of a bill.
CREATE TABLE IF NOT EXISTS bill_row (
  provider     TEXT NOT NULL,
  currency     TEXT NOT NULL,
  day          TEXT NOT NULL,
  line         INTEGER NOT NULL CHECK (line > 0),
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won')),
  number       TEXT NOT NULL,
  -- Our order number for a payment, the number of the payment at the provider for a dispute. May be
  -- empty.
  reference    TEXT NOT NULL,
  -- According to the provider.
  at           INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  fee_minor    INTEGER NOT NULL CHECK (fee_minor >= 0),
  -- open means not yet compared, or waiting one day for a movement of a neighbouring day.
  state        TEXT NOT NULL CHECK (state IN ('open', 'matched', 'difference')),
  -- When the provider was last queried about it, because there was no movement.
  queried_at   INTEGER,
  PRIMARY KEY (provider, currency, day, line),
  FOREIGN KEY (provider, currency, day) REFERENCES bill (provider, currency, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS bill_row_unmatched ON bill_row (provider, currency, day, line)
  WHERE state <> 'matched';
CREATE INDEX IF NOT EXISTS bill_row_unmatched_number ON bill_row (provider, kind, number)
  WHERE state <> 'matched';
-- One row confirms one movement.
CREATE UNIQUE INDEX IF NOT EXISTS bill_row_matched ON bill_row (provider, kind, number)
  WHERE state = 'matched';
-- The self-check sums the matched rows without reading the others.
CREATE INDEX IF NOT EXISTS bill_row_settled
  ON bill_row (provider, currency, amount_minor, fee_minor, state)
  WHERE state = 'matched';

CREATE TRIGGER IF NOT EXISTS bill_row_match BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched'
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM movement
    WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number
      AND currency = NEW.currency AND amount_minor = NEW.amount_minor
      AND matched_at IS NOT NULL);
END;

CREATE TRIGGER IF NOT EXISTS bill_row_fixed BEFORE UPDATE ON bill_row
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.line IS NOT OLD.line OR NEW.kind IS NOT OLD.kind
  OR NEW.number IS NOT OLD.number OR NEW.reference IS NOT OLD.reference
  OR NEW.at IS NOT OLD.at OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.fee_minor IS NOT OLD.fee_minor
  OR (OLD.state = 'matched'
      AND (NEW.state IS NOT OLD.state OR NEW.queried_at IS NOT OLD.queried_at))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A second row does not replace the one that confirmed the movement.
CREATE TRIGGER IF NOT EXISTS bill_row_second BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched' AND EXISTS (
  SELECT 1 FROM bill_row
  WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number AND state = 'matched')
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch');
END;

CREATE TRIGGER IF NOT EXISTS bill_row_no_delete BEFORE DELETE ON bill_row
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS bill_row_once BEFORE INSERT ON bill_row
WHEN NEW.state <> 'open' OR EXISTS (
  SELECT 1 FROM bill_row WHERE provider = NEW.provider AND currency = NEW.currency
    AND day = NEW.day AND line = NEW.line)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A movement or bill row that one side lacks, or that the two sides state differently, until it
-- is explained.
CREATE TABLE IF NOT EXISTS bill_difference (
  id          TEXT NOT NULL PRIMARY KEY,
  -- duplicate means that a number has more rows than movements.
  kind        TEXT NOT NULL CHECK (kind IN (
    'only_ours', 'only_theirs', 'amount_differs', 'duplicate')),
  provider    TEXT NOT NULL,
  movement_kind TEXT NOT NULL,
  number      TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- The amount that we booked (for a duplicate, that of the first row) and the amount in the bill.
  -- NULL where that side has no entry.
  ours_minor  INTEGER,
  theirs_minor INTEGER,
  -- The account whose payouts wait until the difference is explained.
  account_id  TEXT REFERENCES official_account (id),
  opened_at   INTEGER NOT NULL,
  closed_at   INTEGER,
  explanation TEXT CHECK (length(explanation) BETWEEN 1 AND 2000),
  CONSTRAINT bill_difference_closed CHECK ((closed_at IS NULL) = (explanation IS NULL)),
  CONSTRAINT bill_difference_sides CHECK (
    (kind = 'only_ours') = (theirs_minor IS NULL) AND (kind = 'only_theirs') = (ours_minor IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS bill_difference_open
  ON bill_difference (provider, movement_kind, number, kind)
  WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS bill_difference_by_number
  ON bill_difference (provider, movement_kind, number);
CREATE INDEX IF NOT EXISTS bill_difference_blocks ON bill_difference (account_id)
  WHERE closed_at IS NULL;

CREATE TRIGGER IF NOT EXISTS bill_difference_once BEFORE INSERT ON bill_difference
WHEN EXISTS (
  SELECT 1 FROM bill_difference
  WHERE id = NEW.id OR (provider = NEW.provider AND movement_kind = NEW.movement_kind
    AND number = NEW.number AND kind = NEW.kind AND closed_at IS NULL))
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS bill_difference_fixed BEFORE UPDATE ON bill_difference
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.provider IS NOT OLD.provider
  OR NEW.movement_kind IS NOT OLD.movement_kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.ours_minor IS NOT OLD.ours_minor
  OR NEW.theirs_minor IS NOT OLD.theirs_minor OR NEW.account_id IS NOT OLD.account_id
  OR NEW.opened_at IS NOT OLD.opened_at OR OLD.closed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS bill_difference_no_delete BEFORE DELETE ON bill_difference
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
