//! The praises that a reader gave, and what the reader can still do about each.

use serde::Deserialize;
use shared::api::{
    ArticleRef, MonthTotal, Page, PraiseAction, PraiseDetail, PraiseOption, ReaderPraise,
};
use shared::calendar::Moment;
use shared::limits::{LIST_PAGE, TAKE_BACKS_PER_MONTH, UNDOS_PER_DAY};
use shared::machine::{PraiseState, Visibility};
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::pagination::{Cursor, page};
use crate::payments::reply::ReplyColumns;

/// Lists the praises of a person, newest first.
pub async fn list<D: Database>(
    db: &D,
    person_id: &str,
    cursor: &Cursor,
) -> Result<Page<ReaderPraise>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        state: PraiseState,
        amount_minor: i64,
        currency: Currency,
        visibility: Visibility,
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
    let statement = Statement::new(
        "SELECT praise.id, praise.state, praise.amount_minor, praise.currency, praise.visibility,
                praise.note, praise.paid_at, praise.booked_at, praise.due_at,
                article.slug, article.title, account.name AS account_name,
                praise_reply.text AS reply_text, praise_reply.replied_at
         FROM praise
         LEFT JOIN praise_reply ON praise_reply.praise_id = praise.id
         JOIN article ON article.id = praise.article_id
         JOIN official_account AS account ON account.id = praise.account_id
         WHERE praise.person_id = ?1
           AND (praise.booked_at, praise.id) < (CAST(?2 AS INTEGER), ?3)
         ORDER BY praise.booked_at DESC, praise.id DESC LIMIT ?4",
        [
            Value::from(person_id),
            cursor.at().into(),
            cursor.id().into(),
            (LIST_PAGE as i64 + 1).into(),
        ],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &Row| (row.booked_at, &row.id));
    let praise = |row: Row| ReaderPraise {
        id: row.id,
        state: row.state,
        amount: Money::new(row.amount_minor, row.currency),
        article: ArticleRef { slug: row.slug, title: row.title, account_name: row.account_name },
        visibility: row.visibility,
        note: row.note,
        reply: row.reply.reply(),
        paid_at: Moment::from_ms(row.paid_at),
        due_at: Moment::from_ms(row.due_at),
    };
    Ok(Page { items: rows.into_iter().map(praise).collect(), next_cursor })
}

/// The person who gave a praise.
#[derive(Deserialize)]
pub struct Reader {
    /// The person's id.
    pub person_id: String,
    /// The name that the person has set.
    pub name: Option<String>,
}

/// Finds who gave a praise; `None` if there is no such praise.
pub async fn find_reader<D: Database>(
    db: &D,
    praise_id: &str,
) -> Result<Option<Reader>, DatabaseError> {
    let statement = Statement::new(
        "SELECT praise.person_id, person.name
         FROM praise JOIN person ON person.id = praise.person_id
         WHERE praise.id = ?1",
        [Value::from(praise_id)],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}

/// Sums per currency what a person gave in the month of `now`, without praises that are returned,
/// disputed or lost. The month is that of the currency's time zone.
pub async fn month_totals<D: Database>(
    db: &D,
    person_id: &str,
    now: Moment,
) -> Result<Vec<MonthTotal>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        total: i64,
        writers: i64,
    }
    // `booked_at` has an index and is never before `paid_at`, so filtering by it loses nothing.
    let month = |currency| {
        let begins = now.day(currency).month_begins();
        Statement::new(
            "SELECT coalesce(sum(amount_minor), 0) AS total, count(DISTINCT account_id) AS writers
             FROM praise WHERE person_id = ?1 AND booked_at >= ?3
               AND paid_at >= ?3 AND currency = ?2 AND state NOT IN ('returning', 'returned', 'disputed', 'lost')",
            [Value::from(person_id), currency.into(), begins.starts_at(currency).into()],
        )
    };
    let mut results = Results::from(db.batch(Currency::ALL.map(month).to_vec()).await?);
    let mut totals = Vec::new();
    for currency in Currency::ALL {
        let row: Option<Row> = results.take().first()?;
        let Some(row) = row.filter(|row| row.writers > 0) else { continue };
        totals.push(MonthTotal { total: Money::new(row.total, currency), writers: row.writers });
    }
    Ok(totals)
}

