//! Generates the next step of a history from the current state of the world.

use shared::money::Currency;

use super::actions::PROVIDER_FAULTS;
use super::administration;
use super::model::specification;
use super::population::{AccountRef, ArticleRef, READERS};
use super::rng::Rng;
use super::step::{
    Action, BackOffice, Event, Limit, Number, Right, Rules, Scope, Start, Step, Tampering, Ticks,
};
use super::world::World;

/// The number of recent attempts that readers still return to.
const RECENT: usize = 40;

/// Generates the next step.
pub fn step(world: &World, number: Number, rng: &mut Rng) -> Step {
    let event = match rng.below(1000) {
        0..45 => time_passes(world, rng),
        45..50 => change(world, rng),
        // While something is stopped, it is more likely to be started again.
        50..70 if resume(world).is_some() => change(world, rng),
        70..170 if write_off(world).is_some() => {
            Event::Requests(write_off(world).map(Action::BackOffice).into_iter().collect())
        }
        // A transfer is queued only briefly, so an event that must drop it is likely now.
        170..400 if queued_transfer(world).is_some() => obstruct(world, rng),
        roll => {
            let mut actions = Vec::new();
            action(world, roll, number, rng, &mut actions);
            // Sometimes another request happens at the same moment.
            if rng.below(10) == 0 {
                let roll = 50 + rng.below(950);
                action(world, roll, number, rng, &mut actions);
            }
            Event::Requests(actions)
        }
    };
    Step { number, fault_free: false, event }
}

fn action(world: &World, roll: usize, number: Number, rng: &mut Rng, actions: &mut Vec<Action>) {
    let place = actions.len() as u32;
    let recent = &world.attempts[world.attempts.len().saturating_sub(RECENT)..];
    let any = |rng: &mut Rng| match recent.len() {
        0 => None,
        many => Some(recent[rng.below(many)].number),
    };
    let open = |rng: &mut Rng| {
        let open: Vec<Number> = recent
            .iter()
            .filter(|attempt| is_open(world, attempt.number))
            .map(|attempt| attempt.number)
            .collect();
        if open.is_empty() { None } else { Some(open[rng.below(open.len())]) }
    };
    let drawn = match roll {
        50..310 => None,
        310..610 => open(rng).map(Action::Pay),
        610..880 => delivery(world, rng),
        880..897 => any(rng).map(Action::Reload),
        897..900 => Some(Action::Limit(limit(rng))),
        900..915 => open(rng).or_else(|| any(rng)).map(Action::Cancel),
        915..926 => open(rng).map(Action::Decline),
        926..930 => Some(Action::BackOffice(back_office(world, rng))),
        930..932 => second_payment(world, rng),
        932..940 => any(rng).map(|attempt| {
            let more = [0, 0, 1, -50, 700][rng.below(5)];
            Action::LatePayment(attempt, more)
        }),
        940..943 => Some(Action::UnknownPayment(1 + rng.below(30_000) as i64)),
        943..953 => any(rng).map(Action::RepeatMessage),
        953..958 => any(rng).map(Action::ForgeMessage),
        958..974 => repeat_start(world, recent.len(), rng),
        // One reader changes their mind about everything.
        974..977 => recent
            .iter()
            .rev()
            .find(|attempt| attempt.reader == READERS - 1)
            .map(|attempt| Action::Reverse(attempt.number, Right::TakeBack)),
        977..985 => any(rng).map(|attempt| {
            let rights = [
                Right::Undo,
                Right::Undo,
                Right::TakeBack,
                Right::Writer,
                Right::Operator,
                Right::Nobody,
            ];
            Action::Reverse(attempt, rights[rng.below(rights.len())])
        }),
        // A recent praise or any past one.
        985..988 if rng.below(2) == 0 => any(rng).map(Action::Dispute),
        985..988 => past(world, rng).map(Action::Dispute),
        988..990 => Some(Action::DecideDispute(rng.below(2) == 0)),
        990..993 => {
            Some(Action::ProviderFault(rng.below(PROVIDER_FAULTS.len()), 1 + rng.below(3) as i64))
        }
        993..995 => Some(Action::ConfirmTransfer(rng.below(2) == 0)),
        995..996 => Some(Action::SendTransferBack),
        996..997 => Some(Action::DeliverDelayedCalls),
        _ => {
            // Two workers run the same jobs.
            if rng.below(3) == 0 {
                actions.push(Action::Jobs);
            }
            Some(Action::Jobs)
        }
    };
    match drawn {
        Some(action) => actions.push(action),
        None => press_button(world, number * 16 + place, rng, actions),
    }
}

