//! Ids: a prefix that names the kind, and 26 random characters: `art_…`, `int_…`.

/// The kind of an id. Its prefix makes a mixed-up id easy to see in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A human: `per_`.
    Person,
    /// An official account: `acc_`.
    Account,
    /// An article: `art_`.
    Article,
    /// A reader's attempt: `int_`.
    Intent,
    /// A provider order: `ord_`.
    Order,
    /// A payment that a provider has reported: `pay_`.
    Payment,
    /// A praise: `prs_`.
    Praise,
    /// A refund: `ref_`.
    Refund,
    /// A payment that cannot be matched to an order yet: `sus_`.
    SuspenseCase,
    /// A payout: `pyt_`.
    Payout,
    /// One transfer of a payout: `ptp_`.
    PayoutPart,
    /// A dispute: `dsp_`.
    Dispute,
    /// The freeze of an article: `frz_`.
    Freeze,
    /// A bank card: `crd_`.
    Card,
    /// A link between two persons: `lnk_`.
    Link,
    /// An invitation: `inv_`.
    Invitation,
    /// An action that takes two operators: `opa_`.
    Action,
    /// A difference between a bill and the database: `dif_`.
    Difference,
    /// A writer's API token; this is not its secret value: `tok_`.
    Token,
    /// A request, in responses and logs: `req_`.
    Request,
}

impl Kind {
    /// The prefix, with its underscore.
    pub const fn prefix(self) -> &'static str {
        match self {
            Kind::Person => "per_",
            Kind::Account => "acc_",
            Kind::Article => "art_",
            Kind::Intent => "int_",
            Kind::Order => "ord_",
            Kind::Payment => "pay_",
            Kind::Praise => "prs_",
            Kind::Refund => "ref_",
            Kind::SuspenseCase => "sus_",
            Kind::Payout => "pyt_",
            Kind::PayoutPart => "ptp_",
            Kind::Dispute => "dsp_",
            Kind::Freeze => "frz_",
            Kind::Card => "crd_",
            Kind::Link => "lnk_",
            Kind::Invitation => "inv_",
            Kind::Action => "opa_",
            Kind::Difference => "dif_",
            Kind::Token => "tok_",
            Kind::Request => "req_",
        }
    }

    /// An id of this kind from 16 random bytes.
    pub fn id(self, random: [u8; 16]) -> String {
        format!("{}{}", self.prefix(), base32(random))
    }

    /// Whether `text` has the format of an id of this kind. It need not exist.
    pub fn matches(self, text: &str) -> bool {
        text.strip_prefix(self.prefix()).is_some_and(|rest| {
            rest.len() == BASE32_LEN && rest.bytes().all(|b| ALPHABET.contains(&b))
        })
    }
}

/// Crockford's base 32 in lower case. It has no i, l, o and u, which are easily misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BASE32_LEN: usize = 26;

/// Encodes 128 bits as 26 characters.
pub fn base32(random: [u8; 16]) -> String {
    let bits = u128::from_be_bytes(random);
    let places = (0..BASE32_LEN).rev();
    let digit = |place: usize| ALPHABET.get((bits >> (5 * place)) as usize & 31);
    places.filter_map(digit).map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_id_has_its_prefix_and_26_characters() {
        let id = Kind::Praise.id([0xff; 16]);
        assert_eq!(id, "prs_7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert!(Kind::Praise.matches(&id));
        assert!(!Kind::Intent.matches(&id));
        assert!(!Kind::Praise.matches("prs_"));
        assert!(!Kind::Praise.matches("prs_7zzzzzzzzzzzzzzzzzzzzzzzzu"));
    }

    #[test]
    fn other_bytes_make_another_id() {
        let ids: BTreeSet<_> = (0..=255u8).map(|b| base32([b; 16])).collect();
        assert_eq!(ids.len(), 256);
    }
}
