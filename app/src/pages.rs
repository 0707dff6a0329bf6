//! One file per page. Each is a pure function from the page's data to a document.

use leptos::prelude::Owner;

use crate::page::{Content, PageContext};
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

/// Renders the complete HTML document of a page, including the doctype.
pub fn render(context: &PageContext, content: Content) -> String {
    let words = Words::of(context.lang);
    // The owner disposes of everything reactive that the page creates.
    Owner::new().with(|| {
        let document = match content {
            Content::Home(page) => home::page(context, page),
            Content::Article(page) => article::page(context, *page, None),
            Content::OwnArticle(page, why) => article::page(context, *page, Some(why)),
            Content::PraiseForm(page) => praise_form::page(context, *page),
            Content::Intent(page) => intent::page(context, *page),
            Content::Account(page) => account::page(context, page),
            Content::Me(page) => me::page(context, page),
            Content::Praise(page) => praise::page(context, *page),
            Content::Limits(page) => limits::page(context, *page),
            Content::SignIn(page) => sign_in::page(context, page),
            Content::Studio(page) => studio::page(context, page),
            Content::StudioPraise(page) => studio_praise::page(context, *page),
            Content::StudioTokens(page) => studio_tokens::page(context, page),
            #[cfg(feature = "sandbox")]
            Content::Cashier(page) => cashier::page(context, page),
            Content::ProblemEntry(page) => problem_entry::page(context, page),
            Content::Problem(page) => problem::page(context, page),
        };
        document.into_html(context, words)
    })
}
