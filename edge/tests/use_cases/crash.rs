//! Fault injection for the payment of a praise: every batch of every flow fails once with every
//! kind of fault, in the product's database and in the provider's. Clients retry until they get an
//! answer and jobs do the rest. The result must be the same as without the fault.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use edge::failure::Failure;
use edge::notify::{self, Received};
use edge::praise::order;
use edge::provider::SignedMessage;
use edge::provider::sandbox::cashier::Deed;
use shared::money::Currency;

use crate::world::faulty::{Fault, Faulty};
use crate::world::people::{Account, Article, Person, Stage};
use crate::world::{Ctx, Wish, World};

/// Number of tries after which a client gives up.
const TRIES: usize = 60;

/// Repeats a request until it is answered.
pub fn insist<T>(world: &World, deed: impl AsyncFn(&Ctx<'_>) -> Result<T, Failure>) -> T {
    for _ in 0..TRIES {
        if let Some(Ok(Ok(answer))) = world.request(&deed) {
            return answer;
        }
    }
    panic!("not answered after {TRIES} tries");
}

/// Repeats a start with the same key until there is an intent.
fn insist_on_start(world: &World, wish: &Wish<'_>) -> String {
    insist(world, async |ctx| wish.start(ctx).await)
}

/// Starts a praise and reloads the waiting page until there is a payment URL.
pub fn insist_on_an_order(world: &World, wish: &Wish<'_>) -> String {
    let intent_id = insist_on_start(world, wish);
    let open = format!("provider_order WHERE intent_id = '{intent_id}' AND pay_url IS NOT NULL");
    for _ in 0..TRIES {
        if world.count(&open) == 1 {
            return intent_id;
        }
        live(world, 10);
    }
    panic!("no payment URL after {TRIES} reloads");
}

/// Repeats an action at the cashier until it is answered.
pub fn insist_on_deed(world: &World, intent_id: &str, deed: Deed) -> Vec<SignedMessage> {
    let order_id = world.order_of(intent_id);
    insist(world, async |ctx| Ok(ctx.provider.sandbox.deed(&order_id, deed, ctx.now).await?))
}

/// Repeats a provider's message until it is acknowledged, as the provider does. Whether processing
/// it succeeds does not matter to the provider.
pub fn insist_on_message(world: &World, signed: &SignedMessage) {
    for _ in 0..TRIES {
        let arrived = std::cell::Cell::new(false);
        world.request(async |ctx| {
            let received = notify::receive(ctx, signed).await;
            arrived.set(received.is_ok());
            if let Ok(Received::Stored(message)) = received {
                let _ = notify::process(ctx, &message).await;
            }
        });
        if arrived.get() {
            return;
        }
    }
    panic!("not acknowledged after {TRIES} tries");
}

/// Advances the clock and runs the jobs that fall due; a job may fail or die.
pub fn live(world: &World, seconds: i64) {
    let target = world.now().plus_seconds(seconds);
    for _ in 0..1000 {
        let due = world.number("SELECT coalesce(min(due_at), -1) FROM job WHERE done_at IS NULL");
        if due < 0 || due > target.ms() {
            return world.set_now(target);
        }
        world.set_now(world.now().max(shared::calendar::Moment::from_ms(due)));
        world.request(async |ctx| edge::jobs::run_due(ctx).await);
    }
    panic!("the jobs never finish");
}

/// A reader and an article in a world that is shared by many attempts.
pub struct Scene<'a> {
    /// The shared world.
    pub world: &'a World,
    /// The article to praise.
    pub article: Article,
    /// The reader who gives.
    pub reader: Person,
    /// Balances before the attempt: provider_unsettled, writer_held, returning.
    before: [i64; 3],
}

impl<'a> Scene<'a> {
    fn new(world: &'a World, account: &Account, number: usize) -> Scene<'a> {
        Scene {
            world,
            article: world.article(account, &format!("Snow {number}")),
            reader: world.person(&format!("reader-{number}")),
            before: balances(world),
        }
    }

    /// A request for a praise of ¥10.
    pub fn wish(&self) -> Wish<'_> {
        self.world.wish(&self.reader, &self.article, 1000)
    }

