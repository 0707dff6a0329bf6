//! Real articles, and the longest article that is allowed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;
use shared::api::PublishedArticle;
use shared::front_matter;
use shared::limits::ARTICLE_MAX_BYTES;
use shared::money::Currency::Cny;
use tests::{Site, external_data, unique};

#[test]
fn every_article_of_the_corpus_is_published_and_read() {
    let site = Site::open();
    let Some(files) = external_data::corpus() else { return };
    let writer = site.writer("Librarian", Cny);
    let token = writer.token("corpus").token;
    for (file, content) in files {
        let (front, markdown) =
            front_matter::parse(&content).unwrap_or_else(|error| panic!("{file}: {error}"));
        let article = json!({
            "title": front.title, "lang": front.lang, "author": front.author, "markdown": markdown,
        });
        let bearer = format!("Bearer {token}");
        let call = site.call("POST", "/api/v1/studio/articles").header("Authorization", &bearer);
        let answer = call.json(&article).send().expect(201);
        let published: PublishedArticle = answer.read();
        assert_eq!(answer.header("location"), Some(published.path.as_str()));
        let page = site.get(&published.path).expect(200).page();
        assert_eq!(page.text_of("h1"), front.title, "{file}");
        assert_eq!(page.one("article").attr("lang"), Some(front.lang.as_str()), "{file}");
        let author = front.author.expect("the corpus names its authors");
        assert!(page.text_of(".article-head").contains(&author), "{file}");
        assert!(page.all(".prose h1").is_empty(), "a second h1 in {file}");
        assert!(page.all(".prose :is(script, style, iframe, img[src^='http'])").is_empty());
        // Every word arrives: compared without white space and Markdown syntax.
        let bare =
            |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let (written, shown) = (bare(markdown), bare(&page.text_of(".prose")));
        let end: String =
            written.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
        assert!(shown.ends_with(&end), "{file} is cut off before …{end}");
        assert!(shown.len() * 100 >= written.len() * 90, "{file} lost a part of its text");
    }
}

#[test]
fn the_largest_article_is_published_and_read() {
    let site = Site::open();
    let writer = site.writer("Proust", Cny);
    let paragraph = "He went on, and on. 他写啊写，“写”个不停。".repeat(3) + "\n\n";
    let end = "The end of it.";
    let times = (ARTICLE_MAX_BYTES - end.len()) / paragraph.len();
    let mut markdown = paragraph.repeat(times);
    markdown.push_str(&"x".repeat(ARTICLE_MAX_BYTES - end.len() - markdown.len()));
    markdown.push_str(end);
    assert_eq!(markdown.len(), ARTICLE_MAX_BYTES);
    let title = unique::name("A long one");
    let article = json!({ "title": title, "lang": "zh-Hans", "markdown": markdown });
    let answer = writer.send(&article).expect(201);
    let published: PublishedArticle = answer.read();
    let page = site.get(&published.path).expect(200).page();
    assert_eq!(page.all(".prose p").len(), times + 1);
    assert!(page.text_of(".prose").ends_with(end));

    let article = json!({ "title": title, "lang": "zh-Hans", "markdown": format!("{markdown}!") });
    writer.send(&article).problem(413, "body.too_large");
    let page = site.get(&published.path).expect(200).page();
    assert!(page.text_of(".prose").ends_with(end), "the refused text replaced the stored one");
}

#[test]
fn a_body_larger_than_any_article_is_refused() {
    let site = Site::open();
    let writer = site.writer("Balzac", Cny);
    let markdown = "x".repeat(7 * ARTICLE_MAX_BYTES);
    let article = json!({
        "account": writer.handle, "title": unique::name("Too long"), "lang": "en",
        "markdown": markdown,
    });
    // Refused by its length alone, but read to its end: otherwise the answer would be lost for a
    // client that is still sending, together with the next request on the same connection.
    for _ in 0..5 {
        let call = || writer.person.call("POST", "/api/v1/studio/articles");
        call().json(&article).send().problem(413, "body.too_large");
        site.call("POST", "/api/v1/studio/articles")
            .json(&article)
            .send()
            .problem(401, "sign_in_needed");
        call().body("text/plain", vec![b'x'; 7 * ARTICLE_MAX_BYTES]).send().expect(415);
        site.get("/healthz").expect(200);
    }
    assert_eq!(writer.numbers().articles, 0);
}

#[test]
fn an_incomplete_body_is_answered_without_waiting() {
    let site = Site::open();
    let address = site.base().strip_prefix("http://").expect("a local server");
    let mut line = TcpStream::connect(address).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let request =
        format!("POST /nowhere HTTP/1.1\r\nHost: {address}\r\nContent-Length: 99999\r\n\r\n");
    line.write_all(format!("{request}abc").as_bytes()).unwrap();
    let mut start = [0; 12];
    line.read_exact(&mut start).unwrap();
    assert!(start.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&start));
}
