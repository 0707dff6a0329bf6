//! The modules of a crate, and which file imports which.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{self, Mention};

/// An import of one file by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The file that imports.
    pub from: String,
    /// Its line, counted from one.
    pub line: usize,
    /// The path as it stands there, with `use` trees unfolded.
    pub path: String,
    /// The file that defines what is imported, also when another file re-exports it.
    pub to: String,
}

/// The modules of a crate by their paths; the crate's root has the empty path.
pub struct Crate(BTreeMap<Vec<String>, Module>);

#[derive(Default)]
struct Module {
    file: String,
    items: BTreeSet<String>,
    mentions: Vec<Mention>,
}

/// How many re-exports are followed in a row. `use a::a` of another crate seems to name itself.
const FOLLOWED_MAX: u32 = 16;

impl Crate {
    /// Reads a crate from its files, given as path and text. `folder` holds its root file.
    pub fn read<'a>(folder: &str, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Crate {
        let mut modules: BTreeMap<Vec<String>, Module> = BTreeMap::new();
        for (file, text) in files {
            let outer = module_path(folder, file);
            let source = imports::read(text);
            for inner in std::iter::once(Vec::new()).chain(source.modules) {
                modules.entry([outer.clone(), inner].concat()).or_default().file = file.to_owned();
            }
            for (inner, name) in source.items {
                modules.entry([outer.clone(), inner].concat()).or_default().items.insert(name);
            }
            for mention in source.mentions {
                let path = [outer.as_slice(), &mention.module].concat();
                modules.entry(path).or_default().mentions.push(mention);
            }
        }
        Crate(modules)
    }

    /// Lists which file imports which, in the order of files and lines.
    ///
    /// A `pub use` of a file's own child is none: it only gives the child's item a shorter path.
    /// Nor is a path in code that starts with an imported name and stays in the imported file.
    pub fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        for (path, module) in &self.0 {
            for mention in &module.mentions {
                let Some(target) = self.resolve(path, &mention.segments, 0) else { continue };
                let to = &self.0[&target].file;
                let is_public = mention.binding.as_ref().is_some_and(|binding| binding.public);
                let is_re_export = is_public && target.starts_with(path);
                let is_known =
                    mention.binding.is_none() && self.imported(path, mention) == Some(to);
                if *to == module.file || is_re_export || is_known {
                    continue;
                }
                let glob = mention.binding.as_ref().is_some_and(|binding| binding.name.is_none());
                found.push(Import {
                    from: module.file.clone(),
                    line: mention.line,
                    path: mention.segments.join("::") + if glob { "::*" } else { "" },
                    to: to.clone(),
                });
            }
        }
        found.sort_by(|a, b| (&a.from, a.line).cmp(&(&b.from, b.line)));
        found
    }

    /// Finds the file that the first name of a path in code was imported from.
    fn imported(&self, module: &[String], mention: &Mention) -> Option<&String> {
        let first = mention.segments.first()?;
        let is_keyword = ["crate", "self", "super"].contains(&first.as_str());
        if is_keyword || self.child(module, first).is_some() {
            return None;
        }
        self.bound(module, first, &[], 0).map(|source| &self.0[&source].file)
    }

    /// Finds the module that defines what a path names, seen from `module`; none for a path into
    /// another crate.
    fn resolve(&self, module: &[String], path: &[String], followed: u32) -> Option<Vec<String>> {
        if followed > FOLLOWED_MAX {
            return None;
        }
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => parent(module),
            _ => match self.child(module, first) {
                Some(child) => child,
                None => return self.bound(module, first, rest, followed),
            },
        };
        while let Some((name, after)) = rest.split_first() {
            at = match name.as_str() {
                "super" => parent(&at),
                _ => match self.child(&at, name) {
                    Some(child) => child,
                    None => return Some(self.definer(at, name, after, followed)),
                },
            };
            rest = after;
        }
        Some(at)
    }

    fn child(&self, module: &[String], name: &str) -> Option<Vec<String>> {
        let child = [module, &[name.to_owned()]].concat();
        self.0.contains_key(&child).then_some(child)
    }

    /// Resolves a path whose first name a `use` of the module brings into scope.
    fn bound(
        &self,
        module: &[String],
        name: &str,
        rest: &[String],
        followed: u32,
    ) -> Option<Vec<String>> {
        let is_named = |mention: &&Mention| {
            mention.binding.as_ref().is_some_and(|binding| binding.name.as_deref() == Some(name))
        };
        let mention = self.0.get(module)?.mentions.iter().find(is_named)?;
        let path = [mention.segments.as_slice(), rest].concat();
        self.resolve(module, &path, followed + 1)
    }

    /// Finds the module that defines a name of `module`: that module, or where a re-export leads.
    fn definer(
        &self,
        module: Vec<String>,
        name: &str,
        rest: &[String],
        followed: u32,
    ) -> Vec<String> {
        let Some(known) = self.0.get(&module) else { return module };
        if known.items.contains(name) {
            return module;
        }
        if let Some(found) = self.bound(&module, name, rest, followed) {
            return found;
        }
        let is_glob = |mention: &&Mention| {
            mention.binding.as_ref().is_some_and(|binding| binding.name.is_none())
        };
        for glob in known.mentions.iter().filter(is_glob) {
            let path = [glob.segments.as_slice(), &[name.to_owned()], rest].concat();
            // What the glob's module does not define, `resolve` leaves there.
            let source = self.resolve(&module, &glob.segments, followed + 1);
            let found = self.resolve(&module, &path, followed + 1);
            if let (Some(source), Some(found)) = (source, found)
                && (found != source || self.0[&source].items.contains(name))
            {
                return found;
            }
        }
        module
    }
}

