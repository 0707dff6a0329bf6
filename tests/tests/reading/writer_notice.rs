//! The notice on an article's page, for its writer only, that says why nobody can praise it.

use serde_json::json;
use shared::lang::Lang::{En, ZhHans};
use shared::money::Currency::Cny;
use tests::{Site, encode};

#[test]
fn only_the_writer_is_told_why_an_article_receives_nothing() {
    let site = Site::open();
    let (writer, other) = (site.writer("Ann", Cny), site.writer("Cleo", Cny));
    let reader = site.person("Ben");
    let slug = writer.article();
    let path = format!("/a/{}", encode(&slug));
    let told = |person: &tests::person::Person, lang| {
        let page = person.call("GET", &path).lang(lang).send().expect(200).page();
        page.all(".not-ready li").into_iter().map(tests::html::text).collect::<Vec<_>>()
    };
    assert_eq!(told(&writer.person, En), [""; 0], "no notice while it accepts praise");
    let [operator, ..] = site.operators();
    let freeze = json!({ "article": slug, "version": 1, "rule": "perks" });
    operator.call("POST", "/api/v1/operator/freezes").json(&freeze).send().expect(201);
    assert_eq!(told(&writer.person, En), ["This article is under review."]);
    assert_eq!(told(&writer.person, ZhHans), ["这篇文章正在审核。"]);
    for person in [&reader, &other.person] {
        assert_eq!(told(person, En), [""; 0]);
        let page = person.get(&path).expect(200).page();
        assert_eq!(page.all("#praise-link").len(), 0);
    }
    assert_eq!(site.get(&path).expect(200).page().all(".not-ready").len(), 0);
    // The account itself has no problem.
    assert_eq!(writer.person.get("/studio").expect(200).page().all(".not-ready").len(), 0);
    let public = site.get(&format!("/api/v1/articles/{}", encode(&slug))).expect(200);
    assert_eq!(public.json()["praise"], json!({ "accepting": false }));
}
