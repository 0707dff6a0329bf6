//! One request on its way through a handler: what it carries, who sent it, and what a handler
//! answers with.

use std::future::Future;
use std::pin::Pin;

use app::page::{Assets, Content, PageContext, Viewer};
use serde_json::Value as Json;
use shared::lang::Lang;
use shared::limits::JSON_MAX_BYTES;
use shared::problem::{Expected, Problem};
use worker::{Request, Response, RouteContext};

use super::answer::{self, CachePolicy};
use super::body;
use super::form::Fields;
use super::services::{Databases, Services};
use crate::database::DatabaseError;
use crate::digest::sha256;
use crate::failure::Failure;
use crate::limits::attempts::Address;
use crate::people::identity::{self, Session};
use crate::people::operator::Operators;
use crate::people::receipt_link::Signer;

/// Bytes of a form. Far more than a note may have, so that a note that is too long comes back with
/// its form, and not as an error page that has lost it.
const FORM_MAX_BYTES: usize = 16 * JSON_MAX_BYTES;

/// The router's data: the id of the request.
#[derive(Clone)]
pub struct RequestId(pub String);

/// Why a handler gave no answer of its own.
pub enum HandlerError {
    /// A refusal or a failure, to be told as such.
    Failure(Failure),
    /// The runtime's own error.
    Worker(worker::Error),
}

impl From<Failure> for HandlerError {
    fn from(failure: Failure) -> HandlerError {
        HandlerError::Failure(failure)
    }
}

impl From<Problem> for HandlerError {
    fn from(problem: Problem) -> HandlerError {
        HandlerError::Failure(problem.into())
    }
}

impl From<DatabaseError> for HandlerError {
    fn from(error: DatabaseError) -> HandlerError {
        HandlerError::Failure(error.into())
    }
}

impl From<worker::Error> for HandlerError {
    fn from(error: worker::Error) -> HandlerError {
        HandlerError::Worker(error)
    }
}

/// What handlers return.
pub type HandlerResult = Result<Response, HandlerError>;

/// A request with its route's parameters.
pub struct RequestContext {
    request: Request,
    route: RouteContext<RequestId>,
    databases: Databases,
}

impl RequestContext {
    /// Opens the databases, the provider and the clock. A handler does this once.
    pub async fn services(&self) -> Result<Services, Failure> {
        Services::open(self.databases.clone()).await
    }

    /// A parameter of the route, percent-decoded; empty where it cannot be decoded.
    pub fn param(&self, name: &str) -> String {
        let raw = self.route.param(name).map(String::as_str).unwrap_or_default();
        percent_encoding::percent_decode_str(raw)
            .decode_utf8()
            .map(|text| text.into_owned())
            .unwrap_or_default()
    }

    /// The query's fields.
    pub fn query(&self) -> Fields {
        let url = self.request.url().ok();
        Fields::parse(url.as_ref().and_then(|url| url.query()).unwrap_or_default().as_bytes())
    }

    /// Path and query as sent.
    pub fn path_and_query(&self) -> String {
        let path = self.request.path();
        match self.request.url().ok().as_ref().and_then(|url| url.query()) {
            Some(query) => format!("{path}?{query}"),
            None => path,
        }
    }

    /// Where a GET shows what this request is about: the path itself, or of a deed its subject.
    fn readable_path(&self) -> String {
        readable(&self.path_and_query()).to_owned()
    }

    /// Whether the request came over TLS.
    pub fn secure(&self) -> bool {
        self.request.url().is_ok_and(|url| url.scheme() == "https")
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let header = self.header("Cookie")?;
        let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    /// The address that the request comes from, where Cloudflare says so.
    pub fn address(&self) -> Option<Address> {
        self.header("CF-Connecting-IP").as_deref().map(Address::new)
    }

    /// The request's id, for answers and the log.
    pub fn request_id(&self) -> &str {
        &self.route.data.0
    }

    /// The name of the session cookie: only over TLS can it be bound to this host.
    pub fn session_cookie_name(&self) -> &'static str {
        if self.secure() { "__Host-praise_session" } else { "praise_session" }
    }

    /// The session's token, if the browser has one.
    pub fn session_token(&self) -> Option<String> {
        self.cookie(self.session_cookie_name())
    }

