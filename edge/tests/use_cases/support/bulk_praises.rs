//! Books very many praises of one article quickly: the same rows that a booking writes, with all
//! guards active, but with one statement for all praises instead of a use case for each.

use shared::calendar;
use shared::limits::Limits;

use super::people::Article;
use super::world::World;

/// The amount of each praise in minor units: the minimum, so that many fit under the caps.
pub const BULK_MINOR: i64 = 100;

impl World {
    /// Books `count` public praises of an article now, each of [`BULK_MINOR`], with a new reader
    /// for every hundred of them. A day has room for 20,000 of them in CNY and 3,000 in USD. Call
    /// it at most once per moment in the same world, because the ids contain the time.
    pub fn bulk_praise(&self, article: &Article, count: usize) {
        let now = self.now();
        let limits = Limits::of(article.currency);
        let values = [
            ("{count}", count.to_string()),
            ("{batch}", now.ms().to_string()),
            ("{article}", article.id.clone()),
            ("{currency}", article.currency.code().to_owned()),
            ("{minor}", BULK_MINOR.to_string()),
            ("{now}", now.ms().to_string()),
            ("{day}", now.day(article.currency).to_string()),
            ("{due}", calendar::due_at(now, article.currency, limits.hold_days).ms().to_string()),
            ("{undo}", now.plus_minutes(limits.undo_minutes).ms().to_string()),
        ];
        let fill = |sql: &str| {
            values.iter().fold(sql.to_owned(), |sql, (name, value)| sql.replace(name, value))
        };
        self.raw(&fill(PRODUCT));
        self.sandbox.raw(&fill(SANDBOX)).unwrap();
    }
}

const PRODUCT: &str = "
CREATE TEMP TABLE bulk AS
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
SELECT printf('{batch}x%06d', i) AS name, 'per_bulk' || (i / 5) AS person_id,
       account.id AS account_id, account.owner_id,
       (SELECT version FROM policy WHERE currency = '{currency}' AND effective_from <= {now}
        ORDER BY effective_from DESC LIMIT 1) AS version
FROM n JOIN article ON article.id = '{article}'
JOIN official_account AS account ON account.id = article.account_id;

INSERT INTO person (id, kind, name, created_at)
SELECT DISTINCT person_id, 'member', person_id, {now} FROM bulk
WHERE person_id NOT IN (SELECT id FROM person);

INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency, visibility,
                    policy_version, reader_day, started_at, expires_at, state, state_at)
SELECT 'int_' || name, person_id, '{article}', account_id, {minor}, '{currency}', 'public',
       version, '{day}', {now}, {now} + 1800000, 'awaiting_payment', {now} FROM bulk;

INSERT INTO reader_day (person_id, currency, day, policy_version, reserved_minor)
SELECT person_id, '{currency}', '{day}', min(version), count(*) * {minor} FROM bulk
WHERE true GROUP BY person_id
ON CONFLICT DO UPDATE SET reserved_minor = reserved_minor + excluded.reserved_minor;

INSERT INTO provider_order (id, intent_id, provider, amount_minor, currency, pay_url, created_at,
                            expires_at, state, state_at)
SELECT 'ord_' || name, 'int_' || name, 'sandbox', {minor}, '{currency}', '/pay', {now},
       {now} + 1800000, 'created', {now} FROM bulk;

UPDATE provider_order SET state = 'paid' WHERE id IN (SELECT 'ord_' || name FROM bulk);
UPDATE intent SET state = 'paid' WHERE id IN (SELECT 'int_' || name FROM bulk);

INSERT INTO payment (id, provider, transaction_id, order_number, intent_id, amount_minor, currency,
                     paid_at, booked_at, fate)
SELECT 'pay_' || name, 'sandbox', 'tx_' || name, 'ord_' || name, 'int_' || name, {minor},
       '{currency}', {now}, {now}, 'praise' FROM bulk;

INSERT INTO praise (id, intent_id, payment_id, person_id, article_id, account_id, amount_minor,
                    currency, visibility, policy_version, paid_day, paid_at, booked_at, undo_until,
                    due_at, state, state_at)
SELECT 'prs_' || name, 'int_' || name, 'pay_' || name, person_id, '{article}', account_id,
       {minor}, '{currency}', 'public', version, '{day}', {now}, {now}, {undo}, {due}, 'held',
       {now} FROM bulk;

INSERT INTO article_day (article_id, currency, day, policy_version, booked_minor)
SELECT '{article}', '{currency}', '{day}', min(version), count(*) * {minor} FROM bulk WHERE true
ON CONFLICT DO UPDATE SET booked_minor = booked_minor + excluded.booked_minor;

INSERT INTO writer_day (person_id, currency, day, policy_version, booked_minor)
SELECT min(owner_id), '{currency}', '{day}', min(version), count(*) * {minor} FROM bulk WHERE true
ON CONFLICT DO UPDATE SET booked_minor = booked_minor + excluded.booked_minor;

INSERT INTO ledger_transaction (id, at) SELECT 'praise.booked:prs_' || name, {now} FROM bulk;
INSERT INTO ledger_entry (transaction_id, line, account, owner, currency, amount_minor)
SELECT 'praise.booked:prs_' || name, 1, 'provider_unsettled', 'sandbox', '{currency}', {minor}
FROM bulk;
INSERT INTO ledger_entry (transaction_id, line, account, owner, currency, amount_minor)
SELECT 'praise.booked:prs_' || name, 2, 'writer_held', account_id, '{currency}', -{minor} FROM bulk;
UPDATE ledger_transaction SET sealed = 1
WHERE id IN (SELECT 'praise.booked:prs_' || name FROM bulk);

INSERT INTO job (kind, subject_id, due_at)
SELECT DISTINCT 'settle', account_id || ':{due}', {due} FROM bulk WHERE true
ON CONFLICT DO NOTHING;

DROP TABLE bulk;";

const SANDBOX: &str = "
INSERT INTO sandbox_order (number, request, amount_minor, currency, payee, description, return_url,
                           expires_at, state, transaction_id, paid_at, paid_minor)
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
SELECT printf('ord_{batch}x%06d', i), '{}', {minor}, '{currency}', 'Wen', 'Snow', '/i',
       {now} + 1800000, 'paid', printf('tx_{batch}x%06d', i), {now}, {minor} FROM n;";
