//! Checks that the files exist which Markdown documents name in code font.

use super::violation::Violation;

/// A name with one of these endings is taken for a file of the project.
const FILE_ENDS: [&str; 11] =
    [".rs", ".sql", ".js", ".mjs", ".md", ".toml", ".json", ".css", ".yml", ".txt", ".sha256"];

/// Generated files, and files that a guide tells the reader to create.
const NOT_TRACKED: [&str; 3] = ["target/", "node_modules/", ".dev.vars"];

/// Names in examples, and a file that the project intentionally does not have.
const EXAMPLES: [&str; 4] =
    ["foo.rs", "mod.rs", "20261203_01_praise_labels.sql", "rust-toolchain.toml"];

/// Checks a document. `tracked` lists the files of the project.
///
/// A name may omit its first folders: a table about `edge/src/payments` writes `praise/book.rs`. A
/// name with a placeholder (`<name>`, `{slug}`, `*`, `…`) is skipped.
pub fn check(path: &str, text: &str, tracked: &[String]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut in_block = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        if in_block {
            continue;
        }
        for name in code_spans(line).filter(|name| names_a_file(name, tracked)) {
            if !exists(name, tracked) {
                violations.push(Violation {
                    place: path.to_owned(),
                    line: index + 1,
                    rule: format!("{name} does not exist: name the file as it is called now"),
                });
            }
        }
    }
    violations
}

/// The texts in code font in a line.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn names_a_file(name: &str, tracked: &[String]) -> bool {
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    if !is_plain
        || name.starts_with(['/', '-'])
        || EXAMPLES.contains(&name)
        || NOT_TRACKED.iter().any(|no| name.contains(no))
    {
        return false;
    }
    let has_end = FILE_ENDS.iter().any(|end| name.len() > end.len() && name.ends_with(end));
    has_end || is_below_a_folder(name, tracked)
}

/// Whether the name starts with a top-level folder of the project.
fn is_below_a_folder(name: &str, tracked: &[String]) -> bool {
    name.split_once('/').is_some_and(|(folder, _)| {
        let top = format!("{folder}/");
        tracked.iter().any(|file| file.starts_with(&top))
    })
}

fn exists(name: &str, tracked: &[String]) -> bool {
    let name = name.trim_end_matches('/');
    let (end, inside) = (format!("/{name}"), format!("/{name}/"));
    tracked.iter().any(|file| {
        let file = format!("/{file}");
        file.ends_with(&end) || file.contains(&inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(text: &str) -> Vec<(usize, String)> {
        let tracked = ["edge/src/payments/praise/book.rs", "tests/tests/races/caps.rs"];
        let tracked: Vec<String> = tracked.map(str::to_owned).into();
        check("README.md", text, &tracked).into_iter().map(|one| (one.line, one.rule)).collect()
    }

    #[test]
    fn accepts_files_folders_and_the_ends_of_their_paths() {
        for name in [
            "edge/src/payments/praise/book.rs",
            "praise/book.rs",
            "tests/tests/races/",
            "edge/src/payments",
        ] {
            assert_eq!(missing(&format!("See `{name}`.")), [], "{name}");
        }
    }

    #[test]
    fn finds_files_and_folders_that_do_not_exist() {
        for name in ["praise/room.rs", "tests/tests/storm/", "edge/src/payment", "ok.rs"] {
            let found = missing(&format!("First line.\n| `book.rs` | `{name}` |\n"));
            assert_eq!(found.len(), 1, "{name}: {found:?}");
            assert!(found[0].0 == 2 && found[0].1.starts_with(name), "{found:?}");
        }
    }

    #[test]
    fn skips_what_is_no_name_of_a_file() {
        for text in [
            "`edge/src/provider/<name>.rs`",
            "`target/test-logs/`",
            "`/a/{slug}`",
            "`jobs::wake`",
            "edge/src/no_code_font.rs",
            "```sh\ncat `edge/src/none.rs`\n```",
        ] {
            assert_eq!(missing(text), [], "{text}");
        }
    }
}
