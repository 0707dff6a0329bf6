//! Sample data for every page, as the Worker would fill it in. The gallery and the tests use it.

#[path = "samples/articles.rs"]
mod articles;
#[path = "samples/pages.rs"]
pub mod pages;
#[path = "samples/personal.rs"]
mod personal;
#[path = "samples/praising.rs"]
mod praising;
#[path = "samples/receipts.rs"]
pub mod receipts;

use app::page::*;
use shared::api::*;
use shared::calendar::Moment;
use shared::lang::Lang;
use shared::limits::Limits;
use shared::machine::{IntentState, PraiseState, RefundState, Visibility};
use shared::money::{Currency, Money};
use shared::problem::Problem;

pub use articles::*;
pub use personal::*;
pub use praising::*;

/// 22 November 2026, 17:30 in Shanghai.
pub const NOW: Moment = Moment::from_ms(1_795_339_800_000);

/// The context of a signed-in reader.
pub fn context(lang: Lang, path: &str) -> PageContext {
    PageContext {
        lang,
        path: path.to_owned(),
        origin: "https://praise.example".to_owned(),
        viewer: Some(Viewer {
            id_hash: "0123456789abcdef".to_owned(),
            name: Some("小满".to_owned()),
            is_writer: false,
        }),
        assets: Assets {
            css: "/app.css".to_owned(),
            boot_js: Some("/boot.js".to_owned()),
            drafts_js: Some("/drafts.js".to_owned()),
            reader_js: Some("/reader.js".to_owned()),
            reader_wasm: Some("/reader.wasm".to_owned()),
            navigation_js: Some("/navigation.js".to_owned()),
        },
        sandbox: true,
    }
}

fn pick<T>(lang: Lang, zh: T, en: T) -> T {
    match lang {
        Lang::ZhHans => zh,
        Lang::En => en,
    }
}

pub fn currency(lang: Lang) -> Currency {
    pick(lang, Currency::Cny, Currency::Usd)
}

pub fn money(lang: Lang, minor: i64) -> Money {
    Money::new(minor, currency(lang))
}
