//! Checks the origin of unsafe requests (CSRF protection). A browser says where a request comes
//! from in `Sec-Fetch-Site` and `Origin`, and a request from another site is refused. A
//! client that is not a browser sends neither header, and has no cookie to misuse.

use shared::problem::Problem;
use worker::{Method, Request};

/// Refuses unsafe requests that another site caused. A provider's messages are exempt by their
/// path: they carry no session, and their signature is verified.
pub fn check(request: &Request) -> Result<(), Problem> {
    let safe = matches!(request.method(), Method::Get | Method::Head | Method::Options);
    if safe || request.path().starts_with("/pay/") {
        return Ok(());
    }
    let header = |name| request.headers().get(name).ok().flatten();
    let own_origin = request.url().ok().map(|url| url.origin().ascii_serialization());
    allowed(header("Sec-Fetch-Site").as_deref(), header("Origin").as_deref(), own_origin.as_deref())
        .then_some(())
        .ok_or(Problem::CrossSite)
}

/// Each of the two headers that was sent has to name this site.
fn allowed(fetch_site: Option<&str>, origin: Option<&str>, own_origin: Option<&str>) -> bool {
    let site = fetch_site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = origin.is_none_or(|origin| Some(origin) == own_origin);
    site && origin
}

#[cfg(test)]
mod tests {
    use super::allowed;

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
