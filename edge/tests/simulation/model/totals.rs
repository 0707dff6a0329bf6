//! Checks of the totals: regularly, and at the end when nothing is pending.

use super::rows::Legs;
use super::{CheckResult, Model, ensure};

const PROVIDER: &str = "sandbox";

impl Model {
    /// Requires every ledger balance to equal the sum of the records behind it.
    pub fn check_balances(&self) -> CheckResult {
        self.check_freezes()?;
        let mut expected = self.settled.clone();
        for praise in self.praises.values() {
            let (code, amount) = (praise.currency.code(), praise.amount);
            let writer = if praise.matured { "writer_due" } else { "writer_held" };
            match praise.state.as_str() {
                "held" | "due" | "frozen" => expected.add(writer, &praise.account, code, -amount),
                "disputed" => expected.add("writer_disputed", &praise.account, code, -amount),
                "returning" => expected.add("returning", PROVIDER, code, -amount),
                _ => {}
            }
        }
        for part in self.parts.values().filter(|part| !part.is_released()) {
            let payout = &self.payouts[&part.payout];
            let net = part.gross - part.debt;
            expected.add("writer_debt", &payout.account, &payout.currency, -part.debt);
            match part.state.as_str() {
                "succeeded" => expected.add("provider_unsettled", PROVIDER, &payout.currency, -net),
                _ => expected.add("paying_out", &payout.account, &payout.currency, -net),
            }
        }
        for dispute in self.disputes.values() {
            let payment = &self.payments[&dispute.payment];
            let (amount, code) = (payment.amount, payment.currency.as_str());
            if dispute.state != "won" {
                expected.add("provider_unsettled", PROVIDER, code, -amount);
            }
            if dispute.state == "open" {
                expected.add("dispute_clearing", PROVIDER, code, amount);
            }
            if let Some((account, owner)) = &dispute.pays {
                expected.add(account, owner, code, amount);
            }
        }
        for (id, payment) in &self.payments {
            let (amount, code) = (payment.amount, payment.currency.as_str());
            expected.add("provider_unsettled", PROVIDER, code, amount);
            let refund =
                self.open_refunds.get(id).map(|refund| self.refunds[refund].state.as_str());
            match (payment.fate.as_str(), refund) {
                (_, Some("succeeded")) => {
                    expected.add("provider_unsettled", PROVIDER, code, -amount)
                }
                ("suspense", _) => expected.add("suspense", PROVIDER, code, -amount),
                // The bank returned it first.
                ("return", Some("closed")) if self.bank_gave_back(id) => {}
                ("return", _) => expected.add("returning", PROVIDER, code, -amount),
                _ => {}
            }
        }
        ensure(expected == self.balances, "every ledger balance equals its records", || {
            format!("ledger {:?}, records {:?}", self.balances.0, expected.0)
        })
    }

    /// Requires that nothing is pending and every cent that the provider received is accounted for.
    pub fn check_settled(&self) -> CheckResult {
        self.check_raises()?;
        for (id, intent) in &self.intents {
            ensure(intent.state != "awaiting_payment", "no attempt waits for ever", || {
                format!("{id}: {intent:?}")
            })?;
        }
        for (id, refund) in &self.refunds {
            ensure(
                matches!(refund.state.as_str(), "succeeded" | "closed"),
                "no refund is on its way for ever",
                || format!("{id}: {refund:?}"),
            )?;
        }
        for (id, part) in &self.parts {
            ensure(
                part.state == "succeeded" || part.is_released(),
                "no transfer is on its way for ever",
                || format!("{id}: {part:?}"),
            )?;
        }
        for (id, praise) in &self.praises {
            ensure(
                matches!(praise.state.as_str(), "paid_out" | "returned" | "lost"),
                "every praise reaches its writer or its reader",
                || format!("{id}: {praise:?}"),
            )?;
        }
        for (transaction, taken) in &self.provider_records.payments {
            ensure(
                self.booked.contains_key(transaction),
                "every payment that the provider received is booked",
                || format!("{transaction}: {taken:?}"),
            )?;
        }
        let mut really = Legs::default();
        for taken in
            self.provider_records.payments.values().filter(|taken| taken.refunded_by.is_none())
        {
            really.add("money", PROVIDER, &taken.currency, taken.amount);
        }
        for sent in
            self.provider_records.transfers.values().filter(|sent| sent.state == "succeeded")
        {
            really.add("money", PROVIDER, &sent.currency, -sent.amount);
        }
        for taken in
            self.provider_records.disputes.values().filter(|dispute| dispute.state != "won")
        {
            really.add("money", PROVIDER, &taken.currency, -taken.amount);
        }
        let mut ours = Legs::default();
        for ((account, _, code), amount) in &self.balances.0 {
            if account.starts_with("provider_") {
                ours.add("money", PROVIDER, code, *amount);
            }
        }
        ensure(really == ours, "the provider's balance equals our ledger", || {
            format!("provider {:?}, books {:?}", really.0, ours.0)
        })
    }

    /// Payments that were made in time and are not booked yet.
    pub fn unbooked_in_time(&self) -> Vec<String> {
        let unbooked = self.provider_records.payments.iter();
        let unbooked =
            unbooked.filter(|(id, taken)| taken.in_time && !self.booked.contains_key(*id));
        unbooked.map(|(id, taken)| format!("{id}: {taken:?}")).collect()
    }
}
