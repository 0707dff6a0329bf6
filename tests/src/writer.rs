//! A writer with an official account.

use serde_json::{Value as Json, json};
use shared::api::{Page, PublishedArticle, StudioAccount, StudioPraise};
use shared::money::{Currency, Money};

use crate::http::Answer;
use crate::person::Person;
use crate::unique;

/// A person with one of their official accounts.
pub struct Writer {
    /// The signed-in owner.
    pub person: Person,
    /// The account's handle, as in `/@{handle}`.
    pub handle: String,
    /// The account's name, as readers see it.
    pub account_name: String,
    /// The currency that the account receives.
    pub currency: Currency,
}

impl Writer {
    /// An amount in the account's currency.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    /// Publishes a short article with a title of its own; returns its slug.
    pub fn article(&self) -> String {
        self.publish(&unique::name("An article"), "The first paragraph.\n\nThe second.").slug
    }

    /// Publishes in English.
    pub fn publish(&self, title: &str, markdown: &str) -> PublishedArticle {
        let answer = self.send(&json!({ "title": title, "lang": "en", "markdown": markdown }));
        assert!(matches!(answer.status, 200 | 201), "{answer}");
        answer.read()
    }

    /// Sends an article with the writer's session; the account is filled in.
    pub fn send(&self, article: &Json) -> Answer {
        let mut body = article.clone();
        body["account"] = json!(self.handle);
        self.person.call("POST", "/api/v1/studio/articles").json(&body).send()
    }

    /// Creates a token for programs.
    pub fn token(&self, label: &str) -> shared::api::CreatedToken {
        let body = json!({ "label": label });
        self.person.call("POST", "/api/v1/studio/tokens").json(&body).send().expect(201).read()
    }

    /// The account's figures.
    pub fn numbers(&self) -> StudioAccount {
        let answer = self.person.get("/api/v1/studio/accounts").expect(200);
        let page: Page<StudioAccount> = answer.read();
        let mine = page.items.into_iter().find(|account| account.handle == self.handle);
        mine.unwrap_or_else(|| panic!("{} is not listed: {answer}", self.handle))
    }

    /// The praises after their undo window.
    pub fn praises(&self) -> Vec<StudioPraise> {
        let path = format!("/api/v1/studio/accounts/{}/praises", self.handle);
        self.person.get(&path).expect(200).read::<Page<StudioPraise>>().items
    }
}
