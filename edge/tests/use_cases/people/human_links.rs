//! Links between persons: what makes one, what it must never do, and how operators end one.

use edge::failure::Failure;
use edge::pagination::Cursor;
use edge::people::link::{self, dissolution};
use edge::people::operator::Operators;
use edge::people::payee;
use shared::api::UpdateLimits;
use shared::api::operator::{HumanLink, LinkDissolution};
use shared::machine::FreezeEnd;
use shared::money::Currency;
use shared::problem::Problem;

use crate::support::faulty_database::Fault;
use crate::support::people::{Account, Fixture, Person};
use crate::support::world::World;

const CARD: &str = "sbxcard_6222020200112233";
const CHENS: &str = "sbxcard_6222020200110001";
const RUTHS: &str = "sbxcard_6222020200110002";
const WENS: &str = "sbxcard_6222020200110003";

/// The same card number, whose holder the provider has not verified.
fn unverified(card: &str) -> String {
    card.replace("sbxcard_", "sbxcard_unverified_")
}

/// Two operators with accounts and cards, an invited writer, a reader, and an attacker with an
/// account.
struct Stage {
    world: World,
    operators: Operators,
    chen: Account,
    ruth: Account,
    wen: Account,
    article: crate::support::people::Article,
    reader: Person,
    attacker: Account,
}

impl Stage {
    fn new() -> Stage {
        let Fixture { world, account: wen, article, reader } = Fixture::new(Currency::Cny);
        let account = |name: &str| {
            world.set_now(world.now().plus_seconds(1));
            world.account(&world.person(name), &format!("{name}-writes"), Currency::Cny)
        };
        let (chen, ruth, attacker) = (account("chen"), account("ruth"), account("mal"));
        // The attacker has no valid invitation.
        world.raw(&format!(
            "UPDATE invitation SET revoked_at = made_at WHERE used_by = '{}'",
            attacker.owner.id
        ));
        let operators = Operators::parse("sandbox:chen, sandbox:ruth");
        let stage = Stage { world, operators, chen, ruth, wen, article, reader, attacker };
        stage.attach(&stage.chen, CHENS);
        stage.attach(&stage.ruth, RUTHS);
        stage.attach(&stage.wen, WENS);
        stage.world.set_now(stage.world.now().plus_seconds(1));
        stage
    }

    fn attach(&self, account: &Account, token: &str) {
        let Account { owner, handle, .. } = account;
        let attached = self
            .world
            .run(async |ctx| payee::attach(ctx, &self.operators, &owner.id, handle, token).await);
        attached.unwrap();
    }

    fn is_operator(&self, person: &Person) -> bool {
        self.world.run(async |ctx| self.operators.include(ctx.db, &person.id).await.unwrap())
    }

    fn accepts(&self, account: &Account) -> bool {
        self.world.count(&format!("accepting WHERE account_id = '{}' AND accepts = 1", account.id))
            > 0
    }

    fn one_human(&self, one: &Person, other: &Person) -> bool {
        one_human(&self.world, one, other)
    }

    /// Checks that the attached cards gave nobody any rights, and that two operators can still decide.
    fn check_rights(&self) {
        let Stage { world, chen, ruth, wen, attacker, .. } = self;
        assert!(!self.is_operator(&attacker.owner));
        assert!(self.is_operator(&chen.owner) && self.is_operator(&ruth.owner));
        assert!(!self.accepts(attacker));
        assert!(self.accepts(wen) && self.accepts(chen) && self.accepts(ruth));
        assert!(!self.one_human(&chen.owner, &ruth.owner));
        let article = world.article(wen, &format!("Frozen {}", world.count("article")));
        let freeze_id = world.freeze(&chen.owner, &article);
        let action = world.propose(&chen.owner, &freeze_id, FreezeEnd::Unfreeze);
        world.approve(&ruth.owner, &action).unwrap();
    }
}

fn one_human(world: &World, one: &Person, other: &Person) -> bool {
    let human = |person: &Person| {
        world.text(&format!("SELECT human_id FROM human WHERE person_id = '{}'", person.id))
    };
    human(one) == human(other)
}

fn links(world: &World) -> Vec<HumanLink> {
    let newest = Cursor::parse(None).unwrap();
    world.run(async |ctx| link::list(ctx.db, &newest).await.unwrap().items)
}

/// The link between two persons.
fn link_of(world: &World, one: &Person, other: &Person) -> HumanLink {
    let mut found = links(world);
    found.retain(|link| link.persons.contains(&one.id) && link.persons.contains(&other.id));
    assert_eq!(found.len(), 1, "{found:#?}");
    found.swap_remove(0)
}

