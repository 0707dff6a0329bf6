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

-- payer_day_first: payer_day_cap
INSERT INTO payer_day VALUES ('sandbox', 'payer-1', 'CNY', '1970-01-02', 1, 100001);

-- payer_day_more: payer_day_cap
UPDATE payer_day SET booked_minor = 100001 WHERE payer = 'payer-1';

-- article_day_more: article_day_cap
UPDATE article_day SET booked_minor = 2000001;

-- writer_day_first: writer_day_cap
INSERT INTO writer_day VALUES ('wen', 'CNY', '1970-01-02', 1, 5000001);

-- writer_day_more: writer_day_cap
UPDATE writer_day SET booked_minor = 5000001 WHERE currency = 'CNY';

-- Linked people.

-- person_link: person_link
UPDATE person SET human_id = NULL WHERE id = 'wen-too';

-- person_link: person_link
UPDATE person SET human_id = NULL, linked_at = 9 WHERE id = 'wen-too';

-- person_link: person_link
UPDATE person SET linked_at = NULL WHERE id = 'wen-too';

-- person_link: person_link
UPDATE person SET human_id = 'ana', linked_at = 9 WHERE id = 'gus';

-- A link that waits.

-- person_link: person_link
UPDATE person SET human_id = 'olga', linked_at = 5 WHERE id = 'otto';

-- A link that is between other people.

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'olga', 'otto', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = 'ana', linked_at = 9 WHERE id = 'gus';

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = 'ana', linked_at = NULL WHERE id = 'gus';

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = 'ana', linked_at = 10 WHERE id = 'gus';

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = NULL, linked_at = 9 WHERE id = 'gus';

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = 'gus', linked_at = 9 WHERE id = 'gus';

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'gus', 'wen-too', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = 'wen-too', linked_at = 9 WHERE id = 'gus';

-- person_link: person_link
INSERT INTO human_link VALUES ('n', 'gus', 'wen', 'sandbox', 'print-9', 9, 9, NULL, NULL);
UPDATE person SET human_id = 'gus', linked_at = 9 WHERE id = 'wen';

-- person_link: person_link
UPDATE person SET linked_at = 9 WHERE id = 'gus';

-- A link that two operators have dissolved.

-- person_link: person_link
UPDATE link_dissolution SET approved_by = 'otto', approved_at = 9 WHERE id = 'dsl-open';
UPDATE human_link SET dissolved_at = 9 WHERE id = 'lnk-wen';
UPDATE person SET human_id = NULL, linked_at = 8 WHERE id = 'wen-too';

-- human_link_once: exists
INSERT OR REPLACE INTO human_link VALUES ('lnk-wen', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, NULL, NULL);

-- human_link_once: exists
INSERT OR REPLACE INTO human_link VALUES ('n', 'wen', 'wen-too', 'sandbox', 'print-0', 9, 9, NULL, NULL);

-- human_link_once: person_link
INSERT INTO human_link VALUES ('n', 'gus', 'ana', 'sandbox', 'print-9', 9, 9, NULL, NULL);

-- human_link_once: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'ana', 'sandbox', 'print-9', 9, 9, NULL, NULL);

-- human_link_once: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, 'olga', NULL);

-- human_link_once: person_link
INSERT INTO human_link VALUES ('n', 'ana', 'gus', 'sandbox', 'print-9', 9, 9, NULL, 9);

-- human_link_fixed: append_only
UPDATE human_link SET made_at = NULL WHERE id = 'lnk-wen';

-- human_link_fixed: append_only
UPDATE link_dissolution SET approved_by = 'otto', approved_at = 9 WHERE id = 'dsl-open';
UPDATE human_link SET dissolved_at = 9 WHERE id = 'lnk-wen';
UPDATE human_link SET dissolved_at = NULL WHERE id = 'lnk-wen';

-- human_link_no_delete: append_only
DELETE FROM human_link WHERE id = 'lnk-new';

-- human_link_dissolve: two_persons
UPDATE human_link SET dissolved_at = 9 WHERE id = 'lnk-wen';

-- human_link_dissolve: two_persons
UPDATE link_dissolution SET approved_by = 'otto', approved_at = 9 WHERE id = 'dsl-open';
UPDATE human_link SET dissolved_at = 10 WHERE id = 'lnk-wen';

