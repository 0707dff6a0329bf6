//! `cargo xtask fuzz`: feeds every reader of what comes from outside with a million inputs each, in
//! an optimised build that still checks every addition for overflow.

use std::fs::File;

use anyhow::{Context, Result, bail};

use crate::{failure::AlreadyReported, paths, process, progress};

/// Flags of `fuzz`.
#[derive(clap::Args)]
pub struct Options {
    /// How many inputs each reader is fed
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1000..))]
    inputs: u64,
    /// Other inputs than last time
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this reader
    #[arg(long, value_name = "READER")]
    only: Option<String>,
}

/// What became of one reader's inputs.
#[derive(Debug, PartialEq, Eq)]
struct Fed {
    reader: String,
    inputs: u64,
    accepted: u64,
    ms: u64,
}

impl Fed {
    /// Reads the line with which a reader's test ends: `inputs-done amount 1000000 293012 1234`.
    fn read(line: &str) -> Option<Fed> {
        let mut words = line.strip_prefix("inputs-done ")?.split(' ');
        let reader = words.next()?.to_owned();
        let mut number = || words.next()?.parse().ok();
        Some(Fed { reader, inputs: number()?, accepted: number()?, ms: number()? })
    }

    fn rate(&self) -> u64 {
        self.inputs * 1000 / self.ms.max(1)
    }
}

/// Runs the command; fails when any reader does.
pub fn run(options: &Options) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["test", "--profile", "fuzz", "-p", "edge", "--features", "sandbox"]);
    cargo.args(["--test", "inputs"]);
    cargo.args(options.only.as_deref());
    cargo.args(["--", "--nocapture"]);
    cargo.env("INPUTS", options.inputs.to_string()).env("SEED", options.seed.to_string());
    eprintln!("→ {}", process::shown(&cargo));
    let path = paths::output("test-logs").join("fuzz.log");
    std::fs::create_dir_all(path.parent().context("a log without a folder")?)?;
    let mut fed = Vec::new();
    let status = process::run_logged(
        &mut cargo,
        &mut File::create(&path)?,
        |line| match Fed::read(line) {
            Some(one) => fed.push(one),
            None if shows(line) => eprintln!("  {line}"),
            None => {}
        },
        || eprintln!("  … still at it"),
    )?;
    fed.sort_by(|a, b| a.reader.cmp(&b.reader));
    print!("{}", table(&fed));
    if !status.success() {
        println!("fuzz: failed; {} has the input", path.display());
        return Err(AlreadyReported.into());
    }
    if fed.is_empty() {
        bail!("no reader was fed");
    }
    println!("fuzz: {} readers, none panicked, hung or read what it must not", fed.len());
    Ok(())
}

/// Progress and whatever went wrong.
fn shows(line: &str) -> bool {
    ["inputs ", "error", "thread ", "assertion ", "  left", " right", "   Compiling edge"]
        .iter()
        .any(|start| line.starts_with(start))
        || line.contains("panicked")
}

fn table(fed: &[Fed]) -> String {
    let mut text = format!(
        "{:14} {:>10} {:>10} {:>10} {:>12}\n",
        "reader", "inputs", "accepted", "time", "a second"
    );
    for one in fed {
        let time = progress::seconds(std::time::Duration::from_millis(one.ms));
        let Fed { reader, inputs, accepted, .. } = one;
        text.push_str(&format!(
            "{reader:14} {inputs:>10} {accepted:>10} {time:>10} {:>12}\n",
            one.rate()
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_last_line_of_a_reader() {
        let line = "inputs-done amount 1000000 293012 2000";
        let fed = Fed { reader: "amount".into(), inputs: 1_000_000, accepted: 293_012, ms: 2000 };
        assert_eq!(fed.rate(), 500_000);
        assert!(table(std::slice::from_ref(&fed)).contains("amount            1000000"));
        assert_eq!(Fed::read(line), Some(fed));
        assert_eq!(Fed::read("inputs amount 10 of 20, 5 a second"), None);
        assert_eq!(Fed::read("inputs-done amount x"), None);
    }
}
