//! State transitions: legal, in order, for a correct reason, and with the ledger entries and the
//! room that belong to them.

use super::rows::Row;
use super::{CheckResult, Expected, Intent, Model, ensure};

/// The provider in the ledger.
const PROVIDER: &str = "sandbox";

impl Model {
    pub(super) fn transitioned(
        &mut self,
        row: Row<'_>,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        let (machine, id, from, to) = (row.text(1), row.text(2), row.text(3), row.text(4));
        ensure(super::specification::allows(machine, from, to), "a transition is legal", || {
            format!("{machine} {id} from {from:?} to {to:?}")
        })?;
        ensure(row.int(5) == now, "a transition happens at the current time", || {
            format!("{:?} at {now}", row.0)
        })?;
        self.count_transition(machine, from, to);
        let before = match machine {
            "intent" => self.intents.get_mut(id).map(|intent| &mut intent.state),
            "provider_order" => self.orders.get_mut(id).map(|(_, state)| state),
            "praise" => self.praises.get_mut(id).map(|praise| &mut praise.state),
            "refund" => self.refunds.get_mut(id).map(|refund| &mut refund.state),
            "freeze" => self.freezes.get_mut(id).map(|freeze| &mut freeze.state),
            "dispute" => self.disputes.get_mut(id).map(|dispute| &mut dispute.state),
            "payout" => self.payouts.get_mut(id).map(|payout| &mut payout.state),
            "payout_part" => self.parts.get_mut(id).map(|part| &mut part.state),
            _ => None,
        };
        let Some(state) = before else {
            return super::violation(
                "a transition is of a known record",
                format!("{machine} {id}"),
            );
        };
        let was = std::mem::replace(state, to.to_owned());
        ensure(was == from, "a transition begins in the state where the last one ended", || {
            format!("{machine} {id} was {was:?}, steps from {from:?} to {to:?}")
        })?;
        match machine {
            "intent" => self.intent_transition(row, now, expected),
            "praise" => self.praise_transition(row, now, expected),
            "refund" => self.refund_transition(id, to, expected),
            "payout_part" => self.transfer_transition(id, to, expected),
            "dispute" => self.dispute_transition(id, to, now, expected),
            "freeze" => self.freeze_transition(id, from, to, now),
            _ => Ok(()),
        }
    }

