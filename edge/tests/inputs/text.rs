//! Random texts and mutations of texts.

use super::chance::Chance;

/// A random element of a list.
pub fn one<'a, T: ?Sized>(chance: &mut Chance, list: &[&'a T]) -> &'a T {
    list[chance.below(list.len())]
}

/// Up to `most` random characters of an alphabet.
pub fn of(chance: &mut Chance, alphabet: &[char], most: usize) -> String {
    (0..chance.below(most + 1)).map(|_| alphabet[chance.below(alphabet.len())]).collect()
}

/// Up to `most` random characters of any kind: ASCII, Chinese, marks, emoji, control characters.
pub fn noise(chance: &mut Chance, most: usize) -> String {
    let any = |chance: &mut Chance| {
        let code = match chance.below(6) {
            0 => chance.below(0x80),
            1 => 0x20 + chance.below(0x5f),
            2 => 0x4e00 + chance.below(0x5000),
            3 => 0x300 + chance.below(0x70),
            4 => 0x1f300 + chance.below(0x300),
            _ => chance.below(0x11_0000),
        };
        char::from_u32(code as u32).unwrap_or('\u{fffd}')
    };
    (0..chance.below(most + 1)).map(|_| any(chance)).collect()
}

/// A text with one to four changes: characters removed, inserted, replaced, doubled or moved, or
/// its end cut off.
pub fn mutated(chance: &mut Chance, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=chance.below(4) {
        let at = chance.below(chars.len() + 1);
        let new = noise(chance, 1).chars().next().unwrap_or('0');
        match chance.below(7) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 => chars.insert(at, new),
            2 if at < chars.len() => chars[at] = new,
            3 if at < chars.len() => chars.insert(at, chars[at]),
            4 if at < chars.len() => {
                let other = chance.below(chars.len());
                chars.swap(at, other);
            }
            5 if chance.below(4) == 0 => chars.truncate(at),
            // Characters that are most likely to be misread.
            _ => {
                let near = ['0', '1', '9', '.', ',', '-', '+', '`', '"', '\n', '\r', ' ', 'e'];
                let near = near[chance.below(near.len())];
                if at < chars.len() && chance.below(2) == 0 {
                    chars[at] = near;
                } else {
                    chars.insert(at, near);
                }
            }
        }
    }
    chars.into_iter().collect()
}
