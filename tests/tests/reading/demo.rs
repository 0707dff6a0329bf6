//! The demo data that every sandbox starts with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use shared::api::{Article, ArticleSummary, Page};
use tests::{Http, Site, encode, unique};

#[test]
fn the_demo_has_articles_in_both_languages_from_three_accounts() {
    let site = Site::open();
    site.demo();
    let articles: Vec<Article> = demo_articles(&site);
    let count = |lang: &str| articles.iter().filter(|a| a.summary.lang.tag() == lang).count();
    assert!(count("zh-Hans") >= 3 && count("en") >= 3, "{} articles", articles.len());
    let mut currencies = BTreeMap::new();
    for article in &articles {
        assert!(article.praise.accepting, "{} receives no praise", article.summary.slug);
        let terms = article.praise.terms.as_ref().expect("terms");
        currencies.insert(article.summary.account.handle.clone(), terms.currency.code());
    }
    let mut codes: Vec<_> = currencies.values().copied().collect();
    codes.sort_unstable();
    assert_eq!(codes, ["CNY", "CNY", "USD"], "{currencies:?}");
}

#[test]
fn the_demo_has_people_to_choose_from() {
    let site = Site::open();
    site.demo();
    let page = site.get("/sign-in").expect(200).page();
    let sections: Vec<(String, usize)> = page
        .all("section.people")
        .into_iter()
        .map(|section| {
            let page = tests::html::Page::parse(&section.html());
            let one_each = page.all("form[action='/sign-in'] button").len();
            (page.text_of("h2"), one_each)
        })
        .collect();
    let count = |role: &str| sections.iter().find(|(name, _)| name == role).map_or(0, |(_, n)| *n);
    assert!(count("Reader") >= 5, "three readers, and two sign-ins of one person: {sections:?}");
    assert!(count("Writer") >= 2, "{sections:?}");
    assert!(count("Operator") >= 2, "{sections:?}");
    let same = page.texts("button.person small");
    assert!(same.iter().any(|text| text.starts_with("the same person as")), "{same:?}");
}

#[test]
fn seeding_again_changes_nothing_public() {
    let site = Site::open();
    let first = site.demo();
    let before = slugs(&demo_articles(&site));
    let second = site.demo();
    assert_eq!(demo_people(&first), demo_people(&second));
    assert_eq!(before, slugs(&demo_articles(&site)));
}

/// The demo's own people, without those that other tests create meanwhile.
fn demo_people(demo: &Json) -> Vec<Json> {
    let people = demo["people"].as_array().expect("people").iter();
    let own = |one: &&Json| !one["id"].as_str().is_some_and(unique::is_ours);
    people.filter(own).cloned().collect()
}

fn slugs(articles: &[Article]) -> BTreeSet<String> {
    articles.iter().map(|article| article.summary.slug.clone()).collect()
}

/// The articles of the demo's three accounts.
fn demo_articles(site: &Http) -> Vec<Article> {
    let mut articles = Vec::new();
    let mut path = "/api/v1/articles".to_owned();
    loop {
        let page: Page<ArticleSummary> = site.get(&path).expect(200).read();
        for article in page.items {
            if ["lin-xiaoyu", "shan-jian", "night-trains"]
                .contains(&article.account.handle.as_str())
            {
                let path = format!("/api/v1/articles/{}", encode(&article.slug));
                let whole: Json = site.get(&path).expect(200).json();
                articles.push(serde_json::from_value(whole).expect("an article"));
            }
        }
        match page.next_cursor {
            Some(cursor) => path = format!("/api/v1/articles?cursor={}", encode(&cursor)),
            None => return articles,
        }
    }
}
