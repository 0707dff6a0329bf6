//! People and what belongs to them: identities and sessions, official accounts, payees (the bank
//! card that a writer is paid to), the links between persons who are one human, invitations,
//! operators, and the links to guests' receipts.

pub mod account;
pub mod identity;
pub mod invitation;
pub mod link;
pub mod operator;
pub mod payee;
pub mod receipt_link;
