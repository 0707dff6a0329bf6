//! Random texts and mutations of texts.

use super::rng::Rng;

/// A random element of a list.
pub fn one<'a, T: ?Sized>(rng: &mut Rng, list: &[&'a T]) -> &'a T {
    list[rng.below(list.len())]
}

/// Up to `most` random characters of an alphabet.
pub fn of(rng: &mut Rng, alphabet: &[char], most: usize) -> String {
    (0..rng.below(most + 1)).map(|_| alphabet[rng.below(alphabet.len())]).collect()
}

/// Up to `most` random characters of any kind: ASCII, Chinese, marks, emoji, control characters.
pub fn noise(rng: &mut Rng, most: usize) -> String {
    let any = |rng: &mut Rng| {
        let code = match rng.below(6) {
            0 => rng.below(0x80),
            1 => 0x20 + rng.below(0x5f),
            2 => 0x4e00 + rng.below(0x5000),
            3 => 0x300 + rng.below(0x70),
            4 => 0x1f300 + rng.below(0x300),
            _ => rng.below(0x11_0000),
        };
        char::from_u32(code as u32).unwrap_or('\u{fffd}')
    };
    (0..rng.below(most + 1)).map(|_| any(rng)).collect()
}

/// A text with one to four changes: characters removed, inserted, replaced, doubled or moved, or
/// its end cut off.
pub fn mutated(rng: &mut Rng, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=rng.below(4) {
        let at = rng.below(chars.len() + 1);
        let new = noise(rng, 1).chars().next().unwrap_or('0');
        match rng.below(7) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 => chars.insert(at, new),
            2 if at < chars.len() => chars[at] = new,
            3 if at < chars.len() => chars.insert(at, chars[at]),
            4 if at < chars.len() => {
                let other = rng.below(chars.len());
                chars.swap(at, other);
            }
            5 if rng.below(4) == 0 => chars.truncate(at),
            // Characters that are most likely to be misread.
            _ => {
                let near = ['0', '1', '9', '.', ',', '-', '+', '`', '"', '\n', '\r', ' ', 'e'];
                let near = near[rng.below(near.len())];
                if at < chars.len() && rng.below(2) == 0 {
                    chars[at] = near;
                } else {
                    chars.insert(at, near);
                }
            }
        }
    }
    chars.into_iter().collect()
}
