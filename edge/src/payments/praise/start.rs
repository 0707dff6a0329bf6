//! Starts praises: one batch reserves the amount in the reader's daily limit and stores the intent,
//! its idempotency key, the order and the call to the provider. The request then sends the call
//! itself; a job repeats it after a crash.

use serde::Deserialize;
use shared::amount::Amount;
use shared::api::Intent;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::key::IdempotencyKey;
use shared::limits::{INTENT_MINUTES, NOTE_MAX_GRAPHEMES, next_order_poll_s};
use shared::machine::{IntentState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;
use shared::text::{self, TextError};

use super::intent::{self, View};
use super::order;
use super::reader_day;
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json, to_json};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::limits::address::Address;
use crate::limits::attempts;
use crate::limits::attempts::Attempts;
use crate::limits::policy::{Policy, policy_in_force};
use crate::limits::reader_limits;
use crate::people::identity::{self, Session};
use crate::provider::{OrderRequest, PaymentProvider};
use crate::queue::jobs::{self, JobKind};
use crate::queue::outbox::{self, Operation};

/// A praise that a reader wants to give, with its note validated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPraise {
    /// The amount; [`start`] checks it and its currency.
    pub amount: Money,
    /// Who can see it.
    pub visibility: Visibility,
    /// The note to the writer, cleaned.
    pub note: Option<String>,
}

impl NewPraise {
    /// Cleans the note; an empty note is `None`. Refused: a note that is too long.
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

    /// Returns the hash that identifies equal requests: SHA-256 over every field, lengths included.
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

/// The session that starts a praise.
#[derive(Clone, Debug)]
pub struct Starter {
    /// The hash of the session's token.
    pub token_hash: String,
    /// The session, if the caller has read it already. If not, it is read with the preconditions.
    pub session: Option<Session>,
}

impl Starter {
    /// Creates a starter whose session is read with the preconditions.
    pub fn from_token(token: &str) -> Starter {
        Starter { token_hash: identity::hash(token), session: None }
    }
}

/// The rows that starting depends on, read in one round trip.
struct Preconditions {
    /// The session; `None` without a valid one.
    session: Option<Session>,
    /// The article with its account and policy; `None` if no article has this slug.
    article: Option<ArticleRow>,
    /// The person's earlier use of the key, if any.
    used_key: Option<UsedKey>,
    /// The rate-limit windows, with this attempt counted.
    attempts: Attempts,
}

/// The outcome of a request to start a praise.
pub struct StartOutcome {
    /// The rate-limit windows, for the `RateLimit` headers.
    pub attempts: Attempts,
    /// The intent in its current state, or why there is none.
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

/// A row of `idempotency`.
#[derive(Deserialize)]
struct UsedKey {
    fingerprint: String,
    intent_id: String,
}

/// Reads the preconditions. The same round trip counts the attempt, for the human and, if there is
/// one, for the address.
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
    let (article, used_key) = (results.take().first()?, results.take().first()?);
    let session = if read_session { results.take().first()? } else { session };
    let counted = (0..attempts::STATEMENTS).map(|_| results.take()).last().unwrap_or_default();
    Ok(Preconditions {
        session,
        article,
        used_key,
        attempts: attempts::read(counted, address, now)?,
    })
}

/// Starts a praise, or finds the one that this key has started. The form and the API both call
/// this. Fails only if the preconditions cannot be read; every other failure is in the outcome.
///
/// The outcome is refused for: no session, too many attempts, an unknown article, an amount out of
/// bounds, any rule of the schema, and a key that was used for another request.
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
    if let Some(used_key) = preconditions.used_key {
        return replay(ctx, &session, used_key, &fingerprint).await;
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
        reader_day::reserve(&session.person_id, amount, &day.to_string(), policy.version),
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
    let first_poll_at = ctx.now.plus_seconds(next_order_poll_s(0));
    statements.push(jobs::schedule(JobKind::PollOrder, &order_id, first_poll_at));

    match ctx.db.batch(statements).await {
        Ok(_) => {}
        Err(DatabaseError::Rule(rule)) if rule == "key_used" => {
            let used_key = find_key(ctx.db, &session.person_id, key).await?;
            return match used_key {
                Some(used_key) => replay(ctx, &session, used_key, &fingerprint).await,
                None => Err(Problem::Unavailable.into()),
            };
        }
        Err(DatabaseError::Rule(rule)) if rule == "open_intents" => {
            return match intent::oldest_open(ctx.db, &session.person_id).await? {
                Some(oldest) => {
                    // The provider may still be asked about an attempt that has just expired.
                    let reopens_at = oldest.expires_at.max(ctx.now);
                    Err(Problem::OpenIntents { oldest: Box::new(oldest), reopens_at }.into())
                }
                // The last open attempt has just ended, so the next request can succeed.
                None => Err(Problem::Unavailable.into()),
            };
        }
        Err(DatabaseError::Rule(rule)) => {
            let rule =
                reader_limits::rule_with_limit(ctx.db, &session.person_id, amount.currency, rule);
            // The limit has been removed meanwhile, so trying again helps.
            let rule = rule.await?.ok_or(Problem::Unavailable)?;
            return Err(policy.refusal(&rule, session.guest(), day).into());
        }
        // The key shows whether the batch was committed.
        Err(DatabaseError::Unknown(cause)) => {
            return match find_key(ctx.db, &session.person_id, key).await? {
                Some(used_key) => replay(ctx, &session, used_key, &fingerprint).await,
                None => Err(DatabaseError::Unknown(cause).into()),
            };
        }
        Err(error) => return Err(error.into()),
    }
    let read = intent::select(&session.person_id, &intent_id);
    let rows = order::send(ctx, &order_id, &body, read).await?;
    intent::read(rows)?.ok_or_else(|| Problem::Unavailable.into())
}

/// Handles a key that was used before: returns its intent if the request is the same. If the
/// provider has not answered yet, the same call is sent again.
///
/// Refused: a key that was used for another request.
async fn replay<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    session: &Session,
    used_key: UsedKey,
    fingerprint: &str,
) -> Result<View, Failure> {
    if used_key.fingerprint != fingerprint {
        return Err(Problem::KeyReused.into());
    }
    let read = intent::select(&session.person_id, &used_key.intent_id);
    let rows = order::send_again(ctx, &used_key.intent_id, read).await?;
    intent::read(rows)?.ok_or_else(|| Problem::Unavailable.into())
}

/// Finds this person's open attempt with the same values. If the provider has not answered yet, its
/// order is sent again.
pub async fn find_open<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    person_id: &str,
    slug: &str,
    praise: &NewPraise,
) -> Result<Option<View>, Failure> {
    let open = intent::list_open(ctx.db, person_id, Some(slug), ctx.now).await?;
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
    // An attempt that has just ended without a payment is of no use.
    let view = intent::read(rows)?;
    Ok(view.filter(|view| {
        matches!(view.intent.state, IntentState::AwaitingPayment | IntentState::Paid)
    }))
}

async fn find_key<D: Database>(
    db: &D,
    person_id: &str,
    key: &IdempotencyKey,
) -> Result<Option<UsedKey>, DatabaseError> {
    let statement = Statement::new(
        "SELECT fingerprint, intent_id FROM idempotency WHERE person_id = ?1 AND key = ?2",
        [Value::from(person_id), key.as_str().into()],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}
