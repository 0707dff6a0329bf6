//! Payouts: what is claimed, what is sent, and what the card really received.

use std::collections::HashMap;

use super::rows::Row;
use super::{CheckResult, Expected, Model, ensure, violation};

const PROVIDER: &str = "sandbox";

/// A payout.
#[derive(Clone, Debug, Default)]
pub struct Payout {
    /// The account's id.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// Its state.
    pub state: String,
    /// The card that it goes to; empty while it waits.
    pub card: String,
}

/// A transfer of a payout.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The payout's id.
    pub payout: String,
    /// The sum of its praises.
    pub gross: i64,
    /// The debt that is netted from it.
    pub debt: i64,
    /// Its state.
    pub state: String,
    /// The ids of its praises.
    pub praises: Vec<String>,
}

impl Part {
    /// Whether its praises are due again.
    pub fn is_released(&self) -> bool {
        matches!(self.state.as_str(), "failed" | "dropped" | "sent_back")
    }
}

/// A transfer in the provider's records.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The amount in minor units.
    pub amount: i64,
    /// The currency.
    pub currency: String,
    /// `processing`, `awaiting_confirmation`, `succeeded`, `failed` or `sent_back`.
    pub state: String,
}

/// The provider's transfers by number.
pub type Transfers = HashMap<String, Transfer>;

impl Model {
    pub(super) fn payout_row(
        &mut self,
        row: Row<'_>,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        match row.table() {
            "payout" if self.payouts.contains_key(row.text(1)) => {
                if let Some(payout) = self.payouts.get_mut(row.text(1)) {
                    payout.card = row.string(5);
                }
            }
            "payout" => {
                let (account, currency) = (row.string(2), row.string(3));
                let fits = self.accounts.get(&account).map(|account| account.currency.code());
                ensure(fits == Some(&currency), "a payout is in its account's currency", || {
                    format!("{:?}", row.0)
                })?;
                self.last_income.insert(account.clone(), now);
                let payout =
                    Payout { account, currency, state: String::new(), card: row.string(5) };
                self.payouts.insert(row.string(1), payout);
            }
            "payout_part" => {
                let part = Part {
                    payout: row.string(2),
                    gross: row.int(3),
                    debt: row.int(4),
                    ..Part::default()
                };
                self.parts.insert(row.string(1), part);
            }
            "payout_line" => {
                let (part, praise) = (row.string(1), row.string(2));
                let account = self.parts.get(&part).and_then(|part| self.payouts.get(&part.payout));
                let fits = self.praises.get(&praise).is_some_and(|praise| {
                    praise.amount == row.int(3)
                        && account.is_some_and(|payout| payout.account == praise.account)
                });
                ensure(fits, "a payout line is a whole praise of its account", || {
                    format!("{:?}", row.0)
                })?;
                if let Some(part) = self.parts.get_mut(&part) {
                    part.praises.push(praise.clone());
                }
                expected.lines.push((part, praise));
            }
            _ => {
                ensure(row.int(4) <= row.int(5), "a payee's day is within its limit", || {
                    format!("{:?}", row.0)
                })?;
            }
        }
        Ok(())
    }

    pub(super) fn transfer_transition(
        &mut self,
        id: &str,
        to: &str,
        expected: &mut Expected,
    ) -> CheckResult {
        let part = self.parts[id].clone();
        let payout = &self.payouts[&part.payout];
        let (code, account) = (payout.currency.as_str(), payout.account.as_str());
        let net = part.gross - part.debt;
        let truth = self.provider_records.transfers.get(id);
        let say = || format!("{id} to {to}, the provider says {truth:?}: {part:?}");
        let sign = match to {
            "queued" => {
                let lines: i64 = part.praises.iter().map(|id| self.praises[id].amount).sum();
                ensure(
                    lines == part.gross && (0..=part.gross).contains(&part.debt),
                    "a transfer is the sum of its lines",
                    say,
                )?;
                1
            }
            "sent" => {
                let to = &self.accounts[account];
                ensure(!to.suspended, "nothing leaves to a suspended account", say)?;
                ensure(
                    to.card.as_ref() == Some(&payout.card),
                    "nothing leaves to a removed card",
                    say,
                )?;
                let frozen = part.praises.iter().any(|id| {
                    let praise = &self.praises[id];
                    self.is_frozen(praise) && !self.bank_gave_back(&praise.payment)
                });
                ensure(!frozen, "nothing leaves for a frozen article", say)?;
                0
            }
            "failed" => {
                let failed = truth.is_some_and(|transfer| transfer.state == "failed");
                ensure(failed, "failed only when the provider reports it", say)?;
                -1
            }
            "dropped" => {
                ensure(truth.is_none(), "dropped only before it was sent", say)?;
                -1
            }
            "sent_back" => {
                let back = truth.is_some_and(|transfer| transfer.state == "sent_back");
                ensure(back, "sent back only when the provider reports it", say)?;
                expected.legs.add("provider_unsettled", PROVIDER, code, net);
                expected.legs.add("paying_out", account, code, -net);
                -1
            }
            "succeeded" => {
                let really = match net {
                    0 => truth.is_none(),
                    _ => truth.is_some_and(|transfer| {
                        matches!(transfer.state.as_str(), "succeeded" | "sent_back")
                            && transfer.amount == net
                    }),
                };
                ensure(really, "succeeded only when it has reached the card", say)?;
                expected.legs.add("paying_out", account, code, net);
                expected.legs.add("provider_unsettled", PROVIDER, code, -net);
                0
            }
            _ => 0,
        };
        expected.legs.add("writer_due", account, code, sign * part.gross);
        expected.legs.add("writer_debt", account, code, -sign * part.debt);
        expected.legs.add("paying_out", account, code, -sign * net);
        Ok(())
    }

    /// A praise leaves its payout according to the result of its transfer.
    pub(super) fn leaves_payout(&mut self, id: &str, from: &str, to: &str) -> CheckResult {
        let wanted: &[&str] = match (from, to) {
            (_, "paid_out") => &["succeeded"],
            ("in_payout", _) => &["failed", "dropped"],
            _ => &["sent_back"],
        };
        let part = self.parts.iter().find(|(_, part)| {
            wanted.contains(&part.state.as_str()) && part.praises.iter().any(|praise| praise == id)
        });
        let Some((part_id, _)) = part else {
            return violation(
                "a praise leaves its payout with its transfer's result",
                format!("{id} to {to}"),
            );
        };
        let part_id = part_id.clone();
        if to == "due"
            && let Some(part) = self.parts.get_mut(&part_id)
        {
            part.praises.retain(|praise| praise != id);
        }
        Ok(())
    }

    /// The provider transfers only what was stored before, and not more than that.
    pub(super) fn provider_transfers(&mut self, row: Row<'_>) -> CheckResult {
        let number = row.string(1);
        let transfer =
            Transfer { amount: row.int(3), currency: row.string(4), state: row.string(5) };
        let part = self.parts.get(&number);
        ensure(
            part.is_some_and(|part| {
                part.gross - part.debt == transfer.amount
                    && part.state != "queued"
                    && self.payouts[&part.payout].currency == transfer.currency
            }),
            "the provider transfers what we wrote down before",
            || format!("{number} {transfer:?}: {part:?}"),
        )?;
        self.provider_records.transfers.insert(number, transfer);
        Ok(())
    }
}
