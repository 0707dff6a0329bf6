//! Rules for the text of migrations. `edge/migrations/README.md` gives the reasons.

use std::collections::BTreeSet;

use super::script::{Kind, Statement, statements, tokens};
use super::{PRODUCT, SANDBOX};

/// Characters that are not allowed in comments, because they confuse statement splitters.
const NOT_IN_COMMENTS: [char; 4] = ['\'', '"', '`', ';'];

/// The violations in a folder of migrations: file, line and reason.
fn problems<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut found = Vec::new();
    let mut existing = BTreeSet::new();
    for (name, text) in files {
        let mut report = |start: usize, what: String| {
            let line = text[..start].matches('\n').count() + 1;
            found.push(format!("{name}:{line}: {what}"));
        };
        if !is_dated(name) {
            report(0, "the name is not like 20261128_01_people.sql".to_owned());
        }
        characters(text, &mut report);
        let all = statements(text);
        for statement in &all {
            let start = statement.span().start;
            if let Some(what) = not_repeatable(statement, all.len()) {
                report(start, what);
            }
            if let Some((kind, object)) = statement.object() {
                if statement.starts("drop") {
                    existing.remove(object);
                } else if !existing.insert(object) {
                    report(start, format!("{object} exists, so this has no effect: drop it first"));
                }
                if kind == "trigger" && statement.starts("create") {
                    trigger(text, statement, &mut report);
                }
            }
        }
    }
    found
}

/// Whether the name is a date, a number and a subject.
fn is_dated(name: &str) -> bool {
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let subject = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    let Some(stem) = name.strip_suffix(".sql") else { return false };
    match stem.splitn(3, '_').collect::<Vec<_>>()[..] {
        [date, number, rest] => digits(date, 8) && digits(number, 2) && subject(rest),
        _ => false,
    }
}

/// Checks line ends and comments.
fn characters(text: &str, report: &mut impl FnMut(usize, String)) {
    if let Some(place) = text.find('\r') {
        report(place, "the line ends in CRLF".to_owned());
    }
    for token in tokens(text).iter().filter(|token| token.kind == Kind::Comment) {
        if token.text.starts_with("/*") {
            report(token.start, "the comment does not start with --".to_owned());
        }
        if let Some(c) = token.text.chars().find(|c| NOT_IN_COMMENTS.contains(c)) {
            report(token.start, format!("the comment contains the character {c}"));
        }
    }
}

/// Why a statement would fail or change something when its file is applied a second time.
fn not_repeatable(statement: &Statement, in_file: usize) -> Option<String> {
    let what = if statement.starts("create") {
        match statement.has("if not exists") {
            true => return None,
            false => "CREATE without IF NOT EXISTS",
        }
    } else if statement.starts("drop") {
        match statement.has("if exists") {
            true => return None,
            false => "DROP without IF EXISTS",
        }
    } else if statement.starts("insert") {
        match statement.starts("insert or ignore") || statement.has("where not exists") {
            true => return None,
            false => "INSERT without OR IGNORE or WHERE NOT EXISTS",
        }
    } else if statement.starts("update") {
        match statement.has("where") {
            true => return None,
            false => "UPDATE without WHERE",
        }
    } else if statement.starts("alter") {
        match in_file {
            1 => return None,
            _ => "ALTER cannot be repeated, so it must be the only statement of its file",
        }
    } else {
        "this kind of statement is not known to be repeatable"
    };
    Some(what.to_owned())
}

/// Checks what statement splitters need to keep a trigger in one piece.
fn trigger(text: &str, statement: &Statement, report: &mut impl FnMut(usize, String)) {
    let spaced = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let mut ends = 0;
    for token in &statement.tokens {
        let before = text[..token.start].chars().next_back();
        let after = text[token.span().end..].chars().next();
        if token.is("case") {
            report(token.start, "CASE in a trigger".to_owned());
        }
        if token.is("begin") && !(token.text == "BEGIN" && spaced(before) && spaced(after)) {
            report(token.start, "BEGIN is not in capitals between white space".to_owned());
        }
        if token.is("end") {
            ends += 1;
            if !(token.text == "END" && spaced(before) && after == Some(';')) {
                report(token.start, "the trigger does not end in END; in capitals".to_owned());
            }
        }
    }
    if ends != 1 {
        report(statement.span().start, format!("the trigger has END {ends} times"));
    }
}

