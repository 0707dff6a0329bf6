//! The end of a link takes two humans: one operator proposes it with a reason, and another approves
//! exactly this link and reason.

use serde::Deserialize;
use serde_json::json;
use shared::api::operator::LinkDissolution;
use shared::calendar::Moment;
use shared::id::Kind;
use shared::problem::Problem;
use shared::text;

use super::{Human, StoredLink, humans, unchanged};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::people::operator::tasks::REASON_MAX;
use crate::people::operator::{self, Operators};
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// Hashes what the second operator approves.
fn hash(link: &StoredLink, reason: &str) -> String {
    let StoredLink { id, first_id, second_id, provider, fingerprint, .. } = link;
    sha256(format!("{id}\n{first_id}\n{second_id}\n{provider}\n{fingerprint}\n{reason}"))
}

/// Proposes to dissolve a link and returns the proposal. Idempotent: an operator's open proposal
/// with the same reason is returned.
///
/// Refused: a reason that is empty or too long; a link that does not exist, is not in force, or has
/// another open proposal.
pub async fn propose<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    link_id: &str,
    reason: &str,
) -> Result<LinkDissolution, Failure> {
    let reason = text::clean(reason, REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    let link = StoredLink::read(ctx.db, link_id).await?;
    if !link.in_force() {
        return Err(Problem::WrongState.into());
    }
    let shown_hash = hash(&link, &reason);
    if let Some(open) = link.into_api().dissolution {
        let same = open.proposed_by == operator_id && open.shown_hash == shown_hash;
        return if same { Ok(open) } else { Err(Problem::WrongState.into()) };
    }
    let proposal = LinkDissolution {
        id: ctx.id(Kind::Action),
        link_id: link_id.to_owned(),
        reason,
        shown_hash,
        proposed_by: operator_id.to_owned(),
        proposed_at: ctx.now,
    };
    let detail = json!({ "action": proposal.id, "reason": proposal.reason });
    let statements = vec![
        // Inserts nothing if the link has been dissolved in the meantime.
        Statement::new(
            "INSERT INTO link_dissolution (id, link_id, reason, shown_hash, proposed_by,
                                           proposed_at)
             SELECT ?1, id, ?3, ?4, ?5, ?6 FROM human_link
             WHERE id = ?2 AND made_at IS NOT NULL AND dissolved_at IS NULL",
            [
                Value::from(&proposal.id),
                link_id.into(),
                (&proposal.reason).into(),
                (&proposal.shown_hash).into(),
                operator_id.into(),
                ctx.now.into(),
            ],
        ),
        Statement::must_change(1, "link_state"),
        operator::audit(operator_id, "link.propose", link_id, &detail, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(proposal),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) if error.rule() == Some("action_open") => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// A row of `link_dissolution`.
#[derive(Deserialize)]
struct StoredDissolution {
    link_id: String,
    reason: String,
    shown_hash: String,
    proposed_by: String,
    approved_by: Option<String>,
    withdrawn_at: Option<i64>,
}

impl StoredDissolution {
    async fn read<D: Database>(db: &D, id: &str) -> Result<StoredDissolution, Failure> {
        let select = Statement::new(
            "SELECT link_id, reason, shown_hash, proposed_by, approved_by, withdrawn_at
             FROM link_dissolution WHERE id = ?1",
            [Value::from(id)],
        );
        let read = db.batch(vec![select]).await?;
        Ok(Results::from(read).take().first()?.ok_or(Problem::NotFound)?)
    }
}

/// Approves a proposal: dissolves the link and separates the persons whom no other link joins.
/// Returns the link's id. Idempotent for the operator who approved it.
///
/// Refused: a proposal that does not exist, is approved or withdrawn, or was shown with another
/// hash; an operator who is the same human as the proposer.
pub async fn approve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    dissolution_id: &str,
    shown_hash: &str,
) -> Result<String, Failure> {
    retry(format_args!("the dissolution {dissolution_id}"), async || {
        let proposal = StoredDissolution::read(ctx.db, dissolution_id).await?;
        if proposal.shown_hash != shown_hash {
            return Err(Problem::WrongState.into());
        }
        if proposal.approved_by.as_deref() == Some(operator_id) {
            return Ok(Round::Done(proposal.link_id));
        }
        if proposal.approved_by.is_some() || proposal.withdrawn_at.is_some() {
            return Err(Problem::WrongState.into());
        }
        let link = StoredLink::read(ctx.db, &proposal.link_id).await?;
        let nobody = Operators::default();
        let humans = humans(ctx.db, &nobody, &[&link.first_id]).await?;
        let human = humans.get(&link.first_id).ok_or(Problem::NotFound)?;
        let edges = edges(ctx.db, human).await?;
        let mut statements = vec![
            Statement::new(
                "UPDATE link_dissolution SET approved_by = ?2, approved_at = ?3
                 WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
                [Value::from(dissolution_id), operator_id.into(), ctx.now.into()],
            ),
            Statement::must_change(1, "action_state"),
            unchanged(human)?,
            unchanged_edges(human, &edges)?,
            Statement::new(
                "UPDATE human_link SET dissolved_at = ?2
                 WHERE id = ?1 AND made_at IS NOT NULL AND dissolved_at IS NULL",
                [Value::from(&link.id), ctx.now.into()],
            ),
            Statement::must_change(1, "link_state"),
        ];
        let leaving = leaving(human, &edges, &link);
        statements.extend(separate(human, &leaving, ctx.now)?);
        let detail = json!({
            "action": dissolution_id, "proposed_by": proposal.proposed_by,
            "reason": proposal.reason, "persons": [link.first_id, link.second_id],
        });
        statements.push(operator::audit(operator_id, "link.dissolve", &link.id, &detail, ctx.now));
        match ctx.db.batch(statements).await {
            Ok(_) => Ok(Round::Done(link.id)),
            Err(error) if error.rule() == Some("two_persons") => Err(Problem::TwoPersons.into()),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Withdraws a proposal; any operator may do so. Idempotent. Refused: a proposal that does not exist
/// or is approved.
pub async fn withdraw<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    dissolution_id: &str,
) -> Result<(), Failure> {
    let proposal = StoredDissolution::read(ctx.db, dissolution_id).await?;
    if proposal.withdrawn_at.is_some() {
        return Ok(());
    }
    let detail = json!({ "action": dissolution_id });
    let statements = vec![
        Statement::new(
            "UPDATE link_dissolution SET withdrawn_at = ?2
             WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(dissolution_id), ctx.now.into()],
        ),
        Statement::must_change(1, "action_state"),
        operator::audit(operator_id, "link.withdraw", &proposal.link_id, &detail, ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}

/// A link in force between two persons of a human.
#[derive(Deserialize)]
struct Edge {
    id: String,
    first_id: String,
    second_id: String,
}

async fn edges<D: Database>(db: &D, human: &Human) -> Result<Vec<Edge>, DatabaseError> {
    let select = Statement::new(
        "SELECT id, first_id, second_id FROM human_link
         WHERE first_id IN (SELECT value FROM json_each(?1))
           AND made_at IS NOT NULL AND dissolved_at IS NULL",
        [Value::from(to_json(&human.persons)?)],
    );
    Results::from(db.batch(vec![select]).await?).take().decode()
}

/// A guard: exactly these links are in force between the persons of a human.
fn unchanged_edges(human: &Human, edges: &[Edge]) -> Result<Statement, DatabaseError> {
    let ids: Vec<&str> = edges.iter().map(|edge| edge.id.as_str()).collect();
    Ok(Statement::new(
        "INSERT INTO must (got, expected, guard)
         SELECT count(*) + sum(id IN (SELECT value FROM json_each(?2))),
                2 * json_array_length(?2), 'human_links'
         FROM human_link
         WHERE first_id IN (SELECT value FROM json_each(?1))
           AND made_at IS NOT NULL AND dissolved_at IS NULL",
        [Value::from(to_json(&human.persons)?), to_json(&ids)?.into()],
    ))
}

/// The persons, oldest first, whom no link joins with the representative of their human any more
/// once `link` is dissolved.
fn leaving<'a>(human: &'a Human, edges: &[Edge], link: &StoredLink) -> Vec<&'a str> {
    let mut staying = vec![human.root.as_str()];
    let mut next = 0;
    while let Some(&person) = staying.get(next) {
        next += 1;
        for edge in edges.iter().filter(|edge| edge.id != link.id) {
            let other = match person {
                _ if edge.first_id == person => edge.second_id.as_str(),
                _ if edge.second_id == person => edge.first_id.as_str(),
                _ => continue,
            };
            if !staying.contains(&other) {
                staying.push(other);
            }
        }
    }
    let persons = human.persons.iter().map(String::as_str);
    persons.filter(|person| !staying.contains(person)).collect()
}

/// Makes the leaving persons a new human, represented by the oldest of them.
fn separate(human: &Human, leaving: &[&str], now: Moment) -> Result<Vec<Statement>, DatabaseError> {
    let [oldest, others @ ..] = leaving else { return Ok(Vec::new()) };
    Ok(vec![
        Statement::new(
            "UPDATE person SET human_id = NULL, linked_at = ?3 WHERE id = ?1 AND human_id = ?2",
            [Value::from(*oldest), (&human.root).into(), now.into()],
        ),
        Statement::must_change(1, "human"),
        Statement::new(
            "UPDATE person SET human_id = ?1, linked_at = ?3
             WHERE human_id = ?2 AND id IN (SELECT value FROM json_each(?4))",
            [Value::from(*oldest), (&human.root).into(), now.into(), to_json(others)?.into()],
        ),
        Statement::must_change(others.len() as i64, "human"),
    ])
}