    fn intent_transition(
        &mut self,
        row: Row<'_>,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        let (id, from, to) = (row.text(2), row.text(3), row.text(4));
        let Some(intent) = self.intents.get(id).cloned() else { return Ok(()) };
        if from == "awaiting_payment" {
            *self.ended.entry(intent.person.clone()).or_default() += 1;
        }
        let order = self.provider_records.orders.get(&intent.order);
        // What happens to an order after its end is reported in a message of its own.
        let at_provider =
            order.map_or("absent", |order| order.ended.as_ref().unwrap_or(&order.state).as_str());
        let say = || format!("{id} from {from} to {to}, its order is {at_provider}: {intent:?}");
        let over = now >= intent.expires_at;
        let reader = (
            "reader",
            intent.person.clone(),
            intent.currency.code().to_owned(),
            intent.day.clone(),
        );
        match to {
            "declined" => {
                // Declined at the cashier, or never accepted by the provider. If one request was
                // refused and another for the same order was accepted, nobody uses the open order.
                let refused = at_provider == "open" && row.text(6) == "order_refused";
                ensure(
                    refused || matches!(at_provider, "declined" | "absent"),
                    "declined by the provider",
                    say,
                )?;
            }
            "cancelled" => {
                ensure(intent.cancel_asked, "cancelled by its reader", say)?;
                ensure(
                    matches!(at_provider, "closed" | "declined" | "absent"),
                    "cancelled only when it can no longer be paid",
                    say,
                )?;
            }
            "expired" => {
                let fits = match at_provider {
                    "closed" => true,
                    "absent" => over || intent.cancel_asked,
                    // Money that does not fit: an operator decides.
                    _ => expected.payments.iter().any(|payment| {
                        self.payments[payment].intent == id
                            && self.payments[payment].fate == "suspense"
                    }),
                };
                ensure(fits, "expired only when it can no longer be paid", say)?;
            }
            "paid" => {
                let praise = self.praise_of.get(id);
                ensure(
                    praise.is_some_and(|praise| expected.praises.contains(praise)),
                    "a paid attempt becomes a praise in the same batch",
                    say,
                )?;
                ensure(
                    !intent.cancel_asked || from != "cancelled",
                    "who cancelled never pays",
                    say,
                )?;
                let own = self.own_limit(&intent.person, intent.currency.code(), "praise");
                ensure(
                    from == "awaiting_payment" || own.is_none_or(|limit| intent.amount <= limit),
                    "a late payment is checked against the reader's caps",
                    say,
                )?;
            }
            "returned" => {
                ensure(
                    expected.payments.iter().any(|payment| {
                        self.payments[payment].intent == id
                            && self.payments[payment].fate == "return"
                    }),
                    "a returned attempt has a payment that is returned",
                    say,
                )?;
                ensure(
                    self.may_be_returned(&intent, from, expected),
                    "a payment is returned only by a rule",
                    say,
                )?;
            }
            _ => {}
        }
        match (from, to) {
            ("awaiting_payment", "declined" | "cancelled" | "expired") => {
                self.room(expected, reader, -intent.amount, now);
            }
            ("declined" | "expired", "paid") => {
                let started_at = intent.expires_at - super::specification::ATTEMPT_MS;
                self.room(expected, reader, intent.amount, started_at);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a rule refuses the payment of this attempt now.
    fn may_be_returned(&self, intent: &Intent, from: &str, expected: &Expected) -> bool {
        let code = intent.currency.code().to_owned();
        let paid_at = expected
            .payments
            .iter()
            .filter_map(|payment| {
                self.provider_records.payments.get(&self.payments[payment].transaction)
            })
            .map(|taken| taken.paid_at)
            .next()
            .unwrap_or_default();
        let day =
            super::specification::day_text(super::specification::day(paid_at, intent.currency));
        let full = |kind: &'static str, id: &str, day: &str, at: i64| {
            let key = (kind, id.to_owned(), code.clone(), day.to_owned());
            let (holds, cap) = self.room_of(&key, at);
            holds + intent.amount > cap
        };
        let started_at = intent.expires_at - super::specification::ATTEMPT_MS;
        let own = || {
            let own = self.own_refusals(&intent.person, &code, &intent.day, intent.amount);
            own.iter().any(|(_, over)| *over)
        };
        let Some(account) = self.accounts.get(&intent.account) else { return true };
        from == "cancelled"
            || self.articles.get(&intent.article).is_some_and(|article| article.frozen)
            || account.suspended
            || self.recently_blocked.contains(&intent.account)
            || self.recently_blocked.contains(&intent.article)
            || self.human(&account.owner) == self.human(&intent.person)
            || full("article", &intent.article, &day, paid_at)
            || full("writer", &account.owner, &day, paid_at)
            || (from != "awaiting_payment"
                && (full("reader", &intent.person, &intent.day, started_at) || own()))
    }

    fn praise_transition(
        &mut self,
        row: Row<'_>,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        let (id, from, to, reason) = (row.text(2), row.text(3), row.text(4), row.text(6));
        let Some(praise) = self.praises.get(id).cloned() else { return Ok(()) };
        let (code, account, amount) = (praise.currency.code(), &praise.account, praise.amount);
        let say = || format!("{id} from {from} to {to} because of {reason:?}: {praise:?}");
        match (from, to) {
            ("", "held") => {
                // The other leg depends on the payment.
                expected.legs.add("writer_held", account, code, -amount);
            }
            ("held" | "due" | "frozen", "disputed") => {
                let writer = if praise.matured { "writer_due" } else { "writer_held" };
                expected.legs.add(writer, account, code, amount);
                expected.legs.add("writer_disputed", account, code, -amount);
            }
            ("disputed", "lost") => expected.legs.add("writer_disputed", account, code, amount),
            ("due" | "returning", "lost") => {
                let released = self.release_loss(&praise.payment);
                ensure(released, "lost only when the bank has returned it", say)?;
                // The leg of a refund that was never sent is posted when the refund is closed.
                if from == "due" {
                    expected.legs.add("writer_due", account, code, amount);
                    expected.legs.add("writer_debt", account, code, -amount);
                }
            }
            ("disputed", _) => {
                expected.legs.add("writer_disputed", account, code, amount);
                let writer =
                    if praise.matured || to == "due" { "writer_due" } else { "writer_held" };
                expected.legs.add(writer, account, code, -amount);
                ensure(
                    to == "held" || praise.matured || now >= praise.due_at,
                    "due on its due date and not before",
                    say,
                )?;
                if to == "due"
                    && let Some(praise) = self.praises.get_mut(id)
                {
                    praise.matured = true;
                }
            }
            ("held" | "due", "frozen") => {
                ensure(self.is_frozen(&praise), "frozen only together with its article", say)?;
            }
            ("frozen", "held") => {
                ensure(!self.is_frozen(&praise), "released only together with its article", say)?;
            }
            ("held" | "frozen", "due") => {
                ensure(!self.is_frozen(&praise), "nothing frozen becomes due", say)?;
                ensure(now >= praise.due_at, "due on its due date and not before", say)?;
                if !praise.matured {
                    expected.legs.add("writer_held", account, code, amount);
                    expected.legs.add("writer_due", account, code, -amount);
                }
                if let Some(praise) = self.praises.get_mut(id) {
                    praise.matured = true;
                }
            }
            (_, "returning") => self.goes_back(id, &praise, from, reason, now, expected)?,
            ("returning", "returned") => {
                let transaction = &self.payments[&praise.payment].transaction;
                let back = &self.provider_records.payments[transaction].refunded_by;
                ensure(back.is_some(), "returned only when the provider has refunded it", say)?;
            }
            ("due", "in_payout") => {
                let frozen = self.is_frozen(&praise) && !self.bank_gave_back(&praise.payment);
                ensure(!frozen, "nothing frozen is paid out", say)?;
                let claimed = expected.lines.iter().any(|(_, praise)| praise == id);
                ensure(claimed, "in a payout only with a payout line", say)?;
                if let Some(praise) = self.praises.get_mut(id) {
                    praise.claimed_at = now;
                }
            }
            ("in_payout", "paid_out" | "due") | ("paid_out", "due") => {
                self.leaves_payout(id, from, to)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What a payment that was booked in this batch has become.
    pub(super) fn fate(&mut self, id: &str, from: &str, expected: &mut Expected) -> CheckResult {
        let payment = self.payments[id].clone();
        let praise = expected.praises.iter().any(|praise| self.praises[praise].payment == id);
        ensure(praise == (payment.fate == "praise"), "a payment has its one fate", || {
            format!("{payment:?}, a praise: {praise}")
        })?;
        let to = match payment.fate.as_str() {
            "return" => "returning",
            "suspense" => "suspense",
            _ => {
                expected.legs.add(from, PROVIDER, &payment.currency, payment.amount);
                return Ok(());
            }
        };
        let refund = expected.refunds.iter().any(|payment| payment == id);
        ensure(
            refund == (to == "returning"),
            "a returned payment has a refund and nothing else",
            || format!("{payment:?}, a refund: {refund}"),
        )?;
        if to == "suspense"
            && let Some(intent) = self.intents.get_mut(&payment.intent)
        {
            ensure(
                intent.amount != payment.amount,
                "a payment that fits is never in suspense",
                || format!("{payment:?} for {intent:?}"),
            )?;
            intent.in_review.insert(id.to_owned());
        }
        expected.legs.add(from, PROVIDER, &payment.currency, payment.amount);
        expected.legs.add(to, PROVIDER, &payment.currency, -payment.amount);
        Ok(())
    }
}
