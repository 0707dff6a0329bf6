//! What a check is.

/// A check: its name, and a statement that selects `subject` and `detail` of each violation. `?1`
/// is the moment before which deadlines count as missed.
pub(super) type Check = (&'static str, &'static str);
