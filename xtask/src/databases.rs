//! The local databases of `wrangler dev`, in a folder, with all migrations applied.

use std::{fs::OpenOptions, io::Write, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    fingerprint::{self, Fingerprint},
    paths,
    process::{command, output},
    progress,
    tools::wrangler,
};

/// The bindings of the two databases, with the folders of their migrations.
const DATABASES: [(&str, &str); 2] =
    [("DB", "edge/migrations"), ("SANDBOX", "edge/migrations-sandbox")];

/// The file in a folder of databases that lists the applied migrations: path and fingerprint, one
/// per line.
const APPLIED: &str = "praise-migrations";

/// Applies the missing migrations to the databases in a folder.
pub fn migrate(node: &Path, persist: &Path) -> Result<()> {
    let stamp = persist.join(APPLIED);
    let wanted = migrations()?;
    let applied = std::fs::read_to_string(&stamp).unwrap_or_default();
    if applied == wanted {
        progress::unchanged("databases");
        return Ok(());
    }
    // wrangler only compares names, so it would not apply a changed migration.
    if let Some(changed) = changed(&applied, &wanted) {
        bail!(
            "{changed} was changed or removed after it was applied to {}: start again with --fresh",
            persist.display()
        );
    }
    progress::step("databases", "applying migrations", || apply(node, persist))?;
    fingerprint::stamp(&stamp, &wanted)
}

fn apply(node: &Path, persist: &Path) -> Result<()> {
    std::fs::create_dir_all(persist)?;
    for (binding, _) in DATABASES {
        let mut command = wrangler(node);
        command
            .args(["d1", "migrations", "apply", binding, "--local", "--env", "sandbox"])
            .arg("--persist-to")
            .arg(persist);
        let text = output(&mut command)
            .with_context(|| format!("the migrations of {binding} could not be applied"))?;
        let log = persist.join("praise-migrations.log");
        let mut log = OpenOptions::new().create(true).append(true).open(log)?;
        log.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Makes `persist` a new copy of migrated, empty databases. Applying the migrations takes seconds,
/// so it is done once, and the result is copied until a migration changes.
pub fn fresh(node: &Path, persist: &Path) -> Result<()> {
    let template = paths::output("test-state/template");
    if !fingerprint::is_stamped(&template.join(APPLIED), &migrations()?) {
        if template.exists() {
            std::fs::remove_dir_all(&template)?;
        }
        migrate(node, &template)?;
    }
    if persist.exists() {
        std::fs::remove_dir_all(persist)?;
    }
    std::fs::create_dir_all(persist.parent().context("databases without a folder")?)?;
    output(command("cp").arg("-r").arg(&template).arg(persist))?;
    Ok(())
}

fn migrations() -> Result<String> {
    let mut lines = String::new();
    for (binding, folder) in DATABASES {
        let files = fingerprint::files(&paths::path(folder))?;
        if files.is_empty() {
            bail!("{folder} contains no migrations for the database {binding}");
        }
        for file in files {
            if file.extension().is_none_or(|extension| extension != "sql") {
                continue;
            }
            let mut content = Fingerprint::default();
            content.add_file(&file)?;
            let name = file.strip_prefix(paths::root()).unwrap_or(&file).display();
            lines.push_str(&format!("{name} {}\n", content.finish()));
        }
    }
    Ok(lines)
}

/// The first applied migration that was changed or removed.
fn changed<'a>(applied: &'a str, wanted: &str) -> Option<&'a str> {
    let line = applied.lines().find(|line| !wanted.lines().any(|other| other == *line))?;
    line.split(' ').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_migrations_that_changed_after_they_were_applied() {
        assert_eq!(changed("", "a.sql 1\n"), None);
        assert_eq!(changed("a.sql 1\n", "a.sql 1\nb.sql 1\n"), None);
        assert_eq!(changed("a.sql 1\nb.sql 1\n", "a.sql 1\nb.sql 2\n"), Some("b.sql"));
        assert_eq!(changed("a.sql 1\n", "b.sql 1\n"), Some("a.sql"));
    }
}
