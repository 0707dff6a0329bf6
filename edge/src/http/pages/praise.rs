//! The praise form as a page. The sheet on the page of an article posts to the same address.

use app::address;
use app::page::{Content, OpenIntent, PraiseForm, PraiseInput, PraiseStep};
use app::sheet::validation;
use shared::api::{Article, ArticleRef, CurrencyLimits};
use shared::key::IdempotencyKey;
use shared::machine::Visibility;
use shared::money::{Currency, Money};
use shared::problem::{Expected, Problem};

use super::article::fresh_key;
use crate::digest::{sha256, sha256_start};
use crate::failure::Failure;
use crate::http::answer;
use crate::http::form::{Fields, query};
use crate::http::request_context::{Anyone, HandlerResult, RequestContext};
use crate::http::services::Services;
use crate::limits::attempts::Attempts;
use crate::limits::reader_limits;
use crate::payments::praise::intent;
use crate::payments::praise::start::{self, NewPraise, StartOutcome, Starter};
use crate::people::identity::Session;
use crate::queries::articles;

/// The cookie with the random value that binds a signed form to its browser.
const FORM_COOKIE: &str = "praise_form";

/// Seconds that a form may spend at the sign-in.
const FORM_COOKIE_S: i64 = 30 * 60;
/// The longest address that the sign-in leads back to.
const RETURN_PATH_MAX_BYTES: usize = 6 << 10;

/// `GET /a/{slug}/praise`: the form. It is empty, unless the query has the values that the same
/// browser typed before its sign-in, signed: a link from elsewhere cannot fill in an amount.
pub async fn form(request: RequestContext) -> HandlerResult {
    let services = request.services().await?;
    let session = request.require_session(&services).await?;
    let slug = request.param("slug");
    let article =
        articles::find(services.db(), &slug, services.now).await?.ok_or(Problem::NotFound)?;
    let (input, cookie) = signed_input(&request, &session, &slug).unzip();
    let mut input = input.unwrap_or_default();
    input.key = fresh_key();
    let fill = PraiseStep::Fill;
    let page = show(&request, &services, &session, article, input, fill, Vec::new(), 200).await?;
    if let Some(cookie) = cookie {
        let cookie = request.set_bound_cookie(FORM_COOKIE, &cookie, FORM_COOKIE_S);
        page.headers().append("Set-Cookie", &cookie)?;
    }
    // The open sheet fetches this page. A browser does not keep a page for its back button if the
    // page's script fetched a `no-store` answer, so going back to the article would reload it.
    Ok(answer::keep_for_back_button(page)?)
}

/// `POST /a/{slug}/praise`: reviews, edits or pays, by the field `step`. Each error is shown beside
/// its field, and everything typed is kept.
pub async fn submit(request: RequestContext) -> HandlerResult {
    // Without scripts, going back from the cashier shows the review, which answers a POST: the
    // browser must keep it, or it asks whether to send the form again. With scripts, `drafts.js`
    // makes the browser load the form instead.
    Ok(answer::keep_for_back_button(handle_submit(request).await?)?)
}

async fn handle_submit(mut request: RequestContext) -> HandlerResult {
    // Open to everybody: without a session, this asks to sign in and keeps what was typed.
    let fields = request.form(&Anyone).await?;
    let slug = request.param("slug");
    let typed = input(&fields);
    let services = request.services().await?;
    let Some(session) = request.session(&services).await? else {
        return sign_in_first(&request, &slug, &typed);
    };
    let article =
        articles::find(services.db(), &slug, services.now).await?.ok_or(Problem::NotFound)?;
    let Some(terms) = &article.praise.terms else {
        return refuse(&request, &session, &article, Problem::NotAccepting);
    };
    let step = fields.text("step");
    if step == "edit" {
        return show(&request, &services, &session, article, typed, PraiseStep::Fill, vec![], 200)
            .await;
    }
    let praise = match read(&typed, terms.currency) {
        Ok(praise) => praise,
        Err(problems) => {
            let step = PraiseStep::Fill;
            return show(&request, &services, &session, article, typed, step, problems, 422).await;
        }
    };
    if step != "pay" {
        let review = PraiseStep::Review { amount: praise.amount };
        return show(&request, &services, &session, article, typed, review, vec![], 200).await;
    }
    let (result, attempts) = pay(&request, &services, &session, &slug, &typed, &praise).await;
    let response = match result {
        Ok(path) => answer::see_other(&path)?,
        // Shows the form with everything that was typed, under the same key: sending it again
        // finds an intent that was stored before the failure.
        Err(failure) => {
            answer::log_failure(&failure, request.request_id(), "praise");
            let problem = failure.problem();
            let (step, status) = (PraiseStep::Fill, problem.status());
            let problems = vec![problem.clone()];
            let shown = show(&request, &services, &session, article, typed, step, problems, status);
            answer::retry_after(&problem, shown.await?)?
        }
    };
    Ok(match attempts {
        Some(attempts) => answer::rate_limit(&attempts, response)?,
        None => response,
    })
}

/// Where the reader goes next: the provider's cashier, or the page of the intent while there is no
/// order yet.
fn next_address(view: &intent::View) -> String {
    view.payment().url.unwrap_or_else(|| address::intent(&view.intent.id))
}

