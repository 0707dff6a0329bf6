//! Lists in pages: the cursor where the next page begins.

use shared::problem::{Expected, Problem};

/// Where a list goes on: the moment of its last item, and what tells it from others of that moment
/// (its id; on the wall, where an id would tell who it is, how many were seen). Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    id: String,
}

impl Cursor {
    /// The cursor after this item.
    pub fn after(at: i64, id: &str) -> String {
        format!("{at}.{id}")
    }

    /// The moment of the last item seen, in unix milliseconds.
    pub(crate) fn at(&self) -> i64 {
        self.at
    }

    /// What tells that item from others of its moment.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Reads what a client sent back; nothing is the beginning.
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

/// Cuts a list that was read one longer than its page, and says where it goes on.
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
