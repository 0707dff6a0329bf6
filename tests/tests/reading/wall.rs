//! The wall: people, newest first, each once, and never an amount.

use std::collections::BTreeSet;

use shared::api::Wall;
use shared::limits::WALL_PAGE;
use shared::machine::Visibility::{self, Anonymous, Public, Writer as OnlyWriter};
use shared::money::Currency::Cny;
use tests::person::{body, wall};
use tests::{Person, Site, Writer, encode};

fn praise(writer: &Writer, reader: &Person, slug: &str, visibility: Visibility) {
    reader.give(slug, &body(writer.money(100), visibility, None));
}

#[test]
fn the_wall_is_empty_at_first() {
    let site = Site::open();
    let slug = site.writer("Ann", Cny).article();
    let path = format!("/api/v1/articles/{}/praises", encode(&slug));
    let json = site.get(&path).expect(200).json();
    let empty = r#"{"anonymous_count":0,"count":0,"items":[],"next_cursor":null}"#;
    assert_eq!(json.to_string(), empty);
    let page = site.get(&format!("/a/{}", encode(&slug))).expect(200).page();
    assert!(page.all("ul.wall").is_empty());
}

#[test]
fn the_wall_shows_a_page_of_names_and_then_more() {
    let site = Site::open();
    let writer = site.writer("Ben", Cny);
    let slug = writer.article();
    for number in 0..WALL_PAGE + 3 {
        praise(&writer, &site.person(&format!("Reader {number}")), &slug, Public);
    }
    praise(&writer, &site.person("Hidden Hana"), &slug, Anonymous);
    praise(&writer, &site.person("Quiet Quinn"), &slug, OnlyWriter);

    let first = wall(&site, &slug);
    assert_eq!((first.count, first.anonymous_count), (WALL_PAGE as i64 + 5, 2));
    assert_eq!(first.items.len(), WALL_PAGE);
    let newest = format!("Reader {}", WALL_PAGE + 2);
    assert_eq!(first.items[0].name.as_deref(), Some(newest.as_str()));
    assert_eq!(first.items[0].avatar.as_deref(), Some("R"));
    let cursor = first.next_cursor.clone().expect("more");
    let path = format!("/api/v1/articles/{}/praises", encode(&slug));
    let rest: Wall = site.get(&format!("{path}?cursor={}", encode(&cursor))).expect(200).read();
    assert_eq!((rest.items.len(), rest.next_cursor), (3, None));
    assert_eq!(rest.count, first.count, "every page has the count of the whole wall");
    let tiles = [first.items, rest.items].concat();
    assert!(tiles.is_sorted_by(|newer, older| newer.praised_at >= older.praised_at));
    let names: BTreeSet<_> = tiles.iter().map(|tile| tile.name.clone()).collect();
    assert_eq!(names.len(), WALL_PAGE + 3, "somebody is missing or listed twice");

    let page = site.get(&format!("/a/{}", encode(&slug))).expect(200).page();
    assert_eq!(page.text_of("h2.count"), format!("{} people praised", WALL_PAGE + 5));
    assert_eq!(page.all("ul.wall > li:not(.unnamed)").len(), WALL_PAGE);
    assert_eq!(page.texts("ul.wall .unnamed .tile"), ["+2"]);
    assert!(!page.text().contains("Hana") && !page.text().contains("Quinn"));
    let more = page.attributes(".more a", "href").pop().expect("a way to more");
    let more = more.split('#').next().expect("a path").to_owned();
    let page = site.get(&more).expect(200).page();
    assert_eq!(page.all("ul.wall > li").len(), 3);
}

#[test]
fn the_wall_counts_people_and_not_praises() {
    let site = Site::open();
    let writer = site.writer("Cara", Cny);
    let slug = writer.article();
    let reader = site.person("Dan");
    let again = site.second_sign_in(&reader);
    praise(&writer, &reader, &slug, Anonymous);
    assert_eq!((wall(&site, &slug).count, wall(&site, &slug).anonymous_count), (1, 1));
    // One public praise is enough to be shown, whichever sign-in it came from.
    praise(&writer, &again, &slug, Public);
    praise(&writer, &reader, &slug, OnlyWriter);
    let wall = wall(&site, &slug);
    assert_eq!((wall.count, wall.anonymous_count, wall.items.len()), (1, 0, 1));
    let list = site.get(&format!("/api/v1/articles/{}", encode(&slug))).expect(200).json();
    assert_eq!(list["praise_count"], 1);
}

#[test]
fn the_wall_shows_the_latest_name_or_none() {
    let site = Site::open();
    let writer = site.writer("Eve", Cny);
    let slug = writer.article();
    let reader = site.person("Old Name");
    praise(&writer, &reader, &slug, Public);
    let name = |site: &Site| wall(site, &slug).items[0].name.clone();
    assert_eq!(name(&site).as_deref(), Some("Old Name"));
    reader.rename(Some("  <b>新\u{202E}名字</b>  "));
    assert_eq!(name(&site).as_deref(), Some("<b>新名字</b>"));
    let path = format!("/a/{}", encode(&slug));
    let page = site.get(&path).expect(200).page();
    assert_eq!(page.texts("ul.wall .name"), ["<b>新名字</b>"], "a name is text, never HTML");
    reader.rename(None);
    assert_eq!(name(&site), None);
    let page = site.get(&path).expect(200).page();
    assert_eq!(page.texts("ul.wall .name"), ["a reader"]);
    let page = site.call("GET", &path).cookie("lang", "zh-Hans").send().expect(200).page();
    assert_eq!(page.texts("ul.wall .name"), ["一位读者"]);
}

#[test]
fn the_wall_of_an_unknown_article_is_not_found() {
    let site = Site::open();
    site.get("/api/v1/articles/no-such-article/praises").problem(404, "not_found");
}