    /// Who is signed in, if anybody.
    pub async fn session(&self, services: &Services) -> Result<Option<Session>, DatabaseError> {
        match self.session_token() {
            Some(token) => identity::session(services.db(), &token, services.now).await,
            None => Ok(None),
        }
    }

    /// Who is signed in; a refusal otherwise.
    pub async fn signed_in(&self, services: &Services) -> Result<Session, HandlerError> {
        Ok(self.session(services).await?.ok_or(Problem::SignInNeeded)?)
    }

    /// The operator who is signed in. To anybody else nothing is here.
    pub async fn operator(&self, services: &Services) -> Result<Session, HandlerError> {
        let session = self.signed_in(services).await?;
        // Without the secret nobody is an operator.
        let named = self.route.env.secret("OPERATOR_SUBJECTS");
        let named = named.map(|named| named.to_string()).unwrap_or_default();
        if !Operators::parse(&named).include(services.db(), &session.person_id).await? {
            return Err(Problem::NotFound.into());
        }
        Ok(session)
    }

    /// What signs links to receipts; without the secret there are none.
    pub fn receipt_signer(&self) -> Option<Signer> {
        let key = self.route.env.secret("RECEIPT_KEY").ok()?;
        Signer::new(&key.to_string())
    }

    /// The language that the reader chose, or else what the browser asks for.
    pub fn asked_lang(&self) -> Option<Lang> {
        let chosen = self.cookie("lang").as_deref().and_then(Lang::from_tag);
        chosen.or_else(|| {
            self.header("Accept-Language").as_deref().and_then(Lang::from_accept_language)
        })
    }

    /// The language of answers that are about nothing in particular.
    pub fn lang(&self) -> Lang {
        self.asked_lang().unwrap_or(Lang::En)
    }

    /// The body, if it is at most so large.
    pub async fn body(&mut self, max: usize) -> Result<Vec<u8>, HandlerError> {
        Ok(body::read(&mut self.request, max).await?.ok_or(Problem::TooLarge(max))?)
    }

    /// A JSON object of at most `max` bytes.
    pub async fn json(&mut self, max: usize) -> Result<Json, HandlerError> {
        self.content_type("application/json")?;
        let body = self.body(max).await?;
        let json: Json = serde_json::from_slice(&body).map_err(|_| Problem::BrokenBody)?;
        if !json.is_object() {
            return Err(Problem::Field { field: "body", expected: Expected::Object }.into());
        }
        Ok(json)
    }

    /// The fields of a form.
    pub async fn form(&mut self) -> Result<Fields, HandlerError> {
        self.content_type("application/x-www-form-urlencoded")?;
        Ok(Fields::parse(&self.body(FORM_MAX_BYTES).await?))
    }

    fn content_type(&self, wanted: &'static str) -> Result<(), Problem> {
        let sent = self.header("Content-Type").unwrap_or_default();
        let sent = sent.split(';').next().unwrap_or_default().trim();
        if sent.eq_ignore_ascii_case(wanted) {
            Ok(())
        } else {
            Err(Problem::WrongContentType(wanted))
        }
    }

    /// What is around a page for this reader.
    pub fn frame(&self, session: Option<&Session>, fallback: Lang) -> PageContext {
        let chosen = self.cookie("lang").as_deref().and_then(Lang::from_tag);
        let lang = chosen
            .or(session.and_then(|session| session.lang))
            .or(self.asked_lang())
            .unwrap_or(fallback);
        PageContext {
            lang,
            path: self.readable_path(),
            viewer: session.map(|session| Viewer {
                id_hash: id_hash(&session.person_id),
                name: session.name.clone(),
                is_writer: session.accounts > 0,
            }),
            assets: built_assets(),
            sandbox: cfg!(feature = "sandbox"),
        }
    }

    /// A page for this reader.
    pub fn page(
        &self,
        session: Option<&Session>,
        fallback: Lang,
        status: u16,
        content: Content,
    ) -> HandlerResult {
        let page = app::render(&self.frame(session, fallback), content);
        Ok(answer::html(status, page, CachePolicy::Never)?)
    }
}

/// A person's id, as pages may carry it: the same for one person, and nobody's name.
fn id_hash(person_id: &str) -> String {
    sha256(person_id)[..16].to_owned()
}