#[test]
fn migrations_are_written_so_that_d1_takes_them_whole_and_twice() {
    for migrations in [PRODUCT, SANDBOX] {
        let files = migrations.files();
        let found = problems(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        assert!(found.is_empty(), "edge/{}: {found:#?}", migrations.folder);
    }
}

#[test]
fn detects_each_violation() {
    let trigger =
        |body: &str| format!("CREATE TRIGGER IF NOT EXISTS t BEFORE INSERT ON a\n{body}\n");
    let planted = [
        (
            "20261128_01_x.sql",
            trigger("BEGIN\n  SELECT CASE NEW.b WHEN 1 THEN 2 END;\nEND;"),
            3,
            "CASE",
        ),
        (
            "20261128_01_x.sql",
            trigger("WHEN CASE NEW.b WHEN 1 THEN 2 END\nBEGIN\n  SELECT 1;\nEND;"),
            2,
            "CASE",
        ),
        ("20261128_01_x.sql", trigger("begin\n  SELECT 1;\nEND;"), 2, "BEGIN"),
        ("20261128_01_x.sql", trigger("WHEN (NEW.b)BEGIN\n  SELECT 1;\nEND;"), 2, "BEGIN"),
        ("20261128_01_x.sql", trigger("BEGIN\n  SELECT 1;\nend;"), 4, "END;"),
        ("20261128_01_x.sql", trigger("BEGIN\n  SELECT 1;END;"), 3, "END;"),
        ("20261128_01_x.sql", trigger("BEGIN\n  SELECT 1;\nEND ;"), 4, "END;"),
        ("20261128_01_x.sql", "CREATE TABLE a (b);\n".to_owned(), 1, "CREATE without"),
        ("20261128_01_x.sql", "CREATE UNIQUE INDEX i ON a (b);\n".to_owned(), 1, "CREATE without"),
        ("20261128_01_x.sql", "CREATE VIEW v AS SELECT 1;\n".to_owned(), 1, "CREATE without"),
        ("20261128_01_x.sql", "\nDROP TABLE a;\n".to_owned(), 2, "DROP without"),
        ("20261128_01_x.sql", "INSERT INTO a VALUES (1);\n".to_owned(), 1, "INSERT without"),
        ("20261128_01_x.sql", "UPDATE a SET b = b + 1;\n".to_owned(), 1, "UPDATE without"),
        ("20261128_01_x.sql", "PRAGMA optimize;\n".to_owned(), 1, "not known"),
        (
            "20261128_01_x.sql",
            "DROP TABLE IF EXISTS a;\nALTER TABLE c ADD COLUMN d;\n".to_owned(),
            2,
            "only statement",
        ),
        (
            "20261128_01_x.sql",
            "CREATE TABLE IF NOT EXISTS a (b);\nCREATE TABLE IF NOT EXISTS a (c);\n".to_owned(),
            2,
            "has no effect",
        ),
        (
            "20261128_01_x.sql",
            "-- It's here.\nDROP TABLE IF EXISTS a;\n".to_owned(),
            1,
            "character '",
        ),
        (
            "20261128_01_x.sql",
            "-- A \"name\".\nDROP TABLE IF EXISTS a;\n".to_owned(),
            1,
            "character \"",
        ),
        (
            "20261128_01_x.sql",
            "-- A `name`.\nDROP TABLE IF EXISTS a;\n".to_owned(),
            1,
            "character `",
        ),
        (
            "20261128_01_x.sql",
            "CREATE TABLE IF NOT EXISTS a (\n  b -- one; two\n);\n".to_owned(),
            2,
            "character ;",
        ),
        ("20261128_01_x.sql", "/* A */\nDROP TABLE IF EXISTS a;\n".to_owned(), 1, "start with --"),
        ("20261128_01_x.sql", "-- A\r\nDROP TABLE IF EXISTS a;\r\n".to_owned(), 1, "CRLF"),
        ("people.sql", "DROP TABLE IF EXISTS a;\n".to_owned(), 1, "20261128_01_people.sql"),
        (
            "20261128_1_people.sql",
            "DROP TABLE IF EXISTS a;\n".to_owned(),
            1,
            "20261128_01_people.sql",
        ),
    ];
    for (name, text, line, part) in &planted {
        let found = problems([(*name, text.as_str())]);
        let place = format!("{name}:{line}: ");
        let is_found =
            found.iter().any(|problem| problem.starts_with(&place) && problem.contains(part));
        assert!(is_found, "{part} in line {line} was not noticed in:\n{text}{found:#?}");
    }
}

#[test]
fn accepts_a_change_that_can_be_repeated() {
    let files = [
        ("20261128_01_a.sql", "-- A table.\nCREATE TABLE IF NOT EXISTS a (b);\n"),
        ("20261129_01_b.sql", "ALTER TABLE a ADD COLUMN c;\n"),
        (
            "20261129_02_c.sql",
            "UPDATE a SET c = b WHERE c IS NULL;\nDROP TRIGGER IF EXISTS t;\n\
             CREATE TRIGGER IF NOT EXISTS t BEFORE INSERT ON a\nBEGIN\n  SELECT 'CASE; END';\nEND;\n",
        ),
    ];
    assert_eq!(problems(files), Vec::<String>::new());
}
