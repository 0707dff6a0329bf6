//! Formulas: shown as MathML, with their source as it was typed.

use super::super::math::MAX_FORMULA_BYTES;
use super::super::render;
use super::{html, reparse};

/// The source that a formula's MathML carries.
fn source(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<annotation encoding=\"application/x-tex\">")?;
    let (source, _) = rest.split_once("</annotation>")?;
    Some(source.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[test]
fn formulas_keep_their_source_and_become_mathml() {
    for (markdown, latex) in [
        ("Inline $f_*=g_*$ here", "f_*=g_*"),
        ("a set $\\{x \\mid x > 0\\}$.", "\\{x \\mid x > 0\\}"),
        ("$$\nA_a \\\\\nB_b\n$$", "\nA_a \\\\\nB_b\n"),
        ("中文$a_1*b_1*c$中文", "a_1*b_1*c"),
        ("$\\frac{1}{2}$", "\\frac{1}{2}"),
        (
            "$$\\begin{aligned}a&=b\\\\c&=d\\end{aligned}$$",
            "\\begin{aligned}a&=b\\\\c&=d\\end{aligned}",
        ),
        ("- $x<y$", "x<y"),
        ("| $a$ |\n|---|", "a"),
        ("**$a*b$**", "a*b"),
        ("$\\text{如果 } x$", "\\text{如果 } x"),
    ] {
        let html = html(markdown);
        assert!(html.contains("<math"), "{markdown}: {html}");
        assert_eq!(source(&html).as_deref(), Some(latex), "{markdown}");
    }
    let aligned = html("$$\\begin{aligned}a&=b\\end{aligned}$$");
    assert!(
        aligned.contains("<mtd class=\"right\">")
            && aligned.contains("<math display=\"block\" tabindex=\"0\">")
    );
}

#[test]
fn what_is_no_formula_of_ours_is_shown_as_its_source() {
    for latex in ["\\unknown{x}", "\\href{javascript:x}{y}", "{", "x^", "\\frac"] {
        assert_eq!(html(&format!("a ${latex}$")), format!("<p>a <code>${latex}$</code></p>\n"));
    }
    assert_eq!(html("a $$\\unknown *b*$$"), "<p>a <code>$$\\unknown *b*$$</code></p>\n");
    let long = "x+".repeat(MAX_FORMULA_BYTES / 2) + "x";
    assert!(html(&format!("${long}$")).starts_with("<p><code>$x+x"));
    // The formulas of one block together are as limited as one formula.
    let many = "$x+y+z$ ".repeat(MAX_FORMULA_BYTES / 5 + 2);
    let written = html(&many);
    assert!(written.contains("<math") && written.ends_with("<code>$x+y+z$</code></p>\n"));
}

#[test]
fn money_is_no_formula() {
    for text in [
        "it costs $5 and then $10",
        "$5-**b**-$10",
        "$20,000 or $30,000",
        "a $ b $ c",
        "5$",
        "\\$a$",
    ] {
        assert!(!html(text).contains("<math") && !html(text).contains("<code>"), "{text}");
    }
}

#[test]
fn hostile_formulas_stay_harmless() {
    for latex in [
        "\\text{<script>alert(1)</script>}",
        "\\text{</math><img src=x onerror=alert(1)>}",
        "</annotation><script>x</script>",
        "\\color{red\" onload=x}x",
        "\\mathrm{\u{202E}x}",
    ] {
        reparse::check(&render(&format!("a ${latex}$ b\n\n$${latex}$$")).html);
    }
}

#[test]
fn deep_formulas_do_not_exhaust_the_stack() {
    for (open, close) in [
        ("{", "}"),
        ("\\sqrt", ""),
        ("\\sqrt[", "]"),
        ("x^{", "}"),
        ("x_{", "}"),
        ("\\left(", "\\right)"),
        ("\\frac{1}{", "}"),
        ("\\frac1", ""),
        ("\\frac{", "}{1}"),
        ("\\begin{matrix}", "\\end{matrix}"),
        ("\\hat", ""),
        ("\\overset1", ""),
        ("\\text{$", "$}"),
        ("\\mathbb", ""),
        ("\\color{red}", ""),
        ("&\\frac", ""),
        ("}\\frac", ""),
        ("{}\\frac", ""),
        ("\\frac{}", ""),
        ("\\underbrace{\\hat", "}"),
    ] {
        for times in [20, 33, 50, 99, 400, 1300] {
            let latex = format!("{}x{}", open.repeat(times), close.repeat(times));
            // A quarter of the stack that the Worker has.
            let thread = std::thread::Builder::new().stack_size(256 << 10);
            thread
                .spawn(move || super::super::math::mathml(&latex, false))
                .unwrap()
                .join()
                .unwrap();
        }
    }
}
