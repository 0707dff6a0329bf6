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
  -- When a bill row confirmed it, or two operators explained it.
  matched_at   INTEGER,
  -- The explanation that settled it without a matching row.
  explanation_id TEXT REFERENCES bill_explanation (id),
  PRIMARY KEY (provider, kind, number),
  CONSTRAINT movement_explained CHECK (explanation_id IS NULL OR matched_at IS NOT NULL)
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
  OR (OLD.matched_at IS NOT NULL
      AND (NEW.matched_at IS NOT OLD.matched_at OR NEW.explanation_id IS NOT OLD.explanation_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A movement without a matching row is settled only by an explanation of two operators.
CREATE TRIGGER IF NOT EXISTS movement_explain BEFORE UPDATE OF explanation_id ON movement
WHEN NEW.explanation_id IS NOT NULL AND OLD.matched_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE id = NEW.explanation_id AND approved_at = NEW.matched_at);
END;

CREATE TRIGGER IF NOT EXISTS movement_no_delete BEFORE DELETE ON movement
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Each day of a currency has a job that reads the bill of that day. The first movement schedules
-- the job of its day, and each job schedules the next one before it does anything else. A movement from before all of them
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
  -- Empty if the provider answered that there were no transactions on this day.
  sha256     TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  -- When all its rows had been compared. A row without a movement then waits for the next bill.
  worked_at  INTEGER,
  PRIMARY KEY (provider, currency, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS bill_by_day ON bill (currency, day);

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
  -- other for every kind that the product does not know.
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won', 'other')),
  -- The own word of the provider for the kind.
  provider_kind TEXT NOT NULL CHECK (length(provider_kind) BETWEEN 1 AND 64),
  number       TEXT NOT NULL,
  -- Our order number for a payment, the number of the payment at the provider for a dispute. May be
  -- empty.
  reference    TEXT NOT NULL,
  -- According to the provider.
  at           INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  -- Negative for a fee that was given back.
  fee_minor    INTEGER NOT NULL,
  -- open means not yet compared, or waiting one day for a movement of a neighbouring day.
  state        TEXT NOT NULL CHECK (state IN ('open', 'matched', 'difference', 'explained')),
  -- When the provider was last queried about it, because there was no movement.
  queried_at   INTEGER,
  -- The explanation of two operators that settled it.
  explanation_id TEXT REFERENCES bill_explanation (id),
  PRIMARY KEY (provider, currency, day, line),
  FOREIGN KEY (provider, currency, day) REFERENCES bill (provider, currency, day),
  CONSTRAINT bill_row_amount CHECK (amount_minor <> 0 OR kind = 'other'),
  CONSTRAINT bill_row_explained CHECK ((state = 'explained') = (explanation_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS bill_row_open ON bill_row (provider, currency, day, line)
  WHERE state = 'open';
CREATE INDEX IF NOT EXISTS bill_row_unmatched ON bill_row (provider, currency, day, line)
  WHERE state IN ('open', 'difference');
CREATE INDEX IF NOT EXISTS bill_row_unmatched_number ON bill_row (provider, kind, number)
  WHERE state IN ('open', 'difference');
-- One row confirms one movement.
CREATE UNIQUE INDEX IF NOT EXISTS bill_row_matched ON bill_row (provider, kind, number)
  WHERE state = 'matched';
-- Rows that two operators have explained, few.
CREATE INDEX IF NOT EXISTS bill_row_by_explanation ON bill_row (explanation_id)
  WHERE explanation_id IS NOT NULL;
-- The self-check sums the settled rows without reading the others.
CREATE INDEX IF NOT EXISTS bill_row_settled
  ON bill_row (provider, currency, amount_minor, fee_minor, state)
  WHERE state IN ('matched', 'explained');

CREATE TRIGGER IF NOT EXISTS bill_row_match BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched'
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM movement
    WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number
      AND currency = NEW.currency AND amount_minor = NEW.amount_minor
      AND matched_at IS NOT NULL AND explanation_id IS NULL);
END;

CREATE TRIGGER IF NOT EXISTS bill_row_fixed BEFORE UPDATE ON bill_row
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.line IS NOT OLD.line OR NEW.kind IS NOT OLD.kind
  OR NEW.provider_kind IS NOT OLD.provider_kind
  OR NEW.number IS NOT OLD.number OR NEW.reference IS NOT OLD.reference
  OR NEW.at IS NOT OLD.at OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.fee_minor IS NOT OLD.fee_minor
  OR (OLD.state IN ('matched', 'explained')
      AND (NEW.state IS NOT OLD.state OR NEW.queried_at IS NOT OLD.queried_at
           OR NEW.explanation_id IS NOT OLD.explanation_id))
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

-- Only the explanation of its own difference settles a row without a movement.
CREATE TRIGGER IF NOT EXISTS bill_row_explain BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'explained' AND OLD.state <> 'explained'
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM bill_explanation AS e JOIN bill_difference AS d ON d.id = e.difference_id
    WHERE e.id = NEW.explanation_id AND e.approved_at IS NOT NULL
      AND d.provider = NEW.provider AND d.currency = NEW.currency
      AND d.day = NEW.day AND d.line = NEW.line);
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

-- A movement or bill row that one side lacks, or that the two sides state differently, until a
-- later bill or two operators explain it. Each row of a bill has its own difference.
CREATE TABLE IF NOT EXISTS bill_difference (
  id          TEXT NOT NULL PRIMARY KEY,
  -- duplicate means that a number has more rows than movements.
  kind        TEXT NOT NULL CHECK (kind IN (
    'only_ours', 'only_theirs', 'amount_differs', 'duplicate')),
  provider    TEXT NOT NULL,
  movement_kind TEXT NOT NULL,
  number      TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- The row. NULL if no bill has one.
  day         TEXT,
  line        INTEGER,
  -- The amount that we booked (for a duplicate, that of the first row) and the amount in the bill.
  -- NULL where that side has no entry.
  ours_minor  INTEGER,
  theirs_minor INTEGER,
  -- The account whose payouts wait until the difference is explained.
  account_id  TEXT REFERENCES official_account (id),
  opened_at   INTEGER NOT NULL,
  closed_at   INTEGER,
  explanation TEXT CHECK (length(explanation) BETWEEN 1 AND 2500),
  FOREIGN KEY (provider, currency, day, line) REFERENCES bill_row (provider, currency, day, line),
  CONSTRAINT bill_difference_closed CHECK ((closed_at IS NULL) = (explanation IS NULL)),
  CONSTRAINT bill_difference_row CHECK (
    (kind = 'only_ours') = (day IS NULL) AND (day IS NULL) = (line IS NULL)),
  CONSTRAINT bill_difference_sides CHECK (
    (kind = 'only_ours') = (theirs_minor IS NULL) AND (kind = 'only_theirs') = (ours_minor IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS bill_difference_by_row
  ON bill_difference (provider, currency, day, line) WHERE day IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS bill_difference_only_ours
  ON bill_difference (provider, movement_kind, number) WHERE kind = 'only_ours';
CREATE INDEX IF NOT EXISTS bill_difference_by_number
  ON bill_difference (provider, movement_kind, number);
CREATE INDEX IF NOT EXISTS bill_difference_blocks ON bill_difference (account_id)
  WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS bill_difference_newest
  ON bill_difference (opened_at DESC, id DESC);

CREATE TRIGGER IF NOT EXISTS bill_difference_once BEFORE INSERT ON bill_difference
WHEN EXISTS (SELECT 1 FROM bill_difference WHERE id = NEW.id)
  OR EXISTS (
    SELECT 1 FROM bill_difference
    WHERE provider = NEW.provider AND currency = NEW.currency
      AND day = NEW.day AND line = NEW.line)
  OR (NEW.kind = 'only_ours' AND EXISTS (
    SELECT 1 FROM bill_difference
    WHERE provider = NEW.provider AND movement_kind = NEW.movement_kind
      AND number = NEW.number AND kind = 'only_ours'))
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS bill_difference_fixed BEFORE UPDATE ON bill_difference
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.provider IS NOT OLD.provider
  OR NEW.movement_kind IS NOT OLD.movement_kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.day IS NOT OLD.day OR NEW.line IS NOT OLD.line
  OR NEW.ours_minor IS NOT OLD.ours_minor
  OR NEW.theirs_minor IS NOT OLD.theirs_minor OR NEW.account_id IS NOT OLD.account_id
  OR NEW.opened_at IS NOT OLD.opened_at OR OLD.closed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A difference ends when its movement is settled in the same batch, or by its own explanation.
CREATE TRIGGER IF NOT EXISTS bill_difference_close BEFORE UPDATE OF closed_at ON bill_difference
WHEN OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE difference_id = NEW.id AND withdrawn_at IS NULL AND approved_at = NEW.closed_at)
  AND NOT EXISTS (
    SELECT 1 FROM movement
    WHERE provider = NEW.provider AND kind = NEW.movement_kind AND number = NEW.number
      AND matched_at = NEW.closed_at AND NEW.kind IN ('only_ours', 'only_theirs'));
END;

CREATE TRIGGER IF NOT EXISTS bill_difference_no_delete BEFORE DELETE ON bill_difference
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- How two operators explain a difference: one chooses a posting with a reason, and another one,
-- who saw the same, approves it.
CREATE TABLE IF NOT EXISTS bill_explanation (
  id             TEXT NOT NULL PRIMARY KEY,
  difference_id  TEXT NOT NULL REFERENCES bill_difference (id),
  posting        TEXT NOT NULL CHECK (posting IN (
    'operator_loss', 'provider_fee', 'suspense', 'reversal', 'belongs_to')),
  -- What we booked and the bill lacks. It is debited to the account of the posting. Negative if
  -- the bill has more.
  amount_minor   INTEGER NOT NULL,
  -- The kind and number of the movement that the row belongs to. The kind funds means a transfer
  -- of the own money of the operator, by its reference.
  belongs_kind   TEXT,
  belongs_number TEXT,
  reason         TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of difference, posting, amount and reason. The second operator approves exactly these.
  shown_hash     TEXT NOT NULL,
  proposed_by    TEXT NOT NULL REFERENCES person (id),
  proposed_at    INTEGER NOT NULL,
  approved_by    TEXT REFERENCES person (id),
  approved_at    INTEGER,
  withdrawn_at   INTEGER,
  CONSTRAINT bill_explanation_belongs CHECK (
    (posting = 'belongs_to') = (belongs_kind IS NOT NULL)
    AND (belongs_kind IS NULL) = (belongs_number IS NULL)),
  CONSTRAINT bill_explanation_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT bill_explanation_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS bill_explanation_open ON bill_explanation (difference_id)
  WHERE withdrawn_at IS NULL;

CREATE TRIGGER IF NOT EXISTS bill_explanation_once BEFORE INSERT ON bill_explanation
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM bill_explanation WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE difference_id = NEW.difference_id AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS bill_explanation_fixed BEFORE UPDATE ON bill_explanation
WHEN NEW.id IS NOT OLD.id OR NEW.difference_id IS NOT OLD.difference_id
  OR NEW.posting IS NOT OLD.posting OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.belongs_kind IS NOT OLD.belongs_kind OR NEW.belongs_number IS NOT OLD.belongs_number
  OR NEW.reason IS NOT OLD.reason OR NEW.shown_hash IS NOT OLD.shown_hash
  OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at
  OR OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS bill_explanation_approve
BEFORE UPDATE OF approved_by ON bill_explanation
WHEN NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER IF NOT EXISTS bill_explanation_no_delete BEFORE DELETE ON bill_explanation
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Money that the operator adds at a provider or withdraws there, and corrections of such entries.
-- Two operators book it.
CREATE TABLE IF NOT EXISTS funds_transfer (
  id           TEXT NOT NULL PRIMARY KEY,
  provider     TEXT NOT NULL,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Positive for money that is added.
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  -- The id of the transfer at the bank or the provider, or of the correction.
  reference    TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 64),
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of provider, amount, reference and reason. The second operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  -- The explanation by which a bill row confirmed it.
  explanation_id TEXT REFERENCES bill_explanation (id),
  CONSTRAINT funds_transfer_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT funds_transfer_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS funds_transfer_by_reference
  ON funds_transfer (provider, reference) WHERE withdrawn_at IS NULL;
CREATE INDEX IF NOT EXISTS funds_transfer_by_time ON funds_transfer (proposed_at, id);

CREATE TRIGGER IF NOT EXISTS funds_transfer_once BEFORE INSERT ON funds_transfer
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM funds_transfer
    WHERE id = NEW.id
       OR (provider = NEW.provider AND reference = NEW.reference AND withdrawn_at IS NULL));
  SELECT RAISE(ABORT, 'rule:two_persons')
  WHERE NEW.approved_at IS NOT NULL OR NEW.explanation_id IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS funds_transfer_fixed BEFORE UPDATE ON funds_transfer
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider
  OR NEW.currency IS NOT OLD.currency OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.reference IS NOT OLD.reference OR NEW.reason IS NOT OLD.reason
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at OR OLD.withdrawn_at IS NOT NULL
  OR (OLD.approved_at IS NOT NULL
      AND (NEW.approved_by IS NOT OLD.approved_by OR NEW.approved_at IS NOT OLD.approved_at
           OR NEW.withdrawn_at IS NOT NULL))
  OR OLD.explanation_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS funds_transfer_approve BEFORE UPDATE OF approved_by ON funds_transfer
WHEN NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

-- A transfer is confirmed by a row only after both operators booked it, and by an explanation of
-- two operators.
CREATE TRIGGER IF NOT EXISTS funds_transfer_explain
BEFORE UPDATE OF explanation_id ON funds_transfer
WHEN NEW.explanation_id IS NOT NULL AND OLD.explanation_id IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NULL OR NOT EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE id = NEW.explanation_id AND approved_at IS NOT NULL AND belongs_kind = 'funds');
END;

CREATE TRIGGER IF NOT EXISTS funds_transfer_no_delete BEFORE DELETE ON funds_transfer
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
