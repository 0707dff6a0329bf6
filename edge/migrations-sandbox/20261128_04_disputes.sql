-- Disputes. The bank of a reader takes a payment back, and decides.

CREATE TABLE IF NOT EXISTS sandbox_dispute (
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
CREATE UNIQUE INDEX IF NOT EXISTS sandbox_dispute_one ON sandbox_dispute (transaction_id)
  WHERE state <> 'won';
