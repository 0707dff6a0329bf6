-- Refunds that go wrong in every way a provider's may.

CREATE TABLE sandbox_refund_all (
  number         TEXT NOT NULL PRIMARY KEY,
  -- The first request, byte for byte: the same number with another body is refused. NULL where it
  -- was not kept.
  request        TEXT,
  order_number   TEXT NOT NULL REFERENCES sandbox_order (number),
  transaction_id TEXT NOT NULL,
  amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
  state          TEXT NOT NULL CHECK (state IN ('processing', 'succeeded', 'abnormal', 'closed')),
  -- Questions until a slow one has arrived.
  asks_left      INTEGER NOT NULL CHECK (asks_left >= 0),
  -- When it came into its state.
  at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO sandbox_refund_all
SELECT refund.number, NULL, refund.order_number, o.transaction_id, refund.amount_minor,
       refund.state, 0, refund.at
FROM sandbox_refund AS refund JOIN sandbox_order AS o ON o.number = refund.order_number
WHERE o.transaction_id IS NOT NULL;

DROP TABLE sandbox_refund;
ALTER TABLE sandbox_refund_all RENAME TO sandbox_refund;

-- No payment is ever given back twice, whatever numbers arrive.
CREATE UNIQUE INDEX sandbox_refund_once ON sandbox_refund (transaction_id) WHERE state <> 'closed';
