//! Tests with real articles and the demo articles: no text is lost, summaries begin like the
//! article, and repeated titles are dropped.

use std::fs;
use std::path::Path;

use unicode_segmentation::UnicodeSegmentation;

use super::super::{render, without_repeated_heading};
use super::reference;
use super::reparse::check;

struct Article {
    file: String,
    title: String,
    author: Option<String>,
    chinese: bool,
    markdown: String,
}

fn read_folder(folder: &Path) -> Vec<Article> {
    fs::read_dir(folder)
        .expect("a folder of articles")
        .map(|entry| read_article(&entry.expect("an entry").path()))
        .collect()
}

fn read_article(path: &Path) -> Article {
    let text = fs::read_to_string(path).expect("an article in UTF-8");
    let (head, markdown) = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---\n"))
        .expect("front matter");
    let field = |name: &str| {
        head.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
    };
    Article {
        file: path.display().to_string(),
        title: field("title:").expect("a title"),
        author: field("author:"),
        chinese: field("lang:").as_deref() == Some("zh-Hans"),
        markdown: markdown.to_owned(),
    }
}

fn corpus() -> Vec<Article> {
    let mut articles = Vec::new();
    for language in ["en", "zh"] {
        let Some(folder) = reference(&format!("corpus/{language}")) else { continue };
        articles.extend(read_folder(&folder));
    }
    articles
}

/// The text without its markup. The corpus uses only emphasis, quotes and breaks.
fn text_of_markdown(markdown: &str) -> String {
    markdown
        .lines()
        .filter(|line| *line != "---")
        .flat_map(|line| line.trim_start_matches('>').chars())
        .filter(|c| *c != '*' && !c.is_whitespace())
        .collect()
}

#[test]
fn articles_keep_every_character() {
    for article in corpus() {
        let rendered = render(&article.markdown);
        let shown: String = check(&rendered.html).chars().filter(|c| !c.is_whitespace()).collect();
        let written = text_of_markdown(&article.markdown);
        let lost = written.chars().zip(shown.chars()).position(|(written, shown)| written != shown);
        assert_eq!(lost, None, "{}: differs at this character", article.file);
        assert_eq!(written.len(), shown.len(), "{}", article.file);
    }
}

#[test]
fn articles_have_summaries_that_begin_as_they_do() {
    for article in corpus() {
        let author = article.author.as_deref();
        let body = without_repeated_heading(&article.markdown, &article.title, author);
        let summary = render(&body).summary;
        let size = summary.graphemes(true).count();
        let fits = if article.chinese { 50..=125 } else { 90..=201 };
        assert!(fits.contains(&size), "{}: {size} in {summary}", article.file);
        let start: String = summary.trim_end_matches('…').split_whitespace().collect();
        let full = text_of_markdown(&body);
        assert!(full.starts_with(&start), "{}: {summary}", article.file);
    }
}

#[test]
fn repeated_titles_go_and_the_text_stays() {
    for article in corpus() {
        let author = article.author.as_deref();
        let body = without_repeated_heading(&article.markdown, &article.title, author);
        let first = |text: &str| text.lines().find(|l| !l.trim().is_empty()).map(text_of_markdown);
        if first(&article.markdown) == Some(text_of_markdown(&article.title)) {
            assert_ne!(first(&body), first(&article.markdown), "{}", article.file);
            assert_ne!(first(&body).as_deref(), author, "{}", article.file);
        }
        assert!(article.markdown.ends_with(&*body), "{}", article.file);
        assert!(article.markdown.len() - body.len() < 80, "{}", article.file);
    }
}

#[test]
fn the_demo_shows_everything_an_article_may_contain_in_both_languages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let mut complete = Vec::new();
    for article in read_folder(&folder) {
        let rendered = render(&article.markdown);
        check(&rendered.html);
        assert!(rendered.summary.graphemes(true).count() > 90, "{}", article.file);
        let elements = [
            "<h2",
            "<blockquote>",
            "<ul>",
            "<ol>",
            "<pre tabindex=\"0\">",
            "<code>",
            "<table>",
            "<em>",
            "<strong>",
            "<del>",
            "<hr>",
            "<div>",
            "href=\"https://",
            "jpg\"",
        ];
        if elements.iter().all(|element| rendered.html.contains(element)) {
            complete.push(article.chinese);
        }
    }
    complete.sort();
    assert_eq!(complete, [false, true]);
}
