//! Splits SQL text into statements and tokens.

use std::ops::Range;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, a name without quotes, or a number.
    Word,
    /// Text or a name between quotes.
    Quoted,
    /// `-- …` or `/* … */`.
    Comment,
    /// Any other character.
    Symbol,
}

/// A token with its position in the text.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Its start, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Whether it is this keyword, in upper or lower case.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// The bytes of the text that it takes up.
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// All tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let until = |end: Option<usize>| end.unwrap_or(rest.len());
        let (kind, length) = if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        } else if rest.starts_with("--") {
            (Kind::Comment, until(rest.find('\n')))
        } else if rest.starts_with("/*") {
            (Kind::Comment, until(rest.find("*/").map(|end| end + 2)))
        } else if let '\'' | '"' | '`' = first {
            // A doubled quote gives two adjacent tokens.
            (Kind::Quoted, until(rest[1..].find(first).map(|end| end + 2)))
        } else if first.is_alphanumeric() || first == '_' {
            (Kind::Word, until(rest.find(|c: char| !c.is_alphanumeric() && c != '_')))
        } else {
            (Kind::Symbol, first.len_utf8())
        };
        found.push(Token { kind, text: &rest[..length], start });
        start += length;
    }
    found
}

/// A statement, without the comments above it.
#[derive(Debug)]
pub struct Statement<'a> {
    /// Its tokens without comments; the last is the semicolon.
    pub tokens: Vec<Token<'a>>,
    /// The comment lines directly above it.
    pub comment: Vec<&'a str>,
}

impl<'a> Statement<'a> {
    /// Type and name of the object of a `CREATE` or `DROP`, in lower case: `("trigger", "x")`.
    pub fn object(&self) -> Option<(String, &'a str)> {
        let words = self.tokens.iter().filter(|token| {
            !["temp", "temporary", "unique", "if", "not", "exists"]
                .iter()
                .any(|word| token.is(word))
        });
        match words.take(3).collect::<Vec<_>>()[..] {
            [verb, kind, name] if verb.is("create") || verb.is("drop") => {
                Some((kind.text.to_ascii_lowercase(), name.text))
            }
            _ => None,
        }
    }

    /// Whether it contains these keywords in a row.
    pub fn has(&self, keywords: &str) -> bool {
        let wanted: Vec<&str> = keywords.split(' ').collect();
        let same = |found: &[Token]| found.iter().zip(&wanted).all(|(token, word)| token.is(word));
        self.tokens.windows(wanted.len()).any(same)
    }

    /// Whether it starts with these keywords.
    pub fn starts(&self, keywords: &str) -> bool {
        let mut tokens = self.tokens.iter();
        keywords.split(' ').all(|word| tokens.next().is_some_and(|token| token.is(word)))
    }

    /// The bytes of the text that it takes up, with its semicolon.
    pub fn span(&self) -> Range<usize> {
        let [first, .., last] = self.tokens[..] else { return 0..0 };
        first.start..last.span().end
    }
}

/// The statements of a text. A trigger ends at the semicolon after its own `END`.
pub fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    let mut current = Statement { tokens: Vec::new(), comment: Vec::new() };
    let mut depth = 0;
    let mut comment_end = 0;
    for token in tokens(text) {
        if token.kind == Kind::Comment {
            if current.tokens.is_empty() {
                if text[comment_end..token.start].matches('\n').count() > 1 {
                    current.comment.clear();
                }
                current.comment.push(token.text);
                comment_end = token.span().end;
            }
            continue;
        }
        if current.tokens.is_empty() && text[comment_end..token.start].matches('\n').count() > 1 {
            current.comment.clear();
        }
        current.tokens.push(token);
        let is_trigger = current.object().is_some_and(|(kind, _)| kind == "trigger");
        if is_trigger && (token.is("begin") || token.is("case")) {
            depth += 1;
        } else if is_trigger && token.is("end") {
            depth -= 1;
        } else if token.text == ";" && depth <= 0 {
            comment_end = token.span().end;
            found.push(std::mem::replace(
                &mut current,
                Statement { tokens: Vec::new(), comment: Vec::new() },
            ));
            depth = 0;
        }
    }
    if !current.tokens.is_empty() {
        found.push(current);
    }
    found
}

#[test]
fn splits_statements_at_their_ends() {
    let text = "-- Not its own.\n\n-- First.\n-- Second.\nCREATE TABLE IF NOT EXISTS a (\n  b TEXT -- in; it\n);\n\
                CREATE TRIGGER c BEFORE INSERT ON a BEGIN\n  SELECT CASE NEW.b WHEN ';' THEN 1 END;\n\
                SELECT 2;\nEND;\nINSERT INTO a VALUES ('it''s;');";
    let found = statements(text);
    let texts: Vec<&str> = found.iter().map(|statement| &text[statement.span()]).collect();
    assert_eq!(texts.len(), 3, "{texts:#?}");
    assert!(texts[0].starts_with("CREATE TABLE") && texts[0].ends_with("\n);"), "{texts:#?}");
    assert!(texts[1].ends_with("SELECT 2;\nEND;"), "{texts:#?}");
    assert!(texts[2].starts_with("INSERT"), "{texts:#?}");
    assert_eq!(found[0].comment, ["-- First.", "-- Second."]);
    assert_eq!(found[0].object(), Some(("table".to_owned(), "a")));
    assert_eq!(found[1].object(), Some(("trigger".to_owned(), "c")));
    assert_eq!(found[2].object(), None);
}
