//! The freeze of an article, for operators and for its writer.

use serde::Deserialize;
use shared::api::operator::{
    ArticleVersion, Counts, Freeze, OperatorFreeze, StateCounts, VersionRef,
};
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::machine::{FreezeRule, FreezeState, PraiseState};
use shared::money::{Currency, Money};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::payments::freeze::actions::StoredAction;

#[derive(Deserialize)]
struct Row {
    id: String,
    version: i64,
    slug: String,
    currency: Currency,
    rule: FreezeRule,
    state: FreezeState,
    state_reason: Option<String>,
    state_at: i64,
    opened_at: i64,
    appeal_until: i64,
    appeal: Option<String>,
    appealed_at: Option<i64>,
    decide_until: Option<i64>,
}

#[derive(Deserialize)]
struct VersionRow {
    version: i64,
    title: String,
    author: Option<String>,
    lang: Lang,
    published_at: i64,
    content_hash: String,
}

impl VersionRow {
    fn into_ref(self) -> VersionRef {
        VersionRef {
            version: self.version,
            title: self.title,
            author: self.author,
            lang: self.lang,
            published_at: Moment::from_ms(self.published_at),
            content_hash: self.content_hash,
        }
    }
}

impl Row {
    fn into_freeze(self) -> Freeze {
        Freeze {
            id: self.id,
            article: self.slug,
            rule: self.rule,
            state: self.state,
            state_reason: self.state_reason,
            state_at: Moment::from_ms(self.state_at),
            opened_at: Moment::from_ms(self.opened_at),
            appeal_until: Moment::from_ms(self.appeal_until),
            appeal: self.appeal,
            appealed_at: self.appealed_at.map(Moment::from_ms),
            decide_until: self.decide_until.map(Moment::from_ms),
        }
    }
}

/// Finds a freeze by its id, with the counts and the proposed action that operators decide by.
/// `None` if there is none.
pub async fn find_for_operator<D: Database>(
    db: &D,
    freeze_id: &str,
) -> Result<Option<OperatorFreeze>, DatabaseError> {
    #[derive(Deserialize)]
    struct ByState {
        state: PraiseState,
        praises: i64,
        amount_minor: i64,
    }
    let statements = vec![
        Statement::new(
            "SELECT freeze.*, article.slug, account.currency
             FROM freeze
             JOIN article ON article.id = freeze.article_id
             JOIN official_account AS account ON account.id = article.account_id
             WHERE freeze.id = ?1",
            [Value::from(freeze_id)],
        ),
        Statement::new(
            "SELECT state, count(*) AS praises, sum(amount_minor) AS amount_minor FROM praise
             WHERE article_id = (SELECT article_id FROM freeze WHERE id = ?1)
             GROUP BY state ORDER BY state",
            [Value::from(freeze_id)],
        ),
        StoredAction::select_open(freeze_id),
        Statement::new(
            "SELECT published.* FROM freeze JOIN article_version AS published
               ON published.article_id = freeze.article_id
             WHERE freeze.id = ?1 ORDER BY published.version DESC",
            [Value::from(freeze_id)],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    let Some(row) = results.take().first::<Row>()? else { return Ok(None) };
    let currency = row.currency;
    let by_state: Vec<ByState> = results.take().decode()?;
    let is_waiting = |one: &&ByState| {
        matches!(one.state, PraiseState::Held | PraiseState::Due | PraiseState::Frozen)
    };
    let waiting: Vec<_> = by_state.iter().filter(is_waiting).collect();
    let action = results.take().first::<StoredAction>()?.map(StoredAction::into_api);
    let versions: Vec<VersionRow> = results.take().decode()?;
    let versions: Vec<_> = versions.into_iter().map(VersionRow::into_ref).collect();
    let Some(version) = versions.iter().find(|it| it.version == row.version).cloned() else {
        return Ok(None);
    };
    let minor = waiting.iter().map(|one| one.amount_minor).sum();
    Ok(Some(OperatorFreeze {
        counts: Counts {
            praises: waiting.iter().map(|one| one.praises).sum(),
            amount: Money::new(minor, currency),
        },
        freeze: row.into_freeze(),
        version,
        versions,
        praises: by_state
            .into_iter()
            .map(|one| StateCounts {
                state: one.state,
                praises: one.praises,
                amount: Money::new(one.amount_minor, currency),
            })
            .collect(),
        action,
    }))
}

/// Finds a version of the article that a freeze is about, with its text: the version that is judged
/// or any other. `None` if there is none.
pub async fn find_version<D: Database>(
    db: &D,
    freeze_id: &str,
    version: i64,
) -> Result<Option<ArticleVersion>, DatabaseError> {
    #[derive(Deserialize)]
    struct TextRow {
        #[serde(flatten)]
        row: VersionRow,
        markdown: String,
        html: String,
    }
    let statement = Statement::new(
        "SELECT old.*, markdown.body AS markdown, html.body AS html
         FROM freeze
         JOIN article_version AS old
           ON old.article_id = freeze.article_id
         JOIN article_text AS markdown ON markdown.article_id = old.article_id
           AND markdown.version = old.version AND markdown.form = 'markdown'
         JOIN article_text AS html ON html.article_id = old.article_id
           AND html.version = old.version AND html.form = 'html'
         WHERE freeze.id = ?1 AND old.version = ?2",
        [Value::from(freeze_id), version.into()],
    );
    let found: Option<TextRow> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(found.map(|found| ArticleVersion {
        version: found.row.into_ref(),
        markdown: found.markdown,
        html: found.html,
    }))
}

/// Finds the newest freeze of a writer's own article. `None` if the article is not this writer's or
/// never was frozen. It leaves out how many praises wait, because readers can still undo some of
/// them and a writer does not learn of a praise before that.
pub async fn find_for_writer<D: Database>(
    db: &D,
    writer_id: &str,
    slug: &str,
) -> Result<Option<Freeze>, DatabaseError> {
    let statement = Statement::new(
        "SELECT freeze.*, article.slug, account.currency
         FROM freeze
         JOIN article ON article.id = freeze.article_id
         JOIN official_account AS account ON account.id = article.account_id
         WHERE article.slug = ?1 AND account.owner_id = ?2
         ORDER BY freeze.opened_at DESC, freeze.id DESC LIMIT 1",
        [Value::from(slug), writer_id.into()],
    );
    let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(row.map(Row::into_freeze))
}
