//! The end of a dispute: won or lost.

use shared::calendar::Moment;
use shared::machine::{DisputeState, FreezeState, PraiseState};

use super::facts::{BookedDispute, DisputeFacts};
use super::incoming::IncomingReport;
use crate::database::{Database, Statement, Value};
use crate::failure::Failure;
use crate::payments::ledger::{self, Account, Posting};
use crate::payments::settle;
use crate::provider::PaymentProvider;
use crate::queue::jobs::{self, JobKind};

impl<D: Database, P: PaymentProvider> IncomingReport<'_, '_, D, P> {
    /// Books a dispute that the bank has decided in our favour. The money comes back, and a praise
    /// that was held back continues in the state that its dates give it by now.
    pub(super) async fn book_won(
        &self,
        facts: &DisputeFacts,
        dispute: &BookedDispute,
        at: Moment,
    ) -> Result<(), Failure> {
        let (now, provider) = (self.ctx.now, self.ctx.provider.name());
        let mut statements = self.end(dispute, DisputeState::Won, at);
        let mut won = Posting::new(format!("dispute.won:{}", dispute.id)).transfer(
            Account::ProviderUnsettled(provider),
            Account::DisputeClearing(provider),
            facts.amount(),
        );
        let mut matured = None;
        if dispute.aside == 1 {
            let praise = HeldBackPraise::new(facts)?;
            let account = praise.account_id;
            let origin = match praise.matured {
                true => Account::WriterDue(account),
                false => Account::WriterHeld(account),
            };
            won = won.transfer(Account::WriterDisputed(account), origin, facts.amount());
            if praise.matures(now) {
                let posting = Posting::new(format!("praise.due:{}", praise.praise_id));
                let (held, due) = (Account::WriterHeld(account), Account::WriterDue(account));
                matured = Some(posting.transfer(held, due, facts.amount()));
            }
            statements.extend(praise.restore(now));
        }
        let postings: Vec<Posting> = [Some(won), matured].into_iter().flatten().collect();
        statements.extend(ledger::post(&postings, now)?);
        Ok(self.ctx.db.batch(statements).await.map(drop)?)
    }

    /// Books a dispute that the bank has decided in the reader's favour. Who bears the loss depends
    /// on where the money is: the writer, the operator, or the suspense account.
    pub(super) async fn book_lost(
        &self,
        facts: &DisputeFacts,
        dispute: &BookedDispute,
        at: Moment,
    ) -> Result<(), Failure> {
        let (now, provider) = (self.ctx.now, self.ctx.provider.name());
        let mut statements = self.end(dispute, DisputeState::Lost, at);
        let account = facts.account_id.as_deref();
        let bears_loss = match (facts.praise_state, account) {
            (Some(PraiseState::Disputed), Some(account)) => {
                statements.push(Statement::new(
                    "UPDATE praise SET state = 'lost', state_at = ?2, state_reason = 'dispute_lost'
                     WHERE id = ?1 AND state = 'disputed'",
                    [Value::from(facts.praise_id.clone()), now.into()],
                ));
                statements.push(Statement::must_change(1, "praise_state"));
                Account::WriterDisputed(account)
            }
            // The writer has the money or is about to get it, so the writer owes it and the next
            // payouts net the debt. If this payout fails, the praise is lost and the debt is
            // cancelled.
            (Some(PraiseState::InPayout | PraiseState::PaidOut), Some(account)) => {
                statements.push(facts.guard_unchanged());
                Account::WriterDebt(account)
            }
            // The reader gets the money twice, from the bank and by our refund. If the refund is
            // never sent, closing it reverses this loss.
            (Some(PraiseState::Returning | PraiseState::Returned), _) => {
                statements.push(facts.guard_unchanged());
                Account::OperatorLoss
            }
            (None, _) if facts.fate == "return" => {
                statements.push(facts.guard_unchanged());
                Account::OperatorLoss
            }
            (None, _) if facts.fate == "suspense" => {
                statements.extend(close_case(&facts.payment_id, now));
                Account::Suspense(provider)
            }
            (state, _) => {
                return Err(Failure::Internal(format!(
                    "dispute {} of a payment with fate {} and praise state {state:?}",
                    dispute.id, facts.fate
                )));
            }
        };
        let posting = Posting::new(format!("dispute.lost:{}", dispute.id)).transfer(
            bears_loss,
            Account::DisputeClearing(provider),
            facts.amount(),
        );
        statements.extend(ledger::post(&[posting], now)?);
        Ok(self.ctx.db.batch(statements).await.map(drop)?)
    }
}

