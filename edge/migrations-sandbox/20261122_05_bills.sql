-- What is wrong with a day's bill, so that it is wrong in the same way each time it is made.
CREATE TABLE sandbox_bill_fault (
  currency TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day      TEXT NOT NULL,
  fault    TEXT NOT NULL CHECK (fault IN (
    'missing_row', 'extra_row', 'amount_off', 'duplicate_row', 'late_row')),
  -- The number of the row it is about; empty for the first of the day.
  number   TEXT NOT NULL,
  PRIMARY KEY (currency, day, fault, number)
) STRICT, WITHOUT ROWID;
