-- Transfers to bank cards, as the sandbox carried them out.

CREATE TABLE IF NOT EXISTS sandbox_payout (
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

CREATE INDEX IF NOT EXISTS sandbox_payout_by_card ON sandbox_payout (card, currency, day);
