//! HTTP to a running Worker.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use ureq::Agent;

/// A Worker to talk to.
pub struct Client {
    agent: Agent,
    base: String,
}

/// An answer with its body as text.
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Client {
    /// A client for `http://localhost:8787` or where else the Worker is.
    pub fn new(base: &str) -> Client {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Client { agent, base: base.trim_end_matches('/').to_owned() }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let response = self.agent.get(format!("{}{path}", self.base)).call();
        self.read(response)
    }

    /// POST with a JSON body, as a page of the same site would send it.
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
        let mut response = response.with_context(|| format!("nothing answers at {}", self.base))?;
        let body = response.body_mut().with_config().limit(64 << 20).read_to_string()?;
        Ok(Answer { status: response.status().as_u16(), body })
    }
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body of a successful answer; otherwise the problem as an error.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        if !self.is_success() {
            bail!(self.problem());
        }
        serde_json::from_str(&self.body)
            .with_context(|| format!("an unexpected answer: {}", start_of(&self.body)))
    }

    /// A failed answer in one line: title, detail and code of problem+json, or the start of
    /// whatever else it was.
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

fn start_of(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_problem_in_one_line() {
        let body = r#"{"title":"Too large","status":413,"detail":"At most 1 MB.","code":"body.too_large"}"#;
        let answer = Answer { status: 413, body: body.into() };
        assert_eq!(answer.problem(), "413 Too large: At most 1 MB. [body.too_large]");
        let answer = Answer { status: 500, body: "<h1>\nOops</h1>".into() };
        assert_eq!(answer.problem(), "500 <h1> Oops</h1>");
        assert!(answer.json::<Value>().is_err());
    }

    #[test]
    fn shortens_at_a_character() {
        assert_eq!(start_of(&"字".repeat(300)).chars().count(), 201);
    }
}
