//! The two languages of pages, errors and articles.

use serde::{Deserialize, Deserializer, Serialize};

/// A language of pages, errors and articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Lang {
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Reads any tag that [`Lang::from_tag`] knows.
impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lang, D::Error> {
        crate::names::deserialize(deserializer, Lang::from_tag)
    }
}

impl Lang {
    /// Both languages, in the order in which a language switch lists them.
    pub const ALL: [Lang; 2] = [Lang::ZhHans, Lang::En];

    /// BCP 47 tag, for `lang` attributes, cookies and JSON.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::ZhHans => "zh-Hans",
            Lang::En => "en",
        }
    }

    /// The name of the language in that language.
    pub const fn own_name(self) -> &'static str {
        match self {
            Lang::ZhHans => "简体中文",
            Lang::En => "English",
        }
    }

    /// Parses a BCP 47 tag by its primary subtag: `zh`, `zh-CN`, `zh-Hans-SG`, `en-GB`. Any Chinese
    /// gives Simplified Chinese, because there is no other.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Lang::ZhHans)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Lang::En)
        } else {
            None
        }
    }

    /// Chooses from an `Accept-Language` header: the supported language with the highest weight, or
    /// the first of several with the same weight.
    pub fn from_accept_language(header: &str) -> Option<Lang> {
        let mut best: Option<(u32, Lang)> = None;
        for part in header.split(',').take(32) {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Lang::from_tag) else { continue };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(Some(1000), per_mille)
                .unwrap_or(0);
            if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }
}

/// Parses a quality value (`0.8`, `1`, `0.875`) in thousandths.
fn per_mille(q: &str) -> Option<u32> {
    let (whole, places) = q.trim().split_once('.').unwrap_or((q.trim(), ""));
    if places.len() > 3 || !places.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let places: u32 = format!("{places:0<3}").parse().ok()?;
    Some((whole.min(1) * 1000 + places).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_the_supported_language_with_the_highest_weight() {
        let pick = Lang::from_accept_language;
        assert_eq!(pick("zh-CN,zh;q=0.9,en;q=0.8"), Some(Lang::ZhHans));
        assert_eq!(pick("fr;q=0.9, en;q=0.4, zh;q=0.6"), Some(Lang::ZhHans));
        assert_eq!(pick("en-GB"), Some(Lang::En));
        assert_eq!(pick("en;q=0, zh;q=0.1"), Some(Lang::ZhHans));
        assert_eq!(pick("de, fr"), None);
        assert_eq!(pick(""), None);
        assert_eq!(pick("en;q=nonsense"), None);
    }

    #[test]
    fn json_has_any_tag_of_a_language_and_answers_have_ours() {
        for (json, lang) in
            [("\"zh-CN\"", Lang::ZhHans), ("\"en-GB\"", Lang::En), ("\"\\u0065n\"", Lang::En)]
        {
            assert_eq!(serde_json::from_str::<Lang>(json).ok(), Some(lang), "{json}");
        }
        for wrong in ["\"fr\"", "\"\"", "1", "null"] {
            assert!(serde_json::from_str::<Lang>(wrong).is_err(), "{wrong}");
        }
        assert_eq!(serde_json::to_string(&Lang::ZhHans).ok().as_deref(), Some("\"zh-Hans\""));
    }

    #[test]
    fn the_first_of_equal_weights_is_chosen() {
        let pick = Lang::from_accept_language;
        assert_eq!(pick("en, zh"), Some(Lang::En));
        assert_eq!(pick("zh, en"), Some(Lang::ZhHans));
        assert_eq!(pick("fr, en;q=0.5, zh;q=0.50"), Some(Lang::En));
        assert_eq!(pick("zh;q=0.999, en"), Some(Lang::En));
    }

    #[test]
    fn a_weight_has_at_most_three_decimal_places() {
        for (q, weight) in [
            ("0", Some(0)),
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("0.8", Some(800)),
            (" 0.05 ", Some(50)),
            ("0.875", Some(875)),
            ("1.5", Some(1000)),
            ("7", Some(1000)),
            ("0.8755", None),
            ("0.+5", None),
            ("0.5x", None),
            (".5", None),
            ("", None),
        ] {
            assert_eq!(per_mille(q), weight, "{q:?}");
        }
    }

    #[test]
    fn a_language_is_found_by_its_tag() {
        assert_eq!(Lang::ALL.map(Lang::tag), ["zh-Hans", "en"]);
        for lang in Lang::ALL {
            assert_eq!(Lang::from_tag(lang.tag()), Some(lang));
            assert_eq!(serde_json::to_value(lang).unwrap(), lang.tag());
        }
        assert_eq!(Lang::from_tag("fr"), None);
    }

    #[test]
    fn a_language_is_named_in_itself() {
        assert_eq!(Lang::ALL.map(Lang::own_name), ["简体中文", "English"]);
    }
}
