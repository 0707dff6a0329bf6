//! Fills a database with very many praises, as if the product had been used for two years.

use rusqlite::Connection;

/// Adds this many praises, with all rows that belong to them, to a database with one article, its
/// writer and one reader. These three get a long history, but the number of their praises in the last
/// month does not depend on the size.
///
/// The rows are written without triggers, which takes seconds instead of hours.
pub fn fill(connection: &Connection, praises: usize) -> rusqlite::Result<()> {
    let triggers: Vec<(String, String)> = connection
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?;
    for (name, _) in &triggers {
        connection.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    connection.execute_batch(&ROWS.replace("{praises}", &praises.to_string()))?;
    for (_, sql) in &triggers {
        connection.execute_batch(sql)?;
    }
    connection.execute_batch("COMMIT; PRAGMA foreign_keys = ON")
}

const ROWS: &str = "
CREATE TEMP TABLE base AS
SELECT article.id AS article_id, article.account_id, account.owner_id, account.currency,
       article.published_at AS now, reader.id AS reader_id,
       (SELECT max(version) FROM policy WHERE currency = account.currency
          AND effective_from <= article.published_at) AS version
FROM article JOIN official_account AS account ON account.id = article.account_id
JOIN person AS reader ON reader.id <> account.owner_id LIMIT 1;

-- The reader gave the newest forty praises to the article, spread over the last month. All others are
-- older. The reader gave one in 200 of them. The article received one in 50 of them, and a hundred in
-- a row, which fill the first page of its wall.
CREATE TEMP TABLE made AS
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {praises}),
placed AS (
  SELECT i, base.*, iif(i < 40, now - 3600000 * (1 + i * 15),
             now - 86400000 * 40 - 86400000 * 690 / {praises} * i) AS at,
         i < 40 OR i % 200 = 0 AS by_reader, i < 40 OR i BETWEEN 200 AND 299 OR i % 50 = 1 AS of_article
  FROM n CROSS JOIN base)
SELECT i, printf('large%08d', i) AS name, at, currency, version,
       iif(by_reader, reader_id, 'per_large' || (i % ({praises} / 5))) AS person_id,
       iif(of_article, article_id, 'art_large' || (i / 500)) AS article_id,
       iif(of_article, account_id, 'acc_large' || (i / 5000)) AS account_id,
       iif(of_article, owner_id, 'per_writer' || (i / 5000)) AS owner_id,
       date(at / 1000, 'unixepoch') AS day,
       iif(i < 20, 'held', 'paid_out') AS state,
       -- One attempt in a thousand was returned instead, and so were forty of the reader's.
       i BETWEEN 100 AND 139 OR i % 1000 = 7 AS went_back
FROM placed;
UPDATE made SET person_id = (SELECT reader_id FROM base) WHERE i BETWEEN 100 AND 139;

INSERT OR IGNORE INTO person (id, kind, name, created_at)
SELECT DISTINCT person_id, 'member', person_id, 1 FROM made
UNION SELECT DISTINCT owner_id, 'member', owner_id, 1 FROM made;
INSERT INTO identity SELECT 'large', id, id, 1 FROM person WHERE id LIKE 'per_large%';
INSERT INTO session SELECT id, id, 1, now + 86400000 FROM person CROSS JOIN base
WHERE id LIKE 'per_large%';
INSERT OR IGNORE INTO official_account (id, handle, owner_id, name, kind, currency, status, praise_on,
                                        presets, created_at)
SELECT DISTINCT account_id, account_id, owner_id, account_id, 'individual', currency, 'active', 1,
       '[]', 1 FROM made;
INSERT INTO article (id, account_id, slug, title, lang, summary, praise_on, status, published_at,
                     updated_at, version)
SELECT article_id, min(account_id), article_id, article_id, 'en', '', 1, 'published', min(at), 1, 1
FROM made WHERE article_id NOT IN (SELECT id FROM article) GROUP BY article_id;
INSERT INTO article_version
SELECT article.id, article.version, title, author, lang, summary, hex(zeroblob(32)), updated_at,
       account_id, currency, date('1970-01-01', '+' || row_number() OVER () || ' days'), 1
FROM article JOIN official_account AS account ON account.id = article.account_id
WHERE article.id NOT IN (SELECT article_id FROM article_version);
INSERT INTO article_text
SELECT article_id, version, form, '' FROM article_version
CROSS JOIN (SELECT 'markdown' AS form UNION ALL SELECT 'html')
WHERE article_id NOT IN (SELECT article_id FROM article_text);
INSERT INTO invitation (id, code_hash, made_by, made_at, expires_at, used_by, used_at)
SELECT 'inv_' || id, id, id, 1, 9, id, 2 FROM person WHERE id LIKE 'per_%0';
INSERT INTO reader_limit (person_id, currency, scope, limit_minor)
SELECT id, 'CNY', 'day', 90000 FROM person WHERE id LIKE 'per_large%0';
INSERT INTO take_back_month (person_id, month, used)
SELECT DISTINCT person_id, substr(day, 1, 7), 1 FROM made WHERE i % 4 = 1;
INSERT INTO attempt (bucket, window_start, used)
SELECT 'person-day:' || id, now / 86400000 * 86400000, 1 FROM person CROSS JOIN base
WHERE id LIKE 'per_large%';
INSERT INTO idempotency (person_id, key, fingerprint, intent_id, created_at)
SELECT person_id, name, name, 'int_' || name, at FROM made WHERE i % 100 = 3;

INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency, visibility,
                    policy_version, reader_day, started_at, expires_at, refusal, state, state_at,
                    money_back_at)
SELECT 'int_' || name, person_id, article_id, account_id, 100, currency, 'public', version, day,
       at, at + 1800000, iif(went_back, 'article_frozen', NULL),
       iif(went_back, 'returned', 'paid'), at, iif(went_back, at, NULL) FROM made;
INSERT INTO provider_order (id, intent_id, provider, amount_minor, currency, pay_url, created_at,
                            expires_at, state, state_at)
SELECT 'ord_' || name, 'int_' || name, 'sandbox', 100, currency, '/pay', at, at + 1800000, 'paid',
       at FROM made;
INSERT INTO payment (id, provider, transaction_id, order_number, intent_id, amount_minor, currency,
                     paid_at, booked_at, fate)
SELECT 'pay_' || name, 'sandbox', 'tx_' || name, 'ord_' || name, 'int_' || name, 100, currency, at,
       at, iif(went_back, 'return', 'praise') FROM made;
INSERT INTO refund (id, payment_id, amount_minor, currency, created_at, state, state_at)
SELECT 'ref_' || name, 'pay_' || name, 100, currency, at, 'succeeded', at FROM made WHERE went_back;
INSERT INTO praise (id, intent_id, payment_id, person_id, article_id, account_id, amount_minor,
                    currency, visibility, policy_version, paid_day, paid_at, booked_at, undo_until,
                    due_at, state, state_at, matured)
SELECT 'prs_' || name, 'int_' || name, 'pay_' || name, person_id, article_id, account_id, 100,
       currency, 'public', version, day, at, at, at + 600000, at + 691200000, state, at,
       state = 'paid_out' FROM made WHERE NOT went_back;
INSERT INTO event (machine, subject_id, from_state, to_state, at)
SELECT 'intent', 'int_' || name, '', 'awaiting_payment', at FROM made
UNION ALL SELECT 'intent', 'int_' || name, 'awaiting_payment', 'paid', at FROM made
UNION ALL SELECT 'provider_order', 'ord_' || name, '', 'created', at FROM made
UNION ALL SELECT 'praise', 'prs_' || name, '', 'held', at FROM made;
INSERT INTO ledger_transaction (id, at, sealed) SELECT 'praise.booked:prs_' || name, at, 1 FROM made;
INSERT INTO ledger_entry (transaction_id, line, account, owner, currency, amount_minor)
SELECT 'praise.booked:prs_' || name, line, iif(line = 1, 'provider_unsettled', 'writer_held'),
       iif(line = 1, 'sandbox', account_id), currency, iif(line = 1, 100, -100)
FROM made CROSS JOIN (SELECT 1 AS line UNION ALL SELECT 2);
INSERT INTO ledger_balance (account, owner, currency, balance_minor)
SELECT account, owner, currency, sum(amount_minor) FROM ledger_entry WHERE true
GROUP BY account, owner, currency
ON CONFLICT DO UPDATE SET balance_minor = excluded.balance_minor;
INSERT INTO reader_day (person_id, currency, day, policy_version, reserved_minor)
SELECT person_id, currency, day, version, count(*) * 100 FROM made GROUP BY person_id, day;
INSERT INTO article_day (article_id, currency, day, policy_version, booked_minor)
SELECT article_id, currency, day, version, count(*) * 100 FROM made GROUP BY article_id, day;
INSERT INTO writer_day (person_id, currency, day, policy_version, booked_minor)
SELECT owner_id, currency, day, version, count(*) * 100 FROM made GROUP BY owner_id, day;
INSERT INTO wall_person (article_id, person_id, standing, standing_public, public_at)
SELECT article_id, person_id, count(*), count(*), max(at) FROM made WHERE NOT went_back
GROUP BY article_id, person_id;
INSERT INTO wall_count (article_id, persons, persons_public)
SELECT article_id, count(*), count(*) FROM wall_person GROUP BY article_id;
INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
SELECT 'sandbox', 'payment', 'tx_' || name, currency, 100, at, account_id FROM made;
INSERT INTO job (kind, subject_id, due_at, done_at)
SELECT 'poll_order', 'ord_' || name, at, at FROM made WHERE i % 10 = 0;
DROP TABLE made;
DROP TABLE base;
";
