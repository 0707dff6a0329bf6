//! Rust source without comments and strings, so that rules about code do not match prose.

/// Replaces comments, strings and character literals by spaces. Lines keep their numbers.
pub fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => end_of_line(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_block_comment(&chars, at),
            '"' => end_of_string(&chars, at),
            'r' | 'b' | 'c' if !is_word(&chars, at) => {
                end_of_prefixed_string(&chars, at).unwrap_or(at)
            }
            '\'' => end_of_char(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Returns whether the character continues a word.
fn is_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |length| at + length)
}

fn end_of_block_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

fn end_of_string(chars: &[char], at: usize) -> usize {
    let mut at = at + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// Finds the end of `b"…"`, `c"…"`, `r"…"`, `r#"…"#` or `br##"…"##`.
fn end_of_prefixed_string(chars: &[char], at: usize) -> Option<usize> {
    let mut start = at;
    let mut raw = false;
    while let Some('r' | 'b' | 'c') = chars.get(start) {
        raw |= chars[start] == 'r';
        start += 1;
    }
    let hashes = chars[start..].iter().take_while(|c| **c == '#').count();
    if chars.get(start + hashes) != Some(&'"') || start - at > 2 || (hashes > 0 && !raw) {
        return None;
    }
    if !raw {
        return Some(end_of_string(chars, start));
    }
    let mut end = start + hashes + 1;
    while end < chars.len() {
        let closed = chars[end] == '"'
            && chars[end + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
        if closed {
            return Some(end + 1 + hashes);
        }
        end += 1;
    }
    Some(end)
}

/// Finds the end of a character literal. A lifetime is not one.
fn end_of_char(chars: &[char], at: usize) -> Option<usize> {
    match (chars.get(at + 1)?, chars.get(at + 2)) {
        ('\\', Some(_)) => {
            let rest = chars.get(at + 3..)?;
            Some(at + 3 + rest.iter().position(|c| *c == '\'')? + 1)
        }
        (_, Some('\'')) => Some(at + 3),
        _ => None,
    }
}

/// Removes the items behind `#[cfg(test)]`. Lines keep their numbers.
pub fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) =
        ["#[cfg(test)]", "#[cfg(all(test"].iter().filter_map(|attribute| rest.find(attribute)).min()
    {
        let end = start + end_of_item(&rest[start..]);
        out.push_str(&rest[..start]);
        out.extend(rest[start..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Finds the end of the item that starts here: its `;`, or the brace that closes its body. The `;`
/// of `[u8; 4]` ends nothing.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth <= 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Returns whether the line contains the word, and not only as part of another word.
pub fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        !line[..start].ends_with(part) && !line[start + word.len()..].starts_with(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_and_strings() {
        let code = code_only("let a = \"f64 \\\" f64\"; // f64\n/* f64 /* f64 */ f64 */ b f64");
        assert_eq!(code.matches("f64").count(), 1, "{code}");
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn blanks_raw_strings_and_characters() {
        let code = code_only("r#\"f64 \" f64\"# br\"f64\" b\"f64\" '\"' f64 '\\'' f64 \"f64\"");
        assert_eq!(code.matches("f64").count(), 2, "{code}");
    }

    #[test]
    fn keeps_lifetimes_and_words_that_end_in_r() {
        let code = code_only("fn for<'a>(x: &'a str) { number(\"f64\"); f64 }");
        assert!(code.contains("'a str") && code.matches("f64").count() == 1, "{code}");
    }

    #[test]
    fn blanks_tests_and_only_tests() {
        let code =
            "a();\n#[cfg(test)]\nmod tests { fn b() { c(); } }\nd();\n#[cfg(test)]\nmod e;\nf();";
        let kept = without_tests(code);
        assert!(kept.contains("a()") && kept.contains("d()") && kept.contains("f()"));
        assert!(!kept.contains("c()") && !kept.contains("mod e"));
        assert_eq!(kept.lines().count(), code.lines().count());
        let code = "#[cfg(test)]\nfn a(b: [u8; 4]) -> [u8; 2] { c() }\nd();";
        assert_eq!(without_tests(code), "\n\nd();");
    }

    #[test]
    fn finds_whole_words() {
        assert!(has_word("x: f64,", "f64"));
        assert!(!has_word("to_f64()", "f64"));
        assert!(!has_word("strand", "rand"));
        assert!(has_word("rand::random()", "rand"));
    }
}