/// The addresses of the assets that were built with this Worker.
fn built_assets() -> Assets {
    Assets {
        css: option_env!("ASSET_APP_CSS").unwrap_or("/app.css").to_owned(),
        boot_js: option_env!("ASSET_BOOT_JS").map(str::to_owned),
        drafts_js: option_env!("ASSET_DRAFTS_JS").map(str::to_owned),
        reader_js: option_env!("ASSET_READER_JS").map(str::to_owned),
        reader_wasm: option_env!("ASSET_READER_WASM").map(str::to_owned),
        navigation_js: option_env!("ASSET_NAVIGATION_JS").map(str::to_owned),
    }
}

/// A handler's future. Handlers borrow nothing: they own their request.
pub type Handled = Pin<Box<dyn Future<Output = worker::Result<Response>>>>;

/// Makes a route of an API handler: whatever stops it becomes a problem document.
pub fn api<F, T>(handler: F) -> impl Fn(Request, RouteContext<RequestId>) -> Handled
where
    F: Fn(RequestContext) -> T + Copy + 'static,
    T: Future<Output = HandlerResult> + 'static,
{
    move |request, route| Box::pin(run(handler, request, route, as_document))
}

/// Makes a route of a page handler: whatever stops it becomes an error page, and a missing
/// session leads to the sign-in and back.
pub fn page<F, T>(handler: F) -> impl Fn(Request, RouteContext<RequestId>) -> Handled
where
    F: Fn(RequestContext) -> T + Copy + 'static,
    T: Future<Output = HandlerResult> + 'static,
{
    move |request, route| Box::pin(run(handler, request, route, as_page))
}

/// How a problem is told: the language asked for, the request's id, path and query, and whether
/// it was a GET.
type Tell = fn(&Problem, Lang, &str, &str, bool) -> worker::Result<Response>;

async fn run<F, T>(
    handler: F,
    request: Request,
    route: RouteContext<RequestId>,
    tell: Tell,
) -> worker::Result<Response>
where
    F: Fn(RequestContext) -> T,
    T: Future<Output = HandlerResult>,
{
    let databases = Databases::bind(&route.env)?;
    let context = RequestContext { request, route, databases };
    let (lang, request_id) = (context.lang(), context.request_id().to_owned());
    let path = context.path_and_query();
    let route_path = for_the_log(context.request.path());
    let get = context.request.method() == worker::Method::Get;
    match handler(context).await {
        Ok(response) => Ok(response),
        Err(HandlerError::Worker(error)) => Err(error),
        Err(HandlerError::Failure(failure)) => {
            answer::log(&failure, &request_id, &route_path);
            tell(&failure.problem(), lang, &request_id, &path, get)
        }
    }
}

/// The path without the query, which may carry what somebody has typed. A signed link is a key to
/// somebody's receipt, and is not written down either.
fn for_the_log(path: String) -> String {
    if path.starts_with("/r/") { "/r/…".to_owned() } else { path }
}

fn as_document(
    problem: &Problem,
    lang: Lang,
    request_id: &str,
    _: &str,
    _: bool,
) -> worker::Result<Response> {
    answer::problem(problem, lang, request_id)
}

fn as_page(
    problem: &Problem,
    lang: Lang,
    request_id: &str,
    path: &str,
    get: bool,
) -> worker::Result<Response> {
    if get && *problem == Problem::SignInNeeded {
        return answer::see_other(&format!("/sign-in?{}", super::form::query(&[("return", path)])));
    }
    problem_page(problem, lang, request_id, path)
}

/// The address that a GET understands: a deed's own takes only a POST.
fn readable(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((subject, "cancel")) => subject,
        Some((_, "revoke")) => "/studio/tokens",
        _ => path,
    }
}

/// An error page for somebody we know nothing about.
pub fn problem_page(
    problem: &Problem,
    lang: Lang,
    request_id: &str,
    path: &str,
) -> worker::Result<Response> {
    let frame = PageContext {
        lang,
        path: readable(path).to_owned(),
        viewer: None,
        // Whoever it is that is here, what they have typed elsewhere stays theirs.
        assets: Assets { drafts_js: None, ..built_assets() },
        sandbox: cfg!(feature = "sandbox"),
    };
    let content = Content::Problem(app::page::ProblemPage {
        problem: problem.clone(),
        request_id: request_id.to_owned(),
    });
    let response =
        answer::html(problem.status(), app::render(&frame, content), CachePolicy::Never)?;
    answer::retry_after(problem, response)
}
