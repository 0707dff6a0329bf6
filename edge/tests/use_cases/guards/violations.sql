-- SQL that breaks a rule of a trigger, under `-- trigger: rule`. The last statement of each is the
-- one refused; those before it prepare.

-- What is said once stays said.

-- policy_no_update: append_only
UPDATE policy SET hold_days = 1;

-- policy_no_update: append_only
UPDATE OR REPLACE policy SET effective_from = 1;

-- policy_no_delete: append_only
DELETE FROM policy WHERE currency = 'CNY';

-- policy_no_replace: append_only
INSERT OR REPLACE INTO policy VALUES (1, 'CNY', 5, 100, 20000, 100000, 20000, 2000000, 5000000, 7,
  10);

-- policy_no_replace: append_only
INSERT OR REPLACE INTO policy VALUES (2, 'CNY', 0, 100, 20000, 100000, 20000, 2000000, 5000000, 7,
  10);

-- event_no_update: append_only
UPDATE event SET reason = 'x';

-- event_no_update: append_only
UPDATE OR REPLACE event SET id = 1 WHERE id = 2;

-- event_no_delete: append_only
DELETE FROM event;

-- event_no_replace: append_only
INSERT OR REPLACE INTO event VALUES (1, 'intent', 'int-paid', '', 'paid', 0, NULL);

-- intent_no_delete: append_only
DELETE FROM intent WHERE id = 'int-open';

-- provider_order_no_delete: append_only
DELETE FROM provider_order WHERE id = 'ord-open';

-- ledger_transaction_no_delete: append_only
DELETE FROM ledger_transaction;

-- ledger_entry_no_update: append_only
UPDATE ledger_entry SET amount_minor = 1;

-- ledger_entry_no_update: append_only
UPDATE OR REPLACE ledger_entry SET line = 1 WHERE line = 2;

-- ledger_entry_no_delete: append_only
DELETE FROM ledger_entry WHERE line = 1;

-- payment_no_delete: append_only
DELETE FROM payment WHERE id = 'pay-free';

-- praise_no_delete: append_only
DELETE FROM praise WHERE id = 'prs-snow';

-- refund_no_delete: append_only
DELETE FROM refund WHERE id = 'ref-1';

-- provider_event_no_delete: append_only
DELETE FROM provider_event;

-- outbox_no_delete: append_only
DELETE FROM outbox WHERE number = 'ord-open';

-- suspense_case_no_delete: append_only
DELETE FROM suspense_case WHERE id = 'sus-1';

-- suspense_case_fixed: append_only
UPDATE suspense_case SET closed_at = 30 WHERE id = 'sus-1';
UPDATE suspense_case SET closed_at = 31 WHERE id = 'sus-1';

-- suspense_case_fixed: append_only
UPDATE suspense_case SET closed_at = 30 WHERE id = 'sus-1';
UPDATE suspense_case SET closed_at = NULL WHERE id = 'sus-1';

-- suspense_case_fixed: append_only
UPDATE OR REPLACE suspense_case SET payment_id = 'pay-odder' WHERE id = 'sus-1';

-- provider_event_fixed: append_only
UPDATE provider_event SET processed_at = 21 WHERE event_id = 'evt-1';

-- provider_event_fixed: append_only
UPDATE provider_event SET processed_at = NULL WHERE event_id = 'evt-1';

-- outbox_fixed: append_only
UPDATE outbox SET done_at = 12 WHERE number = 'ord-paid';

-- outbox_fixed: append_only
UPDATE outbox SET done_at = NULL WHERE number = 'ord-paid';

-- What exists once is not replaced by another of its name.

-- intent_start: exists
INSERT OR REPLACE INTO intent SELECT * FROM intent WHERE id = 'int-open';

-- idempotency_once: key_used
INSERT OR REPLACE INTO idempotency VALUES ('ana', 'key-1', 'print-9', 'int-open', 11);

-- provider_order_start: exists
INSERT OR REPLACE INTO provider_order SELECT * FROM provider_order WHERE id = 'ord-open';

-- ledger_transaction_once: posted
INSERT OR REPLACE INTO ledger_transaction (id, at) VALUES ('t-open', 21);

-- ledger_entry_open: append_only
INSERT OR REPLACE INTO ledger_entry VALUES ('t-open', 1, 'suspense', 'sandbox', 'CNY', 5);

-- payment_once: payment_booked
INSERT OR REPLACE INTO payment VALUES ('pay-free', 'sandbox', 'tx-9', 'o', NULL, 1, 'CNY', 20, 20,
  'suspense');

