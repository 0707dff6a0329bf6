//! The one address of each page, what search engines and shared links read, and the requests that no
//! address takes.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value as Json;
use shared::money::Currency::Cny;
use tests::{Site, encode, unique};

#[test]
fn a_changed_address_leads_to_the_article_or_the_account() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let title = unique::name("Café résumé");
    let published = writer.publish(&title, "It snowed.");
    let slug = published.slug.clone();
    assert!(slug.starts_with("café-résumé"), "{slug}");
    let canonical = published.path.clone();
    let decomposed = encode(&slug.replace('é', "e\u{301}"));
    for changed in [
        format!("{canonical}/"),
        format!("/a/{}", encode(&slug.to_uppercase())),
        format!("/a/{decomposed}"),
        format!("{canonical}%E3%80%82"),
        format!("/A/{}", encode(&slug)),
        format!("/a//{}", encode(&slug)),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = site.call(method, &changed).send().expect(301);
            assert_eq!(answer.header("location"), Some(canonical.as_str()), "{changed}");
        }
    }
    site.get(&canonical).expect(200);
    let answer = site.get(&format!("{canonical}/?wall=x&y=1")).expect(301);
    assert_eq!(answer.header("location"), Some(format!("{canonical}?wall=x&y=1").as_str()));
    let handle = &writer.handle;
    for changed in [
        format!("/@{handle}/"),
        format!("/@{}", handle.to_uppercase()),
        format!("/%40{handle}"),
        format!("/@{handle}%EF%BC%8C"),
    ] {
        let answer = site.get(&changed).expect(301);
        assert_eq!(answer.header("location"), Some(format!("/@{handle}").as_str()), "{changed}");
    }
    for (changed, page) in [("/me/", "/me"), ("/STUDIO", "/studio"), ("/sign-in/", "/sign-in")] {
        assert_eq!(site.get(changed).expect(301).header("location"), Some(page), "{changed}");
    }
    site.get("//evil.example/").expect(301);
    let location = site.get("//evil.example/").header("location").map(str::to_owned);
    assert_eq!(location.as_deref(), Some("/evil.example"), "stays on this site");
    // Composed and decomposed, the same title is the same article.
    let again = writer.publish(&title.replace('é', "e\u{301}"), "It snowed again.");
    assert_eq!((again.slug, again.created), (slug, false));
}

#[test]
fn an_article_says_to_search_engines_and_shared_links_what_it_is() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let title = format!("{} </script> \"quoted\"", unique::name("Snow & ice"));
    let published = writer.publish(&title, "It snowed all day.");
    let page = site.get(&published.path).expect(200).page();
    let address = format!("{}{}", site.base(), published.path);
    assert_eq!(page.attributes("link[rel=canonical]", "href"), [address.as_str()]);
    let property =
        |name: &str| page.attributes(&format!("meta[property=\"{name}\"]"), "content").concat();
    assert_eq!(property("og:url"), address);
    assert_eq!(property("og:title"), title);
    assert_eq!(property("og:description"), "It snowed all day.");
    assert_eq!(property("og:type"), "article");
    assert_eq!(property("og:image"), format!("{}/icon-512.png", site.base()));
    assert!(!property("og:site_name").is_empty());
    assert!(property("article:published_time").ends_with('Z'));
    assert!(property("article:modified_time").ends_with('Z'));
    let data = page.text_of("script[type='application/ld+json']");
    let data: Json = serde_json::from_str(&data).unwrap_or_else(|error| panic!("{error}: {data}"));
    assert_eq!(data["@type"], "Article");
    assert_eq!(data["headline"], title.as_str());
    assert_eq!(data["mainEntityOfPage"], address.as_str());
    assert_eq!(data["datePublished"], property("article:published_time").as_str());
    assert!(data["author"]["name"].is_string());
    let account = site.get(&format!("/@{}", writer.handle)).expect(200).page();
    let canonical = format!("{}/@{}", site.base(), writer.handle);
    assert_eq!(account.attributes("link[rel=canonical]", "href"), [canonical.as_str()]);
    assert!(writer.person.get("/me").page().all("link[rel=canonical]").is_empty());
}

