//! A handler's view of its request: parameters, body, session and language; and what a handler
//! returns.

use app::page::{Assets, Content, PageContext, Viewer};
use shared::lang::Lang;
use shared::limits::JSON_MAX_BYTES;
#[cfg(feature = "sandbox")]
use shared::problem::Expected;
use shared::problem::Problem;
use worker::{Method, Request, Response, RouteContext};

use super::answer::{self, CachePolicy};
use super::body::{self, Body};
use super::form::Fields;
use super::full_buckets;
use super::json::{self, JsonBody};
use super::services::{Databases, Services, real_now};
use crate::database::DatabaseError;
use crate::digest::sha256_start;
use crate::failure::Failure;
use crate::limits::address::{Address, AddressKey};
use crate::limits::requests;
use crate::people::identity::{self, Session};
use crate::people::operator::Operators;
use crate::people::receipt_link::Signer;

/// Bytes of a form. Far more than a note may have, so that a note that is too long is shown again
/// in its form, instead of being lost on an error page.
const FORM_MAX_BYTES: usize = 4 * JSON_MAX_BYTES;

/// The name of the session cookie, without the prefix that it has over TLS.
pub(super) const SESSION_COOKIE: &str = "praise_session";

/// The id of the request, which the router carries to its handler.
#[derive(Clone)]
pub struct RequestId(pub String);

/// Why a handler returned no answer.
pub enum HandlerError {
    /// A refusal or a failure, to be shown as a problem.
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

/// An identified caller. Reading a body requires one, so handlers authenticate first: a stranger must
/// not learn from a refusal that the route exists, nor make the Worker keep megabytes in memory.
pub trait Caller {
    /// The most memory that is reserved for a body from its declared length.
    const RESERVED: usize = usize::MAX;
}

/// Any caller, for routes that are open to everybody.
pub struct Anyone;

impl Caller for Anyone {
    const RESERVED: usize = body::RESERVED_FOR_ANYONE;
}

impl Caller for Session {}

/// What handlers return.
pub type HandlerResult = Result<Response, HandlerError>;

/// A request with its route's parameters and the deployment's databases.
pub struct RequestContext {
    request: Request,
    route: RouteContext<RequestId>,
    databases: Databases,
}

impl RequestContext {
    /// Binds the deployment's databases to a request.
    pub(super) fn new(
        request: Request,
        route: RouteContext<RequestId>,
    ) -> worker::Result<RequestContext> {
        let databases = Databases::bind(&route.env)?;
        Ok(RequestContext { request, route, databases })
    }

    /// Opens the provider and reads the clock. A handler calls this once.
    pub async fn services(&self) -> Result<Services, Failure> {
        Services::open(self.databases.clone()).await
    }

    /// A parameter of the route, percent-decoded; empty if it cannot be decoded.
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

    /// The path of the page that this request belongs to; see [`page_path`].
    fn page_path(&self) -> String {
        page_path(&self.path_and_query()).to_owned()
    }

