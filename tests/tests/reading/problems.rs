//! `/problems/{code}`: the page to which the `type` of every problem document leads.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use shared::lang::Lang;
use shared::problem::Problem;
use tests::{Site, encode};

/// The codes that the OpenAPI document lists in its responses: "- `code`: title" lines.
fn documented_codes(document: &Json) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let operations = document["paths"].as_object().expect("paths").values();
    let operations = operations.flat_map(|path| path.as_object().expect("operations").values());
    for operation in operations {
        for response in operation["responses"].as_object().expect("responses").values() {
            let lines = response["description"].as_str().unwrap_or_default().lines();
            let listed = lines.filter_map(|line| line.strip_prefix("- `")?.split_once("`: "));
            codes.extend(listed.map(|(code, _)| code.to_owned()));
        }
    }
    codes
}

#[test]
fn every_code_has_a_page_in_both_languages() {
    let site = Site::open();
    for lang in Lang::ALL {
        for problem in Problem::samples(lang) {
            let path = format!("/problems/{}", encode(problem.code()));
            let page = site.call("GET", &path).lang(lang).send().expect(200).page();
            assert_eq!(page.lang(), lang.tag(), "{path}");
            assert_eq!(page.text_of("h1"), problem.title(lang), "{path}");
            let text = page.text();
            for part in [problem.meaning(lang), problem.way_out(lang)] {
                assert!(text.contains(&part), "{path} does not say {part:?}: {text}");
            }
            let codes = page.texts("main code");
            assert!(codes.iter().any(|code| code == problem.code()), "{path}: {codes:?}");
            assert!(codes.contains(&problem.path()), "{path}: {codes:?}");
            assert!(page.texts("dd").contains(&problem.status().to_string()), "{path}");
        }
    }
}

#[test]
fn every_code_of_the_openapi_document_has_a_page() {
    let site = Site::open();
    let codes = documented_codes(&site.get("/api/openapi.json").expect(200).json());
    assert!(codes.len() > 30, "the document lists its codes in another way: {codes:?}");
    for code in codes {
        site.get(&format!("/problems/{}", encode(&code))).expect(200).page();
    }
}

#[test]
fn an_unknown_code_is_not_found() {
    let site = Site::open();
    for code in ["rule.nothing", "reader_day_cap", "rule.own_article.", "%E9%9B%AA", "%FF"] {
        let page = site.get(&format!("/problems/{code}")).expect(404).page();
        assert_eq!(page.text_of("h1"), Problem::NotFound.title(Lang::En), "{code}");
    }
    for path in ["/problems", "/problems/rule.own_article/x"] {
        site.get(path).expect(404).page();
    }
}

#[test]
fn the_type_of_a_problem_document_leads_to_its_page() {
    let site = Site::open();
    let missing = site.get("/api/v1/articles/no-such-article").problem(404, "not_found");
    let unsigned = site.get("/api/v1/me").problem(401, "sign_in_needed");
    for document in [missing, unsigned] {
        let page = site.call("GET", &document.kind).lang(Lang::En).send().expect(200).page();
        assert_eq!(page.text_of("h1"), document.title);
        assert!(page.texts("main code").contains(&document.code), "{}", document.kind);
    }
}
