//! The praise form as a page, and where the sheet's form goes too.

use app::address;
use app::page::{Content, OpenIntent, PraiseForm, PraiseInput, PraiseStep};
use app::sheet::validation;
use shared::api::{Article, ArticleRef, CurrencyLimits};
use shared::key::IdempotencyKey;
use shared::machine::Visibility;
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};

use super::article::fresh_key;
use crate::attempts::Attempts;
use crate::digest::sha256;
use crate::failure::Failure;
use crate::http::answer;
use crate::http::form::{Fields, query};
use crate::http::site::Site;
use crate::http::visit::{Answer, Visit};
use crate::identity::{self, Session};
use crate::praise::intent;
use crate::praise::start::{self, NewPraise};
use crate::reader_limits;
use crate::reading::articles;

/// `GET /a/{slug}/praise`: the form, with whatever the query brings along.
pub async fn form(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let session = visit.signed_in(&site).await?;
    let slug = visit.param("slug");
    let article = articles::find(site.db(), &slug, site.now).await?.ok_or(Problem::NotFound)?;
    let mut input = input(&visit.query());
    input.key = fresh_key();
    let fill = PraiseStep::Fill;
    let page = show(&visit, &site, &session, article, input, fill, Vec::new(), 200).await?;
    // The open sheet asks for it: a browser keeps no page whose script asked for what is kept
    // nowhere, so the way back to the article would load it anew.
    Ok(answer::for_the_way_back(page)?)
}

/// `POST /a/{slug}/praise`: reviews, edits or pays. Whatever is wrong is shown beside its field,
/// with everything typed kept.
pub async fn submit(visit: Visit) -> Answer {
    // The way back from the cashier leads to the review, which was the answer to a form; scripts
    // lead it to the form itself.
    Ok(answer::for_the_way_back(take(visit).await?)?)
}

async fn take(mut visit: Visit) -> Answer {
    let fields = visit.form().await?;
    let slug = visit.param("slug");
    let typed = input(&fields);
    let site = visit.site().await?;
    let Some(session) = visit.session(&site).await? else { return sign_in_first(&slug, &typed) };
    let article = articles::find(site.db(), &slug, site.now).await?.ok_or(Problem::NotFound)?;
    let Some(terms) = &article.praise.terms else {
        return refuse(&visit, &session, &article, Problem::NotAccepting);
    };
    let step = fields.text("step");
    if step == "edit" {
        return show(&visit, &site, &session, article, typed, PraiseStep::Fill, vec![], 200).await;
    }
    let praise = match read(&typed, terms.currency) {
        Ok(praise) => praise,
        Err(problems) => {
            let step = PraiseStep::Fill;
            return show(&visit, &site, &session, article, typed, step, problems, 422).await;
        }
    };
    if step != "pay" {
        let review = PraiseStep::Review { amount: praise.amount };
        return show(&visit, &site, &session, article, typed, review, vec![], 200).await;
    }
    let mut attempts = None;
    let person = &session.person_id;
    let response = match pay(&visit, &site, person, &slug, &typed, &praise, &mut attempts).await {
        Ok(path) => answer::see_other(&path)?,
        // Nothing that was typed is lost. Where the fault is ours, the same key finds whatever has
        // happened.
        Err(failure) => {
            answer::log(&failure, visit.request_id(), "praise");
            let problem = failure.problem();
            let (step, status) = (PraiseStep::Fill, problem.status());
            let problems = vec![problem.clone()];
            let shown = show(&visit, &site, &session, article, typed, step, problems, status);
            answer::retry_after(&problem, shown.await?)?
        }
    };
    Ok(match attempts {
        Some(attempts) => answer::rate_limit(&attempts, response)?,
        None => response,
    })
}

/// To the cashier, or to the page that waits for it.
fn goes_on(view: &intent::View) -> String {
    view.payment().url.unwrap_or_else(|| address::intent(&view.intent.id))
}

/// Starts the praise and says where to go: to the cashier, or to the page that waits for it. Leaves
/// in `attempts` what was counted, whatever comes of it.
async fn pay(
    visit: &Visit,
    site: &Site<'_>,
    person_id: &str,
    slug: &str,
    typed: &PraiseInput,
    praise: &NewPraise,
    attempts: &mut Option<Attempts>,
) -> Result<String, Failure> {
    let key = key(slug, typed)?;
    // Back from the cashier and pressed again: the page, loaded anew, has another key, and what is
    // meant is the attempt that waits.
    if let Some(same) = start::waiting(&site.context(), person_id, slug, praise).await? {
        return Ok(goes_on(&same));
    }
    let token = visit.session_token().ok_or(Problem::SignInNeeded)?;
    let hash = identity::hash(&token);
    let address = visit.address();
    let ground =
        start::ground(site.db(), &hash, slug, key.as_str(), address.as_ref(), site.now).await?;
    *attempts = Some(ground.attempts.clone());
    let view = start::start(&site.context(), ground, slug, &key, praise).await?;
    Ok(goes_on(&view))
}

/// The key of a form: the article, the hidden field and every value together. Pressing twice is the same
/// intention; going back and changing something is a new one.
fn key(slug: &str, typed: &PraiseInput) -> Result<IdempotencyKey, Problem> {
    if IdempotencyKey::parse(&typed.key).is_err() {
        return Err(Problem::KeyMissing);
    }
    let PraiseInput { preset, amount, note, visibility, key } = typed;
    let values = [slug, key, preset, amount, note, visibility];
    let text = values.map(|value| format!("{}:{value}", value.len())).join("|");
    IdempotencyKey::parse(&format!("form:{}", sha256(text))).map_err(|_| Problem::KeyMalformed)
}

