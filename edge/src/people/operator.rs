//! Operators: the persons named in the deployment's secret. Each of their actions is audited in the
//! same batch that carries it out.

pub mod accounts;
pub mod nightly_check;
pub mod stop;
pub mod tasks;

use serde::Deserialize;
use serde_json::Value as Json;
use shared::calendar::Moment;

use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};

/// The identities of all operators, each as `provider:subject`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operators(Vec<String>);

impl Operators {
    /// Parses the secret: `provider:subject`, separated by commas. Entries of another form are ignored.
    pub fn parse(secret: &str) -> Operators {
        let named = secret.split(',').map(str::trim).filter(|one| {
            one.split_once(':')
                .is_some_and(|(provider, subject)| !provider.is_empty() && !subject.is_empty())
        });
        Operators(named.map(str::to_owned).collect())
    }

    /// Whether a person is an operator, by an identity of their own. A link to another person, even
    /// to an operator, gives no rights.
    pub async fn include<D: Database>(
        &self,
        db: &D,
        person_id: &str,
    ) -> Result<bool, DatabaseError> {
        if self.0.is_empty() {
            return Ok(false);
        }
        let named = self.to_json()?;
        let statement = Statement::new(
            "SELECT 1 AS one FROM identity
             WHERE person_id = ?1
               AND provider || ':' || subject IN (SELECT value FROM json_each(?2))
             LIMIT 1",
            [Value::from(person_id), named.into()],
        );
        Ok(Results::from(db.batch(vec![statement]).await?).take().any())
    }

    /// Counts the different humans among the operators who have signed in.
    pub(super) async fn humans<D: Database>(&self, db: &D) -> Result<i64, DatabaseError> {
        #[derive(Deserialize)]
        struct Row {
            humans: i64,
        }
        let statement = Statement::new(
            "SELECT count(DISTINCT human.human_id) AS humans
             FROM json_each(?1) AS named
             JOIN identity
               ON identity.provider = substr(named.value, 1, instr(named.value, ':') - 1)
              AND identity.subject = substr(named.value, instr(named.value, ':') + 1)
             JOIN human ON human.person_id = identity.person_id",
            [Value::from(self.to_json()?)],
        );
        let row: Option<Row> = Results::from(db.batch(vec![statement]).await?).take().first()?;
        Ok(row.map_or(0, |row| row.humans))
    }

    /// The identities as a JSON array, to compare them in SQL.
    pub(super) fn to_json(&self) -> Result<String, DatabaseError> {
        to_json(&self.0)
    }
}

/// The audit entry of an operator's action. It belongs in the batch that carries the action out, so
/// that neither is stored without the other. `action` is a noun and a verb, such as `freeze.open`;
/// `subject` is an id.
pub fn audit(
    operator_id: &str,
    action: &str,
    subject: &str,
    detail: &Json,
    now: Moment,
) -> Statement {
    Statement::new(
        "INSERT INTO operator_audit (at, person_id, action, subject, detail)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        [
            Value::from(now),
            operator_id.into(),
            action.into(),
            subject.into(),
            detail.to_string().into(),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart_at_commas_and_nothing_names_nobody() {
        let read = Operators::parse(" sandbox:ann , oidc:https://id/x ,, sandbox: , :x , ann");
        assert_eq!(read.0, ["sandbox:ann", "oidc:https://id/x"]);
        assert_eq!(Operators::parse(""), Operators::default());
    }
}