#[test]
fn search_engines_find_every_article() {
    let site = Site::open();
    let published = site.writer("Ann", Cny).publish(&unique::name("雪 & ice"), "It snowed.");
    let robots = site.get("/robots.txt").expect(200);
    assert_eq!(robots.header("content-type"), Some("text/plain; charset=utf-8"));
    let robots = robots.text();
    assert!(robots.contains("Disallow: /me\n") && !robots.contains("Disallow: /a\n"), "{robots}");
    assert!(robots.contains(&format!("Sitemap: {}/sitemap.xml", site.base())), "{robots}");
    let sitemap = site.get("/sitemap.xml").expect(200);
    assert_eq!(sitemap.header("content-type"), Some("application/xml"));
    // With more than a thousand pages, the sitemap lists its parts.
    let parts = match sitemap.text().contains("<sitemapindex") {
        true => {
            let parts = 1..=sitemap.text().matches("<loc>").count();
            parts.map(|part| site.get(&format!("/sitemap-{part}.xml")).expect(200).text()).collect()
        }
        false => vec![sitemap.text()],
    };
    let address = format!("<url><loc>{}{}</loc><lastmod>", site.base(), published.path);
    let found: usize = parts.iter().map(|part| part.matches(&address).count()).sum();
    assert_eq!(found, 1, "{address}");
    assert!(parts.iter().all(|part| part.matches("<loc>").count() <= 2000));
    for missing in ["/sitemap-0.xml", "/sitemap-99999.xml", "/sitemap-x.xml", "/sitemap-1"] {
        site.get(missing).expect(404);
    }
}

#[test]
fn an_unknown_method_is_refused_and_not_taken_for_a_get() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let path = format!("/a/{}", encode(&writer.article()));
    for (method, path) in [
        ("PROPFIND", path.as_str()),
        ("MKCOL", &path),
        ("QUERY", "/api/v1/articles"),
        ("REPORT", "/"),
        ("PATCH", "/api/v1/me"),
        ("OPTIONS", "/api/v1/articles"),
        ("LOCK", "/healthz"),
        ("SEARCH", "/robots.txt"),
        ("PURGE", "/sign-in"),
        ("TRACE", "/me"),
    ] {
        let (status, head) = raw(
            &site,
            &format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        );
        assert_eq!(status, 405, "{method} {path}: {head}");
        let allow = head.lines().find(|line| line.to_lowercase().starts_with("allow:"));
        assert!(allow.is_some_and(|allow| allow.contains("GET")), "{method} {path}: {head}");
    }
}

/// Sends a request with a method that the client library does not know. Returns the status and the
/// head of the answer.
fn raw(site: &Site, request: &str) -> (u16, String) {
    let address = site.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the Worker listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no status in {head}")), head)
}

#[test]
fn an_encoded_body_is_refused_at_every_address() {
    let site = Site::open();
    let person = site.person("Ben");
    for encoding in ["gzip", "br", "deflate", "GZIP", "zstd", "gzip, br", "identity, gzip"] {
        for (method, path) in [
            ("PUT", "/api/v1/me"),
            ("POST", "/api/v1/articles/x/praises"),
            ("POST", "/nowhere"),
            ("POST", "/pay/sandbox/notify"),
            ("POST", "/guest"),
        ] {
            let call = person.call(method, path).header("Content-Encoding", encoding);
            let answer = call.body("application/json", vec![0x1f, 0x8b, 8, 0]).send().expect(415);
            assert_eq!(answer.header("accept-encoding"), Some("identity"), "{method} {path}");
        }
    }
    let call = person.call("PUT", "/api/v1/me").header("Content-Encoding", "gzip");
    call.json(&serde_json::json!({ "name": "Ben" })).send().problem(415, "body.encoded");
    let call = person.call("PUT", "/api/v1/me").header("Content-Encoding", "identity");
    call.json(&serde_json::json!({ "name": "Ben" })).send().expect(200);
}
