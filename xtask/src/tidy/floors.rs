//! The floors of each crate: which module may import which. [`super::layers`] has the rules.
//!
//! A new file or folder directly in the root of one of these crates needs a line here. Place it as
//! low as its own imports allow. If a module below needs something of it, move that further down.

/// The floors of one crate.
pub struct Floors {
    /// The folder of the crate's root file.
    pub folder: &'static str,
    /// The modules of each floor, from the top down. The lowest floor is floor 1.
    pub floors: &'static [&'static [Module]],
    /// Allowed imports between two modules of one floor: importer and imported.
    pub sideways: &'static [(&'static str, &'static str)],
}

/// A module directly in the crate's root: a file, with the folder of its children if it has any.
/// `lib` and `main` stand for the root file itself.
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What belongs in it.
    pub purpose: &'static str,
}

const fn module(name: &'static str, purpose: &'static str) -> Module {
    Module { name, purpose }
}

/// Every crate whose imports are checked.
pub const CRATES: [Floors; 3] = [EDGE, APP, XTASK];

const EDGE: Floors = Floors {
    folder: "edge/src",
    floors: &[
        &[
            module("lib", "the crate's root"),
            module("http", "requests in, one use case called, an answer out"),
        ],
        &[module("job_runner", "leases due jobs and dispatches them")],
        &[module("queries", "what pages and lists read")],
        &[
            module("payments", "the use cases that move money"),
            module("publish", "articles: from Markdown to a published version"),
        ],
        &[module("limits", "the policy, readers' own limits, rate limits")],
        &[module("people", "identities, accounts, invitations, payees, operators")],
        &[
            module("queue", "the rows of jobs, inbox and outbox"),
            module("context", "the input of every use case: database, provider, time, randomness"),
        ],
        &[
            module("browser_reports", "what browsers report about the pages' security policy"),
            module("provider", "payment providers, one folder each"),
            module("self_check", "the invariants of the books"),
        ],
        &[
            module("database", "the interface to D1 and SQLite"),
            module("failure", "the error of a use case"),
            module("retry", "repeats a read and a write after a concurrent change"),
            module("pagination", "cursors and pages of lists"),
            module("entropy", "the source of randomness"),
            module("digest", "hashes"),
            module("log", "the structured log"),
        ],
    ],
    sideways: &[("failure", "database"), ("retry", "failure")],
};

const APP: Floors = Floors {
    folder: "app/src",
    floors: &[
        &[module("lib", "the crate's root")],
        &[
            module("pages", "one file for each page, rendered at the edge"),
            module("navigation", "the next article, built in the webview without a page load"),
        ],
        &[
            module("article", "the view of an article, at the edge and in the webview"),
            module("document", "the HTML document around a page"),
        ],
        &[module("parts", "components that several pages share")],
        &[
            module("sheet", "the praise sheet's island"),
            module("datetime", "dates and times as text"),
            module("preview", "what search results and shared links show of a page"),
        ],
        &[
            module("page", "the plain data of every page"),
            module("words", "the texts in each language"),
            module("address", "the URLs of the site"),
            module("html", "escaping, and HTML for client-side navigation"),
        ],
    ],
    sideways: &[],
};

const XTASK: Floors = Floors {
    folder: "xtask/src",
    floors: &[
        &[module("main", "the command line")],
        &[module("test", "`test`, which runs other commands as its stages")],
        &[
            module("bench", "`bench`"),
            module("dev", "`dev`"),
            module("fuzz", "`fuzz`"),
            module("guards", "`guards`"),
            module("mutants", "`mutants`"),
            module("icons", "`icons`"),
            module("publish", "`publish`"),
            module("screens", "`screens`"),
            module("self_check", "`self-check`"),
            module("sim", "`sim`"),
            module("tidy", "`tidy`"),
        ],
        &[module("build", "`build`: the client bundle and the Worker")],
        &[module("sizes", "the sizes of the bundles against their budgets")],
        &[module("bundle", "the client bundle and the site's files")],
        &[
            module("worker_build", "the Worker"),
            module("server", "`wrangler dev`"),
            module("databases", "the local databases"),
            module("chromium", "the browser of the browser tests"),
            module("sandbox_check", "the deployable build contains no sandbox"),
            module("deny", "the rules about dependencies in `deny.toml`"),
        ],
        &[module("tools", "the tools that a build needs")],
        &[module("native", "the crates that are built for this machine")],
        &[
            module("project", "the workspace's packages and the versions in `Cargo.lock`"),
            module("progress", "progress on the terminal"),
        ],
        &[module("process", "child processes")],
        &[
            module("paths", "paths of the project's files"),
            module("failure", "the error of a failed command"),
            module("compile", "how cargo compiles"),
            module("fingerprint", "fingerprints of inputs"),
            module("bindgen", "the JavaScript around a compiled module"),
            module("http", "HTTP to a running Worker"),
        ],
    ],
    // `publish` uses the token that `dev` left on this machine.
    sideways: &[("publish", "dev")],
};

impl Floors {
    /// Finds a module, with the number of its floor.
    pub fn module(&self, name: &str) -> Option<(usize, &'static Module)> {
        let numbers = (1..=self.floors.len()).rev();
        numbers.zip(self.floors).find_map(|(number, modules)| {
            modules.iter().find(|module| module.name == name).map(|module| (number, module))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_floors_from_the_ground() {
        assert_eq!(EDGE.module("http").map(|(number, _)| number), Some(9));
        assert_eq!(EDGE.module("database").map(|(number, _)| number), Some(1));
        assert!(EDGE.module("cellar").is_none());
    }

    #[test]
    fn each_module_is_listed_once_and_sideways_imports_stay_on_one_floor() {
        for floors in CRATES {
            let modules = floors.floors.iter().copied().flatten();
            let names: Vec<_> = modules.map(|module| module.name).collect();
            for name in &names {
                assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
            }
            for (from, to) in floors.sideways {
                let number = |name| floors.module(name).map(|(number, _)| number);
                assert!(number(from).is_some() && number(from) == number(to), "{from} → {to}");
            }
        }
    }
}
