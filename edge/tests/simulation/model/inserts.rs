//! Inserted rows: what must hold when a row is created.

use std::collections::BTreeSet;

use shared::money::Currency;

use super::rows::Row;
use super::{
    CheckResult, Expected, Intent, Model, Payment, Praise, Refund, Violation, ensure,
    specification, violation,
};

pub(super) fn currency(code: &str) -> Result<Currency, Violation> {
    match Currency::from_code(code) {
        Some(currency) => Ok(currency),
        None => violation("a currency is known", code),
    }
}

impl Model {
    pub(super) fn row_inserted(
        &mut self,
        row: Row<'_>,
        now: i64,
        expected: &mut Expected,
    ) -> CheckResult {
        match row.table() {
            "intent" => self.intent_inserted(row, now, expected),
            "idempotency" => {
                let key = (row.string(1), row.string(2));
                let before = self.keys.insert(key, row.string(3));
                ensure(before.is_none(), "a key starts one attempt", || format!("{before:?}"))
            }
            "provider_order" => {
                let intent = row.string(2);
                if let Some(known) = self.intents.get_mut(&intent) {
                    known.order = row.string(1);
                }
                self.orders.insert(row.string(1), (intent, String::new()));
                Ok(())
            }
            "payment" if row.0.len() == 4 => self.suspense_explained(row, expected),
            "payment" => self.payment_inserted(row, expected),
            "freeze" | "article" | "operator_action" => self.freeze_row(row),
            "person" => self.link_persons(row),
            "bank_card" => {
                if let Some(account) = self.accounts.get_mut(row.text(1)) {
                    account.card = (row.int(2) == 0).then(|| row.string(3));
                }
                Ok(())
            }
            "praise" => self.praise_inserted(row, now, expected),
            "policy" => self.policy_inserted(row, now),
            "reader_limit" => self.own_limit_row(row, now),
            "invitation" => self.invitation_row(row, now),
            "official_account" => {
                self.account_row(row);
                Ok(())
            }
            "global_stop" => {
                self.stopped = row.0.len() > 2;
                Ok(())
            }
            "operator_audit" if row.text(1) == "debt.write_off" => {
                self.written_off(row.text(2), now, expected)
            }
            "refund" => self.refund_inserted(row, expected),
            "dispute" => self.dispute_inserted(row),
            "bill_row" => self.bill_row(row, expected),
            "bill_difference" => {
                self.differences.insert(row.string(1), row.string(2));
                Ok(())
            }
            "bill_explanation" if row.0.len() > 4 => self.explained(row, expected),
            "payout" | "payout_part" | "payout_line" | "payee_day" => {
                self.payout_row(row, now, expected)
            }
            _ => Ok(()),
        }
    }

