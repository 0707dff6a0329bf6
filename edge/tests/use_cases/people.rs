//! People: sign-ins, accounts, invitations, payees and operators.

mod human_links;
mod identity;
mod invitation;
mod linked_sign_ins;
mod operator;
mod payee;
