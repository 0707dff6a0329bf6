//! Finds where the code raises each problem, and which test asserts it.

use shared::problem::Problem;

use super::sources::{Place, Source, Sources};

/// The maximum number of places shown for a problem.
const SHOWN: usize = 3;

/// Files that name problems without raising them.
const NOT_RAISING: [&str; 4] = [
    // The lists of problems for the OpenAPI document.
    "edge/src/http/openapi/",
    // Not part of the product.
    "edge/src/http/sandbox/",
    "shared/src/problem.rs",
    "shared/src/problem/",
];

/// A problem as it is written in code: `Problem::OwnArticle`, `AmountError::Missing`.
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

/// The position of a name in a line, as a whole word.
fn named_at(line: &str, name: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole =
        |at: &usize| !line[..*at].ends_with(part) && !line[at + name.len()..].starts_with(part);
    line.match_indices(name).map(|(at, _)| at).find(is_whole)
}

/// Whether a line creates this value, instead of comparing or matching it.
fn makes(line: &str, name: &str) -> bool {
    let Some(at) = named_at(line, name) else { return false };
    let (before, after) = (&line[..at], &line[at + name.len()..]);
    let is_comment = before.trim_start().starts_with("//");
    // `map_err(|_| Problem::X)` creates a value, `Problem::Y | Problem::X` is a pattern.
    let is_closure = before.trim_end().ends_with('|') && before.matches('|').count() >= 2;
    let is_compared = ["== ", "!= "].iter().any(|sign| before.ends_with(sign))
        || (before.ends_with("| ") && !is_closure)
        || (before.ends_with('&') && !before.ends_with("(&"));
    let is_pattern =
        after.contains("=>") || before.contains("matches!(") || before.contains("let ");
    // `let expected = …` creates a value, `let Err(Problem::X) =` is a pattern.
    let is_bound = before.contains("let ") && before.contains('=');
    !is_comment && !is_compared && (!is_pattern || is_bound && !after.contains("=>"))
}

/// The first places where a problem is raised, at most [`SHOWN`].
pub fn raised(sources: &Sources, problem: &Problem) -> Vec<Place> {
    let name = written(problem);
    let folders = ["edge/src/", "shared/src/"];
    let files = folders.iter().flat_map(|folder| sources.below(folder));
    let files = files.filter(|source| !NOT_RAISING.iter().any(|no| source.path.starts_with(no)));
    let files = files.filter(|source| source.text.contains(&name));
    let places = files.flat_map(|source| {
        let lines = source.product_lines().filter(|(_, line)| makes(line, &name));
        lines.map(|(line, _)| Place { path: source.path.clone(), line }).collect::<Vec<_>>()
    });
    places.take(SHOWN).collect()
}

/// The first test that asserts a problem by its code or its variant, with the test's name. Tests
/// over HTTP come first, because they check what a caller gets.
pub fn asserted<'a>(sources: &'a Sources, problem: &Problem) -> Option<(Place, &'a str)> {
    let quoted = format!("\"{}\"", problem.code());
    let variant = written(problem);
    let folders = ["tests/tests/", "edge/tests/use_cases/"];
    let names = |line: &str| {
        !line.trim_start().starts_with("//")
            && (line.contains(&quoted) || named_at(line, &variant).is_some())
    };
    let outside = folders.iter().flat_map(|folder| sources.below(folder));
    let mentions =
        |source: &&Source| source.text.contains(&quoted) || source.text.contains(&variant);
    let outside: Vec<&Source> =
        outside.filter(|source| source.path.ends_with(".rs")).filter(mentions).collect();
    let places: Vec<(&Source, Place)> = outside
        .iter()
        .flat_map(|source| source.lines_where(names).map(|place| (*source, place)))
        .collect();
    // Prefer a test to a helper function.
    let in_a_test = places.iter().find(|(source, place)| source.is_in_a_test(place.line));
    let found = in_a_test.or(places.first()).cloned();
    // Last, the unit tests.
    let found = found.or_else(|| {
        let inside =
            ["shared/src/", "edge/src/"].into_iter().flat_map(|folder| sources.below(folder));
        inside
            .filter(mentions)
            .filter_map(|source| Some((source, source.first_test_line(names)?)))
            .next()
    });
    let (source, place) = found?;
    let function = source.function_at(place.line)?;
    Some((place, function))
}

/// Where the code handles a rule of the schema by name, instead of only reporting it.
pub fn handled(sources: &Sources, rule: &str) -> Vec<Place> {
    let quoted = format!("\"{rule}\"");
    let mut places = Vec::new();
    for source in sources.below("edge/src/").filter(|source| source.text.contains(&quoted)) {
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
