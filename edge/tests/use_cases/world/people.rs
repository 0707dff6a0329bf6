//! Who lives in a world, and what they have published.

use edge::people::account::{self, NewAccount};
use edge::people::identity::{self, sandbox as sign_ins};
use edge::people::invitation;
use edge::people::payee;
use edge::publish;
use shared::api::{AttachedCard, PublishArticle};
use shared::lang::Lang;
use shared::money::Currency;

use super::World;

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    /// `per_…`
    pub id: String,
    /// Token of the session.
    pub token: String,
}

/// An official account.
#[derive(Clone)]
pub struct Account {
    /// `acc_…`
    pub id: String,
    /// Name in the address.
    pub handle: String,
    /// Who owns it.
    pub owner: Person,
    /// What it receives.
    pub currency: Currency,
}

/// An article.
#[derive(Clone)]
pub struct Article {
    /// `art_…`
    pub id: String,
    /// Name in the address.
    pub slug: String,
    /// What its account receives.
    pub currency: Currency,
}

/// Everything that one praise needs.
pub struct Stage {
    /// The world it is in.
    pub world: World,
    /// The writer's account.
    pub account: Account,
    /// Its article.
    pub article: Article,
    /// A reader.
    pub reader: Person,
}

impl World {
    /// Signs somebody in by subject, who is created at the first time.
    pub fn person(&self, subject: &str) -> Person {
        let token = self.act(async |ctx| {
            let provider = sign_ins::PROVIDER;
            identity::sign_in(ctx.db, ctx.entropy, ctx.now, provider, subject, Some(subject))
                .await
                .unwrap()
        });
        let session =
            self.act(async |ctx| identity::session(ctx.db, &token, ctx.now).await.unwrap());
        Person { id: session.unwrap().person_id, token }
    }

    /// Opens an account for somebody.
    pub fn account(&self, owner: &Person, handle: &str, currency: Currency) -> Account {
        let new = NewAccount {
            handle,
            name: handle,
            bio: "",
            currency,
            presets_minor: &[],
            ask: None,
            thanks: Some("Thank you for reading."),
        };
        let id = self.act(async |ctx| {
            account::open(ctx.db, ctx.entropy, ctx.now, &owner.id, &new).await.unwrap()
        });
        self.invited_with_card(owner, handle);
        Account { id, handle: handle.to_owned(), owner: owner.clone(), currency }
    }

    /// What an account needs beside its opening before it receives: its owner is invited, and a card
    /// is attached that no other account has.
    fn invited_with_card(&self, owner: &Person, handle: &str) {
        if self.count(&format!("invitation WHERE used_by = '{}'", owner.id)) == 0 {
            self.invited(owner);
        }
        let token = format!("sbxcard_{:016}", self.count("bank_card"));
        self.attached(owner, handle, &token);
    }

    /// Makes an invitation and has somebody give its code.
    pub fn invited(&self, owner: &Person) {
        self.act(async |ctx| {
            let made = invitation::make(ctx.db, ctx.entropy, ctx.now, &owner.id, None, None);
            let code = made.await.unwrap().code;
            invitation::redeem(ctx.db, ctx.now, &owner.id, &code).await.unwrap();
        });
    }

    /// Attaches a card to an account.
    pub fn attached(&self, owner: &Person, handle: &str, token: &str) -> AttachedCard {
        self.act(async |ctx| payee::attach(ctx, &owner.id, handle, token).await.unwrap())
    }

    /// Publishes an article of this title.
    pub fn article(&self, account: &Account, title: &str) -> Article {
        let new = PublishArticle {
            account: Some(account.handle.clone()),
            title: title.to_owned(),
            lang: Lang::En,
            author: None,
            slug: None,
            markdown: "It snowed all night, and in the morning the road was gone.".to_owned(),
        };
        let published = self.act(async |ctx| {
            publish::publish(ctx.db, ctx.entropy, ctx.now, &account.owner.id, &new).await.unwrap()
        });
        Article { id: published.id, slug: published.slug, currency: account.currency }
    }
}

impl Stage {
    /// A world with a writer, an article and a reader.
    pub fn new(currency: Currency) -> Stage {
        Stage::at("2026-11-22T09:30:00Z", currency)
    }

    /// The same at a moment in RFC 3339.
    pub fn at(moment: &str, currency: Currency) -> Stage {
        let world = World::at(moment);
        let account = world.account(&world.person("wen"), "wen-writes", currency);
        let article = world.article(&account, "Snow");
        let reader = world.person("ana");
        Stage { world, account, article, reader }
    }
}
