//! A database with any number of praises, made by a few statements, for measurements.
//!
//! The praises are spread over [`DAYS`] days, accounts, articles and readers; a tenth of them is for
//! one article. Those of the last seven days are held, and the others are paid out, in one payout for
//! each account and day. No bill has been read yet. The self-check finds nothing wrong in it.

use edge::database::DatabaseError;
use edge::database::sqlite::Sqlite;

/// The days over which the praises are spread.
pub const DAYS: i64 = 200;
/// The moment at which the first of those days begins in Shanghai, in Unix milliseconds.
pub const BEGINS_MS: i64 = 1_778_428_800_000;

/// Fills an empty, migrated database. The triggers would take most of the time, so they are dropped
/// first and created again at the end. The rows that they would write are inserted here.
pub fn fill(db: &Sqlite, praises: i64) -> Result<(), DatabaseError> {
    let triggers: Vec<(String, String)> = {
        let connection = db.connection();
        let mut read = connection
            .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            .expect("the schema can be read");
        let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.and_then(Iterator::collect).expect("each trigger has a name and its SQL")
    };
    for (name, _) in &triggers {
        db.execute_raw(&format!("DROP TRIGGER {name}"))?;
    }
    let counts = [
        ("{praises}", praises),
        ("{readers}", praises / 20 + 1),
        ("{accounts}", praises / 2000 + 2),
        ("{articles}", praises / 200 + 2),
        ("{days}", DAYS),
        ("{begins}", BEGINS_MS),
    ];
    db.execute_raw("PRAGMA foreign_keys = OFF; BEGIN")?;
    for template in STATEMENTS {
        let mut sql = (*template).to_owned();
        for (name, count) in counts {
            sql = sql.replace(name, &count.to_string());
        }
        db.execute_raw(&sql)?;
    }
    for (_, sql) in &triggers {
        db.execute_raw(sql)?;
    }
    db.execute_raw("COMMIT; PRAGMA foreign_keys = ON")
}

