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
  10, 'any');

-- policy_no_replace: append_only
INSERT OR REPLACE INTO policy VALUES (2, 'CNY', 0, 100, 20000, 100000, 20000, 2000000, 5000000, 7,
  10, 'any');

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

-- Another amount, currency, person, article, account, moment, intent, or fate.

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

-- Humans.

-- person_link: person_link
UPDATE person SET human_id = NULL WHERE id = 'wen-too';

-- person_link: person_link
UPDATE person SET linked_at = NULL WHERE id = 'wen-too';

-- person_link: person_link
UPDATE person SET human_id = 'ana' WHERE id = 'gus';

-- person_link: person_link
UPDATE person SET human_id = 'gus', linked_at = 9 WHERE id = 'gus';

-- person_link: person_link
UPDATE person SET human_id = 'wen-too', linked_at = 9 WHERE id = 'gus';

-- person_link: person_link
UPDATE person SET human_id = 'gus', linked_at = 9 WHERE id = 'wen';

-- person_link: person_link
UPDATE person SET linked_at = 9 WHERE id = 'gus';

-- Two who would each stand for the other.

-- person_link: person_link
UPDATE person SET human_id = iif(id = 'gus', 'ana', 'gus'), linked_at = 9 WHERE id IN ('ana', 'gus');

-- take_back_month_first: take_back_month
INSERT INTO take_back_month VALUES ('gus', '1970-01', 4);

-- take_back_month_first: take_back_month
INSERT INTO take_back_month VALUES ('wen', '1970-01', 2);

-- take_back_month_more: take_back_month
UPDATE take_back_month SET used = 4 WHERE person_id = 'ana';

-- take_back_month_more: take_back_month
INSERT INTO take_back_month VALUES ('wen', '1970-01', 1);
UPDATE take_back_month SET used = used + 1 WHERE person_id = 'wen';

-- reader_day_first: reader_day_cap
INSERT INTO reader_day VALUES ('wen', 'CNY', '1970-01-02', 1, 50001);
INSERT INTO reader_day VALUES ('wen-too', 'CNY', '1970-01-02', 1, 50000);

-- reader_day_more: reader_day_cap
INSERT INTO reader_day VALUES ('wen', 'CNY', '1970-01-02', 1, 50001);
INSERT INTO reader_day VALUES ('wen-too', 'CNY', '1970-01-02', 1, 1);
UPDATE reader_day SET reserved_minor = 50000 WHERE person_id = 'wen-too';

-- reader_day_first: reader_own_day
INSERT INTO reader_day VALUES ('ana', 'CNY', '1970-01-02', 1, 50001);

-- reader_day_more: reader_own_day
UPDATE reader_day SET reserved_minor = 50001 WHERE person_id = 'ana';

-- reader_day_first: reader_own_month
INSERT INTO reader_limit VALUES ('ana', 'CNY', 'month', 5000, NULL, NULL);
INSERT INTO reader_day VALUES ('ana', 'CNY', '1970-01-31', 1, 1001);

-- reader_day_more: reader_own_month
INSERT INTO reader_limit VALUES ('ana', 'CNY', 'month', 5000, NULL, NULL);
UPDATE reader_day SET reserved_minor = 5001 WHERE person_id = 'ana';

-- Another sign-in of the same human has set the limit.

-- reader_day_first: reader_own_day
INSERT INTO reader_limit VALUES ('wen', 'CNY', 'day', 5000, NULL, NULL);
INSERT INTO reader_day VALUES ('wen-too', 'CNY', '1970-01-02', 1, 5001);

-- reader_day_more: reader_own_month
INSERT INTO reader_limit VALUES ('wen', 'CNY', 'month', 5000, NULL, NULL);
INSERT INTO reader_day VALUES ('wen-too', 'CNY', '1970-01-02', 1, 1);
UPDATE reader_day SET reserved_minor = 5001 WHERE person_id = 'wen-too';

-- writer_day_first: writer_day_cap
INSERT INTO writer_day VALUES ('wen-too', 'CNY', '1970-01-01', 1, 4998001);

