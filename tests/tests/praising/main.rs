//! Praising: from the tap to the wall, through the API and through plain forms, and every request
//! that is refused.

mod amounts;
mod api_flow;
mod caps;
mod endings;
mod form_flow;
mod form_refusals;
mod guests;
mod keys;
mod me;
mod messages;
mod own_limits;
mod receipt;
mod requests;
mod rules;
