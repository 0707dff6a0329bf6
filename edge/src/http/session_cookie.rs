//! The session cookie.

use shared::limits::SESSION_DAYS;

use super::request_context::RequestContext;

/// Writes the cookie that carries a session's token for this many days; zero days remove it.
pub fn session_cookie(request: &RequestContext, token: &str, days: i64) -> String {
    let days = days.clamp(0, SESSION_DAYS);
    let secure = if request.secure() { "; Secure" } else { "" };
    let name = request.session_cookie_name();
    format!("{name}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", days * 86_400)
}
