//! HTTP to a running Worker.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use ureq::Agent;

/// The default address of `cargo xtask dev`.
pub const LOCAL_URL: &str = "http://localhost:8787";

/// An HTTP client for one Worker.
pub struct Client {
    agent: Agent,
    base: String,
}

/// A response with its body as text.
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Client {
    /// Returns a client for the Worker at `base`, such as `http://localhost:8787`.
    pub fn new(base: &str) -> Client {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Client { agent, base: base.trim_end_matches('/').to_owned() }
    }

    /// Fails unless a Worker of Praise answers. A command calls this before its first request, to
    /// report a wrong address clearly.
    pub fn check(&self) -> Result<()> {
        let way_out = "start one with `cargo xtask dev`, or name another with --url";
        let answer = self.get("/healthz").map_err(|error| {
            anyhow!("no Worker answers at {} ({}): {way_out}", self.base, error.root_cause())
        })?;
        let health: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        if answer.is_success() && health["status"] == "ok" {
            return Ok(());
        }
        if health["code"].is_string() {
            bail!("the Worker at {} is not healthy: {}", self.base, answer.problem());
        }
        bail!("no Worker of Praise answers at {}: {way_out}", self.base)
    }

    /// Returns the address of the Worker, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends a GET request.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let response = self.agent.get(format!("{}{path}", self.base)).call();
        self.read(response)
    }

    /// Sends a POST request with a JSON body, as a page of the same site would.
    pub fn post(&self, path: &str, token: Option<&str>, body: &impl Serialize) -> Result<Answer> {
        let mut request =
            self.agent.post(format!("{}{path}", self.base)).header("Origin", &self.base);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        self.read(request.send_json(body))
    }

    fn read(
        &self,
        response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Answer> {
        let mut response = response.with_context(|| format!("{} does not answer", self.base))?;
        let body = response.body_mut().with_config().limit(64 << 20).read_to_string()?;
        Ok(Answer { status: response.status().as_u16(), body })
    }
}

impl Answer {
    /// Returns whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Decodes the body of a successful response. Any other response becomes an error.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        if !self.is_success() {
            bail!(self.problem());
        }
        serde_json::from_str(&self.body).with_context(|| {
            format!("the response is not the expected JSON: {}", start_of(&self.body))
        })
    }

    /// Returns the field of the request that the problem is about, if it names one.
    pub fn field(&self) -> Option<String> {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_default();
        problem["field"].as_str().filter(|_| !self.is_success()).map(str::to_owned)
    }

    /// Returns a failed response in one line: title, detail and code of problem+json, or the start
    /// of any other body.
    pub fn problem(&self) -> String {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let mut text = format!("{}", self.status);
        for (name, before) in [("title", " "), ("detail", ": ")] {
            if let Some(value) = problem[name].as_str() {
                text.push_str(before);
                text.push_str(value);
            }
        }
        if let Some(code) = problem["code"].as_str() {
            text.push_str(&format!(" [{code}]"));
        }
        if problem.is_null() {
            text.push_str(&format!(" {}", start_of(&self.body)));
        }
        text
    }
}

/// Parses an address given with `--url`, and removes a slash at its end.
pub fn parse_url(text: &str) -> Result<String, String> {
    let host = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match host.map(|host| host.trim_end_matches('/')) {
        Some("") | None => Err(format!("give a whole address, such as {LOCAL_URL}")),
        Some(_) => Ok(text.trim_end_matches('/').to_owned()),
    }
}

/// Returns the first 200 characters on one line.
fn start_of(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Starts a server that gives one answer, and returns its address.
#[cfg(test)]
pub fn answering(status: &'static str, body: &'static str) -> String {
    use std::io::{Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut part = [0; 4096];
        // Read the whole request, because closing the connection earlier would reset it. A GET ends
        // with its headers, a POST with the last brace of its JSON.
        let ends = |request: &[u8]| match request.starts_with(b"POST") {
            true => request.ends_with(b"}"),
            false => request.ends_with(b"\r\n\r\n"),
        };
        while !ends(&request) {
            let length = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..length]);
        }
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
        write!(stream, "{head}Connection: close\r\n\r\n{body}").unwrap();
    });
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_problem_in_one_line() {
        let body = r#"{"title":"Too large","status":413,"detail":"At most 1 MB.","code":"body.too_large"}"#;
        let answer = Answer { status: 413, body: body.into() };
        assert_eq!(answer.problem(), "413 Too large: At most 1 MB. [body.too_large]");
        assert_eq!(answer.field(), None);
        let answer = Answer { status: 422, body: r#"{"title":"A","field":"account"}"#.into() };
        assert_eq!(answer.field().as_deref(), Some("account"));
        let answer = Answer { status: 500, body: "<h1>\nOops</h1>".into() };
        assert_eq!(answer.problem(), "500 <h1> Oops</h1>");
        assert!(answer.json::<Value>().is_err());
    }

    #[test]
    fn says_that_nothing_answers_and_what_to_do() {
        // Port 9 is the port of `discard`, on which nothing listens.
        let error = Client::new("http://127.0.0.1:9").check().unwrap_err().to_string();
        assert!(error.starts_with("no Worker answers at http://127.0.0.1:9 ("), "{error}");
        assert!(error.contains("`cargo xtask dev`") && error.contains("--url"), "{error}");
    }

    #[test]
    fn tells_a_worker_from_another_server() {
        let check = |status, body| {
            let base = answering(status, body);
            Client::new(&base).check().map_err(|error| error.to_string())
        };
        assert_eq!(check("200 OK", r#"{"status":"ok"}"#), Ok(()));
        let problem = r#"{"title":"Not available","code":"unavailable"}"#;
        let error = check("503 Service Unavailable", problem).unwrap_err();
        assert!(error.ends_with("is not healthy: 503 Not available [unavailable]"), "{error}");
        let error = check("200 OK", "<h1>Hello</h1>").unwrap_err();
        assert!(error.starts_with("no Worker of Praise answers at"), "{error}");
    }

    #[test]
    fn reads_whole_addresses_only() {
        assert_eq!(parse_url("http://localhost:8787/"), Ok(LOCAL_URL.to_owned()));
        assert!(parse_url("https://praise.example").is_ok());
        for text in ["localhost:8787", "http://", "ftp://localhost", ""] {
            assert!(parse_url(text).unwrap_err().contains(LOCAL_URL), "{text}");
        }
    }

    #[test]
    fn shortens_at_a_character() {
        assert_eq!(start_of(&"字".repeat(300)).chars().count(), 201);
    }
}
