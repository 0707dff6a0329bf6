//! Links between persons who are one human. A link is stored when a provider has verified the payees
//! of two persons and reports the same payee for both. A link only restricts: the two persons share
//! their limits, and neither gains a right of the other.
//!
//! Two kinds of links wait for an operator, and until then the persons remain two humans. The first
//! is a link between two operators: it could leave a single human, who cannot approve their own
//! proposals. The second is a link that would join persons again whom operators have separated.

pub mod dissolution;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::json;
use shared::api::Page;
use shared::api::operator::{HumanLink, LinkDissolution};
use shared::calendar::Moment;
use shared::id::Kind;
use shared::limits::LIST_PAGE;
use shared::problem::Problem;

use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, to_json};
use crate::failure::Failure;
use crate::pagination::{Cursor, page};
use crate::people::operator::{self, Operators};
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// A human: the persons who are known to be one human being.
#[derive(Clone, Debug)]
struct Human {
    /// The person who represents the human: the oldest one.
    root: String,
    /// When the representative signed in for the first time.
    root_created_at: i64,
    /// All persons, including the representative.
    persons: Vec<String>,
    /// Whether one of them is an operator.
    operator: bool,
}

/// A link that is about to be stored.
struct NewLink {
    other_id: String,
    /// Whether it waits for an operator.
    waits: bool,
    /// The human that is merged with the person's own; `None` if the link merges none.
    joins: Option<Human>,
}

/// The links that a verified payee makes for a person.
pub(super) struct NewLinks {
    person_id: String,
    own: Human,
    provider: &'static str,
    fingerprint: String,
    links: Vec<NewLink>,
}

impl NewLinks {
    /// Finds the other persons who have or had this verified payee, and decides which links to store.
    pub(super) async fn find<D: Database>(
        db: &D,
        operators: &Operators,
        person_id: &str,
        provider: &'static str,
        fingerprint: &str,
    ) -> Result<NewLinks, Failure> {
        #[derive(Deserialize)]
        struct Other {
            person_id: String,
        }
        #[derive(Deserialize)]
        struct Pair {
            first_id: String,
            second_id: String,
        }
        let read = vec![Statement::new(
            "SELECT person.id AS person_id FROM person
                 WHERE person.id <> ?1 AND person.id IN (
                     SELECT account.owner_id FROM bank_card
                     JOIN official_account AS account ON account.id = bank_card.account_id
                     WHERE bank_card.fingerprint = ?3 AND bank_card.provider = ?2
                       AND bank_card.verified = 1)
                   AND NOT EXISTS (
                     SELECT 1 FROM human_link
                     WHERE provider = ?2 AND fingerprint = ?3
                       AND first_id = min(person.id, ?1) AND second_id = max(person.id, ?1))
                 ORDER BY person.created_at, person.id",
            [Value::from(person_id), provider.into(), fingerprint.into()],
        )];
        let others: Vec<Other> = Results::from(db.batch(read).await?).take().decode()?;
        let ids: Vec<&str> = others.iter().map(|other| other.person_id.as_str()).collect();
        let humans = humans(db, operators, &[&[person_id], &ids[..]].concat()).await?;
        // Whichever payee linked them, two operators have decided that these persons are
        // two humans.
        let persons: Vec<&String> = humans.values().flat_map(|human| &human.persons).collect();
        let read = Statement::new(
            "SELECT first_id, second_id FROM human_link
             WHERE dissolved_at IS NOT NULL
               AND first_id IN (SELECT value FROM json_each(?1))
               AND second_id IN (SELECT value FROM json_each(?1))",
            [Value::from(to_json(&persons)?)],
        );
        let apart: Vec<Pair> = Results::from(db.batch(vec![read]).await?).take().decode()?;
        let human = |id: &str| humans.get(id).cloned().ok_or(Problem::NotFound);
        let own = human(person_id)?;
        let mut group = own.clone();
        let mut links = Vec::new();
        for other in &others {
            let theirs = human(&other.person_id)?;
            let together = group.persons.contains(&other.person_id);
            let told_apart = apart.iter().any(|Pair { first_id, second_id }| {
                (group.persons.contains(first_id) && theirs.persons.contains(second_id))
                    || (group.persons.contains(second_id) && theirs.persons.contains(first_id))
            });
            let waits = !together && (told_apart || (group.operator && theirs.operator));
            let joins = (!together && !waits).then(|| theirs.clone());
            if joins.is_some() {
                group = joined(&group, &theirs);
            }
            links.push(NewLink { other_id: other.person_id.clone(), waits, joins });
        }
        Ok(NewLinks {
            person_id: person_id.to_owned(),
            own,
            provider,
            fingerprint: fingerprint.to_owned(),
            links,
        })
    }

