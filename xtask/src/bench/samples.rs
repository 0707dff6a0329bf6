//! The measurements and their quartiles.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One load, as `pages.mjs` prints it. Times are in milliseconds.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Load {
    /// The name of the page.
    variant: String,
    /// Compressed bodies.
    bytes: Bytes,
    first_paint: f64,
    largest_paint: f64,
    live: f64,
    open: f64,
    choose: f64,
    shift: f64,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Bytes {
    page: f64,
    code: f64,
    other: f64,
}

/// What is measured. Times start with the navigation, or when the finger leaves the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// HTML and CSS, in KB.
    Page,
    /// JavaScript and wasm, in KB.
    Code,
    /// Everything else, in KB.
    Other,
    /// First contentful paint.
    FirstPaint,
    /// Largest contentful paint.
    LargestPaint,
    /// The time from which a tap opens the sheet in place.
    Live,
    /// From a tap on Praise to the frame that shows the sheet.
    Open,
    /// From a tap on an amount to the frame that shows the confirm line.
    Choose,
    /// Cumulative layout shift.
    Shift,
}

impl Metric {
    fn of(self, load: &Load) -> f64 {
        match self {
            Metric::Page => load.bytes.page / 1024.0,
            Metric::Code => load.bytes.code / 1024.0,
            Metric::Other => load.bytes.other / 1024.0,
            Metric::FirstPaint => load.first_paint,
            Metric::LargestPaint => load.largest_paint,
            Metric::Live => load.live,
            Metric::Open => load.open,
            Metric::Choose => load.choose,
            Metric::Shift => load.shift,
        }
    }
}

/// All loads, by page.
#[derive(Default)]
pub struct Samples(BTreeMap<String, Vec<Load>>);

impl Samples {
    /// Adds a load.
    pub fn add(&mut self, load: Load) {
        self.0.entry(load.variant.clone()).or_default().push(load);
    }

    /// Returns the loads of one page, if there are any.
    pub fn of(&self, variant: &str) -> Option<Loads<'_>> {
        self.0.get(variant).filter(|loads| !loads.is_empty()).map(|loads| Loads(loads))
    }
}

/// The loads of one page: at least one.
#[derive(Clone, Copy)]
pub struct Loads<'a>(&'a [Load]);

impl Loads<'_> {
    /// Counts the loads.
    pub fn count(self) -> usize {
        self.0.len()
    }

    /// Computes the quartiles of a metric.
    pub fn quartiles(self, metric: Metric) -> Quartiles {
        Quartiles::of(self.0.iter().map(|load| metric.of(load)).collect())
    }
}

/// The median, and the range of the middle half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quartiles {
    /// A quarter of the loads is below.
    pub lower: f64,
    /// Half of the loads are below.
    pub median: f64,
    /// A quarter of the loads is above.
    pub upper: f64,
}

impl Quartiles {
    fn of(mut values: Vec<f64>) -> Quartiles {
        values.sort_by(f64::total_cmp);
        let at = |share| quantile(&values, share);
        Quartiles { lower: at(0.25), median: at(0.5), upper: at(0.75) }
    }
}

/// Interpolates between the two nearest values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = (sorted.len() - 1) as f64 * share;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    below + (above - below) * position.fract()
}

/// Returns loads of two pages, for the tests of the tables.
#[cfg(test)]
pub fn for_tests() -> Samples {
    let load = |variant: &str, code, open| Load {
        variant: variant.to_owned(),
        bytes: Bytes { page: 10.0 * 1024.0, code, other: 0.0 },
        largest_paint: 700.0,
        open,
        ..Load::default()
    };
    let mut samples = Samples::default();
    for load in [
        load("a", 70.0 * 1024.0, 40.0),
        load("a", 70.0 * 1024.0, 44.0),
        load("a", 70.0 * 1024.0, 60.0),
        load("b", 1.5 * 1024.0, 120.0),
    ] {
        samples.add(load);
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_quartiles() {
        let quartiles = |values: &[f64]| {
            let Quartiles { lower, median, upper } = Quartiles::of(values.to_vec());
            (lower, median, upper)
        };
        assert_eq!(quartiles(&[5.0]), (5.0, 5.0, 5.0));
        assert_eq!(quartiles(&[4.0, 1.0, 3.0, 2.0]), (1.75, 2.5, 3.25));
        assert_eq!(quartiles(&[9.0, 1.0, 5.0, 3.0, 7.0]), (3.0, 5.0, 7.0));
    }

    #[test]
    fn keeps_pages_apart() {
        let samples = for_tests();
        assert_eq!(samples.of("a").unwrap().quartiles(Metric::Open).median, 44.0);
        assert_eq!(samples.of("b").unwrap().count(), 1);
        assert!(samples.of("c").is_none());
    }

    #[test]
    fn reads_what_the_browser_prints() {
        let line = r#"{"variant":"a","bytes":{"page":1024,"code":2048,"other":0},"first_paint":2.5,
            "largest_paint":3,"live":4,"open":5,"choose":6,"shift":0}"#;
        let mut samples = Samples::default();
        samples.add(serde_json::from_str(line).unwrap());
        let loads = samples.of("a").unwrap();
        assert_eq!(loads.quartiles(Metric::Code).median, 2.0);
        assert_eq!(loads.quartiles(Metric::FirstPaint).median, 2.5);
        assert_eq!(loads.quartiles(Metric::Shift).median, 0.0);
    }
}
