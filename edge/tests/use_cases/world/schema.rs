//! The text of a table as SQLite keeps it, taken apart.

use std::ops::Range;

/// Without comments, and with any white space as one space.
pub fn squeezed(sql: &str) -> String {
    let lines: Vec<_> = sql.lines().map(|line| line.split("--").next().unwrap()).collect();
    lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The CHECKs of a table's text: by name where they have one, else by their expression.
pub fn checks(text: &str) -> Vec<String> {
    spans(&squeezed(text)).into_iter().map(|(check, _)| check).collect()
}

/// The same of a squeezed text, with the place of each expression.
pub fn spans(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(place) = text[from..].find("CHECK (").map(|place| from + place) {
        let before: Vec<&str> = text[..place].split_whitespace().collect();
        let start = place + "CHECK (".len();
        let span = start..start + closing(&text[start..]);
        let name = match before[..] {
            [.., "CONSTRAINT", name] => name.to_owned(),
            _ => text[span.clone()].trim().to_owned(),
        };
        from = span.end;
        found.push((name, span));
    }
    found
}

/// What comes before the columns and constraints of a squeezed text, these, and what comes after.
pub fn definitions(text: &str) -> (&str, Vec<String>, &str) {
    let start = text.find('(').unwrap() + 1;
    let end = start + closing(&text[start..]);
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

/// Where the parenthesis ends that was opened before this text.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    let end = text.char_indices().find_map(|(i, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(i)
    });
    end.expect("a parenthesis without its end")
}
