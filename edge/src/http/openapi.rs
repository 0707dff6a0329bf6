//! The OpenAPI document, built from the attributes on the handlers. Only the test that compares it
//! with `openapi.json` compiles this; the Worker serves that file.

pub(super) mod refusals;

use shared::problem::ProblemDocument;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{Modify, OpenApi};

use super::api::{
    articles, health, intents, me, notify, operator, payouts, policy, praises, reader_praise,
    reconciliation, reports, studio,
};

/// What holds for every address.
const ABOUT: &str = "\
Readers send small, optional gifts (praises) for articles that stay free to read.

Bodies are JSON with names in snake_case, money is minor units with a currency, times are RFC 3339 \
in UTC, ids are prefixed and random. A list has `items` and `next_cursor`; pass the latter as \
`cursor` for the next page, until it is `null`.

Errors are problem documents (RFC 9457): programs go by `code`, which never changes; `title` and \
`detail` are for people, in the language of the cookie `lang`, else of `Accept-Language` \
(Simplified Chinese or English). Every answer carries its request id as `X-Request-Id`. What is \
somebody else's answers 404, like what does not exist, and an address that does not take the \
method answers 405 `method_not_allowed`.

A session begins on the page `/sign-in`. POST, PUT and DELETE that another site makes a browser \
send are refused by `Origin` and `Sec-Fetch-Site`; with a session cookie, one of the two is \
required. POST that moves money takes an \
`Idempotency-Key`: repeating a request with its key changes nothing and is answered alike.";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Praise",
        description = ABOUT,
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "articles", description = "Reading: the same for everybody, never an amount."),
        (name = "praises", description = "Giving: a reader's attempts and what became of them."),
        (name = "me", description = "The person signed in."),
        (name = "studio", description = "The writer's side."),
        (name = "operator", description = "The operators' side; to everybody else it is not there."),
        (name = "providers", description = "The door for payment providers."),
        (name = "service", description = "Whether it runs, and this document."),
    ),
    paths(
        articles::list,
        articles::read,
        articles::wall,
        praises::start,
        intents::read,
        intents::cancel,
        praises::timeline,
        reader_praise::read,
        reader_praise::undo,
        reader_praise::take_back,
        reader_praise::visibility,
        studio::return_praise::return_praise,
        studio::reply::reply,
        me::read,
        me::update,
        me::end_sessions,
        me::limits::read,
        me::limits::update,
        me::praises,
        studio::accounts,
        studio::praises,
        studio::praise,
        studio::card::read,
        studio::card::attach,
        studio::card::remove,
        studio::invitation::redeem,
        payouts::list,
        payouts::read,
        studio::publish,
        studio::freezes::read,
        studio::freezes::appeal,
        studio::tokens,
        studio::create_token,
        studio::revoke_token,
        operator::audit,
        operator::tasks,
        operator::tasks::close,
        payouts::write_off,
        operator::returns::praise,
        operator::returns::suspense,
        operator::returns::resolve,
        operator::returns::retry_refund,
        operator::returns::close_refund,
        policy::list,
        policy::add,
        policy::raises,
        policy::propose_raise,
        policy::approve_raise,
        policy::withdraw_raise,
        operator::invitations::list,
        operator::invitations::make,
        operator::invitations::revoke,
        operator::stop,
        operator::resume,
        operator::account,
        reports::list,
        operator::freezes::open,
        operator::freezes::read,
        operator::freezes::version,
        operator::freezes::propose,
        operator::freezes::approve,
        operator::freezes::withdraw,
        operator::links::list,
        operator::links::confirm,
        operator::links::propose,
        operator::links::approve,
        operator::links::withdraw,
        reconciliation::days,
        reconciliation::differences,
        reconciliation::propose,
        reconciliation::approve,
        reconciliation::withdraw,
        reconciliation::funds,
        reconciliation::propose_funds,
        reconciliation::approve_funds,
        reconciliation::withdraw_funds,
        notify::receive,
        health::healthz,
        health::openapi,
    ),
    components(schemas(ProblemDocument)),
    modifiers(&Security, &Pages),
)]
struct Document;

/// Adds the authentication schemes: the session cookies and the bearer token.
struct Security;

impl Modify for Security {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let cookie = |name, description| {
            let value = ApiKeyValue::with_description(name, description);
            SecurityScheme::ApiKey(ApiKey::Cookie(value))
        };
        let plain = "The session without TLS: on a developer's machine.";
        let token = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A writer's token of scope `publish`, made in the studio. It opens publishing and \
                 nothing else.",
            ))
            .build();
        let schemes = [
            ("session", cookie("__Host-praise_session", "The session, over TLS.")),
            ("session_without_tls", cookie("praise_session", plain)),
            ("publish_token", SecurityScheme::Http(token)),
        ];
        let components = openapi.components.get_or_insert_default();
        for (name, scheme) in schemes {
            components.add_security_scheme(name, scheme);
        }
    }
}

/// Replaces the inlined schema of the items of each page by a reference to their named schema.
struct Pages;

impl Modify for Pages {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        for (name, schema) in &mut components.schemas {
            let Some(listed) = name.strip_prefix("Page_") else { continue };
            let RefOr::T(Schema::Object(page)) = schema else { continue };
            if let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items") {
                items.items = Ref::from_schema_name(listed).into();
            }
        }
    }
}

/// The document as committed: OpenAPI 3.1 as indented JSON in a stable order, with a final newline.
///
/// # Errors
///
/// If the document cannot be serialized as JSON.
pub fn document() -> Result<String, serde_json::Error> {
    Ok(Document::openapi().to_pretty_json()? + "\n")
}
