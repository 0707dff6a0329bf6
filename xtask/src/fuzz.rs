//! `cargo xtask fuzz`: fuzzes every parser of untrusted input with a million inputs each, in an
//! optimised build that still checks for overflow.

use std::fs::File;

use anyhow::{Context, Result, bail};

use crate::{failure::AlreadyReported, paths, process, progress};

/// Flags of `fuzz`.
#[derive(clap::Args)]
pub struct Options {
    /// How many inputs each parser gets
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1000..))]
    inputs: u64,
    /// The seed of the inputs: another seed makes other inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this parser
    #[arg(long, value_name = "PARSER")]
    only: Option<String>,
}

/// The result of a parser's test.
#[derive(Debug, PartialEq, Eq)]
struct Fuzzed {
    parser: String,
    inputs: u64,
    accepted: u64,
    duration_ms: u64,
}

impl Fuzzed {
    /// Parses the last line of a parser's test: `inputs-done amount 1000000 293012 1234`.
    fn read(line: &str) -> Option<Fuzzed> {
        let mut words = line.strip_prefix("inputs-done ")?.split(' ');
        let parser = words.next()?.to_owned();
        let mut number = || words.next()?.parse().ok();
        let (inputs, accepted, duration_ms) = (number()?, number()?, number()?);
        Some(Fuzzed { parser, inputs, accepted, duration_ms })
    }

    fn inputs_per_second(&self) -> u64 {
        self.inputs * 1000 / self.duration_ms.max(1)
    }
}

/// Runs the command. Fails if a test fails.
pub fn run(options: &Options) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--profile", "fuzz", "-p", "edge", "--features", "sandbox"]);
    cargo.args(["--test", "inputs"]);
    cargo.args(options.only.as_deref());
    cargo.args(["--", "--nocapture"]);
    cargo.env("INPUTS", options.inputs.to_string()).env("SEED", options.seed.to_string());
    eprintln!("→ {}", process::shown(&cargo));
    let folder = paths::output("test-logs");
    std::fs::create_dir_all(&folder)?;
    let log = folder.join("fuzz.log");
    let mut fuzzed = Vec::new();
    let status = process::run_logged(
        &mut cargo,
        &mut File::create(&log)?,
        |line| match Fuzzed::read(line) {
            Some(parser) => fuzzed.push(parser),
            None if shows(line) => eprintln!("  {line}"),
            None => {}
        },
        || eprintln!("  … still running"),
    )?;
    if status.success() && fuzzed.is_empty() {
        let parsers = parsers()?.join(", ");
        let name = options.only.as_deref().unwrap_or_default();
        bail!("there is no parser {name}; there are: {parsers}");
    }
    fuzzed.sort_by(|a, b| a.parser.cmp(&b.parser));
    print!("{}", table(&fuzzed));
    if !status.success() {
        println!("fuzz: failed; the output, with the input that failed, is in {}", log.display());
        return Err(AlreadyReported.into());
    }
    println!("fuzz: {} parsers: no panic, no hang, no wrong result", fuzzed.len());
    Ok(())
}

/// Lists the parsers that have a test, by the files of the tests.
fn parsers() -> Result<Vec<String>> {
    let folder = paths::path("edge/tests/inputs");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").filter(|name| *name != "main").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Returns whether a line of the output is progress or part of an error.
fn shows(line: &str) -> bool {
    ["inputs ", "error", "thread ", "assertion ", "  left", " right", "   Compiling edge"]
        .iter()
        .any(|start| line.starts_with(start))
        || line.contains("panicked")
}

fn table(fuzzed: &[Fuzzed]) -> String {
    let mut text = format!(
        "{:14} {:>10} {:>10} {:>10} {:>12}\n",
        "parser", "inputs", "accepted", "time", "per second"
    );
    for one in fuzzed {
        let time = progress::seconds(std::time::Duration::from_millis(one.duration_ms));
        let Fuzzed { parser, inputs, accepted, .. } = one;
        text.push_str(&format!(
            "{parser:14} {inputs:>10} {accepted:>10} {time:>10} {:>12}\n",
            one.inputs_per_second()
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_last_line_of_a_parser() {
        let line = "inputs-done amount 1000000 293012 2000";
        let parser = "amount".to_owned();
        let fuzzed = Fuzzed { parser, inputs: 1_000_000, accepted: 293_012, duration_ms: 2000 };
        assert_eq!(fuzzed.inputs_per_second(), 500_000);
        assert!(table(std::slice::from_ref(&fuzzed)).contains("amount            1000000"));
        assert_eq!(Fuzzed::read(line), Some(fuzzed));
        assert_eq!(Fuzzed::read("inputs amount 10 of 20, 5 a second"), None);
        assert_eq!(Fuzzed::read("inputs-done amount x"), None);
    }

    #[test]
    fn knows_the_parsers() {
        let parsers = parsers().unwrap();
        assert!(parsers.iter().any(|name| name == "amount"), "{parsers:?}");
        assert!(!parsers.iter().any(|name| name == "main"), "{parsers:?}");
    }
}
