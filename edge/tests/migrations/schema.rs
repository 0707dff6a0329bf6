//! The files that show the current schema. They are generated from the migrations, and these tests
//! check that they are up to date.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::convergence::{apply, empty};
use super::script::statements;
use super::{Migrations, PRODUCT, SANDBOX, package};

/// An object of a schema, as SQLite stores it.
struct Object {
    kind: String,
    name: String,
    table: String,
    sql: String,
}

/// All objects of a schema, in the order in which they were created.
fn objects(db: &Connection) -> Vec<Object> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_master
               WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut query = db.prepare(sql).expect("a query");
    let rows = query.query_map([], |row| {
        Ok(Object { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
    });
    rows.expect("rows").map(|row| row.expect("an object")).collect()
}

/// The schema as text: each table with its indexes and triggers below it, then the views. The
/// comments are those above the newest definition in the migrations.
fn shown(migrations: &Migrations) -> String {
    let files = migrations.files();
    let db = empty();
    files.iter().for_each(|(name, text)| apply(&db, name, text));
    let mut comments = BTreeMap::new();
    for statement in files.iter().flat_map(|(_, text)| statements(text)) {
        if let Some((_, name)) = statement.object() {
            comments.insert(name, statement.comment);
        }
    }

    let all = objects(&db);
    let of = |kind: &'static str| all.iter().filter(move |object| object.kind == kind);
    let mut text = format!(
        "-- The schema that the migrations in edge/{} make. Generated: do not edit.\n\
         -- To write it anew: {}\n",
        migrations.folder,
        command(),
    );
    let mut last_kind = "";
    let mut add = |object: &Object| {
        let comment = comments.get(object.name.as_str()).cloned().unwrap_or_default();
        let is_list = object.kind == "index" && last_kind == "index" && comment.is_empty();
        text.push_str(if is_list { "" } else { "\n" });
        comment.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        text.push_str(&format!("{};\n", object.sql));
        last_kind = if object.kind == "index" { "index" } else { "" };
    };
    for table in of("table") {
        add(table);
        of("index")
            .chain(of("trigger"))
            .filter(|object| object.table == table.name)
            .for_each(&mut add);
    }
    of("view").for_each(&mut add);
    text
}

/// The command that generates the files.
fn command() -> &'static str {
    "UPDATE_SNAPSHOTS=1 cargo test -p edge --features sandbox --test migrations"
}

fn is_current(migrations: &Migrations) {
    let path = package().join(migrations.schema);
    let generated = shown(migrations);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &generated).expect("the schema can be written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let different = generated.lines().zip(committed.lines()).position(|(new, old)| new != old);
    let line = different.unwrap_or(committed.lines().count().min(generated.lines().count())) + 1;
    assert!(
        generated == committed,
        "edge/{} does not match edge/{}, first in line {line}. Generate it again:\n  {}",
        migrations.schema,
        migrations.folder,
        command(),
    );
}

fn is_complete(migrations: &Migrations) {
    let db = empty();
    apply(&db, migrations.schema, &shown(migrations));
    let from_schema: BTreeMap<_, _> = objects(&db).into_iter().map(|o| (o.name, o.sql)).collect();
    let db = empty();
    migrations.files().iter().for_each(|(name, text)| apply(&db, name, text));
    let from_files: BTreeMap<_, _> = objects(&db).into_iter().map(|o| (o.name, o.sql)).collect();
    assert_eq!(from_schema, from_files);
}

#[test]
fn is_committed_as_generated() {
    is_current(&PRODUCT);
    is_current(&SANDBOX);
}

#[test]
fn shows_everything_in_the_schema() {
    is_complete(&PRODUCT);
    is_complete(&SANDBOX);
}
