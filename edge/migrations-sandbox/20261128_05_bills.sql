-- Faults in the bill of a day. They are stored, so that the bill is wrong in the same way each
-- time it is built.

CREATE TABLE IF NOT EXISTS sandbox_bill_fault (
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
CREATE TABLE IF NOT EXISTS sandbox_bill_line (
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
