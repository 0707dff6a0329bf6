//! The names in URLs: an article's slug, an official account's handle.

use crate::text::{is_combining, nfkc};

/// An article's name in its URL. Letters of any script are allowed, so that the URL of a Chinese
/// title is readable: `/a/孔乙己`, `/a/the-five-orange-pips`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slug(String);

/// An official account's name in its URL: `/@lin-xiaoyu`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Handle(String);

/// The maximum length of a slug in characters.
const SLUG_MAX_CHARS: usize = 80;

impl Slug {
    /// Parses a slug from a URL, already percent-decoded.
    pub fn parse(text: &str) -> Option<Slug> {
        (!text.is_empty() && Slug::from_title(text).is_some_and(|slug| slug.0 == text))
            .then(|| Slug(text.to_owned()))
    }

    /// Makes a slug from a title: letters and digits in lower case, with one hyphen in place of
    /// everything between them. Composed and decomposed letters, and full-width ones, give the same slug (NFKC).
    /// `None` if the title has neither letters nor digits.
    ///
    /// A slug that was changed on the way (upper case, full-width letters, a full stop behind it)
    /// gives the slug again.
    pub fn from_title(title: &str) -> Option<Slug> {
        let mut slug = String::new();
        let mut chars = 0;
        let mut gap = false;
        let lower: String = nfkc(title).chars().flat_map(char::to_lowercase).collect();
        // Lower case can be decomposed: İ.
        for c in nfkc(&lower).chars() {
            // An apostrophe does not separate words: "it's" becomes "its".
            if matches!(c, '\'' | '’') {
                continue;
            }
            let belongs_to_letter = !gap && chars > 0 && is_combining(c);
            if !c.is_alphanumeric() && !belongs_to_letter {
                gap = true;
                continue;
            }
            let needed = if gap && chars > 0 { 2 } else { 1 };
            if chars + needed > SLUG_MAX_CHARS {
                break;
            }
            if needed == 2 {
                slug.push('-');
            }
            slug.push(c);
            chars += needed;
            gap = false;
        }
        (!slug.is_empty()).then_some(Slug(slug))
    }

    /// Appends a number, for a title whose slug another article already has.
    pub fn numbered(&self, number: u32) -> Slug {
        let tail = format!("-{number}");
        let room = SLUG_MAX_CHARS.saturating_sub(tail.len());
        let head: String = self.0.chars().take(room).collect();
        Slug(format!("{}{tail}", head.trim_end_matches('-')))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Handle {
    /// Reads a handle that may have been changed on the way: upper case, full-width letters,
    /// punctuation behind it.
    pub fn recover(text: &str) -> Option<Handle> {
        let plain = nfkc(text).to_lowercase();
        Handle::parse(plain.trim().trim_end_matches(|c: char| !c.is_alphanumeric()))
    }

    /// Parses a handle: 3 to 30 lower-case ASCII letters, digits, and single hyphens between them.
    pub fn parse(text: &str) -> Option<Handle> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let shape = (3..=30).contains(&text.len())
            && text.bytes().all(allowed)
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        shape.then(|| Handle(text.to_owned()))
    }

    /// The handle without `@`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slug(title: &str) -> String {
        Slug::from_title(title).unwrap().0
    }

    #[test]
    fn keeps_letters_of_any_script() {
        assert_eq!(slug("The Five Orange Pips"), "the-five-orange-pips");
        assert_eq!(slug("为“俄国歌剧团”"), "为-俄国歌剧团");
        assert_eq!(slug("It’s 5 o'clock!"), "its-5-oclock");
        assert_eq!(Slug::from_title("……"), None);
        assert_eq!(Slug::parse("the-five-orange-pips").unwrap().as_str(), "the-five-orange-pips");
        for bad in ["", "-a", "a--b", "A", "a/b", "a b", "../x"] {
            assert_eq!(Slug::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn letters_that_look_the_same_are_the_same() {
        assert_eq!(slug("café résumé"), "café-résumé");
        assert_eq!(slug("cafe\u{301} re\u{301}sume\u{301}"), "café-résumé");
        assert_eq!(slug("Ｔｈｅ　２２：４７"), "the-22-47");
        assert_eq!(slug("ﬁne ﬂour"), "fine-flour");
        assert_eq!(slug("हिन्दी में"), "हिन्दी-में");
        assert_eq!(slug("İstanbul"), "i̇stanbul");
        assert_eq!(slug("\u{301}a"), "a");
    }

    #[test]
    fn names_that_were_changed_on_the_way_are_recovered() {
        for changed in [
            "The-22-47",
            "the-22-47。",
            "the-22-47.",
            "THE-22-47)",
            "ｔｈｅ-22-47",
            "the-22-47/",
            "“the-22-47”",
            "the_22_47",
            " the-22-47",
        ] {
            assert_eq!(slug(changed), "the-22-47", "{changed}");
        }
        for changed in [
            "Night-Trains",
            "night-trains。",
            "NIGHT-TRAINS)",
            "ｎｉｇｈｔ-trains",
            "night-trains，",
            " night-trains/",
        ] {
            assert_eq!(Handle::recover(changed).unwrap().as_str(), "night-trains", "{changed}");
        }
        for other in ["", "林小雨", "a b c", "。"] {
            assert_eq!(Handle::recover(other), None, "{other}");
        }
    }

    #[test]
    fn numbers_a_taken_slug() {
        assert_eq!(Slug::from_title("雪").unwrap().numbered(2).as_str(), "雪-2");
        let long = Slug::from_title(&"a".repeat(200)).unwrap().numbered(12);
        assert_eq!(long.as_str().chars().count(), SLUG_MAX_CHARS);
    }

    #[test]
    fn handles_are_short_lower_case_ascii() {
        for good in ["lin-xiaoyu", "abc", "a-1", &"a".repeat(30)] {
            assert_eq!(Handle::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "ab", "Lin", "a--b", "-ab", "ab-", "林小雨", &"a".repeat(31)] {
            assert_eq!(Handle::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_is_parsed_back(title in ".{0,300}") {
            if let Some(slug) = Slug::from_title(&title) {
                prop_assert_eq!(Slug::parse(slug.as_str()), Some(slug.clone()));
                let numbered = slug.numbered(7);
                prop_assert_eq!(Slug::parse(numbered.as_str()), Some(numbered.clone()));
            }
        }
    }
}