    /// Asserts that nothing is left open, nothing was done twice, and the intent has this state.
    fn ended_as(&self, intent_id: &str, state: &str) {
        let world = self.world;
        let order_id = world.order_of(intent_id);
        assert_eq!(world.state_of(intent_id), state);
        assert_eq!(world.count(&format!("intent WHERE person_id = '{}'", self.reader.id)), 1);
        assert_eq!(world.count(&format!("provider_order WHERE intent_id = '{intent_id}'")), 1);
        assert_eq!(world.busy(), 0);
        assert_eq!(world.count("outbox WHERE done_at IS NULL"), 0);
        assert_eq!(world.count("provider_event WHERE processed_at IS NULL"), 0);
        let (payments, praises, refunds) = match state {
            "paid" => (1, 1, 0),
            "returned" => (1, 0, 1),
            _ => (0, 0, 0),
        };
        assert_eq!(world.count(&format!("payment WHERE order_number = '{order_id}'")), payments);
        assert_eq!(world.count(&format!("praise WHERE intent_id = '{intent_id}'")), praises);
        let refunded = format!(
            "refund JOIN payment ON payment.id = payment_id WHERE order_number = '{order_id}'"
        );
        assert_eq!(world.count(&refunded), refunds);
        assert_eq!(world.count(&format!("{refunded} AND state = 'succeeded'")), refunds);
        let sent_back = world
            .sandbox
            .query(&format!("SELECT number FROM sandbox_refund WHERE order_number = '{order_id}'"));
        assert_eq!(sent_back.len() as i64, refunds);
        let [unsettled, held, returning] = self.before;
        let booked = 1000 * praises;
        assert_eq!(balances(world), [unsettled + booked, held - booked, returning]);
    }
}

fn balances(world: &World) -> [i64; 3] {
    ["provider_unsettled", "writer_held", "returning"].map(|account| world.balance(account))
}

fn praise_by_message(scene: &Scene<'_>) {
    let world = scene.world;
    let wish = scene.wish();
    let intent_id = insist_on_an_order(world, &wish);
    let messages = insist_on_deed(world, &intent_id, Deed::Pay);
    insist_on_message(world, &messages[0]);
    live(world, 3600);
    scene.ended_as(&intent_id, "paid");
    assert_eq!(insist_on_start(world, &wish), intent_id);
    assert_eq!(world.reserved(&scene.reader.id), 1000);
}

fn praise_by_asking(scene: &Scene<'_>) {
    let world = scene.world;
    let intent_id = insist_on_an_order(world, &scene.wish());
    insist_on_deed(world, &intent_id, Deed::Pay);
    live(world, 3600);
    scene.ended_as(&intent_id, "paid");
}

fn frozen_in_between(scene: &Scene<'_>) {
    let world = scene.world;
    let intent_id = insist_on_an_order(world, &scene.wish());
    world.frozen_for_good(&scene.article);
    let messages = insist_on_deed(world, &intent_id, Deed::Pay);
    insist_on_message(world, &messages[0]);
    live(world, 3600);
    scene.ended_as(&intent_id, "returned");
    assert_eq!(world.reserved(&scene.reader.id), 1000);
}

fn declined(scene: &Scene<'_>) {
    let world = scene.world;
    let intent_id = insist_on_an_order(world, &scene.wish());
    let messages = insist_on_deed(world, &intent_id, Deed::Decline);
    insist_on_message(world, &messages[0]);
    live(world, 3600);
    scene.ended_as(&intent_id, "declined");
    assert_eq!(world.reserved(&scene.reader.id), 0);
}

fn cancelled_then_paid(scene: &Scene<'_>) {
    let world = scene.world;
    let intent_id = insist_on_an_order(world, &scene.wish());
    let order_id = world.order_of(&intent_id);
    insist(world, async |ctx| order::cancel(ctx, &order_id).await);
    assert_eq!(world.state_of(&intent_id), "cancelled");
    assert_eq!(world.reserved(&scene.reader.id), 0);
    let report = world.provider_takes(&order_id, &format!("tx-{order_id}"), 1000);
    let event_id = format!("evt-late-{order_id}");
    let message = edge::provider::Message {
        event_id,
        news: edge::provider::News::Order { number: order_id, report },
    };
    let signed = insist(world, async |ctx| Ok(ctx.provider.sandbox.sign(&message, ctx.now)?));
    insist_on_message(world, &signed);
    live(world, 3600);
    scene.ended_as(&intent_id, "returned");
    assert_eq!(world.reserved(&scene.reader.id), 0);
}

fn expired(scene: &Scene<'_>) {
    let world = scene.world;
    let intent_id = insist_on_start(world, &scene.wish());
    // No job has run in the meantime.
    world.set_now(world.now().plus_minutes(30).plus_seconds(-1));
    live(world, 3600);
    // It is declined if the order reached the provider only after it had expired.
    let state = world.state_of(&intent_id);
    assert!(matches!(state.as_str(), "expired" | "declined"), "{state}");
    scene.ended_as(&intent_id, &state);
    assert_eq!(world.reserved(&scene.reader.id), 0);
}