-- writer_day_more: writer_day_cap
INSERT INTO writer_day VALUES ('wen-too', 'CNY', '1970-01-01', 1, 0);
UPDATE writer_day SET booked_minor = 4998001 WHERE person_id = 'wen-too';

-- intent_needs_room: reader_own_praise
UPDATE reader_limit SET limit_minor = 999 WHERE scope = 'praise';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_needs_room: reader_own_praise
INSERT INTO reader_limit VALUES ('olga', 'CNY', 'praise', 0, NULL, NULL);
UPDATE person SET human_id = 'olga', linked_at = 9 WHERE id = 'ana';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_needs_room: writer_day_cap
INSERT INTO writer_day VALUES ('wen-too', 'CNY', '1970-01-01', 1, 4978001);
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- Receiving.

-- invitation_once: exists
INSERT OR REPLACE INTO invitation VALUES ('inv-open', 'hash-9', 'olga', NULL, 0, 9, NULL, NULL, NULL);

-- invitation_once: exists
INSERT OR REPLACE INTO invitation VALUES ('inv-9', 'hash-2', 'olga', NULL, 0, 9, NULL, NULL, NULL);

-- invitation_fixed: append_only
UPDATE invitation SET used_by = NULL, used_at = NULL WHERE id = 'inv-used';

-- invitation_fixed: append_only
UPDATE invitation SET used_by = 'ana' WHERE id = 'inv-used';

-- invitation_fixed: append_only
UPDATE invitation SET revoked_at = 8;
UPDATE invitation SET revoked_at = NULL WHERE id = 'inv-open';

-- invitation_use: invitation_over
UPDATE invitation SET used_by = 'ana', used_at = 9 WHERE id = 'inv-open';

-- invitation_use: invitation_over
UPDATE invitation SET revoked_at = 8 WHERE id = 'inv-open';
UPDATE invitation SET used_by = 'ana', used_at = 8 WHERE id = 'inv-open';

-- invitation_no_delete: append_only
DELETE FROM invitation WHERE id = 'inv-open';

-- bank_card_attach: exists
INSERT OR REPLACE INTO bank_card VALUES ('card-usd', 'usd', 'sandbox', 'token-9', 'print-9', '1234', 5, 5, NULL);

-- bank_card_attach: exists
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-usd';
INSERT OR REPLACE INTO bank_card VALUES ('card-usd', 'usd', 'sandbox', 'token-9', 'print-9', '1234', 5, 5, NULL);

-- bank_card_attach: exists
INSERT OR REPLACE INTO bank_card VALUES ('n', 'usd', 'sandbox', 'token-9', 'print-9', '1234', 5, 5, NULL);

