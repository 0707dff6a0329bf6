//! The self-check: every balance, counter and invariant recomputed from the rows that it follows
//! from. It returns every violation, and an empty list is the only good answer.

use serde::{Deserialize, Serialize};
use shared::calendar::Moment;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// Minutes after which an attempt whose time is over counts as stuck.
const GRACE_MINUTES: i64 = 15;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Which check found it.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// What was found, and what should have been.
    pub detail: String,
}

/// A check: its name, and a statement that selects `subject` and `detail` of each violation. `?1`
/// is the moment before which deadlines count as missed.
const CHECKS: &[(&str, &str)] = &[
    (
        "every transaction is sealed and sums to zero per currency",
        "SELECT t.id AS subject,
                'sealed ' || t.sealed || ', entries ' || count(e.line)
                  || ', sum ' || coalesce(sum(e.amount_minor), 0) AS detail
         FROM ledger_transaction AS t LEFT JOIN ledger_entry AS e ON e.transaction_id = t.id
         WHERE ?1 IS NOT NULL
         GROUP BY t.id, e.currency
         HAVING t.sealed <> 1 OR count(e.line) < 2 OR sum(e.amount_minor) <> 0",
    ),
    (
        "each balance is the sum of its entries",
        "SELECT account || ':' || owner || ':' || currency AS subject,
                'balance ' || sum(kept) || ', entries ' || sum(summed) AS detail
         FROM (SELECT account, owner, currency, balance_minor AS kept, 0 AS summed
               FROM ledger_balance
               UNION ALL
               SELECT account, owner, currency, 0, amount_minor FROM ledger_entry)
         WHERE ?1 IS NOT NULL
         GROUP BY account, owner, currency HAVING sum(kept) <> sum(summed)",
    ),
    (
        "writer_held, writer_due and writer_disputed are minus the praises in those states",
        "SELECT subject, 'ledger ' || sum(ledger) || ', praises ' || sum(praises) AS detail
         FROM (SELECT account || ':' || owner || ':' || currency AS subject,
                      -amount_minor AS ledger, 0 AS praises
               FROM ledger_entry
               WHERE account IN ('writer_held', 'writer_due', 'writer_disputed')
               UNION ALL
               SELECT CASE WHEN state = 'due' OR (state = 'frozen' AND EXISTS (
                             SELECT 1 FROM event WHERE subject_id = praise.id
                               AND machine = 'praise' AND to_state = 'due'))
                           THEN 'writer_due:'
                           WHEN state = 'disputed' THEN 'writer_disputed:'
                           ELSE 'writer_held:' END || account_id || ':' || currency,
                      0, amount_minor
               FROM praise WHERE state IN ('held', 'due', 'frozen', 'disputed'))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(ledger) <> sum(praises)",
    ),
    (
        "returning is minus the open refunds",
        "SELECT currency AS subject, 'ledger ' || sum(ledger) || ', refunds ' || sum(refunds) AS detail
         FROM (SELECT currency, -amount_minor AS ledger, 0 AS refunds
               FROM ledger_entry WHERE account = 'returning'
               UNION ALL
               SELECT currency, 0, amount_minor FROM refund
               WHERE state IN ('queued', 'sent', 'abnormal'))
         WHERE ?1 IS NOT NULL
         GROUP BY currency HAVING sum(ledger) <> sum(refunds)",
    ),
    (
        "suspense is minus the open cases",
        "SELECT currency AS subject, 'ledger ' || sum(ledger) || ', cases ' || sum(cases) AS detail
         FROM (SELECT currency, -amount_minor AS ledger, 0 AS cases
               FROM ledger_entry WHERE account = 'suspense'
               UNION ALL
               SELECT payment.currency, 0, payment.amount_minor
               FROM suspense_case JOIN payment ON payment.id = suspense_case.payment_id
               WHERE suspense_case.closed_at IS NULL)
         WHERE ?1 IS NOT NULL
         GROUP BY currency HAVING sum(ledger) <> sum(cases)",
    ),
    (
        "provider_unsettled is what arrived minus what went back",
        "SELECT currency AS subject, 'ledger ' || sum(ledger) || ', moved ' || sum(moved) AS detail
         FROM (SELECT currency, amount_minor AS ledger, 0 AS moved
               FROM ledger_entry WHERE account = 'provider_unsettled'
               UNION ALL
               SELECT currency, 0, amount_minor FROM payment
               UNION ALL
               SELECT currency, 0, -amount_minor FROM refund WHERE state = 'succeeded')
         WHERE ?1 IS NOT NULL
         GROUP BY currency HAVING sum(ledger) <> sum(moved)",
    ),
    (
        "every payment has exactly its one fate",
        "SELECT payment.id AS subject, 'fate ' || fate AS detail
         FROM payment
         LEFT JOIN praise ON praise.payment_id = payment.id
         LEFT JOIN suspense_case AS c ON c.payment_id = payment.id AND c.closed_at IS NULL
         WHERE ?1 IS NOT NULL AND (
           (praise.id IS NOT NULL) <> (fate = 'praise')
           OR (c.id IS NOT NULL) <> (fate = 'suspense')
           OR (fate = 'return' AND NOT EXISTS (
             SELECT 1 FROM refund WHERE refund.payment_id = payment.id AND state <> 'closed')))",
    ),
    (
        "a praise is its payment and its intent",
        "SELECT praise.id AS subject, 'intent ' || intent.state AS detail
         FROM praise JOIN intent ON intent.id = praise.intent_id
         JOIN payment ON payment.id = praise.payment_id
         WHERE ?1 IS NOT NULL AND (intent.state <> 'paid'
           OR payment.intent_id IS NOT intent.id
           OR payment.amount_minor <> praise.amount_minor
           OR payment.currency <> praise.currency
           OR intent.amount_minor <> praise.amount_minor
           OR intent.currency <> praise.currency
           OR intent.person_id <> praise.person_id
           OR intent.article_id <> praise.article_id)",
    ),
    (
        "a paid intent has a praise",
        "SELECT intent.id AS subject, 'no praise' AS detail FROM intent
         LEFT JOIN praise ON praise.intent_id = intent.id
         WHERE ?1 IS NOT NULL AND intent.state = 'paid' AND praise.id IS NULL",
    ),
    (
        "a returned intent has a payment that goes back",
        "SELECT intent.id AS subject, 'no return' AS detail FROM intent
         WHERE ?1 IS NOT NULL AND intent.state = 'returned' AND NOT EXISTS (
           SELECT 1 FROM payment WHERE payment.intent_id = intent.id AND fate = 'return')",
    ),
    (
        "a reader's room is what the reader's attempts hold",
        "SELECT subject, 'counter ' || sum(kept) || ', attempts ' || sum(held) AS detail
         FROM (SELECT person_id || ':' || currency || ':' || day AS subject,
                      reserved_minor AS kept, 0 AS held
               FROM reader_day
               UNION ALL
               SELECT person_id || ':' || currency || ':' || reader_day, 0, amount_minor
               FROM intent
               WHERE state IN ('awaiting_payment', 'paid') OR (state = 'returned' AND EXISTS (
                 SELECT 1 FROM event WHERE subject_id = intent.id AND machine = 'intent'
                   AND from_state = 'awaiting_payment' AND to_state = 'returned')))
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(held)",
    ),
    (
        "an article's day is what was booked for it",
        "SELECT subject, 'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
         FROM (SELECT article_id || ':' || currency || ':' || day AS subject,
                      booked_minor AS kept, 0 AS booked
               FROM article_day
               UNION ALL
               SELECT article_id || ':' || currency || ':' || paid_day, 0, amount_minor FROM praise)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(booked)",
    ),
    (
        "a writer's day is what was booked for all accounts",
        "SELECT subject, 'counter ' || sum(kept) || ', booked ' || sum(booked) AS detail
         FROM (SELECT person_id || ':' || currency || ':' || day AS subject,
                      booked_minor AS kept, 0 AS booked
               FROM writer_day
               UNION ALL
               SELECT account.owner_id || ':' || praise.currency || ':' || praise.paid_day,
                      0, praise.amount_minor
               FROM praise JOIN official_account AS account ON account.id = praise.account_id)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING sum(kept) <> sum(booked)",
    ),
    (
        "no cap is exceeded",
        "SELECT 'reader ' || person_id || ' ' || day AS subject, 'reserved ' || reserved_minor AS detail
         FROM reader_day JOIN policy ON policy.version = reader_day.policy_version
           AND policy.currency = reader_day.currency
         JOIN person ON person.id = reader_day.person_id
         WHERE ?1 IS NOT NULL AND reserved_minor >
           iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor)
         UNION ALL
         SELECT 'article ' || article_id || ' ' || day, 'booked ' || booked_minor
         FROM article_day JOIN policy ON policy.version = article_day.policy_version
           AND policy.currency = article_day.currency
         WHERE booked_minor > article_day_minor
         UNION ALL
         SELECT 'writer ' || person_id || ' ' || day, 'booked ' || booked_minor
         FROM writer_day JOIN policy ON policy.version = writer_day.policy_version
           AND policy.currency = writer_day.currency
         WHERE booked_minor > writer_day_minor",
    ),
    (
        "nobody has praised an article of their own",
        "SELECT praise.id AS subject, account.handle AS detail
         FROM praise JOIN official_account AS account ON account.id = praise.account_id
         WHERE ?1 IS NOT NULL AND account.owner_id = praise.person_id",
    ),
    (
        "the wall's rows are what stands",
        "SELECT subject, 'kept ' || coalesce(max(kept), 'none')
                  || ', counted ' || coalesce(max(counted), 'none') AS detail
         FROM (SELECT article_id || ':' || person_id AS subject,
                      standing || '/' || standing_public || '/' || coalesce(public_at, '') AS kept,
                      NULL AS counted
               FROM wall_person
               UNION ALL
               SELECT article_id || ':' || person_id, NULL,
                      count(*) FILTER (WHERE stands) || '/'
                        || count(*) FILTER (WHERE stands AND visibility = 'public') || '/'
                        || coalesce(max(booked_at) FILTER (WHERE stands AND visibility = 'public'), '')
               FROM (SELECT *, state NOT IN ('returning', 'returned', 'disputed', 'lost') AS stands
                     FROM praise)
               GROUP BY article_id, person_id)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING max(kept) IS NOT max(counted)",
    ),
    (
        "the wall's counts are its rows",
        "SELECT subject, 'kept ' || coalesce(max(kept), 'none')
                  || ', counted ' || coalesce(max(counted), 'none') AS detail
         FROM (SELECT article_id AS subject, persons || '/' || persons_public AS kept, NULL AS counted
               FROM wall_count
               UNION ALL
               SELECT article_id, NULL, sum(standing > 0) || '/' || sum(standing_public > 0)
               FROM wall_person GROUP BY article_id)
         WHERE ?1 IS NOT NULL
         GROUP BY subject HAVING max(kept) IS NOT max(counted)",
    ),
    (
        "the last event of everything with a state says that state",
        "SELECT subject_id AS subject,
                machine || ' event ' || coalesce(to_state, 'none') || ', row ' || state AS detail
         FROM (SELECT 'intent' AS machine, id AS subject_id, state FROM intent
               UNION ALL SELECT 'provider_order', id, state FROM provider_order
               UNION ALL SELECT 'praise', id, state FROM praise
               UNION ALL SELECT 'refund', id, state FROM refund) AS thing
         LEFT JOIN (SELECT machine AS m, subject_id AS s, to_state, max(id) FROM event
                    GROUP BY machine, subject_id) ON m = machine AND s = subject_id
         WHERE ?1 IS NOT NULL AND to_state IS NOT state",
    ),
    (
        "each event goes on where the one before ended",
        "SELECT subject_id AS subject,
                machine || ' event ' || id || ' from ' || from_state || ' after ' || before AS detail
         FROM (SELECT *, lag(to_state, 1, '') OVER (PARTITION BY machine, subject_id ORDER BY id)
                      AS before FROM event)
         WHERE ?1 IS NOT NULL AND from_state <> before",
    ),
    (
        "no attempt waits past its time",
        "SELECT id AS subject, 'expired at ' || expires_at AS detail FROM intent
         WHERE state = 'awaiting_payment' AND expires_at < CAST(?1 AS INTEGER)",
    ),
    (
        "no order is open without a job that asks about it",
        "SELECT o.id AS subject, 'state ' || o.state AS detail FROM provider_order AS o
         WHERE ?1 IS NOT NULL AND o.state IN ('created', 'open') AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind = 'poll_order' AND subject_id = o.id AND done_at IS NULL)",
    ),
    (
        "no refund is open without a job that moves it",
        "SELECT refund.id AS subject, 'state ' || refund.state AS detail FROM refund
         WHERE ?1 IS NOT NULL AND refund.state IN ('queued', 'sent') AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind IN ('send_refund', 'poll_refund')
             AND subject_id = refund.id AND done_at IS NULL)",
    ),
    (
        "no call waits in the outbox without a job that sends it",
        "SELECT number AS subject, operation || ' of ' || created_at AS detail FROM outbox
         WHERE ?1 IS NOT NULL AND done_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM job WHERE subject_id = outbox.number AND done_at IS NULL)",
    ),
    (
        "no message is stored without being processed or waiting for a job",
        "SELECT event_id AS subject, 'received at ' || received_at AS detail FROM provider_event
         WHERE ?1 IS NOT NULL AND processed_at IS NULL AND NOT EXISTS (
           SELECT 1 FROM job WHERE kind = 'process_event' AND done_at IS NULL
             AND subject_id = provider_event.provider || ':' || provider_event.event_id)",
    ),
];

/// The name of every check, in the order they run.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|(name, _)| *name)
}

/// Runs every check.
pub async fn self_check<D: Database>(db: &D, now: Moment) -> Result<Vec<Violation>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        subject: String,
        detail: String,
    }
    let late = now.plus_minutes(-GRACE_MINUTES);
    let statements = CHECKS.iter().map(|(_, sql)| Statement::new(sql, [Value::from(late)]));
    let mut results = Results::from(db.batch(statements.collect()).await?);
    let mut violations = Vec::new();
    for (check, _) in CHECKS {
        for row in results.take().decode::<Row>()? {
            violations.push(Violation {
                check: (*check).to_owned(),
                subject: row.subject,
                detail: row.detail,
            });
        }
    }
    Ok(violations)
}
