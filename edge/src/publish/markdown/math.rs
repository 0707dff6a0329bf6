//! Formulas in LaTeX, shown as MathML.

use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::tags::escape;

/// The longest formula, in bytes of LaTeX. Each byte can become an element, so the formulas of one
/// block together must not be longer either.
pub(super) const MAX_FORMULA_BYTES: usize = 4096;
/// How deep a formula can be nested. The converter calls itself for each level, with up to 3 KB of
/// stack.
const MAX_DEPTH: usize = 100;

static CONVERTER: LazyLock<Option<LatexToMathML>> = LazyLock::new(|| {
    let config = MathCoreConfig { annotation: true, ..MathCoreConfig::default() };
    LatexToMathML::new(config).ok()
});

/// Converts LaTeX to MathML that ends with the source as an annotation. `None` if it contains a
/// command that is unknown or makes anything but a formula, or if it is too long or too deep.
pub(super) fn mathml(latex: &str, block: bool) -> Option<String> {
    if latex.len() > MAX_FORMULA_BYTES || depth(latex) > MAX_DEPTH {
        return None;
    }
    let display = if block { MathDisplay::Block } else { MathDisplay::Inline };
    let mathml = CONVERTER.as_ref()?.convert_with_local_state(latex, display).ok()?.mathml;
    // Links, numbers of equations and styled text.
    let other = ["<a ", "<span", "<merror", "<menclose", " id="];
    if other.iter().any(|markup| mathml.contains(markup)) {
        return None;
    }
    // Focusable, so that a wide formula can be scrolled with the keyboard.
    let focusable = "<math display=\"block\" tabindex=\"0\"";
    Some(with_classes(&mathml.replacen("<math display=\"block\"", focusable, 1)))
}

/// An upper bound of how deep the converter nests. Groups nest. A command may also nest by taking the
/// next command as its argument; we do not know which ones do, so every command within a group or a
/// table's cell counts as a level.
fn depth(latex: &str) -> usize {
    let (mut outside, mut here, mut deepest) = (Vec::new(), 0, 0);
    let mut rest = latex;
    while let Some(c) = rest.chars().next() {
        let (token, after) = rest.split_at(match c {
            '\\' => command_bytes(rest),
            c => c.len_utf8(),
        });
        rest = after;
        match token {
            "{" | "\\begin" | "\\left" => {
                outside.push(here + 1);
                here = 0;
            }
            "}" | "\\end" | "\\right" => here = outside.pop().unwrap_or(here),
            "&" | "\\\\" => here = 0,
            "^" | "_" => here += 1,
            token if token.starts_with('\\') => here += 1,
            _ => {}
        }
        deepest = deepest.max(outside.iter().sum::<usize>() + here);
        if deepest > MAX_DEPTH {
            break;
        }
    }
    deepest
}

/// The length of the command that a text begins with: a backslash and letters, or one other
/// character.
fn command_bytes(text: &str) -> usize {
    let name = text.get(1..).unwrap_or_default();
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    1 + match letters {
        0 => name.chars().next().map_or(0, char::len_utf8),
        letters => letters,
    }
}

/// Replaces the alignment in `style` attributes, which the pages' security policy forbids, by our
/// classes.
fn with_classes(mathml: &str) -> String {
    let mut parts = mathml.split(" style=\"");
    let mut html = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (style, rest) = part.split_once('"').unwrap_or(("", part));
        if style.contains("text-align: right") {
            html.push_str(" class=\"right\"");
        } else if style.contains("text-align: left") {
            html.push_str(" class=\"left\"");
        }
        html.push_str(rest);
    }
    html
}

/// Writes a formula as its source, between its dollar signs.
pub(super) fn source(latex: &str, block: bool) -> String {
    let dollars = if block { "$$" } else { "$" };
    let mut html = String::from("<code>");
    for text in [dollars, latex, dollars] {
        escape(text, &mut html);
    }
    html.push_str("</code>");
    html
}
