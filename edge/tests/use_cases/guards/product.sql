-- At least two rows in every table of the product, inserted with all guards active. `ana` and `gus`
-- (a guest) are readers, `wen` is a writer with the second sign-in `wen-too`, `olga` and `otto` are
-- operators.

INSERT INTO person (id, kind, name, lang, created_at) VALUES
  ('ana', 'member', 'Ana', 'en', 0),
  ('wen', 'member', 'Wen', 'en', 0),
  ('wen-too', 'member', 'Wen at work', 'en', 0),
  ('gus', 'guest', 'Gus', 'en', 0),
  ('olga', 'member', 'Olga', 'en', 0),
  ('otto', 'member', 'Otto', 'en', 0);
INSERT INTO human_link VALUES
  ('lnk-wen', 'wen', 'wen-too', 'sandbox', 'print-0', 5, 5, NULL, NULL),
  ('lnk-waits', 'olga', 'otto', 'sandbox', 'print-8', 5, NULL, NULL, NULL),
  ('lnk-new', 'olga', 'wen', 'sandbox', 'print-6', 5, NULL, NULL, NULL),
  ('lnk-old', 'gus', 'olga', 'sandbox', 'print-7', 5, NULL, NULL, NULL);
UPDATE human_link SET made_at = 6, confirmed_by = 'olga' WHERE id = 'lnk-old';
UPDATE person SET human_id = 'wen', linked_at = 5 WHERE id = 'wen-too';
INSERT INTO link_dissolution VALUES
  ('dsl-old', 'lnk-wen', 'Two people', 'hash-1', 'olga', 6, NULL, NULL, NULL),
  ('dsl-done', 'lnk-old', 'Two people', 'hash-3', 'olga', 6, NULL, NULL, NULL);
UPDATE link_dissolution SET withdrawn_at = 7 WHERE id = 'dsl-old';
UPDATE link_dissolution SET approved_by = 'otto', approved_at = 7 WHERE id = 'dsl-done';
UPDATE human_link SET dissolved_at = 7 WHERE id = 'lnk-old';
INSERT INTO link_dissolution VALUES
  ('dsl-open', 'lnk-wen', 'Two people', 'hash-1', 'olga', 8, NULL, NULL, NULL),
  ('dsl-waits', 'lnk-waits', 'Two people', 'hash-2', 'olga', 8, NULL, NULL, NULL);
INSERT INTO identity VALUES ('sandbox', 'ana', 'ana', 0), ('sandbox', 'wen', 'wen', 0);
INSERT INTO session VALUES ('hash-1', 'ana', 0, 10), ('hash-2', 'wen', 0, 10);
INSERT INTO api_token VALUES
  ('tok-1', 'hash-1', 'wen', 'publish', 'laptop', 0, 9, NULL),
  ('tok-2', 'hash-2', 'wen', 'publish', 'desk', 0, 9, 5);
INSERT INTO official_account VALUES
  ('acc', 'wen-writes', 'wen', 'Wen', '', 'individual', 'CNY', 'active', 1, '[100,200,500]',
   'Buy me tea', 'Thanks', 0),
  ('usd', 'wen-abroad', 'wen', 'Wen', '', 'individual', 'USD', 'active', 1, '[100,200,500]',
   'Buy me tea', 'Thanks', 0);
INSERT INTO article VALUES
  ('art', 'acc', 'snow', 'Snow', 'Wen', 'en', 'It snowed.', 1, 'published', 0, 0, 1),
  ('rain', 'acc', 'rain', 'Rain', 'Wen', 'en', 'It rained.', 1, 'published', 0, 0, 1),
  ('hail', 'acc', 'hail', 'Hail', 'Wen', 'en', 'It hailed.', 1, 'published', 0, 0, 1),
  ('fog', 'acc', 'fog', 'Fog', 'Wen', 'en', 'It hung.', 1, 'published', 0, 0, 1),
  ('dol', 'usd', 'wind', 'Wind', 'Wen', 'en', 'It blew.', 1, 'published', 0, 0, 1);
INSERT INTO article_version
SELECT id, version, title, author, lang, summary, printf('%064d', 1), 0, account_id,
  iif(account_id = 'usd', 'USD', 'CNY'), '1970-01-01', 1
FROM article;
INSERT INTO article_text VALUES
  ('art', 1, 'html', '<p>It snowed.</p>'),
  ('art', 1, 'markdown', 'It snowed.');
