//! Sanitising: an article is text and some harmless HTML; nothing in it runs, loads or embeds
//! anything.

use serde_json::json;
use shared::money::Currency::Cny;
use tests::html::Page;
use tests::{Site, encode, external_data, unique};

/// Elements that an article may contain.
const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
    "bdi",
    "bdo",
    "center",
    "data",
    "area",
    "map",
    "col",
    "colgroup",
    "acronym",
    "article",
    "aside",
    "footer",
    "header",
    "hgroup",
    "nav",
    "section",
    "big",
];

/// Attributes that no article needs, because the site sets them itself.
const FORBIDDEN: &[&str] =
    &["style", "srcdoc", "formaction", "action", "id", "name", "background", "class"];

/// Everything in an article that runs, loads something from elsewhere, or imitates the site itself.
fn harmful_parts(page: &Page) -> Vec<String> {
    let mut found = Vec::new();
    for element in page.all(".prose *") {
        let name = element.value().name();
        if !ALLOWED.contains(&name) {
            found.push(format!("<{name}>"));
        }
        for (attribute, value) in element.value().attrs() {
            // Removes what browsers ignore in a URL, and converts it to lower case.
            let value: String =
                value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            let value = value.to_ascii_lowercase();
            if attribute.starts_with("on") || FORBIDDEN.contains(&attribute) {
                found.push(format!("<{name} {attribute}={value}>"));
            }
            let start = value.split(['/', '?', '#']).next().unwrap_or_default();
            let elsewhere = start.contains(':') || value.starts_with("//");
            let may_lead = ["http:", "https:", "mailto:"].iter().any(|ok| start.starts_with(ok));
            let loads = elsewhere && ["src", "srcset", "poster", "data"].contains(&attribute);
            let leads = elsewhere && ["href", "cite"].contains(&attribute) && !may_lead;
            if loads || leads {
                found.push(format!("<{name} {attribute}={value}>"));
            }
        }
    }
    // The surrounding page is intact: an element left open in the article did not swallow it.
    for (selector, times) in [
        ("script:not([src], [type='application/ld+json'])", 0),
        ("footer.bottom", 1),
        ("a#praise-link", 1),
        ("main", 1),
    ] {
        if page.all(selector).len() != times {
            found.push(format!("{selector} is there {} times", page.all(selector).len()));
        }
    }
    found
}

#[track_caller]
fn assert_harmless(page: &Page, what: &str) {
    assert!(!page.all(".prose *").is_empty(), "{what}: nothing is left");
    assert_eq!(harmful_parts(page), [""; 0], "{what}");
}

#[test]
fn the_check_detects_harmful_html() {
    let page = |inside: &str| {
        Page::parse(&format!(
            "<main><article><div class=\"prose\">{inside}</div></article>\
             <a id=\"praise-link\">x</a></main><footer class=\"bottom\"></footer>"
        ))
    };
    for good in ["<p>x</p>", "<a href=\"https://example.com\">x</a>", "<a href=\"/a/x\">x</a>"] {
        assert_eq!(harmful_parts(&page(good)), [""; 0], "{good}");
    }
    for bad in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=https://evil.example/x.png>",
        "<img src=//evil.example/x.png>",
        "<a href=\"java\nscript:alert(1)\">x</a>",
        "<a href=\" JAVASCRIPT:alert(1)\">x</a>",
        "<a href=\"data:text/html,x\">x</a>",
        "<p style=\"position:fixed\">x</p>",
        "<p id=\"praise-link\">x</p>",
        "<a id=\"praise-link\">x</a>",
        "<iframe srcdoc=x></iframe>",
        "<form action=/sign-out><button>x</button></form>",
        "<textarea>",
        "<svg></svg>",
        "<leptos-island></leptos-island>",
    ] {
        assert!(!harmful_parts(&page(bad)).is_empty(), "{bad} is not detected");
    }
}

#[test]
fn scripts_in_markdown_do_not_run() {
    let site = Site::open();
    let writer = site.writer("Mallory", Cny);
    for hostile in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "[click](javascript:alert(1)) [me](JaVaScRiPt&colon;alert(1)) [now](data:text/html,x)",
        "<a href=\"java\nscript:alert(1)\" style=\"position:fixed\">x</a>",
        "<iframe src=//evil.example></iframe><object data=x></object><embed src=x>",
        "<form action=/sign-out method=post><button id=praise-link>Praise</button></form>",
        "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example><base href=//evil.example>",
        "</div></article></main></body></html><h1>Elsewhere</h1>",
        "<!-- never closed",
        "<textarea><plaintext><title>",
        "```html\n<script>alert(1)</script>\n```",
        "<leptos-island data-component=PraiseSheet_1>x</leptos-island>",
    ] {
        let text = format!("Before.\n\n{hostile}\n\nAfter.");
        let published = writer.publish(&unique::name("Hostile"), &text);
        let page = site.get(&published.path).expect(200).page();
        assert_harmless(&page, hostile);
        assert!(page.text_of(".prose").starts_with("Before."), "{hostile}");
        let api = site.get(&format!("/api/v1/articles/{}", encode(&published.slug))).json();
        let html = api["html"].as_str().expect("html");
        assert!(!html.contains("<script") && !html.contains("<!--"), "{html}");
    }
}

#[test]
fn known_injections_are_harmless() {
    let site = Site::open();
    let Some(injections) = external_data::injections() else { return };
    let writer = site.writer("Trudy", Cny);
    for (number, some) in injections.chunks(50).enumerate() {
        let title = unique::name(&format!("Injections {number}"));
        let text = format!("Before.\n\n{}\n\nAfter.", some.join("\n\n"));
        let published = writer.publish(&title, &text);
        let page = site.get(&published.path).expect(200).page();
        assert_harmless(&page, &format!("injections {} to {}", number * 50 + 1, (number + 1) * 50));
    }
}

#[test]
fn titles_authors_and_names_are_escaped() {
    let site = Site::open();
    let writer = site.writer("<b>Bold</b>", Cny);
    let title = format!("<script>alert(1)</script> & \"{}\" </title>", unique::name("quoted"));
    let article = json!({
        "title": title, "lang": "en", "author": "<i>Ann</i>", "markdown": "Nothing special.",
    });
    let answer = writer.send(&article).expect(201);
    let path = answer.json()["path"].as_str().expect("a path").to_owned();
    let page = site.get(&path).expect(200).page();
    assert_eq!(page.text_of("h1"), title);
    assert_eq!(page.text_of("title"), format!("{title} · Praise"));
    assert!(page.text_of(".article-head").contains("by <i>Ann</i>"));
    assert!(page.text_of(".article-head").contains("<b>Bold</b> writes"));
    let home = site.get("/").expect(200).page();
    assert!(home.texts("h3").contains(&title));
    let account = site.get(&format!("/@{}", writer.handle)).expect(200).page();
    assert_eq!(account.text_of("h1"), "<b>Bold</b> writes");
}

#[test]
fn an_image_from_elsewhere_is_a_link() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let text = "Look: ![a red kite](https://example.com/kite.png \"high up\") and \
                ![](//example.com/pixel.gif) and <img src=https://example.com/b.png alt=bee>";
    let published = writer.publish(&unique::name("A kite"), text);
    let page = site.get(&published.path).expect(200).page();
    assert!(page.all(".prose img").is_empty(), "an image from elsewhere is loaded");
    let link = page.one(".prose a[href='https://example.com/kite.png']");
    assert!(tests::html::text(link).contains("a red kite"));
    let rel = link.attr("rel").unwrap_or_default();
    assert!(rel.contains("noopener") && rel.contains("nofollow"), "rel is {rel:?}");
}
