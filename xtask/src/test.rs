//! `cargo xtask test`: runs every test, fast ones first, and prints a summary.

mod command;
mod live;
mod report;
mod stage;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::failure::AlreadyReported;
use report::{Outcome, Row};
use stage::Stage;

/// Flags of `test`.
#[derive(clap::Args)]
pub struct Options {
    /// Run only these stages (`http` means all whose name starts with `http:`) and what they need
    #[arg(long, num_args = 1.., value_name = "NAME")]
    only: Vec<String>,
    /// Play five times as many praises in the simulation and three to seven times as many races,
    /// check pages in every language and colour scheme, and optimise the deployable Worker
    #[arg(long)]
    long: bool,
    /// List the stages and run nothing
    #[arg(long)]
    list: bool,
}

/// Runs the command. Its last line is like `123 passed, 0 failed`.
pub fn run(options: &Options) -> Result<()> {
    let stages = selected(stage::all(options.long)?, &options.only)?;
    if options.list {
        for stage in &stages {
            println!("{:20} {}", stage.name, stage.what);
        }
        return Ok(());
    }
    let rows = run_all(&stages);
    print!("\n{}", report::summary(&rows));
    match rows.iter().all(|row| row.outcome == Outcome::Passed) {
        true => Ok(()),
        false => Err(AlreadyReported.into()),
    }
}

/// Runs the stages in order.
fn run_all(stages: &[Stage]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        rows.push(run_one((index, stages.len()), stage, &rows));
    }
    rows
}

fn run_one((index, count): (usize, usize), stage: &Stage, rows: &[Row]) -> Row {
    eprintln!("\n=== {} of {count}: {} — {}", index + 1, stage.name, stage.what);
    let failed =
        |need: &&&str| rows.iter().any(|row| row.name == ***need && row.outcome != Outcome::Passed);
    let row = match stage.needs.iter().find(failed) {
        Some(need) => Row::not_run(stage.name.clone(), need),
        None => run_stage(stage),
    };
    eprintln!("{}", row.headline());
    row
}

fn run_stage(stage: &Stage) -> Row {
    let started = Instant::now();
    let result = stage.run();
    if let Err(error) = &result
        && !error.is::<AlreadyReported>()
    {
        eprintln!("error: {error:#}");
    }
    Row::of(stage.name.clone(), result, started.elapsed())
}

/// The named stages and all stages that they need, in the usual order.
fn selected(all: Vec<Stage>, names: &[String]) -> Result<Vec<Stage>> {
    if names.is_empty() {
        return Ok(all);
    }
    let is_named = |stage: &Stage, name: &str| {
        stage.name == name || stage.name.starts_with(&format!("{name}:"))
    };
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|stage| is_named(stage, name)))
    {
        let known: Vec<&str> = all.iter().map(|stage| stage.name.as_str()).collect();
        bail!("there is no stage {unknown}; there are: {}", known.join(", "));
    }
    let mut wanted: Vec<String> = all
        .iter()
        .filter(|stage| names.iter().any(|name| is_named(stage, name)))
        .map(|stage| stage.name.clone())
        .collect();
    // A needed stage comes before the stages that need it, so one pass from the end finds all.
    for stage in all.iter().rev() {
        if wanted.contains(&stage.name) {
            wanted.extend(stage.needs.iter().map(|need| (*need).to_owned()));
        }
    }
    Ok(all.into_iter().filter(|stage| wanted.contains(&stage.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages() -> Vec<Stage> {
        stage::known(&["flow".to_owned(), "races".to_owned()], false)
    }

    fn names(stages: &[Stage]) -> Vec<&str> {
        stages.iter().map(|stage| stage.name.as_str()).collect()
    }

    #[test]
    fn selects_stages_with_what_they_need() {
        let only = |list: &[&str]| {
            let list: Vec<String> = list.iter().map(|name| (*name).to_owned()).collect();
            selected(stages(), &list)
        };
        assert_eq!(names(&only(&["tidy"]).unwrap()), ["tidy"]);
        assert_eq!(names(&only(&["http"]).unwrap()), ["worker-sandbox", "http:flow", "http:races"]);
        assert_eq!(names(&only(&["http:races"]).unwrap()), ["worker-sandbox", "http:races"]);
        assert!(only(&["htt"]).err().unwrap().to_string().contains("there is no stage htt"));
        assert_eq!(only(&[]).unwrap().len(), stages().len());
    }

    #[test]
    fn integration_tests_have_different_names_in_all_packages() {
        // `cargo test --test NAME` runs every test of that name.
        let metadata = crate::project::metadata().unwrap();
        let mut names: Vec<String> = metadata
            .packages
            .iter()
            .flat_map(|package| stage::test_targets(&metadata, &package.name))
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }

    #[test]
    fn every_need_is_an_earlier_stage() {
        let stages = stages();
        for (index, stage) in stages.iter().enumerate() {
            for need in stage.needs {
                assert!(stages[..index].iter().any(|earlier| earlier.name == **need), "{need}");
            }
        }
    }
}
