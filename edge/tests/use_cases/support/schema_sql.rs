//! Parses the SQL text of a table as SQLite stores it.

use std::ops::Range;

/// Removes comments and collapses white space.
pub fn collapse_white_space(sql: &str) -> String {
    let lines: Vec<_> = sql.lines().map(|line| line.split("--").next().unwrap()).collect();
    lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The CHECKs of a table: by name if they have one, otherwise by expression.
pub fn checks(text: &str) -> Vec<String> {
    check_spans(&collapse_white_space(text)).into_iter().map(|(check, _)| check).collect()
}

/// The same for collapsed text, with the range of each expression.
pub fn check_spans(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(place) = text[from..].find("CHECK (").map(|place| from + place) {
        let before: Vec<&str> = text[..place].split_whitespace().collect();
        let start = place + "CHECK (".len();
        let span = start..start + closing_parenthesis(&text[start..]);
        let name = match before[..] {
            [.., "CONSTRAINT", name] => name.to_owned(),
            _ => text[span.clone()].trim().to_owned(),
        };
        from = span.end;
        found.push((name, span));
    }
    found
}

/// Splits collapsed text into what precedes the columns and constraints, these definitions, and
/// what follows.
pub fn definitions(text: &str) -> (&str, Vec<String>, &str) {
    let start = text.find('(').unwrap() + 1;
    let end = start + closing_parenthesis(&text[start..]);
    let mut depth = 0;
    let mut found = vec![String::new()];
    for c in text[start..end].chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    let found = found.iter().map(|definition| definition.trim().to_owned()).collect();
    (&text[..start], found, &text[end..])
}

/// The position of the parenthesis that closes one opened before this text.
fn closing_parenthesis(text: &str) -> usize {
    let mut depth = 1;
    let end = text.char_indices().find_map(|(i, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(i)
    });
    end.expect("a parenthesis is not closed")
}
