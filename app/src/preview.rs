//! What search results and shared links show of a page: elements of the head.

use shared::calendar::Moment;
use shared::lang::Lang;

use crate::html::escape;
use crate::page::PageContext;
use crate::words::Words;

/// The picture of the site, for pages without one of their own.
const PICTURE: &str = "/icon-512.png";

/// What search results and shared links show of a page.
pub(crate) struct Preview {
    /// A sentence about the page, or the opening sentences of an article.
    pub description: String,
    /// The canonical path of the page, percent-encoded.
    pub path: String,
    /// Set for articles only.
    pub article: Option<ArticlePreview>,
}

/// What they show in addition for an article.
pub(crate) struct ArticlePreview {
    /// Who wrote it.
    pub author: String,
    /// The official account that published it.
    pub account: String,
    /// Its language.
    pub lang: Lang,
    /// When it was first published.
    pub published_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

impl Preview {
    /// Of a page that is not an article.
    pub(crate) fn of_page(description: impl Into<String>, path: impl Into<String>) -> Preview {
        Preview { description: description.into(), path: path.into(), article: None }
    }

    /// Writes the elements: the canonical address, Open Graph and, for an article, JSON-LD.
    pub(crate) fn to_html(&self, title: &str, context: &PageContext, words: &Words) -> String {
        let address = format!("{}{}", context.origin, self.path);
        let mut head = format!("<link rel=\"canonical\" href=\"{}\">", escape(&address));
        let kind = if self.article.is_some() { "article" } else { "website" };
        let picture = format!("{}{PICTURE}", context.origin);
        head += &format!("<meta name=\"description\" content=\"{}\">", escape(&self.description));
        let mut properties = vec![
            ("og:title", title.to_owned()),
            ("og:description", self.description.clone()),
            ("og:type", kind.to_owned()),
            ("og:url", address.clone()),
            ("og:site_name", words.site.to_owned()),
            ("og:image", picture.clone()),
        ];
        if let Some(article) = &self.article {
            properties.push(("article:published_time", article.published_at.to_rfc3339()));
            properties.push(("article:modified_time", article.updated_at.to_rfc3339()));
            properties.push(("article:author", article.author.clone()));
        }
        for (property, content) in properties {
            let content = escape(&content);
            head += &format!("<meta property=\"{property}\" content=\"{content}\">");
        }
        if let Some(article) = &self.article {
            head += &format!(
                "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\
                 \"@type\":\"Article\",\"headline\":{},\"description\":{},\"image\":{},\
                 \"author\":{{\"@type\":\"Person\",\"name\":{}}},\
                 \"publisher\":{{\"@type\":\"Organization\",\"name\":{}}},\
                 \"datePublished\":{},\"dateModified\":{},\"inLanguage\":{},\
                 \"mainEntityOfPage\":{}}}</script>",
                json(title),
                json(&self.description),
                json(&picture),
                json(&article.author),
                json(&article.account),
                json(&article.published_at.to_rfc3339()),
                json(&article.updated_at.to_rfc3339()),
                json(article.lang.tag()),
                json(&address),
            );
        }
        head
    }
}

/// Writes a JSON string that can stand in a `<script>`: nothing in it can end the element.
fn json(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                json.push('\\');
                json.push(c);
            }
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1F}' => {
                json.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn a_json_string_cannot_end_its_script() {
        assert_eq!(json("雪 \"a\" \\"), r#""雪 \"a\" \\""#);
        assert_eq!(json("</script>&\n"), r#""\u003c/script\u003e\u0026\u000a""#);
    }
}