/// An attempt of any age.
fn past(world: &World, rng: &mut Rng) -> Option<Number> {
    let many = world.attempts.len();
    (many > 0).then(|| world.attempts[rng.below(many)].number)
}

/// A second payment for something that was paid long ago.
fn second_payment(world: &World, rng: &mut Rng) -> Option<Action> {
    let paid =
        (0..20).find_map(|_| past(world, rng).filter(|number| world.is_paid_for_good(*number)));
    paid.map(Action::SecondPayment)
}

/// A few readers set, lower and raise limits.
fn limit(rng: &mut Rng) -> Limit {
    let currency = if rng.below(2) == 0 { Currency::Cny } else { Currency::Usd };
    let scope = Scope::ALL[rng.below(3)];
    let allowed = administration::allowed(scope);
    let minor = allowed.get(rng.below(allowed.len() + 2)).copied();
    Limit { reader: 1 + rng.below(3), currency, scope, minor }
}

/// A back-office action of an operator or a writer.
fn back_office(world: &World, rng: &mut Rng) -> BackOffice {
    // Mostly about one article, so that what is begun also ends.
    let page = if rng.below(3) == 0 { rng.below(world.population.articles.len()) } else { 1 };
    let page = page.min(world.population.articles.len() - 1);
    let place = rng.below(world.population.accounts.len());
    match rng.below(16) {
        0 | 1 => BackOffice::Freeze(page),
        2 | 3 => BackOffice::Appeal(page),
        4..7 => BackOffice::Propose(page, rng.below(3) == 0),
        7..10 => BackOffice::Approve { same: rng.below(4) == 0 },
        10 | 11 => {
            let attempt = world.attempts.len().checked_sub(1 + rng.below(20));
            let attempt = attempt.filter(|_| rng.below(2) == 0);
            BackOffice::Resolve(attempt.map(|attempt| world.attempts[attempt].number))
        }
        12 => BackOffice::Card(place, None),
        // A few cards are shared, so that sometimes two writers turn out to be one human.
        13 => BackOffice::Card(place, Some(7)),
        _ => BackOffice::Card(place, Some(place * 100 + 100 + rng.below(3))),
    }
}

/// Whether the attempt can be paid now.
fn is_open(world: &World, number: Number) -> bool {
    let order = world.order_of(number);
    let at_provider = order.and_then(|order| world.model.provider_records.orders.get(&order));
    at_provider.is_some_and(|order| order.state == "open")
}

