//! The gallery of pages shows an article with everything that is hard to lay out. `app` cannot render
//! Markdown, so the HTML is committed beside it.

use std::fs;
use std::path::Path;

use super::super::render;
use super::reparse;

#[test]
fn the_gallery_shows_what_the_renderer_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/examples/gallery");
    for lang in ["en", "zh-Hans"] {
        let markdown =
            fs::read_to_string(folder.join(format!("markup.{lang}.md"))).expect("Markdown");
        let html = render(&markdown).html;
        reparse::check(&html);
        let committed = folder.join(format!("markup.{lang}.html"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&committed, &html).expect("written");
        }
        let committed = fs::read_to_string(&committed).unwrap_or_default();
        assert!(committed == html, "run again with UPDATE_SNAPSHOTS=1");
        for element in
            ["<math", "<ruby>", "<sup>", "<kbd>", "<mark>", "☑", "dir=\"auto\"", "&lt;font"]
        {
            assert!(html.contains(element), "{lang}: {element}");
        }
    }
}
