//! Our page against its budgets: what must be met, and what is aimed at.

use std::fmt::Write as _;

use super::{
    samples::{Loads, Metric},
    table::value,
};
use crate::sizes::{READER_GOAL, READER_MUST};

/// A budget. Layout shift has a goal only.
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

/// A budget, and what came of it.
pub struct Line {
    cells: [String; 4],
    /// Whether it is as it must be.
    pub met: bool,
}

/// Compares medians with budgets.
pub fn check(loads: &Loads<'_>) -> Vec<Line> {
    BUDGETS.iter().map(|budget| budget.check(loads.spread(budget.metric).median)).collect()
}

impl Budget {
    fn check(&self, measured: f64) -> Line {
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
        Line { cells, met: self.must.is_none_or(|must| measured <= must) }
    }
}

/// The table.
pub fn table(lines: &[Line]) -> String {
    let mut text = "| budget | measured | must | goal |\n| --- | ---: | --- | --- |\n".to_owned();
    for line in lines {
        let _ = writeln!(text, "| {} |", line.cells.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::samples::for_tests;
    use super::*;

    #[test]
    fn says_what_is_met() {
        let samples = for_tests();
        let lines = check(&samples.of("a").unwrap());
        assert!(lines.iter().all(|line| line.met));
        let text = table(&lines);
        for row in [
            "| client code | 70.0 KB | ≤ 90 KB: met | ≤ 60 KB: **not met** |",
            "| largest paint | 700 ms | ≤ 1200 ms: met | ≤ 800 ms: met |",
            "| layout shift | 0 | – | 0: met |",
        ] {
            assert!(text.lines().any(|line| line == row), "{text}");
        }
    }

    #[test]
    fn what_must_be_met_is_noticed_when_it_is_not() {
        let samples = for_tests();
        let lines = check(&samples.of("b").unwrap());
        let missed: Vec<_> = lines.iter().filter(|line| !line.met).collect();
        assert_eq!(missed.len(), 1);
        assert_eq!(missed[0].cells[2], "≤ 100 ms: **not met**");
    }
}
