//! Fault injection for the payment of a praise: every batch of every flow fails once with every
//! kind of fault, in the product's database and in the provider's. Clients retry until they get an
//! answer and jobs do the rest. The result must be the same as without the fault.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use edge::failure::Failure;
use edge::payments::praise::order;
use edge::payments::webhook::{self, Received};
use edge::provider::SignedMessage;
use edge::provider::sandbox::cashier::CashierAction;
use shared::money::Currency;

use crate::support::faulty_database::{Fault, FaultyDatabase};
use crate::support::people::{Account, Article, Fixture, Person};
use crate::support::world::{Ctx, PraiseRequest, World, run_due};

/// Number of tries after which a client gives up.
const TRIES: usize = 60;

/// Repeats a request until it is answered.
pub fn retry_until_answered<T>(
    world: &World,
    action: impl AsyncFn(&Ctx<'_>) -> Result<T, Failure>,
) -> T {
    for _ in 0..TRIES {
        if let Some(Ok(Ok(answer))) = world.try_request(&action) {
            return answer;
        }
    }
    panic!("not answered after {TRIES} tries");
}

/// Repeats a cancellation until it is answered, no more often than the provider may be asked.
fn cancel_until_answered(world: &World, order_id: &str) {
    for _ in 0..TRIES {
        let cancelled = world.try_request(async |ctx| order::cancel(ctx, order_id).await);
        if let Some(Ok(Ok(()))) = cancelled {
            return;
        }
        world.set_now(world.now().plus_seconds(3));
    }
    panic!("not cancelled after {TRIES} tries");
}

/// Repeats a start with the same key until there is an intent.
fn retry_start(world: &World, request: &PraiseRequest<'_>) -> String {
    retry_until_answered(world, async |ctx| request.start(ctx).await)
}

/// Starts a praise and reloads the waiting page until there is a payment URL.
pub fn start_until_payable(world: &World, request: &PraiseRequest<'_>) -> String {
    let intent_id = retry_start(world, request);
    let open = format!("provider_order WHERE intent_id = '{intent_id}' AND pay_url IS NOT NULL");
    for _ in 0..TRIES {
        if world.count(&open) == 1 {
            return intent_id;
        }
        run_jobs_for(world, 10);
    }
    panic!("no payment URL after {TRIES} reloads");
}

/// Repeats an action at the cashier until it is answered.
pub fn retry_at_cashier(
    world: &World,
    intent_id: &str,
    action: CashierAction,
) -> Vec<SignedMessage> {
    let order_id = world.order_of(intent_id);
    retry_until_answered(world, async |ctx| {
        Ok(ctx.provider.sandbox.act(&order_id, action, ctx.now).await?)
    })
}

/// Repeats a provider's message until it is acknowledged, as the provider does. Whether processing
/// it succeeds does not matter to the provider.
pub fn deliver_until_received(world: &World, signed: &SignedMessage) {
    for _ in 0..TRIES {
        let arrived = std::cell::Cell::new(false);
        world.try_request(async |ctx| {
            let received = webhook::receive(ctx, signed).await;
            arrived.set(received.is_ok());
            if let Ok(Received::Stored(message)) = received {
                let _ = webhook::process(ctx, &message).await;
            }
        });
        if arrived.get() {
            return;
        }
    }
    panic!("not acknowledged after {TRIES} tries");
}

/// Advances the clock and runs the jobs that fall due; a job may fail or die.
pub fn run_jobs_for(world: &World, seconds: i64) {
    let target = world.now().plus_seconds(seconds);
    for _ in 0..1000 {
        let due = world.number("SELECT coalesce(min(due_at), -1) FROM job WHERE done_at IS NULL");
        if due < 0 || due > target.ms() {
            return world.set_now(target);
        }
        world.set_now(world.now().max(shared::calendar::Moment::from_ms(due)));
        world.try_request(async |ctx| run_due(ctx).await);
    }
    panic!("the jobs never finish");
}

/// A reader and an article in a world that is shared by many attempts.
pub struct FlowFixture<'a> {
    /// The shared world.
    pub world: &'a World,
    /// The article to praise.
    pub article: Article,
    /// The reader who gives.
    pub reader: Person,
    /// Balances before the attempt: provider_unsettled, writer_held, returning.
    before: [i64; 3],
}

impl<'a> FlowFixture<'a> {
    fn new(world: &'a World, account: &Account, number: usize) -> FlowFixture<'a> {
        FlowFixture {
            world,
            article: world.article(account, &format!("Snow {number}")),
            reader: world.person(&format!("reader-{number}")),
            before: balances(world),
        }
    }

    /// A request for a praise of ¥10.
    pub fn praise_request(&self) -> PraiseRequest<'_> {
        self.world.praise_request(&self.reader, &self.article, 1000)
    }

