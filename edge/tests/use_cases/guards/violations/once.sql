-- Rows that must not change or be deleted.

-- policy_no_update: append_only
UPDATE policy SET hold_days = 1;

-- policy_no_update: append_only
UPDATE OR REPLACE policy SET effective_from = 1;

-- policy_no_delete: append_only
DELETE FROM policy WHERE currency = 'CNY';

-- policy_no_replace: append_only
INSERT INTO policy VALUES (9, 'CNY', 999, 100, 20000, 100000, 20000, 100000, 2000000, 5000000, 7, 10,
  'any', 50);

-- policy_no_replace: append_only
INSERT OR REPLACE INTO policy VALUES (1, 'CNY', 5, 100, 20000, 100000, 20000, 100000, 2000000, 5000000, 7,
  10, 'any', 50);

-- policy_no_replace: append_only
INSERT OR REPLACE INTO policy VALUES (2, 'CNY', 0, 100, 20000, 100000, 20000, 100000, 2000000, 5000000, 7,
  10, 'any', 50);

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

-- Rows without references to them, which no foreign key protects from being deleted.

-- intent_no_delete: append_only
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1,
  '1970-01-01', 10, 99, NULL, 'awaiting_payment', 10, NULL);
DELETE FROM intent WHERE id = 'n';

-- policy_no_delete: append_only
DELETE FROM policy WHERE version = 3;

-- ledger_transaction_no_delete: append_only
INSERT INTO ledger_transaction (id, at) VALUES ('n', 20);
DELETE FROM ledger_transaction WHERE id = 'n';

-- Rows that must not be replaced by another with the same key.

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
  'suspense', NULL);

-- payment_once: payment_booked
INSERT OR REPLACE INTO payment VALUES ('pay-9', 'sandbox', 'tx-7', 'o', NULL, 1, 'CNY', 20, 20,
  'suspense', NULL);

-- suspense_case_once: exists
INSERT OR REPLACE INTO suspense_case VALUES ('sus-1', 'pay-free', 'x', 20, NULL);

-- suspense_case_once: exists
INSERT OR REPLACE INTO suspense_case VALUES ('sus-9', 'pay-odd', 'x', 20, NULL);

-- outbox_once: exists
INSERT OR REPLACE INTO outbox VALUES ('create_order', 'ord-open', 'sandbox', '{"other":1}', 10,
  NULL);

-- provider_event_once: event_known
INSERT OR REPLACE INTO provider_event VALUES ('sandbox', 'evt-2', '{"other":1}', 20, NULL, NULL);

-- ledger_entry_open: append_only
INSERT OR REPLACE INTO ledger_entry VALUES ('t-open', 1, 'writer_held', 'acc', 'CNY', -5);

-- payment_once: payment_booked
INSERT OR REPLACE INTO payment VALUES ('pay-free', 'sandbox', 'tx-99', 'o', NULL, 1, 'CNY', 20, 20,
  'suspense', NULL);

-- provider_order_start: exists
INSERT OR REPLACE INTO provider_order VALUES ('ord-paid', 'int-paid', 'sandbox', 1000, 'CNY', NULL,
  10, 99, 'created', 10, NULL, NULL);

-- People, identities, accounts and articles must not be replaced either.

-- person_once: exists
INSERT OR REPLACE INTO person (id, kind, created_at) VALUES ('wen-too', 'member', 0);

-- person_once: person_link
INSERT INTO person VALUES ('n', 'member', NULL, NULL, 0, 'wen-too', 5);

-- person_once: person_link
INSERT INTO person VALUES ('n', 'member', NULL, NULL, 0, NULL, 5);

-- identity_once: exists
INSERT OR REPLACE INTO identity VALUES ('sandbox', 'ana', 'gus', 0);

-- identity_no_update: append_only
UPDATE identity SET person_id = 'gus' WHERE subject = 'ana';

-- identity_no_delete: append_only
DELETE FROM identity WHERE subject = 'ana';

-- official_account_once: exists
INSERT OR REPLACE INTO official_account VALUES ('acc', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);

-- official_account_once: handle_taken
INSERT OR REPLACE INTO official_account VALUES ('n', 'wen-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);

-- official_account_handle: handle_taken
UPDATE OR REPLACE official_account SET handle = 'wen-writes' WHERE id = 'usd';

-- article_once: exists
INSERT OR REPLACE INTO article VALUES ('art', 'usd', 'snow', 'Snow', 'Wen', 'en', 'It snowed.', 1,
  'published', 0, 0, 1);

-- article_once: slug_taken
INSERT OR REPLACE INTO article VALUES ('n', 'usd', 'fog', 'Snow', 'Wen', 'en', 'It snowed.', 1,
  'published', 0, 0, 1);

-- article_slug: slug_taken
UPDATE OR REPLACE article SET slug = 'fog' WHERE id = 'art';

-- idempotency_no_update: append_only
UPDATE idempotency SET intent_id = 'int-bare';

-- official_account_fixed: account_fixed
UPDATE official_account SET owner_id = 'ana' WHERE id = 'usd';

-- official_account_once: handle_taken
INSERT INTO official_account VALUES ('n', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
INSERT OR REPLACE INTO official_account VALUES ('m', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);

-- official_account_handle: handle_taken
INSERT INTO official_account VALUES ('n', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
UPDATE OR REPLACE official_account SET handle = 'ana-writes' WHERE id = 'usd';

-- article_fixed: article_fixed
UPDATE article SET account_id = 'usd' WHERE id = 'fog';

-- article_once: slug_taken
INSERT INTO article VALUES ('n', 'usd', 'sleet', 'Sleet', 'Wen', 'en', 'It sleeted.', 1,
  'published', 0, 0, 1);
INSERT OR REPLACE INTO article VALUES ('m', 'usd', 'sleet', 'Sleet', 'Wen', 'en', 'It sleeted.', 1,
  'published', 0, 0, 1);

-- article_slug: slug_taken
INSERT INTO article VALUES ('n', 'usd', 'sleet', 'Sleet', 'Wen', 'en', 'It sleeted.', 1,
  'published', 0, 0, 1);
UPDATE OR REPLACE article SET slug = 'sleet' WHERE id = 'fog';
