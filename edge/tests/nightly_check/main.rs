//! `cargo xtask bench self-check`: runs the nightly self-check on a large database and prints how long
//! each check takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use edge::database::sqlite::Sqlite;
use edge::database::{Database, DatabaseError, Rows, Statement};
use edge::self_check::{self, Key, range, range_end, steps, violations};
use shared::calendar::Moment;

#[path = "../support/large_database.rs"]
mod large_database;

/// The rows of a range, as in production.
const ROWS: i64 = edge::people::operator::nightly_check::ROWS_PER_RANGE;

/// The batches, statements and time of one check.
#[derive(Default)]
struct Took {
    batches: usize,
    statements: usize,
    longest_ms: f64,
    total_ms: f64,
}

impl Took {
    fn batch(
        &mut self,
        db: &Sqlite,
        statements: Vec<Statement>,
    ) -> Result<Vec<Rows>, DatabaseError> {
        let (count, began) = (statements.len(), Instant::now());
        let rows = futures_util::FutureExt::now_or_never(db.batch(statements))
            .expect("SQLite answers at once")?;
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        self.batches += 1;
        self.statements += count;
        self.longest_ms = self.longest_ms.max(ms);
        self.total_ms += ms;
        Ok(rows)
    }
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let Some(praises) = args.next().and_then(|text| text.parse().ok()) else {
        // `cargo test` starts this binary without a number: it then checks a small database.
        let path = std::env::temp_dir().join(format!("praise-nightly-{}.db", std::process::id()));
        run(2000, &path);
        return;
    };
    let path =
        args.next().map_or_else(|| std::env::temp_dir().join("praise-large.db"), PathBuf::from);
    run(praises, &path);
}

fn run(praises: i64, path: &Path) {
    let _ = std::fs::remove_file(path);
    let began = Instant::now();
    let db = Sqlite::open(path, &[&migrations()]).expect("the database opens");
    large_database::fill(&db, praises).expect("the database is filled");
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    println!(
        "{praises} praises, {:.2} GB, made in {:.0} s",
        size as f64 / 1e9,
        began.elapsed().as_secs_f64(),
    );
    let now = Moment::from_ms(large_database::BEGINS_MS + large_database::DAYS * 86_400_000 - 1);
    let (mut whole, mut wrong) = (Took::default(), BTreeMap::new());
    println!("{:>8} {:>10} {:>12} {:>10}  check", "batches", "statements", "longest ms", "total s");
    for name in self_check::names() {
        let mut took = Took::default();
        let found = check(&db, name, now, &mut took).expect("the check runs");
        if found > 0 {
            wrong.insert(name, found);
        }
        print(name, &took);
        whole.batches += took.batches;
        whole.statements += took.statements;
        whole.longest_ms = whole.longest_ms.max(took.longest_ms);
        whole.total_ms += took.total_ms;
    }
    print("all", &whole);
    drop(db);
    let _ = std::fs::remove_file(path);
    assert!(wrong.is_empty(), "violations: {wrong:#?}");
}

/// Runs one check range by range. Returns how many violations it found.
fn check(db: &Sqlite, name: &str, now: Moment, took: &mut Took) -> Result<usize, DatabaseError> {
    let (mut after, mut found) = (Key::default(), 0);
    while after < Key::last() {
        let steps = steps(name, &after, ROWS);
        let up_to = if steps.is_empty() {
            Key::last()
        } else {
            range_end(took.batch(db, steps)?.into_iter())?
        };
        let statement = range(name, &after, &up_to, now).expect("the check exists");
        let rows = took.batch(db, vec![statement])?.remove(0);
        let of_range = violations(name, rows)?;
        if let Some(first) = of_range.first().filter(|_| found == 0) {
            println!("{first:?}");
        }
        found += of_range.len();
        after = up_to;
    }
    Ok(found)
}

fn print(name: &str, took: &Took) {
    println!(
        "{:>8} {:>10} {:>12.1} {:>10.2}  {name}",
        took.batches,
        took.statements,
        took.longest_ms,
        took.total_ms / 1000.0,
    );
}

fn migrations() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = std::fs::read_dir(&folder).expect("there are migrations");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("text") + "\n").collect()
}