-- bank_card_attach: card_of_another
INSERT INTO official_account VALUES ('ana', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
INSERT INTO bank_card VALUES ('n', 'ana', 'sandbox', 'token-9', 'print-1', '1234', 5, 5, NULL);

-- bank_card_attach: card_of_another
INSERT INTO official_account VALUES ('ana', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-acc';
INSERT INTO bank_card VALUES ('n', 'ana', 'sandbox', 'token-9', 'print-1', '1234', 5, 5, NULL);

-- bank_card_fixed: card_fixed
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-acc';
UPDATE bank_card SET removed_at = NULL WHERE id = 'card-acc';

-- bank_card_no_delete: append_only
DELETE FROM bank_card WHERE id = 'card-usd';

-- intent_start: not_accepting
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-acc';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
UPDATE invitation SET revoked_at = 9 WHERE id = 'inv-used';
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: not_accepting
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'ana', 'art', 'usd', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: own_article
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'wen-too', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01',
  10, 99, NULL, 'awaiting_payment', 10, NULL);

-- Operators.

-- operator_audit_no_update: append_only
UPDATE operator_audit SET action = 'nothing';

-- operator_audit_no_update: append_only
UPDATE OR REPLACE operator_audit SET id = 1 WHERE id = 2;

-- operator_audit_no_delete: append_only
DELETE FROM operator_audit;

-- operator_audit_no_replace: append_only
INSERT OR REPLACE INTO operator_audit VALUES (1, 20, 'olga', 'nothing', 'inv-used', '{}');

-- operator_action_once: exists
INSERT OR REPLACE INTO operator_action VALUES ('act-old', 'mass_return', 'fre-fog', 2, 2000, 'counts',
  'olga', 20, NULL, NULL, NULL);

-- operator_action_once: action_open
INSERT OR REPLACE INTO operator_action VALUES ('n', 'unfreeze', 'fre-hail', 2, 2000, 'counts',
  'otto', 20, NULL, NULL, NULL);

-- operator_action_once: two_persons
UPDATE operator_action SET withdrawn_at = 21 WHERE id = 'act-fog';
INSERT INTO operator_action VALUES ('n', 'unfreeze', 'fre-fog', 2, 2000, 'counts', 'olga', 20, 'olga',
  20, NULL);

-- operator_action_fixed: append_only
UPDATE operator_action SET approved_by = NULL, approved_at = NULL WHERE id = 'act-old';

-- operator_action_fixed: append_only
UPDATE operator_action SET withdrawn_at = 21 WHERE id = 'act-fog';
UPDATE operator_action SET approved_by = 'otto', approved_at = 22, withdrawn_at = NULL
  WHERE id = 'act-fog';

-- operator_action_approve: two_persons
UPDATE operator_action SET approved_by = 'olga', approved_at = 22 WHERE id = 'act-fog';

-- operator_action_approve: two_persons
UPDATE person SET human_id = 'olga', linked_at = 9 WHERE id = 'otto';
UPDATE operator_action SET approved_by = 'otto', approved_at = 22 WHERE id = 'act-fog';

-- operator_action_no_delete: append_only
DELETE FROM operator_action WHERE id = 'act-fog';

-- operator_task_once: exists
INSERT OR REPLACE INTO operator_task VALUES ('suspense', 'sus-1', 'x', 30, 999, NULL, NULL);

-- operator_task_fixed: append_only
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
UPDATE operator_task SET closed_at = NULL, outcome = NULL WHERE subject_id = 'sus-1';

-- operator_task_fixed: append_only
UPDATE operator_task SET closed_at = 30, outcome = 'returned' WHERE subject_id = 'sus-1';
UPDATE operator_task SET outcome = 'kept' WHERE subject_id = 'sus-1';

-- operator_task_no_delete: append_only
DELETE FROM operator_task;

-- freeze_start: exists
UPDATE freeze SET state = 'lifted' WHERE id = 'fre-hail';
INSERT OR REPLACE INTO freeze VALUES ('fre-hail', 'rain', 'selling', 'olga', 20, 99, NULL, NULL, NULL,
  'open', 20, NULL);

-- freeze_start: freeze_open
INSERT OR REPLACE INTO freeze VALUES ('n', 'hail', 'perks', 'olga', 20, 99, NULL, NULL, NULL, 'open',
  20, NULL);

-- freeze_start: freeze_open
UPDATE freeze SET state = 'returning' WHERE id = 'fre-hail';
UPDATE freeze SET state = 'returned' WHERE id = 'fre-hail';
INSERT OR REPLACE INTO freeze VALUES ('n', 'hail', 'perks', 'olga', 20, 99, NULL, NULL, NULL, 'open',
  20, NULL);

-- freeze_fixed: append_only
UPDATE freeze SET appeal = 'Why?', appealed_at = 21, decide_until = 99 WHERE id = 'fre-hail';
UPDATE freeze SET appeal = 'Never mind' WHERE id = 'fre-hail';

-- freeze_fixed: append_only
UPDATE freeze SET appeal = 'Why?', appealed_at = 21, decide_until = 99 WHERE id = 'fre-hail';
UPDATE freeze SET decide_until = 999 WHERE id = 'fre-hail';

-- freeze_fixed: append_only
UPDATE freeze SET appeal = 'Why?', appealed_at = 99, decide_until = 999 WHERE id = 'fre-hail';
UPDATE freeze SET state = 'appealed', appealed_at = 21 WHERE id = 'fre-hail';

-- freeze_no_delete: append_only
DELETE FROM freeze WHERE id = 'fre-fog';

-- freeze_step: appeal_over
UPDATE freeze SET state = 'appealed', appeal = 'Why?', appealed_at = 99, decide_until = 999
  WHERE id = 'fre-hail';

-- What becomes of a praise.

-- praise_book: not_due
INSERT INTO praise VALUES ('n', 'int-open', 'pay-free', 'ana', 'art', 'acc', 1000, 'CNY',
  'public', NULL, NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 1);

-- praise_book: own_article
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

-- praise_goes_back: right
UPDATE praise SET state = 'returning' WHERE id = 'prs-snow';

-- praise_goes_back: right
UPDATE praise SET state = 'returning', state_reason = 'whim' WHERE id = 'prs-snow';

-- praise_goes_back: undo_over
UPDATE praise SET state = 'returning', state_reason = 'undo', state_at = 30 WHERE id = 'prs-snow';

-- praise_goes_back: undo_over
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'returning', state_reason = 'undo', state_at = 29 WHERE id = 'prs-snow';

-- praise_goes_back: take_back_over
UPDATE praise SET state = 'returning', state_reason = 'take_back', state_at = 604800000
  WHERE id = 'prs-snow';

-- praise_goes_back: take_back_over
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

-- praise_is_back: refund_open
UPDATE praise SET state = 'returning', state_reason = 'undo' WHERE id = 'prs-snow';
UPDATE praise SET state = 'returned' WHERE id = 'prs-snow';

-- praise_is_back: refund_open
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

-- Payouts.

-- payout_start: exists
INSERT OR REPLACE INTO payout VALUES ('pot-acc', 'acc', 'sandbox', 'CNY', '1970-02-01', 1000, 0, 'card-acc', 5, 'queued', 5, NULL);

-- payout_start: exists
INSERT OR REPLACE INTO payout VALUES ('n', 'acc', 'sandbox', 'CNY', '1970-01-08', 1000, 0, 'card-acc', 5, 'queued', 5, NULL);

-- payout_start: exists
INSERT OR REPLACE INTO payout VALUES ('n', 'acc', 'sandbox', 'CNY', '1970-02-01', 0, 0, NULL, 1, 'waiting', 1, 'no_card');

-- payout_start: currency
INSERT INTO payout VALUES ('n', 'acc', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-acc', 5, 'queued', 5,
  NULL);

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
  699999999, NULL);

