//! Disputes, and the movements that bills confirm.

use std::collections::HashMap;

use super::rows::Row;
use super::{CheckResult, Expected, Model, ensure};

const PROVIDER: &str = "sandbox";

/// A dispute.
#[derive(Clone, Debug, Default)]
pub struct Dispute {
    /// The provider's number.
    pub number: String,
    /// The payment's id.
    pub payment: String,
    /// Its state.
    pub state: String,
    /// When its state last changed.
    pub state_at: i64,
    /// The ledger account and owner that bear the loss, if it was lost.
    pub pays: Option<(String, String)>,
}

/// A dispute in the provider's records.
#[derive(Clone, Debug)]
pub struct BankDispute {
    /// The transaction id of the payment.
    pub transaction: String,
    /// The amount in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// `open`, `won` or `lost`.
    pub state: String,
}

/// The provider's disputes by number.
pub type BankDisputes = HashMap<String, BankDispute>;

impl Model {
    pub(super) fn dispute_inserted(&mut self, row: Row<'_>) -> CheckResult {
        let dispute =
            Dispute { number: row.string(2), payment: row.string(3), ..Dispute::default() };
        let truth = self.provider_records.disputes.get(&dispute.number);
        let payment = self.payments.get(&dispute.payment);
        let fits = payment.is_some_and(|payment| {
            payment.amount == row.int(4)
                && truth.is_some_and(|truth| {
                    truth.transaction == payment.transaction && truth.amount == payment.amount
                })
        });
        ensure(fits, "a dispute matches the provider's record", || {
            format!("{dispute:?} of {payment:?}, at the bank {truth:?}")
        })?;
        self.disputes.insert(row.string(1), dispute);
        Ok(())
    }

    pub(super) fn dispute_transition(
        &mut self,
        id: &str,
        to: &str,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        if let Some(dispute) = self.disputes.get_mut(id) {
            dispute.state_at = now;
        }
        let dispute = self.disputes[id].clone();
        let payment = self.payments[&dispute.payment].clone();
        let (amount, code) = (payment.amount, payment.currency.as_str());
        let truth = self.provider_records.disputes.get(&dispute.number);
        ensure(
            to == "open" || truth.is_some_and(|truth| truth.state == to),
            "a dispute ends as the bank decides",
            || format!("{dispute:?} to {to}, at the bank {truth:?}"),
        )?;
        match to {
            "open" => {
                expected.legs.add("dispute_clearing", PROVIDER, code, amount);
                expected.legs.add("provider_unsettled", PROVIDER, code, -amount);
            }
            "won" => {
                expected.legs.add("dispute_clearing", PROVIDER, code, -amount);
                expected.legs.add("provider_unsettled", PROVIDER, code, amount);
            }
            _ => {
                expected.legs.add("dispute_clearing", PROVIDER, code, -amount);
                if let Some((account, owner)) = self.loss_account(&dispute.payment) {
                    expected.legs.add(&account, &owner, code, amount);
                    if account == "suspense"
                        && let Some(intent) = self.intents.get_mut(&payment.intent)
                    {
                        intent.in_review.remove(&dispute.payment);
                    }
                    if let Some(dispute) = self.disputes.get_mut(id) {
                        dispute.pays = Some((account, owner));
                    }
                }
            }
        }
        Ok(())
    }

    /// The account that bears the loss of a payment that a bank has taken for good; `None` if it is
    /// the writer whose praise was set aside, because the praise's own transition books that.
    fn loss_account(&self, payment_id: &str) -> Option<(String, String)> {
        let payment = &self.payments[payment_id];
        let intent = self.praise_of.get(&payment.intent);
        let praise = intent
            .map(|praise| &self.praises[praise])
            .filter(|praise| praise.payment == payment_id);
        let pays = |account: &str, owner: &str| Some((account.to_owned(), owner.to_owned()));
        match praise.map(|praise| (praise.state.as_str(), praise)) {
            Some(("in_payout" | "paid_out", praise)) => pays("writer_debt", &praise.account),
            Some(("returning" | "returned", _)) => pays("operator_loss", "operator"),
            None if payment.fate == "return" => pays("operator_loss", "operator"),
            None => pays("suspense", PROVIDER),
            Some(_) => None,
        }
    }