/// Finds a praise of a person, with what the person can do about it at `now`. `None` if it is not
/// theirs.
pub async fn find<D: Database>(
    db: &D,
    person_id: &str,
    praise_id: &str,
    now: Moment,
) -> Result<Option<PraiseDetail>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        state: PraiseState,
        amount_minor: i64,
        currency: Currency,
        visibility: Visibility,
        note: Option<String>,
        paid_at: i64,
        booked_at: i64,
        undo_until: i64,
        due_at: i64,
        slug: String,
        title: String,
        account_name: String,
        frozen: i64,
        #[serde(flatten)]
        reply: ReplyColumns,
    }
    #[derive(Deserialize)]
    struct Undone {
        day: String,
        used: i64,
    }
    #[derive(Deserialize)]
    struct Used {
        month: String,
        used: i64,
    }
    let months = Currency::ALL.map(|currency| now.day(currency).month());
    let statements = vec![
        Statement::new(
            "SELECT praise.id, praise.state, praise.amount_minor, praise.currency,
                    praise.visibility, praise.note, praise.paid_at, praise.booked_at,
                    praise.undo_until, praise.due_at, article.slug, article.title,
                    account.name AS account_name, article.status = 'frozen' AS frozen,
                    praise_reply.text AS reply_text, praise_reply.replied_at
             FROM praise
             LEFT JOIN praise_reply ON praise_reply.praise_id = praise.id
             JOIN article ON article.id = praise.article_id
             JOIN official_account AS account ON account.id = praise.account_id
             WHERE praise.id = ?1 AND praise.person_id = ?2",
            [Value::from(praise_id), person_id.into()],
        ),
        Statement::new(
            "SELECT month, sum(used) AS used
             FROM take_back_month
             WHERE month IN (?2, ?3)
               AND person_id IN (SELECT same_id FROM human_person WHERE person_id = ?1)
             GROUP BY month",
            [Value::from(person_id), (&months[0]).into(), (&months[1]).into()],
        ),
        Statement::new(
            "SELECT day, sum(used) AS used FROM undo_day
             WHERE person_id IN (SELECT same_id FROM human_person WHERE person_id = ?1)
               AND day IN (?2, ?3) GROUP BY day",
            [Value::from(person_id), now.day(Currency::Cny).into(), now.day(Currency::Usd).into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let Some(row) = results.take().first::<Row>()? else { return Ok(None) };
    let used: Vec<Used> = results.take().decode()?;
    let this_month = now.day(row.currency).month();
    let used = used.iter().find(|used| used.month == this_month).map_or(0, |used| used.used);
    let take_backs_left = (TAKE_BACKS_PER_MONTH - used).max(0);
    let undone: Vec<Undone> = results.take().decode()?;
    let today = now.day(row.currency).to_string();
    let undone = undone.iter().find(|undone| undone.day == today).map_or(0, |undone| undone.used);
    let undos_left = (UNDOS_PER_DAY - undone).max(0);
    let mut can = Vec::new();
    let stands = matches!(row.state, PraiseState::Held | PraiseState::Frozen);
    let may_undo = stands && now.ms() < row.undo_until;
    let undo_reopens_at = (may_undo && undos_left == 0)
        .then(|| now.day(row.currency).plus(1).starts_at(row.currency));
    if may_undo && undos_left > 0 {
        let until = Moment::from_ms(row.undo_until);
        can.push(PraiseOption { action: PraiseAction::Undo, until });
    }
    let may_take_back = row.state == PraiseState::Held && row.frozen == 0 && take_backs_left > 0;
    if may_take_back && now.ms() < row.due_at {
        let until = Moment::from_ms(row.due_at);
        can.push(PraiseOption { action: PraiseAction::TakeBack, until });
    }
    let article = ArticleRef { slug: row.slug, title: row.title, account_name: row.account_name };
    Ok(Some(PraiseDetail {
        praise: ReaderPraise {
            id: row.id,
            state: row.state,
            amount: Money::new(row.amount_minor, row.currency),
            article,
            visibility: row.visibility,
            note: row.note,
            reply: row.reply.reply(),
            paid_at: Moment::from_ms(row.paid_at),
            due_at: Moment::from_ms(row.due_at),
        },
        booked_at: Moment::from_ms(row.booked_at),
        undo_until: Moment::from_ms(row.undo_until),
        can,
        undos_left,
        undo_reopens_at,
        take_backs_left,
    }))
}
