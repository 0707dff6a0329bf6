//! Moving on in place: the client builds the next article where the last one stood.
//!
//! `navigation.js` fetches, remembers and keeps the address; this turns the API's answer into the same
//! view that the edge renders. The answer is read member by member: a parser for all of JSON would
//! weigh more than what is done with it.

use std::any::Any;

use leptos::mount::mount_to;
use shared::lang::Lang;
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;

use crate::article;
use crate::page::{ArticlePage, Sheet};

mod answer;

/// An article on its way into a page.
pub struct Next {
    lang: Lang,
    name: String,
    page: ArticlePage,
}

/// Whoever reads, as the page knows them.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Language of the page.
    pub lang: String,
    /// Name on the wall, of somebody who is signed in.
    pub name: Option<String>,
    /// Fresh key for the sheet.
    pub key: String,
}

/// Reads the API's answer. `None` where it is not an article with its wall and others.
pub fn read(answer: &JsValue, reader: Reader) -> Option<Next> {
    let Reader { lang, name, key } = reader;
    let lang = Lang::from_tag(&lang)?;
    let (article, wall, others) = answer::article(answer)?;
    // What the reader's limits leave is not in an answer that is the same for everybody.
    let sheet = (name.is_some() && article.praise.accepting).then_some(Sheet { key, room: None });
    let page = ArticlePage { article, wall, wall_continued: false, others, sheet };
    Some(Next { lang, name: name.unwrap_or_default(), page })
}

impl Next {
    /// Builds it in `main`. It is alive until what is returned is dropped, which also takes it out
    /// of the page.
    pub fn show(self, main: HtmlElement) -> Box<dyn Any> {
        let Next { lang, name, page } = self;
        Box::new(mount_to(main, move || article::view(lang, name, page)))
    }
}