-- payout_queue_at_once: card_not_usable
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-acc', 700000000, 'queued',
  700000000, NULL);

-- payout_queue_at_once: card_not_usable
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, NULL, 700000000, 'queued',
  700000000, NULL);

-- payout_queue_at_once: card_not_usable
UPDATE bank_card SET removed_at = 700000000 WHERE id = 'card-usd';
INSERT INTO payout VALUES ('n', 'usd', 'sandbox', 'USD', '1970-02-01', 1000, 0, 'card-usd', 700000000, 'queued',
  700000000, NULL);

-- payout_no_delete: append_only
DELETE FROM payout WHERE id = 'pot-usd';

-- payout_part_start: exists
INSERT OR REPLACE INTO payout_part VALUES ('prt-1', 'pot-acc', 4, 1000, 0, '1970-01-08', 'queued', 5,
  NULL);

-- payout_part_start: exists
INSERT OR REPLACE INTO payout_part VALUES ('n', 'pot-acc', 2, 1000, 0, '1970-01-08', 'queued', 5,
  NULL);

-- payout_part_start: payout_state
INSERT INTO payout_part VALUES ('n', 'pot-usd', 1, 1000, 0, '1970-01-08', 'queued', 5, NULL);

-- payout_part_start: payout_state
UPDATE payout SET state = 'sent' WHERE id = 'pot-acc';
INSERT INTO payout_part VALUES ('n', 'pot-acc', 4, 1000, 0, '1970-01-08', 'queued', 5, NULL);

-- payout_part_no_delete: append_only
DELETE FROM payout_part WHERE id = 'prt-1';

-- payout_line_claim: praise_claimed
INSERT OR REPLACE INTO payout_line VALUES ('prt-2', 'prs-out', 1000, NULL);

-- payout_line_claim: praise_claimed
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-out', 1000, NULL);