    /// Asserts that nothing is left open, nothing was done twice, and the intent has this state.
    fn assert_ended_as(&self, intent_id: &str, state: &str) {
        let world = self.world;
        let order_id = world.order_of(intent_id);
        assert_eq!(world.state_of(intent_id), state);
        assert_eq!(world.count(&format!("intent WHERE person_id = '{}'", self.reader.id)), 1);
        assert_eq!(world.count(&format!("provider_order WHERE intent_id = '{intent_id}'")), 1);
        assert_eq!(world.open_jobs(), 0);
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

fn praise_booked_by_message(fixture: &FlowFixture<'_>) {
    let world = fixture.world;
    let request = fixture.praise_request();
    let intent_id = start_until_payable(world, &request);
    let messages = retry_at_cashier(world, &intent_id, CashierAction::Pay);
    deliver_until_received(world, &messages[0]);
    run_jobs_for(world, 3600);
    fixture.assert_ended_as(&intent_id, "paid");
    assert_eq!(retry_start(world, &request), intent_id);
    assert_eq!(world.reserved(&fixture.reader.id), 1000);
}

fn praise_booked_by_polling(fixture: &FlowFixture<'_>) {
    let world = fixture.world;
    let intent_id = start_until_payable(world, &fixture.praise_request());
    retry_at_cashier(world, &intent_id, CashierAction::Pay);
    run_jobs_for(world, 3600);
    fixture.assert_ended_as(&intent_id, "paid");
}

fn payment_after_freeze(fixture: &FlowFixture<'_>) {
    let world = fixture.world;
    let intent_id = start_until_payable(world, &fixture.praise_request());
    world.freeze_and_return(&fixture.article);
    let messages = retry_at_cashier(world, &intent_id, CashierAction::Pay);
    deliver_until_received(world, &messages[0]);
    run_jobs_for(world, 3600);
    fixture.assert_ended_as(&intent_id, "returned");
    assert_eq!(world.reserved(&fixture.reader.id), 1000);
}

fn declined(fixture: &FlowFixture<'_>) {
    let world = fixture.world;
    let intent_id = start_until_payable(world, &fixture.praise_request());
    let messages = retry_at_cashier(world, &intent_id, CashierAction::Decline);
    deliver_until_received(world, &messages[0]);
    run_jobs_for(world, 3600);
    fixture.assert_ended_as(&intent_id, "declined");
    assert_eq!(world.reserved(&fixture.reader.id), 0);
}

fn cancelled_then_paid(fixture: &FlowFixture<'_>) {
    let world = fixture.world;
    let intent_id = start_until_payable(world, &fixture.praise_request());
    let order_id = world.order_of(&intent_id);
    cancel_until_answered(world, &order_id);
    assert_eq!(world.state_of(&intent_id), "cancelled");
    assert_eq!(world.reserved(&fixture.reader.id), 0);
    let report = world.provider_receives(&order_id, &format!("tx-{order_id}"), 1000);
    let event_id = format!("evt-late-{order_id}");
    let message = edge::provider::Message {
        event_id,
        kind: edge::provider::EventKind::Order { number: order_id, report },
    };
    let signed = retry_until_answered(world, async |ctx| {
        Ok(ctx.provider.sandbox.sign(&message, ctx.now)?)
    });
    deliver_until_received(world, &signed);
    run_jobs_for(world, 3600);
    fixture.assert_ended_as(&intent_id, "returned");
    assert_eq!(world.reserved(&fixture.reader.id), 0);
}

fn expired(fixture: &FlowFixture<'_>) {
    let world = fixture.world;
    let intent_id = retry_start(world, &fixture.praise_request());
    // No job has run in the meantime.
    world.set_now(world.now().plus_minutes(30).plus_seconds(-1));
    run_jobs_for(world, 3600);
    // It is declined if the order reached the provider only after it had expired.
    let state = world.state_of(&intent_id);
    assert!(matches!(state.as_str(), "expired" | "declined"), "{state}");
    fixture.assert_ended_as(&intent_id, &state);
    assert_eq!(world.reserved(&fixture.reader.id), 0);
}

/// A reader who sends one request and leaves, whatever the outcome.
fn single_request(fixture: &FlowFixture<'_>) {
    let FlowFixture { world, reader, .. } = fixture;
    let request = fixture.praise_request();
    let before = world.dump_without_attempts();
    world.try_request(async |ctx| request.start(ctx).await);
    if world.dump_without_attempts() == before {
        return;
    }
    world.set_now(world.now().plus_minutes(30).plus_seconds(-1));
    run_jobs_for(world, 3600);
    let intent_id = world.text(&format!("SELECT id FROM intent WHERE person_id = '{}'", reader.id));
    let state = world.state_of(&intent_id);
    assert!(matches!(state.as_str(), "expired" | "declined"), "{state}");
    fixture.assert_ended_as(&intent_id, &state);
    assert_eq!(world.reserved(&reader.id), 0);
}

/// A world with a writer, to be shared by many attempts.
fn fixture() -> (World, Account) {
    let Fixture { world, account, .. } = Fixture::new(Currency::Cny);
    (world, account)
}

/// Runs a flow and prints the position of the fault if it panics.
fn run_flow(flow: fn(&FlowFixture<'_>), fixture: &FlowFixture<'_>, position: &str) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| flow(fixture))) {
        eprintln!("{position}");
        resume_unwind(panic);
    }
}

