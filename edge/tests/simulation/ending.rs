//! The end of a history: the faults stop, operators decide what is left, and everything must come to
//! its end.

use edge::failure::Failure;
use edge::payments::reconcile::explanation;
use edge::payments::refund;
use edge::payments::webhook::{self, Received};
use edge::people::operator::{Operators, accounts};
use edge::people::payee;
use edge::provider::sandbox::disputes::Decision;
use edge::provider::sandbox::payouts::Receipt;
use edge::self_check::self_check;
use shared::api::reconciliation::ExplanationPosting;
use shared::machine::AccountStatus;

use super::model::{CheckResult, ensure, violation};
use super::rng::Rng;
use super::simulation::{Simulation, run_jobs_until};
use super::step::Ticks;
use super::unexpected_payments::second_message;

/// Days after the last step until nothing is pending any more.
const REST_DAYS: i64 = 24;

impl Simulation {
    /// Plays the end without faults: everything is completed, and the totals must be correct.
    pub fn end(&mut self) -> CheckResult {
        let mut rng = Rng::new(self.seed);
        self.world.ids.of(self.seed, u32::MAX);
        self.world.log.borrow_mut().clear();
        // The provider's faults end too: a payment that was made in time is booked without any
        // message.
        self.world
            .provider
            .raw("UPDATE sandbox_fault SET remaining = 0")
            .expect("the faults are removed");
        self.world
            .provider
            .raw("DELETE FROM sandbox_bill_fault WHERE fault LIKE '%\\_bill' ESCAPE '\\'")
            .expect("every bill is ready and readable");
        self.world.without_faults(async |ctx| ctx.provider.deliver_delayed(ctx.now).await);
        self.world.observe()?;
        let day_later = self.world.now().plus_minutes(120);
        run_jobs_until(&mut self.world, day_later, Ticks::Exact, true, &mut rng)?;
        let unbooked = self.world.model.unbooked_in_time();
        ensure(unbooked.is_empty(), "a payment made in time is booked without a message", || {
            format!("{unbooked:?}")
        })?;
        self.redeliver_messages()?;
        for _ in 0..REST_DAYS {
            self.run_operators()?;
            let rest = self.world.now().plus_days(1);
            run_jobs_until(&mut self.world, rest, Ticks::Every(10 * 60 * 1000), true, &mut rng)?;
            self.world.set_now(self.world.now().max(rest));
        }
        self.world.model.check_balances()?;
        self.world.model.check_settled()?;
        let violations = self.world.without_faults(async |ctx| {
            self_check(ctx.db, ctx.now).await.expect("the self-check runs")
        });
        if let Some(found) = violations.first() {
            return violation(&format!("self-check: {}", found.check), format!("{found:?}"));
        }
        let stuck = self.world.product.column(
            "SELECT kind || ' ' || subject_id FROM job WHERE done_at IS NULL AND attempts > 0",
        );
        ensure(stuck.is_empty(), "no job keeps failing", || format!("{stuck:?}"))?;
        let orphans = self.world.product.column("SELECT \"table\" FROM pragma_foreign_key_check");
        ensure(orphans.is_empty(), "no foreign key is broken", || format!("{orphans:?}"))
    }

