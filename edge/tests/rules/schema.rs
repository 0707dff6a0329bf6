//! The rules that the schema enforces. They are read from a migrated database, and searched in the
//! migrations to get their file and line.

use edge::database::sqlite::Sqlite;

use super::sources::{Place, Source, Sources};

const MIGRATIONS: &str = "edge/migrations/";
const GUARDS: &str = "edge/tests/use_cases/guards/";

/// A rule that a trigger raises.
pub struct Rule {
    /// The code after `rule:` in the message.
    pub code: String,
    /// The trigger.
    pub trigger: String,
    /// Where the trigger raises it.
    pub place: Place,
    /// Where a test violates it.
    pub proof: Option<Place>,
}

/// A CHECK with a name.
pub struct Check {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub place: Place,
    /// Where a test violates it.
    pub proof: Option<Place>,
}

/// All rules in force.
pub struct Schema {
    /// The rules of triggers, ordered by trigger.
    pub rules: Vec<Rule>,
    /// The named CHECKs, ordered by name.
    pub checks: Vec<Check>,
}

impl Schema {
    /// Migrates a database and reads its schema.
    pub fn read(sources: &Sources) -> Schema {
        let migrations: Vec<&Source> = sources.below(MIGRATIONS).collect();
        let texts: Vec<&str> = migrations.iter().map(|source| source.text.as_str()).collect();
        let database = Sqlite::with_migrations(&texts).expect("the migrations apply");
        let mut rules = Vec::new();
        for (trigger, text) in objects(&database, "trigger") {
            let (source, start) = last(&migrations, &text, &trigger);
            for (code, at) in raised(&text) {
                // A trigger may raise the same rule twice.
                let known = |rule: &Rule| rule.trigger == trigger && rule.code == code;
                if !rules.iter().any(known) {
                    let proof = violation(sources, &trigger, &code);
                    let place = source.place(start + at);
                    rules.push(Rule { code, trigger: trigger.clone(), place, proof });
                }
            }
        }
        let mut checks = Vec::new();
        for (table, text) in objects(&database, "table") {
            for name in names_of_checks(&text) {
                let (source, start) = last(&migrations, &constraint(&name), &table);
                let in_list = format!("\"{name}\",");
                let list = sources.one(&format!("{GUARDS}checks.rs"));
                let proof = list.first_line(|line| line.contains(&in_list));
                checks.push(Check { name, place: source.place(start), proof });
            }
        }
        checks.sort_by(|one, other| one.name.cmp(&other.name));
        Schema { rules, checks }
    }

    /// Returns the triggers that raise a rule.
    pub fn raising<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(move |rule| rule.code == code)
    }
}

/// Name and text of every object of a kind.
fn objects(database: &Sqlite, kind: &str) -> Vec<(String, String)> {
    let connection = database.connection();
    let mut statement = connection
        .prepare(
            "SELECT name, sql FROM sqlite_master
             WHERE type = ?1 AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .expect("the schema can be read");
    let rows = statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.expect("rows").collect::<Result<_, _>>().expect("texts")
}

/// The last migration that contains this text, and the position. SQLite stores the text of a
/// trigger as it was written.
fn last<'a>(migrations: &[&'a Source], text: &str, what: &str) -> (&'a Source, usize) {
    // SQLite removes the IF NOT EXISTS, so search for the text after it.
    let (skipped, text) = match text.strip_prefix("CREATE TRIGGER ") {
        Some(rest) => (text.len() - rest.len(), rest),
        None => (0, text),
    };
    let find = |source: &&'a Source| source.text.rfind(text)?.checked_sub(skipped);
    let found = migrations.iter().rev().find_map(|source| Some((*source, find(source)?)));
    found.unwrap_or_else(|| panic!("{what}: no migration has {text}"))
}

/// The rules that a trigger raises, with their positions in its text.
fn raised(text: &str) -> Vec<(String, usize)> {
    let code = |(at, _): (usize, &str)| {
        let rest = &text[at + "'rule:".len()..];
        (rest.split('\'').next().unwrap_or_default().to_owned(), at)
    };
    text.match_indices("'rule:").map(code).collect()
}

fn constraint(name: &str) -> String {
    format!("CONSTRAINT {name} CHECK")
}

fn names_of_checks(table: &str) -> Vec<String> {
    let words: Vec<&str> = table.split_whitespace().collect();
    let named = words.windows(3).filter(|words| words[0] == "CONSTRAINT" && words[2] == "CHECK");
    named.map(|words| words[1].to_owned()).collect()
}

/// Where a test violates a rule of a trigger. Most rules have their own SQL. Immutable columns and
/// transitions of state machines are listed, and the tests try all of them.
fn violation(sources: &Sources, trigger: &str, rule: &str) -> Option<Place> {
    let head = format!("-- {trigger}: {rule}");
    let folder = format!("{GUARDS}violations/");
    let own = sources.below(&folder).find_map(|source| source.first_line(|line| line == head));
    let in_list = |file: &str, name: &str| {
        let entry = format!("\"{name}\",");
        sources.one(&format!("{GUARDS}{file}")).first_line(|line| line.contains(&entry))
    };
    own.or_else(|| in_list("immutable_columns.rs", trigger)).or_else(|| {
        let machine = match trigger {
            "praise_book" => "praise",
            other => other.strip_suffix("_step").or_else(|| other.strip_suffix("_start"))?,
        };
        (rule == "transition").then(|| in_list("state_machines.rs", machine))?
    })
}
