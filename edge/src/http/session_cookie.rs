//! The session cookie.

use shared::limits::SESSION_DAYS;

use super::request_context::{RequestContext, SESSION_COOKIE};

/// Writes the cookie that carries a session's token for this many days; zero days remove it.
pub fn session_cookie(request: &RequestContext, token: &str, days: i64) -> String {
    request.set_bound_cookie(SESSION_COOKIE, token, days.clamp(0, SESSION_DAYS) * 86_400)
}
