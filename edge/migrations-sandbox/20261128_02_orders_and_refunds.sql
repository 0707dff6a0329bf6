-- Orders that readers pay, and their refunds.

-- An order with the payment for it, once it is paid.
CREATE TABLE IF NOT EXISTS sandbox_order (
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
CREATE TABLE IF NOT EXISTS sandbox_refund (
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
CREATE UNIQUE INDEX IF NOT EXISTS sandbox_refund_once ON sandbox_refund (transaction_id)
  WHERE state <> 'closed';
