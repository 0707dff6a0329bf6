-- No account of the ledger is ever on the wrong side of zero: nobody is owed less than nothing, and
-- nothing is on its way that is not there.

CREATE TRIGGER ledger_balance_side_first AFTER INSERT ON ledger_balance
WHEN (NEW.account IN ('writer_held', 'writer_due', 'writer_disputed', 'returning', 'paying_out',
                      'suspense') AND NEW.balance_minor > 0)
  OR (NEW.account IN ('writer_debt', 'dispute_clearing', 'operator_loss', 'provider_fee')
      AND NEW.balance_minor < 0)
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_side');
END;

CREATE TRIGGER ledger_balance_side_more AFTER UPDATE ON ledger_balance
WHEN (NEW.account IN ('writer_held', 'writer_due', 'writer_disputed', 'returning', 'paying_out',
                      'suspense') AND NEW.balance_minor > 0)
  OR (NEW.account IN ('writer_debt', 'dispute_clearing', 'operator_loss', 'provider_fee')
      AND NEW.balance_minor < 0)
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_side');
END;
