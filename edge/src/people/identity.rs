//! Who is signed in. A person signs in through an identity (provider + subject) and is then known
//! by a random session id; only its hash is stored. Programs of a writer carry a scoped token,
//! hashed the same way.

#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod token;

use serde::Deserialize;
use shared::api::UpdateMe;
use shared::calendar::Moment;
use shared::id::{self, Kind};
use shared::lang::Lang;
use shared::limits::{NAME_MAX_GRAPHEMES, SESSION_DAYS};
use shared::problem::Problem;
use shared::text::{self, TextError};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256;
use crate::entropy::Entropy;
use crate::failure::Failure;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// Who.
    pub person_id: String,
    /// `member` or `guest`.
    kind: String,
    /// Name on the wall.
    pub name: Option<String>,
    /// Language chosen.
    pub lang: Option<Lang>,
    /// Number of official accounts.
    pub accounts: i64,
}

impl Session {
    /// Reads the session of a token's hash, if it has not ended by `now`.
    pub fn read(token_hash: &str, now: Moment) -> Statement {
        Statement::new(
            "SELECT person.id AS person_id, person.kind, person.name, person.lang,
                    (SELECT count(*) FROM official_account WHERE owner_id = person.id) AS accounts
             FROM session JOIN person ON person.id = session.person_id
             WHERE session.token_hash = ?1 AND session.expires_at > ?2",
            [Value::from(token_hash), now.into()],
        )
    }

    /// Whether this is a guest, with a guest's limits.
    pub fn guest(&self) -> bool {
        self.kind == "guest"
    }
}

/// The session of a token, if there is one.
pub async fn session<D: Database>(
    db: &D,
    token: &str,
    now: Moment,
) -> Result<Option<Session>, DatabaseError> {
    let statement = Session::read(&hash(token), now);
    Results::from(db.batch(vec![statement]).await?).take().first()
}

/// Signs a person in through an identity, who is created at the first time. Returns the session's
/// token, which is stored nowhere.
pub async fn sign_in<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    provider: &str,
    subject: &str,
    first_name: Option<&str>,
) -> Result<String, DatabaseError> {
    let person = person_of(provider, subject);
    let mut results = Results::from(db.batch(vec![person.clone()]).await?);
    let person_id = match results.take().first::<PersonId>()? {
        Some(found) => found.person_id,
        None => create_person(db, entropy, now, provider, subject, first_name, person).await?,
    };
    let (token, session) = new_session(entropy, now, &person_id);
    db.batch(vec![session]).await?;
    Ok(token)
}

/// Begins a session of somebody who gives no name and has no account: a person of their own, with a
/// guest's limits. Returns the session's token.
pub async fn guest<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
) -> Result<String, DatabaseError> {
    let id = Kind::Person.id(entropy.bytes());
    let (token, session) = new_session(entropy, now, &id);
    let person = Statement::new(
        "INSERT INTO person (id, kind, created_at) VALUES (?1, 'guest', ?2)",
        [Value::from(&id), now.into()],
    );
    db.batch(vec![person, session]).await?;
    Ok(token)
}

/// A session's token, and what stores its hash.
fn new_session(entropy: &dyn Entropy, now: Moment, person_id: &str) -> (String, Statement) {
    let token = format!("{}{}", id::base32(entropy.bytes()), id::base32(entropy.bytes()));
    let session = Statement::new(
        "INSERT INTO session (token_hash, person_id, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4)",
        [
            Value::from(hash(&token)),
            person_id.into(),
            now.into(),
            now.plus_days(SESSION_DAYS).into(),
        ],
    );
    (token, session)
}

/// Ends a session. Ending it twice changes nothing.
pub async fn sign_out<D: Database>(db: &D, token: &str) -> Result<(), DatabaseError> {
    let statement =
        Statement::new("DELETE FROM session WHERE token_hash = ?1", [Value::from(hash(token))]);
    db.batch(vec![statement]).await.map(drop)
}

/// Changes name and language of a person. Refused: a name that is too long.
pub async fn update<D: Database>(
    db: &D,
    person_id: &str,
    update: &UpdateMe,
) -> Result<Option<String>, Failure> {
    let typed = update.name.as_deref().unwrap_or_default();
    let name = match text::clean_line(typed, NAME_MAX_GRAPHEMES) {
        Ok(name) => Some(name),
        Err(TextError::Empty) => None,
        Err(error) => return Err(Problem::Text { field: "name", error }.into()),
    };
    let statement = Statement::new(
        "UPDATE person SET name = ?2, lang = ?3 WHERE id = ?1",
        [Value::from(person_id), name.clone().into(), update.lang.map(Lang::tag).into()],
    );
    db.batch(vec![statement]).await?;
    Ok(name)
}

/// SHA-256 of a token, as stored. A token has 256 random bits, so no salt is needed.
pub fn hash(token: &str) -> String {
    sha256(token)
}

#[derive(Deserialize)]
struct PersonId {
    person_id: String,
}

fn person_of(provider: &str, subject: &str) -> Statement {
    Statement::new(
        "SELECT person_id FROM identity WHERE provider = ?1 AND subject = ?2",
        [Value::from(provider), subject.into()],
    )
}

/// Two first sign-ins at once make one person: the identity's key decides, and the other reads it.
async fn create_person<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    provider: &str,
    subject: &str,
    name: Option<&str>,
    person: Statement,
) -> Result<String, DatabaseError> {
    let id = Kind::Person.id(entropy.bytes());
    let statements = vec![
        Statement::new(
            "INSERT INTO person (id, kind, name, created_at) VALUES (?1, 'member', ?2, ?3)",
            [Value::from(&id), name.into(), now.into()],
        ),
        Statement::new(
            "INSERT INTO identity (provider, subject, person_id, created_at)
             VALUES (?1, ?2, ?3, ?4)",
            [Value::from(provider), subject.into(), (&id).into(), now.into()],
        ),
    ];
    match db.batch(statements).await {
        Ok(_) => Ok(id),
        Err(error) => {
            let found: Option<PersonId> =
                Results::from(db.batch(vec![person]).await?).take().first()?;
            found.map(|found| found.person_id).ok_or(error)
        }
    }
}
