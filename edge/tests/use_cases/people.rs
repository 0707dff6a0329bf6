//! People: sign-ins, accounts, invitations, payees and operators.

mod identity;
mod invitation;
mod linked_sign_ins;
mod operator;
mod payee;
