-- Disputes.

-- dispute_start: exists
INSERT OR REPLACE INTO dispute VALUES ('dsp-back', 'sandbox', 'bank-9', 'pay-snow', 'prs-snow', 1000, 'CNY',
  40, 0, NULL, 'open', 40, NULL);

-- dispute_start: exists
DROP TRIGGER dispute_moves;
INSERT OR REPLACE INTO dispute VALUES ('n', 'sandbox', 'bank-2', 'pay-snow', 'prs-snow', 1000, 'CNY', 40, 0,
  NULL, 'open', 40, NULL);

-- dispute_start: exists
INSERT OR REPLACE INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-rain', 'prs-rain', 1000, 'CNY', 40, 0,
  NULL, 'open', 40, NULL);

-- dispute_start: dispute_lost
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'dsp-rain';
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-rain', 'prs-rain', 1000, 'CNY', 40, 0,
  NULL, 'open', 40, NULL);

-- dispute_start: dispute_amount
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', 'prs-snow', 999, 'CNY', 40, 0, NULL,
  'open', 40, NULL);

-- dispute_start: dispute_amount
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', 'prs-snow', 1000, 'USD', 40, 0, NULL,
  'open', 40, NULL);

-- dispute_start: dispute_amount
INSERT INTO dispute VALUES ('n', 'other', 'bank-9', 'pay-snow', 'prs-snow', 1000, 'CNY', 40, 0, NULL,
  'open', 40, NULL);

-- dispute_start: dispute_amount
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', NULL, 1000, 'CNY', 40, 0, NULL, 'open',
  40, NULL);

-- dispute_start: dispute_amount
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', 'prs-rain', 1000, 'CNY', 40, 0, NULL,
  'open', 40, NULL);

-- dispute_fixed: dispute_fixed
UPDATE dispute SET aside = 0 WHERE id = 'dsp-rain';

-- dispute_fixed: dispute_fixed
UPDATE dispute SET state = 'won', ended_at = 50 WHERE id = 'dsp-back';
UPDATE dispute SET ended_at = 51 WHERE id = 'dsp-back';

-- dispute_no_delete: append_only
DELETE FROM dispute;

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-snow';

-- praise_disputed: dispute_state
UPDATE dispute SET state = 'won', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE praise SET state = 'held' WHERE id = 'prs-rain';

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE praise SET state = 'lost' WHERE id = 'prs-rain';

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'held' WHERE id = 'prs-rain';

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE dispute SET state = 'won', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'lost' WHERE id = 'prs-rain';

-- An earlier dispute that was won does not matter if a later one is open or was lost.

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE dispute SET state = 'won', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'held' WHERE id = 'prs-rain';
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-rain', 'prs-rain', 1000, 'CNY', 60, 1,
  NULL, 'open', 60, NULL);
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE praise SET state = 'held' WHERE id = 'prs-rain';

-- praise_disputed: dispute_state
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE dispute SET state = 'won', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'held' WHERE id = 'prs-rain';
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-rain', 'prs-rain', 1000, 'CNY', 60, 1,
  NULL, 'open', 60, NULL);
UPDATE praise SET state = 'disputed' WHERE id = 'prs-rain';
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'n';
UPDATE praise SET state = 'held' WHERE id = 'prs-rain';

-- payment_disputed: dispute_open
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-odd', NULL, 700, 'CNY', 60, 0, NULL, 'open',
  60, NULL);
UPDATE payment SET fate = 'return' WHERE id = 'pay-odd';

-- praise_return_disputed: dispute_lost
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'returning', state_reason = 'operator' WHERE id = 'prs-rain';

-- dispute_start: transition
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', 'prs-snow', 1000, 'CNY', 40, 0, 50,
  'won', 50, NULL);

-- dispute_step: transition
UPDATE dispute SET state = 'nonsense', ended_at = 50 WHERE id = 'dsp-back';

-- praise_return_disputed: dispute_lost
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'returning', state_reason = 'mass_return' WHERE id = 'prs-rain';

-- praise_lost: dispute_state
UPDATE praise SET state = 'returning', state_reason = 'undo' WHERE id = 'prs-snow';
UPDATE praise SET state = 'lost' WHERE id = 'prs-snow';

-- praise_lost: refund_open
UPDATE praise SET state = 'returning', state_reason = 'undo' WHERE id = 'prs-snow';
INSERT INTO refund VALUES ('n', 'pay-snow', 'prs-snow', NULL, 1000, 'CNY', 20, 'queued', 20, NULL);
INSERT INTO dispute VALUES ('n', 'sandbox', 'bank-9', 'pay-snow', 'prs-snow', 1000, 'CNY', 40, 0,
  NULL, 'open', 40, NULL);
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'n';
UPDATE praise SET state = 'lost' WHERE id = 'prs-snow';

-- refund_of_lost: dispute_lost
UPDATE refund SET state = 'closed' WHERE id = 'ref-1';
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'dsp-back';
INSERT INTO refund VALUES ('n', 'pay-back', NULL, 'ref-1', 1000, 'CNY', 20, 'queued', 20, NULL);
