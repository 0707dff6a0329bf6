-- Bills.

-- movement_once: exists
INSERT OR REPLACE INTO movement VALUES ('sandbox', 'payment', 'tx-3', 'CNY', 5, 20, NULL, NULL, NULL);

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
INSERT OR REPLACE INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 1, 'payment', 'payment', 'tx-3', '', 20, 1000, 6,
  'open', NULL, NULL);

-- bill_row_once: append_only
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 6, 'payment', 'payment', 'tx-3', '', 20, 1000, 6, 'matched', NULL, NULL);

-- bill_row_match: bill_mismatch
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 6, 'payment', 'payment', 'tx-3', '', 20, 1000, 6, 'open', NULL, NULL);
UPDATE bill_row SET state = 'matched' WHERE line = 6;

-- bill_row_match: bill_mismatch
UPDATE movement SET matched_at = 50 WHERE number = 'tx-3';
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 6, 'payment', 'payment', 'tx-3', '', 20, 999, 6, 'open', NULL, NULL);
UPDATE bill_row SET state = 'matched' WHERE line = 6;

-- bill_row_match: bill_mismatch
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 6, 'refund', 'refund', 'tx-3', '', 20, 1000, 6, 'open', NULL, NULL);
UPDATE bill_row SET state = 'matched' WHERE line = 6;

-- bill_row_second: bill_mismatch
UPDATE OR REPLACE bill_row SET state = 'matched' WHERE line = 3;

-- bill_row_fixed: append_only
UPDATE bill_row SET state = 'open' WHERE line = 1;

-- bill_row_no_delete: append_only
DELETE FROM bill_row WHERE line = 3;

-- bill_row_fixed: append_only
UPDATE bill_row SET state = 'difference', explanation_id = NULL WHERE line = 4;

-- bill_row_explain: two_persons
UPDATE bill_row SET state = 'explained', explanation_id = 'exp-open' WHERE line = 5;

-- bill_row_explain: two_persons
UPDATE bill_row SET state = 'explained', explanation_id = 'exp-done' WHERE line = 5;

-- movement_explain: two_persons
UPDATE movement SET matched_at = 53, explanation_id = 'exp-open' WHERE number = 'tx-3';

-- movement_explain: two_persons
UPDATE movement SET matched_at = 53, explanation_id = 'exp-done' WHERE number = 'tx-3';

-- movement_fixed: append_only
UPDATE movement SET explanation_id = 'exp-done' WHERE number = 'tx-1';

-- bill_difference_once: exists
INSERT OR REPLACE INTO bill_difference VALUES ('dif-1', 'only_ours', 'sandbox', 'payment', 'tx-9',
  'CNY', NULL, NULL, 1000, NULL, 'acc', 50, NULL, NULL);

-- bill_difference_once: exists
INSERT OR REPLACE INTO bill_difference VALUES ('n', 'only_ours', 'sandbox', 'payment', 'tx-3',
  'CNY', NULL, NULL, 1000, NULL, 'acc', 50, NULL, NULL);

-- bill_difference_once: exists
INSERT OR REPLACE INTO bill_difference VALUES ('n', 'only_theirs', 'sandbox', 'other', 'g-2',
  'CNY', '1970-01-01', 5, NULL, 5, NULL, 50, NULL, NULL);

-- bill_difference_fixed: append_only
UPDATE bill_difference SET closed_at = NULL, explanation = NULL WHERE id = 'dif-04';

-- bill_difference_fixed: append_only
UPDATE bill_difference SET explanation = 'Unknown' WHERE id = 'dif-04';

-- bill_difference_close: two_persons
UPDATE bill_difference SET closed_at = 53, explanation = 'Known' WHERE id = 'dif-1';

-- bill_difference_close: two_persons
UPDATE bill_explanation SET approved_by = 'otto', approved_at = 53 WHERE id = 'exp-open';
UPDATE bill_difference SET closed_at = 54, explanation = 'Known' WHERE id = 'dif-1';

