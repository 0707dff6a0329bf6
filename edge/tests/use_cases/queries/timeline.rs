//! The timeline of a praise: the same for reader and writer except for the writer's card, with an
//! entry for every state and a next step for every state that is not final.

use edge::provider::sandbox::disputes::Decision;
use edge::queries::{studio, timeline};
use shared::api::timeline::{Coming, Happened, Timeline};
use shared::calendar::Moment;
use shared::machine::PraiseState;
use shared::money::Currency;

use crate::support::payment_states::{PaymentFixture, PaymentState};

impl PaymentFixture {
    /// The timeline as the reader sees it. Asserts that the writer's timeline is the same where
    /// there is one, and also names the card.
    fn timeline(&self) -> Timeline {
        let (world, fixture) = (self.world(), &self.fixture);
        let praise_id = world.text("SELECT id FROM praise");
        let (reader, writer) = (&fixture.reader.id, &fixture.account.owner.id);
        let undo_until = Moment::from_ms(world.number("SELECT undo_until FROM praise"));
        world.run(async |ctx| {
            let own = timeline::find_for_reader(ctx.db, reader, &praise_id, ctx.now).await.unwrap();
            let theirs = studio::find_praise(ctx.db, writer, &praise_id, ctx.now).await.unwrap();
            assert_eq!(theirs.is_some(), ctx.now >= undo_until);
            let own = own.unwrap();
            let json = serde_json::to_string(&own).unwrap();
            assert!(!json.contains("last4"), "a reader does not see the writer's card: {json}");
            if let Some(theirs) = theirs {
                let mut theirs = theirs.timeline;
                for entry in &mut theirs.entries {
                    let named = entry.last4.take().map(|last4| last4.len());
                    assert_eq!(named, (entry.what == Happened::PayoutSent).then_some(4));
                }
                assert_eq!(theirs, own);
            }
            let strangers =
                timeline::find_for_reader(ctx.db, writer, &praise_id, ctx.now).await.unwrap();
            assert_eq!(strangers, None);
            let other = studio::find_praise(ctx.db, reader, &praise_id, ctx.now).await.unwrap();
            assert_eq!(other, None);
            own
        })
    }

    /// The past entries, without their times.
    fn past(&self) -> Vec<Happened> {
        self.timeline().entries.iter().map(|entry| entry.what).collect()
    }

    /// The next step, with its time.
    fn next_step(&self) -> Option<(Coming, Option<Moment>)> {
        self.timeline().next.map(|next| (next.what, next.at))
    }

