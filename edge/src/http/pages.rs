//! Pages. A handler loads what its page needs, fills a page type of `app` and renders it. Every
//! form is a POST; when it succeeds, it redirects to a GET. Browsers report violations of the pages'
//! security policy to `/reports`.

mod article;
mod intent;
mod limits;
mod me;
mod praise;
mod problems;
mod reader_praise;
mod sign_in;
mod sitemap;
mod studio;
mod studio_praise;

use shared::problem::Problem;

use super::api::reports;
use super::handler::{page, uncounted_api};
use super::request_context::{HandlerResult, RequestContext};
use super::routes::Routes;

/// Adds the pages' addresses.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get_async("/", page(article::home))
        .get_async("/a/:slug", page(article::article))
        .get_async("/a/:slug/praise", page(praise::form))
        .post_async("/a/:slug/praise", page(praise::submit))
        .get_async("/i/:id", page(intent::intent))
        .post_async("/i/:id/cancel", page(intent::cancel))
        .get_async("/@:handle", page(article::account))
        .get_async("/robots.txt", page(sitemap::robots))
        .get_async("/sitemap.xml", page(sitemap::sitemap))
        .get_async("/sitemap-:part", page(sitemap::part))
        .get_async("/me", page(me::me))
        .post_async("/me", page(me::update))
        .get_async("/me/limits", page(limits::limits))
        .post_async("/me/limits", page(limits::update))
        .get_async("/me/praises/:id", page(reader_praise::praise))
        .post_async("/me/praises/:id/undo", page(reader_praise::undo))
        .post_async("/me/praises/:id/take-back", page(reader_praise::take_back))
        .post_async("/me/praises/:id/visibility", page(reader_praise::visibility))
        .get_async("/problems/:code", page(problems::entry))
        .get_async("/r/:token", page(reader_praise::by_link))
        .post_async("/r/:token/undo", page(reader_praise::undo_by_link))
        .post_async("/r/:token/take-back", page(reader_praise::take_back_by_link))
        .post_async("/r/:token/visibility", page(reader_praise::visibility_by_link))
        .post_async("/guest", page(sign_in::guest))
        .get_async("/sign-in", page(sign_in::form))
        .post_async("/sign-in", page(sign_in::sign_in))
        .post_async("/sign-out", page(sign_in::sign_out))
        .post_async("/sign-out-everywhere", page(sign_in::sign_out_everywhere))
        .post_async("/language", page(sign_in::language))
        .post_async("/reports", uncounted_api(reports::receive))
        .get_async("/studio", page(studio::studio))
        .get_async("/studio/praises/:id", page(studio_praise::praise))
        .post_async("/studio/praises/:id/reply", page(studio_praise::reply))
        .get_async("/studio/tokens", page(studio::tokens))
        .post_async("/studio/tokens", page(studio::create_token))
        .post_async("/studio/tokens/:id/revoke", page(studio::revoke_token))
}

/// Answers any other address with the page of `not_found`.
pub async fn not_found(_: RequestContext) -> HandlerResult {
    Err(Problem::NotFound.into())
}
