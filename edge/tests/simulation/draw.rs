//! Generates the next step of a history from the current state of the world.

use shared::money::Currency;

use super::act::TROUBLE;
use super::chance::Chance;
use super::desk;
use super::model::law;
use super::step::{
    Deed, Event, Limit, Number, Office, Right, Rules, Scope, Start, Step, Ticks, Twist,
};
use super::town::{Place, READERS};
use super::world::World;

/// The number of recent attempts that readers still return to.
const RECENT: usize = 40;

/// Generates the next step.
pub fn step(world: &World, number: Number, chance: &mut Chance) -> Step {
    let event = match chance.below(1000) {
        0..45 => time(world, chance),
        45..50 => change(world, chance),
        // While something is stopped, it is more likely to be started again.
        50..70 if stopped(world).is_some() => change(world, chance),
        70..170 if forgivable(world).is_some() => {
            Event::Requests(forgivable(world).map(Deed::Office).into_iter().collect())
        }
        roll => {
            let mut deeds = Vec::new();
            deed(world, roll, number, chance, &mut deeds);
            // Sometimes another request happens at the same moment.
            if chance.below(10) == 0 {
                let roll = 50 + chance.below(950);
                deed(world, roll, number, chance, &mut deeds);
            }
            Event::Requests(deeds)
        }
    };
    Step { number, calm: false, event }
}

fn deed(world: &World, roll: usize, number: Number, chance: &mut Chance, deeds: &mut Vec<Deed>) {
    let place = deeds.len() as u32;
    let recent = &world.attempts[world.attempts.len().saturating_sub(RECENT)..];
    let any = |chance: &mut Chance| match recent.len() {
        0 => None,
        many => Some(recent[chance.below(many)].number),
    };
    let open = |chance: &mut Chance| {
        let open: Vec<Number> = recent
            .iter()
            .filter(|attempt| is_open(world, attempt.number))
            .map(|attempt| attempt.number)
            .collect();
        if open.is_empty() { None } else { Some(open[chance.below(open.len())]) }
    };
    let drawn = match roll {
        50..310 => None,
        310..610 => open(chance).map(Deed::Pay),
        610..880 => letter(world, chance),
        880..897 => any(chance).map(Deed::Look),
        897..900 => Some(Deed::Limit(limit(chance))),
        900..915 => open(chance).or_else(|| any(chance)).map(Deed::Cancel),
        915..926 => open(chance).map(Deed::Decline),
        926..930 => Some(Deed::Office(office(world, chance))),
        930..932 => twice(world, chance),
        932..940 => any(chance).map(|attempt| {
            let more = [0, 0, 1, -50, 700][chance.below(5)];
            Deed::Late(attempt, more)
        }),
        940..943 => Some(Deed::Stranger(1 + chance.below(30_000) as i64)),
        943..953 => any(chance).map(Deed::Repeat),
        953..958 => any(chance).map(Deed::Forge),
        958..974 => again(world, recent.len(), chance),
        // One reader changes their mind about everything.
        974..977 => recent
            .iter()
            .rev()
            .find(|attempt| attempt.reader == READERS - 1)
            .map(|attempt| Deed::GiveBack(attempt.number, Right::TakeBack)),
        977..985 => any(chance).map(|attempt| {
            let rights = [
                Right::Undo,
                Right::Undo,
                Right::TakeBack,
                Right::Writer,
                Right::Operator,
                Right::Nobody,
            ];
            Deed::GiveBack(attempt, rights[chance.below(rights.len())])
        }),
        // A recent praise or any past one.
        985..988 if chance.below(2) == 0 => any(chance).map(Deed::Dispute),
        985..988 => past(world, chance).map(Deed::Dispute),
        988..990 => Some(Deed::Decide(chance.below(2) == 0)),
        990..993 => Some(Deed::Trouble(chance.below(TROUBLE.len()), 1 + chance.below(3) as i64)),
        993..996 => Some(Deed::Receipt(chance.below(2) == 0)),
        _ => Some(Deed::Jobs),
    };
    match drawn {
        Some(deed) => deeds.push(deed),
        None => press(world, number * 16 + place, chance, deeds),
    }
}

/// An attempt of any age.
fn past(world: &World, chance: &mut Chance) -> Option<Number> {
    let many = world.attempts.len();
    (many > 0).then(|| world.attempts[chance.below(many)].number)
}

