//! The migrations, read once.

use std::sync::OnceLock;

/// The product's migrations.
pub fn product() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| read("migrations"))
}

/// The sandbox provider's migrations.
pub fn provider() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| read("migrations-sandbox"))
}

/// The text of all migrations of a folder, ordered by name.
fn read(folder: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(&folder).expect("a folder of migrations");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    assert!(!files.is_empty(), "no migrations in {}", folder.display());
    files.iter().map(|file| std::fs::read_to_string(file).expect("a migration") + "\n").collect()
}
