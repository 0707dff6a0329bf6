//! The document around every page: head, header, footer. No inline script or style anywhere,
//! because the Content-Security-Policy allows none.

use leptos::prelude::*;
use shared::lang::Lang;

use crate::address;
use crate::page::Frame;
use crate::parts::mark;
use crate::parts::praise_fields::name_on_wall;
use crate::words::Words;

/// A page, before the frame is around it.
pub(crate) struct Document {
    /// For the title bar; the name of the site follows.
    pub title: String,
    /// For search results and previews; only public pages have one.
    pub description: Option<String>,
    /// Whether it is somebody's own, and no search engine's business.
    pub private: bool,
    /// Seconds after which the page is asked for again: by `boot.js` in place, and where scripts
    /// are off by the browser.
    pub refresh_s: Option<u32>,
    /// Whether readers move on from here in place: to the next article, by `navigation.js`.
    pub navigation: bool,
    /// Whether it stands alone, without the site's header and footer.
    pub bare: bool,
    /// What is on it.
    pub main: AnyView,
}

impl Document {
    /// A page that everybody may see.
    pub(crate) fn public(title: impl Into<String>, main: impl IntoView + 'static) -> Document {
        Document {
            title: title.into(),
            description: None,
            private: false,
            refresh_s: None,
            navigation: false,
            bare: false,
            main: main.into_any(),
        }
    }

    /// A page of one person.
    pub(crate) fn private(title: impl Into<String>, main: impl IntoView + 'static) -> Document {
        Document { private: true, ..Document::public(title, main) }
    }

    /// The complete HTML document.
    pub(crate) fn into_html(self, frame: &Frame, words: &'static Words) -> String {
        let head = self.head(frame, words);
        // What the next article cannot say of itself: who reads, and what is said without a network.
        let reader = (self.navigation && frame.viewer.is_some()).then(|| name_on_wall(frame));
        let body = if self.bare {
            view! { <main id="main" class="page">{self.main}</main> }.to_html()
        } else {
            view! {
                <a class="skip" href="#main">{words.skip}</a>
                {header(frame, words)}
                <main
                    id="main"
                    class="page"
                    tabindex="-1"
                    data-ask-again-s=self.refresh_s
                    data-reader=reader
                    data-kept=self.navigation.then_some(words.kept)
                    data-offline=self.navigation.then_some(words.offline)
                >
                    {self.main}
                </main>
                {footer(frame, words)}
            }
            .to_html()
        };
        let body = without_markers(&body);
        format!(
            "<!DOCTYPE html><html lang=\"{}\"><head>{head}</head><body>{body}</body></html>",
            frame.lang.tag()
        )
    }

    fn head(&self, frame: &Frame, words: &Words) -> String {
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
            escape(&frame.assets.css),
        );
        if let Some(description) = &self.description {
            let description = escape(description);
            head += &format!(
                "<meta name=\"description\" content=\"{description}\">\
                 <meta property=\"og:title\" content=\"{title}\">\
                 <meta property=\"og:description\" content=\"{description}\">\
                 <meta property=\"og:type\" content=\"article\">"
            );
        }
        if self.private {
            head += "<meta name=\"robots\" content=\"noindex\">";
        }
        if let Some(seconds) = self.refresh_s {
            head += &format!(
                "<noscript><meta http-equiv=\"refresh\" content=\"{seconds}\"></noscript>"
            );
        }
        let assets = &frame.assets;
        // Scripts run in this order: what was typed is back in its form before the sheet is live.
        if let Some(drafts) = &assets.drafts_js {
            let tag = frame.viewer.as_ref().map_or("", |viewer| viewer.tag.as_str());
            head += &format!(
                "<script defer src=\"{}\" data-for=\"{}\"></script>",
                escape(drafts),
                escape(tag)
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

fn header(frame: &Frame, words: &'static Words) -> AnyView {
    let viewer = frame.viewer.clone();
    let sign_in = address::sign_in(&frame.path);
    view! {
        <header>
            {frame.sandbox.then(|| view! { <p class="sandbox">{words.sandbox}</p> })}
            <div class="top">
                <a class="brand" href="/">{mark()} <span>{words.site}</span></a>
                <nav aria-label=words.nav>
                    {match viewer {
                        Some(viewer) => view! {
                            {viewer
                                .writes
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

fn footer(frame: &Frame, words: &'static Words) -> AnyView {
    let (lang, path) = (frame.lang, frame.path.clone());
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

/// Text as HTML: for the head, which is written by hand, and where Leptos does not do it.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Takes out the `<!>` with which Leptos marks places for hydration. Outside an island nothing is
/// hydrated, and to a parser they are errors; inside an island they stay.
fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    const ISLAND: (&str, &str) = ("<leptos-island", "</leptos-island>");
    let mut clean = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        clean.push_str(text);
        if let Some(after) = tag.strip_prefix(MARKER) {
            rest = after;
            continue;
        }
        let length = if tag.starts_with(ISLAND.0) {
            tag.find(ISLAND.1).map_or(tag.len(), |end| end + ISLAND.1.len())
        } else {
            tag_length(tag)
        };
        clean.push_str(&tag[..length]);
        rest = &tag[length..];
    }
    clean.push_str(rest);
    clean
}

/// The length of the tag that `html` begins with. A quoted attribute may hold a `>`.
fn tag_length(html: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_markers_out_of_text_only() {
        for (html, clean) in [
            ("<p>a<!> <!>b</p><!>", "<p>a b</p>"),
            (r#"<p title="a > <!> b">x</p>"#, r#"<p title="a > <!> b">x</p>"#),
            (
                "<!><leptos-island data-component=\"X\">a<!>b</leptos-island><!>",
                "<leptos-island data-component=\"X\">a<!>b</leptos-island>",
            ),
            ("a < b", "a < b"),
            ("没有标签", "没有标签"),
            ("<p", "<p"),
        ] {
            assert_eq!(without_markers(html), clean);
        }
    }

    #[test]
    fn escapes_what_ends_text_or_an_attribute() {
        assert_eq!(escape("<a \"b\" & 'c'>"), "&lt;a &quot;b&quot; &amp; 'c'&gt;");
    }
}
