//! Paged lists: the cursor at which the next page begins.

use shared::problem::{Expected, Problem};

/// The position of the last item of a page. Lists order their items by a number, mostly a moment in
/// unix milliseconds, and then by a text that orders the items with the same number. That text is
/// the item's id. On the wall it is the number of items already seen, because an id there would
/// reveal the person. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    id: String,
}

impl Cursor {
    /// Formats the cursor of the page after this item, as clients send it back.
    pub fn after(at: i64, id: &str) -> String {
        format!("{at}.{id}")
    }

    /// The number that orders the list, of the last item seen: mostly unix milliseconds.
    pub(crate) fn at(&self) -> i64 {
        self.at
    }

    /// The text that orders the items with the same number, of the last item seen.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Parses a cursor that a client sent back. `None` is the first page of a newest-first list.
    ///
    /// # Errors
    ///
    /// [`Problem::Field`] for a text that is not in the format of [`Cursor::after`].
    pub fn parse(text: Option<&str>) -> Result<Cursor, Problem> {
        let Some(text) = text else {
            return Ok(Cursor { at: shared::money::MINOR_MAX, id: "~".into() });
        };
        let parsed = text.split_once('.').and_then(|(at, id)| {
            let at: i64 = at.parse().ok()?;
            let plain =
                id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            ((0..=shared::money::MINOR_MAX).contains(&at) && plain)
                .then(|| Cursor { at, id: id.to_owned() })
        });
        parsed.ok_or(Problem::Field { field: "cursor", expected: Expected::CURSOR })
    }
}

/// Cuts `rows` to one page and returns the cursor of the next page, if there is one. The caller
/// reads one row more than `size`, so that a longer list is recognised. `place` returns a row's
/// position.
pub(crate) fn page<T>(
    mut rows: Vec<T>,
    size: usize,
    place: impl Fn(&T) -> (i64, &str),
) -> (Vec<T>, Option<String>) {
    let more = rows.len() > size;
    rows.truncate(size);
    let next = if more {
        rows.last().map(|last| {
            let (at, id) = place(last);
            Cursor::after(at, id)
        })
    } else {
        None
    };
    (rows, next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cursor_reads_back() {
        let cursor = Cursor::parse(Some(&Cursor::after(12, "art_1"))).unwrap();
        assert_eq!(cursor, Cursor { at: 12, id: "art_1".into() });
        for bad in ["", "x", "1", "1.é", "-1.a", "1.a'--", "99999999999999999999.a"] {
            assert!(Cursor::parse(Some(bad)).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = Cursor::parse(Some(&text));
        }
    }
}
