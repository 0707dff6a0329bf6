-- Bills.

-- movement_once: exists
INSERT OR REPLACE INTO movement VALUES ('sandbox', 'payment', 'tx-3', 'CNY', 5, 20, NULL, NULL);

-- movement_fixed: append_only
UPDATE movement SET matched_at = NULL WHERE number = 'tx-1';

-- movement_fixed: append_only
UPDATE movement SET account_id = 'usd' WHERE number = 'tx-3';

-- movement_no_delete: append_only
DELETE FROM movement;

-- bill_once: exists
INSERT OR REPLACE INTO bill VALUES ('sandbox', 'CNY', '1970-01-01', 0, 'other', 51, NULL);

-- bill_fixed: append_only
UPDATE bill SET worked_at = NULL WHERE currency = 'USD';

-- bill_no_delete: append_only
DELETE FROM bill WHERE currency = 'USD';

-- bill_row_once: append_only
INSERT OR REPLACE INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 1, 'payment', 'tx-3', '', 20, 1000, 6,
  'open', NULL);

-- bill_row_once: append_only
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'payment', 'tx-3', '', 20, 1000, 6, 'matched', NULL);

-- bill_row_match: bill_mismatch
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'payment', 'tx-3', '', 20, 1000, 6, 'open', NULL);
UPDATE bill_row SET state = 'matched' WHERE line = 4;

-- bill_row_match: bill_mismatch
UPDATE movement SET matched_at = 50 WHERE number = 'tx-3';
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'payment', 'tx-3', '', 20, 999, 6, 'open', NULL);
UPDATE bill_row SET state = 'matched' WHERE line = 4;

-- bill_row_match: bill_mismatch
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'refund', 'tx-3', '', 20, 1000, 6, 'open', NULL);
UPDATE bill_row SET state = 'matched' WHERE line = 4;

-- bill_row_second: bill_mismatch
UPDATE OR REPLACE bill_row SET state = 'matched' WHERE line = 3;

-- bill_row_fixed: append_only
UPDATE bill_row SET state = 'open' WHERE line = 1;

-- bill_row_no_delete: append_only
DELETE FROM bill_row;

-- bill_difference_once: exists
INSERT OR REPLACE INTO bill_difference VALUES ('dif-1', 'only_ours', 'sandbox', 'payment', 'tx-9',
  'CNY', 1000, NULL, 'acc', 50, NULL, NULL);

-- bill_difference_once: exists
INSERT OR REPLACE INTO bill_difference VALUES ('n', 'only_ours', 'sandbox', 'payment', 'tx-3',
  'CNY', 1000, NULL, 'acc', 50, NULL, NULL);

-- bill_difference_fixed: append_only
UPDATE bill_difference SET closed_at = 60, explanation = 'Known' WHERE id = 'dif-1';
UPDATE bill_difference SET closed_at = NULL, explanation = NULL WHERE id = 'dif-1';

-- bill_difference_fixed: append_only
UPDATE bill_difference SET closed_at = 60, explanation = 'Known' WHERE id = 'dif-1';
UPDATE bill_difference SET explanation = 'Unknown' WHERE id = 'dif-1';

-- bill_difference_no_delete: append_only
DELETE FROM bill_difference;
