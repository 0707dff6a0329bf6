//! Checks the imports of a crate against its floors.
//!
//! Every file belongs to a room, the module directly in the crate's root that it is or lies in,
//! and every room stands on a floor ([`super::floors`]). The rules:
//!
//! - A file imports only rooms on lower floors, and its own room. Imports between two rooms of one
//!   floor are listed one by one.
//! - No import cycle between files, in a room either. A parent and its children are files like any
//!   others: what a child takes from its parent (`use super::X`) while the parent calls the child
//!   moves into a child of its own, and the parent re-exports it with `pub use`.
//! - Every room is in the table, and every room of the table exists.
//!
//! An import is a leaf of a `use` tree or a path in code (`crate::a::b()`, `child::f()`), and it
//! leads to the file that defines the name, behind re-exports. `mod child;` and `pub use` of a
//! file's own child are no imports. Code under `#[cfg(test)]` and test files may import anything.
//!
//! Not seen: names that a glob import brings into scope (the glob itself is an import), and paths
//! in strings, such as serde's `with = "…"`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{
    floors::House,
    modules::{Crate, Import},
    violation::Violation,
};

/// Returns whether a file of the repository belongs to the crate and is no test.
pub fn belongs(house: &House, path: &str) -> bool {
    let inside = path.strip_prefix(house.folder).and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|path| {
        path.ends_with(".rs")
            && path != "tests.rs"
            && !path.ends_with("/tests.rs")
            && !path.contains("/tests/")
    })
}

/// Checks a crate, given as paths and texts of its files. See [`belongs`].
pub fn check(house: &House, files: &[(String, String)]) -> Vec<Violation> {
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let imports = Crate::read(house.folder, texts).imports();
    let mut violations = check_rooms(house, files);
    violations.extend(imports.iter().filter_map(|import| check_import(house, import)));
    violations.extend(cycles(&imports).iter().map(|cycle| cycle_violation(cycle)));
    violations
}

/// `edge/src/payments/praise.rs` → `payments`
fn room_of<'a>(house: &House, path: &'a str) -> &'a str {
    let inside = path.strip_prefix(house.folder).unwrap_or(path).trim_start_matches('/');
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn check_rooms(house: &House, files: &[(String, String)]) -> Vec<Violation> {
    let table = "the floors in xtask/src/tidy/floors.rs";
    let mut violations = Vec::new();
    let mut present = BTreeSet::new();
    for (path, _) in files {
        let room = room_of(house, path);
        if present.insert(room) && house.room(room).is_none() {
            let rule = format!("unknown room `{room}`: add it to {table}");
            violations.push(Violation { place: path.clone(), line: 0, rule });
        }
    }
    for room in house.floors.iter().copied().flatten() {
        if !present.contains(room.name) {
            let rule = format!("no file for the room `{}`: remove it from {table}", room.name);
            violations.push(Violation { place: house.folder.to_owned(), line: 0, rule });
        }
    }
    violations
}

fn check_import(house: &House, import: &Import) -> Option<Violation> {
    let [from, to] = [&import.from, &import.to].map(|path| room_of(house, path));
    // A room that is not in the table is reported once, and not again by each import.
    let ((low, importer), (high, imported)) = (house.room(from)?, house.room(to)?);
    if from == to || high < low || house.sideways.contains(&(from, to)) {
        return None;
    }
    let direction = match high == low {
        true => "another room of the same floor",
        false => "a room above it",
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

/// Finds a shortest cycle for each set of files that import each other in a circle.
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
            // Everything that reaches this file and is reached from it is the same knot.
            let reached = |from| reachable(&by_file, from);
            let knot = reached(file).into_iter().filter(|other| reached(other).contains(file));
            reported.extend(knot);
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
    use super::super::floors::Room;
    use super::*;

    const HOUSE: House = House {
        folder: "x/src",
        floors: &[
            &[Room { name: "lib", purpose: "the root" }],
            &[
                Room { name: "top", purpose: "at the top" },
                Room { name: "beside", purpose: "beside it" },
            ],
            &[Room { name: "ground", purpose: "on the ground" }],
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
        super::check(&HOUSE, &files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn accepts_imports_of_lower_floors_and_listed_ones() {
        let found = check(&[
            ("lib", "mod top;\nmod beside;\nmod ground;\nfn main() { top::f() }\n"),
            ("top", "use crate::ground::g;\nuse std::fmt;\nuse shared::money;\n"),
            ("beside", "fn h() { crate::top::f() }\n"),
            ("top/room", "use super::inner::Inner;\n"),
            ("top/inner", ""),
        ]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn finds_imports_of_a_higher_floor() {
        let found = check(&[("ground", "\nuse crate::{\n    top::f,\n};\n")]);
        assert_eq!(
            found,
            ["x/src/ground.rs:3: imports `crate::top::f` from a room above it: `ground` is on \
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
    fn finds_imports_of_another_room_on_the_same_floor() {
        let found = check(&[("top", "use crate::beside::b;\n")]);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("from another room of the same floor"), "{found:?}");
    }

    #[test]
    fn finds_cycles_inside_a_room() {
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
    fn reports_each_knot_once_and_what_leads_into_it_never() {
        let found = check(&[
            ("top/a", "use super::{b, c};\n"),
            ("top/b", "use super::a;\n"),
            ("top/c", "use super::a;\n"),
            ("top/d", "use super::a;\n"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn finds_unknown_and_missing_rooms() {
        let found = check(&[("cellar", ""), ("cellar/deep", "use crate::top::f;\n")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("unknown room `cellar`"), "{found:?}");
        let files = vec![("x/src/lib.rs".to_owned(), String::new())];
        let found = super::check(&HOUSE, &files);
        assert_eq!(found.len(), 3);
        assert!(found[0].rule.contains("no file for the room `top`"), "{found:?}");
    }

    #[test]
    fn leaves_tests_alone() {
        for path in ["x/src/tests.rs", "x/src/a/tests.rs", "x/src/a/tests/b.rs", "y/src/a.rs"] {
            assert!(!belongs(&HOUSE, path), "{path}");
        }
        assert!(belongs(&HOUSE, "x/src/a.rs") && !belongs(&HOUSE, "x/src/a.md"));
        let test = "#[cfg(test)]\nmod tests {\n    use crate::top::f;\n}\n";
        assert_eq!(check(&[("ground", test)]), [""; 0]);
    }
}
