//! The timeline of a praise: the same for reader and writer except for the writer's card, with an
//! entry for every state and a next step for every state that is not final.

use edge::provider::sandbox::disputes::Decision;
use edge::reading::{studio, timeline};
use shared::api::timeline::{Coming, Happened, Timeline};
use shared::calendar::Moment;
use shared::machine::PraiseState;
use shared::money::Currency;

use crate::world::places::{Place, Placed};

impl Placed {
    /// The timeline as the reader sees it. Asserts that the writer's timeline is the same where
    /// there is one, and also names the card.
    fn timeline(&self) -> Timeline {
        let (world, stage) = (self.world(), &self.stage);
        let praise_id = world.text("SELECT id FROM praise");
        let (reader, writer) = (&stage.reader.id, &stage.account.owner.id);
        let undo_until = Moment::from_ms(world.number("SELECT undo_until FROM praise"));
        world.act(async |ctx| {
            let own = timeline::of_reader(ctx.db, reader, &praise_id, ctx.now).await.unwrap();
            let theirs = studio::praise(ctx.db, writer, &praise_id, ctx.now).await.unwrap();
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
            let strangers = timeline::of_reader(ctx.db, writer, &praise_id, ctx.now).await.unwrap();
            assert_eq!(strangers, None);
            let other = studio::praise(ctx.db, reader, &praise_id, ctx.now).await.unwrap();
            assert_eq!(other, None);
            own
        })
    }

    /// The past entries, without their times.
    fn happened(&self) -> Vec<Happened> {
        self.timeline().entries.iter().map(|entry| entry.what).collect()
    }

    /// The next step, with its time.
    fn comes(&self) -> Option<(Coming, Option<Moment>)> {
        self.timeline().next.map(|next| (next.what, next.at))
    }

    /// Asserts that the state has its entry, the entries are in order, nobody is named, and only a
    /// final state has no next step.
    fn is_told_whole(&self) {
        let state = PraiseState::from_name(&self.state()).unwrap();
        let told = self.timeline();
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
        let last = told
            .entries
            .iter()
            .rev()
            .find(|entry| expected.contains(&entry.what) || !aside.contains(&entry.what));
        assert!(expected.contains(&last.unwrap().what), "{state}: {told:#?}");
        assert!(told.entries.windows(2).all(|pair| pair[0].at <= pair[1].at), "{told:#?}");
        let open = self.world().count("dispute WHERE state = 'open'") > 0;
        let ended =
            matches!(state, PraiseState::PaidOut | PraiseState::Returned | PraiseState::Lost);
        assert_eq!(told.next.is_none(), ended && !open, "{state}: {told:#?}");
        let text = serde_json::to_string(&told).unwrap();
        for name in ["ana", "wen", "per_", "acc_", "olga"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
    }
}

#[test]
fn every_state_has_an_entry_and_a_next_step_unless_final() {
    for currency in Currency::ALL {
        for place in Place::ALL {
            if matches!(place, Place::Refused | Place::Suspense) {
                continue;
            }
            for decision in Decision::ALL {
                let placed = Placed::at(place, currency);
                placed.is_told_whole();
                let number = placed.world().act(async |ctx| {
                    let sandbox = &ctx.provider.sandbox;
                    sandbox.open_dispute(&placed.order_id, ctx.now).await.unwrap().unwrap()
                });
                let tell = || {
                    let messages = placed.world().act(async |ctx| {
                        ctx.provider.sandbox.dispute_messages(&number, ctx.now).await.unwrap()
                    });
                    placed.world().deliver(&messages[0]);
                };
                tell();
                placed.is_told_whole();
                assert!(placed.happened().contains(&Happened::Disputed));
                placed.world().act(async |ctx| {
                    let sandbox = &ctx.provider.sandbox;
                    assert!(sandbox.decide_dispute(&number, decision, ctx.now).await.unwrap());
                });
                tell();
                placed.is_told_whole();
                let end = match decision {
                    Decision::Won => Happened::DisputeWon,
                    Decision::Lost => Happened::DisputeLost,
                };
                assert!(placed.happened().contains(&end));
            }
        }
    }
}

#[test]
fn the_timeline_of_a_paid_out_praise() {
    let placed = Placed::at(Place::Held, Currency::Cny);
    let due_at = placed.due_at();
    assert_eq!(placed.happened(), [Happened::Paid, Happened::Held]);
    assert_eq!(placed.timeline().entries[1].until, Some(due_at));
    assert_eq!(placed.comes(), Some((Coming::Due, Some(due_at))));

    let placed = Placed::at(Place::Due, Currency::Cny);
    assert_eq!(placed.happened(), [Happened::Paid, Happened::Held, Happened::Due]);
    let next = placed.timeline().next.unwrap();
    assert_eq!((next.what, next.reason.as_deref()), (Coming::PayoutWaits, Some("no_card")));

    let placed = Placed::at(Place::PaidOut, Currency::Cny);
    let told = placed.timeline();
    let what: Vec<_> = told.entries.iter().map(|entry| entry.what).collect();
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
    assert_eq!(told.entries[3].day.as_deref(), Some("2026-11-29"));
    assert_eq!(told.next, None);
}

#[test]
fn the_timeline_of_a_returned_praise() {
    let placed = Placed::at(Place::Returning, Currency::Usd);
    let told = placed.timeline();
    let last = told.entries.last().unwrap();
    assert_eq!((last.what, last.reason.as_deref()), (Happened::Returning, Some("operator")));
    assert_eq!(told.next.unwrap().what, Coming::Arrives);
    let placed = Placed::at(Place::Returned, Currency::Usd);
    assert_eq!(placed.happened().last(), Some(&Happened::Returned));
    assert_eq!(placed.comes(), None);
}

#[test]
fn the_timeline_of_a_freeze_names_its_rule_and_dates() {
    let placed = Placed::at(Place::FrozenHeld, Currency::Cny);
    let told = placed.timeline();
    let last = told.entries.last().unwrap();
    let until = Moment::from_ms(placed.world().number("SELECT appeal_until FROM freeze"));
    assert_eq!(last.what, Happened::Frozen);
    assert_eq!((last.reason.as_deref(), last.until), (Some("selling"), Some(until)));
    assert_eq!(placed.comes(), Some((Coming::Appeal, Some(until))));
}
