//! The router. It wraps `worker`'s router and keeps the methods of each address, because a 405 has
//! to list them (RFC 9110, section 15.5.6) and `worker`'s router does not expose them.

use worker::{Env, Request, Response, RouteContext, Router};

use super::handler::HandlerFuture;
use super::request_context::RequestId;

/// Addresses with their handlers.
pub struct Routes {
    router: Router<'static, RequestId>,
    /// Method and pattern of each address.
    known: Vec<(&'static str, &'static str)>,
}

/// Defines a function that adds a handler for one method.
macro_rules! method {
    ($name:ident, $method:literal) => {
        #[doc = concat!("Adds a handler for ", $method, " at an address.")]
        pub fn $name(
            mut self,
            pattern: &'static str,
            handler: impl Fn(Request, RouteContext<RequestId>) -> HandlerFuture + 'static,
        ) -> Routes {
            self.known.push(($method, pattern));
            Routes { router: self.router.$name(pattern, handler), ..self }
        }
    };
}

impl Routes {
    /// A router without addresses, for the request of this id.
    pub fn new(request_id: &str) -> Routes {
        Routes { router: Router::with_data(RequestId(request_id.to_owned())), known: Vec::new() }
    }

    method!(get_async, "GET");
    method!(post_async, "POST");
    method!(put_async, "PUT");
    method!(delete_async, "DELETE");

    /// Adds a handler for the paths of a pattern that no other address matches.
    pub fn or_else_any_method_async(
        self,
        pattern: &'static str,
        handler: impl Fn(Request, RouteContext<RequestId>) -> HandlerFuture + 'static,
    ) -> Routes {
        Routes { router: self.router.or_else_any_method_async(pattern, handler), ..self }
    }

    /// The methods that `path` takes, as an `Allow` header lists them; `None` if `method` is one of
    /// them, or if no pattern matches `path`.
    pub fn allow_instead(&self, method: &str, path: &str) -> Option<String> {
        let here: Vec<_> =
            self.known.iter().filter(|(_, pattern)| matches(pattern, path)).collect();
        if here.is_empty() || here.iter().any(|(known, _)| *known == method) {
            return None;
        }
        let mut methods: Vec<&str> = here.iter().map(|(known, _)| *known).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        Some(methods.join(", "))
    }

    /// Calls the handler of a request.
    pub async fn run(self, request: Request, env: Env) -> worker::Result<Response> {
        self.router.run(request, env).await
    }
}

/// Whether a path matches a pattern, segment by segment; `:name` matches any text but an empty one.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) => {
                let fits = match pattern.split_once(':') {
                    Some((start, _)) => segment.len() > start.len() && segment.starts_with(start),
                    None => pattern == segment,
                };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_segment_by_segment() {
        assert!(matches("/", "/"));
        assert!(matches("/a/:slug", "/a/x"));
        assert!(matches("/@:handle", "/@lin"));
        assert!(!matches("/@:handle", "/@"));
        assert!(!matches("/a/:slug", "/a/x/praise"));
        assert!(!matches("/a/:slug", "/a/"));
        assert!(!matches("/me", "/mee"));
    }
}
