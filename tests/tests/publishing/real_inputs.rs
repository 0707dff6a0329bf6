//! Articles, names and amounts as people really write them.

use serde_json::{Value as Json, json};
use shared::front_matter;
use shared::money::Currency::Cny;
use tests::{Site, Writer, encode, external_data, unique};

/// Publishes Markdown with front matter as `cargo xtask publish` does. Returns the path.
fn publish_file(writer: &Writer, content: &str) -> String {
    let (front, markdown) = front_matter::parse(content).expect("front matter");
    let title = unique::name(&front.title);
    let article = json!({ "title": title, "lang": front.lang, "markdown": markdown });
    let published: Json = writer.send(&article).expect(201).json();
    published["path"].as_str().expect("a path").to_owned()
}

#[test]
fn articles_that_once_failed_are_shown_as_they_were_meant() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    for (file, shown) in [
        ("01-bold-beside-chinese-punctuation.md", ".prose strong"),
        ("02-superscript-subscript-strike.md", ".prose sup"),
        ("02-superscript-subscript-strike.md", ".prose sub"),
        ("02-superscript-subscript-strike.md", ".prose del"),
        ("02-superscript-subscript-strike.md", ".prose ins"),
        ("10-formula-source.md", ".prose math annotation"),
        ("11-only-code.md", ".prose pre"),
        ("19-quote-from-right-to-left.md", ".prose blockquote p[dir=auto]"),
        ("20-list-of-five-levels.md", ".prose li li li li li"),
    ] {
        let Some(content) = external_data::input(file) else { return };
        let path = publish_file(&writer, &content);
        let page = site.get(&path).expect(200).page();
        assert!(!page.all(shown).is_empty(), "{file}: no {shown}");
        if file.starts_with("01") {
            let text = page.text_of(".prose");
            assert!(!text.contains('*') && !text.contains('~'), "{text}");
            assert_eq!(page.all(".prose :is(strong, em, del)").len(), 6);
            let summary = page.attributes("meta[name=description]", "content").concat();
            assert!(!summary.contains('*'), "{summary}");
        }
        if file.starts_with("02") {
            let summary = page.attributes("meta[name=description]", "content").concat();
            assert_eq!(summary, "The lake holds 10⁶ litres of H₂O. The price was 80 coins.");
        }
    }
}

#[test]
fn titles_are_read_as_yaml_and_drafts_are_not_published() {
    for (file, title) in [
        ("03-title-escaped-quotes.md", "She said \"not yet\" — and left"),
        ("04-title-doubled-apostrophe.md", "It's the writer's turn"),
        ("05-title-comment.md", "Plain title"),
        ("06-title-two-plain-lines.md", "A title over two plain lines"),
    ] {
        let Some(content) = external_data::input(file) else { return };
        let (front, _) = front_matter::parse(&content).expect("front matter");
        assert_eq!(front.title, title, "{file}");
    }
    let draft = external_data::input("07-draft.md").expect("the folder has it");
    let error = front_matter::parse(&draft).expect_err("a draft").to_string();
    assert!(error.contains("not to be published yet"), "{error}");
}

#[test]
fn an_article_of_invisible_characters_is_empty() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let article = |markdown: &str| json!({ "title": unique::name("Nothing"), "lang": "en", "markdown": markdown });
    for empty in ["\u{200B}", "\u{2800}", "&nbsp;", "\u{3164}", "---", "<!-- a -->", "\u{AD}"] {
        writer.send(&article(empty)).problem(422, "text.empty");
    }
    for shown in ["```\n1\n```", "| a |\n|---|", "# a", "$x$", "![](https://a.org/b.png)"] {
        writer.send(&article(shown)).expect(201);
    }
    let Some(content) = external_data::input("12-only-an-invisible-character.md") else { return };
    let (_, markdown) = front_matter::parse(&content).expect("front matter");
    writer.send(&article(markdown)).problem(422, "text.empty");
}

#[test]
fn a_name_is_seen_and_stays_in_its_place() {
    let site = Site::open();
    let person = site.person("Ben");
    let set = |name: &str| person.call("PUT", "/api/v1/me").json(&json!({ "name": name })).send();
    set(&format!("Wex{}", "\u{301}".repeat(7))).problem(422, "text.too_many_marks");
    assert!(set("\u{3164}\u{200D}").expect(200).json()["name"].is_null(), "no name");
    assert_eq!(set("Zo\u{65}\u{308}").expect(200).json()["name"], "Zo\u{EB}");
    for (file, status) in [("08-name-stacked-marks.json", 422), ("09-name-invisible.json", 200)] {
        let Some(body) = external_data::input(file) else { return };
        let call = person.call("PUT", "/api/v1/me").body("application/json", body.into_bytes());
        let answer = call.send().expect(status);
        assert!(status == 422 || answer.json()["name"].is_null(), "{file}: {answer}");
    }
}

#[test]
fn amounts_with_invisible_marks_signs_codes_and_other_digits_are_read() {
    let site = Site::open();
    let (writer, reader) = (site.writer("Ann", Cny), site.person("Ben"));
    let slug = writer.article();
    let Some(amounts) = external_data::input("17-amounts-pasted.txt") else { return };
    for (number, typed) in amounts.lines().enumerate() {
        let form = reader.get(&format!("/a/{}/praise", encode(&slug))).expect(200).page();
        let form = form.form_to(&format!("/a/{}/praise", encode(&slug)));
        let form = form.with("amount", typed).with("visibility", "public").press("step", "review");
        let review = reader.submit(&form).expect(200).page().text();
        let expected = if number + 1 == amounts.lines().count() { "¥5.50" } else { "¥5.00" };
        let short = expected.trim_end_matches(".00");
        assert!(review.contains(expected) || review.contains(short), "{typed:?}: {review}");
    }
}

#[test]
fn an_amount_that_is_said_twice_is_refused() {
    let site = Site::open();
    let (writer, reader) = (site.writer("Ann", Cny), site.person("Ben"));
    let path = format!("/api/v1/articles/{}/praises", encode(&writer.article()));
    let Some(body) = external_data::input("16-two-amounts.json") else { return };
    let call = reader.call("POST", &path).header("Idempotency-Key", &unique::key());
    call.body("application/json", body.into_bytes()).send().problem(400, "body.duplicate_member");
    reader.assert_nothing_stored();
}

#[test]
fn one_title_in_two_spellings_is_one_article() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let Some(composed) = external_data::input("13-title-nfc.md") else { return };
    let decomposed = external_data::input("14-title-nfd.md").expect("the folder has it");
    let (first, markdown) = front_matter::parse(&composed).expect("front matter");
    let (second, _) = front_matter::parse(&decomposed).expect("front matter");
    assert_ne!(first.title, second.title);
    let mark = unique::name("");
    let publish = |title: &str| {
        let title = format!("{title} {mark}");
        writer.send(&json!({ "title": title, "lang": "en", "markdown": markdown })).json()
    };
    let (first, second) = (publish(&first.title), publish(&second.title));
    assert_eq!((&first["slug"], &second["created"]), (&second["slug"], &json!(false)));
}

#[test]
fn harmlessly_changed_addresses_are_redirected() {
    let site = Site::open();
    let Some(addresses) = external_data::input("15-addresses.txt") else { return };
    for address in addresses.lines() {
        let answer = site.get(address).expect(301);
        let canonical = answer.header("location").expect("an address").to_owned();
        assert_ne!(canonical, address);
        assert_ne!(site.get(&canonical).status, 301, "{address} leads to {canonical}");
    }
}