/// Returns the statements that close the suspense case: the bank has given the money back.
fn close_case(payment_id: &str, now: Moment) -> Vec<Statement> {
    vec![
        Statement::new(
            "UPDATE suspense_case SET closed_at = ?2 WHERE payment_id = ?1 AND closed_at IS NULL",
            [Value::from(payment_id), now.into()],
        ),
        Statement::must_change(1, "case_open"),
        Statement::new(
            "UPDATE operator_task SET closed_at = ?2, outcome = 'dispute_lost'
             WHERE kind = 'suspense' AND closed_at IS NULL
               AND subject_id IN (SELECT id FROM suspense_case WHERE payment_id = ?1)",
            [Value::from(payment_id), now.into()],
        ),
    ]
}

/// A praise that was held back for a dispute, with what its next state depends on.
struct HeldBackPraise<'a> {
    praise_id: &'a str,
    account_id: &'a str,
    matured: bool,
    due_at: Moment,
    frozen: bool,
    facts: &'a DisputeFacts,
}

impl<'a> HeldBackPraise<'a> {
    fn new(facts: &'a DisputeFacts) -> Result<HeldBackPraise<'a>, Failure> {
        let praise = || {
            Some(HeldBackPraise {
                praise_id: facts.praise_id.as_deref()?,
                account_id: facts.account_id.as_deref()?,
                matured: facts.matured? == 1,
                due_at: Moment::from_ms(facts.due_at?),
                frozen: facts.article_status.as_deref()? == "frozen",
                facts,
            })
        };
        let missing = || Failure::Internal("a dispute holds back money without a praise".into());
        praise().ok_or_else(missing)
    }

    /// Returns whether the praise became due during the dispute. A praise of a frozen article does
    /// not become due.
    fn matures(&self, now: Moment) -> bool {
        !self.matured && !self.frozen && now >= self.due_at
    }

    /// Returns the statements that move the praise to the state that its dates give it, and on to
    /// `frozen` if its article is frozen.
    fn restore(&self, now: Moment) -> Vec<Statement> {
        let facts = self.facts;
        let due = self.matured || self.matures(now);
        let state = if due { PraiseState::Due } else { PraiseState::Held };
        let mut statements = vec![
            // The target state depends on the freeze, so the batch fails if that has changed.
            Statement::new(
                "INSERT INTO must (got, expected, guard)
                 SELECT EXISTS (
                   SELECT 1 FROM praise JOIN article ON article.id = praise.article_id
                   LEFT JOIN freeze ON freeze.article_id = article.id AND freeze.state <> 'lifted'
                   WHERE praise.id = ?1 AND article.status = ?2 AND freeze.state IS ?3), 1,
                   'article_status'",
                [
                    Value::from(self.praise_id),
                    facts.article_status.clone().into(),
                    facts.freeze_state.map(FreezeState::as_str).into(),
                ],
            ),
            Statement::new(
                "UPDATE praise SET state = ?2, matured = ?3, state_at = ?4,
                   state_reason = 'dispute_won'
                 WHERE id = ?1 AND state = 'disputed' AND matured = ?5",
                [
                    Value::from(self.praise_id),
                    state.as_str().into(),
                    due.into(),
                    now.into(),
                    self.matured.into(),
                ],
            ),
            Statement::must_change(1, "praise_state"),
        ];
        if !self.frozen {
            statements.push(match due {
                true => jobs::wake(JobKind::PayOut, self.account_id, now),
                false => {
                    let subject = settle::subject(self.account_id, self.due_at);
                    jobs::wake(JobKind::Settle, &subject, self.due_at)
                }
            });
            return statements;
        }
        statements.push(Statement::new(
            "UPDATE praise SET state = 'frozen' WHERE id = ?1 AND state = ?2",
            [Value::from(self.praise_id), state.as_str().into()],
        ));
        statements.push(Statement::must_change(1, "praise_state"));
        if let Some(freeze_id) = facts.freeze_id.as_deref() {
            if facts.freeze_state == Some(FreezeState::Returned) {
                statements.push(Statement::new(
                    "UPDATE freeze SET state = 'returning', state_at = ?2,
                       state_reason = 'dispute_won'
                     WHERE id = ?1 AND state = 'returned'",
                    [Value::from(freeze_id), now.into()],
                ));
                statements.push(Statement::must_change(1, "freeze_state"));
            }
            statements.push(jobs::wake(JobKind::Freeze, freeze_id, now));
        }
        statements
    }
}