/// A second payment for something that was paid long ago.
fn twice(world: &World, chance: &mut Chance) -> Option<Deed> {
    let paid =
        (0..20).find_map(|_| past(world, chance).filter(|number| world.is_paid_for_good(*number)));
    paid.map(Deed::Twice)
}

/// A few readers set, lower and raise limits.
fn limit(chance: &mut Chance) -> Limit {
    let currency = if chance.below(2) == 0 { Currency::Cny } else { Currency::Usd };
    let scope = Scope::ALL[chance.below(3)];
    let allowed = desk::allowed(scope);
    let minor = allowed.get(chance.below(allowed.len() + 2)).copied();
    Limit { reader: 1 + chance.below(3), currency, scope, minor }
}

/// A back-office action of an operator or a writer.
fn office(world: &World, chance: &mut Chance) -> Office {
    // Mostly about one article, so that what is begun also ends.
    let page = if chance.below(3) == 0 { chance.below(world.town.pages.len()) } else { 1 };
    let page = page.min(world.town.pages.len() - 1);
    let place = chance.below(world.town.places.len());
    match chance.below(16) {
        0 | 1 => Office::Freeze(page),
        2 | 3 => Office::Appeal(page),
        4..7 => Office::Propose(page, chance.below(3) == 0),
        7..10 => Office::Approve { same: chance.below(4) == 0 },
        10 | 11 => {
            let attempt = world.attempts.len().checked_sub(1 + chance.below(20));
            let attempt = attempt.filter(|_| chance.below(2) == 0);
            Office::Resolve(attempt.map(|attempt| world.attempts[attempt].number))
        }
        12 => Office::Card(place, None),
        // A few cards are shared, so that sometimes two writers turn out to be one human.
        13 => Office::Card(place, Some(7)),
        _ => Office::Card(place, Some(place * 100 + 100 + chance.below(3))),
    }
}

/// Whether the attempt can be paid now.
fn is_open(world: &World, number: Number) -> bool {
    let order = world.order_of(number);
    let at_provider = order.and_then(|order| world.model.truth.orders.get(&order));
    at_provider.is_some_and(|order| order.state == "open")
}

/// A new press of the button: once, twice in quick succession, or in two tabs.
fn press(world: &World, key: Number, chance: &mut Chance, deeds: &mut Vec<Deed>) {
    let now = world.now().ms();
    let mut any = || match chance.below(3) {
        0 => 0,
        _ => chance.below(world.town.pages.len()),
    };
    // Mostly for an article that offers the button; the others were loaded too long ago.
    let offered = |article: &usize| world.model.offers(&world.town.pages[*article].id, now);
    let first = any();
    let article = [first, any(), any()].into_iter().find(offered).unwrap_or(first);
    let page = &world.town.pages[article];
    let caps = law::published(page.currency);
    let minor = match chance.below(40) {
        0 => caps.min - 1,
        1 => caps.cap + 1,
        2..5 => caps.cap,
        5..7 => 1 + chance.below(caps.cap as usize) as i64,
        _ => caps.min + chance.below(900) as i64,
    };
    // Writers also read.
    let reader = match chance.below(12) {
        0 => chance.below(world.town.people.len()),
        _ => chance.below(READERS),
    };
    let start = Start { reader, article, minor, key };
    deeds.push(Deed::Start(start.clone()));
    match chance.below(20) {
        0 | 1 => deeds.push(Deed::Start(start)),
        2 => deeds.push(Deed::Start(Start { key: key + 4, ..start })),
        3 => deeds.push(Deed::Start(Start { minor: minor + 1, ..start })),
        _ => {}
    }
}

/// The same key again: after a reload, or after going back and changing the amount.
fn again(world: &World, recent: usize, chance: &mut Chance) -> Option<Deed> {
    let attempts = &world.attempts[world.attempts.len() - recent..];
    if attempts.is_empty() {
        return None;
    }
    let attempt = &attempts[chance.below(attempts.len())];
    let more = i64::from(chance.below(4) == 0);
    Some(Deed::Start(Start {
        reader: attempt.reader,
        article: attempt.article,
        minor: attempt.minor + more,
        key: attempt.number,
    }))
}

/// Delivers a message: mostly the oldest, sometimes one out of order, sometimes altered.
fn letter(world: &World, chance: &mut Chance) -> Option<Deed> {
    let many = world.bag.len();
    if many == 0 {
        return None;
    }
    let place = if chance.below(5) == 0 { chance.below(many) } else { 0 };
    let twist = match chance.below(40) {
        0 => Twist::Body(chance.below(4000)),
        1 => Twist::Signature(chance.below(512)),
        2 => Twist::Old,
        _ => Twist::None,
    };
    Some(Deed::Deliver(world.bag[place].number, twist))
}

