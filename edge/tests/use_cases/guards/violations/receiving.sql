-- Receiving praise.

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
INSERT OR REPLACE INTO bank_card VALUES ('card-usd', 'usd', 'sandbox', 'token-9', 'print-9', '1234', 1, 5, 5, NULL);

-- bank_card_attach: exists
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-usd';
INSERT OR REPLACE INTO bank_card VALUES ('card-usd', 'usd', 'sandbox', 'token-9', 'print-9', '1234', 1, 5, 5, NULL);

-- bank_card_attach: exists
INSERT OR REPLACE INTO bank_card VALUES ('n', 'usd', 'sandbox', 'token-9', 'print-9', '1234', 1, 5, 5, NULL);

-- bank_card_attach: card_of_another
INSERT INTO official_account VALUES ('ana', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
INSERT INTO bank_card VALUES ('n', 'ana', 'sandbox', 'token-9', 'print-1', '1234', 1, 5, 5, NULL);

-- bank_card_attach: card_of_another
INSERT INTO official_account VALUES ('ana', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
UPDATE bank_card SET removed_at = 9 WHERE id = 'card-acc';
INSERT INTO bank_card VALUES ('n', 'ana', 'sandbox', 'token-9', 'print-1', '1234', 1, 5, 5, NULL);

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

-- bank_card_no_delete: append_only
INSERT INTO official_account VALUES ('n', 'ana-writes', 'ana', 'Ana', '', 'individual', 'CNY',
  'active', 1, '[100]', NULL, NULL, 0);
INSERT INTO bank_card VALUES ('n', 'n', 'sandbox', 'token-9', 'print-9', '1234', 1, 5, 5, NULL);
DELETE FROM bank_card WHERE id = 'n';