    /// Scheme and host of this site, without a slash behind them.
    pub fn origin(&self) -> String {
        self.request.url().map(|url| url.origin().ascii_serialization()).unwrap_or_default()
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

    /// The client's IP address, in the header that Cloudflare sets. `None` in a sandbox that runs
    /// without Cloudflare.
    ///
    /// # Errors
    ///
    /// [`Problem::NotConfigured`] outside a sandbox without the header or without the key of the
    /// hashes: rate limits would not count.
    pub fn address(&self) -> Result<Option<Address>, Problem> {
        let key = match self.route.env.secret("RECEIPT_KEY") {
            Ok(secret) => AddressKey::derive(&secret.to_string()),
            Err(_) if cfg!(feature = "sandbox") => AddressKey::derive("sandbox"),
            Err(_) => return Err(Problem::NotConfigured("the secret RECEIPT_KEY is not set")),
        };
        match self.header("CF-Connecting-IP") {
            Some(header) => Ok(Some(Address::new(&header, &key))),
            None if cfg!(feature = "sandbox") => Ok(None),
            None => Err(Problem::NotConfigured("the address of the client is unknown")),
        }
    }

    /// Counts a request that changes something, and refuses one over the limit. A full bucket is
    /// remembered until it reopens, so that a flood of refused requests writes nothing. The sandbox's
    /// own controls are not limited, nor are the provider's messages: they come from a few addresses,
    /// and their signature is verified before anything is stored.
    pub(super) async fn count(&self) -> Result<(), HandlerError> {
        let path = self.request.path();
        let counts = !matches!(self.request.method(), Method::Get | Method::Head | Method::Options)
            && !is_sandbox_control(&path)
            && !path.starts_with("/pay/");
        if counts {
            let session_hash = self.session_token().map(|token| identity::hash(&token));
            let (db, address) = (&self.databases.product, self.address()?);
            let now = real_now();
            let buckets = requests::buckets(session_hash.as_deref(), address.as_ref());
            let full = match full_buckets::find(&buckets, now) {
                Some(full) => Some(full),
                None => requests::count(db, &buckets, now).await?,
            };
            if let Some(full) = full {
                full_buckets::remember(&full, now);
                return Err(full.refusal(now).into());
            }
        }
        Ok(())
    }

    /// The request's id, which the answer and the log carry.
    pub fn request_id(&self) -> &str {
        &self.route.data.0
    }

    /// A cookie that no other host can set: over TLS, browsers keep names with the prefix `__Host-`
    /// to their host.
    pub fn bound_cookie(&self, name: &str) -> Option<String> {
        self.cookie(&self.bound_cookie_name(name))
    }

    /// The value of the `Set-Cookie` header that sets such a cookie for some seconds; 0 removes it.
    /// Scripts cannot read it.
    pub fn set_bound_cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        let name = self.bound_cookie_name(name);
        let secure = if self.secure() { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    fn bound_cookie_name(&self, name: &str) -> String {
        format!("{}{name}", if self.secure() { "__Host-" } else { "" })
    }

    /// The session's token, if the browser has one.
    pub fn session_token(&self) -> Option<String> {
        self.bound_cookie(SESSION_COOKIE)
    }

    /// The session of the person signed in, if there is one.
    pub async fn session(&self, services: &Services) -> Result<Option<Session>, DatabaseError> {
        match self.session_token() {
            Some(token) => identity::session(services.db(), &token, services.now).await,
            None => Ok(None),
        }
    }

    /// The session of the person signed in.
    ///
    /// # Errors
    ///
    /// [`Problem::SignInNeeded`] without a session.
    pub async fn require_session(&self, services: &Services) -> Result<Session, HandlerError> {
        Ok(self.session(services).await?.ok_or(Problem::SignInNeeded)?)
    }

    /// The session of the operator signed in.
    ///
    /// # Errors
    ///
    /// [`Problem::SignInNeeded`] without a session, [`Problem::NotFound`] for anybody who is not an
    /// operator.
    pub async fn require_operator(&self, services: &Services) -> Result<Session, HandlerError> {
        let session = self.require_session(services).await?;
        if !self.operators().include(services.db(), &session.person_id).await? {
            return Err(Problem::NotFound.into());
        }
        if !session.is_fresh(services.now) {
            return Err(Problem::SignInNeeded.into());
        }
        Ok(session)
    }

    /// The operators of this deployment: none if the secret `OPERATOR_SUBJECTS` is not set.
    pub fn operators(&self) -> Operators {
        let subjects = self.route.env.secret("OPERATOR_SUBJECTS");
        Operators::parse(&subjects.map(|secret| secret.to_string()).unwrap_or_default())
    }

    /// The signer of receipt links; `None` if the secret `RECEIPT_KEY` is not set or too short. After
    /// a rotation, `RECEIPT_KEY_PREVIOUS` holds the old key and the date until which its links stay
    /// valid.
    pub fn receipt_signer(&self) -> Option<Signer> {
        let secret = |name| self.route.env.secret(name).ok().map(|key| key.to_string());
        let signer = Signer::new(&secret("RECEIPT_KEY")?)?;
        Some(match secret("RECEIPT_KEY_PREVIOUS") {
            Some(previous) => signer.with_previous(&previous),
            None => signer,
        })
    }

    /// The language that the reader chose, or else the one that the browser prefers.
    pub fn requested_lang(&self) -> Option<Lang> {
        let chosen = self.cookie("lang").as_deref().and_then(Lang::from_tag);
        chosen.or_else(|| {
            self.header("Accept-Language").as_deref().and_then(Lang::from_accept_language)
        })
    }

    /// The language of answers that have no language of their own; English by default.
    pub fn lang(&self) -> Lang {
        self.requested_lang().unwrap_or(Lang::En)
    }

    /// The body.
    ///
    /// # Errors
    ///
    /// [`Problem::TooLarge`] if it has more than `max` bytes, [`Problem::BodyTimeout`] if it does not
    /// arrive in time.
    pub async fn body<C: Caller>(&mut self, _: &C, max: usize) -> Result<Vec<u8>, HandlerError> {
        match body::read(&mut self.request, max, C::RESERVED).await? {
            Body::Whole(bytes) => Ok(bytes),
            Body::TooLarge => Err(Problem::TooLarge(max).into()),
            Body::TimedOut(seconds) => Err(Problem::BodyTimeout(seconds).into()),
        }
    }

    /// A JSON object of at most [`JSON_MAX_BYTES`]. See [`json::read`].
    pub async fn json<T: JsonBody>(&mut self, caller: &impl Caller) -> Result<T, HandlerError> {
        self.json_up_to(caller, JSON_MAX_BYTES).await
    }

    /// A JSON object of at most `max` bytes.
    pub async fn json_up_to<T: JsonBody>(
        &mut self,
        caller: &impl Caller,
        max: usize,
    ) -> Result<T, HandlerError> {
        self.content_type("application/json")?;
        Ok(json::read(&self.body(caller, max).await?)?)
    }

    /// A JSON object for the sandbox's controls, which read it member by member.
    #[cfg(feature = "sandbox")]
    pub async fn control_json(&mut self) -> Result<serde_json::Value, HandlerError> {
        self.content_type("application/json")?;
        let body = self.body(&Anyone, JSON_MAX_BYTES).await?;
        match serde_json::from_slice(&body) {
            Ok(object @ serde_json::Value::Object(_)) => Ok(object),
            Ok(_) => Err(Problem::Field { field: "body", expected: Expected::Object }.into()),
            Err(_) => Err(Problem::BrokenBody.into()),
        }
    }

    /// The fields of a form.
    pub async fn form(&mut self, caller: &impl Caller) -> Result<Fields, HandlerError> {
        self.content_type("application/x-www-form-urlencoded")?;
        Ok(Fields::parse(&self.body(caller, FORM_MAX_BYTES).await?))
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

    /// What every page shows around its content: language, path, viewer and assets. `fallback` is
    /// the language if neither the reader nor the browser has chosen one.
    pub fn page_context(&self, session: Option<&Session>, fallback: Lang) -> PageContext {
        let chosen = self.cookie("lang").as_deref().and_then(Lang::from_tag);
        let lang = chosen
            .or(session.and_then(|session| session.lang))
            .or(self.requested_lang())
            .unwrap_or(fallback);
        PageContext {
            lang,
            path: self.page_path(),
            origin: self.origin(),
            viewer: session.map(|session| Viewer {
                id_hash: id_hash(&session.person_id),
                name: session.name.clone(),
                is_writer: session.accounts > 0,
            }),
            assets: built_assets(),
            sandbox: cfg!(feature = "sandbox"),
        }
    }

    /// Renders a page with this status. `fallback` is as in [`RequestContext::page_context`].
    pub fn page(
        &self,
        session: Option<&Session>,
        fallback: Lang,
        status: u16,
        content: Content,
    ) -> HandlerResult {
        let page = app::render(&self.page_context(session, fallback), content);
        Ok(answer::html(status, page, CachePolicy::Never)?)
    }
}

/// Whether a path is one of the sandbox's own.
#[cfg(feature = "sandbox")]
fn is_sandbox_control(path: &str) -> bool {
    path.starts_with("/sandbox/")
}

/// This build has no sandbox.
#[cfg(not(feature = "sandbox"))]
fn is_sandbox_control(_: &str) -> bool {
    false
}

/// A hash of a person's id for pages, so that the browser can tell one person's drafts from
/// another's without learning the id.
fn id_hash(person_id: &str) -> String {
    sha256_start(person_id, 16)
}

/// The URLs of the assets that were built with this Worker.
pub(super) fn built_assets() -> Assets {
    Assets {
        css: option_env!("ASSET_APP_CSS").unwrap_or("/app.css").to_owned(),
        boot_js: option_env!("ASSET_BOOT_JS").map(str::to_owned),
        drafts_js: option_env!("ASSET_DRAFTS_JS").map(str::to_owned),
        reader_js: option_env!("ASSET_READER_JS").map(str::to_owned),
        reader_wasm: option_env!("ASSET_READER_WASM").map(str::to_owned),
        navigation_js: option_env!("ASSET_NAVIGATION_JS").map(str::to_owned),
    }
}

/// The path of the page that a request belongs to. The address of an action takes only a POST, so
/// it gives the page that shows the action's resource.
pub(super) fn page_path(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((resource, "cancel")) => resource,
        Some((_, "revoke")) => "/studio/tokens",
        _ => path,
    }
}