    /// Transfers that wait for their receiver lapse, banks decide, and operators explain
    /// differences and retry undeliverable refunds.
    fn run_operators(&mut self) -> CheckResult {
        let world = &mut self.world;
        let waiting = "SELECT number FROM sandbox_payout WHERE state = 'awaiting_confirmation'";
        for number in world.provider.column(waiting) {
            world
                .without_faults(async |ctx| {
                    ctx.provider.sandbox.receipt(&number, Receipt::Lapse, ctx.now).await.map(drop)
                })
                .expect("the transfer lapses");
            world.observe()?;
        }
        let open = "SELECT number FROM sandbox_dispute WHERE state = 'open'";
        for number in world.provider.column(open) {
            world
                .without_faults(async |ctx| {
                    ctx.provider.sandbox.decide_dispute(&number, Decision::Won, ctx.now).await
                })
                .expect("the bank decides");
            world.observe()?;
        }
        for (place, digits) in world.population.accounts.iter().zip(100_u64..) {
            let account = &world.model.accounts[&place.id];
            let token = format!("sbxcard_9{digits:015}");
            // After a payout was sent back, the card is confirmed by attaching it again.
            let unconfirmed = world.product.column(&format!(
                "SELECT token FROM bank_card AS card
                 WHERE account_id = '{}' AND removed_at IS NULL AND EXISTS (
                   SELECT 1 FROM payout
                   WHERE account_id = card.account_id AND state = 'sent_back'
                     AND state_at > card.attached_at)",
                place.id
            ));
            let token = match (&account.card, unconfirmed.into_iter().next()) {
                (Some(_), None) => continue,
                (_, confirmed) => confirmed.unwrap_or(token),
            };
            let attached = world.without_faults(async |ctx| {
                let nobody = Operators::default();
                payee::attach(ctx, &nobody, &account.owner, &place.handle, &token).await
            });
            ensure(attached.is_ok(), "a writer attaches a card", || place.handle.clone())?;
        }
        world.observe()?;
        let operator = world.population.people[0].id.clone();
        for place in &world.population.accounts {
            if world.model.accounts[&place.id].suspended {
                let active = Some(AccountStatus::Active);
                let activated = world.without_faults(async |ctx| {
                    accounts::change(ctx, &operator, &place.handle, active, None).await
                });
                ensure(activated.is_ok(), "an operator activates an account", || {
                    place.handle.clone()
                })?;
            }
        }
        world.observe()?;
        // A refund that the provider made after we had closed it, because a repeated call arrived late:
        // the reader has the money twice, and the operator bears it.
        let refunded = world.product.column(
            "SELECT id FROM bill_difference
             WHERE closed_at IS NULL AND number IN (SELECT id FROM refund WHERE state = 'closed')",
        );
        let open = "SELECT id FROM bill_difference WHERE closed_at IS NULL";
        let second = world.population.people[1].id.clone();
        for difference in world.product.column(open) {
            let explained = world.without_faults(async |ctx| {
                let posting = match refunded.contains(&difference) {
                    true => ExplanationPosting::OperatorLoss,
                    false => ExplanationPosting::ProviderFee,
                };
                let reason = "The provider says so.";
                let proposal =
                    explanation::propose(ctx, &operator, &difference, posting, None, reason)
                        .await?;
                explanation::approve(ctx, &second, &proposal.id, &proposal.shown_hash).await
            });
            world.observe()?;
            ensure(explained.is_ok(), "an operator explains a difference", || {
                format!("{difference}: {explained:?}")
            })?;
        }
        for refund in world.product.column("SELECT id FROM refund WHERE state = 'abnormal'") {
            let tried = world
                .without_faults(async |ctx| refund::retry_abnormal(ctx, &operator, &refund).await);
            world.observe()?;
            // A refund of a payment that the reader's bank has returned is closed instead of
            // retried.
            let bank = world.product.column(&format!(
                "SELECT dispute.state FROM dispute JOIN refund USING (payment_id)
                 WHERE refund.id = '{refund}' AND dispute.state <> 'won'"
            ));
            let told = || format!("{refund}, disputed {bank:?}: {tried:?}");
            ensure(tried.is_ok() == bank.is_empty(), "an operator can retry a refund", told)?;
            if bank.iter().any(|state| state == "lost") {
                let closed = world.without_faults(async |ctx| {
                    refund::close_abnormal(ctx, &operator, &refund, "The bank gave it back.").await
                });
                world.observe()?;
                ensure(closed.is_ok(), "an operator closes a refund that the bank made", || {
                    format!("{refund}: {closed:?}")
                })?;
            }
        }
        Ok(())
    }

    /// Payments for closed orders are known only by messages, which the provider repeats until they
    /// are acknowledged.
    fn redeliver_messages(&mut self) -> CheckResult {
        let model = &self.world.model;
        let mut orders: Vec<(String, bool)> = model
            .provider_records
            .payments
            .iter()
            .filter(|(transaction, _)| !model.booked.contains_key(*transaction))
            .map(|(transaction, payment)| {
                (payment.order.clone(), transaction.starts_with("twice-"))
            })
            .collect();
        orders.sort();
        for (order, second) in orders {
            let received = self.world.without_faults(async |ctx| {
                let message = match second {
                    true => second_message(ctx, &order).await,
                    false => ctx.provider.sandbox.message(&order, ctx.now).await.ok().flatten(),
                };
                let Some(message) = message else { return Ok(()) };
                match webhook::receive(ctx, &message).await.map_err(Failure::Database)? {
                    Received::Stored(arrival) => webhook::process(ctx, &arrival).await,
                    Received::AlreadyProcessed | Received::Invalid => Ok(()),
                }
            });
            self.world.observe()?;
            ensure(received.is_ok(), "a message is accepted when there are no faults", || {
                format!("{order}: {received:?}")
            })?;
        }
        Ok(())
    }
}
