-- Booking.

-- praise_book: praise_booked
INSERT OR REPLACE INTO praise VALUES ('prs-snow', 'int-open', 'pay-free', 'ana', 'art', 'acc',
  1000, 'CNY', 'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: praise_booked
INSERT OR REPLACE INTO praise VALUES ('n', 'int-paid', 'pay-free', 'ana', 'art', 'acc', 1000,
  'CNY', 'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: praise_booked
INSERT OR REPLACE INTO praise VALUES ('n', 'int-open', 'pay-snow', 'ana', 'art', 'acc', 1000,
  'CNY', 'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: article_frozen
UPDATE article SET status = 'frozen';
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: account_suspended
UPDATE official_account SET status = 'suspended';
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: own_article
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'wen', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- The payment is by the card that the account is paid to, or was paid to before.

-- praise_book: own_article
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-acc';
INSERT INTO bank_card VALUES
  ('card-payer', 'acc', 'sandbox', 'token-9', 'payer-1', '1234', 0, 9, 9, NULL);
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: own_article
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-acc';
INSERT INTO bank_card VALUES
  ('card-payer', 'acc', 'sandbox', 'token-9', 'payer-1', '1234', 0, 9, 9, 10);
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- Another amount, currency, person, article, account, time, intent or fate of the payment.

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1001, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'USD',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'gus', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'rain', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'usd', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 21, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-bare', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-back', 'pay-back', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- Refunds.

-- refund_start: refund_open
INSERT OR REPLACE INTO refund VALUES ('ref-1', 'pay-free', NULL, NULL, 1000, 'CNY', 20, 'queued',
  20, NULL);

-- refund_start: refund_open
INSERT OR REPLACE INTO refund VALUES ('n', 'pay-back', NULL, NULL, 1000, 'CNY', 20, 'queued', 20,
  NULL);

-- refund_start: refund_amount
INSERT INTO refund VALUES ('n', 'pay-free', NULL, NULL, 999, 'CNY', 20, 'queued', 20, NULL);

-- refund_start: refund_amount
INSERT INTO refund VALUES ('n', 'pay-free', NULL, NULL, 1000, 'USD', 20, 'queued', 20, NULL);

-- States of a praise.

-- praise_book: not_due
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 1);

-- praise_book: own_article
INSERT INTO human_link VALUES ('n', 'ana', 'wen', 'sandbox', 'print-9', 15, 15, NULL, NULL);
UPDATE person SET human_id = 'wen', linked_at = 15 WHERE id = 'ana';
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);

-- praise_matures: praise_fixed
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE article SET status = 'frozen' WHERE id = 'art';
UPDATE praise SET state = 'frozen' WHERE id = 'prs-snow';
UPDATE praise SET matured = 0 WHERE id = 'prs-snow';

-- praise_matures: not_due
UPDATE praise SET state = 'due', matured = 1, state_at = 604799999 WHERE id = 'prs-snow';

-- praise_matures: not_due
UPDATE praise SET matured = 1 WHERE id = 'prs-snow';

-- praise_return: right
UPDATE praise SET state = 'returning' WHERE id = 'prs-snow';

-- praise_return: right
UPDATE praise SET state = 'returning', state_reason = 'whim' WHERE id = 'prs-snow';

-- praise_return: undo_over
UPDATE praise SET state = 'returning', state_reason = 'undo', state_at = 30 WHERE id = 'prs-snow';

-- praise_return: undo_over
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'returning', state_reason = 'undo', state_at = 29 WHERE id = 'prs-snow';

-- praise_return: take_back_over
UPDATE praise SET state = 'returning', state_reason = 'take_back', state_at = 604800000
  WHERE id = 'prs-snow';

-- praise_return: take_back_over
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'returning', state_reason = 'take_back', state_at = 29 WHERE id = 'prs-snow';

-- praise_of_frozen_article: article_frozen
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE article SET status = 'frozen';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-snow';

-- praise_of_frozen_article: article_frozen
UPDATE article SET status = 'frozen';
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';

-- praise_of_frozen_article: article_frozen
UPDATE article SET status = 'frozen';
UPDATE praise SET state = 'frozen' WHERE id = 'prs-snow';
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';

-- praise_of_frozen_article: article_frozen
UPDATE article SET status = 'frozen';
UPDATE praise SET state = 'frozen' WHERE id = 'prs-snow';
UPDATE praise SET state = 'held' WHERE id = 'prs-snow';

-- praise_of_frozen_article: article_frozen
UPDATE article SET status = 'frozen';
UPDATE praise SET state = 'returning', state_reason = 'take_back' WHERE id = 'prs-snow';

-- praise_of_frozen_article: article_not_frozen
UPDATE praise SET state = 'frozen' WHERE id = 'prs-snow';

-- praise_returned: refund_open
UPDATE praise SET state = 'returning', state_reason = 'undo' WHERE id = 'prs-snow';
UPDATE praise SET state = 'returned' WHERE id = 'prs-snow';

-- praise_returned: refund_open
UPDATE praise SET state = 'returning', state_reason = 'undo' WHERE id = 'prs-snow';
INSERT INTO refund VALUES ('n', 'pay-snow', 'prs-snow', NULL, 1000, 'CNY', 20, 'queued', 20, NULL);
UPDATE refund SET state = 'closed' WHERE id = 'n';
UPDATE praise SET state = 'returned' WHERE id = 'prs-snow';

-- refund_of_praise: refund_praise
INSERT INTO refund VALUES ('n', 'pay-snow', 'prs-snow', NULL, 1000, 'CNY', 20, 'queued', 20, NULL);

-- refund_of_praise: refund_praise
UPDATE praise SET state = 'returning', state_reason = 'undo' WHERE id = 'prs-snow';
INSERT INTO refund VALUES ('n', 'pay-snow', NULL, NULL, 1000, 'CNY', 20, 'queued', 20, NULL);

-- refund_of_praise: refund_praise
INSERT INTO refund VALUES ('n', 'pay-free', 'prs-snow', NULL, 1000, 'CNY', 20, 'queued', 20, NULL);

-- refund_of_praise: refund_replaces
INSERT INTO refund VALUES ('n', 'pay-free', NULL, 'ref-1', 1000, 'CNY', 20, 'queued', 20, NULL);

-- refund_of_praise: refund_replaces
UPDATE refund SET state = 'closed' WHERE id = 'ref-1';
INSERT INTO refund VALUES ('n', 'pay-free', NULL, 'ref-1', 1000, 'CNY', 20, 'queued', 20, NULL);

-- Replies.

-- praise_reply_once: exists
INSERT OR REPLACE INTO praise_reply VALUES ('prs-out', 'Never mind', 50);

-- praise_reply_once: reply_closed
INSERT INTO praise_reply VALUES ('prs-rain', 'Too early', 29);

-- praise_reply_once: reply_closed
UPDATE praise SET state = 'returning', state_at = 50, state_reason = 'writer' WHERE id = 'prs-rain';
INSERT INTO praise_reply VALUES ('prs-rain', 'Too late', 50);

-- praise_reply_no_update: append_only
UPDATE praise_reply SET text = 'Never mind';

-- praise_reply_no_update: append_only
UPDATE OR REPLACE praise_reply SET praise_id = 'prs-gone' WHERE praise_id = 'prs-out';

-- praise_reply_no_delete: append_only
DELETE FROM praise_reply;