fn time(world: &World, chance: &mut Chance) -> Event {
    let second = 1000;
    let now = world.now().ms();
    let within = |chance: &mut Chance, seconds: usize| (1 + chance.below(seconds)) as i64 * second;
    // An account in debt has no income for half a year.
    let owes = world.town.places.iter().any(|place| world.model.debt(&place.id) > 0);
    let ms = match chance.below(100) {
        0..20 if owes => (191 + chance.below(9)) as i64 * 24 * 3600 * second,
        0..60 => within(chance, 40),
        60..80 => within(chance, 15 * 60),
        80..90 => within(chance, 3 * 3600),
        90..97 => {
            // Around the next midnight in one of the currencies' time zones.
            let page = &world.town.pages[chance.below(world.town.pages.len())];
            let midnight = law::day_begins(law::day(now, page.currency) + 1, page.currency);
            (midnight - now + (chance.below(11) as i64 - 5) * second).max(1)
        }
        _ => within(chance, 8 * 24 * 3600),
    };
    // In production the cron runs every minute; longer intervals model an outage. Long periods
    // mostly use long intervals, and in half of the short periods no cron runs, so that orders stay
    // unresolved for the whole period.
    let ticks = match (chance.below(20), ms > 120 * second) {
        (0 | 1, _) => Ticks::None,
        (2, _) | (3, false) => Ticks::Exact,
        (4, _) | (5..12, false) => Ticks::Every(60 * second),
        (_, false) => Ticks::None,
        _ => Ticks::Every(20 * 60 * second),
    };
    Event::Time { ms, ticks }
}

/// An event that lets praises start again somewhere, if any are stopped.
fn stopped(world: &World) -> Option<Event> {
    let model = &world.model;
    let office = |office| Some(Event::Requests(vec![Deed::Office(office)]));
    if model.stopped {
        return office(Office::Stop(false));
    }
    for (number, place) in world.town.places.iter().enumerate() {
        let account = &model.accounts[&place.id];
        if account.suspended {
            return office(Office::Suspend(number, false));
        }
        if account.off {
            return Some(Event::Switch { place: number, off: false });
        }
        if !model.invited(&account.owner) {
            return office(Office::Invite(number));
        }
    }
    None
}

/// A debt that can be written off by now.
fn forgivable(world: &World) -> Option<Office> {
    let (model, now) = (&world.model, world.now().ms());
    let owes = |place: &Place| model.debt(&place.id) > 0 && model.write_off_at(&place.id) <= now;
    world.town.places.iter().position(owes).map(Office::WriteOff)
}

/// A change that stays in force.
fn change(world: &World, chance: &mut Chance) -> Event {
    let place = chance.below(world.town.places.len());
    // While something is stopped, it is mostly started again.
    if let Some(event) = stopped(world) {
        return event;
    }
    let owes = |place: &Place| world.model.debt(&place.id) > 0;
    let debtor = world.town.places.iter().position(owes);
    let office = match chance.below(12) {
        0 | 1 => Office::Suspend(place, true),
        2 | 3 => return Event::Switch { place, off: true },
        4 => Office::Stop(true),
        5 => Office::Revoke(place),
        6 => Office::Invite(place),
        7..10 => Office::Rules(rules(chance)),
        _ => Office::WriteOff(debtor.unwrap_or(place)),
    };
    Event::Requests(vec![Deed::Office(office)])
}

/// A policy that is stricter than the published one, or the published one.
fn rules(chance: &mut Chance) -> Rules {
    let currency = if chance.below(2) == 0 { Currency::Cny } else { Currency::Usd };
    let in_minutes = 1 + chance.below(120) as i64;
    let caps = law::published(currency);
    let (mut cap, mut reader, mut article, mut writer) =
        (caps.cap, caps.reader, caps.article, caps.writer);
    if chance.below(3) > 0 {
        let mut times = |amount: i64, most: usize| amount * (1 + chance.below(most)) as i64;
        cap = times(cap / 2, 2);
        reader = times(cap * 2, 3);
        article = times(cap * 2, 8);
        writer = times(article, 3);
    }
    let hold_days = [7, 7, 5, 8][chance.below(4)];
    let undo_minutes = [10, 10, 4, 25][chance.below(4)];
    Rules { currency, in_minutes, cap, reader, article, writer, hold_days, undo_minutes }
}
