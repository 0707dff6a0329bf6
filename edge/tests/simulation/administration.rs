//! Performs the operators' decisions about policies, accounts, invitations and debts, and the
//! readers' own limits, through production code. Checks that the result is what the caller was
//! told.

use edge::failure::Failure;
use edge::limits::policy::raise;
use edge::limits::policy::version::{self, PolicyChange};
use edge::limits::reader_limits;
use edge::payments::payout::write_off;
use edge::people::invitation;
use edge::people::operator::{accounts, stop};
use shared::api::UpdateLimits;
use shared::machine::AccountStatus;
use shared::problem::{Expected, Problem};

use super::model::{CheckResult, ensure};
use super::step::{Action, BackOffice, Limit, Scope};
use super::world::{Ctx, World};

impl World {
    /// Performs an operator's decision about the whole system or an account.
    pub async fn administer(&self, ctx: &Ctx<'_>, office: &BackOffice) -> Result<(), Failure> {
        let operator = &self.population.people[0].id;
        match office {
            BackOffice::Suspend(place, suspended) => {
                let status =
                    if *suspended { AccountStatus::Suspended } else { AccountStatus::Active };
                let handle = &self.population.accounts[*place].handle;
                accounts::change(ctx, operator, handle, Some(status), None).await.map(drop)
            }
            BackOffice::Stop(true) => stop::on(ctx, operator, "The provider is down.").await,
            BackOffice::Stop(false) => stop::off(ctx, operator).await,
            BackOffice::Rules(rules) => {
                let change = PolicyChange {
                    praise_cap_minor: Some(rules.cap),
                    reader_day_minor: Some(rules.reader),
                    guest_day_minor: Some(rules.cap),
                    article_day_minor: Some(rules.article),
                    writer_day_minor: Some(rules.writer),
                    hold_days: Some(rules.hold_days),
                    undo_minutes: Some(rules.undo_minutes),
                    ..PolicyChange::default()
                };
                let from = ctx.now.plus_minutes(rules.in_minutes);
                let added =
                    version::add(ctx.db, ctx.now, operator, rules.currency, from, &change).await;
                match added {
                    Err(Failure::Refused(Problem::Field { expected, .. }))
                        if expected == Expected::NO_RAISE => {}
                    other => return other.map(drop),
                }
                let (second, why) = (&self.population.people[1].id, "Asked for.");
                let proposal =
                    raise::propose(ctx, operator, rules.currency, from, &change, why).await?;
                raise::approve(ctx, second, &proposal.id, &proposal.shown_hash).await.map(drop)
            }
            BackOffice::Invite(place) => {
                let made =
                    invitation::make(ctx.db, ctx.entropy, ctx.now, operator, None, None).await?;
                invitation::redeem(ctx.db, ctx.now, self.owner(*place), &made.code).await
            }
            BackOffice::Revoke(place) => {
                let live = self.product.column(&format!(
                    "SELECT id FROM invitation WHERE used_by = '{}' AND revoked_at IS NULL
                     ORDER BY made_at, id",
                    self.owner(*place)
                ));
                for id in live {
                    invitation::revoke(ctx.db, ctx.now, operator, &id).await?;
                }
                Ok(())
            }
            BackOffice::WriteOff(place) => {
                let account = &self.population.accounts[*place].id;
                write_off::write_off(ctx, operator, account).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// A reader sets a limit of their own.
    pub async fn limit(&self, ctx: &Ctx<'_>, limit: &Limit) -> Result<(), Failure> {
        let wanted = |scope| (limit.scope == scope).then_some(limit.minor);
        let update = UpdateLimits {
            currency: limit.currency,
            praise_minor: wanted(Scope::Praise),
            day_minor: wanted(Scope::Day),
            month_minor: wanted(Scope::Month),
        };
        let reader = &self.population.people[limit.reader].id;
        reader_limits::update(ctx.db, ctx.now, reader, &update).await
    }

    /// Checks that an action without concurrency has the result that the caller was told.
    pub fn check_answer(&self, action: &Action, told: &Result<(), Failure>) -> CheckResult {
        match action {
            Action::BackOffice(office) => self.check_back_office(office, told),
            Action::Limit(limit) => self.limit_stands(limit, told),
            _ => Ok(()),
        }
    }

    fn check_back_office(&self, office: &BackOffice, told: &Result<(), Failure>) -> CheckResult {
        let (model, now) = (&self.model, self.now().ms());
        let say = || format!("{office:?} was answered {told:?}");
        let account = |place: usize| &self.population.accounts[place].id;
        let refused = told.as_ref().err().map(Failure::problem);
        let fits = match (office, refused) {
            (BackOffice::Suspend(place, suspended), None) => {
                model.accounts[account(*place)].suspended == *suspended
            }
            (BackOffice::Stop(stopped), None) => model.stopped == *stopped,
            (BackOffice::Rules(rules), None) => {
                let from = self.now().plus_minutes(rules.in_minutes).ms();
                let currency = rules.currency.code();
                // A raised cap is in force a day later at the earliest.
                model.caps.iter().any(|(code, since, caps)| {
                    *code == currency
                        && *since >= from
                        && (caps.cap, caps.reader, caps.article, caps.writer)
                            == (rules.cap, rules.reader, rules.article, rules.writer)
                })
            }
            (BackOffice::Invite(place), None) => model.invited(self.owner(*place)),
            (BackOffice::Revoke(place), None) => {
                let owner = self.owner(*place);
                !model.invitations.values().any(|invitation| {
                    !invitation.revoked && invitation.used_by.as_deref() == Some(owner)
                })
            }
            (BackOffice::WriteOff(place), None | Some(Problem::WrongState)) => {
                model.owed(account(*place)) == 0
            }
            (BackOffice::WriteOff(place), Some(Problem::WriteOffEarly { opens_at })) => {
                now < opens_at.ms() && opens_at.ms() == model.write_off_at(account(*place))
            }
            _ => true,
        };
        ensure(fits, "a back-office answer is correct", say)
    }

    fn limit_stands(&self, limit: &Limit, told: &Result<(), Failure>) -> CheckResult {
        let person = &self.population.people[limit.reader].id;
        let stands = told.is_err()
            || self.model.limit_stands(
                person,
                limit.currency.code(),
                limit.scope.as_str(),
                limit.minor,
            );
        ensure(stands, "a reader's limit is what the reader was told", || format!("{limit:?}"))
    }

    /// The owner of an account.
    fn owner(&self, place: usize) -> &str {
        &self.model.accounts[&self.population.accounts[place].id].owner
    }
}

/// The amounts that readers choose for their limits.
pub const fn allowed(scope: Scope) -> &'static [i64] {
    match scope {
        Scope::Praise => &[300, 700, 2_000],
        Scope::Day => &[0, 1_500, 6_000, 15_000],
        Scope::Month => &[4_000, 20_000, 90_000],
    }
}
