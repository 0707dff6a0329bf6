//! Pages as a reader without scripts uses them: text, links and forms.

use scraper::{ElementRef, Html, Selector};

/// A parsed page.
pub struct Page {
    document: Html,
}

impl Page {
    /// Parses HTML as a browser without scripts does: the contents of `<noscript>` are elements.
    pub fn parse(html: &str) -> Page {
        let html = html.replace("<noscript>", "").replace("</noscript>", "");
        Page { document: Html::parse_document(&html) }
    }

    /// Every element that matches a CSS selector.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.document.select(&parsed(selector)).collect()
    }

    /// The only element that matches a CSS selector.
    #[track_caller]
    pub fn one(&self, selector: &str) -> ElementRef<'_> {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector} in: {}", self.text());
        found[0]
    }

    /// The text of every matching element.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(text).collect()
    }

    /// The text of the only matching element.
    #[track_caller]
    pub fn text_of(&self, selector: &str) -> String {
        text(self.one(selector))
    }

    /// An attribute of every matching element that has it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let found = self.all(selector).into_iter();
        found.filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The text of the whole page.
    pub fn text(&self) -> String {
        text(self.document.root_element())
    }

    /// The language of the page.
    pub fn lang(&self) -> String {
        self.document.root_element().attr("lang").unwrap_or_default().to_owned()
    }

    /// The only form that matches a CSS selector.
    #[track_caller]
    pub fn form(&self, selector: &str) -> Form {
        Form::of(self.one(selector))
    }

    /// The form that posts to this path.
    #[track_caller]
    pub fn form_to(&self, action: &str) -> Form {
        self.form(&format!("form[action='{action}']"))
    }
}

/// A form and the fields that would be submitted.
#[derive(Clone, Debug)]
pub struct Form {
    /// The path it is sent to.
    pub action: String,
    /// The fields, in the order of the page.
    pub fields: Vec<(String, String)>,
    buttons: Vec<(String, String)>,
}

impl Form {
    fn of(form: ElementRef<'_>) -> Form {
        assert_eq!(form.attr("method"), Some("post"), "{}", form.html());
        let mut fields = Vec::new();
        for field in form.select(&parsed("input[name], textarea[name], select[name]")) {
            let name = field.attr("name").unwrap_or_default().to_owned();
            let value = match (field.value().name(), field.attr("type")) {
                ("input", Some("radio" | "checkbox")) if field.attr("checked").is_none() => {
                    continue;
                }
                ("textarea", _) => field.text().collect(),
                ("select", _) => field
                    .select(&parsed("option[selected]"))
                    .next()
                    .and_then(|option| option.attr("value"))
                    .unwrap_or_default()
                    .to_owned(),
                _ => field.attr("value").unwrap_or_default().to_owned(),
            };
            fields.push((name, value));
        }
        let named = parsed("button[name]");
        let buttons = form.select(&named).map(|button| {
            let attribute = |name| button.attr(name).unwrap_or_default().to_owned();
            (attribute("name"), attribute("value"))
        });
        Form {
            action: form.attr("action").unwrap_or_default().to_owned(),
            fields,
            buttons: buttons.collect(),
        }
    }

    /// The value of a field, if it would be submitted.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Fills in a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Form {
        self.fields.retain(|(key, _)| key != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presses a button, which must exist.
    #[must_use]
    #[track_caller]
    pub fn press(self, name: &str, value: &str) -> Form {
        let button = (name.to_owned(), value.to_owned());
        assert!(self.buttons.contains(&button), "no button {button:?} in {:?}", self.buttons);
        self.with(name, value)
    }
}

/// The text of an element, with white space collapsed.
pub fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parsed(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"<form method="post" action="/x"><input type="hidden" name="a" value="1">
        <input type="radio" name="b" value="2"><input type="radio" name="b" value="3" checked>
        <textarea name="c">four</textarea><select name="d"><option value="5"><option value="6"
        selected></select><button name="go" value="7">Go</button></form>"#;

    #[test]
    fn parses_a_form_as_it_would_be_submitted() {
        let form = Page::parse(FORM).form_to("/x").with("c", "five").press("go", "7");
        let sent: Vec<_> = form.fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(sent, [("a", "1"), ("b", "3"), ("d", "6"), ("c", "five"), ("go", "7")]);
    }

    #[test]
    #[should_panic(expected = "no button")]
    fn presses_only_buttons_that_are_there() {
        let _ = Page::parse(FORM).form_to("/x").press("go", "8");
    }
}
