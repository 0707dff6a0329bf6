//! A writer's reply to a praise, one per praise. The reader sees it on the receipt; an anonymous
//! reader stays anonymous.

use serde::Deserialize;
use shared::api::Reply;
use shared::calendar::Moment;
use shared::limits::NOTE_MAX_GRAPHEMES;
use shared::problem::Problem;
use shared::text;

use crate::database::{Database, Results, Statement, Value};
use crate::failure::Failure;

/// Stores the reply of a praise's writer. Idempotent.
///
/// Refused as not found: a praise of another writer, and one that its reader can still undo or has
/// undone. Also refused: a text that is empty or too long; a praise that has been returned, is
/// disputed, or has another reply.
pub async fn reply<D: Database>(
    db: &D,
    now: Moment,
    person_id: &str,
    praise_id: &str,
    text: &str,
) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct StoredReply {
        text: Option<String>,
    }
    let text = text::clean(text, NOTE_MAX_GRAPHEMES)
        .map_err(|error| Problem::Text { field: "text", error })?;
    let statements = vec![
        Statement::new(
            "INSERT INTO praise_reply (praise_id, text, replied_at)
             SELECT praise.id, ?3, ?4 FROM praise
             JOIN official_account AS account ON account.id = praise.account_id
             WHERE praise.id = ?1 AND account.owner_id = ?2 AND praise.undo_until <= ?4
               AND praise.state NOT IN ('returning', 'returned', 'disputed', 'lost')
               AND NOT EXISTS (SELECT 1 FROM praise_reply WHERE praise_id = ?1)",
            [Value::from(praise_id), person_id.into(), (&text).into(), now.into()],
        ),
        Statement::new(
            "SELECT praise_reply.text FROM praise
             JOIN official_account AS account ON account.id = praise.account_id
             LEFT JOIN praise_reply ON praise_reply.praise_id = praise.id
             WHERE praise.id = ?1 AND account.owner_id = ?2 AND praise.undo_until <= ?3
               AND praise.state_reason IS NOT 'undo'",
            [Value::from(praise_id), person_id.into(), now.into()],
        ),
    ];
    let mut results = Results::from(db.batch(statements).await?);
    results.take();
    let stored: Option<StoredReply> = results.take().first()?;
    match stored.ok_or(Problem::NotFound)?.text {
        Some(stored) if stored == text => Ok(()),
        _ => Err(Problem::WrongState.into()),
    }
}

/// The columns of a reply in other queries: `reply_text` and `replied_at`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ReplyColumns {
    reply_text: Option<String>,
    replied_at: Option<i64>,
}

impl ReplyColumns {
    /// Returns the reply; `None` if there is none.
    pub(crate) fn reply(self) -> Option<Reply> {
        let replied_at = Moment::from_ms(self.replied_at?);
        Some(Reply { text: self.reply_text?, replied_at })
    }
}
