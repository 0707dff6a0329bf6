//! `docs/rules.md`: every rule with its code and sentences, where it is enforced, and the test that
//! proves it. The document is generated from the sources. The tests here check that it is up to
//! date and complete.

mod code;
mod document;
mod schema;
mod sources;

use std::collections::BTreeSet;

use shared::lang::Lang;
use shared::problem::{Problem, SCHEMA_CHECKS, SCHEMA_RULES};

use schema::Schema;
use sources::{Sources, root};

const DOCUMENT: &str = "docs/rules.md";

const WRITE: &str = "UPDATE_SNAPSHOTS=1 cargo test -p edge --all-features --test rules";

/// The problem that a rule of a trigger becomes if they have the same name.
fn problem_of(rule: &str) -> String {
    format!("rule.{rule}")
}

#[test]
fn the_document_is_current() {
    let sources = Sources::read();
    let generated = document::write(&sources, &Schema::read(&sources));
    let path = root().join(DOCUMENT);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &generated).expect("docs/rules.md can be written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let different = generated.lines().zip(committed.lines()).position(|(new, old)| new != old);
    let shorter = committed.lines().count().min(generated.lines().count());
    assert!(
        generated == committed,
        "{DOCUMENT} is out of date, first in line {}. Generate it again:\n  {WRITE}",
        different.unwrap_or(shorter) + 1,
    );
}

#[test]
fn every_rule_of_a_trigger_has_a_sentence_and_no_sentence_is_left_over() {
    let schema = Schema::read(&Sources::read());
    let problems: BTreeSet<String> =
        Problem::samples(Lang::En).iter().map(|problem| problem.code().to_owned()).collect();
    let raised: BTreeSet<&str> = schema.rules.iter().map(|rule| rule.code.as_str()).collect();
    assert!(raised.len() > 50, "only {} rules were found", raised.len());
    let own: BTreeSet<&str> =
        raised.into_iter().filter(|rule| !problems.contains(&problem_of(rule))).collect();
    let written: BTreeSet<&str> = SCHEMA_RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(own, written, "rules of triggers (left) and SCHEMA_RULES (right)");
}

#[test]
fn every_named_check_has_a_sentence_and_no_sentence_is_left_over() {
    let schema = Schema::read(&Sources::read());
    let named: BTreeSet<&str> = schema.checks.iter().map(|check| check.name.as_str()).collect();
    assert!(named.len() > 10, "only {} CHECKs were found", named.len());
    let written: BTreeSet<&str> = SCHEMA_CHECKS.iter().map(|check| check.code).collect();
    assert_eq!(named, written, "CHECKs with a name (left) and SCHEMA_CHECKS (right)");
}

#[test]
fn sentences_are_in_order_and_there_once() {
    for list in [SCHEMA_RULES, SCHEMA_CHECKS] {
        assert!(list.is_sorted_by(|one, next| one.code < next.code));
        for rule in list {
            assert!(rule.sentence(Lang::En).ends_with('.'), "{}", rule.code);
            assert!(rule.sentence(Lang::ZhHans).ends_with('。'), "{}", rule.code);
        }
    }
}

#[test]
fn every_rule_of_the_schema_has_a_violation() {
    let sources = Sources::read();
    let schema = Schema::read(&sources);
    let rules = schema.rules.iter().filter(|rule| rule.proof.is_none());
    let checks = schema.checks.iter().filter(|check| check.proof.is_none());
    let missing: Vec<String> = rules
        .map(|rule| format!("{} of {}", rule.code, rule.trigger))
        .chain(checks.map(|check| check.name.clone()))
        .collect();
    assert!(missing.is_empty(), "nothing violates {missing:#?}");
}

#[test]
fn every_problem_is_raised_somewhere_and_asserted_by_a_test() {
    let sources = Sources::read();
    let mut missing = Vec::new();
    for problem in Problem::samples(Lang::En) {
        if code::raised(&sources, &problem).is_empty() {
            missing.push(format!("nothing raises {}", problem.code()));
        }
        if code::asserted(&sources, &problem).is_none() {
            missing.push(format!("no test asserts {}", problem.code()));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
