//! The HTML document around every page: head, header and footer. There are no inline scripts or
//! styles, because the Content-Security-Policy allows none.

use leptos::prelude::*;
use shared::lang::Lang;

use crate::address;
use crate::html::{escape, without_markers};
use crate::page::PageContext;
use crate::parts::{logo, name_on_wall};
use crate::preview::Preview;
use crate::words::Words;

/// A page without the document around it.
pub(crate) struct Document {
    /// Title of the page. The name of the site is appended.
    pub title: String,
    /// What search results and shared links show. Only public pages have one.
    pub preview: Option<Preview>,
    /// Whether the page is personal, so that search engines must not index it.
    pub private: bool,
    /// Seconds after which the page is fetched again: by `boot.js` in place, or without script by
    /// the browser.
    pub refresh_s: Option<u32>,
    /// Whether links to articles open in place, with `navigation.js`.
    pub navigation: bool,
    /// Whether the page has no header and footer of the site.
    pub bare: bool,
    /// The content.
    pub main: AnyView,
}

impl Document {
    /// Creates a page that everybody may see.
    pub(crate) fn public(title: impl Into<String>, main: impl IntoView + 'static) -> Document {
        Document {
            title: title.into(),
            preview: None,
            private: false,
            refresh_s: None,
            navigation: false,
            bare: false,
            main: main.into_any(),
        }
    }

    /// Creates a page of one person.
    pub(crate) fn private(title: impl Into<String>, main: impl IntoView + 'static) -> Document {
        Document { private: true, ..Document::public(title, main) }
    }

    /// Renders the complete HTML document.
    pub(crate) fn into_html(self, context: &PageContext, words: &'static Words) -> String {
        let head = self.head(context, words);
        // The next article's response does not contain these: the reader's name for the sheet, and
        // what to show without a network.
        let reader = (self.navigation && context.viewer.is_some()).then(|| name_on_wall(context));
        let body = if self.bare {
            view! { <main id="main" class="page">{self.main}</main> }.to_html()
        } else {
            view! {
                <a class="skip" href="#main">{words.skip}</a>
                {header(context, words)}
                <main
                    id="main"
                    class="page"
                    tabindex="-1"
                    data-refresh-s=self.refresh_s
                    data-reader=reader
                    data-stale=self.navigation.then_some(words.stale_article)
                    data-offline=self.navigation.then_some(words.offline)
                >
                    {self.main}
                </main>
                {footer(context, words)}
            }
            .to_html()
        };
        let body = without_markers(&body);
        format!(
            "<!DOCTYPE html><html lang=\"{}\"><head>{head}</head><body>{body}</body></html>",
            context.lang.tag()
        )
    }

    fn head(&self, context: &PageContext, words: &Words) -> String {
        let title = escape(&self.title);
        let mut head = format!(
            "<meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} · {}</title>\
             <link rel=\"stylesheet\" href=\"{}\">\
             <meta name=\"color-scheme\" content=\"light dark\">\
             <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
             <link rel=\"apple-touch-icon\" href=\"/apple-touch-icon.png\">\
             <link rel=\"manifest\" href=\"/manifest.webmanifest\">",
            escape(words.site),
            escape(&context.assets.css),
        );
        if let Some(preview) = &self.preview {
            head += &preview.to_html(&self.title, context, words);
        }
        if self.private {
            head += "<meta name=\"robots\" content=\"noindex\">";
        }
        if let Some(seconds) = self.refresh_s {
            head += &format!(
                "<noscript><meta http-equiv=\"refresh\" content=\"{seconds}\"></noscript>"
            );
        }
        let assets = &context.assets;
        // Deferred scripts run in this order: a draft is restored before the sheet is hydrated.
        if let Some(drafts) = &assets.drafts_js {
            let user = context.viewer.as_ref().map_or("", |viewer| viewer.id_hash.as_str());
            head += &format!(
                "<script defer src=\"{}\" data-user=\"{}\"></script>",
                escape(drafts),
                escape(user)
            );
        }
        if let (Some(boot), Some(reader), Some(wasm)) =
            (&assets.boot_js, &assets.reader_js, &assets.reader_wasm)
        {
            head += &format!(
                "<script defer src=\"{}\" data-reader=\"{}\" data-wasm=\"{}\"",
                escape(boot),
                escape(reader),
                escape(wasm),
            );
            if let Some(navigation) = assets.navigation_js.as_ref().filter(|_| self.navigation) {
                head += &format!(" data-navigation=\"{}\"", escape(navigation));
            }
            head += "></script>";
        }
        head
    }
}

fn header(context: &PageContext, words: &'static Words) -> AnyView {
    let viewer = context.viewer.clone();
    let sign_in = address::sign_in(&context.path);
    view! {
        <header>
            {context.sandbox.then(|| view! { <p class="sandbox">{words.sandbox}</p> })}
            <div class="top">
                <a class="brand" href="/">{logo()} <span>{words.site}</span></a>
                <nav aria-label=words.nav>
                    {match viewer {
                        Some(viewer) => view! {
                            {viewer
                                .is_writer
                                .then(|| view! { <a href="/studio">{words.nav_studio}</a> })}
                            <a href="/me">{words.nav_me}</a>
                        }
                        .into_any(),
                        None => view! { <a href=sign_in>{words.nav_sign_in}</a> }.into_any(),
                    }}
                </nav>
            </div>
        </header>
    }
    .into_any()
}

fn footer(context: &PageContext, words: &'static Words) -> AnyView {
    let (lang, path) = (context.lang, context.path.clone());
    view! {
        <footer class="bottom">
            <p>{words.tagline}</p>
            <form class="languages" method="post" action="/language" aria-label=words.language>
                <input type="hidden" name="return" value=path/>
                {Lang::ALL.map(|other| view! {
                    <button
                        name="lang"
                        value=other.tag()
                        lang=other.tag()
                        aria-current=(other == lang).then_some("true")
                    >
                        {other.own_name()}
                    </button>
                })}
            </form>
        </footer>
    }
    .into_any()
}
