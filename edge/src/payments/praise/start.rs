//! Starting: one batch reserves the reader's limit and stores intent, key, order and the call to
//! the provider. Then the request sends that call itself; a job repeats it after a crash.

use serde::Deserialize;
use shared::amount::Amount;
use shared::api::Intent;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::key::IdempotencyKey;
use shared::limits::{INTENT_MINUTES, NOTE_MAX_GRAPHEMES};
use shared::machine::{IntentState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;
use shared::text::{self, TextError};

use super::intent::{self, View};
use super::order;
use super::room;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json, to_json};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::limits::attempts;
use crate::limits::attempts::{Address, Attempts};
use crate::limits::policy::{Policy, policy_in_force};
use crate::limits::reader_limits;
use crate::people::identity::{self, Session};
use crate::provider::{OrderRequest, PaymentProvider};
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// What a reader wants to give, with every field checked for its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPraise {
    /// How much; the currency is checked against the account's.
    pub amount: Money,
    /// Who sees it.
    pub visibility: Visibility,
    /// What goes with it.
    pub note: Option<String>,
}

impl NewPraise {
    /// Checks the note; an empty one is none.
    pub fn new(
        amount: Money,
        visibility: Visibility,
        note: Option<&str>,
    ) -> Result<NewPraise, Problem> {
        let note = match text::clean(note.unwrap_or_default(), NOTE_MAX_GRAPHEMES) {
            Ok(note) => Some(note),
            Err(TextError::Empty) => None,
            Err(error) => return Err(Problem::Text { field: "note", error }),
        };
        Ok(NewPraise { amount, visibility, note })
    }

    /// What makes two requests the same: SHA-256 over every field, lengths included.
    fn fingerprint(&self, slug: &str) -> String {
        let note = self.note.as_deref().unwrap_or_default();
        let Money { minor, currency } = self.amount;
        let text = format!(
            "{}:{slug}|{minor}|{currency}|{}|{}:{note}",
            slug.len(),
            self.visibility.as_str(),
            note.len(),
        );
        sha256(text)
    }
}

/// Who starts a praise.
#[derive(Clone, Debug)]
pub struct Starter {
    /// The hash of the session's token.
    pub token_hash: String,
    /// The session, if the caller has read it already. If not, it is read with the preconditions.
    pub session: Option<Session>,
}

impl Starter {
    /// Someone known by their session's token alone.
    pub fn from_token(token: &str) -> Starter {
        Starter { token_hash: identity::hash(token), session: None }
    }
}

/// What starting depends on, read in one round trip.
struct Preconditions {
    /// Who asks; `None` without a valid session.
    session: Option<Session>,
    /// The article with its account and policy; `None` if no article has this slug.
    article: Option<ArticleRow>,
    /// What this person used the key for before.
    known: Option<Known>,
    /// The attempts so far, this one included.
    attempts: Attempts,
}

/// What came of a request to start a praise.
pub struct StartOutcome {
    /// The attempts so far, for the `RateLimit` headers.
    pub attempts: Attempts,
    /// The intent as it now stands, or why there is none.
    pub result: Result<View, Failure>,
}

#[derive(Deserialize)]
struct ArticleRow {
    article_id: String,
    account_id: String,
    account_name: String,
    title: String,
    currency: Currency,
    policy: String,
}

#[derive(Deserialize)]
struct Known {
    fingerprint: String,
    intent_id: String,
}