fn parent(module: &[String]) -> Vec<String> {
    module[..module.len().saturating_sub(1)].to_vec()
}

/// `edge/src/a/b.rs` → `[a, b]`; the crate's root is empty.
fn module_path(folder: &str, file: &str) -> Vec<String> {
    let inside = file.strip_prefix(folder).unwrap_or(file).trim_start_matches('/');
    match inside.trim_end_matches(".rs") {
        "lib" | "main" => Vec::new(),
        path => path.split('/').map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each import as `from:line path → to`, without folder and ending.
    fn imports(files: &[(&str, &str)]) -> Vec<String> {
        let short = |file: &str| file.trim_start_matches("x/src/").replace(".rs", "");
        Crate::read("x/src", files.iter().copied())
            .imports()
            .iter()
            .map(|found| {
                format!(
                    "{}:{} {} → {}",
                    short(&found.from),
                    found.line,
                    found.path,
                    short(&found.to)
                )
            })
            .collect()
    }

    #[test]
    fn follows_paths_to_files() {
        let found = imports(&[
            ("x/src/lib.rs", "mod a;\nmod b;\nfn root() {}\n"),
            ("x/src/a.rs", "use crate::b::{c, C};\nuse crate::root;\nuse std::fmt;\n"),
            ("x/src/b.rs", "pub mod c;\npub struct C;\nfn f() { c::g(); fmt::h(); }\n"),
            ("x/src/b/c.rs", "use super::C;\nuse super::super::a::*;\nfn g() { crate::a::f() }\n"),
        ]);
        assert_eq!(
            found,
            [
                "a:1 crate::b::c → b/c",
                "a:1 crate::b::C → b",
                "a:2 crate::root → lib",
                "b:3 c::g → b/c",
                "b/c:1 super::C → b",
                "b/c:2 super::super::a::* → a",
                "b/c:3 crate::a::f → a",
            ]
        );
    }

    #[test]
    fn follows_names_that_a_use_brought_into_scope() {
        let found = imports(&[
            ("x/src/a.rs", "use crate::b;\nuse crate::b::c as d;\nfn f() { b::c::g(); d::h(); }\n"),
            ("x/src/b.rs", "pub mod c;\n"),
            ("x/src/b/c.rs", ""),
        ]);
        assert_eq!(
            found,
            // `d::h` stays in the file that line 2 has imported.
            ["a:1 crate::b → b", "a:2 crate::b::c → b/c", "a:3 b::c::g → b/c"]
        );
    }

    #[test]
    fn follows_re_exports_to_the_definition() {
        let found = imports(&[
            ("x/src/a.rs", "use crate::b::{C, D, E, F};\n"),
            ("x/src/b.rs", "pub mod c;\npub use c::C;\npub use self::c::*;\npub use x::E;\n"),
            ("x/src/b/c.rs", "pub struct C;\npub struct D;\n"),
        ]);
        // `E` is from another crate and `F` is unknown: both count as imports of the named module.
        assert_eq!(
            found,
            [
                "a:1 crate::b::C → b/c",
                "a:1 crate::b::D → b/c",
                "a:1 crate::b::E → b",
                "a:1 crate::b::F → b"
            ]
        );
    }

    #[test]
    fn modules_inside_a_file_belong_to_it() {
        let found = imports(&[
            (
                "x/src/a.rs",
                "fn g() {}\nmod inner {\n    use super::g;\n    use super::super::b::h;\n}\n",
            ),
            ("x/src/b.rs", "use crate::a::inner::i;\n"),
        ]);
        assert_eq!(found, ["a:4 super::super::b::h → b", "b:1 crate::a::inner::i → a"]);
    }

    #[test]
    fn a_name_that_leads_to_itself_ends() {
        assert_eq!(imports(&[("x/src/a.rs", "use x::x;\nfn f() { x::y() }\n")]), [""; 0]);
    }
}
