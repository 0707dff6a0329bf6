//! Checks that released migrations are never edited.
//!
//! wrangler remembers only the names of applied migrations. If a file is edited, databases that
//! have applied it keep the old schema, and new databases get another one.

use sha2::{Digest, Sha256};

use super::violation::Violation;

/// The list of released migrations, in the format of `sha256sum`. Paths start at the root of the
/// repository; lines that start with `#` are comments.
pub const RELEASED: &str = "edge/migrations/released.sha256";

const RULE: &str = "released migrations are never edited";

/// Checks every listed file. `read` returns the content of a file, or `None` if it is missing.
pub fn check(read: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<Violation> {
    let violation = |place: &str, line, rule| Violation { place: place.to_owned(), line, rule };
    let Some(list) = read(RELEASED) else {
        let rule = format!("the list is missing, so nothing shows that {RULE}: restore it");
        return vec![violation(RELEASED, 0, rule)];
    };
    let mut violations = Vec::new();
    for (index, line) in String::from_utf8_lossy(&list).lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((hash, path)) = entry(line) else {
            let rule = "not a line of sha256sum: `<64 hexadecimal digits>  <path>`".to_owned();
            violations.push(violation(RELEASED, index + 1, rule));
            continue;
        };
        match read(path) {
            None => {
                violations.push(violation(path, 0, format!("{RULE}, and this file is missing")));
            }
            Some(content) if !digest(&content).eq_ignore_ascii_case(hash) => {
                let rule = format!("{RULE}: restore this file, and add a new migration instead");
                violations.push(violation(path, 0, rule));
            }
            Some(_) => {}
        }
    }
    violations
}

/// Splits a line into hash and path. sha256sum marks a path read in binary mode with `*`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (hash, path) = line.split_once(' ')?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = path.strip_prefix([' ', '*'])?;
    (is_hash && !path.is_empty()).then_some((hash, path))
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "edge/migrations/20261128_01_people.sql";
    /// `printf 'CREATE TABLE a (b);\n' | sha256sum`
    const CONTENT: &str = "CREATE TABLE a (b);\n";
    const HASH: &str = "ebc6bf2d8fef5eb895080a2fae6be6187384e1090e139828ee14dc278be5f6cc";

    /// The violations, given the list and the content of the only migration.
    fn rules(list: Option<&str>, content: Option<&str>) -> Vec<String> {
        let read = |path: &str| match path {
            RELEASED => list.map(|text| text.as_bytes().to_vec()),
            PATH => content.map(|text| text.as_bytes().to_vec()),
            _ => None,
        };
        check(read).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_what_was_released() {
        let list = format!("# Released.\n\n{HASH}  {PATH}\n{HASH} *{PATH}\n");
        assert_eq!(rules(Some(&list), Some(CONTENT)), [""; 0]);
        assert_eq!(rules(Some("# Nothing yet.\n"), Some("anything")), [""; 0]);
        assert_eq!(rules(Some(""), None), [""; 0]);
    }

    #[test]
    fn finds_a_released_migration_that_was_edited_or_removed() {
        let list = format!("{HASH}  {PATH}\n");
        let edited = rules(Some(&list), Some("CREATE TABLE a (b, c);\n"));
        assert_eq!(edited.len(), 1);
        assert!(edited[0].starts_with(&format!("{PATH}: {RULE}")), "{edited:?}");
        let removed = rules(Some(&list), None);
        assert_eq!(removed, [format!("{PATH}: {RULE}, and this file is missing")]);
    }

    #[test]
    fn finds_a_missing_list_and_broken_lines() {
        assert!(rules(None, Some(CONTENT))[0].contains("the list is missing"));
        for line in [PATH.to_owned(), format!("{HASH} {PATH}"), format!("{}  {PATH}", &HASH[1..])] {
            let found = rules(Some(&format!("# A comment.\n{line}\n")), Some(CONTENT));
            assert!(found[0].starts_with(&format!("{RELEASED}:2: not a line of")), "{found:?}");
        }
    }
}