-- link_dissolution_once: exists
INSERT OR REPLACE INTO link_dissolution VALUES
  ('dsl-old', 'lnk-new', 'Two people', 'hash-1', 'olga', 9, NULL, NULL, NULL);

-- link_dissolution_once: action_open
INSERT OR REPLACE INTO link_dissolution VALUES
  ('n', 'lnk-wen', 'Two people', 'hash-1', 'otto', 9, NULL, NULL, NULL);

-- link_dissolution_once: two_persons
UPDATE link_dissolution SET withdrawn_at = 9 WHERE id = 'dsl-waits';
INSERT INTO link_dissolution VALUES
  ('n', 'lnk-waits', 'Two people', 'hash-1', 'olga', 9, 'olga', 9, NULL);

-- link_dissolution_fixed: append_only
UPDATE link_dissolution SET withdrawn_at = NULL WHERE id = 'dsl-old';

-- link_dissolution_fixed: append_only
UPDATE link_dissolution SET withdrawn_at = 9 WHERE id = 'dsl-open';
UPDATE link_dissolution SET approved_by = 'otto', approved_at = 9, withdrawn_at = NULL
  WHERE id = 'dsl-open';

-- link_dissolution_approve: two_persons
UPDATE link_dissolution SET approved_by = 'olga', approved_at = 9 WHERE id = 'dsl-open';

-- link_dissolution_approve: two_persons
UPDATE human_link SET made_at = 9, confirmed_by = 'olga' WHERE id = 'lnk-waits';
UPDATE person SET human_id = 'olga', linked_at = 9 WHERE id = 'otto';
UPDATE link_dissolution SET approved_by = 'otto', approved_at = 9 WHERE id = 'dsl-open';

-- link_dissolution_no_delete: append_only
DELETE FROM link_dissolution WHERE id = 'dsl-old';

-- Two people linked to each other.

-- person_link: person_link
UPDATE person SET human_id = iif(id = 'gus', 'ana', 'gus'), linked_at = 9 WHERE id IN ('ana', 'gus');

-- undo_day_first: undo_day
INSERT INTO undo_day VALUES ('gus', '1970-01-01', 11);

-- undo_day_first: undo_day
INSERT INTO undo_day VALUES ('wen', '1970-01-01', 2);

-- undo_day_more: undo_day
UPDATE undo_day SET used = 11 WHERE person_id = 'ana';

-- undo_day_more: undo_day
INSERT INTO undo_day VALUES ('wen', '1970-01-01', 1);
UPDATE undo_day SET used = used + 1 WHERE person_id = 'wen';

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
INSERT INTO human_link VALUES ('n', 'ana', 'olga', 'sandbox', 'print-9', 9, 9, NULL, NULL);
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

-- intent_late_limit: reader_own_praise
UPDATE reader_limit SET limit_minor = 999 WHERE scope = 'praise';
UPDATE intent SET state = 'expired' WHERE id = 'int-open';
UPDATE intent SET state = 'paid' WHERE id = 'int-open';

-- A cap is raised by two operators, at least a day before.

-- policy_raise_once: exists
INSERT OR REPLACE INTO policy_raise VALUES
  ('rse-open', 'CNY', 2, 0, '{}', 'Asked for', 'hash', 'olga', 50, NULL, NULL, NULL, NULL);

-- policy_raise_once: two_persons
INSERT INTO policy_raise VALUES
  ('n', 'CNY', 2, 0, '{}', 'Asked for', 'hash', 'olga', 50, 'otto', 51, NULL, 9);

-- policy_raise_fixed: append_only
UPDATE policy_raise SET withdrawn_at = 60, approved_by = NULL, approved_at = NULL, version = NULL
WHERE id = 'rse-done';

-- policy_raise_approve: two_persons
UPDATE policy_raise SET approved_by = 'olga', approved_at = 53, version = 8 WHERE id = 'rse-open';

