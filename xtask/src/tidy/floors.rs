//! The floors: which module of a crate may import which. See [`super::layers`] for the rules.
//!
//! A new file or folder directly in one of these crates needs a line here. Place it as low as its
//! own imports allow; where it needs a room above it, move what both need further down instead.

/// The floors of one crate.
pub struct House {
    /// Holds the crate's root file.
    pub folder: &'static str,
    /// From the top floor down. The lowest is floor 1.
    pub floors: &'static [&'static [Room]],
    /// Imports between two rooms of the same floor that are allowed: importer, imported.
    pub sideways: &'static [(&'static str, &'static str)],
}

/// A module directly in the crate's root: a file, with the folder of its children if it has any.
/// `lib` and `main` are the root file itself.
pub struct Room {
    /// The module's name.
    pub name: &'static str,
    /// What belongs into it.
    pub purpose: &'static str,
}

const fn room(name: &'static str, purpose: &'static str) -> Room {
    Room { name, purpose }
}

/// Every crate that has floors.
pub const HOUSES: [House; 3] = [EDGE, APP, XTASK];

const EDGE: House = House {
    folder: "edge/src",
    floors: &[
        &[
            room("lib", "the crate's root"),
            room("http", "requests in, one use case called, an answer out"),
        ],
        &[room("job_runner", "leases due jobs and dispatches them")],
        &[room("queries", "what pages and lists read")],
        &[room("payments", "the use cases that move money")],
        &[room("limits", "the policy, readers' own limits, rate limits")],
        &[room("people", "identities, accounts, invitations, payees, operators")],
        &[
            room("queue", "the rows of jobs, inbox and outbox"),
            room("context", "what every use case is given: database, provider, time, randomness"),
        ],
        &[
            room("publish", "articles: from Markdown to a published version"),
            room("provider", "payment providers, one folder each"),
            room("self_check", "the invariants of the books"),
        ],
        &[
            room("database", "the interface to D1 and SQLite"),
            room("failure", "the error of a use case"),
            room("pagination", "cursors and pages of lists"),
            room("entropy", "the source of randomness"),
            room("digest", "hashes"),
            room("log", "the structured log"),
        ],
    ],
    sideways: &[("failure", "database")],
};

const APP: House = House {
    folder: "app/src",
    floors: &[
        &[room("lib", "the crate's root")],
        &[
            room("pages", "one file for each page, rendered at the edge"),
            room("navigation", "the next article, built in the webview without a page load"),
        ],
        &[
            room("article", "the view of an article, at the edge and in the webview"),
            room("document", "the HTML document around a page"),
        ],
        &[room("parts", "components that several pages share")],
        &[room("sheet", "the praise sheet's island"), room("when", "dates and times as text")],
        &[
            room("page", "the plain data of every page"),
            room("words", "the texts in each language"),
            room("address", "the URLs of the site"),
            room("html", "escaping, and HTML for client-side navigation"),
        ],
    ],
    sideways: &[],
};

const XTASK: House = House {
    folder: "xtask/src",
    floors: &[
        &[room("main", "the command line")],
        &[room("test", "`test`, which runs other commands as its stages")],
        &[
            room("bench", "`bench`"),
            room("dev", "`dev`"),
            room("fuzz", "`fuzz`"),
            room("guards", "`guards`"),
            room("icons", "`icons`"),
            room("publish", "`publish`"),
            room("screens", "`screens`"),
            room("self_check", "`self-check`"),
            room("sim", "`sim`"),
            room("tidy", "`tidy`"),
        ],
        &[room("build", "`build`: the client bundle and the Worker")],
        &[room("sizes", "the sizes of the bundles against their budgets")],
        &[
            room("bundle", "the client bundle and the site's files"),
            room("worker_build", "the Worker"),
            room("server", "`wrangler dev`"),
            room("databases", "the local databases"),
            room("chromium", "the browser of the browser tests"),
            room("sandbox_check", "the deployable build contains no sandbox"),
        ],
        &[room("tools", "the tools that a build needs")],
        &[room("project", "what cargo knows about the workspace")],
        &[room("process", "child processes")],
        &[
            room("paths", "where files are in the project"),
            room("failure", "how a command fails"),
            room("progress", "what the terminal shows while a command works"),
            room("fingerprint", "fingerprints of inputs"),
            room("http", "HTTP to a running Worker"),
        ],
    ],
    // `publish` uses the token that `dev` left on this machine.
    sideways: &[("publish", "dev")],
};

impl House {
    /// Finds a room with the number of its floor.
    pub fn room(&self, name: &str) -> Option<(usize, &'static Room)> {
        let numbers = (1..=self.floors.len()).rev();
        numbers.zip(self.floors).find_map(|(number, rooms)| {
            rooms.iter().find(|room| room.name == name).map(|room| (number, room))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_floors_from_the_ground() {
        assert_eq!(EDGE.room("http").map(|(number, _)| number), Some(9));
        assert_eq!(EDGE.room("database").map(|(number, _)| number), Some(1));
        assert!(EDGE.room("cellar").is_none());
    }

    #[test]
    fn every_room_stands_once_and_sideways_imports_stay_on_one_floor() {
        for house in HOUSES {
            let names: Vec<_> =
                house.floors.iter().copied().flatten().map(|room| room.name).collect();
            for name in &names {
                assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
            }
            for (from, to) in house.sideways {
                let number = |name| house.room(name).map(|(number, _)| number);
                assert!(number(from).is_some() && number(from) == number(to), "{from} → {to}");
            }
        }
    }
}
