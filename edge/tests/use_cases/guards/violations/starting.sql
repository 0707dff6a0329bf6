-- Starting an intent.

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
  'created', 10, NULL, NULL);

-- provider_order_start: order_open
INSERT INTO provider_order VALUES ('n', 'int-bare', 'sandbox', 1000, 'CNY', NULL, 10, 99,
  'created', 10, NULL, NULL);

-- provider_order_start: order_amount
INSERT INTO provider_order VALUES ('n', 'int-paid', 'sandbox', 1001, 'CNY', NULL, 10, 99,
  'created', 10, NULL, NULL);

-- provider_order_start: order_amount
INSERT INTO provider_order VALUES ('n', 'int-paid', 'sandbox', 1000, 'USD', NULL, 10, 99,
  'created', 10, NULL, NULL);

-- intent_start: praise_min
INSERT INTO policy VALUES (9, 'CNY', 5000, 200, 10000, 100000, 20000, 100000, 2000000, 5000000, 7, 10, 'any', 50);
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'gus', 'art', 'acc', 150, 'CNY', 'public', NULL, 9,
  '1970-01-01', 10, 99, NULL, 'awaiting_payment', 10, NULL);

-- intent_start: praise_cap
INSERT INTO policy VALUES (9, 'CNY', 5000, 200, 10000, 100000, 20000, 100000, 2000000, 5000000, 7, 10, 'any', 50);
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason) VALUES ('n', 'gus', 'art', 'acc', 10001, 'CNY', 'public', NULL, 9,
  '1970-01-01', 10, 99, NULL, 'awaiting_payment', 10, NULL);

-- provider_order_start: order_open
INSERT OR REPLACE INTO provider_order VALUES ('n', 'int-bare', 'sandbox', 1000, 'CNY', NULL, 10, 99,
  'created', 10, NULL, NULL);

-- The sixth open attempt of a person.

-- intent_start: open_intents
INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
  visibility, note, policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
  state_reason)
SELECT value, 'gus', 'art', 'acc', 1000, 'CNY', 'public', NULL, 1, '1970-01-01', 10, 99, NULL,
  'awaiting_payment', 10, NULL
FROM json_each('["n-1", "n-2", "n-3", "n-4", "n-5", "n-6"]');
