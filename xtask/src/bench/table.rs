//! The comparison as a Markdown table: a row for each metric, a column for each page.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::samples::{Loads, Metric, Quartiles, Samples};

const ROWS: [(&str, Metric); 9] = [
    ("HTML + CSS, KB", Metric::Page),
    ("client code, KB", Metric::Code),
    ("anything else, KB", Metric::Other),
    ("first paint, ms", Metric::FirstPaint),
    ("largest paint, ms", Metric::LargestPaint),
    ("layout shift", Metric::Shift),
    ("a tap opens the sheet from, ms", Metric::Live),
    ("tap on Praise → sheet, ms", Metric::Open),
    ("tap on an amount → line, ms", Metric::Choose),
];

/// Writes the table; `columns` are the titles and names of the pages.
pub fn comparison(samples: &Samples, columns: &[(&str, &str)]) -> Result<String> {
    let pages: Vec<(&str, Loads<'_>)> = columns
        .iter()
        .map(|&(title, name)| {
            let loads = samples
                .of(name)
                .with_context(|| format!("no load of the page `{name}` was measured"))?;
            Ok((title, loads))
        })
        .collect::<Result<_>>()?;
    let least = pages.iter().map(|(_, loads)| loads.count()).min().unwrap_or_default();
    let mut text = format!("| median of {least} loads (middle half) |");
    for (title, _) in &pages {
        let _ = write!(text, " {title} |");
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(pages.len()));
    for (title, metric) in ROWS {
        let _ = write!(text, "\n| {title} |");
        for (_, loads) in &pages {
            let _ = write!(text, " {} |", cell(metric, loads.quartiles(metric)));
        }
    }
    text.push('\n');
    Ok(text)
}

/// Formats a value in the unit of its metric.
pub fn value(metric: Metric, value: f64) -> String {
    match metric {
        Metric::Page | Metric::Code | Metric::Other => format!("{value:.1}"),
        Metric::Shift if value == 0.0 => "0".to_owned(),
        Metric::Shift => format!("{value:.3}"),
        _ => format!("{value:.0}"),
    }
}

/// Formats the median, and the middle half unless it looks the same.
fn cell(metric: Metric, quartiles: Quartiles) -> String {
    let Quartiles { lower, median, upper } = quartiles;
    let [lower, median, upper] = [lower, median, upper].map(|number| value(metric, number));
    match lower == upper {
        true => median,
        false => format!("{median} ({lower}–{upper})"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::for_tests;
    use super::*;

    #[test]
    fn a_row_for_each_metric_and_a_column_for_each_page() {
        let text = comparison(&for_tests(), &[("Ours", "a"), ("Theirs", "b")]).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "| median of 1 loads (middle half) | Ours | Theirs |");
        assert_eq!(lines[1], "| --- | ---: | ---: |");
        assert_eq!(lines.len(), 2 + ROWS.len());
        assert!(lines.contains(&"| client code, KB | 70.0 | 1.5 |"), "{text}");
        assert!(lines.contains(&"| tap on Praise → sheet, ms | 44 (42–52) | 120 |"), "{text}");
        assert!(lines.contains(&"| layout shift | 0 | 0 |"), "{text}");
    }

    #[test]
    fn a_page_that_was_not_loaded_is_an_error() {
        let error = comparison(&for_tests(), &[("Ours", "a"), ("Other", "c")]).unwrap_err();
        assert_eq!(error.to_string(), "no load of the page `c` was measured");
    }
}
