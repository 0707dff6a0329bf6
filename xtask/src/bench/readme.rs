//! Writes results into a Markdown file, between two comments.

use anyhow::{Context, Result};

/// Replaces what stands between the comments `<!-- name -->` and `<!-- /name -->`.
pub fn replace_between(page: &str, name: &str, text: &str) -> Result<String> {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let missing = |marker: &str| {
        format!("{marker} is missing: the results are written between {open} and {close}")
    };
    let (before, rest) = page.split_once(&open).with_context(|| missing(&open))?;
    let (_, after) = rest.split_once(&close).with_context(|| missing(&close))?;
    Ok(format!("{before}{open}\n\n{}\n\n{close}{after}", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_is_between_the_markers() {
        let page = "a\n<!-- x -->old<!-- /x -->\nb\n";
        let written = replace_between(page, "x", "new\n").unwrap();
        assert_eq!(written, "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n");
        assert_eq!(replace_between(&written, "x", "new").unwrap(), written);
    }

    #[test]
    fn a_page_without_markers_is_an_error() {
        assert!(replace_between("a", "x", "new").unwrap_err().to_string().contains("<!-- x -->"));
        let half = replace_between("<!-- x -->", "x", "new").unwrap_err();
        assert!(half.to_string().contains("<!-- /x -->"));
    }
}
