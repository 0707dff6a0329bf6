//! Reads from the text of a Rust file what it declares and which paths it names.
//!
//! This scans tokens instead of parsing, so that paths inside macros such as `view!` or `json!`
//! count too; a parser sees only tokens there. Code under `#[cfg(test)]` is ignored. Code under any
//! other `cfg` counts, whether its feature is on or off.

use super::code::{code_only, without_tests};

/// What a file declares and names.
#[derive(Default)]
pub struct Source {
    /// The modules written inside the file, relative to it: `mod a { mod b {} }` gives `[a]` and
    /// `[a, b]`.
    pub modules: Vec<Vec<String>>,
    /// The names of functions, types, constants and macros, each after the modules around it.
    pub items: Vec<(Vec<String>, String)>,
    /// Every path, in the order of the text.
    pub mentions: Vec<Mention>,
}

/// A path in the text: a leaf of a `use` tree, or a path such as `crate::a::b` in other code.
#[derive(Debug, PartialEq, Eq)]
pub struct Mention {
    /// Counted from one.
    pub line: usize,
    /// The modules inside the file around it.
    pub module: Vec<String>,
    /// `crate::a::B` gives `[crate, a, B]`; a glob ends with its module.
    pub segments: Vec<String>,
    /// What a `use` brings into scope; none for a path in other code.
    pub binding: Option<Binding>,
}

/// What a leaf of a `use` tree brings into scope.
#[derive(Debug, PartialEq, Eq)]
pub struct Binding {
    /// The name in scope; none for a glob.
    pub name: Option<String>,
    /// Whether it is `pub`, `pub(crate)` or the like.
    pub public: bool,
}

/// Reads a file.
pub fn read(text: &str) -> Source {
    let code = without_tests(&code_only(text));
    let tokens = tokens(&code);
    let mut scan = Scan { tokens: &tokens, at: 0, scopes: Vec::new(), source: Source::default() };
    scan.run();
    scan.source
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// An identifier, a keyword or a number.
    Word(&'a str),
    /// `::`
    Separator,
    Symbol(char),
}

/// The tokens with their lines.
fn tokens(code: &str) -> Vec<(usize, Token<'_>)> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
            let (token, length) = match length {
                // `r#type` is the identifier `type`.
                1 if rest.starts_with("r#") => {
                    rest = &rest[2..];
                    continue;
                }
                0 if rest.starts_with("::") => (Token::Separator, 2),
                // A lifetime: `'static` is not the keyword.
                0 if first == '\'' => {
                    let name = rest[1..].find(|c| !part(c)).unwrap_or(rest.len() - 1);
                    (Token::Symbol('\''), 1 + name)
                }
                0 => (Token::Symbol(first), first.len_utf8()),
                _ => (Token::Word(&rest[..length]), length),
            };
            found.push((index + 1, token));
            rest = rest[length..].trim_start();
        }
    }
    found
}

/// What a pair of braces encloses.
enum Scope<'a> {
    Module(&'a str),
    Other,
}

struct Scan<'a> {
    tokens: &'a [(usize, Token<'a>)],
    at: usize,
    scopes: Vec<Scope<'a>>,
    source: Source,
}

impl<'a> Scan<'a> {
    fn run(&mut self) {
        while let Some(token) = self.token(0) {
            match token {
                Token::Symbol('{') => {
                    self.scopes.push(Scope::Other);
                    self.at += 1;
                }
                Token::Symbol('}') => {
                    self.scopes.pop();
                    self.at += 1;
                }
                // `use<'a>` lists what an `impl Trait` captures.
                Token::Word("use") if self.token(1) != Some(Token::Symbol('<')) => self.import(),
                Token::Word("mod") => self.module(),
                Token::Word(_) => self.word(),
                _ => self.at += 1,
            }
        }
    }

