//! `cargo xtask test`: every test, from the fast to the slow, and a summary at the end.

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
    /// List the stages and run nothing
    #[arg(long)]
    list: bool,
}

/// Runs the command. Its last line is like `123 passed, 0 failed`.
pub fn run(options: &Options) -> Result<()> {
    let stages = selected(stage::all()?, &options.only)?;
    if options.list {
        for stage in &stages {
            println!("{:20} {}", stage.name, stage.what);
        }
        return Ok(());
    }
    let mut rows: Vec<Row> = Vec::new();
    for (index, stage) in stages.iter().enumerate() {
        eprintln!("\n=== {} of {}: {} — {}", index + 1, stages.len(), stage.name, stage.what);
        let broken = stage.needs.iter().find(|need| {
            rows.iter().any(|row| row.name == **need && row.outcome != Outcome::Passed)
        });
        let row = match broken {
            Some(need) => Row::not_run(stage.name.clone(), need),
            None => run_stage(stage),
        };
        eprintln!("{}", row.headline());
        rows.push(row);
    }
    print!("\n{}", report::summary(&rows));
    match rows.iter().all(|row| row.outcome == Outcome::Passed) {
        true => Ok(()),
        false => Err(AlreadyReported.into()),
    }
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

/// The named stages with everything they need, in the usual order.
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
    // What is needed stands before what needs it, so that one pass from the end finds all.
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
        stage::known(&["flow".to_owned(), "races".to_owned()])
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
    fn every_need_is_an_earlier_stage() {
        let stages = stages();
        for (index, stage) in stages.iter().enumerate() {
            for need in stage.needs {
                assert!(stages[..index].iter().any(|earlier| earlier.name == **need), "{need}");
            }
        }
    }
}
