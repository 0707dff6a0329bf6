-- At least two rows in every table of the product, written through every guard: people `ana` and
-- `gus` (a guest) read what `wen` writes.

INSERT INTO person VALUES
  ('ana', 'member', 'Ana', 'en', 0),
  ('wen', 'member', 'Wen', 'en', 0),
  ('gus', 'guest', 'Gus', 'en', 0);
INSERT INTO identity VALUES ('sandbox', 'ana', 'ana', 0), ('sandbox', 'wen', 'wen', 0);
INSERT INTO session VALUES ('hash-1', 'ana', 0, 10), ('hash-2', 'wen', 0, 10);
INSERT INTO api_token VALUES
  ('tok-1', 'hash-1', 'wen', 'publish', 'laptop', 0, NULL),
  ('tok-2', 'hash-2', 'wen', 'publish', 'desk', 0, 5);
INSERT INTO official_account VALUES
  ('acc', 'wen-writes', 'wen', 'Wen', '', 'individual', 'CNY', 'active', 1, '[100,200,500]',
   'Buy me tea', 'Thanks', 0),
  ('usd', 'wen-abroad', 'wen', 'Wen', '', 'individual', 'USD', 'active', 1, '[100,200,500]',
   'Buy me tea', 'Thanks', 0);
INSERT INTO article VALUES
  ('art', 'acc', 'snow', 'Snow', 'Wen', 'en', 'It snowed.', 1, 'published', 0, 0),
  ('rain', 'acc', 'rain', 'Rain', 'Wen', 'en', 'It rained.', 1, 'published', 0, 0),
  ('dol', 'usd', 'wind', 'Wind', 'Wen', 'en', 'It blew.', 1, 'published', 0, 0);
INSERT INTO article_text VALUES
  ('art', 'html', '<p>It snowed.</p>'),
  ('art', 'markdown', 'It snowed.');
INSERT INTO policy VALUES
  (2, 'CNY', 1000, 100, 20000, 100000, 20000, 2000000, 5000000, 7, 10),
  (3, 'USD', 2000, 100, 3000, 15000, 3000, 300000, 750000, 7, 10);
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
  ('int-bare', 'ana', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99,
   NULL, 'awaiting_payment', 10, NULL);
INSERT INTO idempotency VALUES
  ('ana', 'key-1', 'print-1', 'int-paid', 10),
  ('gus', 'key-2', 'print-2', 'int-rain', 10);
INSERT INTO provider_order VALUES
  ('ord-paid', 'int-paid', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL),
  ('ord-rain', 'int-rain', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL),
  ('ord-back', 'int-back', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL),
  ('ord-open', 'int-open', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL);
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
  ('pay-snow', 'sandbox', 'tx-1', 'ord-paid', 'int-paid', 1000, 'CNY', 20, 20, 'praise'),
  ('pay-rain', 'sandbox', 'tx-2', 'ord-rain', 'int-rain', 1000, 'CNY', 20, 20, 'praise'),
  ('pay-back', 'sandbox', 'tx-3', 'ord-back', 'int-back', 1000, 'CNY', 20, 20, 'return'),
  ('pay-twice', 'sandbox', 'tx-4', 'ord-paid', 'int-paid', 1000, 'CNY', 20, 20, 'return'),
  ('pay-odd', 'sandbox', 'tx-5', 'ord-nobody', NULL, 700, 'CNY', 20, 20, 'suspense'),
  ('pay-odder', 'sandbox', 'tx-6', 'ord-nobody', NULL, 800, 'USD', 20, 20, 'suspense'),
  ('pay-free', 'sandbox', 'tx-7', 'ord-open', 'int-open', 1000, 'CNY', 20, 20, 'praise');
INSERT INTO praise VALUES
  ('prs-snow', 'int-paid', 'pay-snow', 'ana', 'art', 'acc', 1000, 'CNY', 'public', 'For the
   snow', 'Thanks', 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL),
  ('prs-rain', 'int-rain', 'pay-rain', 'gus', 'rain', 'acc', 1000, 'CNY', 'public', NULL,
   NULL, 1, '1970-01-01', 20, 20, 30, 604800000, 'held', 20, NULL);
UPDATE intent SET state = 'paid', state_at = 20 WHERE id IN ('int-paid', 'int-rain');
UPDATE intent SET state = 'returned', refusal = 'article_frozen', state_at = 20 WHERE id =
  'int-back';
UPDATE provider_order SET state = 'open', state_at = 11;
UPDATE provider_order SET state = 'paid', state_at = 20 WHERE id IN ('ord-paid', 'ord-rain',
  'ord-back');
INSERT INTO provider_order VALUES
  ('ord-old', 'int-bare', 'sandbox', 1000, 'CNY', '/pay', 10, 99, 'created', 10, NULL);
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
INSERT INTO ledger_transaction (id, at) VALUES ('t-sealed', 20), ('t-open', 20);
INSERT INTO ledger_entry VALUES
  ('t-sealed', 1, 'provider_unsettled', 'sandbox', 'CNY', 1000),
  ('t-sealed', 2, 'writer_held', 'acc', 'CNY', -1000);
UPDATE ledger_transaction SET sealed = 1 WHERE id = 't-sealed';
INSERT INTO ledger_entry VALUES ('t-open', 1, 'provider_unsettled', 'sandbox', 'CNY', 1000);
