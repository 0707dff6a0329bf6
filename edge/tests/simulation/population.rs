//! The population of a world: readers and guests, writers with accounts in both currencies, and
//! their articles. The seed decides all of it.

use edge::context::Context;
use edge::people::account::{self, NewAccount};
use edge::people::identity;
use edge::people::invitation;
use edge::publish;
use shared::api::PublishArticle;
use shared::lang::Lang;
use shared::money::Currency;

use super::fault_plan::{FaultPlan, race};
use super::model::policy_and_limits::Invitation;
use super::model::specification::{Caps, published};
use super::model::{Account, Article, Person};
use super::observed_database::RequestDatabase;
use super::rng::Rng;
use super::world::World;

/// Readers who are not writers.
pub const READERS: usize = 12;
/// Writers, each with one to three accounts.
const WRITERS: usize = 3;
/// The sign-in provider of everybody.
const SIGN_IN: &str = "sandbox";

/// A signed-in person.
pub struct Actor {
    /// `per_…`
    pub id: String,
    /// The subject at the sign-in provider.
    pub subject: String,
    /// The hash of the session's token.
    pub session: String,
    /// When the session ends.
    pub session_until: i64,
}

/// An account.
pub struct AccountRef {
    /// `acc_…`
    pub id: String,
    /// The name in its address.
    pub handle: String,
}

/// An article.
pub struct ArticleRef {
    /// `art_…`
    pub id: String,
    /// The name in its address.
    pub slug: String,
    /// The currency it receives.
    pub currency: Currency,
}

/// Everybody and everything that a history refers to by index.
#[derive(Default)]
pub struct Population {
    /// Readers first, then writers.
    pub people: Vec<Actor>,
    /// Accounts.
    pub accounts: Vec<AccountRef>,
    /// Articles.
    pub articles: Vec<ArticleRef>,
}

impl World {
    /// Creates the population of a seed.
    pub fn populate(&mut self, rng: &mut Rng) {
        self.add_policies(rng);
        for number in 0..READERS + WRITERS {
            let subject = format!("somebody-{number}");
            let (id, session) = self.sign_in(&subject);
            let guest = number < 2;
            if guest {
                self.raw(&format!("UPDATE person SET kind = 'guest' WHERE id = '{id}'"));
            }
            self.model.persons.insert(id.clone(), Person { human: id.clone(), guest });
            let session_until = self.now().plus_days(29).ms();
            self.population.people.push(Actor { id, subject, session, session_until });
        }
        for writer in READERS..READERS + WRITERS {
            self.invite(writer);
            for _ in 0..=rng.below(3) {
                self.open_account(writer, rng);
            }
        }
    }

