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

-- Linked people.

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

-- Two people linked to each other.

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

-- intent_late_limit: reader_own_praise
UPDATE reader_limit SET limit_minor = 999 WHERE scope = 'praise';
UPDATE intent SET state = 'expired' WHERE id = 'int-open';
UPDATE intent SET state = 'paid' WHERE id = 'int-open';
