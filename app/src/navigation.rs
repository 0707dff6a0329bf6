//! In-place navigation: the client builds the next article where the previous one was.
//!
//! `navigation.js` fetches and caches articles and keeps the address and the history right. This
//! module turns the API's response into the same view that the edge renders. It reads the response
//! member by member, because a general JSON parser would add more to the bundle than all of this.

use std::any::Any;

use leptos::mount::mount_to;
use shared::lang::Lang;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::article;
use crate::page::{ArticlePage, Sheet};

mod response;

/// An article that was read from a response and is not in the page yet.
pub struct NextArticle {
    lang: Lang,
    name: String,
    page: ArticlePage,
}

impl NextArticle {
    /// Reads the API's response. `lang` is the language of the page, `name` what the signed-in
    /// reader is called on the wall, `key` the idempotency key of the new sheet. `None` if the
    /// response is not an article with its wall and the other articles of its account.
    pub fn read(
        response: &JsValue,
        lang: &str,
        name: Option<String>,
        key: String,
    ) -> Option<NextArticle> {
        let lang = Lang::from_tag(lang)?;
        let (article, wall, others) = response::article(response)?;
        // The response is the same for everybody, so it does not tell what the reader's limits
        // leave: `boot.js` asks when the sheet opens.
        let has_sheet = name.is_some() && article.praise.accepting;
        let sheet = has_sheet.then_some(Sheet { key, room: None });
        let page = ArticlePage { article, wall, wall_continued: false, others, sheet };
        Some(NextArticle { lang, name: name.unwrap_or_default(), page })
    }

    /// Builds the article in `main`. Dropping the returned handle removes it from the page.
    pub fn mount(self, main: HtmlElement) -> Box<dyn Any> {
        let NextArticle { lang, name, page } = self;
        Box::new(mount_to(main, move || article::view(lang, name, page)))
    }
}
