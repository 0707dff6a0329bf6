//! The source files from which the document is generated, and places in them.

use std::fmt;
use std::path::{Path, PathBuf};

/// The folders that are read.
const FOLDERS: [&str; 5] =
    ["edge/migrations", "edge/src", "edge/tests", "shared/src", "tests/tests"];

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A source file.
pub struct Source {
    /// Its path from the root of the repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The path from the root of the repository.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

/// A Markdown link from a document in `docs/`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { path, line } = self;
        write!(f, "[{path}:{line}](../{path}#L{line})")
    }
}

/// All source files, ordered by path.
pub struct Sources(Vec<Source>);

impl Sources {
    /// Reads all Rust and SQL files.
    pub fn read() -> Sources {
        let mut files = Vec::new();
        for folder in FOLDERS {
            find(&root().join(folder), &mut files);
        }
        let base = root();
        let mut sources: Vec<Source> = files
            .into_iter()
            .map(|file| {
                let text = std::fs::read_to_string(&file)
                    .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
                let path = file.strip_prefix(&base).expect("a path below the root");
                let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                Source { path: parts.join("/"), text }
            })
            .collect();
        sources.sort_by(|one, other| one.path.cmp(&other.path));
        Sources(sources)
    }

    /// The files whose paths start with this.
    pub fn below<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a Source> {
        self.0.iter().filter(move |source| source.path.starts_with(start))
    }

    /// The one file with this path.
    pub fn one(&self, path: &str) -> &Source {
        let found = self.0.iter().find(|source| source.path == path);
        found.unwrap_or_else(|| panic!("{path} is not there"))
    }
}

impl Source {
    /// The place of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        let line = self.text[..offset].matches('\n').count() + 1;
        Place { path: self.path.clone(), line }
    }

    /// The place of the first line that matches.
    pub fn first_line(&self, holds: impl Fn(&str) -> bool) -> Option<Place> {
        let line = self.text.lines().position(holds)? + 1;
        Some(Place { path: self.path.clone(), line })
    }

    /// The place of the first line that matches in the file's unit tests.
    pub fn first_test_line(&self, holds: impl Fn(&str) -> bool) -> Option<Place> {
        let tests = self.product_lines().count();
        let line = self.text.lines().skip(tests).position(holds)? + tests + 1;
        Some(Place { path: self.path.clone(), line })
    }

    /// The numbered lines before the file's unit tests.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        lines.enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The places of all lines that match.
    pub fn lines_where(&self, holds: impl Fn(&str) -> bool) -> impl Iterator<Item = Place> {
        let lines = self.text.lines().enumerate().filter(move |(_, text)| holds(text));
        lines.map(|(index, _)| Place { path: self.path.clone(), line: index + 1 })
    }

    /// Whether the function that contains a line is a test.
    pub fn is_in_a_test(&self, line: usize) -> bool {
        let lines: Vec<&str> = self.text.lines().take(line).collect();
        let Some(start) = lines.iter().rposition(|line| function_name(line).is_some()) else {
            return false;
        };
        let attributes = lines[..start].iter().rev().map(|line| line.trim());
        attributes.take_while(|line| line.starts_with("#[")).any(|line| line == "#[test]")
    }

    /// The function that contains a line: the last one that starts at or before it.
    pub fn function_at(&self, line: usize) -> Option<&str> {
        let lines: Vec<&str> = self.text.lines().take(line).collect();
        lines.iter().rev().find_map(|line| function_name(line))
    }
}

/// The name of the function that begins on this line.
fn function_name(line: &str) -> Option<&str> {
    let name = line.trim_start().trim_start_matches("pub ").trim_start_matches("async ");
    name.strip_prefix("fn ")?.split(['(', '<']).next()
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        let kind = path.extension().and_then(|kind| kind.to_str());
        if path.is_dir() {
            find(&path, files);
        } else if matches!(kind, Some("rs" | "sql")) {
            files.push(path);
        }
    }
}
