-- The schema that the migrations in edge/migrations-sandbox make. Generated: do not edit.
-- To write it anew: UPDATE_SNAPSHOTS=1 cargo test -p edge --features sandbox --test migrations

-- Settings by name, such as the offset of the movable clock.
CREATE TABLE sandbox_setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Several sign-ins may share a subject. They are one person.
CREATE TABLE sandbox_sign_in (
  login   TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  label   TEXT NOT NULL,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'operator')),
  lang    TEXT NOT NULL CHECK (lang IN ('zh-Hans', 'en')),
  place   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Faults requested through the control API, used up one by one.
CREATE TABLE sandbox_fault (
  operation TEXT NOT NULL,
  fault     TEXT NOT NULL,
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  PRIMARY KEY (operation, fault)
) STRICT, WITHOUT ROWID;

-- An order with the payment for it, once it is paid.
CREATE TABLE sandbox_order (
  number         TEXT NOT NULL PRIMARY KEY,
  -- The first request, byte for byte. The same number with another body is refused.
  request        TEXT NOT NULL,
  amount_minor   INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  payee          TEXT NOT NULL,
  description    TEXT NOT NULL,
  return_url     TEXT NOT NULL,
  expires_at     INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('open', 'paid', 'declined', 'closed')),
  transaction_id TEXT UNIQUE,
  paid_at        INTEGER,
  paid_minor     INTEGER,
  -- The fingerprint of the card or wallet that pays. NULL: the provider does not say.
  payer          TEXT
) STRICT, WITHOUT ROWID;

-- Refunds, which can go wrong in every way in which those of a real provider may.
CREATE TABLE sandbox_refund (
  number         TEXT NOT NULL PRIMARY KEY,
  -- The first request, byte for byte. The same number with another body is refused.
  request        TEXT,
  order_number   TEXT NOT NULL REFERENCES sandbox_order (number),
  transaction_id TEXT NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
  state          TEXT NOT NULL CHECK (state IN ('processing', 'succeeded', 'abnormal', 'closed')),
  -- How many more queries a delayed refund stays in the state processing.
  asks_left      INTEGER NOT NULL CHECK (asks_left >= 0),
  -- When it entered its state.
  at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- No payment is ever refunded twice, whatever numbers arrive.
CREATE UNIQUE INDEX sandbox_refund_once ON sandbox_refund (transaction_id)
  WHERE state <> 'closed';

CREATE TABLE sandbox_payout (
  number       TEXT NOT NULL PRIMARY KEY,
  -- The first request, byte for byte. The same number with another body is refused.
  request      TEXT NOT NULL,
  card         TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL,
  -- The day that it counts for, in the time zone of the currency.
  day          TEXT NOT NULL,
  at           INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN (
    'processing', 'awaiting_confirmation', 'succeeded', 'failed', 'sent_back')),
  reason       TEXT,
  -- How often its state was queried while it was delayed.
  asked        INTEGER NOT NULL DEFAULT 0,
  -- When it succeeded or failed.
  ended_at     INTEGER,
  -- When the bank of the receiver sent it back, after it had succeeded.
  sent_back_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sandbox_payout_by_card ON sandbox_payout (card, currency, day);

CREATE TABLE sandbox_dispute (
  number         TEXT NOT NULL PRIMARY KEY,
  order_number   TEXT NOT NULL REFERENCES sandbox_order (number),
  transaction_id TEXT NOT NULL,
  amount_minor   INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  opened_at      INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
  ended_at       INTEGER,
  CHECK ((state = 'open') = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;

-- One at a time, and none after one that was lost.
CREATE UNIQUE INDEX sandbox_dispute_one ON sandbox_dispute (transaction_id)
  WHERE state <> 'won';

CREATE TABLE sandbox_bill_fault (
  currency TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day      TEXT NOT NULL,
  fault    TEXT NOT NULL CHECK (fault IN (
    'missing_row', 'extra_row', 'amount_off', 'duplicate_row', 'late_row',
    'late_bill', 'refused_bill', 'unreadable_bill')),
  -- The number of the row that is wrong. Empty for the first row of the day. For a late bill, the
  -- number of days.
  number   TEXT NOT NULL,
  PRIMARY KEY (currency, day, fault, number)
) STRICT, WITHOUT ROWID;

-- Rows that are on the bill of a day and nowhere else.
CREATE TABLE sandbox_bill_line (
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day          TEXT NOT NULL,
  number       TEXT NOT NULL,
  at           INTEGER NOT NULL,
  kind         TEXT NOT NULL,
  reference    TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  fee_minor    INTEGER NOT NULL,
  PRIMARY KEY (currency, day, number)
) STRICT, WITHOUT ROWID;