/// Starts the praise. Returns the address to go to next, and the attempts left if this one counted.
async fn pay(
    request: &RequestContext,
    services: &Services,
    session: &Session,
    slug: &str,
    typed: &PraiseInput,
    praise: &NewPraise,
) -> (Result<String, Failure>, Option<Attempts>) {
    let started = async {
        let key = key(slug, typed)?;
        // A form loaded after coming back from the cashier has a new key. The same values still
        // mean the intent that awaits its payment.
        let ctx = services.context();
        if let Some(open) = start::find_open(&ctx, &session.person_id, slug, praise).await? {
            return Ok((Ok(next_address(&open)), None));
        }
        let token = request.session_token().ok_or(Problem::SignInNeeded)?;
        let starter = Starter { session: Some(session.clone()), ..Starter::from_token(&token) };
        let address = request.address()?;
        let StartOutcome { attempts, result } =
            start::start(&ctx, starter, slug, &key, address.as_ref(), praise).await?;
        Ok((result.map(|view| next_address(&view)), Some(attempts)))
    };
    started.await.unwrap_or_else(|failure| (Err(failure), None))
}

/// The idempotency key of a form: a hash of the article, the hidden field and every value. Pressing
/// twice gives the same key; changing a value gives a new one.
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

/// Reads the fields. Returns every problem with them, not only the first.
fn read(typed: &PraiseInput, currency: Currency) -> Result<NewPraise, Vec<Problem>> {
    let amount = validation::parse_amount(&typed.preset, &typed.amount, currency);
    let visibility = Visibility::from_name(&typed.visibility)
        .ok_or(Problem::Field { field: "visibility", expected: Expected::CHOSEN_VISIBILITY });
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

/// Redirects to the sign-in page, because the session ended while the form was open. The sign-in
/// leads back to the form with everything that was typed, signed for this browser.
fn sign_in_first(request: &RequestContext, slug: &str, typed: &PraiseInput) -> HandlerResult {
    let path = address::praise(slug);
    let Some(signer) = request.receipt_signer() else {
        return Ok(answer::see_other(&address::sign_in(&path))?);
    };
    let browser = fresh_key();
    let signature = signer.form_signature(&browser, &signed_values(slug, typed));
    let fields = query(&[
        ("preset", &typed.preset),
        ("amount", &typed.amount),
        ("note", &typed.note),
        ("visibility", &typed.visibility),
        ("signature", &signature),
    ]);
    let back = format!("{path}?{fields}");
    // Longer addresses are refused on the way. The browser still has the draft.
    if back.len() > RETURN_PATH_MAX_BYTES {
        return Ok(answer::see_other(&address::sign_in(&path))?);
    }
    let response = answer::see_other(&address::sign_in(&back))?;
    let cookie = request.set_bound_cookie(FORM_COOKIE, &browser, FORM_COOKIE_S);
    response.headers().append("Set-Cookie", &cookie)?;
    Ok(response)
}

/// The values in the query, if this browser has brought them through the sign-in, and the cookie that
/// binds them to the person who is signed in now: on a shared device, the next person gets an empty
/// form.
fn signed_input(
    request: &RequestContext,
    session: &Session,
    slug: &str,
) -> Option<(PraiseInput, String)> {
    let fields = request.query();
    let typed = input(&fields);
    let cookie = request.bound_cookie(FORM_COOKIE)?;
    let viewer = sha256_start(&session.person_id, 16);
    let browser = match cookie.split_once('.') {
        Some((browser, seen_by)) => (seen_by == viewer).then_some(browser)?,
        None => &cookie,
    };
    let values = signed_values(slug, &typed);
    let is_signed =
        request.receipt_signer()?.is_form_signature(fields.text("signature"), browser, &values);
    is_signed.then(|| (typed, format!("{browser}.{viewer}")))
}

fn signed_values<'a>(slug: &'a str, typed: &'a PraiseInput) -> [&'a str; 5] {
    [slug, &typed.preset, &typed.amount, &typed.note, &typed.visibility]
}

fn refuse(
    request: &RequestContext,
    session: &Session,
    article: &Article,
    problem: Problem,
) -> HandlerResult {
    let status = problem.status();
    let page = app::page::ProblemPage { problem, request_id: request.request_id().to_owned() };
    request.page(Some(session), article.summary.lang, status, Content::Problem(page))
}

#[expect(clippy::too_many_arguments, reason = "a page of many parts, built in one place")]
async fn show(
    request: &RequestContext,
    services: &Services,
    session: &Session,
    article: Article,
    mut input: PraiseInput,
    mut step: PraiseStep,
    mut problems: Vec<Problem>,
    mut status: u16,
) -> HandlerResult {
    let Some(terms) = article.praise.terms.clone() else {
        return refuse(request, session, &article, Problem::NotAccepting);
    };
    if input.key.is_empty() {
        input.key = fresh_key();
    }
    let slug = article.summary.slug.as_str();
    let open =
        intent::list_open(services.db(), &session.person_id, Some(slug), services.now).await?;
    let limits = reader_limits::find(services.db(), services.now, &session.person_id).await?;
    let limits = limits.in_currency(terms.currency);
    // An amount beyond the reader's limits is refused before the review, not after it. An open
    // intent of this amount has already taken its share of the limits, and paying again leads to
    // it.
    if let PraiseStep::Review { amount } = step
        && !open.iter().any(|view| view.intent.amount == amount)
        && let Some(problem) = limits.and_then(|limits| limits.refusal(amount, services.now))
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
    request.page(Some(session), article.summary.lang, status, content)
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
