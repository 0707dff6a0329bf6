//! Official accounts, through which a person publishes.

use serde::Deserialize;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::limits::{ASK_MAX_GRAPHEMES, Limits, NAME_MAX_GRAPHEMES, PRESETS_MAX, PRESETS_MIN};
use shared::money::Currency;
use shared::problem::{Expected, Problem};
use shared::slug::Handle;
use shared::text;

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::entropy::Entropy;
use crate::failure::Failure;

/// The fields of a new account.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// The handle in its address, `/@handle`.
    pub handle: &'a str,
    /// The display name.
    pub name: &'a str,
    /// One line about the account; may be empty.
    pub bio: &'a str,
    /// The currency it receives. It can never be changed.
    pub currency: Currency,
    /// The amounts offered to readers, in minor units; empty for the defaults.
    pub presets_minor: &'a [i64],
    /// The writer's line on the praise sheet.
    pub ask: Option<&'a str>,
    /// The thank-you that readers see after a praise.
    pub thanks: Option<&'a str>,
}

/// Opens an individual account that can receive praise.
///
/// Refused: a handle that is malformed or taken, a name that is empty or too long, presets that are
/// out of order or out of bounds.
pub async fn open<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    owner_id: &str,
    new: &NewAccount<'_>,
) -> Result<String, Failure> {
    let handle = Handle::parse(new.handle)
        .ok_or(Problem::Field { field: "handle", expected: Expected::HANDLE })?;
    let name = text::clean_line(new.name, NAME_MAX_GRAPHEMES)
        .map_err(|error| Problem::Text { field: "name", error })?;
    let ask = match new.ask.map(|ask| text::clean_line(ask, ASK_MAX_GRAPHEMES)) {
        Some(Err(error)) => return Err(Problem::Text { field: "ask", error }.into()),
        ask => ask.and_then(Result::ok),
    };
    let presets = presets(new.presets_minor, Limits::of(new.currency))?;
    let id = Kind::Account.id(entropy.bytes());
    let statement = Statement::new(
        "INSERT INTO official_account (id, handle, owner_id, name, bio, kind, currency, status,
                                       praise_on, presets, ask, thanks, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'individual', ?6, 'active', 1, ?7, ?8, ?9, ?10)",
        [
            Value::from(&id),
            handle.as_str().into(),
            owner_id.into(),
            name.into(),
            new.bio.into(),
            new.currency.into(),
            presets.into(),
            ask.into(),
            new.thanks.into(),
            now.into(),
        ],
    );
    match db.batch(vec![statement]).await {
        Ok(_) => Ok(id),
        Err(DatabaseError::Rule(rule)) if rule == "handle_taken" => {
            Err(Problem::Taken("handle").into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the id of the account with this handle.
pub async fn by_handle<D: Database>(db: &D, handle: &str) -> Result<Option<String>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let statement =
        Statement::new("SELECT id FROM official_account WHERE handle = ?1", [Value::from(handle)]);
    let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
    Ok(row.map(|row| row.id))
}

/// Writes presets for the database: a JSON array in ascending order, each a valid amount.
fn presets(chosen: &[i64], limits: &Limits) -> Result<String, Problem> {
    let defaults = limits.default_presets_minor.as_slice();
    let presets = if chosen.is_empty() { defaults } else { chosen };
    let ascending = presets.iter().zip(presets.iter().skip(1)).all(|(one, next)| one < next);
    let bounds = limits.praise_min_minor..=limits.praise_cap_minor;
    let fits = (PRESETS_MIN..=PRESETS_MAX).contains(&presets.len())
        && ascending
        && presets.iter().all(|preset| bounds.contains(preset));
    if !fits {
        return Err(Problem::Field { field: "presets_minor", expected: Expected::PRESETS });
    }
    serde_json::to_string(presets).map_err(|_| Problem::Internal)
}
