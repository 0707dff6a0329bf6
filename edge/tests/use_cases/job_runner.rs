//! The job runner.

mod done_jobs;
