-- Transfers to bank cards, as the sandbox has carried them out.

CREATE TABLE sandbox_payout (
  number       TEXT NOT NULL PRIMARY KEY,
  -- The first request, byte for byte: the same number with another body is refused.
  request      TEXT NOT NULL,
  card         TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL,
  -- The day it counts for, where the currency is at home.
  day          TEXT NOT NULL,
  at           INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN (
    'processing', 'awaiting_confirmation', 'succeeded', 'failed')),
  reason       TEXT,
  -- How often it was asked about while it was slow.
  asked        INTEGER NOT NULL DEFAULT 0,
  -- When it succeeded or failed.
  ended_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sandbox_payout_by_card ON sandbox_payout (card, currency, day);