-- bill_difference_no_delete: append_only
DELETE FROM bill_difference WHERE id = 'dif-05';

-- How two operators explain a difference.

-- bill_explanation_once: exists
INSERT OR REPLACE INTO bill_explanation VALUES
  ('exp-old', 'dif-05', 'operator_loss', -5, NULL, NULL, 'A slip', 'hash', 'olga', 53, NULL, NULL, NULL);

-- bill_explanation_once: action_open
INSERT OR REPLACE INTO bill_explanation VALUES
  ('n', 'dif-1', 'operator_loss', 1000, NULL, NULL, 'A slip', 'hash', 'olga', 53, NULL, NULL, NULL);

-- bill_explanation_once: two_persons
INSERT INTO bill_explanation VALUES
  ('n', 'dif-05', 'operator_loss', -5, NULL, NULL, 'A slip', 'hash', 'olga', 53, 'olga', 53, NULL);

-- bill_explanation_fixed: append_only
UPDATE bill_explanation SET withdrawn_at = NULL WHERE id = 'exp-old';

-- bill_explanation_fixed: append_only
UPDATE bill_explanation SET approved_at = 60 WHERE id = 'exp-done';

-- bill_explanation_approve: two_persons
UPDATE bill_explanation SET approved_by = 'olga', approved_at = 53 WHERE id = 'exp-open';

-- bill_explanation_approve: two_persons
UPDATE human_link SET made_at = 9, confirmed_by = 'olga' WHERE id = 'lnk-waits';
UPDATE person SET human_id = 'olga', linked_at = 9 WHERE id = 'otto';
UPDATE bill_explanation SET approved_by = 'otto', approved_at = 53 WHERE id = 'exp-open';

-- bill_explanation_no_delete: append_only
DELETE FROM bill_explanation WHERE id = 'exp-old';

-- The operator's own money.

-- funds_transfer_once: exists
INSERT OR REPLACE INTO funds_transfer VALUES
  ('fnd-2', 'sandbox', 'CNY', 5, 'bank-9', 'Fees', 'hash', 'olga', 50, NULL, NULL, NULL, NULL);

-- funds_transfer_once: exists
INSERT OR REPLACE INTO funds_transfer VALUES
  ('n', 'sandbox', 'CNY', 5, 'bank-2', 'Fees', 'hash', 'olga', 50, NULL, NULL, NULL, NULL);

-- funds_transfer_once: two_persons
INSERT INTO funds_transfer VALUES
  ('n', 'sandbox', 'CNY', 5, 'bank-9', 'Fees', 'hash', 'olga', 50, 'olga', 50, NULL, NULL);

-- funds_transfer_once: two_persons
INSERT INTO funds_transfer VALUES
  ('n', 'sandbox', 'CNY', 5, 'bank-9', 'Fees', 'hash', 'olga', 50, NULL, NULL, NULL, 'exp-done');

-- funds_transfer_fixed: append_only
UPDATE funds_transfer SET approved_by = 'olga' WHERE id = 'fnd-2';

-- funds_transfer_fixed: append_only
UPDATE funds_transfer SET withdrawn_at = 60, approved_by = NULL, approved_at = NULL WHERE id = 'fnd-2';

-- funds_transfer_fixed: append_only
UPDATE funds_transfer SET explanation_id = NULL WHERE id = 'fnd-1';

-- funds_transfer_approve: two_persons
UPDATE funds_transfer SET approved_by = 'olga', approved_at = 53 WHERE id = 'fnd-open';

-- funds_transfer_explain: two_persons
UPDATE funds_transfer SET explanation_id = 'exp-done' WHERE id = 'fnd-open';

-- funds_transfer_explain: two_persons
UPDATE funds_transfer SET explanation_id = 'exp-open' WHERE id = 'fnd-2';

-- funds_transfer_no_delete: append_only
DELETE FROM funds_transfer WHERE id = 'fnd-open';