    /// Asserts that the state has its entry, the entries are in order, nobody is named, and only a
    /// final state has no next step.
    fn assert_complete(&self) {
        let state = PraiseState::from_name(&self.state()).unwrap();
        let timeline = self.timeline();
        let expected: &[Happened] = match state {
            PraiseState::Held => &[Happened::Held],
            PraiseState::Due => &[Happened::Due],
            PraiseState::Frozen => &[Happened::Frozen],
            PraiseState::InPayout => &[
                Happened::PayoutQueued,
                Happened::PayoutSent,
                Happened::PayoutAwaitingConfirmation,
            ],
            PraiseState::PaidOut => &[Happened::PaidOut],
            PraiseState::Returning => &[Happened::Returning],
            PraiseState::Returned => &[Happened::Returned],
            PraiseState::Disputed => &[Happened::Disputed],
            PraiseState::Lost => &[Happened::DisputeLost],
        };
        // Entries about a bank's dispute are shown but do not change the state of the praise.
        let aside = [Happened::Disputed, Happened::DisputeWon, Happened::DisputeLost];
        let last = timeline
            .entries
            .iter()
            .rev()
            .find(|entry| expected.contains(&entry.what) || !aside.contains(&entry.what));
        assert!(expected.contains(&last.unwrap().what), "{state}: {timeline:#?}");
        assert!(timeline.entries.windows(2).all(|pair| pair[0].at <= pair[1].at), "{timeline:#?}");
        let open = self.world().count("dispute WHERE state = 'open'") > 0;
        let ended =
            matches!(state, PraiseState::PaidOut | PraiseState::Returned | PraiseState::Lost);
        assert_eq!(timeline.next.is_none(), ended && !open, "{state}: {timeline:#?}");
        let text = serde_json::to_string(&timeline).unwrap();
        for name in ["ana", "wen", "per_", "acc_", "olga"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
    }
}

#[test]
fn every_state_has_an_entry_and_a_next_step_unless_final() {
    for currency in Currency::ALL {
        for initial in PaymentState::ALL {
            if matches!(initial, PaymentState::Refused | PaymentState::Suspense) {
                continue;
            }
            for decision in Decision::ALL {
                let payment = PaymentFixture::in_state(initial, currency);
                payment.assert_complete();
                let number = payment.world().run(async |ctx| {
                    let sandbox = &ctx.provider.sandbox;
                    sandbox.open_dispute(&payment.order_id, ctx.now).await.unwrap().unwrap()
                });
                let tell = || {
                    let messages = payment.world().run(async |ctx| {
                        ctx.provider.sandbox.dispute_messages(&number, ctx.now).await.unwrap()
                    });
                    payment.world().deliver(&messages[0]);
                };
                tell();
                payment.assert_complete();
                assert!(payment.past().contains(&Happened::Disputed));
                payment.world().run(async |ctx| {
                    let sandbox = &ctx.provider.sandbox;
                    assert!(sandbox.decide_dispute(&number, decision, ctx.now).await.unwrap());
                });
                tell();
                payment.assert_complete();
                let end = match decision {
                    Decision::Won => Happened::DisputeWon,
                    Decision::Lost => Happened::DisputeLost,
                };
                assert!(payment.past().contains(&end));
            }
        }
    }
}

#[test]
fn the_timeline_of_a_paid_out_praise() {
    let payment = PaymentFixture::in_state(PaymentState::Held, Currency::Cny);
    let due_at = payment.due_at();
    assert_eq!(payment.past(), [Happened::Paid, Happened::Held]);
    assert_eq!(payment.timeline().entries[1].until, Some(due_at));
    assert_eq!(payment.next_step(), Some((Coming::Due, Some(due_at))));

    let payment = PaymentFixture::in_state(PaymentState::Due, Currency::Cny);
    assert_eq!(payment.past(), [Happened::Paid, Happened::Held, Happened::Due]);
    let next = payment.timeline().next.unwrap();
    assert_eq!((next.what, next.reason.as_deref()), (Coming::PayoutWaits, Some("no_card")));

    let payment = PaymentFixture::in_state(PaymentState::PaidOut, Currency::Cny);
    let timeline = payment.timeline();
    let what: Vec<_> = timeline.entries.iter().map(|entry| entry.what).collect();
    assert_eq!(
        what,
        [
            Happened::Paid,
            Happened::Held,
            Happened::Due,
            Happened::PayoutQueued,
            Happened::PayoutSent,
            Happened::PayoutAwaitingConfirmation,
            Happened::PaidOut,
        ]
    );
    assert_eq!(timeline.entries[3].day.as_deref(), Some("2026-11-29"));
    assert_eq!(timeline.next, None);
}

#[test]
fn the_timeline_of_a_returned_praise() {
    let payment = PaymentFixture::in_state(PaymentState::Returning, Currency::Usd);
    let timeline = payment.timeline();
    let last = timeline.entries.last().unwrap();
    assert_eq!((last.what, last.reason.as_deref()), (Happened::Returning, Some("operator")));
    assert_eq!(timeline.next.unwrap().what, Coming::Arrives);
    let payment = PaymentFixture::in_state(PaymentState::Returned, Currency::Usd);
    assert_eq!(payment.past().last(), Some(&Happened::Returned));
    assert_eq!(payment.next_step(), None);
}

#[test]
fn the_timeline_of_a_freeze_names_its_rule_and_dates() {
    let payment = PaymentFixture::in_state(PaymentState::FrozenHeld, Currency::Cny);
    let timeline = payment.timeline();
    let last = timeline.entries.last().unwrap();
    let until = Moment::from_ms(payment.world().number("SELECT appeal_until FROM freeze"));
    assert_eq!(last.what, Happened::Frozen);
    assert_eq!((last.reason.as_deref(), last.until), (Some("selling"), Some(until)));
    assert_eq!(payment.next_step(), Some((Coming::Appeal, Some(until))));
}
