//! Sign-in by choosing a person. Several sign-ins may share a subject: they are one person.

use serde::{Deserialize, Serialize};
use shared::lang::Lang;

use crate::database::{Database, DatabaseError, Results, Statement, Value};

/// The name of this identity provider in the record.
pub const PROVIDER: &str = "sandbox";

/// A way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// What is chosen: unique.
    pub login: String,
    /// Who it is at the provider: the same for two sign-ins of one person.
    pub subject: String,
    /// What the choice is called.
    pub label: String,
    /// The person's first name on the wall.
    pub name: String,
    /// `reader`, `writer` or `operator`.
    pub role: String,
    /// Language of the person.
    pub lang: Lang,
}

/// Everybody who can be chosen, in a fixed order.
pub async fn list<D: Database>(db: &D) -> Result<Vec<SignIn>, DatabaseError> {
    let statement = Statement::new(
        "SELECT login, subject, label, name, role, lang FROM sandbox_sign_in ORDER BY place, login",
        [],
    );
    Results::from(db.batch(vec![statement]).await?).take().decode()
}

/// The sign-in of this name.
pub async fn find<D: Database>(db: &D, login: &str) -> Result<Option<SignIn>, DatabaseError> {
    let statement = Statement::new(
        "SELECT login, subject, label, name, role, lang FROM sandbox_sign_in WHERE login = ?1",
        [Value::from(login)],
    );
    Results::from(db.batch(vec![statement]).await?).take().first()
}

/// Adds a way to sign in; one of the same name stays as it is.
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
