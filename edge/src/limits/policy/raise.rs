//! Raising a cap. One operator proposes a version of the policy with a reason. A second operator,
//! who must be another human, approves exactly this proposal. The version comes into force a day
//! later at the earliest. So one stolen operator session is not enough to raise a cap.

use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::calendar::Moment;
use shared::id;
use shared::money::Currency;
use shared::problem::{Expected, Problem};
use shared::text;

use super::version::{self, PolicyChange, PolicyVersion};
use crate::context::Context;
use crate::database::{Database, DatabaseError, Results, Statement, Value, from_json, to_json};
use crate::digest::sha256;
use crate::failure::Failure;
use crate::people::operator::audit;
use crate::people::operator::tasks::REASON_MAX;
use crate::provider::PaymentProvider;
use crate::retry::{Round, retry};

/// Days from the approval until a raised cap is in force.
const WAITING_DAYS: i64 = 1;

/// `POST /api/v1/operator/policy/raises`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPolicyRaise {
    /// The currency of the amounts.
    pub currency: Currency,
    /// The version comes into force then, or a day after its approval if that is later.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub not_before: Moment,
    /// What changes.
    #[serde(deserialize_with = "shared::object::deserialize")]
    #[cfg_attr(feature = "openapi", schema(inline))]
    pub change: PolicyChange,
    /// Why, for the second operator and the audit.
    pub reason: String,
}

/// The proposal of a version that raises a cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyRaise {
    /// `opa_…`
    pub id: String,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The latest version at the time of the proposal. If another version is added, the proposal
    /// can no longer be approved.
    pub base_version: i64,
    /// The version comes into force then, or a day after its approval if that is later.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub not_before: Moment,
    /// What changes.
    pub change: PolicyChange,
    /// Why, as the proposer put it.
    pub reason: String,
    /// SHA-256 of the fields above, without the id. The second operator sends it back to approve.
    pub shown_hash: String,
    /// The person who proposed it.
    pub proposed_by: String,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub proposed_at: Moment,
    /// The person who approved it; `null` until it is approved.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub approved_by: Option<String>,
    /// The number of its version; `null` until it is approved.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub version: Option<i64>,
}

/// A row of `policy_raise`.
#[derive(Deserialize)]
struct StoredRaise {
    id: String,
    currency: Currency,
    base_version: i64,
    not_before: i64,
    change: String,
    reason: String,
    shown_hash: String,
    proposed_by: String,
    proposed_at: i64,
    approved_by: Option<String>,
    withdrawn_at: Option<i64>,
    version: Option<i64>,
}

impl StoredRaise {
    async fn read<D: Database>(db: &D, id: &str) -> Result<StoredRaise, Failure> {
        let select = Statement::new("SELECT * FROM policy_raise WHERE id = ?1", [Value::from(id)]);
        let read = db.batch(vec![select]).await?;
        Ok(Results::from(read).take().first()?.ok_or(Problem::NotFound)?)
    }

    fn into_api(self) -> Result<PolicyRaise, DatabaseError> {
        Ok(PolicyRaise {
            change: from_json(&self.change)?,
            id: self.id,
            currency: self.currency,
            base_version: self.base_version,
            not_before: Moment::from_ms(self.not_before),
            reason: self.reason,
            shown_hash: self.shown_hash,
            proposed_by: self.proposed_by,
            proposed_at: Moment::from_ms(self.proposed_at),
            approved_by: self.approved_by,
            version: self.version,
        })
    }
}

/// Lists the proposals that are not withdrawn, the newest first.
pub async fn list<D: Database>(db: &D) -> Result<Vec<PolicyRaise>, DatabaseError> {
    let select = Statement::new(
        "SELECT * FROM policy_raise WHERE withdrawn_at IS NULL
         ORDER BY proposed_at DESC, id DESC",
        [],
    );
    let stored: Vec<StoredRaise> = Results::from(db.batch(vec![select]).await?).take().decode()?;
    stored.into_iter().map(StoredRaise::into_api).collect()
}

