//! Invariants of every page.

use std::collections::BTreeSet;
use std::path::Path;

use app::page::*;
use app::render;
use shared::lang::Lang;

#[allow(dead_code, reason = "each test file uses its own part of the samples")]
#[path = "../examples/gallery/samples.rs"]
mod samples;

/// The values of an attribute, in document order.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn every_page() -> impl Iterator<Item = (String, Lang, String)> {
    samples::pages::all().into_iter().map(|(name, context, content)| {
        (format!("{name}.{}", context.lang.tag()), context.lang, render(&context, content))
    })
}

#[test]
fn every_page_is_a_whole_document_in_its_language() {
    for (name, lang, html) in every_page() {
        let start = format!("<!DOCTYPE html><html lang=\"{}\"><head>", lang.tag());
        assert!(html.starts_with(&start), "{name}");
        assert!(html.ends_with("</body></html>"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name} has one h1");
        assert_eq!(html.matches("<main ").count(), 1, "{name} has one main");
        assert_eq!(html.matches("<title>").count(), 1, "{name}");
        assert!(!html.contains("<!>"), "{name} has hydration markers");
    }
}

#[test]
fn no_page_needs_what_the_security_policy_forbids() {
    for (name, _, html) in every_page() {
        assert!(!html.contains("<style"), "{name}");
        assert!(attributes(&html, "style").is_empty(), "{name}");
        assert!(!html.contains(" onclick="), "{name}");
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            let data = tag == " type=\"application/ld+json\"";
            assert!(data || tag.contains(" src=\""), "{name} has an inline script");
        }
        for url in ["src", "href", "action"].iter().flat_map(|name| attributes(&html, name)) {
            let here = url.starts_with(['/', '#']) || url.starts_with("https://praise.example/");
            assert!(here, "{name} leads to another site: {url}");
        }
    }
}

#[test]
fn ids_are_unique_and_references_resolve() {
    for (name, _, html) in every_page() {
        let all = attributes(&html, "id");
        let ids: BTreeSet<_> = all.iter().copied().collect();
        assert_eq!(all.len(), ids.len(), "{name} repeats an id");
        for kind in ["for", "aria-describedby", "aria-labelledby"] {
            for id in attributes(&html, kind).iter().flat_map(|list| list.split(' ')) {
                assert!(ids.contains(id), "{name}: {kind}={id} leads nowhere");
            }
        }
    }
}

#[test]
fn the_language_form_returns_to_the_page() {
    let lang = Lang::En;
    let path = "/a/%E9%9B%AA?wall=a&b";
    let html = render(
        &samples::context(lang, path),
        Content::Home(Home { articles: Vec::new(), next_cursor: None }),
    );
    assert!(html.contains("action=\"/language\""));
    assert!(
        html.contains(
            "<input type=\"hidden\" name=\"return\" value=\"/a/%E9%9B%AA?wall=a&amp;b\">"
        )
    );
    for lang in Lang::ALL {
        assert!(html.contains(&format!("value=\"{}\"", lang.tag())));
    }
}