/// A new press of the button: once, twice in quick succession, or in two tabs.
fn press_button(world: &World, key: Number, rng: &mut Rng, actions: &mut Vec<Action>) {
    let now = world.now().ms();
    let mut any = || match rng.below(3) {
        0 => 0,
        _ => rng.below(world.population.articles.len()),
    };
    // Mostly for an article that offers the button; the others were loaded too long ago.
    let offered =
        |article: &usize| world.model.offers(&world.population.articles[*article].id, now);
    let first = any();
    let article = [first, any(), any()].into_iter().find(offered).unwrap_or(first);
    let page = &world.population.articles[article];
    let caps = specification::published(page.currency);
    let minor = match rng.below(40) {
        0 => caps.min - 1,
        1 => caps.cap + 1,
        2..5 => caps.cap,
        5..7 => 1 + rng.below(caps.cap as usize) as i64,
        _ => caps.min + rng.below(900) as i64,
    };
    // Writers also read.
    let reader = match rng.below(12) {
        0 => rng.below(world.population.people.len()),
        _ => rng.below(READERS),
    };
    let start = Start { reader, article, minor, key };
    actions.push(Action::Start(start.clone()));
    match rng.below(20) {
        0 | 1 => actions.push(Action::Start(start)),
        2 => actions.push(Action::Start(Start { key: key + 4, ..start })),
        3 => actions.push(Action::Start(Start { minor: minor + 1, ..start })),
        _ => {}
    }
}

/// The same key again: after a reload, or after going back and changing the amount.
fn repeat_start(world: &World, recent: usize, rng: &mut Rng) -> Option<Action> {
    let attempts = &world.attempts[world.attempts.len() - recent..];
    if attempts.is_empty() {
        return None;
    }
    let attempt = &attempts[rng.below(attempts.len())];
    let more = i64::from(rng.below(4) == 0);
    Some(Action::Start(Start {
        reader: attempt.reader,
        article: attempt.article,
        minor: attempt.minor + more,
        key: attempt.number,
    }))
}

/// Delivers a message: mostly the oldest, sometimes one out of order, sometimes altered.
fn delivery(world: &World, rng: &mut Rng) -> Option<Action> {
    let many = world.pending.len();
    if many == 0 {
        return None;
    }
    let place = if rng.below(5) == 0 { rng.below(many) } else { 0 };
    let tampering = match rng.below(40) {
        0 => Tampering::Body(rng.below(4000)),
        1 => Tampering::Signature(rng.below(512)),
        2 => Tampering::Old,
        _ => Tampering::None,
    };
    Some(Action::Deliver(world.pending[place].number, tampering))
}

fn time_passes(world: &World, rng: &mut Rng) -> Event {
    let second = 1000;
    let now = world.now().ms();
    let within = |rng: &mut Rng, seconds: usize| (1 + rng.below(seconds)) as i64 * second;
    // An account in debt has no income for half a year.
    let owes = world.population.accounts.iter().any(|place| world.model.debt(&place.id) > 0);
    let ms = match rng.below(100) {
        0..20 if owes => (191 + rng.below(9)) as i64 * 24 * 3600 * second,
        0..60 => within(rng, 40),
        60..80 => within(rng, 15 * 60),
        80..90 => within(rng, 3 * 3600),
        90..97 => {
            // Around the next midnight in one of the currencies' time zones.
            let page = &world.population.articles[rng.below(world.population.articles.len())];
            let midnight = specification::day_begins(
                specification::day(now, page.currency) + 1,
                page.currency,
            );
            (midnight - now + (rng.below(11) as i64 - 5) * second).max(1)
        }
        _ => within(rng, 8 * 24 * 3600),
    };
    // In production the cron runs every minute; longer intervals model an outage. Long periods
    // mostly use long intervals, and in half of the short periods no cron runs, so that orders stay
    // unresolved for the whole period.
    let ticks = match (rng.below(20), ms > 120 * second) {
        (0 | 1, _) => Ticks::None,
        (2, _) | (3, false) => Ticks::Exact,
        (4, _) | (5..12, false) => Ticks::Every(60 * second),
        (_, false) => Ticks::None,
        _ => Ticks::Every(20 * 60 * second),
    };
    Event::Time { ms, ticks }
}

/// An event that lets praises start again somewhere, if any are stopped.
fn resume(world: &World) -> Option<Event> {
    let model = &world.model;
    let office = |office| Some(Event::Requests(vec![Action::BackOffice(office)]));
    if model.stopped {
        return office(BackOffice::Stop(false));
    }
    for (number, place) in world.population.accounts.iter().enumerate() {
        let account = &model.accounts[&place.id];
        if account.suspended {
            return office(BackOffice::Suspend(number, false));
        }
        if account.off {
            return Some(Event::Switch { place: number, off: false });
        }
        if !model.invited(&account.owner) {
            return office(BackOffice::Invite(number));
        }
    }
    None
}

