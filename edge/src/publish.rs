//! Publishing: Markdown comes in, sanitised HTML is stored. It is rendered once, never for a reader.
//! Every version of an article is kept.

pub mod markdown;

use serde::Deserialize;
use shared::api::{PublishArticle, PublishedArticle};
use shared::calendar::Moment;
use shared::id::Kind;
use shared::limits::{
    ARTICLE_MAX_BYTES, ARTICLE_MAX_MARKS, NAME_MAX_GRAPHEMES, TITLE_MAX_GRAPHEMES,
};
use shared::money::Currency;
use shared::problem::{Expected, Problem};
use shared::slug::Slug;
use shared::text;

use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::digest::sha256_of_texts;
use crate::entropy::Entropy;
use crate::failure::Failure;
use crate::limits::policy::policy_in_force;

/// Most bytes of rendered HTML. Every reader's request holds it, several times for a moment.
const HTML_MAX_BYTES: usize = 800 << 10;

/// How many numbered slugs are tried if another account has the slug.
const SLUG_NUMBERS: u32 = 50;

/// How many times to look for a free slug when other requests take it first.
const TRIES: usize = 5;

#[derive(Deserialize)]
struct Account {
    id: String,
    handle: String,
    name: String,
    currency: Currency,
    status: String,
    /// How many versions the policy in force lets the account publish in a day.
    publications: i64,
}

#[derive(Deserialize)]
struct SlugOwner {
    slug: String,
    id: String,
    account_id: String,
    title: String,
    status: String,
    /// The hash of the current version, while a new one could be published.
    content_hash: Option<String>,
}

/// Publishes an article for a writer. Publishing again under the same account and slug replaces
/// the text and keeps the address, the date and every praise. Publishing what the article says
/// already changes nothing.
///
/// Refused: an account that is not the writer's, an empty or too long title, a text over the limit
/// or with too much markup, an article under review, a suspended account, more publications than a
/// day allows.
pub async fn publish<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    person_id: &str,
    new: &PublishArticle,
) -> Result<PublishedArticle, Failure> {
    let title = text::clean_line(&new.title, TITLE_MAX_GRAPHEMES)
        .map_err(|error| Problem::Text { field: "title", error })?;
    let author = match new.author.as_deref().map(|a| text::clean_line(a, NAME_MAX_GRAPHEMES * 2)) {
        None | Some(Err(text::TextError::Empty)) => None,
        Some(Ok(author)) => Some(author),
        Some(Err(error)) => return Err(Problem::Text { field: "author", error }.into()),
    };
    if new.markdown.len() > ARTICLE_MAX_BYTES {
        return Err(Problem::TooLarge(ARTICLE_MAX_BYTES).into());
    }
    if markdown::count_marks(&new.markdown) > ARTICLE_MAX_MARKS {
        return Err(Problem::TooMuchMarkup(ARTICLE_MAX_MARKS).into());
    }
    let wanted = match new.slug.as_deref() {
        Some(slug) => {
            Slug::parse(slug).ok_or(Problem::Field { field: "slug", expected: Expected::SLUG })?
        }
        None => Slug::from_title(&title)
            .ok_or(Problem::Field { field: "slug", expected: Expected::SLUG_NOT_FROM_TITLE })?,
    };
    let account = account(db, person_id, new.account.as_deref(), now).await?;
    if account.status == "suspended" {
        return Err(Problem::AccountSuspended.into());
    }
    let mut place = find_place(db, &account, new, &wanted, &title).await?;
    if place.existing.as_ref().is_some_and(|article| article.status == "frozen") {
        return Err(Problem::ArticleFrozen.into());
    }
    let body = markdown::without_repeated_heading(&new.markdown, &title, author.as_deref());
    let rendered = markdown::render(&body);
    if rendered.html.len() > HTML_MAX_BYTES {
        return Err(Problem::PageTooLarge.into());
    }
    if !rendered.anything_visible {
        return Err(Problem::Text { field: "markdown", error: text::TextError::Empty }.into());
    }
    let author = author.filter(|author| *author != account.name);
    let content_hash = content_hash(&title, author.as_deref(), new, &rendered.html);

    for _ in 0..TRIES {
        let Place { slug, existing } = &place;
        let path = app::address::article(slug.as_str());
        let slug = slug.as_str().to_owned();
        let created = existing.is_none();
        let id = match existing {
            Some(same) if same.content_hash.as_ref() == Some(&content_hash) => {
                return Ok(PublishedArticle { id: same.id.clone(), slug, path, created });
            }
            Some(earlier) => earlier.id.clone(),
            None => Kind::Article.id(entropy.bytes()),
        };
        let says = [
            Value::from(&id),
            (&account.id).into(),
            (&slug).into(),
            (&title).into(),
            author.clone().into(),
            new.lang.tag().into(),
            (&rendered.summary).into(),
            now.into(),
        ];
        let mut statements = vec![match created {
            true => Statement::new(
                "INSERT INTO article (id, account_id, slug, title, author, lang, summary, praise_on,
                                      status, published_at, updated_at, version)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, 'published', ?8, ?8, 1)",
                says,
            ),
            false => Statement::new(
                "UPDATE article SET title = ?4, author = ?5, lang = ?6, summary = ?7,
                   updated_at = ?8, version = version + 1
                 WHERE id = ?1 AND account_id = ?2 AND slug = ?3",
                says,
            ),
        }];
        statements.push(Statement::new(
            concat!(
                "INSERT INTO article_version (article_id, version, title, author, lang, summary,
                                              content_hash, published_at, account_id, currency, day,
                                              policy_version)
                 SELECT article.id, article.version, title, author, lang, summary, ?2, updated_at,
                        account.id, account.currency, ?3, ",
                policy_in_force!("version", "account.currency", "article.updated_at"),
                " FROM article JOIN official_account AS account ON account.id = article.account_id
                 WHERE article.id = ?1"
            ),
            [
                Value::from(&id),
                (&content_hash).into(),
                now.day(account.currency).to_string().into(),
            ],
        ));
        for (form, body) in [("markdown", &new.markdown), ("html", &rendered.html)] {
            statements.push(Statement::new(
                "INSERT INTO article_text (article_id, version, form, body)
                 SELECT id, version, ?2, ?3 FROM article WHERE id = ?1",
                [Value::from(&id), form.into(), body.into()],
            ));
        }
        match db.batch(statements).await {
            Ok(_) => return Ok(PublishedArticle { id, slug, path, created }),
            // Another request took the slug in between: look for another one.
            Err(DatabaseError::Rule(rule)) if rule == "slug_taken" => {
                place = find_place(db, &account, new, &wanted, &title).await?;
            }
            Err(error) => {
                return Err(match error.rule() {
                    Some("article_frozen") => Problem::ArticleFrozen.into(),
                    Some("account_suspended") => Problem::AccountSuspended.into(),
                    Some("publish_quota") => Problem::PublishQuota {
                        limit: account.publications,
                        reopens_at: now.day(account.currency).plus(1).starts_at(account.currency),
                    }
                    .into(),
                    _ => error.into(),
                });
            }
        }
    }
    Err(Problem::Taken("slug").into())
}

