//! The front matter of articles.

use shared::front_matter;

use super::{feed, text};

const GOOD: &str = "---\ntitle: \"雪: 一\"\nlang: zh-Hans\nauthor: Ann\nslug: snow\n---\n# 雪\n";

#[test]
fn front_matters() {
    feed("front_matter", |rng| {
        let sent = match rng.below(3) {
            0 => GOOD.to_owned(),
            1 => text::mutated(rng, GOOD),
            _ => format!("---\n{}\n---\n", text::noise(rng, 60)),
        };
        let read = front_matter::parse(&sent);
        if let Ok((front, markdown)) = &read {
            assert!(sent.ends_with(markdown), "{sent:?}");
            assert!(!front.title.is_empty() && !front.lang.is_empty(), "{sent:?}");
        }
        read.is_ok()
    });
}
