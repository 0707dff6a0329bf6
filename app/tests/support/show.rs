//! Renders pages and reads parts of the HTML.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeSet;

use app::page::*;
use app::render;
use shared::lang::Lang;

#[path = "../../examples/gallery/samples.rs"]
pub mod samples;

/// Renders a page in a language, at `/here`.
pub fn show(lang: Lang, content: Content) -> String {
    render(&samples::context(lang, "/here"), content)
}

/// `/a/{slug}`
pub fn article(lang: Lang, page: ArticlePage) -> String {
    show(lang, Content::Article(Box::new(page)))
}

/// `/a/{slug}/praise`
pub fn form(lang: Lang, form: PraiseForm) -> String {
    show(lang, Content::PraiseForm(Box::new(form)))
}

/// `/i/{id}`
pub fn intent(lang: Lang, page: IntentPage) -> String {
    show(lang, Content::Intent(Box::new(page)))
}

/// The HTML from the first `start` to the first `end` after it, both included.
pub fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let from = html.find(start).unwrap_or_else(|| panic!("no {start}"));
    let rest = &html[from..];
    &rest[..rest.find(end).unwrap_or_else(|| panic!("no {end} after {start}")) + end.len()]
}

/// The names of the form fields.
pub fn names(html: &str) -> BTreeSet<&str> {
    html.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// One of two texts, by language.
pub fn both(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::En { en } else { zh }
}
