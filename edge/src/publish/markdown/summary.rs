//! The first sentences of an article, for lists and previews.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use shared::text::is_visible;

use super::text::is_cjk;

/// The available room, in units: 120 Chinese characters of 5, or 200 letters of 3. A Chinese
/// character is wider than a letter and says more.
const ROOM: usize = 600;
const CJK_ROOM: usize = 5;
const OTHER_ROOM: usize = 3;

/// Collecting stops here. Text that fits is shorter, unless it stacks many combining marks.
const MAX_BYTES: usize = 4096;

/// Raised or lowered text. The summary has no markup, and without any mark 10⁶ would read as 106.
#[derive(Clone, Copy)]
pub(super) enum Script {
    Superscript,
    Subscript,
}

impl Script {
    /// Writes the text with Unicode's raised or lowered characters, or after a `^` or `_` if one of
    /// its characters has none.
    pub(super) fn plain(self, text: &str) -> Cow<'static, str> {
        let (from, to, mark) = match self {
            Script::Superscript => ("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", '^'),
            Script::Subscript => ("0123456789+-=()aeox", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓ", '_'),
        };
        let convert = |c: char| from.chars().zip(to.chars()).find(|(plain, _)| *plain == c);
        let converted: Option<String> =
            text.chars().map(|c| convert(c).map(|(_, script)| script)).collect();
        converted.unwrap_or_else(|| format!("{mark}{text}")).into()
    }
}

/// What separates two pieces of text.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    Space,
    /// The end of one block and the beginning of another.
    Block,
}

/// Collects text from the start of an article until there is enough.
#[derive(Default)]
pub(super) struct Summary {
    prose: Collected,
    /// Headings, code and tables, for an article without prose.
    other: Collected,
}

impl Summary {
    /// Adds the next prose of the article.
    pub(super) fn push(&mut self, text: &str) {
        self.prose.push(text);
    }

    /// Adds the next text of the article that is not prose.
    pub(super) fn push_other(&mut self, text: &str) {
        self.other.push(text);
    }

    /// Marks the end or the start of a block.
    pub(super) fn gap(&mut self) {
        self.prose.gap = Gap::Block;
        self.other.gap = Gap::Block;
    }

    /// Returns the whole text if it fits, else the complete sentences that fit if they fill half of
    /// the room, else as many words as fit, with `…`.
    pub(super) fn finish(self) -> String {
        match self.prose.text.chars().any(is_visible) {
            true => self.prose.finish(),
            false => self.other.finish(),
        }
    }
}

/// The first text of a kind.
#[derive(Default)]
struct Collected {
    text: String,
    /// What separates the last text from the next.
    gap: Gap,
    more: bool,
}

impl Collected {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if self.text.len() >= MAX_BYTES {
                self.more = true;
                return;
            }
            if c.is_whitespace() {
                if self.gap == Gap::None {
                    self.gap = Gap::Space;
                }
                continue;
            }
            if self.needs_space(c) {
                self.text.push(' ');
            }
            self.gap = Gap::None;
            self.text.push(c);
        }
    }

    fn needs_space(&self, next: char) -> bool {
        let Some(last) = self.text.chars().next_back() else { return false };
        let chinese = (is_cjk(last) || closes(last)) && (is_cjk(next) || opens(next));
        match self.gap {
            Gap::None => false,
            Gap::Space => !chinese,
            // Chinese sentences are not separated by a space. A line without a full stop is,
            // because nothing else separates it from the next one.
            Gap::Block => !chinese || last.is_alphanumeric(),
        }
    }

    fn finish(self) -> String {
        let Some(fits) = fitting(&self.text) else {
            return if self.more { ended(&self.text) } else { self.text };
        };
        let start = |end: usize| self.text.get(..end).unwrap_or_default();
        let sentences = self
            .text
            .split_sentence_bound_indices()
            .map(|(start, sentence)| (start + sentence.trim_end().len(), sentence.trim_end()))
            .take_while(|(end, _)| *end <= fits)
            .filter(|(_, sentence)| is_whole(sentence))
            .last();
        if let Some((end, _)) = sentences
            && room(start(end)) >= ROOM / 2
        {
            return start(end).to_owned();
        }
        let words = self
            .text
            .split_word_bound_indices()
            .map(|(start, _)| start)
            .take_while(|start| *start <= fits)
            .last()
            .filter(|end| room(start(*end)) >= ROOM / 2)
            .unwrap_or(fits);
        ended(start(words))
    }
}

/// The length in bytes of the graphemes that fit; `None` if the whole text fits.
fn fitting(text: &str) -> Option<usize> {
    let mut left = ROOM;
    for (at, grapheme) in text.grapheme_indices(true) {
        left = match left.checked_sub(room_of(grapheme)) {
            Some(left) => left,
            None => return Some(at),
        };
    }
    None
}

fn room(text: &str) -> usize {
    text.graphemes(true).map(room_of).sum()
}

fn room_of(grapheme: &str) -> usize {
    if grapheme.starts_with(is_cjk) { CJK_ROOM } else { OTHER_ROOM }
}

/// Whether the text ends a sentence. The full stop of "Mr." or of an initial does not.
fn is_whole(sentence: &str) -> bool {
    let bare = sentence.trim_end_matches(['"', '\'', '”', '’', '」', '』', ')', '）', '»']);
    if let Some(rest) = bare.strip_suffix('.') {
        let word = rest.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        return word.chars().count() > 3 || word.starts_with(|c: char| c.is_lowercase());
    }
    bare.ends_with(['!', '?', '。', '！', '？', '．'])
}

/// Adds `…` to text that was cut, in place of punctuation that makes no sense without the rest.
fn ended(text: &str) -> String {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || opens(c)
            || matches!(
                c,
                ',' | ';' | ':' | '-' | '.' | '，' | '、' | '；' | '：' | '—' | '–' | '…'
            )
    });
    format!("{text}…")
}

fn opens(c: char) -> bool {
    matches!(c, '“' | '‘' | '「' | '『' | '（' | '(' | '《' | '〈' | '【' | '[')
}

/// Punctuation that can end a sentence in Chinese as well as in other languages.
fn closes(c: char) -> bool {
    matches!(c, '”' | '’' | '…' | '—')
}
