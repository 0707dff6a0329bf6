//! Freezes, and the decisions that take two operators.

use super::rows::Row;
use super::{CheckResult, Model, ensure};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days to appeal, and days to decide about an appeal.
const APPEAL_DAYS: i64 = 7;
const DECIDE_DAYS: i64 = 14;

/// A freeze.
#[derive(Clone, Debug, Default)]
pub struct Freeze {
    /// The article's id.
    pub article: String,
    /// When it was opened.
    pub opened_at: i64,
    /// When its writer appealed.
    pub appealed_at: Option<i64>,
    /// Its state.
    pub state: String,
    /// The end that two operators have decided.
    pub decided: Option<String>,
}

/// A proposed end of a freeze.
#[derive(Clone, Debug)]
pub struct Action {
    kind: String,
    freeze: String,
    proposed_by: String,
}

impl Model {
    pub(super) fn freeze_row(&mut self, row: Row<'_>) -> CheckResult {
        match row.table() {
            "freeze" => {
                let freeze =
                    Freeze { article: row.string(2), opened_at: row.int(3), ..Freeze::default() };
                self.freezes.insert(row.string(1), freeze);
            }
            "article" => {
                if let Some(article) = self.articles.get_mut(row.text(1)) {
                    let frozen = row.text(2) == "frozen";
                    if article.frozen && !frozen {
                        self.recently_blocked.insert(row.string(1));
                    }
                    article.frozen = frozen;
                }
            }
            _ => return self.action_row(row),
        }
        Ok(())
    }

    /// A proposal is approved by a different human or not at all.
    fn action_row(&mut self, row: Row<'_>) -> CheckResult {
        let id = row.string(1);
        let approved_by = row.text(5);
        if approved_by.is_empty() {
            let action =
                Action { kind: row.string(2), freeze: row.string(3), proposed_by: row.string(4) };
            self.actions.insert(id, action);
            return Ok(());
        }
        let action = self.actions[&id].clone();
        ensure(
            self.human(approved_by) != self.human(&action.proposed_by),
            "a freeze is decided by two humans",
            || format!("{action:?} approved by {approved_by}"),
        )?;
        if let Some(freeze) = self.freezes.get_mut(&action.freeze) {
            freeze.decided = Some(action.kind);
        }
        Ok(())
    }

    pub(super) fn freeze_transition(
        &mut self,
        id: &str,
        from: &str,
        to: &str,
        now: i64,
    ) -> CheckResult {
        let freeze = self.freezes[id].clone();
        let decided = freeze.decided.as_deref();
        let fits = match (from, to) {
            ("open", "appealed") => now < freeze.opened_at + APPEAL_DAYS * DAY_MS,
            (_, "lifted") => decided == Some("unfreeze"),
            ("open", "returning") => {
                decided == Some("mass_return") || now >= freeze.opened_at + APPEAL_DAYS * DAY_MS
            }
            ("appealed", "returning") => {
                let appealed_at = freeze.appealed_at.unwrap_or(i64::MAX - DECIDE_DAYS * DAY_MS);
                decided == Some("mass_return") || now >= appealed_at + DECIDE_DAYS * DAY_MS
            }
            _ => true,
        };
        ensure(fits, "a freeze ends by two operators or by its deadline", || {
            format!("{id} from {from} to {to} at {now}: {freeze:?}")
        })?;
        if to == "appealed"
            && let Some(freeze) = self.freezes.get_mut(id)
        {
            freeze.appealed_at = Some(now);
        }
        Ok(())
    }

    /// Requires that an article is frozen exactly while it has a freeze that is not lifted.
    pub(super) fn check_freezes(&self) -> CheckResult {
        for (id, article) in &self.articles {
            let mut freezes = self.freezes.values().filter(|freeze| freeze.article == *id);
            let frozen = freezes.any(|freeze| freeze.state != "lifted");
            ensure(
                frozen == article.frozen,
                "an article is frozen exactly while its freeze is in force",
                || format!("{id} {article:?}"),
            )?;
        }
        Ok(())
    }

    /// Whether a freeze prevents a praise from moving now.
    pub(super) fn is_frozen(&self, praise: &super::Praise) -> bool {
        let intent = &self.intents[&praise.intent];
        self.articles.get(&intent.article).is_some_and(|article| article.frozen)
    }
}
