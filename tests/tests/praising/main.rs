//! Praising: from the tap to the wall, through the API and through plain forms, and every request
//! that is refused.

mod amounts;
mod api_praise;
mod article_cap;
mod form_praise;
mod form_refusals;
mod guests;
mod idempotency_keys;
mod malformed_requests;
mod praise_rules;
mod provider_messages;
mod reader_limits;
mod receipt;
mod settings;
mod unpaid_attempts;
