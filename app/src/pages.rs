//! One file per page. Each turns its data into a document; nothing here asks for anything.

use leptos::prelude::Owner;

use crate::page::{Content, Frame};
use crate::words::Words;

mod account;
mod article;
#[cfg(feature = "sandbox")]
mod cashier;
mod home;
mod intent;
mod limits;
mod me;
mod praise;
mod praise_form;
mod problem;
mod problem_entry;
mod sign_in;
mod studio;
mod studio_praise;
mod studio_tokens;

/// The complete HTML document of a page, doctype included.
pub fn render(frame: &Frame, content: Content) -> String {
    let words = Words::of(frame.lang);
    // Everything reactive that the page makes lives and ends with this owner.
    Owner::new().with(|| {
        let document = match content {
            Content::Home(page) => home::page(frame, page),
            Content::Article(page) => article::page(frame, *page, None),
            Content::OwnArticle(page, why) => article::page(frame, *page, Some(why)),
            Content::PraiseForm(page) => praise_form::page(frame, *page),
            Content::Intent(page) => intent::page(frame, *page),
            Content::Account(page) => account::page(frame, page),
            Content::Me(page) => me::page(frame, page),
            Content::Praise(page) => praise::page(frame, *page),
            Content::Limits(page) => limits::page(frame, *page),
            Content::SignIn(page) => sign_in::page(frame, page),
            Content::Studio(page) => studio::page(frame, page),
            Content::StudioPraise(page) => studio_praise::page(frame, *page),
            Content::StudioTokens(page) => studio_tokens::page(frame, page),
            #[cfg(feature = "sandbox")]
            Content::Cashier(page) => cashier::page(frame, page),
            Content::ProblemEntry(page) => problem_entry::page(frame, page),
            Content::Problem(page) => problem::page(frame, page),
        };
        document.into_html(frame, words)
    })
}
