-- The ledger.

-- ledger_transaction_once: ledger_sealed
INSERT INTO ledger_transaction VALUES ('t-9', 20, 1);

-- ledger_transaction_seal: ledger_sealed
UPDATE ledger_transaction SET sealed = 0 WHERE id = 't-sealed';

-- ledger_transaction_seal: ledger_sealed
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-sealed';

-- ledger_transaction_seal: ledger_sealed
UPDATE ledger_transaction SET at = 21, sealed = 1 WHERE id = 't-open';

-- ledger_transaction_seal: ledger_sealed
UPDATE OR REPLACE ledger_transaction SET id = 't-sealed' WHERE id = 't-open';

-- ledger_transaction_seal: ledger_empty
INSERT INTO ledger_transaction (id, at) VALUES ('t-9', 20);
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-9';

-- ledger_transaction_seal: ledger_empty
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-open';

-- ledger_transaction_seal: ledger_unbalanced
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_held', 'acc', 'CNY', -999);
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-open';

-- ledger_transaction_seal: ledger_unbalanced
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_held', 'acc', 'USD', -1000);
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-open';

-- ledger_entry_open: ledger_sealed
INSERT INTO ledger_entry VALUES ('t-sealed', 3, 'suspense', 'sandbox', 'CNY', 5);

-- ledger_entry_open: ledger_sealed
INSERT INTO ledger_entry VALUES ('t-sealed', 3, 'writer_held', 'acc', 'CNY', -5);

-- Balances with the wrong sign.

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_held', 'nobody', 'CNY', 1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_held', 'nobody', 'CNY', -1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'writer_held', 'nobody', 'CNY', 2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_due', 'nobody', 'CNY', 1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_due', 'nobody', 'CNY', -1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'writer_due', 'nobody', 'CNY', 2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_disputed', 'nobody', 'CNY', 1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_disputed', 'nobody', 'CNY', -1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'writer_disputed', 'nobody', 'CNY', 2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'returning', 'nobody', 'CNY', 1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'returning', 'nobody', 'CNY', -1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'returning', 'nobody', 'CNY', 2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'paying_out', 'nobody', 'CNY', 1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'paying_out', 'nobody', 'CNY', -1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'paying_out', 'nobody', 'CNY', 2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'suspense', 'nobody', 'CNY', 1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'suspense', 'nobody', 'CNY', -1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'suspense', 'nobody', 'CNY', 2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_debt', 'nobody', 'CNY', -1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'writer_debt', 'nobody', 'CNY', 1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'writer_debt', 'nobody', 'CNY', -2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'dispute_clearing', 'nobody', 'CNY', -1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'dispute_clearing', 'nobody', 'CNY', 1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'dispute_clearing', 'nobody', 'CNY', -2);

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'operator_loss', 'nobody', 'CNY', -1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'operator_loss', 'nobody', 'CNY', 1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'operator_loss', 'nobody', 'CNY', -2);

