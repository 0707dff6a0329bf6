//! The API below `/api/v1`, and the webhooks of payment providers below `/pay`. The files mirror
//! the addresses.

pub(super) mod articles;
pub(super) mod health;
pub(super) mod intents;
pub(super) mod me;
pub(super) mod notify;
pub(super) mod operator;
pub(super) mod payouts;
pub(super) mod policy;
pub(super) mod praises;
pub(super) mod reader_praise;
pub(super) mod reconciliation;
pub(super) mod reports;
pub(super) mod studio;

use super::handler::{api, uncounted_api};
use super::routes::Routes;

/// Adds the API's addresses.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get_async("/healthz", api(health::healthz))
        .get_async("/api/openapi.json", api(health::openapi))
        .get_async("/api/v1/articles", api(articles::list))
        .get_async("/api/v1/articles/:slug", api(articles::read))
        .get_async("/api/v1/articles/:slug/praises", api(articles::wall))
        .post_async("/api/v1/articles/:slug/praises", api(praises::start))
        .get_async("/api/v1/intents/:id", api(intents::read))
        .post_async("/api/v1/intents/:id/cancel", api(intents::cancel))
        .get_async("/api/v1/praises/:id/timeline", api(praises::timeline))
        .get_async("/api/v1/me", api(me::read))
        .put_async("/api/v1/me", api(me::update))
        .delete_async("/api/v1/me/sessions", api(me::end_sessions))
        .get_async("/api/v1/me/limits", api(me::limits::read))
        .put_async("/api/v1/me/limits", api(me::limits::update))
        .get_async("/api/v1/me/praises", api(me::praises))
        .get_async("/api/v1/praises/:id", api(reader_praise::read))
        .post_async("/api/v1/praises/:id/undo", api(reader_praise::undo))
        .post_async("/api/v1/praises/:id/take-back", api(reader_praise::take_back))
        .put_async("/api/v1/praises/:id/visibility", api(reader_praise::visibility))
        .get_async("/api/v1/studio/accounts", api(studio::accounts))
        .get_async("/api/v1/studio/accounts/:handle/praises", api(studio::praises))
        .get_async("/api/v1/studio/accounts/:handle/card", api(studio::card::read))
        .put_async("/api/v1/studio/accounts/:handle/card", api(studio::card::attach))
        .delete_async("/api/v1/studio/accounts/:handle/card", api(studio::card::remove))
        .get_async("/api/v1/studio/praises/:id", api(studio::praise))
        .get_async("/api/v1/studio/accounts/:handle/payouts", api(payouts::list))
        .get_async("/api/v1/studio/payouts/:id", api(payouts::read))
        .post_async("/api/v1/studio/articles", api(studio::publish))
        .post_async("/api/v1/studio/invitation", api(studio::invitation::redeem))
        .get_async("/api/v1/studio/articles/:slug/freeze", api(studio::freezes::read))
        .post_async("/api/v1/studio/articles/:slug/appeal", api(studio::freezes::appeal))
        .post_async("/api/v1/studio/praises/:id/reply", api(studio::reply::reply))
        .post_async("/api/v1/studio/praises/:id/return", api(studio::return_praise::return_praise))
        .get_async("/api/v1/studio/tokens", api(studio::tokens))
        .post_async("/api/v1/studio/tokens", api(studio::create_token))
        .delete_async("/api/v1/studio/tokens/:id", api(studio::revoke_token))
        .get_async("/api/v1/operator/audit", api(operator::audit))
        .get_async("/api/v1/operator/tasks", api(operator::tasks))
        .post_async("/api/v1/operator/tasks/close", api(operator::tasks::close))
        .post_async("/api/v1/operator/accounts/:handle/write-off", api(payouts::write_off))
        .post_async("/api/v1/operator/praises/:id/return", api(operator::returns::praise))
        .get_async("/api/v1/operator/suspense", api(operator::returns::suspense))
        .post_async("/api/v1/operator/suspense/:id/resolve", api(operator::returns::resolve))
        .post_async("/api/v1/operator/refunds/:id/retry", api(operator::returns::retry_refund))
        .post_async("/api/v1/operator/refunds/:id/close", api(operator::returns::close_refund))
        .get_async("/api/v1/operator/policy", api(policy::list))
        .post_async("/api/v1/operator/policy", api(policy::add))
        .get_async("/api/v1/operator/policy/raises", api(policy::raises))
        .post_async("/api/v1/operator/policy/raises", api(policy::propose_raise))
        .post_async("/api/v1/operator/policy/raises/:id/approve", api(policy::approve_raise))
        .delete_async("/api/v1/operator/policy/raises/:id", api(policy::withdraw_raise))
        .get_async("/api/v1/operator/invitations", api(operator::invitations::list))
        .post_async("/api/v1/operator/invitations", api(operator::invitations::make))
        .delete_async("/api/v1/operator/invitations/:id", api(operator::invitations::revoke))
        .put_async("/api/v1/operator/stop", api(operator::stop))
        .delete_async("/api/v1/operator/stop", api(operator::resume))
        .put_async("/api/v1/operator/accounts/:handle", api(operator::account))
        .get_async("/api/v1/operator/reports", api(reports::list))
        .post_async("/api/v1/operator/freezes", api(operator::freezes::open))
        .get_async("/api/v1/operator/freezes/:id", api(operator::freezes::read))
        .get_async(
            "/api/v1/operator/freezes/:id/versions/:version",
            api(operator::freezes::version),
        )
        .post_async("/api/v1/operator/freezes/:id/actions", api(operator::freezes::propose))
        .post_async("/api/v1/operator/actions/:id/approve", api(operator::freezes::approve))
        .delete_async("/api/v1/operator/actions/:id", api(operator::freezes::withdraw))
        .get_async("/api/v1/operator/links", api(operator::links::list))
        .post_async("/api/v1/operator/links/:id/confirm", api(operator::links::confirm))
        .post_async("/api/v1/operator/links/:id/dissolutions", api(operator::links::propose))
        .post_async("/api/v1/operator/dissolutions/:id/approve", api(operator::links::approve))
        .delete_async("/api/v1/operator/dissolutions/:id", api(operator::links::withdraw))
        .get_async("/api/v1/operator/reconciliation", api(reconciliation::days))
        .get_async("/api/v1/operator/differences", api(reconciliation::differences))
        .post_async("/api/v1/operator/differences/:id/explanations", api(reconciliation::propose))
        .post_async("/api/v1/operator/explanations/:id/approve", api(reconciliation::approve))
        .delete_async("/api/v1/operator/explanations/:id", api(reconciliation::withdraw))
        .get_async("/api/v1/operator/funds", api(reconciliation::funds))
        .post_async("/api/v1/operator/funds", api(reconciliation::propose_funds))
        .post_async("/api/v1/operator/funds/:id/approve", api(reconciliation::approve_funds))
        .delete_async("/api/v1/operator/funds/:id", api(reconciliation::withdraw_funds))
        .post_async("/pay/:provider/notify", api(notify::receive))
        .or_else_any_method_async("/api/*path", uncounted_api(health::not_found))
        .or_else_any_method_async("/pay/*path", uncounted_api(health::not_found))
}