fn propose(world: &World, operator: &Person, link_id: &str) -> Result<LinkDissolution, Problem> {
    let reason = "They share a card and are two people.";
    let proposed =
        world.run(async |ctx| dissolution::propose(ctx, &operator.id, link_id, reason).await);
    proposed.map_err(|failure| failure.problem())
}

fn approve(world: &World, operator: &Person, proposal: &LinkDissolution) -> Result<(), Problem> {
    let LinkDissolution { id, shown_hash, .. } = proposal;
    let approved =
        world.run(async |ctx| dissolution::approve(ctx, &operator.id, id, shown_hash).await);
    approved.map(drop).map_err(|failure| failure.problem())
}

/// Two operators dissolve the link between two persons.
fn dissolve(world: &World, one: &Person, other: &Person) {
    let (first, second) = (world.person("chen"), world.person("ruth"));
    let proposal = propose(world, &first, &link_of(world, one, other).id).unwrap();
    approve(world, &second, &proposal).unwrap();
}

fn confirm(world: &World, operator: &Person, link_id: &str) -> Result<(), Problem> {
    let operators = Operators::parse("sandbox:chen, sandbox:ruth, sandbox:otto");
    let confirmed =
        world.run(async |ctx| link::confirm(ctx, &operators, &operator.id, link_id).await);
    confirmed.map_err(|failure: Failure| failure.problem())
}

/// Makes this many accounts, whose owners attach the same card one after the other.
fn sharing(number: usize) -> (World, Vec<Account>) {
    let world = World::new();
    let accounts: Vec<_> = (0..number)
        .map(|n| {
            world.set_now(world.now().plus_seconds(1));
            world.account(&world.person(&format!("writer-{n}")), &format!("acc-{n}"), Currency::Cny)
        })
        .collect();
    for account in &accounts {
        world.set_now(world.now().plus_seconds(1));
        world.attach_card(&account.owner, &account.handle, CARD);
    }
    (world, accounts)
}

#[test]
fn an_unverified_card_of_somebody_else_gives_no_right_and_takes_none() {
    let stage = Stage::new();
    let Stage { world, chen, ruth, wen, attacker, .. } = &stage;
    let none = UpdateLimits {
        currency: Currency::Cny,
        praise_minor: Some(Some(0)),
        day_minor: Some(Some(0)),
        month_minor: None,
    };
    world.run(async |ctx| {
        edge::limits::reader_limits::update(ctx.db, ctx.now, &attacker.owner.id, &none)
            .await
            .unwrap();
    });
    let cai = world.account(&world.person("cai"), "cai-writes", Currency::Cny);
    let article = world.article(&cai, "Wind");
    for card in [WENS, CHENS, RUTHS] {
        stage.attach(attacker, &unverified(card));
        world.set_now(world.now().plus_seconds(1));
        stage.check_rights();
        for victim in [wen, chen, ruth] {
            assert!(!stage.one_human(&attacker.owner, &victim.owner));
            world.start_praise(&victim.owner, &article, 100);
        }
    }
    assert_eq!(world.count("human_link"), 0);
    // The owner of the card can attach it later, and is not linked either.
    stage.attach(wen, "sbxcard_6222020200119999");
    stage.attach(wen, WENS);
    assert_eq!(world.count("human_link"), 0);
}

#[test]
fn a_verified_card_of_others_restricts_and_gives_no_right() {
    let stage = Stage::new();
    let Stage { world, chen, ruth, wen, article, reader, attacker, .. } = &stage;
    for card in [WENS, CHENS, RUTHS, CARD] {
        stage.attach(attacker, card);
        world.set_now(world.now().plus_seconds(1));
        stage.check_rights();
    }
    assert!(stage.one_human(&attacker.owner, &wen.owner));
    assert!(stage.one_human(&attacker.owner, &chen.owner));
    // The second operator's link waits.
    let waits = link_of(world, &attacker.owner, &ruth.owner);
    assert_eq!((waits.made_at, waits.confirmed_by), (None, None));
    let own = world.start(&world.praise_request(&attacker.owner, article, 100)).unwrap_err();
    assert_eq!(own.problem(), Problem::OwnArticle);
    world.start_praise(reader, article, 100);
    // A person who is linked to the first operator cannot be the second one.
    let link = link_of(world, &attacker.owner, &wen.owner);
    let proposal = propose(world, &chen.owner, &link.id).unwrap();
    assert_eq!(approve(world, &attacker.owner, &proposal), Err(Problem::TwoPersons));
    approve(world, &ruth.owner, &proposal).unwrap();
    assert!(!stage.one_human(&attacker.owner, &wen.owner));
    assert!(stage.one_human(&attacker.owner, &chen.owner));
}

