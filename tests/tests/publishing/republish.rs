//! Publishing again: the text is replaced; the address, the date and the praises stay.

use serde_json::json;
use shared::api::{Article, PublishedArticle};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Site, encode, unique};

#[test]
fn republishing_keeps_slug_date_and_praises() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let title = unique::name("Twice");
    let first = writer.publish(&title, "The first version.");
    assert!(first.created);
    let path = format!("/api/v1/articles/{}", encode(&first.slug));
    let before: Article = site.get(&path).expect(200).read();
    site.person("Ben").give(&first.slug, &body(writer.money(100), Public, None));

    let new = json!({ "title": title, "lang": "en", "markdown": "The *second* version." });
    let answer = writer.send(&new).expect(200);
    let second: PublishedArticle = answer.read();
    assert_eq!(second, PublishedArticle { created: false, ..first.clone() });
    let after: Article = site.get(&path).expect(200).read();
    assert!(after.html.contains("<em>second</em>") && !after.html.contains("first version"));
    assert_eq!(after.summary.published_at, before.summary.published_at);
    assert_eq!(after.summary.praise_count, 1);
    assert_eq!(wall(&site, &first.slug).count, 1);
    assert_eq!(writer.numbers().articles, 1);
    // The same slug is the same article, whatever its title.
    let renamed = json!({
        "title": "Another title", "lang": "en", "slug": first.slug, "markdown": "The third.",
    });
    writer.send(&renamed).expect(200);
    assert_eq!(site.get(&first.path).expect(200).page().text_of("h1"), "Another title");
}

#[test]
fn an_article_under_review_keeps_its_text() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let first = writer.publish(&unique::name("Judged"), "What is judged.");
    let [operator, ..] = site.operators();
    let freeze = json!({ "article": first.slug, "version": 1, "rule": "selling" });
    operator.call("POST", "/api/v1/operator/freezes").json(&freeze).send().expect(201);
    let harmless = json!({
        "title": "Harmless", "lang": "en", "slug": first.slug, "markdown": "About the weather.",
    });
    writer.send(&harmless).problem(403, "rule.article_frozen");
    let path = format!("/api/v1/articles/{}", encode(&first.slug));
    let kept: Article = site.get(&path).expect(200).read();
    assert!(kept.html.contains("What is judged."), "{}", kept.html);
}

#[test]
fn a_freeze_is_about_the_version_that_the_operator_has_read() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let first = writer.publish(&unique::name("Swapped"), "Send me money for a ticket.");
    let harmless = json!({
        "title": "Harmless", "lang": "en", "slug": first.slug, "markdown": "About the weather.",
    });
    writer.send(&harmless).expect(200);
    let [operator, ..] = site.operators();
    let freeze = |version: i64| {
        let freeze = json!({ "article": first.slug, "version": version, "rule": "selling" });
        operator.call("POST", "/api/v1/operator/freezes").json(&freeze).send()
    };
    for missing in [0, 3] {
        freeze(missing).problem(422, "field.invalid");
    }
    let frozen = freeze(1).expect(201).json();
    assert_eq!(frozen["version"]["version"], 1);
    let versions = frozen["versions"].as_array().expect("a list");
    let titles: Vec<_> = versions.iter().map(|version| &version["title"]).collect();
    assert_eq!(titles.len(), 2);
    assert_eq!(titles[0], "Harmless");
    let id = frozen["freeze"]["id"].as_str().expect("an id");
    for (version, text) in [(1, "for a ticket"), (2, "About the weather")] {
        let path = format!("/api/v1/operator/freezes/{id}/versions/{version}");
        let read = operator.get(&path).expect(200).json();
        assert!(read["markdown"].as_str().expect("text").contains(text), "{read}");
    }
}

#[test]
fn the_same_title_in_another_account_is_another_article() {
    let site = Site::open();
    let (ann, bea) = (site.writer("Ann", Cny), site.writer("Bea", Cny));
    let title = unique::name("秋夜");
    let first = ann.publish(&title, "By Ann.");
    let second = bea.publish(&title, "By Bea.");
    assert_eq!(second.slug, format!("{}-2", first.slug));
    assert_eq!(second.path, format!("/a/{}", encode(&second.slug)));
    assert!(second.created);
    for (article, text) in [(&first, "By Ann."), (&second, "By Bea.")] {
        assert_eq!(site.get(&article.path).expect(200).page().text_of(".prose"), text);
    }
    // The second writer, publishing again, updates their own article.
    let again = bea.publish(&title, "By Bea, again.");
    assert_eq!((again.slug, again.created), (second.slug, false));
}
