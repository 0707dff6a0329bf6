//! Optional test data in `../shared`, beside the project. If it is missing, the tests print what
//! they skip.

use std::io::Write;
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")).join(name)
}

/// Writes to the terminal directly, because the output of a passing test is captured.
fn skip(what: &str) {
    let _ = writeln!(std::io::stderr(), "warning: SKIPPED: {what}");
}

/// The articles of the corpus: file name and content. Prints a message and returns `None` if they
/// are missing.
pub fn corpus() -> Option<Vec<(String, String)>> {
    let mut files = Vec::new();
    for lang in ["zh", "en"] {
        let Ok(entries) = std::fs::read_dir(folder("corpus").join(lang)) else {
            skip("the 25 articles of ../shared/corpus are not there, none is published");
            return None;
        };
        for entry in entries.map(|entry| entry.expect("a readable folder").path()) {
            let text = std::fs::read_to_string(&entry).expect("a readable file");
            files.push((entry.display().to_string(), text));
        }
    }
    assert_eq!(files.len(), 25, "the corpus has a different size than the tests expect");
    Some(files)
}

/// The script injections, one per line. Prints a message and returns `None` if they are missing.
pub fn injections() -> Option<Vec<String>> {
    let Ok(bytes) = std::fs::read(folder("xss").join("payloads.txt")) else {
        skip("the 2,000 injections of ../shared/xss are not there, none is tried");
        return None;
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert!(lines.len() >= 2000, "only {} injections", lines.len());
    Some(lines)
}

/// An input that once failed. Prints a message and returns `None` if the folder is missing.
pub fn input(file: &str) -> Option<String> {
    let folder = folder("findings/inputs");
    if !folder.exists() {
        skip("the inputs of ../shared/findings/inputs are not there, none is tried");
        return None;
    }
    Some(std::fs::read_to_string(folder.join(file)).expect("a readable input"))
}
