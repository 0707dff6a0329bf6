//! How much memory the Worker holds for a request. An isolate has 128 MB for all its requests, and
//! one that needs more ends every one of them.

use serde_json::json;
use shared::limits::{ARTICLE_MAX_BYTES, ARTICLE_MAX_MARKS};
use shared::money::Currency::Cny;
use tests::{Answer, Site, Writer, encode, unique};

/// The most that the memory may grow for one request.
const MOST: i64 = 8 << 20;

/// The size of the Worker's memory. It never shrinks.
fn memory(site: &Site) -> i64 {
    site.get("/sandbox/api/memory").expect(200).json()["bytes"].as_i64().expect("a number")
}

/// The JSON of an article that repeats `part` as often as `marks` allow, with so many letters in place
/// of each `a` that it is as long as an article may be.
fn article(writer: &Writer, part: &str, marks: usize) -> Vec<u8> {
    let hundred = part.repeat(100);
    let of_lines = hundred.lines().filter(|line| !line.trim().is_empty()).count();
    let of_marks = hundred.chars().filter(|c| "!&*<>[\\]^_`|~".contains(*c)).count();
    let times = (marks * 100 / (of_marks + of_lines).max(1)).min(ARTICLE_MAX_BYTES / part.len());
    let letters = (ARTICLE_MAX_BYTES / times + 1).saturating_sub(part.len()).max(1);
    let places = part.matches('a').count().max(1);
    let text = part.replace('a', &"a".repeat(letters / places)).repeat(times);
    // Some prose, so that an article of nothing but a table is not refused as empty.
    let markdown = format!("A[^1] [a].\n\n{}\n", text.get(..text.len() - 64).unwrap_or(&text));
    let title = unique::name("Long");
    json!({ "account": writer.handle, "title": title, "lang": "en", "markdown": markdown })
        .to_string()
        .into_bytes()
}

fn publish(writer: &Writer, body: Vec<u8>) -> Answer {
    let call = writer.person.call("POST", "/api/v1/studio/articles");
    call.body("application/json", body).send()
}

#[test]
fn no_request_makes_the_worker_hold_more_than_eight_megabytes() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let reader = site.person("Ben");
    let slug = writer.article();
    // Whatever every request needs is there before the first measurement.
    for path in ["/", "/api/v1/articles", "/api/openapi.json", &format!("/a/{}", encode(&slug))] {
        reader.get(path).expect(200);
    }
    reader.start(&slug, writer.money(100));

    let large = 2 * ARTICLE_MAX_BYTES;
    let zeros = format!("{{\"a\":[{}]}}", vec!["0"; large / 2 - 10].join(","));
    let nested = format!("{{\"a\":{}", "[".repeat(large - 10));
    let text = format!("{{\"a\":\"{}\"}}", "\\u0041".repeat(large / 6 - 10));
    let mut bodies: Vec<(&str, Vec<u8>)> =
        vec![("zeros", zeros.into()), ("nested", nested.into()), ("text", text.into())];
    for (name, part) in [
        ("letters", "写"),
        ("escapes", "\u{1}"),
        ("emphasis", "*a"),
        ("strong", "**a** "),
        ("links", "[a](b)"),
        ("brackets", "["),
        ("code", "`a` "),
        ("lines", "a\n"),
        ("paragraphs", "a\n\n"),
        ("lists", "- a\n"),
        ("quotes", ">"),
        ("tags", "<b>a</b>"),
        ("entities", "&amp;"),
        ("table", "|a|b|\n|-|-|\n"),
        ("footnotes", "[^1]: a\n\n"),
        ("references", "[a]: b\n"),
    ] {
        bodies.push((name, article(&writer, part, ARTICLE_MAX_MARKS)));
        bodies.push((name, article(&writer, part, usize::MAX / 200)));
    }
    let first = memory(&site);
    let mut grown = Vec::new();
    for (name, body) in bodies {
        let answer = publish(&writer, body);
        assert!(answer.status < 500, "{name}: {answer}");
        grown.push((name, answer.status, memory(&site) - first));
    }
    let form = "a&".repeat(128 << 10).into_bytes();
    let kind = "application/x-www-form-urlencoded";
    reader.call("POST", &format!("/a/{}/praise", encode(&slug))).body(kind, form).send();
    grown.push(("form", 0, memory(&site) - first));
    assert!(grown.iter().any(|(_, status, _)| *status == 201), "nothing was published");
    assert!(grown.iter().all(|(.., bytes)| *bytes <= MOST), "{grown:?}");
}