/// A debt that can be written off by now.
fn write_off(world: &World) -> Option<BackOffice> {
    let (model, now) = (&world.model, world.now().ms());
    let owes =
        |place: &AccountRef| model.debt(&place.id) > 0 && model.write_off_at(&place.id) <= now;
    world.population.accounts.iter().position(owes).map(BackOffice::WriteOff)
}

/// The account of a queued transfer, if there is one.
fn queued_transfer(world: &World) -> Option<usize> {
    let model = &world.model;
    let mut queued: Vec<_> = model.parts.iter().filter(|(_, one)| one.state == "queued").collect();
    queued.sort_by_key(|(id, _)| id.as_str());
    let account = &model.payouts[&queued.first()?.1.payout].account;
    world.population.accounts.iter().position(|place| place.id == *account)
}

/// An event after which the queued transfer must be dropped: its card is removed, its account is
/// suspended or one of its articles is frozen.
fn obstruct(world: &World, rng: &mut Rng) -> Event {
    let place = queued_transfer(world).unwrap_or_default();
    let office = match rng.below(3) {
        0 => BackOffice::Card(place, None),
        1 => BackOffice::Suspend(place, true),
        _ => {
            let account = &world.population.accounts[place].id;
            let own = |page: &ArticleRef| world.model.articles[&page.id].account == *account;
            let pages: Vec<usize> = (0..world.population.articles.len())
                .filter(|page| own(&world.population.articles[*page]))
                .collect();
            match pages.as_slice() {
                [] => BackOffice::Suspend(place, true),
                pages => BackOffice::Freeze(pages[rng.below(pages.len())]),
            }
        }
    };
    Event::Requests(vec![Action::BackOffice(office)])
}

/// A change that stays in force.
fn change(world: &World, rng: &mut Rng) -> Event {
    let place = rng.below(world.population.accounts.len());
    // While something is stopped, it is mostly started again.
    if let Some(event) = resume(world) {
        return event;
    }
    let owes = |place: &AccountRef| world.model.debt(&place.id) > 0;
    let debtor = world.population.accounts.iter().position(owes);
    let office = match rng.below(12) {
        0 | 1 => BackOffice::Suspend(place, true),
        2 | 3 => return Event::Switch { place, off: true },
        4 => BackOffice::Stop(true),
        5 => BackOffice::Revoke(place),
        6 => BackOffice::Invite(place),
        7..10 => BackOffice::Rules(policy(rng)),
        _ => BackOffice::WriteOff(debtor.unwrap_or(place)),
    };
    Event::Requests(vec![Action::BackOffice(office)])
}

/// A policy that is stricter than the published one, or the published one.
fn policy(rng: &mut Rng) -> Rules {
    let currency = if rng.below(2) == 0 { Currency::Cny } else { Currency::Usd };
    let in_minutes = 1 + rng.below(120) as i64;
    let caps = specification::published(currency);
    let (mut cap, mut reader, mut article, mut writer) =
        (caps.cap, caps.reader, caps.article, caps.writer);
    if rng.below(3) > 0 {
        let mut times = |amount: i64, most: usize| amount * (1 + rng.below(most)) as i64;
        cap = times(cap / 2, 2);
        reader = times(cap * 2, 3);
        article = times(cap * 2, 8);
        writer = times(article, 3);
    }
    let hold_days = [7, 7, 5, 1][rng.below(4)];
    let undo_minutes = [10, 10, 4, 25][rng.below(4)];
    Rules { currency, in_minutes, cap, reader, article, writer, hold_days, undo_minutes }
}