fn input(fields: &Fields) -> PraiseInput {
    let text = |name| fields.text(name).to_owned();
    PraiseInput {
        preset: text("preset"),
        amount: text("amount"),
        note: text("note"),
        visibility: text("visibility"),
        key: text("key"),
    }
}

/// What the fields mean, or everything that is wrong with them.
fn read(typed: &PraiseInput, currency: Currency) -> Result<NewPraise, Vec<Problem>> {
    let amount = validation::parse_amount(&typed.preset, &typed.amount, currency);
    let visibility = Visibility::from_name(&typed.visibility).ok_or(Problem::Field {
        field: "visibility",
        expected: Expected::Words("chosen: who may see it", "选择：谁能看到"),
    });
    let mut problems = Vec::new();
    if let Err(error) = amount {
        problems.push(Problem::Amount(error));
    }
    if let Err(problem) = &visibility {
        problems.push(problem.clone());
    }
    let note = NewPraise::new(Money::new(0, currency), Visibility::Public, Some(&typed.note));
    if let Err(problem) = note {
        problems.push(problem);
    }
    match (amount, visibility) {
        (Ok(amount), Ok(visibility)) if problems.is_empty() => {
            NewPraise::new(amount.money(), visibility, Some(&typed.note)).map_err(|p| vec![p])
        }
        _ => Err(problems),
    }
}

/// The session ended while the form was open: sign in, and come back to what was typed.
fn sign_in_first(slug: &str, typed: &PraiseInput) -> Answer {
    let fields = query(&[
        ("preset", &typed.preset),
        ("amount", &typed.amount),
        ("note", &typed.note),
        ("visibility", &typed.visibility),
    ]);
    let back = format!("/a/{}/praise?{fields}", crate::publish::percent_encode(slug));
    Ok(answer::see_other(&format!("/sign-in?{}", query(&[("return", &back)])))?)
}

fn refuse(visit: &Visit, session: &Session, article: &Article, problem: Problem) -> Answer {
    let status = problem.status();
    let page = app::page::ProblemPage { problem, request_id: visit.request_id().to_owned() };
    visit.page(Some(session), article.summary.lang, status, Content::Problem(page))
}

#[expect(clippy::too_many_arguments, reason = "a page of many parts, built in one place")]
async fn show(
    visit: &Visit,
    site: &Site<'_>,
    session: &Session,
    article: Article,
    mut input: PraiseInput,
    mut step: PraiseStep,
    mut problems: Vec<Problem>,
    mut status: u16,
) -> Answer {
    let Some(terms) = article.praise.terms.clone() else {
        return refuse(visit, session, &article, Problem::NotAccepting);
    };
    if input.key.is_empty() {
        input.key = fresh_key();
    }
    let slug = article.summary.slug.as_str();
    let open = intent::open(site.db(), &session.person_id, Some(slug), site.now).await?;
    let limits = reader_limits::find(site.db(), site.now, &session.person_id).await?;
    let limits = limits.in_currency(terms.currency);
    // Nobody goes through an amount once more that is refused afterwards. What an attempt that waits
    // has taken of the limits is there for the same again, which leads to it.
    if let PraiseStep::Review { amount } = step
        && !open.iter().any(|view| view.intent.amount == amount)
        && let Some(problem) = limits.and_then(|limits| limits.refusal(amount, site.now))
    {
        (step, status) = (PraiseStep::Fill, problem.status());
        problems.push(problem);
    }
    let form = PraiseForm {
        room: limits.map(CurrencyLimits::room),
        article: ArticleRef {
            slug: article.summary.slug.clone(),
            title: article.summary.title.clone(),
            account_name: article.summary.account.name.clone(),
        },
        terms,
        input,
        step,
        problems,
        open: open
            .into_iter()
            .map(|view| OpenIntent { intent: view.intent, article: view.article })
            .collect(),
    };
    let content = Content::PraiseForm(Box::new(form));
    visit.page(Some(session), article.summary.lang, status, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> PraiseInput {
        PraiseInput {
            preset: "custom".into(),
            amount: "８.８８".into(),
            note: String::new(),
            visibility: "public".into(),
            key: "req_0123456789abcdef".into(),
        }
    }

    #[test]
    fn pressing_twice_is_one_key_and_editing_another() {
        let first = key("tea", &typed()).unwrap();
        assert_eq!(key("tea", &typed()), Ok(first.clone()));
        let edited = PraiseInput { note: "好".into(), ..typed() };
        assert_ne!(key("tea", &edited).unwrap(), first);
        assert_ne!(key("coffee", &typed()).unwrap(), first);
        let bare = PraiseInput { key: String::new(), ..typed() };
        assert_eq!(key("tea", &bare), Err(Problem::KeyMissing));
    }

    #[test]
    fn reads_what_was_typed_and_names_all_that_is_wrong() {
        assert_eq!(read(&typed(), Currency::Cny).unwrap().amount.minor, 888);
        let preset = PraiseInput { preset: "500".into(), ..typed() };
        assert_eq!(read(&preset, Currency::Cny).unwrap().amount.minor, 500);
        let wrong = PraiseInput {
            amount: "201".into(),
            note: "好".repeat(141),
            visibility: String::new(),
            ..typed()
        };
        let codes: Vec<_> =
            read(&wrong, Currency::Cny).unwrap_err().iter().map(|p| p.code()).collect();
        assert_eq!(codes, ["rule.praise_cap", "field.invalid", "text.too_long"]);
    }
}
