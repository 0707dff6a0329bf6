//! Rules about single files.

use super::{
    code::{code_only, has_word, without_tests},
    violation::Violation,
};

/// The most lines of a Rust file.
const LINES_MAX: usize = 600;

/// Files that may name floating point types. D1 passes integers as doubles; its files convert them,
/// and check that a double holds the integer exactly. JSON can contain fractions, and each field
/// that is an amount refuses them.
const FLOATS_ALLOWED: [&str; 3] =
    ["edge/src/database.rs", "edge/src/database/d1.rs", "edge/src/http/json.rs"];

/// Clocks and randomness: `shared` depends only on its arguments.
const NOT_IN_SHARED: [&str; 5] = ["SystemTime", "Instant", "rand", "getrandom", "js_sys"];

/// Code that must not be committed. Each is written in two parts, because this file is checked too.
const UNFINISHED: [&str; 4] = [
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("#[ig", "nore"),
    concat!("db", "g!("),
];

/// Checks a file by itself. Binary files have no rules.
pub fn check(path: &str, bytes: &[u8]) -> Vec<Violation> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Vec::new();
    };
    if text.contains('\0') {
        return Vec::new();
    }
    let mut found = Findings { path, violations: Vec::new() };
    found.check_lines(text);
    if path.ends_with(".rs") {
        found.check_rust(text);
    }
    found.violations
}

struct Findings<'a> {
    path: &'a str,
    violations: Vec<Violation>,
}

impl Findings<'_> {
    fn add(&mut self, line: usize, rule: impl Into<String>) {
        self.violations.push(Violation { place: self.path.to_owned(), line, rule: rule.into() });
    }

    fn check_lines(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                self.add(index + 1, "white space at the end of the line");
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            self.add(text.lines().count(), "no newline at the end of the file");
        }
    }

    fn check_rust(&mut self, text: &str) {
        if self.path.ends_with("/mod.rs") {
            self.add(0, "use foo.rs beside foo/ instead of foo/mod.rs");
        }
        let length = text.lines().count();
        if length > LINES_MAX {
            self.add(0, format!("{length} lines, at most {LINES_MAX} are allowed: split it"));
        }
        let code = code_only(text);
        self.check_words(&code);
        let is_test = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        if self.path.starts_with("edge/src/") && !is_test {
            for (index, line) in without_tests(&code).lines().enumerate() {
                if line.contains(".unwrap()") || line.contains(".expect(") {
                    self.add(index + 1, "a request must not panic: return an error instead");
                }
            }
        }
    }

    fn check_words(&mut self, code: &str) {
        let shared = self.path.starts_with("shared/src/");
        let edge = self.path.starts_with("edge/src/");
        for (index, line) in code.lines().enumerate() {
            let number = index + 1;
            for unfinished in UNFINISHED {
                if line.contains(unfinished) {
                    self.add(number, format!("remove {unfinished}: it must not be committed"));
                }
            }
            let floats = has_word(line, "f32") || has_word(line, "f64");
            if floats && (shared || edge) && !FLOATS_ALLOWED.contains(&self.path) {
                self.add(number, "no floating point near money: use integers of the minor unit");
            }
            if shared && let Some(word) = NOT_IN_SHARED.iter().find(|word| has_word(line, word)) {
                let rule = "`shared` has no clock and no randomness: take the value as an argument";
                self.add(number, format!("{word}: {rule}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(usize, String)> {
        check(path, text.as_bytes()).into_iter().map(|found| (found.line, found.rule)).collect()
    }

    fn assert_one(path: &str, text: &str, line: usize, rule: &str) {
        let found = rules(path, text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == line && found[0].1.contains(rule), "{found:?}");
    }

    #[test]
    fn accepts_a_file_without_violations() {
        assert!(
            rules("shared/src/money.rs", "//! No f64.\nconst RAND: &str = \"f64\";\n").is_empty()
        );
        assert!(check("public/icon.png", b"\x89PNG\r\n \n\xff").is_empty());
        assert!(rules("README.md", "").is_empty());
    }

    #[test]
    fn finds_white_space_and_missing_newlines() {
        assert_one("README.md", "a \nb\n", 1, "white space");
        assert_one("README.md", "a\r\nb\n", 1, "white space");
        assert_one("public/a.css", "a\nb", 2, "newline");
    }

    #[test]
    fn finds_floats_near_money() {
        assert_one("shared/src/money.rs", "fn a(x: f64) {}\n", 1, "floating point");
        assert_one("edge/src/ledger.rs", "fn a() -> f32 {\n", 1, "floating point");
        assert!(rules("edge/src/database/d1.rs", "fn a(x: f64) {}\n").is_empty());
        assert!(rules("app/src/chart.rs", "fn a(x: f64) {}\n").is_empty());
    }

    #[test]
    fn finds_clocks_and_randomness_in_shared() {
        for word in NOT_IN_SHARED {
            assert_one("shared/src/time.rs", &format!("use x::{word};\n"), 1, word);
            assert!(rules("edge/src/time.rs", &format!("use x::{word};\n")).is_empty());
        }
    }

    #[test]
    fn finds_unfinished_code() {
        for unfinished in UNFINISHED {
            assert_one("app/src/lib.rs", &format!("\n{unfinished}\n"), 2, "must not be committed");
        }
    }

    #[test]
    fn finds_panics_on_request_paths() {
        assert_one("edge/src/praise.rs", "a.unwrap();\n", 1, "panic");
        assert_one("edge/src/praise.rs", "a.expect(\"b\");\n", 1, "panic");
        let in_test = "#[cfg(test)]\nmod tests {\n    fn a() { b.unwrap(); }\n}\n";
        assert!(rules("edge/src/praise.rs", in_test).is_empty());
        assert_one("edge/src/praise.rs", &format!("{in_test}c.unwrap();\n"), 5, "panic");
        assert!(rules("edge/src/praise/tests.rs", "a.unwrap();\n").is_empty());
        assert!(rules("edge/src/praise.rs", "a.unwrap_or(b);\n").is_empty());
    }

    #[test]
    fn finds_long_files_and_mod_files() {
        let rule = "601 lines";
        assert_one("app/src/a.rs", &"\n".repeat(LINES_MAX + 1), 0, rule);
        assert!(rules("app/src/a.rs", &"\n".repeat(LINES_MAX)).is_empty());
        assert_one("app/src/a/mod.rs", "", 0, "mod.rs");
    }
}