-- policy_raise_no_delete: append_only
DELETE FROM policy_raise WHERE id = 'rse-open';

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (9, 'CNY', 5000, 100, 20001, 100000, 20001, 100000, 2000000, 5000000, 7, 10, 'any', 50);

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (9, 'CNY', 5000, 100, 20000, 100001, 20000, 100000, 2000000, 5000000, 7, 10, 'any', 50);

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (9, 'CNY', 5000, 100, 20000, 100000, 20001, 100000, 2000000, 5000000, 7, 10, 'any', 50);

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (9, 'CNY', 5000, 100, 20000, 100000, 20000, 100001, 2000000, 5000000, 7, 10, 'any', 50);

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (9, 'CNY', 5000, 100, 20000, 100000, 20000, 100000, 2000001, 5000000, 7, 10, 'any', 50);

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (9, 'CNY', 5000, 100, 20000, 100000, 20000, 100000, 2000000, 5000001, 7, 10, 'any', 50);

-- Approved, and in force a millisecond too early.

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (7, 'CNY', 86400050, 100, 20000, 200000, 20000, 100000, 2000000, 5000000, 7, 10, 'any', 50);

-- More than what was approved.

-- policy_cap_raised: two_persons
INSERT INTO policy VALUES
  (7, 'CNY', 86400051, 100, 20000, 200001, 20000, 100000, 2000000, 5000000, 7, 10, 'any', 50);

-- An article under review, and the articles of a suspended account.

-- article_of_suspended: account_suspended
UPDATE official_account SET status = 'suspended' WHERE id = 'acc';
INSERT INTO article VALUES
  ('n', 'acc', 'new', 'New', NULL, 'en', 'It thawed.', 1, 'published', 0, 0, 1);

-- article_edited: article_frozen
UPDATE article SET status = 'frozen' WHERE id = 'art';
UPDATE article SET summary = 'It thawed.', version = 2 WHERE id = 'art';

-- article_edited: account_suspended
UPDATE official_account SET status = 'suspended' WHERE id = 'acc';
UPDATE article SET summary = 'It thawed.', version = 2 WHERE id = 'art';

-- article_unfrozen: article_frozen
UPDATE article SET status = 'frozen' WHERE id = 'art';
INSERT INTO freeze VALUES ('n', 'art', 1, 'selling', 'olga', 20, 99, NULL, NULL, NULL, 'open', 20,
  NULL);
UPDATE article SET status = 'published' WHERE id = 'art';

-- Versions of an article.

-- article_edited: article_version
UPDATE article SET summary = 'It thawed.' WHERE id = 'art';

-- article_edited: article_version
UPDATE article SET version = 3 WHERE id = 'art';

-- article_once: article_version
INSERT INTO article VALUES
  ('n', 'acc', 'new', 'New', NULL, 'en', 'It thawed.', 1, 'published', 0, 0, 2);

-- article_version_once: append_only
INSERT OR REPLACE INTO article_version VALUES
  ('art', 1, 'Snow', 'Wen', 'en', 'It snowed.', printf('%064d', 9), 0, 'acc', 'CNY', '1970-01-01', 1);

-- article_version_once: article_version
UPDATE article SET title = 'Sun', version = 2 WHERE id = 'art';
INSERT INTO article_version VALUES
  ('art', 2, 'Snow', 'Wen', 'en', 'It snowed.', printf('%064d', 9), 0, 'acc', 'CNY', '1970-01-01', 1);

-- article_version_once: publish_quota
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 47)
INSERT INTO article SELECT 'n' || i, 'acc', 'n' || i, 'New', NULL, 'en', '', 1, 'published', 0, 0, 1
FROM n;
INSERT INTO article_version
SELECT id, 1, title, author, lang, summary, printf('%064d', 9), 0, 'acc', 'CNY', '1970-01-01', 1
FROM article WHERE slug LIKE 'n%';

-- article_version_no_update: append_only
UPDATE article_version SET title = 'Sun' WHERE article_id = 'art';

-- article_version_no_delete: append_only
DELETE FROM article_version WHERE article_id = 'dol';

-- article_text_once: append_only
INSERT OR REPLACE INTO article_text VALUES ('art', 1, 'html', '<p>It thawed.</p>');

-- article_text_no_update: append_only
UPDATE article_text SET body = '<p>It thawed.</p>' WHERE article_id = 'art';

-- article_text_no_delete: append_only
DELETE FROM article_text WHERE article_id = 'art';

-- api_token_limit: too_many_tokens
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11)
INSERT INTO api_token SELECT 'tok-n' || i, 'n' || i, 'ana', 'publish', 'New', 0, 9, NULL FROM n;
