//! The writer's view: totals that add up to the ledger, and each praise once its reader can no
//! longer undo it. Until then the writer sees only the number of such praises.

use serde::Deserialize;
use shared::api::{
    ArticleNotReady, ArticleRef, NotReady, Page, StudioAccount, StudioPraise, StudioPraiseTimeline,
};
use shared::calendar::Moment;
use shared::limits::LIST_PAGE;
use shared::machine::{PraiseState, Visibility};
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::limits::policy::policy_in_force;
use crate::pagination::{Cursor, page};
use crate::payments::reply::ReplyColumns;

/// What an account needs to receive praises: 1 for each condition that it meets, else 0.
#[derive(Deserialize)]
struct ReadyColumns {
    is_invited: i64,
    has_card: i64,
    kind_allowed: i64,
    is_active: i64,
    account_praise_on: i64,
}

/// The columns of [`ReadyColumns`], from `account` and the tables that [`ready_tables`] joins.
macro_rules! ready_columns {
    () => {
        "receiving.is_invited, receiving.has_card, accepting.kind_allowed,
         account.status = 'active' AS is_active, account.praise_on AS account_praise_on"
    };
}

/// Joins whether an `account` may receive praises, by the policy in force at ?2.
macro_rules! ready_tables {
    () => {
        concat!(
            "JOIN receiving ON receiving.account_id = account.id
             JOIN accepting ON accepting.account_id = account.id AND accepting.policy_version = ",
            policy_in_force!("version", "account.currency", "?2")
        )
    };
}

impl ReadyColumns {
    fn not_ready(&self) -> Vec<NotReady> {
        [
            (self.is_invited, NotReady::NoInvitation),
            (self.has_card, NotReady::NoCard),
            (self.kind_allowed, NotReady::KindNotAllowed),
            (self.is_active, NotReady::Suspended),
            (self.account_praise_on, NotReady::Off),
        ]
        .into_iter()
        .filter_map(|(met, reason)| (met == 0).then_some(reason))
        .collect()
    }
}

/// Finds the reasons why an article cannot receive praises at `now`. `None` if the article is not
/// this writer's.
pub async fn find_not_ready<D: Database>(
    db: &D,
    person_id: &str,
    article_id: &str,
    now: Moment,
) -> Result<Option<ArticleNotReady>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(flatten)]
        ready: ReadyColumns,
        article_praise_on: i64,
        frozen: i64,
        stopped: i64,
    }
    let statement = Statement::new(
        concat!(
            "SELECT article.praise_on AS article_praise_on, article.status = 'frozen' AS frozen,
                    EXISTS (SELECT 1 FROM global_stop) AS stopped, ",
            ready_columns!(),
            " FROM article JOIN official_account AS account ON account.id = article.account_id ",
            ready_tables!(),
            " WHERE article.id = ?3 AND account.owner_id = ?1"
        ),
        [Value::from(person_id), now.into(), article_id.into()],
    );
    let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(row.map(|row| ArticleNotReady {
        account: row.ready.not_ready(),
        off: row.article_praise_on == 0,
        frozen: row.frozen == 1,
        stopped: row.stopped == 1,
    }))
}

/// Whether this person owns the account with this handle.
pub async fn owns_account<D: Database>(
    db: &D,
    person_id: &str,
    handle: &str,
) -> Result<bool, DatabaseError> {
    let statement = Statement::new(
        "SELECT id FROM official_account WHERE handle = ?1 AND owner_id = ?2",
        [Value::from(handle), person_id.into()],
    );
    Ok(Results::from(db.batch(vec![statement]).await?).take().any())
}

/// Lists the accounts of a writer with their totals at `now`, the oldest first.
pub async fn list_accounts<D: Database>(
    db: &D,
    person_id: &str,
    now: Moment,
) -> Result<Vec<StudioAccount>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        handle: String,
        name: String,
        currency: Currency,
        articles: i64,
        confirming: i64,
        confirming_minor: i64,
        held_minor: i64,
        due_minor: i64,
        #[serde(flatten)]
        ready: ReadyColumns,
    }
    // What is owed to a writer is a credit, which the ledger stores as a negative balance.
    let statement = Statement::new(
        concat!(
            "SELECT account.id, account.handle, account.name, account.currency,
                (SELECT count(*) FROM article WHERE account_id = account.id) AS articles,
                (SELECT count(*) FROM praise
                 WHERE account_id = account.id AND undo_until > ?2
                   AND state IN ('held', 'frozen')) AS confirming,
                (SELECT coalesce(sum(amount_minor), 0) FROM praise
                 WHERE account_id = account.id AND undo_until > ?2
                   AND state IN ('held', 'frozen')) AS confirming_minor,
                coalesce((SELECT -balance_minor FROM ledger_balance
                          WHERE account = 'writer_held' AND owner = account.id
                            AND currency = account.currency), 0) AS held_minor,
                coalesce((SELECT -balance_minor FROM ledger_balance
                          WHERE account = 'writer_due' AND owner = account.id
                            AND currency = account.currency), 0) AS due_minor,
",
            ready_columns!(),
            " FROM official_account AS account ",
            ready_tables!(),
            " WHERE account.owner_id = ?1 ORDER BY account.created_at, account.id"
        ),
        [Value::from(person_id), now.into()],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let account = |row: Row| StudioAccount {
        not_ready: row.ready.not_ready(),
        id: row.id,
        handle: row.handle,
        name: row.name,
        currency: row.currency,
        confirming: row.confirming,
        held: Money::new(row.held_minor - row.confirming_minor, row.currency),
        due: Money::new(row.due_minor, row.currency),
        articles: row.articles,
    };
    Ok(rows.into_iter().map(account).collect())
}

