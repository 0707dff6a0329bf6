//! Public pages: home, article, account, and the answer to an unknown address.

use shared::lang::Lang::{En, ZhHans};
use shared::machine::Visibility::Public;
use shared::money::Currency::Cny;
use tests::html::{Page, text};
use tests::person::body;
use tests::{Site, encode};

#[test]
fn home_links_to_every_new_article() {
    let site = Site::open();
    let writer = site.writer("Ann", Cny);
    let slug = writer.article();
    let page = site.get("/").expect(200).page();
    let path = format!("/a/{}", encode(&slug));
    assert!(page.attributes("a", "href").contains(&path), "{path} is not linked");
    assert!(page.attributes("a", "href").contains(&format!("/@{}", writer.handle)));
    assert_eq!(page.all("h1").len(), 1);
}

#[test]
fn an_article_is_complete_without_scripts() {
    let site = Site::open();
    let writer = site.writer("Ben", Cny);
    let title = "Tea & \"quiet\" <hours>";
    let published = writer.publish(title, "One *fine* day.\n\n## A part\n\n- 一\n- 二\n\n> quoted");
    let page = site.get(&published.path).expect(200).page();
    assert_eq!(page.text_of("h1"), title);
    assert_eq!(page.text_of("title"), format!("{title} · Praise"));
    assert_eq!(page.texts(".prose em"), ["fine"]);
    assert_eq!(page.texts(".prose li"), ["一", "二"]);
    assert_eq!(page.one("article").attr("lang"), Some("en"));
    let account = page.one(".article-head a.account");
    assert_eq!(account.attr("href"), Some(format!("/@{}", writer.handle).as_str()));
    assert!(text(account).contains(&writer.account_name));
    let button = page.one("a#praise-link");
    assert_eq!(button.attr("href"), Some(format!("{}/praise", published.path).as_str()));
    let description = page.attributes("meta[name=description]", "content");
    assert!(description[0].starts_with("One fine day."), "{description:?}");
}

/// The article is the same for everybody; only the page around it depends on the reader.
#[test]
fn an_article_is_the_same_for_all_readers_and_praises() {
    let site = Site::open();
    let writer = site.writer("Cleo", Cny);
    let slug = writer.article();
    let path = format!("/a/{}", encode(&slug));
    let article = |page: Page| page.one("article").html();
    let before = article(site.get(&path).expect(200).page());
    let reader = site.person("Dan");
    reader.give(&slug, &body(writer.money(888), Public, Some("A note.")));
    assert_eq!(article(site.get(&path).expect(200).page()), before);
    assert_eq!(article(reader.get(&path).expect(200).page()), before);
    assert_eq!(article(writer.person.get(&path).expect(200).page()), before);
    // Personal pages are not cached.
    assert_eq!(reader.get(&path).header("cache-control"), Some("no-store"));
}

#[test]
fn an_account_shows_only_its_own_articles() {
    let site = Site::open();
    let (writer, other) = (site.writer("Eve", Cny), site.writer("Fay", Cny));
    let (slug, others) = (writer.article(), other.article());
    let page = site.get(&format!("/@{}", writer.handle)).expect(200).page();
    assert_eq!(page.text_of("h1"), writer.account_name);
    let links = page.attributes("ul.entries a.entry-link", "href");
    assert_eq!(links, [format!("/a/{}", encode(&slug))]);
    assert!(!page.text().contains(&others));
    site.get("/@nobody-here").expect(404).page();
}

#[test]
fn an_unknown_address_is_an_error_page_with_links() {
    let site = Site::open();
    for path in ["/a/no-such-article", "/nowhere", "/a", "/a/x/y/z", "/i/int_x/y", "/@"] {
        for (lang, title) in [(En, "Not found"), (ZhHans, "没有找到")] {
            let answer = site.call("GET", path).lang(lang).send().expect(404);
            let page = answer.page();
            assert_eq!(page.text_of("h1"), title, "{path}");
            assert_eq!(page.lang(), lang.tag());
            assert!(page.attributes("main a", "href").contains(&"/".to_owned()), "no link back");
            let id = answer.header("x-request-id").expect("an id");
            assert_eq!(page.text_of("main code"), id);
        }
    }
}

#[test]
fn an_unknown_api_address_is_a_problem_document() {
    let site = Site::open();
    for path in ["/api/v1/articles/no-such-article", "/api/v1/nothing", "/api/v2", "/pay/x"] {
        let answer = site.call("GET", path).lang(En).send();
        let document = answer.problem(404, "not_found");
        assert_eq!(document.title, "Not found");
        assert_eq!(answer.header("content-language"), Some("en"));
        let chinese = site.call("GET", path).lang(ZhHans).send();
        assert_eq!(chinese.problem(404, "not_found").title, "没有找到");
        assert_eq!(chinese.header("content-language"), Some("zh-Hans"));
        let members: Vec<_> =
            answer.json().as_object().expect("an object").keys().cloned().collect();
        assert_eq!(members, ["code", "detail", "request_id", "status", "title", "type"]);
    }
}

#[test]
fn the_language_is_the_readers_choice_then_the_browsers() {
    let site = Site::open();
    let lang = |accept: Option<&str>, cookie: Option<&str>| {
        let mut call = site.call("GET", "/");
        if let Some(accept) = accept {
            call = call.header("Accept-Language", accept);
        }
        if let Some(cookie) = cookie {
            call = call.cookie("lang", cookie);
        }
        call.send().expect(200).page().lang()
    };
    assert_eq!(lang(Some("zh-CN,zh;q=0.9,en;q=0.8"), None), "zh-Hans");
    assert_eq!(lang(Some("de, en-GB;q=0.4, zh;q=0.2"), None), "en");
    assert_eq!(lang(Some("de"), None), "en");
    assert_eq!(lang(None, None), "en");
    assert_eq!(lang(Some("en"), Some("zh-Hans")), "zh-Hans");
    assert_eq!(lang(Some("zh"), Some("nonsense")), "zh-Hans");
}

#[test]
fn choosing_a_language_leads_back_to_this_site() {
    let site = Site::open();
    let page = site.get("/?x=1").expect(200).page();
    let form = page.form("form.languages").press("lang", "zh-Hans");
    let answer = site.call("POST", &form.action).form(&form.fields).send();
    assert_eq!(answer.see_other(), "/?x=1");
    let cookie = answer.set_cookie("lang").expect("a cookie");
    assert!(cookie.starts_with("zh-Hans; ") && cookie.contains("SameSite=Lax"), "{cookie}");
    for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
    {
        let fields = [("lang", "en"), ("return", elsewhere)];
        assert_eq!(site.call("POST", "/language").form(&fields).send().see_other(), "/");
        let sign_in = site.get(&format!("/sign-in?return={}", encode(elsewhere))).expect(200);
        let returns =
            sign_in.page().attributes("form[action='/sign-in'] input[name=return]", "value");
        assert!(!returns.is_empty() && returns.iter().all(|path| path == "/"), "{returns:?}");
    }
}