/// Runs a flow once for each of its batches in one of the databases and each kind of fault.
pub fn with_every_fault(
    flow: fn(&FlowFixture<'_>),
    database: fn(&World) -> &FaultyDatabase,
    at_least: usize,
) {
    let mut batches = 0;
    for fault in Fault::ALL {
        let (world, account) = fixture();
        for ahead in 0.. {
            let fixture = FlowFixture::new(&world, &account, ahead);
            database(&world).fail_once(ahead, fault);
            run_flow(flow, &fixture, &format!("{fault:?} at batch {ahead}"));
            let passed = database(&world).stop_failing();
            world.check();
            if passed {
                break;
            }
            batches = batches.max(ahead + 1);
        }
    }
    assert!(batches >= at_least, "only {batches} batches were reached");
}

pub fn product(world: &World) -> &FaultyDatabase {
    &world.product
}

pub fn provider(world: &World) -> &FaultyDatabase {
    &world.sandbox
}

#[test]
fn a_praise_booked_by_message_survives_every_fault_of_the_database() {
    with_every_fault(praise_booked_by_message, product, 7);
}

#[test]
fn a_praise_booked_by_message_survives_every_fault_of_the_provider() {
    with_every_fault(praise_booked_by_message, provider, 10);
}

#[test]
fn a_praise_booked_by_polling_survives_every_fault_of_the_database() {
    with_every_fault(praise_booked_by_polling, product, 9);
}

#[test]
fn a_praise_booked_by_polling_survives_every_fault_of_the_provider() {
    with_every_fault(praise_booked_by_polling, provider, 11);
}

#[test]
fn a_returned_payment_survives_every_fault_of_the_database() {
    with_every_fault(payment_after_freeze, product, 11);
}

#[test]
fn a_returned_payment_survives_every_fault_of_the_provider() {
    with_every_fault(payment_after_freeze, provider, 12);
}

#[test]
fn a_declined_attempt_survives_every_fault_of_the_database() {
    with_every_fault(declined, product, 7);
}

#[test]
fn a_payment_after_cancelling_survives_every_fault_of_the_database() {
    with_every_fault(cancelled_then_paid, product, 12);
}

#[test]
fn a_payment_after_cancelling_survives_every_fault_of_the_provider() {
    with_every_fault(cancelled_then_paid, provider, 16);
}

#[test]
fn an_expired_attempt_survives_every_fault_of_the_database() {
    with_every_fault(expired, product, 14);
}

#[test]
fn an_expired_attempt_survives_every_fault_of_the_provider() {
    with_every_fault(expired, provider, 14);
}

#[test]
fn a_reader_who_leaves_after_one_request_is_not_charged() {
    with_every_fault(single_request, product, 14);
    with_every_fault(single_request, provider, 14);
}

#[test]
fn under_random_faults_every_attempt_ends_exactly_once() {
    let flows = [
        praise_booked_by_message,
        praise_booked_by_polling,
        payment_after_freeze,
        declined,
        cancelled_then_paid,
        expired,
        single_request,
    ];
    for seed in 0..20 {
        let (world, account) = fixture();
        for (number, flow) in flows.into_iter().enumerate() {
            let fixture = FlowFixture::new(&world, &account, number);
            world.product.fail_randomly(20, seed);
            world.sandbox.fail_randomly(10, seed + 1000);
            run_flow(flow, &fixture, &format!("seed {seed}, flow {number}"));
            world.check();
        }
    }
}
