//! Performs the actions of operators and writers about articles, suspense and cards, through
//! production code.

use edge::card;
use edge::failure::Failure;
use edge::freeze::{self, actions};
use edge::suspense::{self, Resolution};
use shared::machine::{FreezeEnd, FreezeRule};

use super::step::Office;
use super::world::{Ctx, World};

impl World {
    /// Performs a back-office action. An action without a subject is not a failure.
    pub async fn office(&self, ctx: &Ctx<'_>, office: &Office) -> Result<(), Failure> {
        let (first, second) = (&self.town.people[0].id, &self.town.people[1].id);
        match office {
            Office::Freeze(page) => {
                let slug = &self.town.pages[*page].slug;
                freeze::freeze(ctx, first, slug, FreezeRule::Gambling).await.map(drop)
            }
            Office::Appeal(page) => {
                let page = &self.town.pages[*page];
                let account = &self.model.articles[&page.id].account;
                let owner = &self.model.accounts[account].owner;
                freeze::appeal(ctx, owner, &page.slug, "It is all my own.").await
            }
            Office::Propose(page, back) => {
                let id = &self.town.pages[*page].id;
                let freeze = format!("FROM freeze WHERE article_id = '{id}' AND state <> 'lifted'");
                match self.product.column(&format!("SELECT id {freeze}")).first() {
                    Some(freeze) => {
                        let end = if *back { FreezeEnd::MassReturn } else { FreezeEnd::Unfreeze };
                        actions::propose(ctx, first, freeze, end).await.map(drop)
                    }
                    None => Ok(()),
                }
            }
            Office::Approve { same } => {
                let open = self.product.column(
                    "SELECT id || ' ' || counts_hash FROM operator_action
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
            Office::Resolve(attempt) => {
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
            Office::Card(place, digits) => {
                let place = &self.town.places[*place];
                let owner = &self.model.accounts[&place.id].owner;
                match digits {
                    Some(digits) => {
                        let token = format!("sbxcard_{digits:016}");
                        card::attach(ctx, owner, &place.handle, &token).await.map(drop)
                    }
                    None => card::remove(ctx.db, ctx.now, owner, &place.handle).await,
                }
            }
            _ => self.desk(ctx, office).await,
        }
    }
}
