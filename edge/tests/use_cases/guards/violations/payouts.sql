-- Payouts.

-- payout_start: exists
INSERT OR REPLACE INTO payout VALUES ('pot-acc', 'acc', 'sandbox', 'CNY', '1970-02-01', 1000, 0, 'card-acc', 5, 'queued', 5, NULL, 1);

-- payout_start: exists
INSERT OR REPLACE INTO payout VALUES ('n', 'acc', 'sandbox', 'CNY', '1970-01-08', 1000, 0, 'card-acc', 5, 'queued', 5, NULL, 1);

-- payout_start: exists
INSERT OR REPLACE INTO payout VALUES ('n', 'acc', 'sandbox', 'CNY', '1970-02-01', 0, 0, NULL, 1, 'waiting', 1, 'no_card', 1);

-- payout_start: currency
INSERT INTO payout VALUES ('n', 'acc', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-acc', 5, 'queued', 5,
  NULL, 1);

-- payout_queue: card_not_usable
UPDATE payout SET state = 'queued', gross_minor = 1000, card_id = 'card-usd', state_at = 699999999
  WHERE id = 'pot-usd';

-- payout_queue: card_not_usable
UPDATE payout SET state = 'queued', gross_minor = 1000, card_id = 'card-acc', state_at = 700000000
  WHERE id = 'pot-usd';

-- payout_queue: card_not_usable
UPDATE payout SET state = 'queued', gross_minor = 1000, card_id = NULL, state_at = 700000000
  WHERE id = 'pot-usd';

-- payout_queue: card_not_usable
UPDATE bank_card SET removed_at = 700000000 WHERE id = 'card-usd';
UPDATE payout SET state = 'queued', gross_minor = 1000, card_id = 'card-usd', state_at = 700000000
  WHERE id = 'pot-usd';

-- payout_queue_at_once: card_not_usable
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-usd', 699999999, 'queued',
  699999999, NULL, 1);

-- payout_queue_at_once: card_not_usable
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-acc', 700000000, 'queued',
  700000000, NULL, 1);

-- payout_queue_at_once: card_not_usable
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, NULL, 700000000, 'queued',
  700000000, NULL, 1);

-- payout_queue_at_once: card_not_usable
UPDATE bank_card SET removed_at = 700000000 WHERE id = 'card-usd';
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-usd', 700000000, 'queued',
  700000000, NULL, 1);

-- payout_no_delete: append_only
DELETE FROM payout WHERE id = 'pot-usd';

-- payout_part_start: exists
INSERT OR REPLACE INTO payout_part VALUES ('prt-1', 'pot-empty', 1000, 0, '1970-01-08', 'queued', 5,
  NULL);

-- payout_part_start: exists
INSERT OR REPLACE INTO payout_part VALUES ('n', 'pot-acc', 1000, 0, '1970-01-08', 'queued', 5,
  NULL);

-- payout_part_start: payout_state
INSERT INTO payout_part VALUES ('n', 'pot-usd', 1000, 0, '1970-01-08', 'queued', 5, NULL);

-- payout_part_start: payout_state
UPDATE payout SET state = 'sent' WHERE id = 'pot-empty';
INSERT INTO payout_part VALUES ('n', 'pot-empty', 1000, 0, '1970-01-08', 'queued', 5, NULL);

-- payout_part_no_delete: append_only
DELETE FROM payout_part WHERE id = 'prt-1';

-- payout_part_send: payout_dropped
UPDATE bank_card SET removed_at = 604800000 WHERE id = 'card-acc';
UPDATE payout_part SET state = 'sent' WHERE id = 'prt-1';

-- payout_part_send: payout_dropped
UPDATE official_account SET status = 'suspended' WHERE id = 'acc';
UPDATE payout_part SET state = 'succeeded' WHERE id = 'prt-1';

-- payout_part_send: payout_dropped
UPDATE article SET status = 'frozen' WHERE id = 'art';
UPDATE payout_part SET state = 'sent' WHERE id = 'prt-1';

-- payout_line_claim: praise_claimed
INSERT OR REPLACE INTO payout_line VALUES ('prt-2', 'prs-out', 1000, NULL);

-- payout_line_claim: praise_claimed
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-out', 1000, NULL);

-- payout_line_claim: praise_claimed
UPDATE payout_part SET state = 'dropped', state_at = 604800001 WHERE id = 'prt-1';
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-out', 1000, NULL);

-- payout_line_claim: payout_line
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-snow', 1000, NULL);

-- payout_line_claim: payout_line
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-snow';
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-snow', 999, NULL);

-- payout_line_claim: payout_line
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-snow';
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-snow', 1000, 5);

-- payout_line_claim: payout_line
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-snow';
UPDATE payout_part SET state = 'dropped', state_at = 604800001 WHERE id = 'prt-1';
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-snow', 1000, NULL);

-- payout_line_claim: payout_line
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-snow';
INSERT INTO payout_part VALUES ('n', 'pot-usd-later', 1000, 0, '1970-01-10', 'queued', 5, NULL);
INSERT OR REPLACE INTO payout_line VALUES ('n', 'prs-snow', 1000, NULL);

-- payout_line_fixed: payout_line
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';

-- payout_line_fixed: payout_fixed
UPDATE payout_part SET state = 'dropped', state_at = 604800001 WHERE id = 'prt-1';
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';
UPDATE payout_line SET released_at = NULL WHERE part_id = 'prt-1';

-- payout_line_no_delete: append_only
DELETE FROM payout_line;

-- praise_leaves_payout: payout_state
UPDATE praise SET state = 'paid_out' WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE praise SET state = 'due' WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'dropped', state_at = 604800001 WHERE id = 'prt-1';
UPDATE praise SET state = 'paid_out' WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'dropped', state_at = 604800001 WHERE id = 'prt-1';
UPDATE praise SET state = 'due', state_at = 604800001 WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'dropped', state_at = 604800001 WHERE id = 'prt-1';
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';
UPDATE praise SET state = 'due', state_at = 604800002 WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'succeeded' WHERE id = 'prt-1';
UPDATE praise SET state = 'due', state_at = 604800001 WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'succeeded' WHERE id = 'prt-1';
UPDATE praise SET state = 'paid_out' WHERE id = 'prs-out';
UPDATE praise SET state = 'due', state_at = 604800001 WHERE id = 'prs-out';

-- payout_part_no_delete: append_only
INSERT INTO payout_part VALUES ('n', 'pot-empty', 1000, 0, '1970-01-08', 'queued', 604800000, NULL);
DELETE FROM payout_part WHERE id = 'n';