#[test]
fn a_link_between_two_operators_waits_for_an_operator() {
    let stage = Stage::new();
    let Stage { world, chen, ruth, .. } = &stage;
    stage.attach(ruth, CHENS);
    let link = link_of(world, &chen.owner, &ruth.owner);
    assert_eq!(link.made_at, None);
    stage.check_rights();
    assert_eq!(propose(world, &chen.owner, &link.id), Err(Problem::WrongState));
    world.set_now(world.now().plus_seconds(60));
    // No other operator has signed in. If these two were one human, nobody could approve anything.
    assert_eq!(confirm(world, &chen.owner, &link.id), Err(Problem::TooFewOperators));
    world.person("otto");
    confirm(world, &chen.owner, &link.id).unwrap();
    confirm(world, &chen.owner, &link.id).unwrap();
    assert_eq!(confirm(world, &ruth.owner, &link.id), Err(Problem::WrongState));
    assert_eq!(confirm(world, &ruth.owner, "lnk_nobody"), Err(Problem::NotFound));
    let link = link_of(world, &chen.owner, &ruth.owner);
    assert_eq!(link.made_at, Some(world.now()));
    assert_eq!(link.confirmed_by.as_ref(), Some(&chen.owner.id));
    assert!(stage.one_human(&chen.owner, &ruth.owner));
    assert_eq!(world.count("operator_audit WHERE action = 'link.confirm'"), 1);
}

#[test]
fn two_operators_dissolve_a_link_with_a_reason() {
    let (world, accounts) = sharing(2);
    let [one, two] = &accounts[..] else { panic!("two accounts") };
    let (chen, ruth) = (world.person("chen"), world.person("ruth"));
    assert!(one_human(&world, &one.owner, &two.owner));
    let link = link_of(&world, &one.owner, &two.owner);
    let empty = world.run(async |ctx| dissolution::propose(ctx, &chen.id, &link.id, " ").await);
    assert_eq!(empty.unwrap_err().problem().field(), Some("reason"));
    assert_eq!(propose(&world, &chen, "lnk_nobody"), Err(Problem::NotFound));
    let first = propose(&world, &chen, &link.id).unwrap();
    assert_eq!(propose(&world, &chen, &link.id), Ok(first.clone()), "requested twice");
    assert_eq!(propose(&world, &ruth, &link.id), Err(Problem::WrongState));
    let listed = link_of(&world, &one.owner, &two.owner);
    assert_eq!(listed.dissolution.as_ref(), Some(&first));
    for _ in 0..2 {
        world.run(async |ctx| dissolution::withdraw(ctx, &ruth.id, &first.id).await.unwrap());
    }
    assert_eq!(approve(&world, &ruth, &first), Err(Problem::WrongState));
    let proposal = propose(&world, &chen, &link.id).unwrap();
    assert_eq!(approve(&world, &chen, &proposal), Err(Problem::TwoPersons));
    let other = LinkDissolution { shown_hash: "x".to_owned(), ..proposal.clone() };
    assert_eq!(approve(&world, &ruth, &other), Err(Problem::WrongState));
    assert!(one_human(&world, &one.owner, &two.owner));
    world.set_now(world.now().plus_seconds(60));
    approve(&world, &ruth, &proposal).unwrap();
    approve(&world, &ruth, &proposal).unwrap();
    assert!(!one_human(&world, &one.owner, &two.owner));
    let withdrawn = world.run(async |ctx| dissolution::withdraw(ctx, &ruth.id, &proposal.id).await);
    assert_eq!(withdrawn.unwrap_err().problem(), Problem::WrongState);
    let link = link_of(&world, &one.owner, &two.owner);
    assert_eq!((link.dissolved_at, link.dissolution), (Some(world.now()), None));
    for action in ["link.propose", "link.withdraw", "link.dissolve"] {
        let entries =
            format!("operator_audit WHERE action = '{action}' AND subject = '{}'", link.id);
        assert_eq!(world.count(&entries), if action == "link.propose" { 2 } else { 1 });
    }
    assert_eq!(
        world.text("SELECT detail ->> 'reason' FROM operator_audit WHERE action = 'link.dissolve'"),
        "They share a card and are two people."
    );
    // The two may praise each other, and the same card does not link them again.
    let article = world.article(one, "Snow");
    world.give_praise(&two.owner, &article, 1000);
    for token in ["sbxcard_6222020200119999", CARD] {
        world.attach_card(&two.owner, &two.handle, token);
    }
    assert!(!one_human(&world, &one.owner, &two.owner));
    assert_eq!(world.count("human_link"), 1);
}

