//! Checks the origin of unsafe requests (CSRF protection). A browser says where a request comes
//! from in `Sec-Fetch-Site` and `Origin`, and a request from another site is refused. A program may
//! send neither header. With a session cookie, and on `/guest` and `/sign-in`, one of them is required,
//! because a browser that sends neither cannot be told from another site's request.

use shared::problem::Problem;
use worker::{Method, Request};

/// Refuses unsafe requests that another site caused. A provider's messages are exempt by their
/// path: they carry no session, and their signature is verified. So are browsers' reports, which are
/// only counted.
pub fn check(request: &Request) -> Result<(), Problem> {
    let safe = matches!(request.method(), Method::Get | Method::Head | Method::Options);
    if safe || request.path().starts_with("/pay/") || request.path() == "/reports" {
        return Ok(());
    }
    let header = |name| request.headers().get(name).ok().flatten();
    let own_origin = request.url().ok().map(|url| url.origin().ascii_serialization());
    let requires_origin = has_session(header("Cookie").as_deref())
        || matches!(request.path().as_str(), "/guest" | "/sign-in");
    let (fetch_site, origin) = (header("Sec-Fetch-Site"), header("Origin"));
    allowed(fetch_site.as_deref(), origin.as_deref(), own_origin.as_deref(), requires_origin)
        .then_some(())
        .ok_or(Problem::CrossSite)
}

/// Whether there is a session's cookie, of either name.
fn has_session(cookies: Option<&str>) -> bool {
    cookies.is_some_and(|cookies| cookies.contains("praise_session="))
}

/// Each of the two headers that was sent has to name this site. With `requires_origin`, one of them has
/// to be there.
fn allowed(
    fetch_site: Option<&str>,
    origin: Option<&str>,
    own_origin: Option<&str>,
    requires_origin: bool,
) -> bool {
    let has_origin = fetch_site.is_some() || origin.is_some();
    let site = fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = origin.is_none_or(|origin| Some(origin) == own_origin);
    site && origin && (has_origin || !requires_origin)
}

#[cfg(test)]
mod tests {
    use super::has_session;

    fn allowed(fetch_site: Option<&str>, origin: Option<&str>, own: Option<&str>) -> bool {
        let with_session = super::allowed(fetch_site, origin, own, true);
        let without = super::allowed(fetch_site, origin, own, false);
        // A session only matters if neither header is there.
        assert_eq!(with_session, without && (fetch_site.is_some() || origin.is_some()));
        without
    }

    #[test]
    fn a_session_is_found_among_other_cookies() {
        assert!(has_session(Some("lang=en; __Host-praise_session=abc")));
        assert!(has_session(Some("praise_session=abc")));
        assert!(!has_session(Some("lang=en")));
        assert!(!has_session(None));
    }

    #[test]
    fn only_this_site_and_programs_pass() {
        let own = Some("https://praise.example");
        assert!(allowed(Some("same-origin"), own, own));
        assert!(allowed(Some("none"), None, own));
        assert!(allowed(None, None, own));
        assert!(!allowed(Some("cross-site"), own, own));
        assert!(!allowed(Some("same-site"), own, own));
        assert!(!allowed(None, Some("https://evil.example"), own));
        assert!(!allowed(None, Some("null"), own));
        assert!(!allowed(Some("same-origin"), Some("https://evil.example"), own));
    }
}