    /// Everything that must hold when an attempt starts.
    fn intent_inserted(&mut self, row: Row<'_>, now: i64, expected: &mut Expected) -> CheckResult {
        let currency = currency(row.text(6))?;
        let intent = Intent {
            person: row.string(2),
            article: row.string(3),
            account: row.string(4),
            amount: row.int(5),
            currency,
            day: row.string(7),
            state: String::new(),
            expires_at: row.int(9),
            order: String::new(),
            cancel_asked: false,
            in_review: BTreeSet::new(),
        };
        let say = |what: &str| format!("{} {what}: {intent:?}", row.text(1));
        let caps = self.caps_at(currency.code(), now);
        let article = self.articles.get(&intent.article);
        let account = self.accounts.get(&intent.account);
        ensure(
            article.is_some_and(|article| article.account == intent.account)
                && account.is_some_and(|account| account.currency == currency),
            "an attempt is for an article of its account",
            || say("is for another"),
        )?;
        let owner = account.map(|account| account.owner.clone()).unwrap_or_default();
        ensure(
            self.human(&owner) != self.human(&intent.person),
            "nobody praises their own article",
            || say("is the writer's"),
        )?;
        ensure(!self.stopped, "nothing starts during the global stop", || say("started"))?;
        ensure(
            self.accepts(&intent.article),
            "only articles that accept praise get attempts",
            || say("started"),
        )?;
        ensure(
            (caps.min..=caps.cap).contains(&intent.amount),
            "an amount is within its bounds",
            || say("has another"),
        )?;
        ensure(
            intent.day == specification::day_text(specification::day(now, currency))
                && row.int(8) == now
                && intent.expires_at == now + specification::ATTEMPT_MS,
            "an attempt counts on the day of its start and expires on time",
            || say("does not"),
        )?;
        ensure(
            self.open_at_start(&intent, &owner, now),
            "an attempt starts only with room for a full praise",
            || say("started"),
        )?;
        ensure(
            self.waiting(&intent.person) < specification::OPEN_INTENTS,
            "a person has at most five open attempts",
            || say("started"),
        )?;
        let key = ("reader", intent.person.clone(), row.string(6), intent.day.clone());
        let own = self.own_limit(&intent.person, currency.code(), "praise");
        ensure(
            own.is_none_or(|limit| intent.amount <= limit),
            "no reader's own limit is exceeded",
            || say("started"),
        )?;
        self.room(expected, key, intent.amount, now);
        self.intents.insert(row.string(1), intent);
        Ok(())
    }

    /// Whether the article and the writer have room for one full praise on the day of the start.
    fn open_at_start(&self, intent: &Intent, owner: &str, now: i64) -> bool {
        let caps = self.caps_at(intent.currency.code(), now);
        let code = intent.currency.code().to_owned();
        let article = ("article", intent.article.clone(), code.clone(), intent.day.clone());
        let writer = ("writer", owner.to_owned(), code, intent.day.clone());
        self.room_of(&article, now).0 + caps.cap <= caps.article
            && self.room_of(&writer, now).0 + caps.cap <= caps.writer
    }

    /// A payment is booked only if the provider received it, and only once.
    fn payment_inserted(&mut self, row: Row<'_>, expected: &mut Expected) -> CheckResult {
        let payment = Payment {
            transaction: row.string(2),
            amount: row.int(5),
            currency: row.string(6),
            fate: row.string(8),
            intent: row.string(4),
        };
        let truth = self.provider_records.payments.get(&payment.transaction);
        let real = truth.is_some_and(|taken| {
            taken.order == row.text(3)
                && taken.amount == payment.amount
                && taken.currency == payment.currency
                && taken.paid_at == row.int(7)
        });
        ensure(real, "a payment is booked as the provider received it", || {
            format!("booked {payment:?}, taken {truth:?}")
        })?;
        let ended = self.intents.get(&payment.intent).map(|intent| intent.state.as_str());
        ensure(
            payment.fate != "praise" || !matches!(ended, Some("paid" | "returned")),
            "a second payment is only returned",
            || format!("{payment:?}"),
        )?;
        if matches!(ended, Some("paid" | "returned")) {
            let fate = payment.fate.clone();
            self.count_transition("payment", "second", &fate);
        }
        let twice = self.booked.insert(payment.transaction.clone(), row.string(1));
        ensure(twice.is_none(), "a payment is booked once", || {
            format!("{payment:?} and {twice:?}")
        })?;
        expected.payments.push(row.string(1));
        self.payments.insert(row.string(1), payment);
        Ok(())
    }

    /// A payment in suspense is explained: it is returned or assigned to an attempt.
    fn suspense_explained(&mut self, row: Row<'_>, expected: &mut Expected) -> CheckResult {
        let Some(payment) = self.payments.get_mut(row.text(1)) else {
            return violation("a payment is known", row.text(1));
        };
        let before = std::mem::replace(&mut payment.fate, row.string(2));
        let thought = std::mem::replace(&mut payment.intent, row.string(3));
        let payment = payment.clone();
        if before == payment.fate {
            return Ok(());
        }
        ensure(before == "suspense", "the fate of a payment is final", || {
            format!("{payment:?} was {before}")
        })?;
        if let Some(intent) = self.intents.get_mut(&thought) {
            intent.in_review.remove(row.text(1));
        }
        expected.explained.push(row.string(1));
        Ok(())
    }