-- payout_line_claim: praise_claimed
UPDATE payout_part SET state = 'failed', state_at = 604800001 WHERE id = 'prt-1';
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
UPDATE payout_part SET state = 'failed', state_at = 604800001 WHERE id = 'prt-1';
INSERT OR REPLACE INTO payout_line VALUES ('prt-1', 'prs-snow', 1000, NULL);

-- payout_line_claim: payout_line
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000 WHERE id = 'prs-snow';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-snow';
INSERT INTO payout_part VALUES ('n', 'pot-usd-later', 1, 1000, 0, '1970-01-10', 'queued', 5, NULL);
INSERT OR REPLACE INTO payout_line VALUES ('n', 'prs-snow', 1000, NULL);

-- payout_line_fixed: payout_line
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';

-- payout_line_fixed: payout_fixed
UPDATE payout_part SET state = 'failed', state_at = 604800001 WHERE id = 'prt-1';
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';
UPDATE payout_line SET released_at = NULL WHERE part_id = 'prt-1';

-- payout_line_no_delete: append_only
DELETE FROM payout_line;

-- praise_leaves_payout: payout_state
UPDATE praise SET state = 'paid_out' WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE praise SET state = 'due' WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'failed', state_at = 604800001 WHERE id = 'prt-1';
UPDATE praise SET state = 'paid_out' WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'failed', state_at = 604800001 WHERE id = 'prt-1';
UPDATE praise SET state = 'due', state_at = 604800001 WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'failed', state_at = 604800001 WHERE id = 'prt-1';
UPDATE payout_line SET released_at = 604800001 WHERE part_id = 'prt-1';
UPDATE praise SET state = 'due', state_at = 604800002 WHERE id = 'prs-out';

-- praise_leaves_payout: payout_state
UPDATE payout_part SET state = 'succeeded' WHERE id = 'prt-1';
UPDATE praise SET state = 'due', state_at = 604800001 WHERE id = 'prs-out';

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

-- One that was won before says nothing about the one that is open, or was lost.

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

-- praise_is_back_already: dispute_lost
UPDATE dispute SET state = 'lost', ended_at = 50 WHERE id = 'dsp-rain';
UPDATE praise SET state = 'returning', state_reason = 'operator' WHERE id = 'prs-rain';

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
  'open');

-- bill_row_once: append_only
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'payment', 'tx-3', '', 20, 1000, 6, 'matched');

-- bill_row_match: bill_mismatch
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'payment', 'tx-3', '', 20, 1000, 6, 'open');
UPDATE bill_row SET state = 'matched' WHERE line = 4;

-- bill_row_match: bill_mismatch
UPDATE movement SET matched_at = 50 WHERE number = 'tx-3';
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'payment', 'tx-3', '', 20, 999, 6, 'open');
UPDATE bill_row SET state = 'matched' WHERE line = 4;

-- bill_row_match: bill_mismatch
INSERT INTO bill_row VALUES ('sandbox', 'CNY', '1970-01-01', 4, 'refund', 'tx-3', '', 20, 1000, 6, 'open');
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

-- Sides of the ledger.

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

-- ledger_balance_side_first: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'provider_fee', 'nobody', 'CNY', -1);

-- ledger_balance_side_more: ledger_side
INSERT INTO ledger_entry VALUES ('t-open', 2, 'provider_fee', 'nobody', 'CNY', 1);
INSERT INTO ledger_entry VALUES ('t-open', 3, 'provider_fee', 'nobody', 'CNY', -2);

-- Nothing takes another's place.

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

-- article_once: article_fixed
INSERT OR REPLACE INTO article VALUES ('art', 'usd', 'snow', 'Snow', 'Wen', 'en', 'It snowed.', 1,
  'published', 0, 0);

-- article_once: slug_taken
INSERT OR REPLACE INTO article VALUES ('n', 'usd', 'fog', 'Snow', 'Wen', 'en', 'It snowed.', 1,
  'published', 0, 0);

-- article_slug: slug_taken
UPDATE OR REPLACE article SET slug = 'fog' WHERE id = 'art';

-- idempotency_no_update: append_only
UPDATE idempotency SET intent_id = 'int-bare';
