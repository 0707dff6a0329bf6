//! The texts of every page, in one struct per language: a missing translation does not compile.
//! The texts of refusals are in [`shared::problem`], so that pages and API say the same.

use shared::lang::Lang;

pub(crate) mod article;
#[cfg(feature = "sandbox")]
pub(crate) mod cashier;
mod en;
mod page_texts;
#[cfg(feature = "ssr")]
pub(crate) mod problem_entry;
pub(crate) mod receipt;
#[cfg(feature = "ssr")]
pub(crate) mod timeline;
mod zh_hans;

pub(crate) use page_texts::{Words, Zone};

impl Words {
    /// Returns the texts of a language.
    pub(crate) const fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::En => &en::WORDS,
            Lang::ZhHans => &zh_hans::WORDS,
        }
    }
}