/// A reader who sends one request and leaves, whatever the outcome.
fn pressed_once(scene: &Scene<'_>) {
    let Scene { world, reader, .. } = scene;
    let wish = scene.wish();
    let before = world.everything_but_attempts();
    world.request(async |ctx| wish.start(ctx).await);
    if world.everything_but_attempts() == before {
        return;
    }
    world.set_now(world.now().plus_minutes(30).plus_seconds(-1));
    live(world, 3600);
    let intent_id = world.text(&format!("SELECT id FROM intent WHERE person_id = '{}'", reader.id));
    let state = world.state_of(&intent_id);
    assert!(matches!(state.as_str(), "expired" | "declined"), "{state}");
    scene.ended_as(&intent_id, &state);
    assert_eq!(world.reserved(&reader.id), 0);
}

/// A world with a writer, to be shared by many attempts.
fn stage() -> (World, Account) {
    let Stage { world, account, .. } = Stage::new(Currency::Cny);
    (world, account)
}

/// Runs a flow and prints the position of the fault if it panics.
fn go(way: fn(&Scene<'_>), scene: &Scene<'_>, whereabouts: &str) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| way(scene))) {
        eprintln!("{whereabouts}");
        resume_unwind(panic);
    }
}

/// Runs a flow once for each of its batches in one of the databases and each kind of fault.
pub fn everywhere(way: fn(&Scene<'_>), database: fn(&World) -> &Faulty, at_least: usize) {
    let mut batches = 0;
    for fault in Fault::ALL {
        let (world, account) = stage();
        for ahead in 0.. {
            let scene = Scene::new(&world, &account, ahead);
            database(&world).fail_once(ahead, fault);
            go(way, &scene, &format!("{fault:?} at batch {ahead}"));
            let passed = database(&world).calm();
            world.check();
            if passed {
                break;
            }
            batches = batches.max(ahead + 1);
        }
    }
    assert!(batches >= at_least, "only {batches} batches were reached");
}

pub fn product(world: &World) -> &Faulty {
    &world.product
}

pub fn provider(world: &World) -> &Faulty {
    &world.sandbox
}

#[test]
fn a_praise_booked_by_message_survives_every_fault_of_the_database() {
    everywhere(praise_by_message, product, 7);
}

#[test]
fn a_praise_booked_by_message_survives_every_fault_of_the_provider() {
    everywhere(praise_by_message, provider, 10);
}

#[test]
fn a_praise_booked_by_polling_survives_every_fault_of_the_database() {
    everywhere(praise_by_asking, product, 9);
}

#[test]
fn a_praise_booked_by_polling_survives_every_fault_of_the_provider() {
    everywhere(praise_by_asking, provider, 11);
}

#[test]
fn a_returned_payment_survives_every_fault_of_the_database() {
    everywhere(frozen_in_between, product, 11);
}

#[test]
fn a_returned_payment_survives_every_fault_of_the_provider() {
    everywhere(frozen_in_between, provider, 12);
}

#[test]
fn a_declined_attempt_survives_every_fault_of_the_database() {
    everywhere(declined, product, 7);
}

#[test]
fn a_payment_after_cancelling_survives_every_fault_of_the_database() {
    everywhere(cancelled_then_paid, product, 12);
}

#[test]
fn a_payment_after_cancelling_survives_every_fault_of_the_provider() {
    everywhere(cancelled_then_paid, provider, 16);
}

#[test]
fn an_expired_attempt_survives_every_fault_of_the_database() {
    everywhere(expired, product, 14);
}

#[test]
fn an_expired_attempt_survives_every_fault_of_the_provider() {
    everywhere(expired, provider, 14);
}

#[test]
fn a_reader_who_leaves_after_one_request_is_not_charged() {
    everywhere(pressed_once, product, 14);
    everywhere(pressed_once, provider, 14);
}

#[test]
fn under_random_faults_every_attempt_ends_exactly_once() {
    let ways = [
        praise_by_message,
        praise_by_asking,
        frozen_in_between,
        declined,
        cancelled_then_paid,
        expired,
        pressed_once,
    ];
    for seed in 0..20 {
        let (world, account) = stage();
        for (number, way) in ways.into_iter().enumerate() {
            let scene = Scene::new(&world, &account, number);
            world.product.storm(20, seed);
            world.sandbox.storm(10, seed + 1000);
            go(way, &scene, &format!("seed {seed}, way {number}"));
            world.check();
        }
    }
}
