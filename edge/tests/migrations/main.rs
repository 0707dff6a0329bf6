//! The migrations: D1 can apply each of them as a whole and a second time, and together they create
//! the schema that `edge/schema.sql` shows.

mod convergence;
mod form;
mod schema;
mod script;

use std::path::{Path, PathBuf};

/// A folder of migrations, and the file that shows the resulting schema.
struct Migrations {
    folder: &'static str,
    schema: &'static str,
}

const PRODUCT: Migrations = Migrations { folder: "migrations", schema: "schema.sql" };
const SANDBOX: Migrations =
    Migrations { folder: "migrations-sandbox", schema: "schema-sandbox.sql" };

impl Migrations {
    /// Name and text of each file, in the order in which they are applied.
    fn files(&self) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(package().join(self.folder)).expect("a folder");
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
        paths.sort();
        assert!(!paths.is_empty(), "edge/{} contains no migrations", self.folder);
        let file = |path: PathBuf| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a migration"))
        };
        paths.into_iter().map(file).collect()
    }
}

/// The folder of this package.
fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
