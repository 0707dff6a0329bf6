//! Writes the document as Markdown.

use std::fmt::Write;

use shared::lang::Lang;
use shared::problem::{Problem, SCHEMA_CHECKS, SCHEMA_RULES, SchemaRule};

use super::schema::{Rule, Schema};
use super::sources::{Place, Sources};
use super::{WRITE, code};

/// CHECKs that also enforce a problem's rule, independently of the policy in force.
const CHECKS_OF: [(&str, &[&str]); 2] = [
    ("rule.praise_min", &["intent_amount_bounds", "praise_amount_bounds"]),
    ("rule.praise_cap", &["intent_amount_bounds", "praise_amount_bounds"]),
];

/// Rules of triggers that become a problem with another name.
const RULES_OF: [(&str, &[&str]); 3] = [
    ("key.reused", &["key_used"]),
    ("taken", &["handle_taken", "slug_taken", "posted"]),
    (
        "state.not_possible",
        &["action_open", "append_only", "dispute_lost", "freeze_open", "reply_closed"],
    ),
];

/// The whole document.
pub fn write(sources: &Sources, schema: &Schema) -> String {
    let mut text = head();
    text.push_str("## Problems\n");
    for (en, zh) in Problem::samples(Lang::En).iter().zip(Problem::samples(Lang::ZhHans)) {
        problem(&mut text, sources, schema, (en, &zh));
    }
    text.push_str(
        "\n## Rules of triggers\n\n\
         A trigger raises these as `rule:<code>`. They have no problem of their own: the code \
         handles them at the places given. Where it names none, breaking the rule is a fault of \
         ours: the batch is refused whole, the caller gets `internal`, and the log names the rule.\n",
    );
    for rule in SCHEMA_RULES {
        schema_rule(&mut text, sources, schema, rule);
    }
    text.push_str(
        "\n## CHECKs with a name\n\n\
         A row that breaks one is refused with its batch. CHECKs without a name, keys, unique \
         indexes and references are listed by `cargo xtask guards`.\n",
    );
    for rule in SCHEMA_CHECKS {
        check(&mut text, schema, rule);
    }
    text
}

fn head() -> String {
    format!(
        "# Rules\n\n\
         Generated from the sources; do not edit. After a change:\n\n\
         ```sh\n{WRITE}\n```\n\n\
         Every way in which the product says no has a code. A **problem** is told to the caller: as \
         the `code` of a problem document (RFC 9457) and as a page at `/problems/{{code}}`. A \
         **rule of a trigger** and a **CHECK** are enforced by the schema, in the write that would \
         break them; a rule `x` that a caller can break is told as the problem `rule.x`.\n\n\
         Amounts and fields in the sentences are examples: dollars in English, yuan in Chinese. \
         *Enforced* names the trigger or CHECK, *raised* the line of Rust that makes the problem \
         (at most three of them), *violated* the SQL of a test that breaks the rule and is refused, \
         and *asserted* the first test that expects the problem.\n\n"
    )
}

fn problem(text: &mut String, sources: &Sources, schema: &Schema, (en, zh): (&Problem, &Problem)) {
    let code = en.code();
    let _ = write!(text, "\n### `{code}`\n\n");
    for (problem, lang) in [(en, Lang::En), (zh, Lang::ZhHans)] {
        let (title, meaning, way_out) =
            (problem.title(lang), problem.meaning(lang), problem.way_out(lang));
        let line = match lang {
            Lang::En => format!("**{title}.** {meaning} {way_out}"),
            Lang::ZhHans => format!("**{title}。** {meaning}{way_out}"),
        };
        let _ = write!(text, "{line}\n\n");
    }
    let _ = writeln!(text, "- HTTP status: {}", en.status());
    let same_name = code.strip_prefix("rule.").into_iter();
    let other_name = RULES_OF.iter().filter(|(of, _)| *of == code);
    for rule in same_name.chain(other_name.flat_map(|(_, rules)| rules.iter().copied())) {
        for rule in schema.raising(rule) {
            // Other violations of this rule are bugs and become internal errors.
            if rule.code != "append_only" || rule.trigger.starts_with("policy") {
                triggers(text, rule, true);
            }
        }
    }
    for name in CHECKS_OF.iter().filter(|(of, _)| *of == code).flat_map(|(_, names)| *names) {
        let check = schema.checks.iter().find(|check| check.name == *name);
        let check = check.unwrap_or_else(|| panic!("there is no CHECK {name}"));
        enforced(text, "CHECK", name, &check.place, check.proof.as_ref());
    }
    for place in code::raised(sources, en) {
        let _ = writeln!(text, "- Raised: {place}");
    }
    if let Some((place, test)) = code::asserted(sources, en) {
        let _ = writeln!(text, "- Asserted: {place} in `{test}`");
    }
}

fn schema_rule(text: &mut String, sources: &Sources, schema: &Schema, rule: &SchemaRule) {
    sentences(text, rule);
    for raising in schema.raising(rule.code) {
        triggers(text, raising, false);
    }
    for place in code::handled(sources, rule.code) {
        let _ = writeln!(text, "- Handled: {place}");
    }
}

fn check(text: &mut String, schema: &Schema, rule: &SchemaRule) {
    sentences(text, rule);
    for check in schema.checks.iter().filter(|check| check.name == rule.code) {
        enforced(text, "CHECK", &check.name, &check.place, check.proof.as_ref());
    }
}

fn sentences(text: &mut String, rule: &SchemaRule) {
    let (en, zh) = (rule.sentence(Lang::En), rule.sentence(Lang::ZhHans));
    let _ = write!(text, "\n### `{}`\n\n{en}\n\n{zh}\n\n", rule.code);
}

fn triggers(text: &mut String, rule: &Rule, with_code: bool) {
    let name = if with_code {
        format!("{}` raises `rule:{}", rule.trigger, rule.code)
    } else {
        rule.trigger.clone()
    };
    enforced(text, "trigger", &name, &rule.place, rule.proof.as_ref());
}

fn enforced(text: &mut String, kind: &str, name: &str, place: &Place, proof: Option<&Place>) {
    let _ = write!(text, "- Enforced: {kind} `{name}`, {place}");
    let _ = match proof {
        Some(proof) => writeln!(text, "; violated: {proof}"),
        None => writeln!(text),
    };
}
