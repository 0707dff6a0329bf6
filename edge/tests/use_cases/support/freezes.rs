//! Freezes and the operators who decide them.

use edge::failure::Failure;
use edge::payments::freeze::{self, actions};
use shared::api::operator::{FreezeAction, OpenFreeze};
use shared::machine::{FreezeEnd, FreezeRule};

use super::people::{Article, Person};
use super::world::World;

impl World {
    /// An operator freezes an article. Returns the freeze's id. Its job has not run yet.
    pub fn freeze(&self, operator: &Person, article: &Article) -> String {
        let open = self.freeze_request(&article.slug, FreezeRule::Selling);
        self.run(async |ctx| freeze::freeze(ctx, &operator.id, &open).await.unwrap()).0
    }

    /// The request to freeze the newest version of an article.
    pub fn freeze_request(&self, slug: &str, rule: FreezeRule) -> OpenFreeze {
        let version =
            format!("SELECT coalesce(max(version), 1) FROM article WHERE slug = '{slug}'");
        OpenFreeze { article: slug.to_owned(), version: self.number(&version), rule }
    }

    /// Some operator freezes an article. Returns the freeze's id. Its job has not run yet.
    pub fn freeze_article(&self, article: &Article) -> String {
        self.freeze(&self.person("operator"), article)
    }

    /// Marks an article as frozen and returned before it had any praise: the freeze is over, and
    /// every payment for the article is returned.
    pub fn freeze_and_return(&self, article: &Article) {
        self.raw(&format!(
            "UPDATE article SET status = 'frozen' WHERE id = '{article}';
             INSERT INTO freeze (id, article_id, version, rule, opened_by, opened_at, appeal_until,
                                 state, state_at)
             VALUES ('frz-{article}', '{article}', 1, 'selling', (SELECT min(id) FROM person), 0, 1,
                     'open', 0);
             UPDATE freeze SET state = 'returning', state_reason = 'appeal_missed', state_at = 1
             WHERE id = 'frz-{article}';
             UPDATE freeze SET state = 'returned', state_at = 1 WHERE id = 'frz-{article}'",
            article = article.id,
        ));
    }

    /// One operator proposes the end of a freeze.
    pub fn propose(&self, operator: &Person, freeze_id: &str, kind: FreezeEnd) -> FreezeAction {
        self.run(async |ctx| actions::propose(ctx, &operator.id, freeze_id, kind).await.unwrap())
    }

    /// Another operator approves it, with the hash that was shown.
    pub fn approve(&self, operator: &Person, action: &FreezeAction) -> Result<String, Failure> {
        let FreezeAction { id, shown_hash, .. } = action;
        self.run(async |ctx| actions::approve(ctx, &operator.id, id, shown_hash).await)
    }

    /// Two operators end a freeze.
    pub fn end_freeze(&self, freeze_id: &str, kind: FreezeEnd) {
        let action = self.propose(&self.person("first-operator"), freeze_id, kind);
        self.approve(&self.person("second-operator"), &action).unwrap();
    }
}