/// Reads the preconditions. In the same round trip the attempt is counted, for the human and, if it
/// is known, for the address it comes from.
async fn preconditions<D: Database>(
    db: &D,
    starter: Starter,
    slug: &str,
    key: &str,
    address: Option<&Address>,
    now: Moment,
) -> Result<Preconditions, DatabaseError> {
    let Starter { token_hash, session } = starter;
    let mut statements = vec![
        Statement::new(
            concat!(
                "SELECT article.id AS article_id, account.id AS account_id,
                        account.name AS account_name, article.title, account.currency AS currency, ",
                policy_in_force!("document", "account.currency", "?2"),
                " AS policy
                 FROM article JOIN official_account AS account ON account.id = article.account_id
                 WHERE article.slug = ?1"
            ),
            [Value::from(slug), now.into()],
        ),
        Statement::new(
            "SELECT idempotency.fingerprint, idempotency.intent_id
             FROM session JOIN idempotency ON idempotency.person_id = session.person_id
             WHERE session.token_hash = ?1 AND idempotency.key = ?2",
            [Value::from(&token_hash), key.into()],
        ),
    ];
    let read_session = session.is_none();
    if read_session {
        statements.push(Session::read(&token_hash, now));
    }
    statements.extend(attempts::count(&token_hash, key, address, now));
    let mut results = Results::from(db.batch(statements).await?);
    let (article, known) = (results.take().first()?, results.take().first()?);
    let session = if read_session { results.take().first()? } else { session };
    let counted = (0..attempts::STATEMENTS).map(|_| results.take()).last().unwrap_or_default();
    Ok(Preconditions { session, article, known, attempts: attempts::read(counted, address, now)? })
}

/// Starts a praise, or finds the one that this key started. Every way to praise ends here: the form
/// and the API. Fails only if the preconditions cannot be read.
///
/// The result is refused for: no session, too many attempts, an unknown article, an amount out of
/// bounds, every rule of the schema, and a key that was used for something else.
pub async fn start<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    starter: Starter,
    slug: &str,
    key: &IdempotencyKey,
    address: Option<&Address>,
    praise: &NewPraise,
) -> Result<StartOutcome, DatabaseError> {
    let preconditions =
        preconditions(ctx.db, starter, slug, key.as_str(), address, ctx.now).await?;
    let attempts = preconditions.attempts.clone();
    let result = start_with(ctx, preconditions, slug, key, praise).await;
    Ok(StartOutcome { attempts, result })
}

/// Starts a praise whose preconditions have been read.
async fn start_with<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    preconditions: Preconditions,
    slug: &str,
    key: &IdempotencyKey,
    praise: &NewPraise,
) -> Result<View, Failure> {
    let Some(session) = preconditions.session else { return Err(Problem::SignInNeeded.into()) };
    let fingerprint = praise.fingerprint(slug);
    if let Some(known) = preconditions.known {
        return replay(ctx, &session, known, &fingerprint).await;
    }
    if let Some(refusal) = preconditions.attempts.refusal() {
        return Err(refusal.into());
    }
    let Some(article) = preconditions.article else { return Err(Problem::NotFound.into()) };
    let policy: Policy = from_json(&article.policy)?;
    let amount = Amount::new(praise.amount, article.currency).map_err(Problem::Amount)?.money();

    let intent_id = ctx.id(Kind::Intent);
    let order_id = ctx.id(Kind::Order);
    let expires_at = ctx.now.plus_minutes(INTENT_MINUTES);
    let day = ctx.now.day(article.currency);
    let request = OrderRequest {
        number: order_id.clone(),
        amount,
        payee: article.account_name,
        description: article.title,
        expires_at,
        return_path: format!("/i/{intent_id}"),
    };
    let body = to_json(&request)?;

    let mut statements = vec![
        Statement::new(
            "INSERT INTO idempotency (person_id, key, fingerprint, intent_id, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            [
                Value::from(&session.person_id),
                key.as_str().into(),
                fingerprint.as_str().into(),
                intent_id.as_str().into(),
                ctx.now.into(),
            ],
        ),
        Statement::new(
            "INSERT INTO intent (id, person_id, article_id, account_id, amount_minor, currency,
                                 visibility, note, policy_version, reader_day, started_at,
                                 expires_at, state, state_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'awaiting_payment', ?11)",
            [
                Value::from(&intent_id),
                (&session.person_id).into(),
                article.article_id.into(),
                article.account_id.into(),
                amount.minor.into(),
                amount.currency.into(),
                praise.visibility.as_str().into(),
                praise.note.clone().into(),
                policy.version.into(),
                day.into(),
                ctx.now.into(),
                expires_at.into(),
            ],
        ),
        room::reserve(&session.person_id, amount, &day.to_string(), policy.version),
        Statement::new(
            "INSERT INTO provider_order (id, intent_id, provider, amount_minor, currency,
                                         created_at, expires_at, state, state_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'created', ?6)",
            [
                Value::from(&order_id),
                (&intent_id).into(),
                ctx.provider.name().into(),
                amount.minor.into(),
                amount.currency.into(),
                ctx.now.into(),
                expires_at.into(),
            ],
        ),
        outbox::store(Operation::CreateOrder, &order_id, ctx.provider.name(), &body, ctx.now),
    ];
    statements.push(jobs::schedule(JobKind::CreateOrder, &order_id, ctx.now.plus_seconds(10)));
    statements.push(jobs::schedule(JobKind::PollOrder, &order_id, ctx.now.plus_seconds(5)));

    match ctx.db.batch(statements).await {
        Ok(_) => {}
        Err(DatabaseError::Rule(rule)) if rule == "key_used" => {
            let known = known(ctx.db, &session.person_id, key).await?;
            return match known {
                Some(known) => replay(ctx, &session, known, &fingerprint).await,
                None => Err(Problem::Unavailable.into()),
            };
        }
        Err(DatabaseError::Rule(rule)) => {
            let rule =
                reader_limits::rule_with_limit(ctx.db, &session.person_id, amount.currency, rule);
            // Raised in the meantime: trying again helps.
            let rule = rule.await?.ok_or(Problem::Unavailable)?;
            return Err(policy.refusal(&rule, session.guest(), day).into());
        }
        // Committed or not: the key knows.
        Err(DatabaseError::Unknown(cause)) => {
            return match known(ctx.db, &session.person_id, key).await? {
                Some(known) => replay(ctx, &session, known, &fingerprint).await,
                None => Err(DatabaseError::Unknown(cause).into()),
            };
        }
        Err(error) => return Err(error.into()),
    }
    let read = intent::select(&session.person_id, &intent_id);
    let rows = order::send(ctx, &order_id, &body, read).await?;
    intent::read(rows)?.ok_or_else(|| Problem::Unavailable.into())
}