-- payment_once: payment_booked
INSERT OR REPLACE INTO payment VALUES ('pay-9', 'sandbox', 'tx-7', 'o', NULL, 1, 'CNY', 20, 20,
  'suspense');

-- suspense_case_once: exists
INSERT OR REPLACE INTO suspense_case VALUES ('sus-1', 'pay-free', 'x', 20, NULL);

-- suspense_case_once: exists
INSERT OR REPLACE INTO suspense_case VALUES ('sus-9', 'pay-odd', 'x', 20, NULL);

-- outbox_once: exists
INSERT OR REPLACE INTO outbox VALUES ('create_order', 'ord-open', 'sandbox', '{"other":1}', 10,
  NULL);

-- provider_event_once: event_known
INSERT OR REPLACE INTO provider_event VALUES ('sandbox', 'evt-2', '{"other":1}', 20, NULL, NULL);

-- Starting.

-- intent_start: global_stop
INSERT INTO global_stop VALUES (1, 0, 'x');
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
UPDATE article SET praise_on = 0;
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
UPDATE article SET status = 'frozen';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
UPDATE official_account SET praise_on = 0;
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
UPDATE official_account SET status = 'suspended';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
UPDATE official_account SET kind = 'organization';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'dol', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: own_article
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'wen', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: currency
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'USD', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: praise_min
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 99, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: praise_cap
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 20001, 'CNY', 'public', NULL, 1,
  '1970-01-01', 10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_needs_room: article_day_cap
UPDATE article_day SET booked_minor = 1980001;
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 100, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_needs_room: writer_day_cap
UPDATE writer_day SET booked_minor = 4980001 WHERE currency = 'CNY';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 100, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- provider_order_start: order_open
INSERT INTO provider_order VALUES ('n', 'int-open', 'sandbox', 1000, 'CNY', NULL, 10, 99,
  'created', 10, NULL);

-- provider_order_start: order_open
INSERT INTO provider_order VALUES ('n', 'int-bare', 'sandbox', 1000, 'CNY', NULL, 10, 99,
  'created', 10, NULL);

-- provider_order_start: order_amount
INSERT INTO provider_order VALUES ('n', 'int-paid', 'sandbox', 1001, 'CNY', NULL, 10, 99,
  'created', 10, NULL);

-- provider_order_start: order_amount
INSERT INTO provider_order VALUES ('n', 'int-paid', 'sandbox', 1000, 'USD', NULL, 10, 99,
  'created', 10, NULL);

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

-- Booking.

-- praise_book: praise_booked
INSERT OR REPLACE INTO praise VALUES ('prs-snow', 'int-open', 'pay-free', 'ana', 'art', 'acc',
  1000, 'CNY', 'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: praise_booked
INSERT OR REPLACE INTO praise VALUES ('n', 'int-paid', 'pay-free', 'ana', 'art', 'acc', 1000,
  'CNY', 'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: praise_booked
INSERT OR REPLACE INTO praise VALUES ('n', 'int-open', 'pay-snow', 'ana', 'art', 'acc', 1000,
  'CNY', 'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: article_frozen
UPDATE article SET status = 'frozen';
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: account_suspended
UPDATE official_account SET status = 'suspended';
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: own_article
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'wen', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- Another amount, currency, person, article, account, moment, intent, or fate.

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1001, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'USD',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'gus', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'rain', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'usd', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 21, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-bare', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- praise_book: payment_mismatch
INSERT INTO praise VALUES ('n', 'int-back', 'pay-back', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);

-- Giving back.

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

-- Caps.

-- reader_day_first: reader_day_cap
INSERT INTO reader_day VALUES ('ana', 'CNY', '1970-01-02', 1, 100001);

-- reader_day_first: reader_day_cap
INSERT INTO reader_day VALUES ('gus', 'CNY', '1970-01-02', 1, 20001);

-- reader_day_more: reader_day_cap
UPDATE reader_day SET reserved_minor = 100001 WHERE person_id = 'ana';

-- reader_day_more: reader_day_cap
UPDATE reader_day SET reserved_minor = 20001 WHERE person_id = 'gus';

-- article_day_first: article_day_cap
INSERT INTO article_day VALUES ('art', 'CNY', '1970-01-02', 1, 2000001);

-- article_day_more: article_day_cap
UPDATE article_day SET booked_minor = 2000001;

-- writer_day_first: writer_day_cap
INSERT INTO writer_day VALUES ('wen', 'CNY', '1970-01-02', 1, 5000001);

-- writer_day_more: writer_day_cap
UPDATE writer_day SET booked_minor = 5000001 WHERE currency = 'CNY';
