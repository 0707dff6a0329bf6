//! What was measured, and what is typical of it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One load, as `pages.mjs` prints it. Times in milliseconds.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Load {
    /// Which page.
    variant: String,
    /// Bodies on the wire.
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

/// Something that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// HTML and CSS, in KB.
    Page,
    /// JavaScript and wasm, in KB.
    Code,
    /// Anything else that was fetched, in KB.
    Other,
    /// First contentful paint.
    FirstPaint,
    /// Largest contentful paint.
    LargestPaint,
    /// From when on a tap opens the sheet in place.
    Live,
    /// From a tap on Praise to the sheet on the screen.
    Open,
    /// From a tap on an amount to the line that says what will be given.
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
    /// Takes one more.
    pub fn add(&mut self, load: Load) {
        self.0.entry(load.variant.clone()).or_default().push(load);
    }

    /// The loads of one page, where there are any.
    pub fn of(&self, variant: &str) -> Option<Loads<'_>> {
        self.0.get(variant).filter(|loads| !loads.is_empty()).map(|loads| Loads(loads))
    }
}

/// The loads of one page; there is at least one.
#[derive(Clone, Copy)]
pub struct Loads<'a>(&'a [Load]);

impl Loads<'_> {
    /// How many.
    pub fn count(self) -> usize {
        self.0.len()
    }

    /// What is typical.
    pub fn spread(self, metric: Metric) -> Spread {
        Spread::of(self.0.iter().map(|load| metric.of(load)).collect())
    }
}

/// The middle of what was measured, and the half of all loads that is nearest to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A quarter of the loads was below.
    pub low: f64,
    /// Half of them was.
    pub median: f64,
    /// A quarter was above.
    pub high: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Spread {
        values.sort_by(f64::total_cmp);
        let at = |part| quantile(&values, part);
        Spread { low: at(0.25), median: at(0.5), high: at(0.75) }
    }
}

/// Between the two values around that part of the way, where it does not fall on one.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * part;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// Loads of two pages, for the tests of the tables.
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
    fn finds_the_middle_half() {
        let spread = |values: &[f64]| {
            let Spread { low, median, high } = Spread::of(values.to_vec());
            (low, median, high)
        };
        assert_eq!(spread(&[5.0]), (5.0, 5.0, 5.0));
        assert_eq!(spread(&[4.0, 1.0, 3.0, 2.0]), (1.75, 2.5, 3.25));
        assert_eq!(spread(&[9.0, 1.0, 5.0, 3.0, 7.0]), (3.0, 5.0, 7.0));
    }

    #[test]
    fn keeps_pages_apart() {
        let samples = for_tests();
        assert_eq!(samples.of("a").unwrap().spread(Metric::Open).median, 44.0);
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
        assert_eq!(loads.spread(Metric::Code).median, 2.0);
        assert_eq!(loads.spread(Metric::FirstPaint).median, 2.5);
        assert_eq!(loads.spread(Metric::Shift).median, 0.0);
    }
}
