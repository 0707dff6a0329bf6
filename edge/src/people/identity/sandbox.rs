//! The sandbox's sign-in: choose a person from a list. Two entries with the same subject are the same
//! person.

use serde::{Deserialize, Serialize};
use shared::lang::Lang;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// The name of this identity provider in the database.
pub const PROVIDER: &str = "sandbox";

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The unique name of the entry.
    pub login: String,
    /// The subject at the identity provider. Two entries of one person share it.
    pub subject: String,
    /// The label of the entry.
    pub label: String,
    /// The name that the new person has on the wall at first.
    pub name: String,
    /// `reader`, `writer` or `operator`.
    pub role: String,
    /// The language of the person.
    pub lang: Lang,
}

/// Lists all entries, in a fixed order.
pub async fn list<D: Database>(db: &D) -> Result<Vec<SignIn>, DatabaseError> {
    let statement = Statement::new(
        "SELECT login, subject, label, name, role, lang FROM sandbox_sign_in ORDER BY place, login",
        [],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

/// Finds the entry of this name.
pub async fn find<D: Database>(db: &D, login: &str) -> Result<Option<SignIn>, DatabaseError> {
    let statement = Statement::new(
        "SELECT login, subject, label, name, role, lang FROM sandbox_sign_in WHERE login = ?1",
        [Value::from(login)],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}

/// Adds an entry. An entry of the same name is left unchanged.
pub async fn add<D: Database>(db: &D, sign_in: &SignIn, place: i64) -> Result<(), DatabaseError> {
    let statement = Statement::new(
        "INSERT INTO sandbox_sign_in (login, subject, label, name, role, lang, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (login) DO NOTHING",
        [
            Value::from(&sign_in.login),
            (&sign_in.subject).into(),
            (&sign_in.label).into(),
            (&sign_in.name).into(),
            (&sign_in.role).into(),
            sign_in.lang.tag().into(),
            place.into(),
        ],
    );
    db.batch(vec![statement]).await.map(drop)
}
