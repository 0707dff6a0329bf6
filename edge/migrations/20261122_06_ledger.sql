-- The ledger: append-only, double-entry, signed legs that sum to zero per currency within a
-- transaction, then sealed.

-- The id says what was posted for what, `praise.booked:prs_…`, so that it is posted once.
CREATE TABLE ledger_transaction (
  id     TEXT NOT NULL PRIMARY KEY,
  at     INTEGER NOT NULL,
  sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_entry (
  transaction_id TEXT NOT NULL REFERENCES ledger_transaction (id),
  line           INTEGER NOT NULL CHECK (line > 0),
  account        TEXT NOT NULL CHECK (account IN (
    'provider_unsettled', 'provider_settled', 'provider_fee',
    'writer_held', 'writer_due', 'writer_disputed', 'writer_debt',
    'returning', 'paying_out', 'dispute_clearing', 'suspense',
    'operator_funds', 'operator_loss')),
  -- An official account's id for writer_* and paying_out, a provider's name for provider_*,
  -- returning, dispute_clearing and suspense.
  owner          TEXT NOT NULL CHECK (length(owner) > 0),
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  amount_minor   INTEGER NOT NULL
    CHECK (amount_minor <> 0 AND abs(amount_minor) <= 9007199254740991),
  PRIMARY KEY (transaction_id, line)
) STRICT, WITHOUT ROWID;

-- The running sum of each account, kept by a trigger so that a page reads one row.
CREATE TABLE ledger_balance (
  account       TEXT NOT NULL,
  owner         TEXT NOT NULL,
  currency      TEXT NOT NULL,
  balance_minor INTEGER NOT NULL CHECK (abs(balance_minor) <= 9007199254740991),
  PRIMARY KEY (account, owner, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_transaction_once BEFORE INSERT ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:posted')
  WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:ledger_sealed') WHERE NEW.sealed <> 0;
END;

CREATE TRIGGER ledger_transaction_seal BEFORE UPDATE ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_sealed')
  WHERE NOT (OLD.sealed = 0 AND NEW.sealed = 1 AND NEW.id IS OLD.id AND NEW.at IS OLD.at);
  SELECT RAISE(ABORT, 'rule:ledger_empty')
  WHERE (SELECT count(*) FROM ledger_entry WHERE transaction_id = OLD.id) < 2;
  SELECT RAISE(ABORT, 'rule:ledger_unbalanced') WHERE EXISTS (
    SELECT 1 FROM ledger_entry WHERE transaction_id = OLD.id
    GROUP BY currency HAVING sum(amount_minor) <> 0);
END;

CREATE TRIGGER ledger_transaction_no_delete BEFORE DELETE ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER ledger_entry_open BEFORE INSERT ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only') WHERE EXISTS (
    SELECT 1 FROM ledger_entry
    WHERE transaction_id = NEW.transaction_id AND line = NEW.line);
  SELECT RAISE(ABORT, 'rule:ledger_sealed') WHERE EXISTS (
    SELECT 1 FROM ledger_transaction WHERE id = NEW.transaction_id AND sealed = 1);
END;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER ledger_entry_balance AFTER INSERT ON ledger_entry
BEGIN
  INSERT INTO ledger_balance (account, owner, currency, balance_minor)
  VALUES (NEW.account, NEW.owner, NEW.currency, NEW.amount_minor)
  ON CONFLICT (account, owner, currency)
  DO UPDATE SET balance_minor = balance_minor + excluded.balance_minor;
END;
