//! One human with several sign-ins: all limits count together from the moment the link is known.

use edge::people::operator::Operators;
use edge::people::payee;
use shared::calendar::Moment;
use shared::limits::Limits;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::faulty_database::Fault;
use crate::support::people::{Account, Article, Fixture, Person};
use crate::support::world::World;

const CARD: &str = "sbxcard_6222020200112233";

/// Two writers who are paid to the same card, each with an article, and a third person who reads.
struct Pair {
    world: World,
    wen: Account,
    lu: Account,
    by_wen: Article,
    by_lu: Article,
    reader: Person,
}

/// The pair before they are linked.
fn unlinked_pair(currency: Currency) -> Pair {
    let Fixture { world, account: wen, article: by_wen, reader } = Fixture::new(currency);
    world.set_now(world.now().plus_seconds(1));
    let lu = world.account(&world.person("lu"), "lu-writes", currency);
    let by_lu = world.article(&lu, "Rain");
    Pair { world, wen, lu, by_wen, by_lu, reader }
}

impl Pair {
    fn share_card(&self) {
        self.world.attach_card(&self.wen.owner, &self.wen.handle, CARD);
        self.world.attach_card(&self.lu.owner, &self.lu.handle, CARD);
    }
}

fn linked_pair(currency: Currency) -> Pair {
    let pair = unlinked_pair(currency);
    pair.share_card();
    pair
}

/// `person>human` for everybody who is linked.
fn links(world: &World) -> Vec<(String, String)> {
    let rows = world.rows("SELECT id, human_id FROM person WHERE human_id IS NOT NULL ORDER BY id");
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "id"), text(row, "human_id"))).collect()
}

fn refused(world: &World, reader: &Person, article: &Article, minor: i64) -> Problem {
    world.start(&world.praise_request(reader, article, minor)).unwrap_err().problem()
}

#[test]
fn a_shared_card_links_two_people_to_the_older_one() {
    let pair = unlinked_pair(Currency::Cny);
    let (world, wen, lu) = (&pair.world, &pair.wen.owner, &pair.lu.owner);
    // The younger account attaches the card first. The human is the older person, whoever had the
    // card first.
    world.attach_card(lu, &pair.lu.handle, CARD);
    assert_eq!(links(world), []);
    world.set_now(world.now().plus_seconds(60));
    world.attach_card(wen, &pair.wen.handle, CARD);
    assert_eq!(links(world), [(lu.id.clone(), wen.id.clone())]);
    assert_eq!(world.number("SELECT max(linked_at) FROM person"), world.now().ms());
    // Other accounts with their own cards stay other people.
    let cai = world.account(&world.person("cai"), "cai-writes", Currency::Cny);
    assert_eq!(links(world).len(), 1);
    // A card that was removed long ago links them as well.
    let token = world.text(&format!("SELECT token FROM bank_card WHERE account_id = '{}'", cai.id));
    world.run(async |ctx| {
        payee::remove(ctx.db, ctx.now, &cai.owner.id, &cai.handle).await.unwrap();
    });
    world.attach_card(lu, &pair.lu.handle, &token);
    assert_eq!(links(world).len(), 2);
    assert!(links(world).iter().all(|(_, human)| *human == wen.id));
}

#[test]
fn linked_people_join_an_older_human_together() {
    let world = World::new();
    let accounts: Vec<Account> = (0..4)
        .map(|n| {
            world.set_now(world.now().plus_seconds(1));
            world.account(&world.person(&format!("writer-{n}")), &format!("acc-{n}"), Currency::Usd)
        })
        .collect();
    let attach = |n: usize, token: &str| {
        world.attach_card(&accounts[n].owner, &accounts[n].handle, token);
    };
    let other = "sbxcard_6222020200445566";
    for n in [2, 3] {
        attach(n, CARD);
    }
    for n in [0, 1] {
        attach(n, other);
    }
    let of = |n: usize| accounts[n].owner.id.clone();
    let mut pairs = vec![(of(1), of(0)), (of(3), of(2))];
    pairs.sort();
    assert_eq!(links(&world), pairs);
    // The youngest shares a card with the oldest: all four are one human.
    attach(3, other);
    let mut all: Vec<_> = (1..4).map(|n| (of(n), of(0))).collect();
    all.sort();
    assert_eq!(links(&world), all);
}

#[test]
fn concurrent_shared_cards_link_people_once() {
    for seed in 0..20 {
        let pair = unlinked_pair(Currency::Cny);
        let Pair { world, wen, lu, .. } = &pair;
        let accounts = [wen, lu, wen, lu];
        let ended = world.race(seed, accounts.len(), async |ctx, n| {
            let Account { owner, handle, .. } = accounts[n];
            payee::attach(ctx, &Operators::default(), &owner.id, handle, CARD).await
        });
        for one in ended {
            one.unwrap_or_else(|failure| panic!("seed {seed}: {failure:?}"));
        }
        assert_eq!(links(world), [(lu.owner.id.clone(), wen.owner.id.clone())], "seed {seed}");
        assert_eq!(world.count("bank_card WHERE removed_at IS NULL"), 2, "seed {seed}");
    }
}

