//! Limits: policies, readers' own limits, and the number of attempts.

mod attempts;
mod guests;
mod policy;
mod reader_limits;
