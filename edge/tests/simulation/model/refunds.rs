//! Reversals and refunds: by whose right, how much, and only once.

use super::rows::Row;
use super::{CheckResult, Expected, Model, Praise, ensure, violation};

/// The provider in the ledger.
const PROVIDER: &str = "sandbox";
/// How often a human may take back in a month.
const TAKE_BACKS: i64 = 3;
/// How many praises a human may undo in a day.
const UNDOS: i64 = 10;

impl Model {
    /// A praise is returned by a right that somebody has now.
    pub(super) fn goes_back(
        &mut self,
        id: &str,
        praise: &Praise,
        from: &str,
        reason: &str,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        let intent = self.intents[&praise.intent].clone();
        let say = || format!("{id} from {from} by {reason:?} at {now}: {praise:?}");
        let frozen = self.articles.get(&intent.article).is_some_and(|article| article.frozen);
        let code = praise.currency.code();
        match reason {
            "undo" => {
                ensure(now < praise.undo_until, "undone within the undo window", say)?;
                let day =
                    super::specification::day_text(super::specification::day(now, praise.currency));
                let key = (self.human(&intent.person).to_owned(), day);
                let used = self.undone.entry(key).or_default();
                *used += 1;
                ensure(*used <= UNDOS, "at most ten are undone in a day", say)?;
                let owner = self.accounts.get(&praise.account).map(|account| account.owner.clone());
                let room = |kind, id: &str, day: &str| {
                    (kind, id.to_owned(), code.to_owned(), day.to_owned())
                };
                self.room(
                    expected,
                    room("reader", &intent.person, &intent.day),
                    -praise.amount,
                    now,
                );
                self.room(
                    expected,
                    room("article", &intent.article, &praise.paid_day),
                    -praise.amount,
                    now,
                );
                let owner = owner.unwrap_or_default();
                self.room(expected, room("writer", &owner, &praise.paid_day), -praise.amount, now);
            }
            "take_back" => {
                ensure(
                    now < praise.due_at && from == "held" && !frozen,
                    "taken back in time",
                    say,
                )?;
                let month =
                    super::specification::day_text(super::specification::day(now, praise.currency));
                let key = (self.human(&intent.person).to_owned(), month[..7].to_owned());
                let used = self.taken_back.entry(key).or_default();
                *used += 1;
                ensure(*used <= TAKE_BACKS, "at most three are taken back in a month", say)?;
            }
            "writer" => {
                ensure(
                    now >= praise.undo_until,
                    "a writer returns only praises after the undo window",
                    say,
                )?;
            }
            "operator" | "mass_return" | "appeal_missed" | "appeal_undecided" => {}
            _ => return violation("a praise is returned only by a right", say()),
        }
        ensure(
            expected.refunds.contains(&praise.payment),
            "a returned praise has a refund in the same batch",
            say,
        )?;
        let kept = if praise.matured { "writer_due" } else { "writer_held" };
        expected.legs.add(kept, &praise.account, code, praise.amount);
        expected.legs.add("returning", PROVIDER, code, -praise.amount);
        if let Some(praise) = self.praises.get_mut(id) {
            praise.reason = reason.to_owned();
        }
        Ok(())
    }

    pub(super) fn refund_transition(
        &mut self,
        id: &str,
        to: &str,
        expected: &mut Expected,
    ) -> CheckResult {
        let payment_id = self.refunds[id].payment.clone();
        let payment = self.payments[&payment_id].clone();
        let truth = self.provider_records.refunds.get(id).map(String::as_str);
        let by_bank = self.bank_gave_back(&payment_id);
        let fits = match to {
            "succeeded" => truth == Some("succeeded"),
            // A refund that the provider does not know or cannot deliver need not arrive if the
            // bank returned the money first.
            "closed" => {
                truth == Some("closed") || (by_bank && matches!(truth, None | Some("abnormal")))
            }
            _ => true,
        };
        ensure(fits, "a refund ends as the provider says", || {
            format!("{id} to {to}, the provider says {truth:?}")
        })?;
        if to == "succeeded" {
            expected.legs.add("returning", PROVIDER, &payment.currency, payment.amount);
            expected.legs.add("provider_unsettled", PROVIDER, &payment.currency, -payment.amount);
        }
        if to == "closed" && by_bank {
            expected.legs.add("returning", PROVIDER, &payment.currency, payment.amount);
            expected.legs.add("operator_loss", "operator", &payment.currency, -payment.amount);
            self.release_loss(&payment_id);
        }
        Ok(())
    }

    /// The provider refunds only at our request: once, the whole payment, for a refund that was
    /// decided.
    pub(super) fn provider_refunds(&mut self, row: Row<'_>) -> CheckResult {
        let (number, order, transaction) = (row.string(1), row.text(2), row.string(3));
        let (amount, state) = (row.int(4), row.text(5));
        let ours = self.refunds.get(&number).and_then(|refund| self.payments.get(&refund.payment));
        ensure(
            ours.is_some_and(|payment| payment.transaction == transaction),
            "the provider refunds what we decided to refund",
            || format!("refund {number} of order {order}"),
        )?;
        self.provider_records.refunds.insert(number.clone(), state.to_owned());
        let taken = self.provider_records.payments.get_mut(&transaction);
        let fits =
            taken.as_ref().is_some_and(|taken| taken.order == order && taken.amount == amount);
        ensure(fits, "a refund is the whole payment, to its source", || {
            format!("refund {number} of {amount} for {taken:?}")
        })?;
        if state == "succeeded"
            && let Some(taken) = taken
        {
            let before = taken.refunded_by.replace(number.clone());
            ensure(
                before.is_none() || before.as_ref() == Some(&number),
                "no payment is refunded twice",
                || format!("{transaction}: {before:?} and {number}"),
            )?;
        }
        Ok(())
    }
}
