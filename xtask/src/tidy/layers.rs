//! Checks the imports of a crate against its floors.
//!
//! Every file belongs to a top module, one directly in the crate's root, and every top module is
//! on a floor ([`super::floors`]). The rules:
//!
//! - A file imports only from top modules on lower floors, and from its own. Imports between two
//!   top modules of one floor are listed one by one.
//! - No import cycle between files, also not inside a top module, and also not between a parent
//!   and its child. If a child needs something of a parent that calls it (`use super::X`), `X`
//!   moves into a child of its own; the parent can re-export it with `pub use`.
//! - Every top module is listed, and every listed one exists.
//!
//! An import is a leaf of a `use` tree or a path in code (`crate::a::b()`, `child::f()`). It counts
//! as an import of the file that defines the name, not of one that re-exports it. `mod child;` and
//! a `pub use` of a file's own child are not imports. Code under `#[cfg(test)]` and test files may
//! import anything.
//!
//! Not seen: names that a glob import brings into scope (the glob itself is an import), and paths
//! in strings, such as serde's `with = "…"`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    floors::Floors,
    modules::{Crate, Import},
    violation::Violation,
};

/// Returns whether a file of the repository belongs to the crate and is no test.
pub fn belongs(floors: &Floors, path: &str) -> bool {
    let inside = path.strip_prefix(floors.folder).and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|path| {
        path.ends_with(".rs")
            && path != "tests.rs"
            && !path.ends_with("/tests.rs")
            && !path.contains("/tests/")
    })
}

/// Checks a crate, given as paths and texts of its files. See [`belongs`].
pub fn check(floors: &Floors, files: &[(String, String)]) -> Vec<Violation> {
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let imports = Crate::read(floors.folder, texts).imports();
    let mut violations = check_modules(floors, files);
    violations.extend(imports.iter().filter_map(|import| check_import(floors, import)));
    violations.extend(cycles(&imports).iter().map(|cycle| cycle_violation(cycle)));
    violations
}

/// `edge/src/payments/praise.rs` → `payments`
fn top_module<'a>(floors: &Floors, path: &'a str) -> &'a str {
    let inside = path.strip_prefix(floors.folder).unwrap_or(path).trim_start_matches('/');
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn check_modules(floors: &Floors, files: &[(String, String)]) -> Vec<Violation> {
    let table = "xtask/src/tidy/floors.rs";
    let mut violations = Vec::new();
    let mut present = BTreeSet::new();
    for (path, _) in files {
        let name = top_module(floors, path);
        if present.insert(name) && floors.module(name).is_none() {
            let rule = format!("the module `{name}` has no floor: add it to {table}");
            violations.push(Violation { place: path.clone(), line: 0, rule });
        }
    }
    for module in floors.floors.iter().copied().flatten() {
        if !present.contains(module.name) {
            let rule = format!("there is no module `{}`: remove it from {table}", module.name);
            violations.push(Violation { place: floors.folder.to_owned(), line: 0, rule });
        }
    }
    violations
}

fn check_import(floors: &Floors, import: &Import) -> Option<Violation> {
    let [from, to] = [&import.from, &import.to].map(|path| top_module(floors, path));
    // A module without a floor is reported once, and not again for each import.
    let ((low, importer), (high, imported)) = (floors.module(from)?, floors.module(to)?);
    if from == to || high < low || floors.sideways.contains(&(from, to)) {
        return None;
    }
    let direction = match high == low {
        true => "another module of the same floor",
        false => "a module above it",
    };
    let rule = format!(
        "imports `{}` from {direction}: `{from}` is on floor {low} ({}), `{to}` on floor {high} ({})",
        import.path, importer.purpose, imported.purpose
    );
    Some(Violation { place: import.from.clone(), line: import.line, rule })
}

fn cycle_violation(cycle: &[&Import]) -> Violation {
    let steps = cycle.iter().map(|import| {
        format!("{}:{} imports `{}` of {}", import.from, import.line, import.path, import.to)
    });
    let steps = steps.collect::<Vec<_>>().join(", ");
    let rule = format!("import cycle: {steps}; move what both need into a file below them");
    let (place, line) =
        cycle.first().map_or((String::new(), 0), |first| (first.from.clone(), first.line));
    Violation { place, line, rule }
}

/// Finds a shortest cycle in each set of files that import each other, directly or not.
fn cycles(imports: &[Import]) -> Vec<Vec<&Import>> {
    let mut by_file: BTreeMap<&str, Vec<&Import>> = BTreeMap::new();
    for import in imports {
        by_file.entry(&import.from).or_default().push(import);
    }
    let mut reported = BTreeSet::new();
    let mut found = Vec::new();
    for file in by_file.keys() {
        if reported.contains(file) {
            continue;
        }
        if let Some(cycle) = shortest_cycle(&by_file, file) {
            // The files that reach this one and are reached from it are part of the same cycle.
            let reached = |from| reachable(&by_file, from);
            let same = reached(file).into_iter().filter(|other| reached(other).contains(file));
            reported.extend(same);
            found.push(cycle);
        }
    }
    found
}

/// Searches breadth first from a file back to itself.
fn shortest_cycle<'a>(
    by_file: &BTreeMap<&'a str, Vec<&'a Import>>,
    start: &str,
) -> Option<Vec<&'a Import>> {
    let mut came_by: BTreeMap<&str, &Import> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for import in by_file.get(file).into_iter().flatten() {
            if came_by.contains_key(import.to.as_str()) {
                continue;
            }
            came_by.insert(&import.to, import);
            queue.push_back(&import.to);
        }
    }
    let mut cycle = vec![*came_by.get(start)?];
    while cycle[cycle.len() - 1].from != start {
        cycle.push(came_by.get(cycle[cycle.len() - 1].from.as_str())?);
    }
    cycle.reverse();
    Some(cycle)
}

