//! No SELECT or UPDATE of reconciliation scans a table: movements, bill rows and differences are
//! found by index.

use super::*;

/// The sources with their SQL.
const SOURCES: &[&str] = &[
    include_str!("../../../../src/payments/reconcile/difference.rs"),
    include_str!("../../../../src/payments/reconcile/explanation.rs"),
    include_str!("../../../../src/payments/reconcile/explanation/settlement.rs"),
    include_str!("../../../../src/payments/reconcile/funds.rs"),
    include_str!("../../../../src/payments/reconcile/matching.rs"),
    include_str!("../../../../src/payments/reconcile/recover.rs"),
];

/// The whole statements among the string literals, with `NULL` for each parameter. For an INSERT, a
/// plan also names scans for deferred references, which do not run.
fn statements(source: &str) -> Vec<String> {
    let starts = ["SELECT ", "UPDATE "];
    let whole = |text: &&str| starts.iter().any(|start| text.starts_with(start));
    let literals = source.split('"').skip(1).step_by(2).filter(whole);
    // Parts of a statement, which macros put together.
    let literals = literals.filter(|text| !text.trim_end().ends_with(['D', 'E', '(']));
    let without_parameters = |text: &str| {
        (1..=20).rev().fold(text.to_owned(), |text, n| text.replace(&format!("?{n}"), "NULL"))
    };
    literals.map(without_parameters).collect()
}

#[test]
fn no_statement_scans_a_table() {
    let fixture = Fixture::new(Currency::Cny);
    fixture.world.skip_self_check();
    let statements: Vec<String> = SOURCES.iter().flat_map(|source| statements(source)).collect();
    assert!(statements.len() > 12, "{}", statements.len());
    for sql in statements {
        for step in fixture.world.rows(&format!("EXPLAIN QUERY PLAN {sql}")) {
            let step = step["detail"].as_str().unwrap().to_owned();
            let is_small = step.contains("json_each") || step.contains("CONSTANT ROW");
            assert!(!step.starts_with("SCAN") || is_small, "{step}: {sql}");
        }
    }
}
