//! An HTTP client that sends one request at a time and only what a test sets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use shared::lang::Lang;
use shared::problem::ProblemDocument;
use ureq::{Agent, SendBody};

use crate::html::Page;

/// The name of the session cookie over plain HTTP.
pub const SESSION_COOKIE: &str = "praise_session";

/// The address of the Worker. Clones share their settings and may be used from several threads.
#[derive(Clone)]
pub struct Http {
    base: Arc<str>,
    agent: Agent,
}

impl Http {
    /// The Worker at `PRAISE_BASE_URL`. Panics without it, because a test that cannot run must not
    /// pass.
    pub fn from_environment() -> Http {
        let Ok(base) = std::env::var("PRAISE_BASE_URL") else {
            panic!("PRAISE_BASE_URL is not set: run `cargo xtask test --only http`");
        };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // Every request has its own connection. A pooled connection that the server has just
            // closed would fail a test for an unrelated reason.
            .max_idle_connections(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Http { base: base.trim_end_matches('/').into(), agent }
    }

    /// `http://localhost:8787`, which is also the site's origin.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Begins a request. `path` is already percent-encoded.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            http: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            chunked: false,
            sends_origin: true,
        }
    }

    /// GET without a session.
    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }
}

/// A request that is not sent yet.
#[must_use]
pub struct Call<'a> {
    http: &'a Http,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
    body: Option<Vec<u8>>,
    chunked: bool,
    sends_origin: bool,
}

impl Call<'_> {
    /// Sends neither `Origin` nor `Sec-Fetch-Site`.
    pub fn without_origin(mut self) -> Self {
        self.sends_origin = false;
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a cookie.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.push(format!("{name}={value}"));
        self
    }

    /// Adds the session with this token.
    pub fn session(self, token: &str) -> Self {
        self.cookie(SESSION_COOKIE, token)
    }

    /// Sets the language of the answer.
    pub fn lang(self, lang: Lang) -> Self {
        self.header("Accept-Language", lang.tag())
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Json) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// Sets the fields of a form, and the headers that a browser sends with a form of this site.
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Self {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(fields);
        let origin = self.http.base().to_owned();
        self.header("Origin", &origin)
            .header("Sec-Fetch-Site", "same-origin")
            .body("application/x-www-form-urlencoded", text.finish().into_bytes())
    }

    /// Sets any body.
    pub fn body(mut self, kind: &str, bytes: Vec<u8>) -> Self {
        self.body = Some(bytes);
        self.header("Content-Type", kind)
    }

    /// Sends the body without a length.
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Sends the request. Panics if there is no answer; any status is an answer.
    pub fn send(self) -> Answer {
        let url = format!("{}{}", self.http.base, self.path);
        let mut request = ureq::http::Request::builder().method(self.method.as_str()).uri(&url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            request = request.header("Cookie", self.cookies.join("; "));
            // A browser says where an unsafe request comes from.
            let says = |name: &str| self.headers.iter().any(|(other, _)| other == name);
            if self.sends_origin && !says("Origin") && !says("Sec-Fetch-Site") {
                request = request.header("Sec-Fetch-Site", "same-origin");
            }
        }
        let agent = &self.http.agent;
        let built = "the request can be built";
        let sent = match &self.body {
            None => agent.run(request.body(()).expect(built)),
            Some(bytes) if self.chunked => {
                let mut reader = bytes.as_slice();
                agent.run(request.body(SendBody::from_reader(&mut reader)).expect(built))
            }
            Some(bytes) => agent.run(request.body(bytes.as_slice()).expect(built)),
        };
        let what = format!("{} {}", self.method, self.path);
        let mut response = sent.unwrap_or_else(|error| panic!("{what}: {error}"));
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec();
        let body = body.unwrap_or_else(|error| panic!("{what}: {error}"));
        Answer { what, status: response.status().as_u16(), headers, body }
    }
}

/// A complete answer.
pub struct Answer {
    /// Method and path of the request, for error messages.
    pub what: String,
    /// The HTTP status.
    pub status: u16,
    /// Every header, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value that a `Set-Cookie` header gives this cookie, with its attributes.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        let start = format!("{name}=");
        self.headers
            .iter()
            .filter(|(key, _)| key == "set-cookie")
            .find_map(|(_, value)| value.strip_prefix(&start))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {self}"))
    }

    /// The body as one of the API's types.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("another shape ({error}): {self}"))
    }

    /// The body as a page.
    #[track_caller]
    pub fn page(&self) -> Page {
        assert_eq!(self.header("content-type"), Some("text/html; charset=utf-8"), "{self}");
        Page::parse(&self.text())
    }

    /// Asserts the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Asserts a redirect after a form. Returns its target, a path of this site.
    #[track_caller]
    pub fn see_other(&self) -> String {
        assert_eq!(self.status, 303, "{self}");
        let location = self.header("location").unwrap_or_else(|| panic!("no Location: {self}"));
        assert!(
            location.starts_with('/') && !location.starts_with("//"),
            "leads to another site: {self}"
        );
        location.to_owned()
    }

    /// Asserts a consistent problem document with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> ProblemDocument {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self}");
        let document: ProblemDocument = self.read();
        assert_eq!(document.code, code, "{self}");
        assert_eq!(document.status, status, "{self}");
        assert_eq!(document.kind, format!("/problems/{code}"), "{self}");
        assert_eq!(Some(document.request_id.as_str()), self.header("x-request-id"), "{self}");
        assert!(!document.title.is_empty() && !document.detail.is_empty(), "{self}");
        document
    }
}

/// The request, the status, and the start of the body.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: String = self.text().chars().take(600).collect();
        write!(f, "{} → {} {start}", self.what, self.status)
    }
}

/// Everything except the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes one segment of a path or one value of a query.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