    fn token(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).map(|(_, token)| *token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |(line, _)| *line)
    }

    fn around(&self) -> Vec<String> {
        let name = |scope: &Scope<'_>| match scope {
            Scope::Module(name) => Some((*name).to_owned()),
            Scope::Other => None,
        };
        self.scopes.iter().filter_map(name).collect()
    }

    /// Reads `mod name {` or `mod name;`. The second names another file, which is found by its
    /// path.
    fn module(&mut self) {
        if let Some(Token::Word(name)) = self.token(1)
            && self.token(2) == Some(Token::Symbol('{'))
        {
            self.scopes.push(Scope::Module(name));
            self.source.modules.push(self.around());
            self.at += 3;
        } else {
            self.at += 1;
        }
    }

    /// Reads an item's name, or a path, or steps over the word.
    fn word(&mut self) {
        let Some(Token::Word(word)) = self.token(0) else { return };
        let at_module_level = !matches!(self.scopes.last(), Some(Scope::Other));
        const ITEMS: [&str; 8] =
            ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];
        if at_module_level && ITEMS.contains(&word) {
            // `const fn name`: the next word is the one to look at.
            if let Some(Token::Word(name)) = self.token(1)
                && !["fn", "unsafe", "async"].contains(&name)
            {
                self.source.items.push((self.around(), name.to_owned()));
            }
        } else if at_module_level && word == "macro_rules" {
            if let Some(Token::Word(name)) = self.token(2) {
                self.source.items.push((self.around(), name.to_owned()));
            }
        } else if self.token(1) == Some(Token::Separator) && !self.follows_separator() {
            return self.path();
        }
        self.at += 1;
    }

    fn follows_separator(&self) -> bool {
        self.at > 0 && self.tokens[self.at - 1].1 == Token::Separator
    }

    /// Reads `a::b::c` in code.
    fn path(&mut self) {
        let line = self.line();
        let mut segments = Vec::new();
        while let Some(Token::Word(word)) = self.token(0) {
            segments.push(word.to_owned());
            self.at += 1;
            match (self.token(0), self.token(1)) {
                (Some(Token::Separator), Some(Token::Word(_))) => self.at += 1,
                _ => break,
            }
        }
        let module = self.around();
        self.source.mentions.push(Mention { line, module, segments, binding: None });
    }

    /// Reads a whole `use` declaration.
    fn import(&mut self) {
        let public = match self.at.checked_sub(1).map(|before| self.tokens[before].1) {
            Some(Token::Word("pub")) => true,
            // `pub(crate) use`
            Some(Token::Symbol(')')) => true,
            _ => false,
        };
        self.at += 1;
        self.use_tree(&[], public);
    }

    /// Reads one branch of a `use` tree, up to its comma, closing brace or semicolon.
    fn use_tree(&mut self, prefix: &[String], public: bool) {
        let line = self.line();
        let mut segments = prefix.to_vec();
        if self.token(0) == Some(Token::Separator) {
            // `::name` is another crate: no module has an empty name.
            segments.push(String::new());
            self.at += 1;
        }
        loop {
            match self.token(0) {
                Some(Token::Word(word)) => {
                    self.at += 1;
                    if word != "self" || segments.is_empty() {
                        segments.push(word.to_owned());
                    }
                    if self.token(0) == Some(Token::Separator) {
                        self.at += 1;
                        continue;
                    }
                    let mut name = segments.last().cloned();
                    if let (Some(Token::Word("as")), Some(Token::Word(alias))) =
                        (self.token(0), self.token(1))
                    {
                        name = Some(alias.to_owned());
                        self.at += 2;
                    }
                    return self.leaf(line, segments, name, public);
                }
                Some(Token::Symbol('*')) => {
                    self.at += 1;
                    return self.leaf(line, segments, None, public);
                }
                Some(Token::Symbol('{')) => {
                    self.at += 1;
                    while !matches!(self.token(0), None | Some(Token::Symbol('}'))) {
                        let before = self.at;
                        self.use_tree(&segments, public);
                        if self.token(0) == Some(Token::Symbol(',')) || self.at == before {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                _ => return,
            }
        }
    }

    fn leaf(&mut self, line: usize, segments: Vec<String>, name: Option<String>, public: bool) {
        let binding = Some(Binding { name, public });
        self.source.mentions.push(Mention { line, module: self.around(), segments, binding });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each path as `line: path`, a `use` with what it brings into scope.
    fn mentions(text: &str) -> Vec<String> {
        let shown = |mention: &Mention| {
            let path = mention.segments.join("::");
            let name = mention.binding.as_ref().map(|binding| {
                let public = if binding.public { "pub " } else { "" };
                format!(" as {public}{}", binding.name.as_deref().unwrap_or("*"))
            });
            format!("{}: {path}{}", mention.line, name.unwrap_or_default())
        };
        read(text).mentions.iter().map(shown).collect()
    }

    #[test]
    fn reads_use_trees() {
        let text = "use crate::{\n    a::{self, B as C, d::*},\n    e,\n};\nuse super::super::f;\n";
        assert_eq!(
            mentions(text),
            [
                "2: crate::a as a",
                "2: crate::a::B as C",
                "2: crate::a::d as *",
                "3: crate::e as e",
                "5: super::super::f as f",
            ]
        );
        assert_eq!(
            mentions("use self::a::b; use ::c::d;"),
            ["1: self::a::b as b", "1: ::c::d as d"]
        );
        assert_eq!(
            mentions("pub use a::B; pub(crate) use c::D;"),
            ["1: a::B as pub B", "1: c::D as pub D"]
        );
        assert_eq!(mentions("use r#mod::r#type;"), ["1: mod::type as type"]);
    }

    #[test]
    fn reads_paths_in_code_and_in_macros() {
        let text = "fn f() -> impl T + use<> {\n    view! { <p>{crate::a::b(x)}</p> };\n    \
                    c::d::<E>::g(&H::i)\n}\n";
        assert_eq!(mentions(text), ["2: crate::a::b", "3: c::d", "3: H::i"]);
    }

    #[test]
    fn leaves_out_comments_strings_and_tests() {
        let text = "// use crate::a;\n/* use crate::b; */ /// [`crate::c`]\nconst D: &str = \"use \
                    crate::e;\";\n#[cfg(test)]\nmod tests {\n    use crate::f;\n}\n";
        assert_eq!(mentions(text), Vec::<String>::new());
    }

    #[test]
    fn counts_what_a_feature_switches() {
        let text = "#[cfg(feature = \"ssr\")]\nuse crate::a;\n#[cfg(not(test))]\nuse crate::b;\n";
        assert_eq!(mentions(text), ["2: crate::a as a", "4: crate::b as b"]);
    }

    #[test]
    fn knows_the_modules_inside_a_file() {
        let source = read("mod a {\n    mod b { use super::c; fn d() { e::f() } }\n}\nmod g;\n");
        assert_eq!(source.modules, [vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()]]);
        assert!(source.mentions.iter().all(|mention| mention.module == ["a", "b"]));
        assert_eq!(source.items, [(vec!["a".to_owned(), "b".to_owned()], "d".to_owned())]);
    }

    #[test]
    fn knows_the_items_of_a_module_and_not_its_methods() {
        let text = "pub struct A;\nimpl A { pub const fn b(&self) {} }\npub const C: u8 = 1;\n\
                    pub const fn d() {}\nmacro_rules! e { () => {}; }\n\
                    fn f(g: &'static H) -> I<'static> {}\n";
        let names: Vec<String> = read(text).items.into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["A", "C", "d", "e", "f"]);
    }
}