INSERT INTO policy VALUES
  (2, 'CNY', 1000, 100, 20000, 100000, 20000, 100000, 2000000, 5000000, 7, 10, 'individual', 50),
  (3, 'USD', 2000, 100, 3000, 15000, 3000, 15000, 300000, 750000, 7, 10, 'any', 50);
INSERT INTO invitation VALUES
  ('inv-used', 'hash-1', 'olga', NULL, 0, 9, 'wen', 5, NULL),
  ('inv-open', 'hash-2', 'olga', 'For Ana', 0, 9, NULL, NULL, NULL);
INSERT INTO bank_card VALUES
  ('card-acc', 'acc', 'sandbox', 'token-1', 'print-1', '1234', 1, 5, 5, NULL),
  ('card-usd', 'usd', 'sandbox', 'token-2', 'print-2', '5678', 1, 5, 700000000, NULL);
INSERT INTO reader_limit VALUES
  ('ana', 'CNY', 'praise', 20000, NULL, NULL),
  ('ana', 'CNY', 'day', 50000, 60000, 99);
INSERT INTO attempt VALUES ('starts:ana', 0, 1), ('starts:gus', 0, 2);
INSERT INTO take_back_month VALUES ('ana', '1970-01', 1), ('wen-too', '1970-01', 2);
INSERT INTO undo_day VALUES ('ana', '1970-01-01', 1), ('wen-too', '1970-01-01', 9);
INSERT INTO reader_day VALUES
  ('ana', 'CNY', '1970-01-01', 1, 4000),
  ('gus', 'CNY', '1970-01-01', 1, 1000);
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES
  ('int-paid', 'ana', 'art', 'acc', 1000, 'CNY', 'public', 'For the snow', 1, '1970-01-01',
   10, 99, NULL, 'awaiting_payment', 10, NULL),
  ('int-rain', 'gus', 'rain', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL),
  ('int-back', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL),
  ('int-open', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL),
  ('int-out', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL),
  ('int-gone', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL);
INSERT INTO idempotency VALUES
  ('ana', 'key-1', 'print-1', 'int-paid', 10),
  ('gus', 'key-2', 'print-2', 'int-rain', 10);
INSERT INTO provider_order VALUES
  ('ord-paid', 'int-paid', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL),
  ('ord-rain', 'int-rain', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL),
  ('ord-back', 'int-back', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL),
  ('ord-open', 'int-open', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL),
  ('ord-out', 'int-out', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL),
  ('ord-gone', 'int-gone', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL);
INSERT INTO outbox VALUES
  ('create_order', 'ord-paid', 'sandbox', '{}', 10, 11),
  ('create_order', 'ord-open', 'sandbox', '{}', 10, NULL);
INSERT INTO job VALUES
  ('poll_order', 'ord-open', 15, 0, NULL),
  ('poll_order', 'ord-paid', 15, 0, 20);
INSERT INTO provider_event VALUES
  ('sandbox', 'evt-1', '{}', 20, 20, 'booked'),
  ('sandbox', 'evt-2', '{}', 20, NULL, NULL);
INSERT INTO payment VALUES
  ('pay-snow', 'sandbox', 'tx-1', 'ord-paid', 'int-paid', 1000, 'CNY', 20, 20, 'praise', 'payer-1'),
  ('pay-rain', 'sandbox', 'tx-2', 'ord-rain', 'int-rain', 1000, 'CNY', 20, 20, 'praise', 'payer-1'),
  ('pay-back', 'sandbox', 'tx-3', 'ord-back', 'int-back', 1000, 'CNY', 20, 20, 'return', NULL),
  ('pay-twice', 'sandbox', 'tx-4', 'ord-paid', 'int-paid', 1000, 'CNY', 20, 20, 'return', NULL),
  ('pay-odd', 'sandbox', 'tx-5', 'ord-nobody', NULL, 700, 'CNY', 20, 20, 'suspense', NULL),
  ('pay-odder', 'sandbox', 'tx-6', 'ord-nobody', NULL, 800, 'USD', 20, 20, 'suspense', NULL),
  ('pay-free', 'sandbox', 'tx-7', 'ord-open', 'int-open', 1000, 'CNY', 20, 20, 'praise', 'payer-1'),
  ('pay-out', 'sandbox', 'tx-8', 'ord-out', 'int-out', 1000, 'CNY', 20, 20, 'praise', 'payer-1'),
  ('pay-gone', 'sandbox', 'tx-9', 'ord-gone', 'int-gone', 1000, 'CNY', 20, 20, 'praise', 'payer-1');
