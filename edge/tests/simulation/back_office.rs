//! Performs the actions of operators and writers about articles, suspense and cards, through
//! production code.

use edge::failure::Failure;
use edge::payments::freeze::{self, actions};
use edge::payments::suspense::{self, Resolution};
use edge::people::operator::Operators;
use edge::people::payee;
use shared::api::operator::OpenFreeze;
use shared::machine::{FreezeEnd, FreezeRule};

use super::step::BackOffice;
use super::world::{Ctx, World};

impl World {
    /// Performs a back-office action. An action without a subject is not a failure.
    pub async fn back_office(&self, ctx: &Ctx<'_>, office: &BackOffice) -> Result<(), Failure> {
        let (first, second) = (&self.population.people[0].id, &self.population.people[1].id);
        match office {
            BackOffice::Freeze(page) => {
                let article = self.population.articles[*page].slug.clone();
                let open = OpenFreeze { article, version: 1, rule: FreezeRule::Gambling };
                freeze::freeze(ctx, first, &open).await.map(drop)
            }
            BackOffice::Appeal(page) => {
                let page = &self.population.articles[*page];
                let account = &self.model.articles[&page.id].account;
                let owner = &self.model.accounts[account].owner;
                freeze::appeal(ctx, owner, &page.slug, "It is all my own.").await
            }
            BackOffice::Propose(page, back) => {
                let id = &self.population.articles[*page].id;
                let freeze = format!("FROM freeze WHERE article_id = '{id}' AND state <> 'lifted'");
                match self.product.column(&format!("SELECT id {freeze}")).first() {
                    Some(freeze) => {
                        let end = if *back { FreezeEnd::MassReturn } else { FreezeEnd::Unfreeze };
                        actions::propose(ctx, first, freeze, end).await.map(drop)
                    }
                    None => Ok(()),
                }
            }
            BackOffice::Approve { same } => {
                let open = self.product.column(
                    "SELECT id || ' ' || shown_hash FROM operator_action
                     WHERE approved_at IS NULL AND withdrawn_at IS NULL
                     ORDER BY proposed_at, id LIMIT 1",
                );
                let Some((action, hash)) = open.first().and_then(|open| open.split_once(' '))
                else {
                    return Ok(());
                };
                let who = if *same { first } else { second };
                actions::approve(ctx, who, action, hash).await.map(drop)
            }
            BackOffice::Resolve(attempt) => {
                let open = self.product.column(
                    "SELECT id FROM suspense_case WHERE closed_at IS NULL ORDER BY opened_at LIMIT 1",
                );
                let Some(case) = open.first() else { return Ok(()) };
                let intent = attempt.and_then(|attempt| self.intent_of(attempt));
                let resolution = match intent {
                    Some(intent_id) => Resolution::ToPraise { intent_id },
                    None => Resolution::Return,
                };
                suspense::resolve(ctx, first, case, &resolution).await
            }
            BackOffice::Card(place, digits) => {
                let place = &self.population.accounts[*place];
                let owner = &self.model.accounts[&place.id].owner;
                match digits {
                    Some(digits) => {
                        let token = format!("sbxcard_{digits:016}");
                        let nobody = Operators::default();
                        payee::attach(ctx, &nobody, owner, &place.handle, &token).await.map(drop)
                    }
                    None => payee::remove(ctx.db, ctx.now, owner, &place.handle).await,
                }
            }
            _ => self.administer(ctx, office).await,
        }
    }
}
