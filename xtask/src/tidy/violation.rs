//! Violations of the project's rules.

use std::fmt;

/// A violation of a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    /// The file or the package.
    pub place: String,
    /// The line, counted from one; zero if there is none.
    pub line: usize,
    /// What is wrong and what to do.
    pub rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.place, self.rule),
            line => write!(f, "{}:{line}: {}", self.place, self.rule),
        }
    }
}