#[derive(Deserialize)]
struct PraiseRow {
    id: String,
    state: PraiseState,
    amount_minor: i64,
    currency: Currency,
    visibility: Visibility,
    reader_name: Option<String>,
    note: Option<String>,
    paid_at: i64,
    booked_at: i64,
    due_at: i64,
    slug: String,
    title: String,
    account_name: String,
    #[serde(flatten)]
    reply: ReplyColumns,
}

fn studio_praise(row: PraiseRow) -> StudioPraise {
    StudioPraise {
        id: row.id,
        state: row.state,
        amount: Money::new(row.amount_minor, row.currency),
        reader_name: row.reader_name,
        visibility: row.visibility,
        note: row.note,
        reply: row.reply.reply(),
        article: ArticleRef { slug: row.slug, title: row.title, account_name: row.account_name },
        paid_at: Moment::from_ms(row.paid_at),
        due_at: Moment::from_ms(row.due_at),
    }
}

/// Lists the praises of one of the writer's accounts that their readers can no longer undo at
/// `now`, newest first. `None` if the account is not this writer's.
pub async fn list_praises<D: Database>(
    db: &D,
    person_id: &str,
    handle: &str,
    cursor: &Cursor,
    now: Moment,
) -> Result<Option<Page<StudioPraise>>, DatabaseError> {
    let statements = vec![
        Statement::new(
            "SELECT id FROM official_account WHERE handle = ?1 AND owner_id = ?2",
            [Value::from(handle), person_id.into()],
        ),
        Statement::new(
            "SELECT praise.id, praise.state, praise.amount_minor, praise.currency,
                    praise.visibility, praise.note, praise.paid_at, praise.booked_at,
                    praise.due_at, article.slug, article.title, account.name AS account_name,
                    iif(praise.visibility = 'anonymous', NULL, person.name) AS reader_name,
                    praise_reply.text AS reply_text, praise_reply.replied_at
             FROM official_account AS account
             JOIN praise ON praise.account_id = account.id
             LEFT JOIN praise_reply ON praise_reply.praise_id = praise.id
             JOIN article ON article.id = praise.article_id
             JOIN person ON person.id = praise.person_id
             WHERE account.handle = ?1 AND account.owner_id = ?2 AND praise.undo_until <= ?3
               AND praise.state_reason IS NOT 'undo'
               AND (praise.booked_at, praise.id) < (CAST(?4 AS INTEGER), ?5)
             ORDER BY praise.booked_at DESC, praise.id DESC LIMIT ?6",
            [
                Value::from(handle),
                person_id.into(),
                now.into(),
                cursor.at().into(),
                cursor.id().into(),
                (LIST_PAGE as i64 + 1).into(),
            ],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    if !results.take().any() {
        return Ok(None);
    }
    let rows = results.take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &PraiseRow| (row.booked_at, &row.id));
    Ok(Some(Page { items: rows.into_iter().map(studio_praise).collect(), next_cursor }))
}

/// Finds a praise of one of the writer's accounts, with its timeline. `None` if the account is
/// somebody else's, or if the reader can still undo the praise at `now` or has undone it.
pub async fn find_praise<D: Database>(
    db: &D,
    person_id: &str,
    praise_id: &str,
    now: Moment,
) -> Result<Option<StudioPraiseTimeline>, DatabaseError> {
    let statement = Statement::new(
        "SELECT praise.id, praise.state, praise.amount_minor, praise.currency, praise.visibility,
                praise.note, praise.paid_at, praise.booked_at, praise.due_at, article.slug,
                article.title, account.name AS account_name,
                iif(praise.visibility = 'anonymous', NULL, person.name) AS reader_name,
                praise_reply.text AS reply_text, praise_reply.replied_at
         FROM praise
         LEFT JOIN praise_reply ON praise_reply.praise_id = praise.id
         JOIN official_account AS account ON account.id = praise.account_id
         JOIN article ON article.id = praise.article_id
         JOIN person ON person.id = praise.person_id
         WHERE praise.id = ?1 AND account.owner_id = ?2 AND praise.undo_until <= ?3
           AND praise.state_reason IS NOT 'undo'",
        [Value::from(praise_id), person_id.into(), now.into()],
    );
    let row: Option<PraiseRow> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    let Some(row) = row else { return Ok(None) };
    let timeline = super::timeline::find_for_writer(db, praise_id, now).await?;
    Ok(timeline.map(|timeline| StudioPraiseTimeline { praise: studio_praise(row), timeline }))
}
