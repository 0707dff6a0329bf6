//! Persons, identities and sessions. A person signs in with an identity (provider and subject) and
//! gets a random session token. Programs of a writer use a scoped token. Only hashes of tokens are
//! stored.

#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod token;

use serde::Deserialize;
use shared::api::UpdateMe;
use shared::calendar::Moment;
use shared::id::{self, Kind};
use shared::lang::Lang;
use shared::limits::{NAME_MAX_GRAPHEMES, OPERATOR_SESSION_HOURS, SESSION_DAYS};
use shared::problem::Problem;
use shared::text::{self, TextError};

use crate::database::{Database, DatabaseError, Results, Statement, Value};
use crate::digest::sha256;
use crate::entropy::Entropy;
use crate::failure::Failure;

/// A session: who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// The person, `per_…`.
    pub person_id: String,
    /// `member` or `guest`.
    kind: String,
    /// The name that others see on the wall.
    pub name: Option<String>,
    /// The language that the person has chosen, if any.
    pub lang: Option<Lang>,
    /// How many official accounts the person owns.
    pub accounts: i64,
    /// When the person signed in.
    created_at: i64,
}

impl Session {
    /// The statement that reads the session of a token hash, unless it has expired by `now`.
    pub fn read(token_hash: &str, now: Moment) -> Statement {
        Statement::new(
            "SELECT person.id AS person_id, person.kind, person.name, person.lang, session.created_at,
                    (SELECT count(*) FROM official_account WHERE owner_id = person.id) AS accounts
             FROM session JOIN person ON person.id = session.person_id
             WHERE session.token_hash = ?1 AND session.expires_at > ?2",
            [Value::from(token_hash), now.into()],
        )
    }

    /// Whether the sign-in is recent enough for the rights of an operator.
    pub fn is_fresh(&self, now: Moment) -> bool {
        let signed_in_at = Moment::from_ms(self.created_at);
        now < signed_in_at.plus_minutes(OPERATOR_SESSION_HOURS * 60)
    }

    /// Whether this person is a guest. Guests have lower limits.
    pub fn guest(&self) -> bool {
        self.kind == "guest"
    }
}

/// Finds the session of a token.
pub async fn session<D: Database>(
    db: &D,
    token: &str,
    now: Moment,
) -> Result<Option<Session>, DatabaseError> {
    let statement = Session::read(&hash(token), now);
    Results::from(db.batch(vec![statement]).await?).take().first()
}

/// Signs a person in with an identity. The first sign-in creates the person. Returns the session's
/// token, which is not stored. `former` is the token of the browser's previous session, which ends.
pub async fn sign_in<D: Database>(
    db: &D,
    entropy: &dyn Entropy,
    now: Moment,
    provider: &str,
    subject: &str,
    first_name: Option<&str>,
    former: Option<&str>,
) -> Result<String, DatabaseError> {
    let person = person_of(provider, subject);
    let mut results = Results::from(db.batch(vec![person.clone()]).await?);
    let person_id = match results.take().first::<PersonId>()? {
        Some(found) => found.person_id,
        None => create_person(db, entropy, now, provider, subject, first_name, person).await?,
    };
    let (token, session) = new_session(entropy, now, &person_id);
    let mut statements: Vec<Statement> = former.map(end_session).into_iter().collect();
    statements.push(session);
    db.batch(statements).await?;
    Ok(token)
}

/// Signs in a guest: a new person without a name, with a guest's limits. Returns the session's token.
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

/// Makes a session token, and the statement that stores its hash.
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

/// Ends a session. Idempotent.
pub async fn sign_out<D: Database>(db: &D, token: &str) -> Result<(), DatabaseError> {
    db.batch(vec![end_session(token)]).await.map(drop)
}

fn end_session(token: &str) -> Statement {
    Statement::new("DELETE FROM session WHERE token_hash = ?1", [Value::from(hash(token))])
}

/// Ends all sessions of a person, on every device. Idempotent.
pub async fn sign_out_everywhere<D: Database>(
    db: &D,
    person_id: &str,
) -> Result<(), DatabaseError> {
    let statement =
        Statement::new("DELETE FROM session WHERE person_id = ?1", [Value::from(person_id)]);
    db.batch(vec![statement]).await.map(drop)
}

/// Changes a person's name and language. Refused: a name that is too long.
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

/// Hashes a token with SHA-256, the form in which it is stored. A token has 256 random bits, so it
/// needs no salt.
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

/// Two first sign-ins at the same moment create one person: the primary key of `identity` lets one
/// insert win, and the other request reads that row.
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