/// Puts a text into every place that shows what people wrote.
fn pages_with(text: &str, lang: Lang) -> Vec<(&'static str, Content)> {
    let text = || text.to_owned();
    let mut article = samples::article_page(lang);
    article.article.html = "<p>plain</p>".to_owned();
    article.article.author = Some(text());
    article.article.summary.title = text();
    article.article.summary.summary = text();
    article.article.summary.slug = text();
    article.article.summary.account.name = text();
    article.article.summary.account.avatar = text();
    article.article.praise.terms.as_mut().unwrap().ask = Some(text());
    for tile in &mut article.wall.items {
        (tile.name, tile.avatar) = (Some(text()), Some(text()));
    }
    article.others = vec![article.article.summary.clone()];
    article.wall.next_cursor = Some(text());

    let mut form = samples::form(lang);
    form.article.title = text();
    form.article.account_name = text();
    form.input = PraiseInput {
        preset: text(),
        amount: text(),
        note: text(),
        visibility: text(),
        key: text(),
    };
    let mut review = form.clone();
    review.step = PraiseStep::Review { amount: samples::money(lang, 1000) };

    let mut intent = samples::intent_page(lang, shared::machine::IntentState::Declined);
    intent.intent.note = Some(text());
    intent.article = form.article.clone();
    let mut paid = samples::intent_page(lang, shared::machine::IntentState::Paid);
    paid.thanks = Some(text());

    let mut me = samples::me(lang);
    me.name = text();
    me.praises[0].note = Some(text());
    me.open[0].intent.note = Some(text());

    let mut receipt = samples::receipts::frozen(lang);
    receipt.detail.praise.id = text();
    receipt.detail.praise.note = Some(text());
    receipt.detail.praise.article = form.article.clone();
    receipt.timeline.entries[0].reason = Some(text());
    let mut limits = samples::receipts::limits_wrong();
    limits.typed.as_mut().unwrap().praise = text();

    receipt.detail.praise.reply = samples::receipts::paid_out(lang).detail.praise.reply;
    receipt.detail.praise.reply.as_mut().unwrap().text = text();
    let mut received = samples::receipts::reply_too_long(lang);
    received.typed = text();
    received.praise.note = Some(text());
    received.praise.article.title = text();
    received.praise.reader_name = Some(text());

    let mut studio = samples::studio(lang);
    let section = &mut studio.accounts[0];
    section.account.name = text();
    section.praises[0].note = Some(text());
    section.praises[0].reader_name = Some(text());
    section.praises[0].article.title = text();

    let mut tokens = samples::tokens(lang, true);
    tokens.label = text();
    tokens.tokens[0].label = text();

    let mut cashier = samples::cashier(lang, CashierState::Open);
    (cashier.payee, cashier.description) = (text(), text());

    vec![
        ("article", Content::Article(Box::new(article))),
        ("form", Content::PraiseForm(Box::new(form))),
        ("review", Content::PraiseForm(Box::new(review))),
        ("intent", Content::Intent(Box::new(intent))),
        ("paid", Content::Intent(Box::new(paid))),
        ("me", Content::Me(me)),
        ("receipt", Content::Praise(Box::new(receipt))),
        ("limits", Content::Limits(Box::new(limits))),
        ("studio", Content::Studio(studio)),
        ("received", Content::StudioPraise(Box::new(received))),
        ("tokens", Content::StudioTokens(tokens)),
        ("cashier", Content::Cashier(cashier)),
    ]
}

/// The names of a page's tags and of their attributes, in order. Text that stays text does not
/// change them.
fn skeleton(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let mut quoted = false;
        let mut tag = String::new();
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = at;
                    break;
                }
                c if !quoted => tag.push(c),
                _ => {}
            }
        }
        tags.push(tag);
        rest = &rest[end..];
    }
    tags
}

fn stays_text(text: &str) {
    for lang in Lang::ALL {
        // The same pages with a harmless text.
        for ((name, hostile), (_, harmless)) in
            pages_with(text, lang).into_iter().zip(pages_with("harmless", lang))
        {
            let context = samples::context(lang, "/");
            let (hostile, harmless) = (render(&context, hostile), render(&context, harmless));
            let (hostile, harmless) = (skeleton(&hostile), skeleton(&harmless));
            for (hostile, harmless) in hostile.iter().zip(&harmless) {
                assert_eq!(hostile, harmless, "{name} with {text:?}");
            }
            assert_eq!(hostile.len(), harmless.len(), "{name} with {text:?}");
        }
    }
}

#[test]
fn what_people_write_stays_text() {
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus='alert(1)",
        "</textarea><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "<!--",
        "<!>",
        "]]>",
        "&lt;script&gt;",
    ] {
        stays_text(text);
    }
    let lang = Lang::En;
    let mut form = samples::form(lang);
    form.input.note = "</textarea><b>&amp;".to_owned();
    let html = render(&samples::context(lang, "/"), Content::PraiseForm(Box::new(form)));
    assert!(html.contains("&lt;/textarea&gt;&lt;b&gt;&amp;amp;</textarea>"));
}

#[test]
fn known_attacks_stay_text() {
    let payloads = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/xss/payloads.txt");
    let Ok(payloads) = std::fs::read_to_string(&payloads) else {
        eprintln!(
            "SKIPPED: {} is not there; only the attacks above were tried.",
            payloads.display()
        );
        return;
    };
    let payloads: Vec<_> = payloads.lines().filter(|line| !line.is_empty()).collect();
    assert!(payloads.len() > 100, "the list of attacks is cut off");
    // In blocks: if one attack breaks out, the skeleton of the whole block changes.
    for block in payloads.chunks(200) {
        stays_text(&block.join(" "));
    }
}
