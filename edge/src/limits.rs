//! How much may be given, and how often: the policy in force, the limits that readers set for
//! themselves, and the rate limits.

pub mod address;
pub mod attempts;
pub mod policy;
pub mod reader_limits;
pub mod requests;