    /// The statements that store the links and join the humans. A guard fails the batch if one of the
    /// humans has changed since it was read.
    pub(super) fn statements<D: Database, P: PaymentProvider>(
        &self,
        ctx: &Context<'_, D, P>,
    ) -> Result<Vec<Statement>, DatabaseError> {
        let mut statements = Vec::new();
        let mut group = self.own.clone();
        if !self.links.is_empty() {
            statements.push(unchanged(&group)?);
        }
        for NewLink { other_id, waits, joins } in &self.links {
            let (first, second) = ordered(&self.person_id, other_id);
            statements.push(Statement::new(
                "INSERT INTO human_link (id, first_id, second_id, provider, fingerprint, found_at,
                                         made_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                [
                    Value::from(ctx.id(Kind::Link)),
                    first.into(),
                    second.into(),
                    self.provider.into(),
                    (&self.fingerprint).into(),
                    ctx.now.into(),
                    (!waits).then_some(ctx.now).into(),
                ],
            ));
            if let Some(theirs) = joins {
                statements.push(unchanged(theirs)?);
                statements.extend(join(&group, theirs, ctx.now));
                group = joined(&group, theirs);
            }
        }
        Ok(statements)
    }

    /// Logs the links, which an operator may want to look at.
    pub(super) fn log(&self) {
        for NewLink { other_id, waits, .. } in &self.links {
            let what = if *waits { "human.link_waits" } else { "human.linked" };
            let person = &self.person_id;
            crate::log::warn(&format!("{what} person={person} other={other_id} by=card"));
        }
    }
}

/// Two persons in the order in which a link stores them.
fn ordered<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    if one < other { (one, other) } else { (other, one) }
}

/// The older and the younger of two humans. The older one's representative stays when they are joined.
fn by_age<'a>(one: &'a Human, other: &'a Human) -> (&'a Human, &'a Human) {
    let place = |human: &'a Human| (human.root_created_at, &human.root);
    if place(one) <= place(other) { (one, other) } else { (other, one) }
}

fn joined(one: &Human, other: &Human) -> Human {
    let (older, younger) = by_age(one, other);
    Human {
        root: older.root.clone(),
        root_created_at: older.root_created_at,
        persons: [&older.persons[..], &younger.persons[..]].concat(),
        operator: older.operator || younger.operator,
    }
}

/// Joins the younger human to the older one: first its persons, then its representative. The link
/// must be stored before.
fn join(one: &Human, other: &Human, now: Moment) -> [Statement; 3] {
    let (older, younger) = by_age(one, other);
    let values = [Value::from(&younger.root), (&older.root).into(), now.into()];
    [
        Statement::new(
            "UPDATE person SET human_id = ?2, linked_at = ?3 WHERE human_id = ?1",
            values.clone(),
        ),
        Statement::new(
            "UPDATE person SET human_id = ?2, linked_at = ?3 WHERE id = ?1 AND human_id IS NULL",
            values,
        ),
        Statement::must_change(1, "human"),
    ]
}

/// A guard: a human still has exactly the persons that were read.
fn unchanged(human: &Human) -> Result<Statement, DatabaseError> {
    Ok(Statement::new(
        "INSERT INTO must (got, expected, guard)
         SELECT count(*) + sum(id IN (SELECT value FROM json_each(?2))),
                2 * json_array_length(?2), 'human'
         FROM person WHERE (id = ?1 AND human_id IS NULL) OR human_id = ?1",
        [Value::from(&human.root), to_json(&human.persons)?.into()],
    ))
}

/// Reads the human of each of these persons, keyed by the person's id.
async fn humans<D: Database>(
    db: &D,
    operators: &Operators,
    person_ids: &[&str],
) -> Result<HashMap<String, Human>, DatabaseError> {
    #[derive(Deserialize)]
    struct Row {
        asked_id: String,
        person_id: String,
        root: String,
        root_created_at: i64,
        operator: i64,
    }
    let statement = Statement::new(
        "SELECT human.person_id AS asked_id, member.id AS person_id, root.id AS root,
                root.created_at AS root_created_at,
                EXISTS (SELECT 1 FROM identity
                        WHERE identity.person_id = member.id
                          AND provider || ':' || subject IN (
                            SELECT value FROM json_each(?2))) AS operator
         FROM human
         JOIN person AS root ON root.id = human.human_id
         JOIN person AS member ON member.id = root.id OR member.human_id = root.id
         WHERE human.person_id IN (SELECT value FROM json_each(?1))
         ORDER BY member.created_at, member.id",
        [Value::from(to_json(person_ids)?), operators.to_json()?.into()],
    );
    let rows: Vec<Row> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let mut humans: HashMap<String, Human> = HashMap::new();
    for row in rows {
        let human = humans.entry(row.asked_id).or_insert_with(|| Human {
            root: row.root,
            root_created_at: row.root_created_at,
            persons: Vec::new(),
            operator: false,
        });
        human.persons.push(row.person_id);
        human.operator |= row.operator == 1;
    }
    Ok(humans)
}

/// A row of `human_link`, with its open proposal of a dissolution.
#[derive(Deserialize)]
struct StoredLink {
    id: String,
    first_id: String,
    second_id: String,
    provider: String,
    fingerprint: String,
    found_at: i64,
    made_at: Option<i64>,
    confirmed_by: Option<String>,
    dissolved_at: Option<i64>,
    dissolution_id: Option<String>,
    reason: Option<String>,
    shown_hash: Option<String>,
    proposed_by: Option<String>,
    proposed_at: Option<i64>,
}

