//! What search engines read: `robots.txt` and the sitemap.

use shared::calendar::Moment;
use shared::problem::Problem;

use crate::http::answer;
use crate::http::request_context::{HandlerResult, RequestContext};
use crate::queries::sitemap::{self, Place};

/// `GET /robots.txt`: personal pages and the API are not for search engines
pub async fn robots(request: RequestContext) -> HandlerResult {
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /i/\nDisallow: /me\nDisallow: /pay/\n\
         Disallow: /r/\nDisallow: /sign-in\nDisallow: /studio\n\nSitemap: {}/sitemap.xml\n",
        request.origin()
    );
    Ok(answer::public_text("text/plain; charset=utf-8", text)?)
}

/// `GET /sitemap.xml`: every published article and active account, or an index of the parts once there
/// are more than 1,000 articles or accounts
pub async fn sitemap(request: RequestContext) -> HandlerResult {
    let (services, origin) = (request.services().await?, request.origin());
    let (places, parts) = sitemap::read(services.db(), 0).await?;
    let xml = if parts <= 1 {
        urls(&origin, &places)
    } else {
        let parts = (1..=parts)
            .map(|part| format!("<sitemap><loc>{origin}/sitemap-{part}.xml</loc></sitemap>\n"));
        format!("{HEAD}<sitemapindex {NAMESPACE}>\n{}</sitemapindex>\n", parts.collect::<String>())
    };
    Ok(answer::public_text("application/xml", xml)?)
}

/// `GET /sitemap-{part}.xml`: a part of the sitemap, counted from one
pub async fn part(request: RequestContext) -> HandlerResult {
    let name = request.param("part");
    let part: Option<i64> = name.strip_suffix(".xml").and_then(|number| number.parse().ok());
    let part = part.filter(|part| (1..=PARTS_MAX).contains(part)).ok_or(Problem::NotFound)?;
    let services = request.services().await?;
    let (places, parts) = sitemap::read(services.db(), part - 1).await?;
    if part > parts {
        return Err(Problem::NotFound.into());
    }
    Ok(answer::public_text("application/xml", urls(&request.origin(), &places))?)
}

/// The protocol allows this many parts.
const PARTS_MAX: i64 = 50_000;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

/// Writes the addresses. They are percent-encoded, so nothing in them has to be escaped.
fn urls(origin: &str, places: &[Place]) -> String {
    let mut xml = format!("{HEAD}<urlset {NAMESPACE}>\n");
    for place in places {
        let (path, changed) = match place {
            Place::Account(handle) => (app::address::account(handle), None),
            Place::Article(slug, updated_at) => (app::address::article(slug), Some(updated_at)),
        };
        let changed = changed.map(|at: &Moment| format!("<lastmod>{}</lastmod>", at.to_rfc3339()));
        let changed = changed.unwrap_or_default();
        xml.push_str(&format!("<url><loc>{origin}{path}</loc>{changed}</url>\n"));
    }
    xml.push_str("</urlset>\n");
    xml
}
