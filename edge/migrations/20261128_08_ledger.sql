-- The double-entry ledger. A transaction is append-only, its signed entries sum to zero per
-- currency, and it is sealed at the end.

-- The id names the posting and its resource, like praise.booked:prs_1, so that it is posted once.
CREATE TABLE IF NOT EXISTS ledger_transaction (
  id     TEXT NOT NULL PRIMARY KEY,
  at     INTEGER NOT NULL,
  sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS ledger_transaction_once BEFORE INSERT ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:posted')
  WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:ledger_sealed') WHERE NEW.sealed <> 0;
END;

CREATE TRIGGER IF NOT EXISTS ledger_transaction_seal BEFORE UPDATE ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_sealed')
  WHERE NOT (OLD.sealed = 0 AND NEW.sealed = 1 AND NEW.id IS OLD.id AND NEW.at IS OLD.at);
  SELECT RAISE(ABORT, 'rule:ledger_empty')
  WHERE (SELECT count(*) FROM ledger_entry WHERE transaction_id = OLD.id) < 2;
  SELECT RAISE(ABORT, 'rule:ledger_unbalanced') WHERE EXISTS (
    SELECT 1 FROM ledger_entry WHERE transaction_id = OLD.id
    GROUP BY currency HAVING sum(amount_minor) <> 0);
END;

CREATE TRIGGER IF NOT EXISTS ledger_transaction_no_delete BEFORE DELETE ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A positive amount is a debit, a negative one a credit.
CREATE TABLE IF NOT EXISTS ledger_entry (
  transaction_id TEXT NOT NULL REFERENCES ledger_transaction (id),
  line           INTEGER NOT NULL CHECK (line > 0),
  account        TEXT NOT NULL CHECK (account IN (
    'provider_unsettled', 'provider_settled', 'provider_fee',
    'writer_held', 'writer_due', 'writer_disputed', 'writer_debt',
    'returning', 'paying_out', 'dispute_clearing', 'suspense',
    'operator_funds', 'operator_loss')),
  -- The id of an official account for writer_* and paying_out. The name of a provider for
  -- provider_*, returning, dispute_clearing and suspense. The word operator for operator_*.
  owner          TEXT NOT NULL CHECK (length(owner) > 0),
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  amount_minor   INTEGER NOT NULL
    CHECK (amount_minor <> 0 AND abs(amount_minor) <= 9007199254740991),
  PRIMARY KEY (transaction_id, line)
) STRICT, WITHOUT ROWID;

-- The self-check sums the entries of a balance from this index alone.
CREATE INDEX IF NOT EXISTS ledger_entry_by_account
  ON ledger_entry (account, owner, currency, amount_minor);

CREATE TRIGGER IF NOT EXISTS ledger_entry_open BEFORE INSERT ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only') WHERE EXISTS (
    SELECT 1 FROM ledger_entry
    WHERE transaction_id = NEW.transaction_id AND line = NEW.line);
  SELECT RAISE(ABORT, 'rule:ledger_sealed') WHERE EXISTS (
    SELECT 1 FROM ledger_transaction WHERE id = NEW.transaction_id AND sealed = 1);
END;

CREATE TRIGGER IF NOT EXISTS ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS ledger_entry_balance AFTER INSERT ON ledger_entry
BEGIN
  INSERT INTO ledger_balance (account, owner, currency, balance_minor)
  VALUES (NEW.account, NEW.owner, NEW.currency, NEW.amount_minor)
  ON CONFLICT (account, owner, currency)
  DO UPDATE SET balance_minor = balance_minor + excluded.balance_minor;
END;

-- The balance of each account, updated by the trigger above so that a page reads one row.
CREATE TABLE IF NOT EXISTS ledger_balance (
  account       TEXT NOT NULL,
  owner         TEXT NOT NULL,
  currency      TEXT NOT NULL,
  balance_minor INTEGER NOT NULL CHECK (abs(balance_minor) <= 9007199254740991),
  PRIMARY KEY (account, owner, currency)
) STRICT, WITHOUT ROWID;

-- No account may have a balance on the wrong side of zero. We never owe anybody a negative
-- amount, and no more money is on its way than was sent.
CREATE TRIGGER IF NOT EXISTS ledger_balance_side_first AFTER INSERT ON ledger_balance
WHEN (NEW.account IN ('writer_held', 'writer_due', 'writer_disputed', 'returning', 'paying_out',
                      'suspense') AND NEW.balance_minor > 0)
  OR (NEW.account IN ('writer_debt', 'dispute_clearing', 'operator_loss')
      AND NEW.balance_minor < 0)
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_side');
END;

CREATE TRIGGER IF NOT EXISTS ledger_balance_side_more AFTER UPDATE ON ledger_balance
WHEN (NEW.account IN ('writer_held', 'writer_due', 'writer_disputed', 'returning', 'paying_out',
                      'suspense') AND NEW.balance_minor > 0)
  OR (NEW.account IN ('writer_debt', 'dispute_clearing', 'operator_loss')
      AND NEW.balance_minor < 0)
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_side');
END;