/// Proposes a version for one currency, in force from `not_before` or from a day after its approval,
/// whichever is later. Returns the proposal. Idempotent: an operator's open proposal of exactly this
/// is returned.
///
/// Refused: a value out of its bounds (the field is named), a date more than a year ahead, a reason
/// that is empty or too long.
pub async fn propose<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    currency: Currency,
    not_before: Moment,
    change: &PolicyChange,
    reason: &str,
) -> Result<PolicyRaise, Failure> {
    let versions = version::list(ctx.db).await?;
    let latest = version::latest(&versions, currency)?;
    version::check_bounds(&latest.with(change))?;
    if not_before > ctx.now.plus_days(version::DAYS_AHEAD_MAX) {
        let expected = Expected::WITHIN_A_YEAR;
        return Err(Problem::Field { field: "not_before", expected }.into());
    }
    let reason = text::clean(reason, REASON_MAX)
        .map_err(|error| Problem::Text { field: "reason", error })?;
    let (base_version, stored) = (latest.version, to_json(change)?);
    let proposal = PolicyRaise {
        id: ctx.id(id::Kind::Action),
        currency,
        base_version,
        not_before,
        change: change.clone(),
        shown_hash: sha256(format!(
            "{currency}\n{base_version}\n{}\n{stored}\n{reason}",
            not_before.ms()
        )),
        reason,
        proposed_by: operator_id.to_owned(),
        proposed_at: ctx.now,
        approved_by: None,
        version: None,
    };
    let select = Statement::new(
        "SELECT * FROM policy_raise
         WHERE proposed_by = ?1 AND shown_hash = ?2 AND approved_at IS NULL
           AND withdrawn_at IS NULL",
        [Value::from(operator_id), (&proposal.shown_hash).into()],
    );
    let open: Option<StoredRaise> =
        Results::from(ctx.db.batch(vec![select]).await?).take().first()?;
    if let Some(open) = open {
        return Ok(open.into_api()?);
    }
    let detail = json!({ "currency": currency, "change": change, "reason": proposal.reason });
    let statements = vec![
        Statement::new(
            "INSERT INTO policy_raise (id, currency, base_version, not_before, change, reason,
                                       shown_hash, proposed_by, proposed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            [
                Value::from(&proposal.id),
                currency.into(),
                base_version.into(),
                not_before.into(),
                stored.into(),
                (&proposal.reason).into(),
                (&proposal.shown_hash).into(),
                operator_id.into(),
                ctx.now.into(),
            ],
        ),
        audit(operator_id, "policy.propose", &proposal.id, &detail, ctx.now),
    ];
    ctx.db.batch(statements).await?;
    Ok(proposal)
}

/// Approves a proposal and adds its version. Returns the version. Idempotent for the operator who
/// approved it.
///
/// Refused: a proposal that does not exist, is approved or withdrawn, or was shown with another
/// hash; one that was proposed before the latest version; an operator who is the same human as the
/// proposer.
pub async fn approve<D: Database, P: PaymentProvider>(
    ctx: &Context<'_, D, P>,
    operator_id: &str,
    raise_id: &str,
    shown_hash: &str,
) -> Result<PolicyVersion, Failure> {
    retry(format_args!("the policy {raise_id}"), async || {
        let proposal = StoredRaise::read(ctx.db, raise_id).await?;
        if proposal.shown_hash != shown_hash {
            return Err(Problem::WrongState.into());
        }
        let versions = version::list(ctx.db).await?;
        if proposal.approved_by.as_deref() == Some(operator_id) {
            let added = versions
                .into_iter()
                .find(|one| {
                    one.currency == proposal.currency && Some(one.version) == proposal.version
                })
                .ok_or_else(|| Failure::Internal(format!("{raise_id} has no version")))?;
            return Ok(Round::Done(added));
        }
        let latest = version::latest(&versions, proposal.currency)?;
        if proposal.approved_by.is_some()
            || proposal.withdrawn_at.is_some()
            || latest.version != proposal.base_version
        {
            return Err(Problem::WrongState.into());
        }
        let earliest = ctx.now.plus_days(WAITING_DAYS).max(latest.effective_from.plus_seconds(1));
        let next = PolicyVersion {
            version: version::next_number(&versions),
            effective_from: Moment::from_ms(proposal.not_before).max(earliest),
            ..latest.with(&from_json(&proposal.change)?)
        };
        let mut statements = vec![
            Statement::new(
                "UPDATE policy_raise SET approved_by = ?2, approved_at = ?3, version = ?4
                 WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
                [Value::from(raise_id), operator_id.into(), ctx.now.into(), next.version.into()],
            ),
            Statement::must_change(1, "action_state"),
        ];
        let detail = json!({
            "action": raise_id, "proposed_by": proposal.proposed_by, "reason": proposal.reason,
            "version": next,
        });
        statements.extend(version::insert(&next, operator_id, "policy.raise", &detail, ctx.now));
        match ctx.db.batch(statements).await {
            Ok(_) => Ok(Round::Done(next)),
            Err(error) if error.rule() == Some("two_persons") => Err(Problem::TwoPersons.into()),
            // Another operator has just added a version.
            Err(error) if error.rule() == Some("append_only") => Err(Problem::WrongState.into()),
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
    raise_id: &str,
) -> Result<(), Failure> {
    let proposal = StoredRaise::read(ctx.db, raise_id).await?;
    if proposal.withdrawn_at.is_some() {
        return Ok(());
    }
    let statements = vec![
        Statement::new(
            "UPDATE policy_raise SET withdrawn_at = ?2
             WHERE id = ?1 AND approved_at IS NULL AND withdrawn_at IS NULL",
            [Value::from(raise_id), ctx.now.into()],
        ),
        Statement::must_change(1, "action_state"),
        audit(operator_id, "policy.cancel", raise_id, &json!({}), ctx.now),
    ];
    match ctx.db.batch(statements).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Guard(_)) => Err(Problem::WrongState.into()),
        Err(error) => Err(error.into()),
    }
}