/// The same key again: the same intent, if it is the same request. Where the first request has
/// not heard from the provider, the call is repeated: same number, same bytes.
async fn replay<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    session: &Session,
    known: Known,
    fingerprint: &str,
) -> Result<View, Failure> {
    if known.fingerprint != fingerprint {
        return Err(Problem::KeyReused.into());
    }
    let read = intent::select(&session.person_id, &known.intent_id);
    let rows = order::send_again(ctx, &known.intent_id, read).await?;
    intent::read(rows)?.ok_or_else(|| Problem::Unavailable.into())
}

/// The attempt of this person with just these values that waits for its payment already, if there
/// is one. Where the provider has not answered, its order is sent again.
pub async fn waiting<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    person_id: &str,
    slug: &str,
    praise: &NewPraise,
) -> Result<Option<View>, Failure> {
    let open = intent::open(ctx.db, person_id, Some(slug), ctx.now).await?;
    let same = open.into_iter().find(|view| {
        let Intent { amount, visibility, note, .. } = &view.intent;
        (amount, visibility, note) == (&praise.amount, &praise.visibility, &praise.note)
    });
    let Some(same) = same else { return Ok(None) };
    if same.pay_url.is_some() {
        return Ok(Some(same));
    }
    let read = intent::select(person_id, &same.intent.id);
    let rows = order::send_again(ctx, &same.intent.id, read).await?;
    // One that has come to its end just now leads nowhere.
    let view = intent::read(rows)?;
    Ok(view.filter(|view| {
        matches!(view.intent.state, IntentState::AwaitingPayment | IntentState::Paid)
    }))
}

async fn known<D: Database>(
    db: &D,
    person_id: &str,
    key: &IdempotencyKey,
) -> Result<Option<Known>, DatabaseError> {
    let statement = Statement::new(
        "SELECT fingerprint, intent_id FROM idempotency WHERE person_id = ?1 AND key = ?2",
        [Value::from(person_id), key.as_str().into()],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}
