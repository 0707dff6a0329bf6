//! An order that the provider refused for one request and created for another one: the attempt has
//! ended here, but the order exists.

use edge::provider::PaymentProvider;
use edge::provider::sandbox::cashier::CashierAction;
use shared::money::Currency;

use crate::support::people::Fixture;

/// An attempt that was declined although the provider has its order. Returns the intent's id.
fn refused_and_created(fixture: &Fixture) -> String {
    let Fixture { world, article, reader, .. } = fixture;
    world.inject_provider_fault("create_order", "refused", 1);
    let intent_id = world.start_praise(reader, article, 1000);
    assert_eq!(world.state_of(&intent_id), "declined");
    assert_eq!(world.reserved(&reader.id), 0);
    let body = world.text("SELECT body FROM outbox");
    world.run(async |ctx| ctx.provider.create_order(&body, ctx.now).await.unwrap());
    intent_id
}

#[test]
fn its_payment_is_found_without_a_message() {
    let fixture = Fixture::new(Currency::Cny);
    let intent_id = refused_and_created(&fixture);
    let Fixture { world, reader, .. } = &fixture;
    assert_eq!(world.at_cashier(&intent_id, CashierAction::Pay).len(), 1);
    world.advance_minutes(31);
    assert_eq!(world.state_of(&intent_id), "paid");
    assert_eq!((world.count("praise"), world.reserved(&reader.id)), (1, 1000));
    assert_eq!(world.count("job WHERE kind = 'poll_order' AND done_at IS NULL"), 0);
}

#[test]
fn an_unpaid_order_is_closed_at_the_provider() {
    for silent in [0, 3] {
        let fixture = Fixture::new(Currency::Usd);
        let intent_id = refused_and_created(&fixture);
        let Fixture { world, .. } = &fixture;
        world.inject_provider_fault("query_order", "lost", silent);
        world.advance_minutes(60);
        assert_eq!(world.state_of(&intent_id), "declined");
        let orders = world.sandbox.query("SELECT state FROM sandbox_order");
        assert_eq!(orders[0]["state"], "closed");
        assert_eq!(world.count("job WHERE kind = 'poll_order' AND done_at IS NULL"), 0);
    }
}

#[test]
fn a_refused_repetition_of_a_closed_order_is_expired_and_not_declined() {
    let Fixture { world, article, reader, .. } = Fixture::new(Currency::Cny);
    world.inject_provider_fault("create_order", "reply_lost", 1);
    let intent_id = world.start_praise(&reader, &article, 1000);
    let order_id = world.order_of(&intent_id);
    // The provider closes the order, and nothing has run here since.
    world.run(async |ctx| ctx.provider.close_order(&order_id, ctx.now).await.unwrap());
    world.set_now(world.now().plus_minutes(31));
    world.run(async |ctx| edge::payments::praise::order::resume(ctx, &order_id).await.unwrap());
    assert_eq!(world.state_of(&intent_id), "expired");
    world.advance_minutes(1);
}
