//! How much memory the Worker holds for a request. An isolate has 128 MB for all its requests, and
//! one that needs more ends every one of them.

use serde_json::json;
use shared::limits::ARTICLE_MAX_BYTES;
use shared::money::Currency::Cny;
use tests::{Answer, Site, Writer, encode, unique};

/// The most that the memory may grow for one request.
const MOST: i64 = 8 << 20;

/// The size of the Worker's memory. It never shrinks.
fn memory(site: &Site) -> i64 {
    site.get("/sandbox/api/memory").expect(200).json()["bytes"].as_i64().expect("a number")
}

/// The JSON of an article that repeats `part`, with so many letters in place of each `a` that it is
/// as long as an article may be.
fn article(writer: &Writer, part: &str, times: usize) -> Vec<u8> {
    let letters = (ARTICLE_MAX_BYTES - 64) / times;
    let places = part.matches('a').count().max(1);
    let letters = letters.saturating_sub(part.len()) / places;
    let text = part.replace('a', &"a".repeat(letters.max(1))).repeat(times);
    // Some prose, so that an article of nothing but a table is not refused as empty.
    let markdown = format!("A[^1] [a].\n\n{text}\n");
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
    // What every request needs is allocated before the first measurement.
    for path in ["/", "/api/v1/articles", "/api/openapi.json", &format!("/a/{}", encode(&slug))] {
        reader.get(path).expect(200);
    }
    reader.start(&slug, writer.money(100));

    let large = 2 * ARTICLE_MAX_BYTES;
    let zeros = format!("{{\"a\":[{}]}}", vec!["0"; large / 2 - 10].join(","));
    let nested = format!("{{\"a\":{}", "[".repeat(large - 10));
    let text = format!("{{\"a\":\"{}\"}}", "\\u0041".repeat(large / 6 - 10));
    let first = memory(&site);
    let mut grown = Vec::new();
    // A refusal must not repeat such a text, which would become six times as long.
    let deletes = format!("\"{}\"", "\u{7f}".repeat(large - 10));
    let words = json!({ "title": "a ".repeat(large / 2 - 100), "lang": "en", "markdown": "a" });
    let bodies = [
        ("zeros", zeros),
        ("nested", nested),
        ("text", text),
        ("deletes", deletes),
        ("words", words.to_string()),
    ];
    for (name, body) in bodies {
        let answer = publish(&writer, body.into());
        assert!(answer.status < 500, "{name}: {answer}");
        grown.push((name, memory(&site) - first));
    }
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
        ("formulas", "$a$ "),
        ("letters of formulas", "$a+a+a+a+a+a+a+a+a+a+a+a+a$ "),
        ("nested lists", "+ + + + + + + + + + + + a\n"),
        ("deep lists", "+ + + + + + + + + + + + + + + + + + + + + + + + + +\n"),
        ("lines of another kind", "-\r"),
        ("hidden line ends", "+ + + + + + + + + + + +\u{c}"),
        ("quotation marks", "\"\"\"\""),
        ("spaces", "\u{a0}"),
        ("table", "|a|b|\n|-|-|\n"),
        ("footnotes", "[^1]: a\n\n"),
        ("references", "[a]: b\n"),
    ] {
        // First as often as it fits, then less often until the number of marks is allowed. A session
        // may not publish that often.
        let writer = site.writer("Ann", Cny);
        let mut times = (ARTICLE_MAX_BYTES - 64) / part.len();
        loop {
            let answer = publish(&writer, article(&writer, part, times));
            assert!(answer.status < 500, "{name}: {answer}");
            grown.push((name, memory(&site) - first));
            if answer.status != 413 {
                answer.expect(201);
                break;
            }
            times -= times.div_ceil(8);
        }
    }
    let kind = "application/x-www-form-urlencoded";
    let note = [b"note=".to_vec(), vec![0xFF; (64 << 10) - 5]].concat();
    let stranger = site.guest();
    for (name, form) in [("fields", "a&".repeat(32 << 10).into_bytes()), ("note", note)] {
        for person in [&reader, &stranger] {
            let call = person.call("POST", &format!("/a/{}/praise", encode(&slug)));
            let answer = call.body(kind, form.clone()).send();
            assert!(answer.status < 500, "{name}: {answer}");
            grown.push((name, memory(&site) - first));
        }
    }
    let long = "\u{a0}".repeat(80_000) + &"word ".repeat(50_000);
    let long = writer.publish(&unique::name("Longest"), &long);
    for path in
        [format!("/a/{}", encode(&long.slug)), format!("/api/v1/articles/{}", encode(&long.slug))]
    {
        reader.get(&path).expect(200);
        grown.push(("reading", memory(&site) - first));
    }
    let most = grown.iter().map(|(_, bytes)| *bytes).max();
    println!("grown by {most:?} bytes");
    assert!(grown.iter().all(|(_, bytes)| *bytes <= MOST), "{grown:?}");
}
