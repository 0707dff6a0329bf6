//! The opening of a dispute.

use shared::id::Kind;

use super::facts::DisputeFacts;
use super::incoming::{IncomingReport, POLL_DAYS, TASK_DAYS};
use crate::database::{Database, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::people::operator::tasks;
use crate::provider::{DisputeOutcome, PaymentProvider};
use crate::queue::jobs::{self, JobKind};

impl<D: Database, P: PaymentProvider> IncomingReport<'_, '_, D, P> {
    /// Books the opening of the dispute. A praise whose money has not left is held back; otherwise
    /// the payout or refund continues, and only the amount that the bank has taken is booked.
    pub(super) async fn book_opened(&self, facts: &DisputeFacts) -> Result<(), Failure> {
        let (ctx, report) = (self.ctx, &self.report);
        let (now, provider) = (ctx.now, ctx.provider.name());
        let id = ctx.id(Kind::Dispute);
        let unsent = facts.unsent_praise();
        let mut statements = vec![Statement::new(
            "INSERT INTO dispute (id, provider, number, payment_id, praise_id, amount_minor,
                                  currency, opened_at, aside, state, state_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open', ?10)",
            [
                Value::from(&id),
                provider.into(),
                (&report.number).into(),
                (&facts.payment_id).into(),
                facts.praise_id.clone().into(),
                facts.amount_minor.into(),
                facts.currency.into(),
                report.opened_at.into(),
                unsent.is_some().into(),
                now.into(),
            ],
        )];
        let mut posting = Posting::new(format!("dispute.opened:{id}"));
        match unsent {
            Some(praise) => {
                statements.push(Statement::new(
                    "UPDATE praise SET state = 'disputed', state_at = ?4, state_reason = 'dispute'
                     WHERE id = ?1 AND state = ?2 AND matured = ?3",
                    [
                        Value::from(praise.praise_id),
                        praise.state.as_str().into(),
                        praise.matured.into(),
                        now.into(),
                    ],
                ));
                statements.push(Statement::must_change(1, "praise_state"));
                let from = match praise.matured {
                    true => Account::WriterDue(praise.account_id),
                    false => Account::WriterHeld(praise.account_id),
                };
                let disputed = Account::WriterDisputed(praise.account_id);
                posting = posting.transfer(from, disputed, facts.amount());
            }
            None => statements.push(facts.guard_unchanged()),
        }
        let posting = posting.transfer(
            Account::DisputeClearing(provider),
            Account::ProviderUnsettled(provider),
            facts.amount(),
        );
        statements.extend(ledger::post(&[posting], now)?);
        let detail = format!("the bank disputes {}", facts.payment_id);
        statements.push(tasks::open("dispute", &id, &detail, now, now.plus_days(TASK_DAYS)));
        statements.push(tasks::close("dispute", &report.number, "booked", now));
        statements.push(jobs::wake(JobKind::PollDispute, &id, now.plus_days(POLL_DAYS)));
        if report.outcome == DisputeOutcome::Open {
            statements.extend(self.mark_processed("booked"));
        }
        Ok(ctx.db.batch(statements).await.map(drop)?)
    }
}
