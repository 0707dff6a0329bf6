//! What breaks a rule.

use std::fmt;

/// A breach of a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    /// File, or package.
    pub place: String,
    /// Counted from one; zero where there is no line.
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
