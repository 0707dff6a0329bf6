//! Public queries of articles and official accounts.

use serde::Deserialize;
use shared::api::{AccountRef, Article, ArticleSummary, Page, PraiseOffer, PraiseTerms};
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::limits::LIST_PAGE;
use shared::money::Currency;
use shared::text;

use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json};
use crate::limits::policy::{Policy, policy_in_force};
use crate::pagination::{Cursor, page};

/// Other articles that a page lists below an article or an intent, at most.
pub const OTHER_ARTICLES_MAX: usize = 3;

#[derive(Deserialize)]
struct Row {
    id: String,
    slug: String,
    title: String,
    summary: String,
    lang: Lang,
    published_at: i64,
    handle: String,
    account_name: String,
    persons: i64,
}

impl Row {
    fn summary(self) -> ArticleSummary {
        ArticleSummary {
            id: self.id,
            slug: self.slug,
            title: self.title,
            summary: self.summary,
            lang: self.lang,
            account: account_ref(self.handle, self.account_name),
            published_at: Moment::from_ms(self.published_at),
            praise_count: self.persons,
        }
    }
}

/// Selects articles as [`Row`]s: `$more` adds columns, `$rest` joins, conditions and the order.
macro_rules! select_articles {
    ($more:expr, $rest:expr) => {
        concat!(
            "SELECT article.id, article.slug, article.title, article.summary, article.lang,
                    article.published_at, account.handle, account.name AS account_name,
                    coalesce(wall_count.persons, 0) AS persons",
            $more,
            " FROM article
             JOIN official_account AS account ON account.id = article.account_id
             LEFT JOIN wall_count ON wall_count.article_id = article.id
             ",
            $rest
        )
    };
}

/// Lists all published articles, newest first.
pub async fn list<D: Database>(
    db: &D,
    cursor: &Cursor,
) -> Result<Page<ArticleSummary>, DatabaseError> {
    let statement = Statement::new(
        select_articles!(
            "",
            "WHERE (article.published_at, article.id) < (CAST(?1 AS INTEGER), ?2)
             ORDER BY article.published_at DESC, article.id DESC LIMIT ?3"
        ),
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    Ok(listed(rows))
}

/// An official account with a page of its articles.
pub struct AccountView {
    /// The account.
    pub account: AccountRef,
    /// The account's own description; `None` if it is empty.
    pub about: Option<String>,
    /// Its articles, newest first.
    pub articles: Page<ArticleSummary>,
}

/// Finds an official account by its handle, with a page of its articles. `None` if there is none.
pub async fn find_account<D: Database>(
    db: &D,
    handle: &str,
    cursor: &Cursor,
) -> Result<Option<AccountView>, DatabaseError> {
    #[derive(Deserialize)]
    struct AccountRow {
        handle: String,
        name: String,
        bio: String,
    }
    let statements = vec![
        Statement::new(
            "SELECT handle, name, bio FROM official_account WHERE handle = ?1",
            [Value::from(handle)],
        ),
        Statement::new(
            select_articles!(
                "",
                "WHERE account.handle = ?1
                   AND (article.published_at, article.id) < (CAST(?2 AS INTEGER), ?3)
                 ORDER BY article.published_at DESC, article.id DESC LIMIT ?4"
            ),
            [
                Value::from(handle),
                cursor.at().into(),
                cursor.id().into(),
                (LIST_PAGE as i64 + 1).into(),
            ],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let Some(account) = results.take().first::<AccountRow>()? else { return Ok(None) };
    Ok(Some(AccountView {
        account: account_ref(account.handle, account.name),
        about: Some(account.bio).filter(|bio| !bio.is_empty()),
        articles: listed(results.take().decode()?),
    }))
}

/// Finds an article by its slug, with its text and whether and how it receives praise at `now`.
/// `None` if there is none.
pub async fn find<D: Database>(
    db: &D,
    slug: &str,
    now: Moment,
) -> Result<Option<Article>, DatabaseError> {
    #[derive(Deserialize)]
    struct ArticleRow {
        #[serde(flatten)]
        row: Row,
        version: i64,
        updated_at: i64,
        author: Option<String>,
        html: String,
        accepting: i64,
        currency: Currency,
        presets: String,
        ask: Option<String>,
        policy: String,
    }
    let statement = Statement::new(
        select_articles!(
            ", article.version, article.updated_at, article.author, text.body AS html,
               account.currency, account.presets, account.ask,
               article.praise_on = 1 AND article.status = 'published' AND accepting.accepts
                 AND NOT EXISTS (SELECT 1 FROM global_stop) AS accepting,
               policy.document AS policy",
            concat!(
                "JOIN article_text AS text ON text.article_id = article.id AND text.form = 'html'
               AND text.version = article.version
             JOIN policy_document AS policy ON policy.currency = account.currency
               AND policy.version = ",
                policy_in_force!("version", "account.currency", "?2"),
                "
             JOIN accepting ON accepting.account_id = account.id
               AND accepting.policy_version = policy.version
             WHERE article.slug = ?1"
            )
        ),
        [Value::from(slug), now.into()],
    );
    let article: Option<ArticleRow> =
        Results::from(db.batch(vec![statement]).await?).take().first()?;
    let Some(article) = article else { return Ok(None) };
    let policy: Policy = from_json(&article.policy)?;
    let terms = PraiseTerms {
        currency: article.currency,
        presets_minor: from_json(&article.presets)?,
        min_minor: policy.praise_min_minor,
        cap_minor: policy.praise_cap_minor,
        ask: article.ask,
    };
    let accepting = article.accepting == 1;
    Ok(Some(Article {
        summary: article.row.summary(),
        version: article.version,
        updated_at: Moment::from_ms(article.updated_at),
        author: article.author,
        html: article.html,
        praise: PraiseOffer { accepting, terms: accepting.then_some(terms) },
    }))
}

/// Lists other articles of the same account, newest first, at most `max`.
pub async fn list_others<D: Database>(
    db: &D,
    article_id: &str,
    max: usize,
) -> Result<Vec<ArticleSummary>, DatabaseError> {
    let statement = Statement::new(
        select_articles!(
            "",
            "WHERE article.account_id = (SELECT account_id FROM article WHERE id = ?1)
               AND article.id <> ?1
             ORDER BY article.published_at DESC, article.id DESC LIMIT ?2"
        ),
        [Value::from(article_id), (max as i64).into()],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    Ok(rows.into_iter().map(Row::summary).collect())
}

fn listed(rows: Vec<Row>) -> Page<ArticleSummary> {
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row| (row.published_at, &row.id));
    Page { items: rows.into_iter().map(Row::summary).collect(), next_cursor }
}

fn account_ref(handle: String, name: String) -> AccountRef {
    let avatar = text::initial(&name).unwrap_or_default().to_owned();
    AccountRef { handle, name, avatar }
}