/// `bulk` has one row for each praise, and all other rows are made from it.
const STATEMENTS: &[&str] = &[
    "CREATE TEMP TABLE bulk AS
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {praises})
     SELECT i, printf('%09d', (i * 7919) % {praises}) AS no, i * {days} / {praises} AS d,
            iif(i % 10 = 0, 0, (i * 31) % {articles}) AS article,
            iif(i % 10 = 0, 0, (i * 31) % {articles}) % {accounts} AS account,
            (i * 13) % {readers} AS reader, 100 + i % 5 * 100 AS minor,
            date(({begins} + 28800000) / 1000, 'unixepoch', '+' || (i * {days} / {praises}) || ' days')
              AS day,
            {begins} + i * {days} / {praises} * 86400000 + i % 3600 * 1000 AS at
     FROM n",
    "INSERT INTO person (id, kind, name, created_at)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {readers})
     SELECT printf('per_r%08d', i), 'member', 'Reader', {begins} FROM n",
    "INSERT INTO person (id, kind, name, created_at)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {accounts})
     SELECT printf('per_w%08d', i), 'member', 'Writer', {begins} FROM n",
    "INSERT INTO official_account
       (id, handle, owner_id, name, kind, currency, status, praise_on, presets, created_at)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {accounts})
     SELECT printf('acc_%08d', i), printf('writer-%d', i), printf('per_w%08d', i), 'Writer',
            'individual', 'CNY', 'active', 1, '[100]', {begins} FROM n",
    "INSERT INTO bank_card
       (id, account_id, provider, token, fingerprint, last4, verified, attached_at, usable_from)
     SELECT 'crd' || substr(id, 4), id, 'sandbox', id, 'fp' || substr(id, 4), '1234', 0, {begins},
            {begins} FROM official_account",
    "INSERT INTO article (id, account_id, slug, title, lang, summary, praise_on, status,
                          published_at, updated_at, version)
     WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {articles})
     SELECT printf('art_%08d', i), printf('acc_%08d', i % {accounts}), printf('article-%d', i),
            'Snow', 'en', '', 1, 'published', {begins}, {begins}, 1 FROM n",
    "INSERT INTO article_version
     SELECT id, version, title, author, lang, summary, hex(zeroblob(32)), updated_at, account_id,
            'CNY', date('1970-01-01', '+' || row_number() OVER () || ' days'),
            (SELECT min(version) FROM policy WHERE currency = 'CNY') FROM article",
    "INSERT INTO article_text
     SELECT article_id, version, form, '' FROM article_version
     CROSS JOIN (SELECT 'markdown' AS form UNION ALL SELECT 'html')",
    "INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency, visibility,
                         policy_version, reader_day, started_at, expires_at, state, state_at)
     SELECT 'int_' || no, printf('per_r%08d', reader), printf('art_%08d', article),
            printf('acc_%08d', account), minor, 'CNY', 'public',
            (SELECT min(version) FROM policy WHERE currency = 'CNY'), day, at, at + 1800000, 'paid',
            at FROM bulk ORDER BY no",
    "INSERT INTO provider_order (id, intent_id, provider, amount_minor, currency, pay_url, created_at,
                                 expires_at, state, state_at)
     SELECT 'ord_' || no, 'int_' || no, 'sandbox', minor, 'CNY', '/', at, at + 1800000, 'paid', at
     FROM bulk ORDER BY no",
    "INSERT INTO payment (id, provider, transaction_id, order_number, intent_id, amount_minor,
                          currency, paid_at, booked_at, fate)
     SELECT 'pay_' || no, 'sandbox', 'tx_' || no, 'ord_' || no, 'int_' || no, minor, 'CNY', at, at,
            'praise' FROM bulk ORDER BY no",
    "INSERT INTO praise (id, intent_id, payment_id, person_id, article_id, account_id, amount_minor,
                         currency, visibility, policy_version, paid_day, paid_at, booked_at,
                         undo_until, due_at, state, state_at, matured)
     SELECT 'prs_' || no, 'int_' || no, 'pay_' || no, printf('per_r%08d', reader),
            printf('art_%08d', article), printf('acc_%08d', account), minor, 'CNY', 'public',
            (SELECT min(version) FROM policy WHERE currency = 'CNY'), day, at, at, at + 600000,
            {begins} + (d + 7) * 86400000, iif(d < {days} - 7, 'paid_out', 'held'), at,
            d < {days} - 7 FROM bulk ORDER BY no",
    "INSERT INTO payout (id, account_id, provider, currency, day, gross_minor, debt_minor, card_id,
                         created_at, state, state_at, place)
     SELECT printf('pot_%08d_%03d', account, d), printf('acc_%08d', account), 'sandbox', 'CNY',
            date(day, '+7 days'), sum(minor), 0, printf('crd_%08d', account), max(at), 'succeeded',
            max(at), 1 FROM bulk WHERE d < {days} - 7 GROUP BY account, d",
    "INSERT INTO payout_part (id, payout_id, gross_minor, debt_minor, send_day, state, state_at)
     SELECT 'prt' || substr(id, 4), id, gross_minor, 0, day, 'succeeded', state_at FROM payout",
    "INSERT INTO payout_line (part_id, praise_id, amount_minor)
     SELECT printf('prt_%08d_%03d', account, d), 'prs_' || no, minor
     FROM bulk WHERE d < {days} - 7 ORDER BY 1, 2",
    "INSERT INTO payee_day (payee, currency, day, sent_minor, limit_minor)
     SELECT 'fp' || substr(account_id, 4), 'CNY', day, sum(gross_minor), 1000000000
     FROM payout GROUP BY account_id, day",
    "INSERT INTO ledger_transaction SELECT 'praise.booked:prs_' || no, at, 1 FROM bulk ORDER BY no",
    "INSERT INTO ledger_entry
     SELECT 'praise.booked:prs_' || no, line.line,
            iif(line.line = 1, 'provider_unsettled', 'writer_held'),
            iif(line.line = 1, 'sandbox', printf('acc_%08d', account)), 'CNY',
            iif(line.line = 1, minor, -minor)
     FROM bulk CROSS JOIN (SELECT 1 AS line UNION ALL SELECT 2) AS line ORDER BY no, line.line",
    "INSERT INTO ledger_transaction
     SELECT step.name || ':' || id, state_at, 1
     FROM payout CROSS JOIN (SELECT 'payout.due' AS name UNION ALL SELECT 'payout.queued'
                             UNION ALL SELECT 'payout.succeeded') AS step",
    "INSERT INTO ledger_entry
     SELECT leg.name || ':' || id, leg.line, leg.account,
            iif(leg.account = 'provider_unsettled', 'sandbox', account_id), 'CNY',
            iif(leg.line = 1, 1, -1) * gross_minor
     FROM payout CROSS JOIN (
       SELECT column1 AS name, column2 AS line, column3 AS account FROM (VALUES
         ('payout.due', 1, 'writer_held'), ('payout.due', 2, 'writer_due'),
         ('payout.queued', 1, 'writer_due'), ('payout.queued', 2, 'paying_out'),
         ('payout.succeeded', 1, 'paying_out'),
         ('payout.succeeded', 2, 'provider_unsettled'))) AS leg",
    "INSERT INTO ledger_balance
     SELECT account, owner, currency, sum(amount_minor) FROM ledger_entry
     GROUP BY account, owner, currency",
    "INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
     SELECT 'sandbox', 'payment', 'tx_' || no, 'CNY', minor, at, printf('acc_%08d', account)
     FROM bulk ORDER BY no",
    "INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
     SELECT 'sandbox', 'payout', 'prt' || substr(id, 4), 'CNY', -gross_minor, state_at, account_id
     FROM payout",
    "INSERT INTO event (machine, subject_id, from_state, to_state, at)
     SELECT 'intent', 'int_' || no, '', 'awaiting_payment', at FROM bulk",
    "INSERT INTO event (machine, subject_id, from_state, to_state, at)
     SELECT 'intent', 'int_' || no, 'awaiting_payment', 'paid', at FROM bulk",
    "INSERT INTO event (machine, subject_id, from_state, to_state, at)
     SELECT 'provider_order', 'ord_' || no, step.column1, step.column2, at
     FROM bulk CROSS JOIN (VALUES ('', 'created'), ('created', 'open'), ('open', 'paid')) AS step",
    "INSERT INTO event (machine, subject_id, from_state, to_state, at)
     SELECT 'praise', 'prs_' || no, step.column1, step.column2, at
     FROM bulk CROSS JOIN (VALUES ('', 'held'), ('held', 'due'), ('due', 'in_payout'),
                                  ('in_payout', 'paid_out')) AS step
     WHERE d < {days} - 7 OR step.column1 = ''",
    "INSERT INTO event (machine, subject_id, from_state, to_state, at)
     SELECT iif(part.column1, 'payout_part', 'payout'),
            iif(part.column1, 'prt' || substr(id, 4), id), step.column1, step.column2, state_at
     FROM payout CROSS JOIN (VALUES (0), (1)) AS part
     CROSS JOIN (VALUES ('', 'queued'), ('queued', 'sent'), ('sent', 'succeeded')) AS step",
    "INSERT INTO reader_day
     SELECT person_id, currency, reader_day, policy_version, sum(amount_minor)
     FROM intent GROUP BY person_id, currency, reader_day",
    "INSERT INTO article_day
     SELECT article_id, currency, paid_day, policy_version, sum(amount_minor)
     FROM praise GROUP BY article_id, currency, paid_day",
    "INSERT INTO writer_day
     SELECT account.owner_id, article_day.currency, day, policy_version, sum(booked_minor)
     FROM article_day JOIN article ON article.id = article_id
     JOIN official_account AS account ON account.id = article.account_id
     GROUP BY account.owner_id, article_day.currency, day",
    "INSERT INTO wall_person
     SELECT article_id, person_id, count(*), count(*), max(booked_at)
     FROM praise GROUP BY article_id, person_id",
    "INSERT INTO wall_count
     SELECT article_id, count(*), count(*) FROM wall_person GROUP BY article_id",
    "INSERT INTO outbox (operation, number, provider, body, created_at, done_at)
     SELECT 'create_order', 'ord_' || no, 'sandbox', '{}', at, at FROM bulk ORDER BY no",
    "INSERT INTO provider_event (provider, event_id, body, received_at, processed_at, outcome)
     SELECT 'sandbox', 'evt_' || no, '{}', at, at, 'booked' FROM bulk ORDER BY no",
    "INSERT INTO job (kind, subject_id, due_at)
     SELECT 'reconcile', 'CNY:' || min(day), {begins} + {days} * 86400000 FROM bulk",
    "INSERT INTO job (kind, subject_id, due_at)
     VALUES ('self_check', 'nightly', {begins} + {days} * 86400000)",
    "DROP TABLE bulk",
];
