//! Times the database work of the main requests, in turns in a small and in a large database, both
//! in files of the system's folder for temporary files. Run it with `cargo xtask bench growth`. It
//! fails if a request takes much longer in the large one.

#[path = "../tests/support/long_history.rs"]
mod long_history;
#[path = "../tests/use_cases"]
mod use_cases {
    #[allow(dead_code, reason = "the tests use the rest")]
    pub mod support;
}

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use edge::database::sqlite::Sqlite;
use edge::limits::reader_limits;
use edge::pagination::Cursor;
use edge::payments::praise::{intent, money_back};
use edge::payments::webhook::{self, Received};
use edge::people::identity;
use edge::provider::sandbox::cashier::CashierAction;
use edge::queries::{articles, reader_praises, studio, timeline, wall};
use shared::money::Currency;
use use_cases::support::people::Fixture;
use use_cases::support::world::{Ctx, World, migrations};

/// The maximum ratio of a request's time in the large database to its time in the small one.
const RATIO_MAX: f64 = 1.5;

/// The ratio to aim for.
const RATIO_GOAL: f64 = 1.2;

/// Warm-up rounds, which are not measured.
const WARM_UP: usize = 5;

/// The requests, in the order of [`Site::round`].
const REQUESTS: [&str; 9] = [
    "article, signed out",
    "article, signed in",
    "praise form",
    "start a praise",
    "book a payment",
    "receipt",
    "/me",
    "/studio",
    "wall",
];

fn main() -> ExitCode {
    let (small, large) = (option("--small", 1_000), option("--large", 1_000_000));
    let rounds = option("--rounds", 60);
    eprintln!("Making databases with {small} and {large} praises …");
    let sites = [Site::new(small), Site::new(large)];
    let mut times = [(); 2].map(|()| REQUESTS.map(|_| Vec::new()));
    for round in 0..WARM_UP + rounds {
        for (site, times) in sites.iter().zip(&mut times) {
            for (time, times) in site.round().into_iter().zip(times) {
                if round >= WARM_UP {
                    times.push(time);
                }
            }
        }
    }
    println!("| median of {rounds} rounds, µs | {small} praises | {large} praises | ratio |");
    println!("| --- | ---: | ---: | ---: |");
    let [few, many] = times.map(|times| times.map(median));
    let mut worst = 0.0_f64;
    for (request, (few, many)) in REQUESTS.iter().zip(few.into_iter().zip(many)) {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        worst = worst.max(ratio);
        println!("| {request} | {} | {} | {ratio:.2} |", few.as_micros(), many.as_micros());
    }
    println!("\nThe goal is {RATIO_GOAL}, the maximum {RATIO_MAX}; the worst ratio is {worst:.2}.");
    if worst > RATIO_MAX { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Returns the number that follows a flag on the command line.
fn option(name: &str, default: usize) -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != name).skip(1);
    arguments.next().map_or(default, |value| value.parse().expect("a number"))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

/// A database with a given number of praises, in a file that is deleted on drop. Its writer
/// and its reader have a long history.
struct Site {
    fixture: Fixture,
    file: PathBuf,
}

impl Site {
    fn new(praises: usize) -> Site {
        let file = std::env::temp_dir().join(format!("praise-growth-{praises}.db"));
        let _ = std::fs::remove_file(&file);
        let product = Sqlite::open(&file, &[&migrations("migrations")]).expect("a database");
        let world = World::on(product, "2026-11-22T09:30:00Z");
        let fixture = Fixture::on(world, Currency::Cny);
        // The rows are plausible, but not complete enough for the self-check.
        fixture.world.skip_self_check();
        long_history::fill(&fixture.world.product.connection(), praises)
            .expect("the rows fit the schema");
        Site { fixture, file }
    }

    /// Sends every request once, and returns how long each took.
    fn round(&self) -> [Duration; REQUESTS.len()] {
        let Fixture { world, article, reader, account, .. } = &self.fixture;
        // Keeps the reader below the limit of starts per minute.
        world.set_now(world.now().plus_seconds(3));
        let newest = Cursor::parse(None).expect("a cursor is optional");
        let (slug, newest) = (article.slug.as_str(), &newest);
        let public = async |ctx: &Ctx<'_>| {
            let found = articles::find(ctx.db, slug, ctx.now).await.unwrap().unwrap();
            wall::read(ctx.db, slug, newest).await.unwrap().unwrap();
            articles::list_others(ctx.db, &found.summary.id, 3).await.unwrap();
        };
        let session = async |ctx: &Ctx<'_>| {
            identity::session(ctx.db, &reader.token, ctx.now).await.unwrap().unwrap();
        };
        let signed_out = self.time(async |ctx| public(ctx).await);
        let signed_in = self.time(async |ctx| {
            session(ctx).await;
            public(ctx).await;
            reader_limits::find(ctx.db, ctx.now, &reader.id).await.unwrap();
        });
        let form = self.time(async |ctx| {
            session(ctx).await;
            articles::find(ctx.db, slug, ctx.now).await.unwrap().unwrap();
            intent::list_open(ctx.db, &reader.id, Some(slug), ctx.now).await.unwrap();
            reader_limits::find(ctx.db, ctx.now, &reader.id).await.unwrap();
        });
        let request = world.praise_request(reader, article, 100);
        let mut intent_id = String::new();
        let start = self.time(async |ctx| intent_id = request.start(ctx).await.unwrap());
        let messages = world.at_cashier(&intent_id, CashierAction::Pay);
        let book = self.time(async |ctx| {
            match webhook::receive(ctx, &messages[0]).await.unwrap() {
                Received::Stored(message) => webhook::process(ctx, &message).await.unwrap(),
                _ => panic!("the message is new"),
            };
        });
        let praise = world.view(reader, &intent_id).intent.praise.expect("the praise is booked");
        let receipt = self.time(async |ctx| {
            session(ctx).await;
            reader_praises::find(ctx.db, &reader.id, &praise.id, ctx.now).await.unwrap().unwrap();
            timeline::find_for_reader(ctx.db, &reader.id, &praise.id, ctx.now).await.unwrap();
        });
        let me = self.time(async |ctx| {
            session(ctx).await;
            intent::list_open(ctx.db, &reader.id, None, ctx.now).await.unwrap();
            reader_praises::month_totals(ctx.db, &reader.id, ctx.now).await.unwrap();
            reader_praises::list(ctx.db, &reader.id, newest).await.unwrap();
            money_back::list(ctx.db, &reader.id).await.unwrap();
        });
        let writer = &account.owner.id;
        let studio = self.time(async |ctx| {
            session(ctx).await;
            studio::list_accounts(ctx.db, writer, ctx.now).await.unwrap();
            let handle = &account.handle;
            studio::list_praises(ctx.db, writer, handle, newest, ctx.now).await.unwrap().unwrap();
        });
        let wall = self.time(async |ctx| {
            wall::read(ctx.db, slug, newest).await.unwrap().unwrap();
        });
        [signed_out, signed_in, form, start, book, receipt, me, studio, wall]
    }

    fn time(&self, request: impl AsyncFnOnce(&Ctx<'_>)) -> Duration {
        self.fixture.world.run(async |ctx| {
            let began = Instant::now();
            request(ctx).await;
            began.elapsed()
        })
    }
}
