//! Problems in the code: where each is raised, and which test asserts it.

use shared::problem::Problem;

use super::sources::{Place, Sources};

/// Places that are shown; more would say no more.
const SHOWN: usize = 3;

/// Files that name problems without raising them.
const NOT_RAISING: [&str; 4] = [
    // What the OpenAPI document lists.
    "edge/src/http/openapi/",
    // The sandbox is not the product.
    "edge/src/http/sandbox/",
    "shared/src/problem.rs",
    "shared/src/problem/",
];

/// A problem as the code writes it: `Problem::OwnArticle`, `AmountError::Missing`.
fn written(problem: &Problem) -> String {
    let name = |debug: String| {
        let end = debug.find(|c: char| !c.is_alphanumeric()).unwrap_or(debug.len());
        debug[..end].to_owned()
    };
    match problem {
        Problem::Amount(error) => format!("AmountError::{}", name(format!("{error:?}"))),
        Problem::Text { error, .. } => format!("TextError::{}", name(format!("{error:?}"))),
        other => format!("Problem::{}", name(format!("{other:?}"))),
    }
}

/// Where the name stands in a line, as a word of its own.
fn named_at(line: &str, name: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole =
        |at: &usize| !line[..*at].ends_with(part) && !line[at + name.len()..].starts_with(part);
    line.match_indices(name).map(|(at, _)| at).find(is_whole)
}

/// Whether a line makes this value, instead of comparing or matching it.
fn makes(line: &str, name: &str) -> bool {
    let Some(at) = named_at(line, name) else { return false };
    let (before, after) = (&line[..at], &line[at + name.len()..]);
    let is_comment = before.trim_start().starts_with("//");
    let is_compared = ["== ", "!= ", "| ", "&"].iter().any(|sign| before.ends_with(sign));
    let is_pattern =
        after.contains("=>") || before.contains("matches!(") || before.contains("let ");
    // `let expected = …` begins a value that is made; `let Err(Problem::X) =` does not.
    let is_bound = before.contains("let ") && before.contains('=');
    !is_comment && !is_compared && (!is_pattern || is_bound && !after.contains("=>"))
}

/// Where a problem is raised, at most [`SHOWN`] places.
pub fn raised(sources: &Sources, problem: &Problem) -> Vec<Place> {
    let name = written(problem);
    let folders = ["edge/src/", "shared/src/"];
    let files = folders.iter().flat_map(|folder| sources.below(folder));
    let files = files.filter(|source| !NOT_RAISING.iter().any(|no| source.path.starts_with(no)));
    let places = files.flat_map(|source| {
        let lines = source.product_lines().filter(|(_, line)| makes(line, &name));
        lines.map(|(line, _)| Place { path: source.path.clone(), line }).collect::<Vec<_>>()
    });
    places.take(SHOWN).collect()
}

/// The first test that asserts a problem by its code or by its variant, and the test's name. Tests
/// from outside come first: they see what a caller sees.
pub fn asserted<'a>(sources: &'a Sources, problem: &Problem) -> Option<(Place, &'a str)> {
    let quoted = format!("\"{}\"", problem.code());
    let variant = written(problem);
    let folders = ["tests/tests/", "edge/tests/use_cases/"];
    let files = folders.iter().flat_map(|folder| sources.below(folder));
    files.filter(|source| source.path.ends_with(".rs")).find_map(|source| {
        let names = |line: &str| line.contains(&quoted) || named_at(line, &variant).is_some();
        let place =
            source.first_line(|line| !line.trim_start().starts_with("//") && names(line))?;
        let function = source.function_at(place.line)?;
        Some((place, function))
    })
}

/// Where the code knows a rule of the schema by name, and does not only report it.
pub fn handled(sources: &Sources, rule: &str) -> Vec<Place> {
    let quoted = format!("\"{rule}\"");
    let mut places = Vec::new();
    for source in sources.below("edge/src/") {
        for (line, text) in source.product_lines() {
            let is_arm = text.trim_start().trim_start_matches("| ").starts_with(&quoted)
                || text.contains(&format!("({quoted}"));
            let is_rule = text.contains("rule") || source.text.contains("fn refusal(") && is_arm;
            if text.contains(&quoted) && is_rule {
                places.push(Place { path: source.path.clone(), line });
            }
        }
    }
    places
}
