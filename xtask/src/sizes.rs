//! The size of each bundle, raw and compressed, compared with its budget.

use std::{collections::BTreeMap, fmt::Write as _, io::Write as _};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::{bundle::Site, fingerprint, paths, worker_build::Flavour};

/// The limit for all client code on a reader's page, in bytes after Brotli.
pub const READER_MUST: usize = 90 * 1024;
/// The goal for the same.
pub const READER_GOAL: usize = 60 * 1024;

/// Sizes in bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl std::ops::Add for Size {
    type Output = Size;

    fn add(self, other: Size) -> Size {
        Size {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Formats the table of sizes.
pub fn table(site: &Site, flavour: Flavour) -> Result<String> {
    let mut known = Known::load();
    let mut rows = Vec::new();
    let mut reader = Size::default();
    for (path, content) in site.files().filter(|(path, _)| path.starts_with("assets/")) {
        let size = known.measure(content)?;
        // There is only one bundle, so every script is on a reader's page.
        if path.ends_with(".js") || path.ends_with(".wasm") {
            reader = reader + size;
        }
        rows.push((format!("/{path}"), size, String::new()));
    }
    rows.push(("all client code of a reader's page".to_owned(), reader, verdict(reader.brotli)));
    // The size of an unoptimised Worker is meaningless, and compressing it takes half a minute.
    let optimised = flavour != (Flavour::Sandbox { release: false });
    for name in ["index.js", "index_bg.wasm"].into_iter().filter(|_| optimised) {
        let content = std::fs::read(flavour.folder().join(name))?;
        let title = format!("Worker ({}) {name}", flavour.name());
        rows.push((title, known.measure(&content)?, String::new()));
    }
    known.save()?;
    Ok(format(&rows))
}

/// A cache of sizes by content: compressing takes seconds, and most files have not changed.
#[derive(Default, Serialize, Deserialize)]
struct Known {
    before: BTreeMap<String, Size>,
    /// The sizes used in this run; the others are dropped from the cache.
    #[serde(skip)]
    now: BTreeMap<String, Size>,
}

impl Known {
    fn load() -> Known {
        let text = std::fs::read_to_string(paths::output("sizes.json")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn measure(&mut self, content: &[u8]) -> Result<Size> {
        let key = fingerprint::short(content);
        let size = match self.before.get(&key) {
            Some(size) => *size,
            None => measure(content)?,
        };
        self.now.insert(key, size);
        Ok(size)
    }

    fn save(self) -> Result<()> {
        let known = Known { before: self.now, now: BTreeMap::new() };
        Ok(std::fs::write(paths::output("sizes.json"), serde_json::to_string(&known)?)?)
    }
}

fn measure(content: &[u8]) -> Result<Size> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content)?;
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut brotli, &parameters)?;
    Ok(Size { raw: content.len(), gzip: gzip.finish()?.len(), brotli: brotli.len() })
}

fn verdict(brotli: usize) -> String {
    let limits = format!("must ≤ {} KB, goal ≤ {} KB", READER_MUST / 1024, READER_GOAL / 1024);
    let verdict = if brotli <= READER_GOAL {
        "within the goal"
    } else if brotli <= READER_MUST {
        "within the budget"
    } else {
        "OVER THE BUDGET"
    };
    format!("{verdict} ({limits})")
}

fn format(rows: &[(String, Size, String)]) -> String {
    let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{:width$}  {:>9}  {:>9}  {:>9}\n", "KB", "raw", "gzip", "brotli 11");
    for (name, size, note) in rows {
        let _ = write!(
            text,
            "{name:width$}  {:>9}  {:>9}  {:>9}",
            kilobytes(size.raw),
            kilobytes(size.gzip),
            kilobytes(size.brotli)
        );
        let _ = writeln!(text, "{}{note}", if note.is_empty() { "" } else { "  " });
    }
    text
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1024, bytes % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_three_sizes() {
        let size = measure(&[b'a'; 10_000]).unwrap();
        assert_eq!(size.raw, 10_000);
        assert!(size.gzip < 100 && size.brotli < size.gzip, "{size:?}");
    }

    #[test]
    fn says_when_a_budget_breaks() {
        assert!(verdict(60 * 1024).starts_with("within the goal"));
        assert!(verdict(60 * 1024 + 1).starts_with("within the budget"));
        assert!(verdict(90 * 1024 + 1).starts_with("OVER"));
    }

    #[test]
    fn rounds_down_to_tenths() {
        assert_eq!(kilobytes(1536), "1.5");
        assert_eq!(kilobytes(1023), "0.9");
    }
}
