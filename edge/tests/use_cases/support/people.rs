//! People, accounts and articles, and the fixture that most tests use.

use edge::people::account::{self, NewAccount};
use edge::people::identity::{self, sandbox as sign_ins};
use edge::people::invitation;
use edge::people::operator::Operators;
use edge::people::payee;
use edge::publish;
use shared::api::{AttachedCard, PublishArticle};
use shared::lang::Lang;
use shared::money::Currency;

use super::world::World;

/// A signed-in person.
#[derive(Clone)]
pub struct Person {
    /// `per_…`
    pub id: String,
    /// The session's token.
    pub token: String,
}

/// An official account.
#[derive(Clone)]
pub struct Account {
    /// `acc_…`
    pub id: String,
    /// The name in its address.
    pub handle: String,
    /// The owner.
    pub owner: Person,
    /// The currency it receives.
    pub currency: Currency,
}

/// An article.
#[derive(Clone)]
pub struct Article {
    /// `art_…`
    pub id: String,
    /// The name in its address.
    pub slug: String,
    /// The currency its account receives.
    pub currency: Currency,
}

/// A world with everything that one praise needs.
pub struct Fixture {
    /// The world.
    pub world: World,
    /// The writer's account.
    pub account: Account,
    /// Its article.
    pub article: Article,
    /// A reader.
    pub reader: Person,
}

impl World {
    /// Signs somebody in by subject; the first time creates the person.
    pub fn person(&self, subject: &str) -> Person {
        let token = self.run(async |ctx| {
            let provider = sign_ins::PROVIDER;
            identity::sign_in(ctx.db, ctx.entropy, ctx.now, provider, subject, Some(subject), None)
                .await
                .unwrap()
        });
        let session =
            self.run(async |ctx| identity::session(ctx.db, &token, ctx.now).await.unwrap());
        Person { id: session.unwrap().person_id, token }
    }

    /// Opens an account that is ready to receive.
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
        let id = self.run(async |ctx| {
            account::open(ctx.db, ctx.entropy, ctx.now, &owner.id, &new).await.unwrap()
        });
        self.invite_and_attach_card(owner, handle);
        Account { id, handle: handle.to_owned(), owner: owner.clone(), currency }
    }

    /// What an opened account needs to receive: an invited owner, and a card that no other account
    /// has.
    fn invite_and_attach_card(&self, owner: &Person, handle: &str) {
        if self.count(&format!("invitation WHERE used_by = '{}'", owner.id)) == 0 {
            self.invite(owner);
        }
        let token = format!("sbxcard_{:016}", self.count("bank_card"));
        self.attach_card(owner, handle, &token);
    }

    /// Makes an invitation and redeems it for this person.
    pub fn invite(&self, owner: &Person) {
        self.run(async |ctx| {
            let made = invitation::make(ctx.db, ctx.entropy, ctx.now, &owner.id, None, None);
            let code = made.await.unwrap().code;
            invitation::redeem(ctx.db, ctx.now, &owner.id, &code).await.unwrap();
        });
    }

    /// Links two persons who were not linked before; the first one represents both.
    pub fn link(&self, first: &Person, second: &Person) {
        let (one, other) = (&first.id, &second.id);
        self.raw(&format!(
            "INSERT INTO human_link (id, first_id, second_id, provider, fingerprint, found_at,
                                     made_at)
             VALUES ('lnk_' || substr('{other}', 5), min('{one}', '{other}'),
                     max('{one}', '{other}'), 'sandbox', 'print-of-both', {now}, {now});
             UPDATE person SET human_id = '{one}', linked_at = {now} WHERE id = '{other}'",
            now = self.now().ms(),
        ));
    }

    /// Attaches a card to an account.
    pub fn attach_card(&self, owner: &Person, handle: &str, token: &str) -> AttachedCard {
        self.run(async |ctx| {
            payee::attach(ctx, &Operators::default(), &owner.id, handle, token).await.unwrap()
        })
    }

    /// Publishes an article with this title.
    pub fn article(&self, account: &Account, title: &str) -> Article {
        let new = PublishArticle {
            account: Some(account.handle.clone()),
            title: title.to_owned(),
            lang: Lang::En,
            author: None,
            slug: None,
            markdown: "It snowed all night, and in the morning the road was gone.".to_owned(),
        };
        let published = self.run(async |ctx| {
            publish::publish(ctx.db, ctx.entropy, ctx.now, &account.owner.id, &new).await.unwrap()
        });
        Article { id: published.id, slug: published.slug, currency: account.currency }
    }
}

impl Fixture {
    /// A world with a writer, an article and a reader.
    pub fn new(currency: Currency) -> Fixture {
        Fixture::at("2026-11-22T09:30:00Z", currency)
    }

    /// The same, starting at a moment in RFC 3339.
    pub fn at(moment: &str, currency: Currency) -> Fixture {
        Fixture::on(World::at(moment), currency)
    }

    /// The same in an empty world.
    pub fn on(world: World, currency: Currency) -> Fixture {
        let account = world.account(&world.person("wen"), "wen-writes", currency);
        let article = world.article(&account, "Snow");
        let reader = world.person("ana");
        Fixture { world, account, article, reader }
    }
}
