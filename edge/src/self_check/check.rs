//! What a check is, and the SQL that all checks share.
//!
//! A check looks at one range of its rows at a time, so that a database of any size can be checked
//! in small batches. The statement of a range compares everything that it needs in one snapshot, so
//! a change between two ranges is no violation. A check of a table or index that stays small, such
//! as the open attempts, has one range.

/// A check.
pub(super) struct Check {
    /// The condition that holds in a consistent database.
    pub name: &'static str,
    /// Statements that find where a range ends, made by [`step`]. The nearest end counts. Without
    /// any, one range holds everything.
    pub steps: &'static [&'static str],
    /// Selects `subject` and `detail` of each violation in a range, and the `account_id` that it
    /// concerns, if any. `?1` is the moment before which deadlines count as missed; the range is
    /// after the key `?2`, `?3`, `?4` and up to `?5`, `?6`, `?7`, see [`within`].
    pub sql: &'static str,
}

/// A condition: the key of a row, of one to three columns, is in the range.
macro_rules! within {
    ($one:literal) => {
        concat!($one, " > ?2 AND ", $one, " <= ?5")
    };
    ($one:literal, $two:literal) => {
        concat!("(", $one, ", ", $two, ") > (?2, ?3) AND (", $one, ", ", $two, ") <= (?5, ?6)")
    };
    ($one:literal, $two:literal, $three:literal) => {
        concat!(
            "(",
            $one,
            ", ",
            $two,
            ", ",
            $three,
            ") > (?2, ?3, ?4) AND (",
            $one,
            ", ",
            $two,
            ", ",
            $three,
            ") <= (?5, ?6, ?7)"
        )
    };
}
pub(super) use within;

/// A statement that selects the key at which a range ends that begins after `?1`, `?2`, `?3`. It
/// skips `?4` rows and returns the key of the next one, or nothing if no row is left. `of` is a table
/// with an index that begins with the key. `if` is the condition of a partial index. `rows` scales
/// the length of the range for a table whose rows take less or more work than usual.
macro_rules! step {
    (of $table:literal, $one:literal $(, if $condition:literal)? $(, rows $scale:literal)?) => {
        concat!(
            "SELECT ", $one, " AS one, '' AS two, '' AS three FROM ", $table,
            " WHERE ", $one, " > ?1" $(, " AND ", $condition)?, " ORDER BY ", $one,
            " LIMIT 1 OFFSET CAST(?4 AS INTEGER)" $(, $scale)?
        )
    };
    (of $table:literal, ($one:literal, $two:literal) $(, if $condition:literal)?
     $(, rows $scale:literal)?) => {
        concat!(
            "SELECT ", $one, " AS one, ", $two, " AS two, '' AS three FROM ", $table,
            " WHERE (", $one, ", ", $two, ") > (?1, ?2)" $(, " AND ", $condition)?,
            " ORDER BY ", $one, ", ", $two, " LIMIT 1 OFFSET CAST(?4 AS INTEGER)" $(, $scale)?
        )
    };
    (of $table:literal, ($one:literal, $two:literal, $three:literal) $(, if $condition:literal)?
     $(, rows $scale:literal)?) => {
        concat!(
            "SELECT ", $one, " AS one, ", $two, " AS two, ", $three, " AS three FROM ", $table,
            " WHERE (", $one, ", ", $two, ", ", $three, ") > (?1, ?2, ?3)"
            $(, " AND ", $condition)?, " ORDER BY ", $one, ", ", $two, ", ", $three,
            " LIMIT 1 OFFSET CAST(?4 AS INTEGER)" $(, $scale)?
        )
    };
}
pub(super) use step;