INSERT INTO praise VALUES
  ('prs-snow', 'int-paid', 'pay-snow', 'ana', 'art', 'acc', 1000, 'CNY', 'public', 'For the
   snow', 'Thanks', 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0),
  ('prs-rain', 'int-rain', 'pay-rain', 'gus', 'rain', 'acc', 1000, 'CNY', 'public', NULL,
   NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0),
  ('prs-out', 'int-out', 'pay-out', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL,
   NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0),
  ('prs-gone', 'int-gone', 'pay-gone', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL,
   NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL, 0);
INSERT INTO praise_reply VALUES
  ('prs-out', 'Thank you', 40), ('prs-gone', 'Come again', 40);
UPDATE intent SET state = 'paid', state_at = 20
  WHERE id IN ('int-paid', 'int-rain', 'int-out', 'int-gone');
UPDATE intent SET state = 'returned', refusal = 'article_frozen', state_at = 20 WHERE id =
  'int-back';
-- A person has at most five open attempts, so this one starts after others have ended.
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES
  ('int-bare', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL);
UPDATE provider_order SET state = 'open', state_at = 11;
UPDATE provider_order SET state = 'paid', state_at = 20 WHERE id IN ('ord-paid', 'ord-rain',
  'ord-back', 'ord-out', 'ord-gone');
INSERT INTO provider_order VALUES
  ('ord-old', 'int-bare', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL, NULL);
INSERT INTO refund VALUES
  ('ref-1', 'pay-back', NULL, NULL, 1000, 'CNY', 20, 'queued', 20, 'article_frozen'),
  ('ref-2', 'pay-twice', NULL, NULL, 1000, 'CNY', 20, 'queued', 20, 'paid_twice');
INSERT INTO suspense_case VALUES
  ('sus-1', 'pay-odd', 'unknown_order', 20, NULL),
  ('sus-2', 'pay-odder', 'unknown_order', 20, NULL);
INSERT INTO article_day VALUES
  ('art', 'CNY', '1970-01-01', 1, 1000),
  ('rain', 'CNY', '1970-01-01', 1, 1000);
INSERT INTO writer_day VALUES
  ('wen', 'CNY', '1970-01-01', 1, 2000),
  ('wen', 'USD', '1970-01-01', 1, 0);
INSERT INTO payer_day VALUES
  ('sandbox', 'payer-1', 'CNY', '1970-01-01', 1, 5000),
  ('sandbox', 'payer-2', 'CNY', '1970-01-01', 1, 0);
INSERT INTO ledger_transaction (id, at) VALUES ('t-sealed', 20), ('t-open', 20);
INSERT INTO ledger_entry VALUES
  ('t-sealed', 1, 'provider_unsettled', 'sandbox', 'CNY', 1000),
  ('t-sealed', 2, 'writer_held', 'acc', 'CNY', -1000);
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-sealed';
INSERT INTO ledger_entry VALUES ('t-open', 1, 'provider_unsettled', 'sandbox', 'CNY', 1000);
INSERT INTO operator_audit (at, person_id, action, subject, detail) VALUES
  (20, 'olga', 'invite', 'inv-used', '{}'),
  (20, 'olga', 'invite', 'inv-open', '{}');
INSERT INTO operator_task VALUES
  ('suspense', 'sus-1', 'Nobody knows the order', 20, 99, NULL, NULL),
  ('suspense', 'sus-2', 'Nobody knows the order', 20, 99, NULL, NULL);
INSERT INTO self_check_run VALUES
  ('1970-01-01', 20, 'the books are right', '{}', 30),
  ('1970-01-02', 40, 'the books are right', '{}', NULL);
INSERT INTO self_check_violation VALUES
  ('the books are right', 'acc', 'acc', '1970-01-02'),
  ('the books are right', 'prs-1', NULL, '1970-01-02');
INSERT INTO freeze VALUES
  ('fre-hail', 'hail', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20, NULL),
  ('fre-fog', 'fog', 1, 'perks', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20, NULL);
INSERT INTO operator_action VALUES
  ('act-old', 'unfreeze', 'fre-hail', 2, 2000, 'counts', 'olga', 20, NULL, NULL, NULL);
UPDATE operator_action SET approved_by = 'otto', approved_at = 21;
INSERT INTO operator_action VALUES
  ('act-hail', 'mass_return', 'fre-hail', 2, 2000, 'counts', 'olga', 20, NULL, NULL, NULL),
  ('act-fog', 'unfreeze', 'fre-fog', 2, 2000, 'counts', 'olga', 20, NULL, NULL, NULL);
UPDATE praise SET state = 'due', matured = 1, state_at = 604800000
  WHERE id IN ('prs-out', 'prs-gone');
INSERT INTO payout VALUES
  ('pot-acc', 'acc', 'sandbox', 'CNY', '1970-01-08', 1000, 0, 'card-acc', 604800000, 'queued',
   604800000, NULL, 1),
  ('pot-second', 'acc', 'sandbox', 'CNY', '1970-01-08', 1000, 0, 'card-acc', 604800000, 'queued',
   604800000, NULL, 2),
  ('pot-failed', 'acc', 'sandbox', 'CNY', '1970-01-08', 1000, 0, 'card-acc', 604800000, 'queued',
   604800000, NULL, 3),
  ('pot-empty', 'acc', 'sandbox', 'CNY', '1970-01-08', 1000, 0, 'card-acc', 604800000, 'queued',
   604800000, NULL, 4),
  ('pot-acc-later', 'acc', 'sandbox', 'CNY', '1970-01-09', 0, 0, NULL, 691200000, 'waiting',
   691200000, 'bill_unexplained', 1),
  ('pot-usd', 'usd', 'sandbox', 'USD', '1970-01-08', 0, 0, NULL, 604800000, 'waiting',
   604800000, 'card_changed', 1),
  ('pot-usd-later', 'usd', 'sandbox', 'USD', '1970-01-10', 1000, 0, 'card-usd', 777600000,
   'queued', 777600000, NULL, 1);
INSERT INTO payout_part VALUES
  ('prt-1', 'pot-acc', 1000, 0, '1970-01-08', 'queued', 604800000, NULL),
  ('prt-2', 'pot-second', 1000, 0, '1970-01-08', 'queued', 604800000, NULL),
  ('prt-failed', 'pot-failed', 1000, 0, '1970-01-08', 'queued', 604800000, NULL);
UPDATE praise SET state = 'in_payout' WHERE state = 'due';
INSERT INTO payout_line VALUES ('prt-failed', 'prs-gone', 1000, NULL);
UPDATE payout_part SET state = 'sent' WHERE id = 'prt-failed';
UPDATE payout_part SET state = 'failed' WHERE id = 'prt-failed';
UPDATE payout_line SET released_at = 604800001;
UPDATE praise SET state = 'due', state_at = 604800001 WHERE id = 'prs-gone';
UPDATE praise SET state = 'in_payout' WHERE id = 'prs-gone';
INSERT INTO payout_line VALUES
  ('prt-1', 'prs-out', 1000, NULL),
  ('prt-2', 'prs-gone', 1000, NULL);
INSERT INTO payee_day VALUES
  ('print-1', 'CNY', '1970-01-08', 2000, 20000),
  ('print-2', 'USD', '1970-01-08', 0, 20000);
INSERT INTO dispute VALUES
  ('dsp-rain', 'sandbox', 'bank-1', 'pay-rain', 'prs-rain', 1000, 'CNY', 40, 1, NULL, 'open', 40,
   NULL),
  ('dsp-back', 'sandbox', 'bank-2', 'pay-back', NULL, 1000, 'CNY', 40, 0, NULL, 'open', 40, NULL);
UPDATE movement SET matched_at = 50 WHERE number IN ('tx-1', 'tx-2');
INSERT INTO bill VALUES
  ('sandbox', 'CNY', '1970-01-01', 5, 'sum', 50, NULL),
  ('sandbox', 'USD', '1970-01-01', 0, 'sum', 50, 50);
INSERT INTO bill_row VALUES
  ('sandbox', 'CNY', '1970-01-01', 1, 'payment', 'payment', 'tx-1', '', 20, 1000, 6, 'open', NULL, NULL),
  ('sandbox', 'CNY', '1970-01-01', 2, 'payment', 'payment', 'tx-2', '', 20, 1000, 6, 'open', NULL, NULL),
  ('sandbox', 'CNY', '1970-01-01', 3, 'payment', 'payment', 'tx-1', '', 20, 1000, 6, 'open', NULL, NULL),
  ('sandbox', 'CNY', '1970-01-01', 4, 'other', 'gift', 'g-1', '', 20, 5, 0, 'open', NULL, NULL),
  ('sandbox', 'CNY', '1970-01-01', 5, 'other', 'gift', 'g-2', '', 20, 5, 0, 'open', NULL, NULL);
UPDATE bill_row SET state = 'matched' WHERE line IN (1, 2);
UPDATE bill_row SET state = 'difference' WHERE line IN (4, 5);
INSERT INTO bill_difference VALUES
  ('dif-1', 'only_ours', 'sandbox', 'payment', 'tx-3', 'USD', NULL, NULL, 1000, NULL, 'acc', 50,
   NULL, NULL),
  ('dif-2', 'only_ours', 'sandbox', 'payment', 'tx-4', 'USD', NULL, NULL, 1000, NULL, 'acc', 50,
   NULL, NULL),
  ('dif-04', 'only_theirs', 'sandbox', 'other', 'g-1', 'CNY', '1970-01-01', 4, NULL, 5, NULL, 50,
   NULL, NULL),
  ('dif-05', 'only_theirs', 'sandbox', 'other', 'g-2', 'CNY', '1970-01-01', 5, NULL, 5, NULL, 50,
   NULL, NULL);
INSERT INTO bill_explanation VALUES
  ('exp-old', 'dif-1', 'operator_loss', 1000, NULL, NULL, 'A slip', 'hash', 'olga', 51, NULL, NULL,
   NULL),
  ('exp-done', 'dif-04', 'belongs_to', -5, 'funds', 'bank-1', 'Ours', 'hash', 'olga', 51, NULL, NULL,
   NULL);
UPDATE bill_explanation SET withdrawn_at = 52 WHERE id = 'exp-old';
UPDATE bill_explanation SET approved_by = 'otto', approved_at = 52 WHERE id = 'exp-done';
INSERT INTO bill_explanation VALUES
  ('exp-open', 'dif-1', 'operator_loss', 1000, NULL, NULL, 'A slip', 'hash', 'olga', 53, NULL, NULL,
   NULL),
  ('exp-second', 'dif-2', 'operator_loss', 1000, NULL, NULL, 'A slip', 'hash', 'olga', 53, NULL,
   NULL, NULL);
INSERT INTO funds_transfer VALUES
  ('fnd-1', 'sandbox', 'CNY', 5, 'bank-1', 'Fees', 'hash', 'olga', 50, NULL, NULL, NULL, NULL),
  ('fnd-2', 'sandbox', 'CNY', 5, 'bank-2', 'Fees', 'hash', 'olga', 50, NULL, NULL, NULL, NULL),
  ('fnd-open', 'sandbox', 'CNY', 5, 'bank-3', 'Fees', 'hash', 'olga', 50, NULL, NULL, NULL, NULL);
UPDATE funds_transfer SET approved_by = 'otto', approved_at = 51 WHERE id IN ('fnd-1', 'fnd-2');
UPDATE funds_transfer SET explanation_id = 'exp-done' WHERE id = 'fnd-1';
INSERT INTO policy_raise VALUES
  ('rse-open', 'CNY', 2, 0, '{"reader_day_minor":200000}', 'Asked for', 'hash', 'olga', 50, NULL,
   NULL, NULL, NULL),
  ('rse-done', 'CNY', 2, 0, '{"reader_day_minor":200000}', 'Asked for', 'hash', 'olga', 50, NULL,
   NULL, NULL, NULL);
UPDATE policy_raise SET approved_by = 'otto', approved_at = 51, version = 7 WHERE id = 'rse-done';
UPDATE bill_row SET state = 'explained', explanation_id = 'exp-done' WHERE line = 4;
UPDATE movement SET matched_at = 52, explanation_id = 'exp-done' WHERE number = 'bank-2';
UPDATE bill_difference SET closed_at = 52, explanation = 'Ours' WHERE id = 'dif-04';
INSERT INTO browser_report VALUES ('1970-01-01', 'img-src', 1), ('1970-01-01', 'other', 2);