fn reachable<'a>(by_file: &BTreeMap<&'a str, Vec<&'a Import>>, start: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        for import in by_file.get(file).into_iter().flatten() {
            if found.insert(import.to.as_str()) {
                open.push(&import.to);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::floors::Module;
    use super::*;

    const FLOORS: Floors = Floors {
        folder: "x/src",
        floors: &[
            &[Module { name: "lib", purpose: "the root" }],
            &[
                Module { name: "top", purpose: "at the top" },
                Module { name: "beside", purpose: "beside it" },
            ],
            &[Module { name: "ground", purpose: "on the ground" }],
        ],
        sideways: &[("beside", "top")],
    };

    /// What is wrong when these files, named without folder and ending, take the place of empty
    /// ones.
    fn check(changed: &[(&str, &str)]) -> Vec<String> {
        let mut files: BTreeMap<&str, &str> =
            ["lib", "top", "beside", "ground"].into_iter().map(|name| (name, "")).collect();
        files.extend(changed.iter().copied());
        let files: Vec<_> = files
            .into_iter()
            .map(|(name, text)| (format!("x/src/{name}.rs"), text.to_owned()))
            .collect();
        super::check(&FLOORS, &files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_imports_of_lower_floors_and_listed_ones() {
        let found = check(&[
            ("lib", "mod top;\nmod beside;\nmod ground;\nfn main() { top::f() }\n"),
            ("top", "use crate::ground::g;\nuse std::fmt;\nuse shared::money;\n"),
            ("beside", "fn h() { crate::top::f() }\n"),
            ("top/outer", "use super::inner::Inner;\n"),
            ("top/inner", ""),
        ]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn finds_imports_of_a_higher_floor() {
        let found = check(&[("ground", "\nuse crate::{\n    top::f,\n};\n")]);
        assert_eq!(
            found,
            ["x/src/ground.rs:3: imports `crate::top::f` from a module above it: `ground` is on \
              floor 1 (on the ground), `top` on floor 2 (at the top)"]
        );
        let found = check(&[("ground/deep", "fn f() {\n    crate::top::f()\n}\n")]);
        assert!(
            found[0].starts_with("x/src/ground/deep.rs:2: imports `crate::top::f`"),
            "{found:?}"
        );
        let found = check(&[("lib", "pub fn f() {}\n"), ("top", "use crate::f;\n")]);
        assert!(found[0].contains("`lib` on floor 3"), "{found:?}");
    }

    #[test]
    fn finds_a_higher_floor_behind_a_re_export() {
        let found = check(&[
            ("lib", "pub use top::f;\n"),
            ("top", "pub fn f() {}\n"),
            ("ground", "use crate::f;\n"),
        ]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("`top` on floor 2"), "{found:?}");
    }

    #[test]
    fn finds_imports_of_another_module_on_the_same_floor() {
        let found = check(&[("top", "use crate::beside::b;\n")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("from another module of the same floor"), "{found:?}");
    }

    #[test]
    fn finds_cycles_inside_a_module() {
        let found = check(&[
            ("top/a", "use super::b;\n"),
            ("top/b", "\nuse crate::top::c::C;\n"),
            ("top/c", "pub struct C;\nfn f() { super::a::g() }\n"),
        ]);
        assert_eq!(
            found,
            [
                "x/src/top/a.rs:1: import cycle: x/src/top/a.rs:1 imports `super::b` of x/src/top/b.rs, \
              x/src/top/b.rs:2 imports `crate::top::c::C` of x/src/top/c.rs, x/src/top/c.rs:2 \
              imports `super::a::g` of x/src/top/a.rs; move what both need into a file below them"
            ]
        );
    }

    #[test]
    fn finds_cycles_of_a_parent_and_its_child() {
        let child = ("top/child", "use super::Shared;\npub fn f() {}\n");
        let found =
            check(&[("top", "mod child;\npub struct Shared;\nfn g() { child::f() }\n"), child]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("x/src/top.rs:3: import cycle"), "{found:?}");
        // What both need has a file of its own, and the parent gives it a shorter path.
        let found = check(&[
            ("top", "mod child;\nmod shared;\npub use shared::Shared;\nfn g() { child::f() }\n"),
            ("top/shared", "pub struct Shared;\n"),
            child,
        ]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn reports_each_set_of_cycles_once_and_not_the_files_that_lead_into_it() {
        let found = check(&[
            ("top/a", "use super::{b, c};\n"),
            ("top/b", "use super::a;\n"),
            ("top/c", "use super::a;\n"),
            ("top/d", "use super::a;\n"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn finds_modules_that_are_not_listed_and_listed_ones_that_do_not_exist() {
        let found = check(&[("cellar", ""), ("cellar/deep", "use crate::top::f;\n")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("the module `cellar` has no floor"), "{found:?}");
        let files = vec![("x/src/lib.rs".to_owned(), String::new())];
        let found = super::check(&FLOORS, &files);
        assert_eq!(found.len(), 3);
        assert!(found[0].rule.contains("there is no module `top`"), "{found:?}");
    }

    #[test]
    fn leaves_tests_alone() {
        for path in ["x/src/tests.rs", "x/src/a/tests.rs", "x/src/a/tests/b.rs", "y/src/a.rs"] {
            assert!(!belongs(&FLOORS, path), "{path}");
        }
        assert!(belongs(&FLOORS, "x/src/a.rs") && !belongs(&FLOORS, "x/src/a.md"));
        let test = "#[cfg(test)]\nmod tests {\n    use crate::top::f;\n}\n";
        assert_eq!(check(&[("ground", test)]), [""; 0]);
    }
}
