//! Checks that the deployable build does not contain the sandbox. Anybody can make the sandbox's
//! payment provider report a payment, so it must never run where money is real.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::fingerprint;

/// Texts that every sandbox build contains and no other build may contain.
const MARKERS: [&str; 2] = ["praise-sandbox-build", "/sandbox/"];

/// Fails if a file in these folders contains a marker.
pub fn contains_none(folders: &[&Path]) -> Result<()> {
    let found = markers(folders)?;
    ensure!(found.is_empty(), "the deployable build contains the sandbox: {}", found.join("; "));
    Ok(())
}

/// Fails if a sandbox build lacks a marker, because [`contains_none`] would then prove nothing.
pub fn contains_all(folder: &Path) -> Result<()> {
    let found = markers(&[folder])?;
    for marker in MARKERS {
        ensure!(
            found.iter().any(|line| line.starts_with(&format!("`{marker}`"))),
            "the sandbox build does not contain `{marker}`, so its absence elsewhere proves nothing"
        );
    }
    Ok(())
}

fn markers(folders: &[&Path]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in folders {
        let files = fingerprint::files(folder)?;
        ensure!(!files.is_empty(), "{} is empty: run `cargo xtask build` first", folder.display());
        for file in files {
            let content = std::fs::read(&file)?;
            for marker in MARKERS {
                if content.windows(marker.len()).any(|window| window == marker.as_bytes()) {
                    found.push(format!("`{marker}` in {}", file.display()));
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    #[test]
    fn finds_the_sandbox_where_it_is() {
        let folder = paths::output("xtask-test-sandbox");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("deep")).unwrap();
        assert!(contains_none(&[&folder]).is_err(), "an empty folder proves nothing");
        std::fs::write(folder.join("deep/a.wasm"), b"\0asm nothing here").unwrap();
        contains_none(&[&folder]).unwrap();
        assert!(contains_all(&folder).is_err());
        std::fs::write(folder.join("b.js"), b"x/sandbox/y").unwrap();
        assert!(contains_none(&[&folder]).is_err());
        assert!(contains_all(&folder).is_err(), "one marker of two");
        std::fs::write(folder.join("c.wasm"), b"\0praise-sandbox-build\0").unwrap();
        contains_all(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
