//! Reads intents as their reader sees them.

use serde::Deserialize;
use shared::api::{ArticleRef, Intent, PaymentAction, PaymentStep, PraiseRef};
use shared::calendar::Moment;
use shared::machine::{IntentState, PraiseState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::{Problem, WaitingIntent};

use crate::database::{Database, DatabaseError, Results, Rows, Statement, Value, from_json};
use crate::limits::policy::{Policy, policy_in_force};
use crate::payments::praise::money_back;

/// An intent with everything that its page and its API responses need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The intent in its API form.
    pub intent: Intent,
    /// The article it is for.
    pub article: ArticleRef,
    /// The article's id, `art_…`.
    pub article_id: String,
    /// The official account's id, `acc_…`.
    pub account_id: String,
    /// The provider's name.
    pub provider: String,
    /// Where to pay; `None` until the provider has created the order.
    pub pay_url: Option<String>,
    /// Our id of the order.
    pub order_id: String,
    /// The writer's words of thanks at the time of booking.
    pub thanks: Option<String>,
    /// Why the money is sent back, if it is.
    pub refusal: Option<Problem>,
    /// Whether a payment is in suspense, so that an operator decides about it.
    pub in_review: bool,
}

impl View {
    /// Returns what the reader's app does next.
    pub fn payment(&self) -> PaymentStep {
        let waiting = self.intent.state == IntentState::AwaitingPayment;
        let (action, url) = match &self.pay_url {
            Some(url) if waiting => (PaymentAction::Redirect, Some(url.clone())),
            None if waiting => (PaymentAction::Wait, None),
            _ => (PaymentAction::None, None),
        };
        PaymentStep { provider: self.provider.clone(), action, url }
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    state: IntentState,
    amount_minor: i64,
    currency: Currency,
    visibility: Visibility,
    note: Option<String>,
    started_at: i64,
    expires_at: i64,
    refusal: Option<String>,
    guest: i64,
    in_review: i64,
    article_id: String,
    account_id: String,
    slug: String,
    title: String,
    account_name: String,
    provider: String,
    order_id: String,
    pay_url: Option<String>,
    praise_id: Option<String>,
    praise_state: Option<PraiseState>,
    due_at: Option<i64>,
    thanks: Option<String>,
    policy: String,
    returned_paid_at: Option<i64>,
    returned_policy: Option<String>,
    money_back: String,
}

/// SQL that selects intents as [`Row`]; the arguments are the table and the text from WHERE on.
macro_rules! select_intents {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT intent.id, intent.state, intent.amount_minor, intent.currency,
                    intent.visibility, intent.note, intent.started_at,
                    intent.expires_at, intent.refusal,
                    person.kind = 'guest' AS guest,
                    EXISTS (SELECT 1 FROM payment
                            JOIN suspense_case ON suspense_case.payment_id = payment.id
                            WHERE payment.intent_id = intent.id AND payment.fate = 'suspense'
                              AND suspense_case.closed_at IS NULL) AS in_review,
                    intent.article_id, intent.account_id,
                    (SELECT json_group_array(json(money)) FROM (",
            money_back::select!(
                "",
                "WHERE attempt.id = intent.id ORDER BY payment.booked_at, payment.id"
            ),
            ")) AS money_back,
                    article.slug, article.title, account.name AS account_name,
                    o.provider, o.id AS order_id, o.pay_url,
                    praise.id AS praise_id, praise.state AS praise_state, praise.due_at,
                    praise.thanks, policy.document AS policy,
                    returned.paid_at AS returned_paid_at,
                    ",
            policy_in_force!("document", "intent.currency", "returned.paid_at"),
            " AS returned_policy
             FROM ",
            $from,
            "
             JOIN person ON person.id = intent.person_id
             JOIN article ON article.id = intent.article_id
             JOIN official_account AS account ON account.id = intent.account_id
             JOIN policy_document AS policy
               ON policy.version = intent.policy_version AND policy.currency = intent.currency
             JOIN provider_order AS o ON o.id = (
               SELECT id FROM provider_order WHERE intent_id = intent.id
               ORDER BY created_at DESC, id LIMIT 1)
             LEFT JOIN praise ON praise.intent_id = intent.id
             LEFT JOIN payment AS returned ON returned.id = (
               SELECT id FROM payment WHERE intent_id = intent.id AND fate = 'return'
               ORDER BY booked_at, id LIMIT 1)
             ",
            $rest
        )
    };
}

/// Finds an intent of this person; `None` if it does not exist or is another person's.
pub async fn find<D: Database>(
    db: &D,
    person_id: &str,
    intent_id: &str,
) -> Result<Option<View>, DatabaseError> {
    let rows = db.batch(vec![select(person_id, intent_id)]).await?;
    read(Results::from(rows).take())
}

/// Selects the rows for [`read`], so that a caller can add them to its own batch.
pub(super) fn select(person_id: &str, intent_id: &str) -> Statement {
    Statement::new(
        select_intents!("intent", "WHERE intent.id = ?1 AND intent.person_id = ?2"),
        [Value::from(intent_id), person_id.into()],
    )
}

/// Reads the rows of [`select`].
pub(super) fn read(rows: Rows) -> Result<Option<View>, DatabaseError> {
    rows.first::<Row>()?.map(view).transpose()
}

/// Lists the intents that this person can still pay and has not asked to cancel, newest first, at
/// most 10. `slug` restricts them to one article.
pub async fn list_open<D: Database>(
    db: &D,
    person_id: &str,
    slug: Option<&str>,
    now: Moment,
) -> Result<Vec<View>, DatabaseError> {
    let statement = Statement::new(
        select_intents!(
            "intent INDEXED BY intent_open",
            "WHERE intent.person_id = ?1 AND intent.state = 'awaiting_payment'
               AND intent.cancel_asked_at IS NULL AND intent.expires_at > ?2
               AND (?3 IS NULL OR article.slug = ?3)
             ORDER BY intent.started_at DESC, intent.id DESC LIMIT 10"
        ),
        [Value::from(person_id), now.into(), slug.into()],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    rows.into_iter().map(view).collect()
}

/// Finds the person's attempt that has waited longest for its payment. `None` if none waits.
pub(super) async fn oldest_open<D: Database>(
    db: &D,
    person_id: &str,
) -> Result<Option<WaitingIntent>, DatabaseError> {
    #[derive(Deserialize)]
    struct Oldest {
        id: String,
        slug: String,
        title: String,
        currency: Currency,
        expires_at: i64,
    }
    let statement = Statement::new(
        "SELECT intent.id, article.slug, article.title, intent.currency, intent.expires_at
         FROM intent INDEXED BY intent_open JOIN article ON article.id = intent.article_id
         WHERE intent.person_id = ?1 AND intent.state = 'awaiting_payment'
         ORDER BY intent.started_at, intent.id LIMIT 1",
        [Value::from(person_id)],
    );
    let oldest: Option<Oldest> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(oldest.map(|row| WaitingIntent {
        id: row.id,
        article: row.slug,
        title: row.title,
        currency: row.currency,
        expires_at: Moment::from_ms(row.expires_at),
    }))
}

/// Returns why the money was sent back. For a limit of the reader, the day and policy are those of
/// the start; for a limit of the article, writer or payer, those of the payment.
fn refusal(row: &Row) -> Result<Option<Problem>, DatabaseError> {
    let Some(rule) = row.refusal.as_deref() else { return Ok(None) };
    let (document, at) = match (rule, &row.returned_policy, row.returned_paid_at) {
        ("article_day_cap" | "writer_day_cap" | "payer_day_cap", Some(policy), Some(paid_at)) => {
            (policy, paid_at)
        }
        _ => (&row.policy, row.started_at),
    };
    let policy: Policy = from_json(document)?;
    let day = Moment::from_ms(at).day(row.currency);
    Ok(Some(policy.refusal(rule, row.guest == 1, day)))
}

fn view(row: Row) -> Result<View, DatabaseError> {
    let refusal = refusal(&row)?;
    let in_review = row.in_review == 1;
    let money_back: Vec<money_back::Row> = from_json(&row.money_back)?;
    let praise = match (row.praise_id, row.praise_state, row.due_at) {
        (Some(id), Some(state), Some(due_at)) => {
            Some(PraiseRef { id, state, due_at: Moment::from_ms(due_at) })
        }
        _ => None,
    };
    Ok(View {
        intent: Intent {
            id: row.id,
            state: row.state,
            amount: Money::new(row.amount_minor, row.currency),
            article: row.slug.clone(),
            visibility: row.visibility,
            note: row.note,
            expires_at: Moment::from_ms(row.expires_at),
            refusal: refusal
                .as_ref()
                .or(in_review.then_some(&Problem::PaymentInReview))
                .map(|problem| problem.code().to_owned()),
            praise,
            money_back: money_back.into_iter().map(money_back::Row::into_api).collect(),
        },
        article: ArticleRef { slug: row.slug, title: row.title, account_name: row.account_name },
        article_id: row.article_id,
        account_id: row.account_id,
        provider: row.provider,
        pay_url: row.pay_url,
        order_id: row.order_id,
        thanks: row.thanks,
        refusal,
        in_review,
    })
}