    /// Two persons are linked to one human.
    fn link_persons(&mut self, row: Row<'_>) -> CheckResult {
        let (id, human) = (row.text(1), row.string(2));
        if !human.is_empty()
            && let Some(person) = self.persons.get_mut(id)
        {
            person.human = human;
        }
        Ok(())
    }

    /// A praise matches its attempt and has the correct due date.
    fn praise_inserted(&mut self, row: Row<'_>, now: i64, expected: &mut Expected) -> CheckResult {
        let (id, intent_id, payment_id) = (row.string(1), row.string(2), row.string(3));
        let currency = currency(row.text(8))?;
        let (paid_at, undo_until, due_at) = (row.int(10), row.int(12), row.int(13));
        let intent = self.intents.get(&intent_id);
        let same = intent.is_some_and(|intent| {
            intent.person == row.text(4)
                && intent.article == row.text(5)
                && intent.account == row.text(6)
                && intent.amount == row.int(7)
                && intent.currency == currency
        });
        ensure(same, "a praise matches its attempt", || format!("{:?} for {intent:?}", row.0))?;
        let day = specification::day_text(specification::day(paid_at, currency));
        let rules = self.caps_at(currency.code(), paid_at);
        ensure(
            row.int(11) == now
                && undo_until == now + rules.undo_ms
                && due_at == specification::due(paid_at, currency, rules.hold_days).max(undo_until)
                && row.text(9) == day,
            "a praise has the correct day, undo window and due date",
            || format!("{:?} at {now}", row.0),
        )?;
        let praise = Praise {
            intent: intent_id.clone(),
            payment: payment_id,
            account: row.string(6),
            amount: row.int(7),
            currency,
            state: String::new(),
            due_at,
            claimed_at: 0,
            undo_until,
            paid_day: day.clone(),
            matured: false,
            reason: String::new(),
        };
        let frozen = self.articles.get(row.text(5)).is_some_and(|article| article.frozen);
        ensure(!frozen, "a frozen article receives nothing", || format!("{praise:?}"))?;
        let owner = self.accounts.get(&praise.account).map(|account| account.owner.clone());
        let owner = owner.unwrap_or_default();
        let code = currency.code().to_owned();
        let article = ("article", row.string(5), code.clone(), day.clone());
        self.room(expected, article, praise.amount, paid_at);
        self.room(expected, ("writer", owner, code, day), praise.amount, paid_at);
        self.last_income.insert(praise.account.clone(), now);
        let twice = self.praise_of.insert(intent_id, id.clone());
        ensure(twice.is_none(), "an attempt becomes one praise", || format!("{id} and {twice:?}"))?;
        expected.praises.push(id.clone());
        self.praises.insert(id, praise);
        Ok(())
    }

    fn refund_inserted(&mut self, row: Row<'_>, expected: &mut Expected) -> CheckResult {
        let (id, payment) = (row.string(1), row.string(2));
        let whole = self.payments.get(&payment);
        ensure(
            whole.is_some_and(|whole| whole.amount == row.int(5) && whole.currency == row.text(6)),
            "a refund is the whole payment",
            || format!("{:?} of {whole:?}", row.0),
        )?;
        ensure(
            !self.bank_gave_back(&payment),
            "a payment that a bank returned is not refunded",
            || format!("{:?}", row.0),
        )?;
        let replaced = row.text(4);
        let before = self.open_refunds.insert(payment.clone(), id.clone());
        ensure(
            before.is_none() || before.as_deref() == Some(replaced),
            "a payment has at most one open refund",
            || format!("{id} and {before:?}"),
        )?;
        if let Some(before) = before {
            expected.replaced.push(before);
        }
        expected.refunds.push(payment.clone());
        self.refunds.insert(id, Refund { payment, state: String::new() });
        Ok(())
    }
}
