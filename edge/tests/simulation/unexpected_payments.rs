//! Unexpected payments: late, with another amount, for an order that is not ours, or a second time.

use edge::provider::{Message, SignedMessage};

use super::actions::Answer;
use super::world::{Ctx, World};

/// The message about the second payment of an order: an event of its own.
pub async fn second_message(ctx: &Ctx<'_>, order: &str) -> Option<SignedMessage> {
    let message = ctx.provider.sandbox.message(order, ctx.now).await.ok()??;
    let mut message: Message = serde_json::from_str(&message.body).ok()?;
    message.event_id.push_str("_again");
    ctx.provider.sandbox.sign(&message, ctx.now).ok()
}

impl World {
    /// The provider receives money for an order in any state.
    pub async fn receive_late(&self, ctx: &Ctx<'_>, number: u32, more: i64) -> Answer {
        let Some(order) = self.order_of(number) else { return Answer::Nothing };
        let taken = format!(
            "UPDATE sandbox_order SET state = 'paid', transaction_id = 'late-' || number,
               paid_at = {}, paid_minor = max(1, amount_minor + {more})
             WHERE number = '{order}' AND state <> 'paid'",
            ctx.now.ms(),
        );
        self.provider.raw(&taken).expect("the provider's database accepts it");
        match ctx.provider.sandbox.message(&order, ctx.now).await {
            Ok(message) => Answer::Messages(message.into_iter().collect()),
            Err(_) => Answer::Nothing,
        }
    }

    /// Whether the provider can receive money for an attempt a second time without confusing it
    /// with the first payment: the first has been paid out and confirmed by a bill, and the provider
    /// has not sent the transfer back, which we may not know yet.
    pub fn is_paid_for_good(&self, number: u32) -> bool {
        let model = &self.model;
        let praise = self.intent_of(number).and_then(|intent| model.praise_of.get(&intent));
        let Some(id) = praise else { return false };
        let praise = &model.praises[id];
        let payment = &model.payments[&praise.payment];
        let is_sent_back = model.parts.iter().any(|(transfer, part)| {
            let sent = model.provider_records.transfers.get(transfer);
            part.praises.contains(id) && sent.is_some_and(|sent| sent.state == "sent_back")
        });
        praise.state == "paid_out" && model.is_confirmed(&payment.transaction) && !is_sent_back
    }

    /// Whether a praise in this transfer was paid twice. The provider keeps only the last payment of
    /// an order, so it can no longer refund the first one.
    pub fn was_any_paid_twice(&self, transfer: &str) -> bool {
        let model = &self.model;
        model.parts.get(transfer).is_some_and(|part| {
            part.praises.iter().any(|praise| {
                let order = &model.intents[&model.praises[praise].intent].order;
                let known = model.provider_records.orders.get(order);
                known.is_some_and(|order| order.transaction.starts_with("twice-"))
            })
        })
    }

    /// The provider receives the same amount for an order again.
    pub async fn receive_twice(&self, ctx: &Ctx<'_>, number: u32) -> Answer {
        let Some(order) = self.order_of(number).filter(|_| self.is_paid_for_good(number)) else {
            return Answer::Nothing;
        };
        let taken = format!(
            "UPDATE sandbox_order SET transaction_id = 'twice-' || number, paid_at = {},
               paid_minor = amount_minor
             WHERE number = '{order}' AND state = 'paid' AND transaction_id NOT LIKE 'twice-%'",
            ctx.now.ms(),
        );
        self.provider.raw(&taken).expect("the provider's database accepts it");
        let message = second_message(ctx, &order).await;
        message.map_or(Answer::Nothing, |message| Answer::Messages(vec![message]))
    }

    /// The provider receives money for an order that we never created.
    pub async fn receive_unknown(&self, ctx: &Ctx<'_>, minor: i64) -> Answer {
        let number = ctx.id(shared::id::Kind::Order);
        let taken = format!(
            "INSERT INTO sandbox_order (number, request, amount_minor, currency, payee, description,
               return_url, expires_at, state, transaction_id, paid_at, paid_minor)
             VALUES ('{number}', '', {minor}, 'CNY', '', '', '/', 0, 'paid', 'strange-{number}', {},
               {minor})",
            ctx.now.ms(),
        );
        self.provider.raw(&taken).expect("the provider's database accepts it");
        match ctx.provider.sandbox.message(&number, ctx.now).await {
            Ok(message) => Answer::Messages(message.into_iter().collect()),
            Err(_) => Answer::Nothing,
        }
    }
}