macro_rules! select_links {
    ($condition:literal) => {
        concat!(
            "SELECT link.*, proposal.id AS dissolution_id, proposal.reason, proposal.shown_hash,
                    proposal.proposed_by, proposal.proposed_at
             FROM human_link AS link
             LEFT JOIN link_dissolution AS proposal ON proposal.link_id = link.id
               AND proposal.approved_at IS NULL AND proposal.withdrawn_at IS NULL ",
            $condition
        )
    };
}

impl StoredLink {
    fn select(link_id: &str) -> Statement {
        Statement::new(select_links!("WHERE link.id = ?1"), [Value::from(link_id)])
    }

    async fn read<D: Database>(db: &D, link_id: &str) -> Result<StoredLink, Failure> {
        let read = db.batch(vec![StoredLink::select(link_id)]).await?;
        Ok(Results::from(read).take().first()?.ok_or(Problem::NotFound)?)
    }

    /// Whether the link is in force: made and not dissolved.
    fn in_force(&self) -> bool {
        self.made_at.is_some() && self.dissolved_at.is_none()
    }

    /// Converts it to its API form.
    fn into_api(self) -> HumanLink {
        let proposal = match (self.dissolution_id, self.reason, self.shown_hash) {
            (Some(id), Some(reason), Some(shown_hash)) => Some(LinkDissolution {
                id,
                link_id: self.id.clone(),
                reason,
                shown_hash,
                proposed_by: self.proposed_by.unwrap_or_default(),
                proposed_at: Moment::from_ms(self.proposed_at.unwrap_or_default()),
            }),
            _ => None,
        };
        HumanLink {
            id: self.id,
            persons: vec![self.first_id, self.second_id],
            provider: self.provider,
            found_at: Moment::from_ms(self.found_at),
            made_at: self.made_at.map(Moment::from_ms),
            confirmed_by: self.confirmed_by,
            dissolved_at: self.dissolved_at.map(Moment::from_ms),
            dissolution: proposal,
        }
    }
}

/// Returns a link. Refused: a link that does not exist.
pub async fn find<D: Database>(db: &D, link_id: &str) -> Result<HumanLink, Failure> {
    Ok(StoredLink::read(db, link_id).await?.into_api())
}

/// Lists all links, newest first.
pub async fn list<D: Database>(db: &D, cursor: &Cursor) -> Result<Page<HumanLink>, DatabaseError> {
    let statement = Statement::new(
        select_links!(
            "WHERE (link.found_at, link.id) < (CAST(?1 AS INTEGER), ?2)
             ORDER BY link.found_at DESC, link.id DESC LIMIT ?3"
        ),
        [Value::from(cursor.at()), cursor.id().into(), (LIST_PAGE as i64 + 1).into()],
    );
    let rows: Vec<StoredLink> = Results::from(db.batch(vec![statement]).await?).take().decode()?;
    let (rows, next_cursor) = page(rows, LIST_PAGE, |row: &StoredLink| (row.found_at, &row.id));
    let items = rows.into_iter().map(StoredLink::into_api).collect();
    Ok(Page { items, next_cursor })
}

/// Confirms a link that waits: from now on both persons are one human. Idempotent for the operator
/// who confirmed it.
///
/// Refused: a link that does not exist or does not wait; a link that would leave only one human among
/// the `operators` who have signed in.
pub async fn confirm<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operators: &Operators,
    operator_id: &str,
    link_id: &str,
) -> Result<(), Failure> {
    retry(format_args!("the link {link_id}"), async || {
        let link = StoredLink::read(ctx.db, link_id).await?;
        if link.in_force() && link.confirmed_by.as_deref() == Some(operator_id) {
            return Ok(Round::Done(()));
        }
        if link.made_at.is_some() {
            return Err(Problem::WrongState.into());
        }
        let (first_id, second_id) = (link.first_id.as_str(), link.second_id.as_str());
        let humans = humans(ctx.db, operators, &[first_id, second_id]).await?;
        let first = humans.get(first_id).ok_or(Problem::NotFound)?;
        let second = humans.get(second_id).ok_or(Problem::NotFound)?;
        let mut statements = vec![
            unchanged(first)?,
            unchanged(second)?,
            Statement::new(
                "UPDATE human_link SET made_at = ?2, confirmed_by = ?3
                 WHERE id = ?1 AND made_at IS NULL",
                [Value::from(link_id), ctx.now.into(), operator_id.into()],
            ),
            Statement::must_change(1, "link_state"),
        ];
        // Other links may have joined them in the meantime.
        if first.root != second.root {
            if first.operator && second.operator && operators.humans(ctx.db).await? <= 2 {
                return Err(Problem::TooFewOperators.into());
            }
            statements.extend(join(first, second, ctx.now));
        }
        let detail = json!({ "persons": [first_id, second_id] });
        statements.push(operator::audit(operator_id, "link.confirm", link_id, &detail, ctx.now));
        ctx.db.batch(statements).await?;
        Ok(Round::Done(()))
    })
    .await
}