/// Hashes everything that a version says: a change of any of it is another version.
fn content_hash(title: &str, author: Option<&str>, new: &PublishArticle, html: &str) -> String {
    sha256_of_texts(&[title, author.unwrap_or_default(), new.lang.tag(), &new.markdown, html])
}

/// Refuses a person who has no account, as [`publish`] would after the article has been sent.
pub async fn require_account<D: Database>(
    db: &D,
    person_id: &str,
    now: Moment,
) -> Result<(), Failure> {
    match accounts(db, person_id, now).await?.is_empty() {
        true => Err(Problem::Field { field: "account", expected: Expected::YOUR_HANDLE }.into()),
        false => Ok(()),
    }
}

/// Lists the accounts of a writer, oldest first.
async fn accounts<D: Database>(
    db: &D,
    person_id: &str,
    now: Moment,
) -> Result<Vec<Account>, DatabaseError> {
    let statement = Statement::new(
        concat!(
            "SELECT id, handle, name, currency, status, ",
            policy_in_force!("account_day_publications", "account.currency", "?2"),
            " AS publications
             FROM official_account AS account WHERE owner_id = ?1 ORDER BY created_at, id"
        ),
        [Value::from(person_id), now.into()],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

/// Finds the account of this writer by its handle. Without a handle, the writer's only account. A
/// refusal names the handles that the writer can choose from.
async fn account<D: Database>(
    db: &D,
    person_id: &str,
    handle: Option<&str>,
    now: Moment,
) -> Result<Account, Failure> {
    let mut accounts = accounts(db, person_id, now).await?;
    let chosen = match handle {
        Some(handle) => accounts.iter().position(|account| account.handle == handle),
        None => (accounts.len() == 1).then_some(0),
    };
    if let Some(index) = chosen {
        return Ok(accounts.swap_remove(index));
    }
    let expected = match accounts.is_empty() {
        true => Expected::YOUR_HANDLE,
        false => {
            Expected::OneOfYourHandles(accounts.into_iter().map(|account| account.handle).collect())
        }
    };
    Err(Problem::Field { field: "account", expected }.into())
}

/// Where an article is published: the address, and the existing article, if any, that is updated.
struct Place {
    slug: Slug,
    existing: Option<SlugOwner>,
}

/// Finds the address: the wanted one, or the first with a number that is free. If the writer chose no
/// slug, only the same title means the same article. A different article must not replace one that
/// has praises.
async fn find_place<D: Database>(
    db: &D,
    account: &Account,
    new: &PublishArticle,
    wanted: &Slug,
    title: &str,
) -> Result<Place, Failure> {
    let numbered = (2..SLUG_NUMBERS + 2).map(|number| wanted.numbered(number));
    let candidates: Vec<Slug> = std::iter::once(wanted.clone()).chain(numbered).collect();
    let slugs: Vec<&str> = candidates.iter().map(Slug::as_str).collect();
    let statement = Statement::new(
        "SELECT article.slug, article.id, article.account_id, article.title, article.status,
                iif(article.status = 'published', current.content_hash, NULL) AS content_hash
         FROM article
         LEFT JOIN article_version AS current
           ON current.article_id = article.id AND current.version = article.version
         WHERE article.slug IN (SELECT value FROM json_each(?1))",
        [Value::from(to_json(&slugs)?)],
    );
    let mut owners: Vec<SlugOwner> =
        Results::from(db.batch(vec![statement]).await?).take().decode()?;
    for slug in candidates {
        let Some(at) = owners.iter().position(|owner| owner.slug == slug.as_str()) else {
            return Ok(Place { slug, existing: None });
        };
        let owner = owners.swap_remove(at);
        if owner.account_id == account.id && (new.slug.is_some() || owner.title == title) {
            return Ok(Place { slug, existing: Some(owner) });
        }
    }
    Err(Problem::Taken("slug").into())
}
