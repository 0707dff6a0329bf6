-- What a bank has given back for good does not go back a second time, and what its writer has not had
-- is not owed: a praise that was lost in a payout that failed, or while its refund had not left, ends.

INSERT INTO transition VALUES
  ('praise', 'due', 'lost'),
  ('praise', 'returning', 'lost');

-- Nobody sends it back again by any right, and no article takes it along.
DROP TRIGGER praise_is_back_already;

CREATE TRIGGER praise_is_back_already BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returning' AND OLD.state <> 'returning'
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND state = 'lost');
END;

-- It is lost by a dispute that did not set it aside only once the bank has decided so, and not while
-- a refund may still arrive.
CREATE TRIGGER praise_lost_on_its_way BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'lost' AND OLD.state IN ('due', 'returning')
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE NOT EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND aside = 0 AND state = 'lost');
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE EXISTS (
    SELECT 1 FROM refund WHERE payment_id = OLD.payment_id AND state <> 'closed');
END;

CREATE TRIGGER refund_of_lost BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = NEW.payment_id AND state = 'lost');
END;

CREATE INDEX praise_in_payout ON praise (account_id) WHERE state = 'in_payout';

-- What a writer owes by now. What was lost while it is on its way to the card is owed when it has
-- arrived: until then no other praise makes up for it, so that it can end where it is.
CREATE VIEW writer_owes AS
SELECT debt.owner AS account_id, debt.currency,
       iif(debt.balance_minor = 0, 0, debt.balance_minor - coalesce((
         SELECT sum(praise.amount_minor)
         FROM praise JOIN dispute ON dispute.payment_id = praise.payment_id
         WHERE praise.account_id = debt.owner AND praise.state = 'in_payout'
           AND praise.currency = debt.currency AND dispute.state = 'lost'), 0)) AS owed_minor
FROM ledger_balance AS debt WHERE debt.account = 'writer_debt';