#[test]
fn every_fault_leaves_the_link_complete_or_absent() {
    for fault in Fault::ALL {
        for ahead in 0.. {
            let pair = unlinked_pair(Currency::Cny);
            let Pair { world, wen, lu, .. } = &pair;
            world.attach_card(&wen.owner, &wen.handle, CARD);
            world.product.fail_once(ahead, fault);
            world.try_request(async |ctx| {
                payee::attach(ctx, &Operators::default(), &lu.owner.id, &lu.handle, CARD).await
            });
            let passed = world.product.stop_failing();
            world.check();
            let shared = world.number(
                "SELECT count(*) FROM bank_card WHERE removed_at IS NULL
                 GROUP BY fingerprint ORDER BY count(*) DESC LIMIT 1",
            );
            assert_eq!(links(world).len() as i64 + 1, shared, "{fault:?} {ahead}");
            world.attach_card(&lu.owner, &lu.handle, CARD);
            assert_eq!(links(world).len(), 1);
            if passed {
                break;
            }
        }
    }
}

#[test]
fn an_own_article_is_refused_under_every_linked_sign_in() {
    let pair = unlinked_pair(Currency::Cny);
    let Pair { world, wen, lu, by_wen, by_lu, .. } = &pair;
    let before = world.give_praise(&lu.owner, by_wen, 1000);
    let waiting = world.start_praise(&lu.owner, by_wen, 1000);
    world.set_now(world.now().plus_seconds(1));
    pair.share_card();
    assert_eq!(refused(world, &lu.owner, by_wen, 1000), Problem::OwnArticle);
    assert_eq!(refused(world, &wen.owner, by_lu, 1000), Problem::OwnArticle);
    // This praise was given while they counted as two people; money that was still on its way is
    // returned.
    assert_eq!(world.state_of(&before), "paid");
    world.pay(&waiting);
    assert_eq!(world.state_of(&waiting), "returned");
    let refusal = world.text(&format!("SELECT refusal FROM intent WHERE id = '{waiting}'"));
    assert_eq!(refusal, "own_article");
    world.advance_minutes(60);
}

#[test]
fn a_readers_daily_cap_is_shared_by_all_sign_ins() {
    for currency in Currency::ALL {
        let Pair { world, wen, lu, .. } = linked_pair(currency);
        let limits = Limits::of(currency);
        let account = world.account(&world.person("cai"), "cai-writes", currency);
        let article = world.article(&account, "Wind");
        let cap = limits.praise_cap_minor;
        for n in 0..limits.reader_day_minor / cap {
            let reader = if n % 2 == 0 { &wen.owner } else { &lu.owner };
            world.start_praise(reader, &article, cap);
        }
        for reader in [&wen.owner, &lu.owner] {
            let problem = refused(&world, reader, &article, limits.praise_min_minor);
            assert_eq!(problem.code(), "rule.reader_day_cap");
            assert_eq!(problem.limit().unwrap().minor, limits.reader_day_minor);
        }
        let next = world.now().day(currency).plus(1).starts_at(currency);
        world.advance_to(Moment::from_ms(next.ms() - 1));
        // The attempts have expired by now, so both have room again.
        world.start_praise(&wen.owner, &article, cap);
        world.set_now(next);
        world.start_praise(&lu.owner, &article, cap);
    }
}

#[test]
fn praises_given_before_the_link_stand() {
    let pair = unlinked_pair(Currency::Cny);
    let Pair { world, wen, lu, .. } = &pair;
    let account = world.account(&world.person("cai"), "cai-writes", Currency::Cny);
    let article = world.article(&account, "Wind");
    for reader in [&wen.owner, &lu.owner] {
        for _ in 0..5 {
            world.give_praise(reader, &article, 20_000);
        }
    }
    pair.share_card();
    // The self-check at the end of this test accepts that day, but new starts are refused.
    assert_eq!(refused(world, &wen.owner, &article, 100).code(), "rule.reader_day_cap");
}

#[test]
fn a_writers_daily_cap_is_shared_at_start_and_booking() {
    for currency in Currency::ALL {
        let Pair { world, by_wen, by_lu, reader, .. } = linked_pair(currency);
        let limits = Limits::of(currency);
        let (cap, day) = (limits.praise_cap_minor, world.now().day(currency));
        world.raw(&format!(
            "CREATE TEMP TABLE draft AS SELECT * FROM policy WHERE currency = '{code}';
             UPDATE draft SET version = 2, effective_from = {now}, article_day_minor = {article},
                              writer_day_minor = {writer};
             INSERT INTO policy SELECT * FROM draft; DROP TABLE draft;",
            code = currency.code(),
            now = world.now().ms(),
            article = cap * 5,
            writer = cap * 5,
        ));
        // Five praises of the largest amount fit both articles together; six are started.
        let other = world.person("bo");
        let started: Vec<_> = (0..6)
            .map(|n| {
                let article = if n % 2 == 0 { &by_wen } else { &by_lu };
                world.start_praise(if n < 3 { &reader } else { &other }, article, cap)
            })
            .collect();
        for intent_id in &started {
            world.pay(intent_id);
        }
        let states: Vec<_> = started.iter().map(|id| world.state_of(id)).collect();
        assert_eq!(states.iter().filter(|state| *state == "paid").count(), 5, "{states:?}");
        assert_eq!(world.text("SELECT max(refusal) FROM intent"), "writer_day_cap");
        for article in [&by_wen, &by_lu] {
            let problem = refused(&world, &world.person("cy"), article, limits.praise_min_minor);
            assert_eq!(problem.code(), "rule.writer_day_cap");
            assert_eq!(problem.limit().unwrap().minor, cap * 5);
            assert_eq!(problem.reopens_at(), Some(day.plus(1).starts_at(currency)));
        }
        world.advance_minutes(60);
    }
}