#[test]
fn a_human_is_split_where_no_link_is_left() {
    let (world, accounts) = sharing(4);
    let owner = |n: usize| &accounts[n].owner;
    let together = |pairs: &[(usize, usize)]| {
        world.check();
        for one in 0..4 {
            for other in one + 1..4 {
                let expected = pairs.contains(&(one, other));
                assert_eq!(one_human(&world, owner(one), owner(other)), expected, "{one} {other}");
            }
        }
    };
    let everybody = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
    together(&everybody);
    assert_eq!(world.count("human_link"), 6);
    for (one, other) in [(0, 2), (0, 3), (1, 2)] {
        dissolve(&world, owner(one), owner(other));
        world.set_now(world.now().plus_seconds(1));
        together(&everybody);
    }
    // The human splits in two: the oldest person with the second, and the third with the fourth.
    dissolve(&world, owner(1), owner(3));
    world.set_now(world.now().plus_seconds(1));
    together(&[(0, 1), (2, 3)]);
    dissolve(&world, owner(0), owner(1));
    together(&[(2, 3)]);
}

#[test]
fn a_third_person_does_not_join_two_whose_link_was_dissolved() {
    let (world, accounts) = sharing(2);
    let [one, two] = &accounts[..] else { panic!("two accounts") };
    dissolve(&world, &one.owner, &two.owner);
    world.set_now(world.now().plus_seconds(1));
    let third = world.account(&world.person("third"), "third", Currency::Cny);
    world.attach_card(&third.owner, &third.handle, CARD);
    assert!(one_human(&world, &one.owner, &third.owner));
    assert!(!one_human(&world, &one.owner, &two.owner));
    let waits = link_of(&world, &two.owner, &third.owner);
    assert_eq!(waits.made_at, None);
    confirm(&world, &world.person("chen"), &waits.id).unwrap();
    assert!(one_human(&world, &one.owner, &two.owner));
}

#[test]
fn racing_attachments_never_link_two_operators() {
    for seed in 0..20 {
        let stage = Stage::new();
        let Stage { world, chen, ruth, attacker, .. } = &stage;
        let second = world.account(&attacker.owner, "mal-too", Currency::Cny);
        let tries = [(&attacker.handle, CHENS), (&second.handle, RUTHS)];
        let ended = world.race(seed, tries.len(), async |ctx, n| {
            let (handle, card) = tries[n];
            payee::attach(ctx, &stage.operators, &attacker.owner.id, handle, card).await
        });
        for one in ended {
            one.unwrap_or_else(|failure| panic!("seed {seed}: {failure:?}"));
        }
        assert!(!stage.one_human(&chen.owner, &ruth.owner), "seed {seed}");
        assert_eq!(world.count("human_link WHERE made_at IS NULL"), 1, "seed {seed}");
        world.check();
    }
}

#[test]
fn a_dissolution_races_with_a_new_link_and_neither_is_lost() {
    for seed in 0..20 {
        let (world, accounts) = sharing(2);
        let [one, two] = &accounts[..] else { panic!("two accounts") };
        let third = world.account(&world.person("third"), "third", Currency::Cny);
        let (chen, ruth) = (world.person("chen"), world.person("ruth"));
        let link = link_of(&world, &one.owner, &two.owner);
        let proposal = propose(&world, &chen, &link.id).unwrap();
        world.set_now(world.now().plus_seconds(1));
        let ended = world.race(seed, 2, async |ctx, n| match n {
            0 => {
                let LinkDissolution { id, shown_hash, .. } = &proposal;
                dissolution::approve(ctx, &ruth.id, id, shown_hash).await.map(drop)
            }
            _ => {
                let Account { owner, handle, .. } = &third;
                payee::attach(ctx, &Operators::default(), &owner.id, handle, CARD).await.map(drop)
            }
        });
        for one in ended {
            one.unwrap_or_else(|failure| panic!("seed {seed}: {failure:?}"));
        }
        assert_eq!(world.count("human_link WHERE dissolved_at IS NOT NULL"), 1, "seed {seed}");
        assert!(one_human(&world, &one.owner, &third.owner), "seed {seed}");
        world.check();
    }
}

#[test]
fn every_fault_leaves_the_link_dissolved_or_not() {
    for fault in Fault::ALL {
        for ahead in 0.. {
            let (world, accounts) = sharing(3);
            let (chen, ruth) = (world.person("chen"), world.person("ruth"));
            let (one, two) = (&accounts[0].owner, &accounts[1].owner);
            dissolve(&world, one, &accounts[2].owner);
            let proposal = propose(&world, &chen, &link_of(&world, one, two).id).unwrap();
            let LinkDissolution { id, shown_hash, .. } = &proposal;
            world.product.fail_once(ahead, fault);
            world
                .try_request(async |ctx| dissolution::approve(ctx, &ruth.id, id, shown_hash).await);
            let passed = world.product.stop_failing();
            world.check();
            approve(&world, &ruth, &proposal).unwrap();
            assert!(!one_human(&world, one, two), "{fault:?} {ahead}");
            if passed {
                break;
            }
        }
    }
}