    /// Whether a bank has returned this payment for good.
    pub(super) fn bank_gave_back(&self, payment_id: &str) -> bool {
        let mut all = self.disputes.values();
        all.any(|dispute| dispute.payment == payment_id && dispute.state == "lost")
    }

    /// Forgets who bears the loss of a payment, because nobody holds the money any more. Returns
    /// whether a bank has returned the payment.
    pub(super) fn release_loss(&mut self, payment_id: &str) -> bool {
        let mut all = self.disputes.values_mut();
        let lost = all.find(|one| one.payment == payment_id && one.state == "lost");
        lost.map(|dispute| dispute.pays = None).is_some()
    }

    /// A bill row that confirms a movement.
    pub(super) fn bill_row(&mut self, row: Row<'_>, expected: &mut Expected) -> CheckResult {
        let (kind, number, code) = (row.string(1), row.string(2), row.text(3));
        let (amount, fee) = (row.int(4), row.int(5));
        match row.text(6) {
            "matched" => {}
            "explained" => {
                self.settle(code, amount, fee, expected);
                return Ok(());
            }
            _ => return Ok(()),
        }
        let really = match kind.as_str() {
            "payment" => self.provider_records.payments.get(&number).map(|taken| taken.amount),
            "refund" => self.refunds.get(&number).map(|r| -self.payments[&r.payment].amount),
            "payout" => self.provider_records.transfers.get(&number).map(|sent| -sent.amount),
            "payout_returned" => {
                let back = self.provider_records.transfers.get(&number);
                back.filter(|sent| sent.state == "sent_back").map(|sent| sent.amount)
            }
            "dispute" => self.provider_records.disputes.get(&number).map(|dispute| -dispute.amount),
            "dispute_won" => {
                self.provider_records.disputes.get(&number).map(|dispute| dispute.amount)
            }
            _ => None,
        };
        ensure(really == Some(amount), "a bill row confirms a real movement", || {
            format!("{:?}, moved {really:?}", row.0)
        })?;
        let once = self.matched.insert((kind, number));
        ensure(once, "a movement is confirmed once", || format!("{:?}", row.0))?;
        self.settle(code, amount, fee, expected);
        Ok(())
    }

    /// Settles money that a bill has confirmed, with its fee.
    fn settle(&mut self, code: &str, amount: i64, fee: i64, expected: &mut Expected) {
        for legs in [&mut expected.legs, &mut self.settled] {
            legs.add("provider_unsettled", PROVIDER, code, -amount);
            legs.add("provider_settled", PROVIDER, code, amount - fee);
            legs.add("provider_fee", PROVIDER, code, fee);
        }
    }

    /// Two operators have explained a difference: what the bill lacks is posted as a fee, or as a
    /// loss of the operator.
    pub(super) fn explained(&mut self, row: Row<'_>, expected: &mut Expected) -> CheckResult {
        let (posting, amount) = (row.text(2), row.int(3));
        let (account, owner) = match posting {
            "operator_loss" => ("operator_loss", "operator"),
            posting => {
                let fee = posting == "provider_fee";
                ensure(fee, "operators explain by fees and losses", || posting.to_owned())?;
                ("provider_fee", PROVIDER)
            }
        };
        let code = self.differences[row.text(1)].clone();
        for legs in [&mut expected.legs, &mut self.settled] {
            legs.add("provider_unsettled", PROVIDER, &code, -amount);
            legs.add(account, owner, &code, amount);
        }
        Ok(())
    }

    /// Whether a bill has confirmed a payment.
    pub fn is_confirmed(&self, transaction: &str) -> bool {
        self.matched.contains(&("payment".to_owned(), transaction.to_owned()))
    }

    pub(super) fn bank_wrote(&mut self, row: Row<'_>) {
        let dispute = BankDispute {
            transaction: row.string(2),
            amount: row.int(3),
            currency: row.string(4),
            state: row.string(5),
        };
        self.provider_records.disputes.insert(row.string(1), dispute);
    }
}
