//! The provider's own records, row by row: the truth about money.

use std::collections::HashMap;

use super::rows::Row;
use super::{CheckResult, Model};

/// An order in the provider's records.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// `open`, `paid`, `declined` or `closed`.
    pub state: String,
    /// The transaction id of its payment, once there is one.
    pub transaction: String,
    /// How it ended before a late payment: `declined` or `closed`.
    pub ended: Option<String>,
}

/// A payment that the provider received.
#[derive(Clone, Debug)]
pub struct ReceivedPayment {
    /// The order's number.
    pub order: String,
    /// The amount in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// When it was paid.
    pub paid_at: i64,
    /// The number of the refund that returned it, if any.
    pub refunded_by: Option<String>,
    /// Whether the order was open at the provider when it was paid.
    pub in_time: bool,
}

/// The provider's records.
#[derive(Default)]
pub struct ProviderRecords {
    /// Orders by number.
    pub orders: HashMap<String, Order>,
    /// Payments by the provider's transaction id.
    pub payments: HashMap<String, ReceivedPayment>,
    /// The states of refunds, by our number.
    pub refunds: HashMap<String, String>,
    /// Disputes by the provider's number.
    pub disputes: super::disputes::BankDisputes,
    /// Transfers to cards, by our number.
    pub transfers: super::payouts::Transfers,
}

impl Model {
    pub(super) fn provider_wrote(&mut self, row: Row<'_>) -> CheckResult {
        match row.table() {
            "sandbox_order" => {
                let number = row.string(1);
                let before =
                    self.provider_records.orders.get(&number).map(|order| order.state.clone());
                let ended = before.clone().filter(|state| state == "declined" || state == "closed");
                let order = Order { state: row.string(2), transaction: row.string(3), ended };
                // An order may be paid a second time.
                if order.state == "paid"
                    && !self.provider_records.payments.contains_key(&order.transaction)
                {
                    let taken = ReceivedPayment {
                        order: number.clone(),
                        amount: row.int(4),
                        currency: row.string(5),
                        paid_at: row.int(6),
                        refunded_by: None,
                        in_time: before.as_deref() == Some("open"),
                    };
                    self.provider_records.payments.insert(order.transaction.clone(), taken);
                }
                self.provider_records.orders.insert(number, order);
                Ok(())
            }
            "sandbox_refund" => self.provider_refunds(row),
            "sandbox_dispute" => {
                self.bank_wrote(row);
                Ok(())
            }
            "sandbox_payout" => self.provider_transfers(row),
            _ => Ok(()),
        }
    }
}