    /// Adds a stricter policy in every third world, so that the caps are reached.
    fn add_policies(&mut self, rng: &mut Rng) {
        let narrow = rng.below(3) == 0;
        for currency in [Currency::Cny, Currency::Usd] {
            let mut caps = published(currency);
            if narrow {
                let times = |rng: &mut Rng, least: usize, most: usize| {
                    caps.cap * (least + rng.below(most - least)) as i64
                };
                let article = times(rng, 2, 6);
                let reader = times(rng, 2, 5);
                let writer = article + times(rng, 0, 2);
                caps = Caps { article, writer, reader, ..caps };
                let since = self.now().ms() - 1;
                self.raw(&format!(
                    "INSERT INTO policy (version, currency, effective_from, praise_min_minor,
                       praise_cap_minor, reader_day_minor, guest_day_minor, payer_day_minor, article_day_minor,
                       writer_day_minor, hold_days, undo_minutes)
                     VALUES (2, '{}', {since}, {}, {}, {}, {}, {}, {}, {}, 7, 10)",
                    currency.code(),
                    caps.min,
                    caps.cap,
                    caps.reader,
                    caps.guest,
                    caps.reader,
                    caps.article,
                    caps.writer,
                ));
            }
            self.model.caps.push((currency.code(), self.now().ms() - 1, caps));
        }
    }

    /// Signs in. Returns the person and the hash of the session.
    pub fn sign_in(&self, subject: &str) -> (String, String) {
        self.without_faults(async |ctx| {
            let (db, entropy) = (ctx.db, ctx.entropy);
            let token =
                identity::sign_in(db, entropy, ctx.now, SIGN_IN, subject, Some(subject), None)
                    .await
                    .expect("a session");
            let session = identity::session(ctx.db, &token, ctx.now).await.expect("a session");
            (session.expect("a session").person_id, identity::hash(&token))
        })
    }

    fn open_account(&mut self, writer: usize, rng: &mut Rng) {
        let currency = if rng.below(2) == 0 { Currency::Cny } else { Currency::Usd };
        let owner = self.population.people[writer].id.clone();
        let handle = format!("place-{}", self.population.accounts.len());
        let new = NewAccount {
            handle: &handle,
            name: &handle,
            bio: "",
            currency,
            presets_minor: &[],
            ask: None,
            thanks: None,
        };
        let id = self.without_faults(async |ctx| {
            account::open(ctx.db, ctx.entropy, ctx.now, &owner, &new).await.expect("an account")
        });
        let card = self.insert_card(&id);
        let account = Account {
            owner: owner.clone(),
            currency,
            suspended: false,
            off: false,
            card: Some(card),
        };
        self.model.accounts.insert(id.clone(), account);
        self.model.last_income.insert(id.clone(), self.now().ms());
        for _ in 0..=rng.below(2) {
            let new = PublishArticle {
                account: Some(handle.clone()),
                title: format!("Snow {}", self.population.articles.len()),
                lang: Lang::En,
                author: None,
                slug: None,
                markdown: "It snowed all night.".to_owned(),
            };
            let published = self.without_faults(async |ctx| {
                publish::publish(ctx.db, ctx.entropy, ctx.now, &owner, &new).await.expect("a page")
            });
            let article = Article { account: id.clone(), frozen: false };
            self.model.articles.insert(published.id.clone(), article);
            let page = ArticleRef { id: published.id, slug: published.slug, currency };
            self.population.articles.push(page);
        }
        self.population.accounts.push(AccountRef { id, handle });
    }

    /// An operator makes an invitation and a writer redeems it.
    fn invite(&mut self, writer: usize) {
        let (operator, person) =
            (&self.population.people[0].id, self.population.people[writer].id.clone());
        let made = self.without_faults(async |ctx| {
            let made = invitation::make(ctx.db, ctx.entropy, ctx.now, operator, None, None).await;
            let made = made.expect("an invitation");
            invitation::redeem(ctx.db, ctx.now, &person, &made.code)
                .await
                .expect("the invitation is valid");
            made
        });
        let expires_at = made.expires_at.ms();
        let invitation = Invitation { expires_at, used_by: Some(person), revoked: false };
        self.model.invitations.insert(made.id, invitation);
    }

    /// Inserts a verified card that can be paid to at once. Returns its id.
    fn insert_card(&mut self, account: &str) -> String {
        let now = self.now().ms();
        let digits = format!("{:016}", self.population.accounts.len());
        self.raw(&format!(
            "INSERT INTO bank_card (id, account_id, provider, token, fingerprint, last4, verified,
                                    attached_at, usable_from)
             VALUES ('crd-{account}', '{account}', 'sandbox', 'sbxcard_{digits}',
                     'print-{digits}', substr('{digits}', -4), 1, {now}, {now})",
        ));
        format!("crd-{account}")
    }

    /// Runs a request without faults.
    pub fn without_faults<T>(&self, action: impl AsyncFnOnce(&super::world::Ctx<'_>) -> T) -> T {
        let plan = FaultPlan::none(false);
        let request = Box::pin(self.request(&plan, action));
        let ended = race(vec![(request, &plan)], &mut Rng::new(0));
        ended
            .into_iter()
            .next()
            .flatten()
            .expect("the request ends")
            .expect("the request has no fault")
    }

    /// Runs one request.
    pub async fn request<'a, T>(
        &'a self,
        plan: &'a FaultPlan,
        action: impl AsyncFnOnce(&super::world::Ctx<'_>) -> T,
    ) -> Result<T, edge::database::DatabaseError> {
        let db = RequestDatabase { observed: &self.product, plan };
        let line = RequestDatabase { observed: &self.provider, plan };
        let sandbox = edge::provider::sandbox::Sandbox::open(&line, &self.ids).await?;
        let provider = super::unreliable_provider::UnreliableProvider {
            sandbox,
            plan,
            delayed: &self.delayed,
            sabotage: self.sabotage,
        };
        plan.set_now(self.now());
        let ctx = Context { db: &db, provider: &provider, now: self.now(), entropy: &self.ids };
        Ok(action(&ctx).await)
    }
}
