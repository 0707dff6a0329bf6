//! Compares our page with its budgets: a limit that must be met, and a goal.

use std::fmt::Write as _;

use super::{
    samples::{Loads, Metric},
    table::value,
};
use crate::sizes::{READER_GOAL, READER_MUST};

/// A budget. Layout shift has only a goal.
struct Budget {
    what: &'static str,
    unit: &'static str,
    metric: Metric,
    must: Option<f64>,
    goal: f64,
}

const BUDGETS: [Budget; 5] = [
    Budget { what: "HTML + CSS", unit: " KB", metric: Metric::Page, must: Some(20.0), goal: 14.0 },
    Budget {
        what: "client code",
        unit: " KB",
        metric: Metric::Code,
        must: Some((READER_MUST / 1024) as f64),
        goal: (READER_GOAL / 1024) as f64,
    },
    Budget {
        what: "largest paint",
        unit: " ms",
        metric: Metric::LargestPaint,
        must: Some(1200.0),
        goal: 800.0,
    },
    Budget { what: "layout shift", unit: "", metric: Metric::Shift, must: None, goal: 0.0 },
    Budget {
        what: "tap on Praise → sheet",
        unit: " ms",
        metric: Metric::Open,
        must: Some(100.0),
        goal: 50.0,
    },
];

/// A row of the table of budgets.
pub struct Row {
    cells: [String; 4],
    /// Whether the limit that must be met is met.
    pub met: bool,
}

/// Compares the median of each metric with its budget.
pub fn check(loads: &Loads<'_>) -> Vec<Row> {
    BUDGETS.iter().map(|budget| budget.check(loads.quartiles(budget.metric).median)).collect()
}

impl Budget {
    fn check(&self, measured: f64) -> Row {
        let within = |limit| match measured <= limit {
            true => "met",
            false => "**not met**",
        };
        let shown = |number| format!("{}{}", value(self.metric, number), self.unit);
        let limit = |limit| match limit {
            Some(0.0) => "0: ".to_owned() + within(0.0),
            Some(limit) => format!("≤ {limit}{}: {}", self.unit, within(limit)),
            None => "–".to_owned(),
        };
        let what = self.what.to_owned();
        let cells = [what, shown(measured), limit(self.must), limit(Some(self.goal))];
        Row { cells, met: self.must.is_none_or(|must| measured <= must) }
    }
}

/// Writes the table of budgets in Markdown.
pub fn table(rows: &[Row]) -> String {
    let mut text = "| budget | measured | must | goal |\n| --- | ---: | --- | --- |\n".to_owned();
    for row in rows {
        let _ = writeln!(text, "| {} |", row.cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::samples::for_tests;
    use super::*;

    #[test]
    fn writes_limits_and_goals() {
        let samples = for_tests();
        let rows = check(&samples.of("a").unwrap());
        assert!(rows.iter().all(|row| row.met));
        let text = table(&rows);
        for row in [
            "| client code | 70.0 KB | ≤ 90 KB: met | ≤ 60 KB: **not met** |",
            "| largest paint | 700 ms | ≤ 1200 ms: met | ≤ 800 ms: met |",
            "| layout shift | 0 | – | 0: met |",
        ] {
            assert!(text.lines().any(|line| line == row), "{text}");
        }
    }

    #[test]
    fn notices_a_limit_that_is_not_met() {
        let samples = for_tests();
        let rows = check(&samples.of("b").unwrap());
        let missed: Vec<_> = rows.iter().filter(|row| !row.met).collect();
        assert_eq!(missed.len(), 1);
        assert_eq!(missed[0].cells[2], "≤ 100 ms: **not met**");
    }
}
