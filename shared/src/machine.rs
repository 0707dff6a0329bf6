//! The states of everything that moves money, and which may follow which. The `transition` table
//! in D1 holds the same rows, a trigger refuses the rest, and a test compares the two.

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// A machine: its states by their names in the record, and its legal steps.
/// A step from `""` is a birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The table that holds the state.
    pub name: &'static str,
    /// Legal steps, from and to.
    pub steps: &'static [(&'static str, &'static str)],
}

impl Machine {
    /// Whether the step is legal.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.steps.contains(&(from, to))
    }
}

/// Names the states of a machine once, for Rust, SQL and JSON alike. The names are taken as tokens:
/// utoipa does not see the renaming where they come as literals.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$state_doc:meta])* $state:ident = $text:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$state_doc])* #[serde(rename = $text)] $state,)+
        }

        impl $name {
            /// Every state.
            pub const ALL: &'static [$name] = &[$($name::$state,)+];

            /// The name in the record, in JSON and in classes of pages.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$state => $text,)+ }
            }

            /// The state of this name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$state),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

states! {
    /// Where a reader's attempt stands.
    IntentState {
        /// Started; the reader's limits are reserved.
        AwaitingPayment = "awaiting_payment",
        /// The payment is booked as a praise.
        Paid = "paid",
        /// The payment arrived and a rule refused it; the money goes back by itself.
        Returned = "returned",
        /// The provider declined; nothing was taken.
        Declined = "declined",
        /// The reader left; nothing was taken.
        Cancelled = "cancelled",
        /// Time ran out; nothing was taken.
        Expired = "expired",
    }
}

states! {
    /// Where a provider order stands, as far as we know.
    OrderState {
        /// Written down; the provider may or may not know it yet.
        Created = "created",
        /// The provider has it and waits for the reader.
        Open = "open",
        /// The provider has the money.
        Paid = "paid",
        /// Final without money.
        Closed = "closed",
    }
}

states! {
    /// Where a praise stands.
    PraiseState {
        /// Booked, and held until it is due.
        Held = "held",
        /// To be paid out with the next payout.
        Due = "due",
        /// The article is frozen; nothing moves.
        Frozen = "frozen",
        /// In a payout on its way.
        InPayout = "in_payout",
        /// On the writer's bank card.
        PaidOut = "paid_out",
        /// On its way back to the reader.
        Returning = "returning",
        /// Back with the reader.
        Returned = "returned",
        /// The reader's bank disputes it.
        Disputed = "disputed",
        /// The dispute is lost.
        Lost = "lost",
    }
}

impl PraiseState {
    /// Whether it counts on the wall.
    pub const fn stands(self) -> bool {
        !matches!(
            self,
            PraiseState::Returning
                | PraiseState::Returned
                | PraiseState::Disputed
                | PraiseState::Lost
        )
    }
}

states! {
    /// Where a refund stands.
    RefundState {
        /// Decided; not yet told to the provider.
        Queued = "queued",
        /// Told; the outcome is open, and asked about under the same number.
        Sent = "sent",
        /// The reader has the money.
        Succeeded = "succeeded",
        /// The provider cannot deliver it; its own way, or an operator, goes on.
        Abnormal = "abnormal",
        /// Definitely ended without money; a new refund replaces it.
        Closed = "closed",
    }
}

states! {
    /// Where a payout stands.
    PayoutState {
        /// Something has to be put right first; the reason says what.
        Waiting = "waiting",
        /// Decided; not yet told to the provider.
        Queued = "queued",
        /// Told; the outcome is open.
        Sent = "sent",
        /// The writer has to confirm it at the provider.
        AwaitingConfirmation = "awaiting_confirmation",
        /// On the bank card.
        Succeeded = "succeeded",
        /// Definitely failed; its lines are due again.
        Failed = "failed",
    }
}

states! {
    /// What has to be put right before a payout that waits can go.
    WaitingReason {
        /// There is no bank card.
        NoCard = "no_card",
        /// The bank card is new; it is paid to after its days of waiting.
        CardChanged = "card_changed",
        /// The provider's bill and our record differ about this account's money.
        BillUnexplained = "bill_unexplained",
        /// Accounts of this kind do not receive.
        KindNotAllowed = "kind_not_allowed",
    }
}

impl WaitingReason {
    /// What the writer can do about it, or what happens by itself.
    pub const fn to_do(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (WaitingReason::NoCard, Lang::En) => {
                "Attach a bank card. Everything due is paid out as soon as it can be used."
            }
            (WaitingReason::NoCard, Lang::ZhHans) => {
                "请绑定银行卡。银行卡可用后，到期的款项一并打出。"
            }
            (WaitingReason::CardChanged, Lang::En) => {
                "The bank card was changed. It is paid to from the time given; if it was not you, \
                 remove it."
            }
            (WaitingReason::CardChanged, Lang::ZhHans) => {
                "银行卡更换过，自所示时间起才打款；如非本人操作，请移除这张卡。"
            }
            (WaitingReason::BillUnexplained, Lang::En) => {
                "The payment provider's bill does not agree with our record of this account's \
                 money. We are clearing that up; there is nothing for you to do."
            }
            (WaitingReason::BillUnexplained, Lang::ZhHans) => {
                "支付机构的账单与本号的记录不一致，我们正在核对，你无需操作。"
            }
            (WaitingReason::KindNotAllowed, Lang::En) => {
                "Accounts of this kind do not receive praise for now. What is due stays yours and \
                 is paid out when they do."
            }
            (WaitingReason::KindNotAllowed, Lang::ZhHans) => {
                "这类账号目前不能收款。到期的款项仍是你的，开放后打出。"
            }
        }
    }
}

states! {
    /// Where one transfer of a payout stands.
    PartState {
        /// Decided; not yet told to the provider.
        Queued = "queued",
        /// Told; the outcome is open, and asked about under the same number.
        Sent = "sent",
        /// The writer has to confirm it at the provider.
        AwaitingConfirmation = "awaiting_confirmation",
        /// On the bank card.
        Succeeded = "succeeded",
        /// Definitely failed; its praises are due again.
        Failed = "failed",
    }
}

states! {
    /// Where the freeze of an article stands.
    FreezeState {
        /// The writer may appeal.
        Open = "open",
        /// The writer has appealed; operators decide.
        Appealed = "appealed",
        /// Unfounded: its praises go on by their dates.
        Lifted = "lifted",
        /// Its praises are on their way back to their readers.
        Returning = "returning",
        /// None of its praises is left to return.
        Returned = "returned",
    }
}

states! {
    /// Whether an official account receives.
    AccountStatus {
        /// It does, as far as this goes.
        Active = "active",
        /// Nothing new starts for it, and what arrives goes back.
        Suspended = "suspended",
    }
}

states! {
    /// Of what kind an official account is; the policy says which kinds receive.
    AccountKind {
        /// A person's own.
        Individual = "individual",
        /// Of several, or of a legal person.
        Organization = "organization",
    }
}

states! {
    /// Why an article is frozen: the rule that it is suspected to break.
    FreezeRule {
        /// Money is collected for somebody or something.
        Fundraising = "fundraising",
        /// Betting, or a draw.
        Gambling = "gambling",
        /// Something is sold.
        Selling = "selling",
        /// Whoever praises gets something for it.
        Perks = "perks",
        /// It is not the writer's own.
        NotOriginal = "not_original",
        /// A law forbids it.
        Unlawful = "unlawful",
    }
}

states! {
    /// How two operators end a freeze.
    FreezeEnd {
        /// Every praise that stands goes back to its reader.
        MassReturn = "mass_return",
        /// Every praise goes on by its dates.
        Unfreeze = "unfreeze",
    }
}

states! {
    /// Where a dispute stands.
    DisputeState {
        /// The bank has taken the money and looks at it.
        Open = "open",
        /// The money is back with us.
        Won = "won",
        /// The reader keeps it.
        Lost = "lost",
    }
}

/// Who sees what of a praise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Name on the wall.
    Public,
    /// The writer sees the name; the wall only counts.
    Writer,
    /// Nobody sees the name.
    Anonymous,
}

impl Visibility {
    /// All three, in the order they are offered.
    pub const ALL: [Visibility; 3] =
        [Visibility::Public, Visibility::Writer, Visibility::Anonymous];

    /// The name in the record, in JSON and in form values.
    pub const fn as_str(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::Writer => "writer",
            Visibility::Anonymous => "anonymous",
        }
    }

    /// The visibility of this name.
    pub fn from_name(name: &str) -> Option<Visibility> {
        Visibility::ALL.into_iter().find(|visibility| visibility.as_str() == name)
    }
}

/// A reader's attempt.
pub const INTENT: Machine = Machine {
    name: "intent",
    steps: &[
        ("", "awaiting_payment"),
        ("awaiting_payment", "paid"),
        ("awaiting_payment", "returned"),
        ("awaiting_payment", "declined"),
        ("awaiting_payment", "cancelled"),
        ("awaiting_payment", "expired"),
        ("declined", "paid"),
        ("declined", "returned"),
        ("expired", "paid"),
        ("expired", "returned"),
        ("cancelled", "returned"),
    ],
};

/// A provider order. Money may arrive after an order was closed.
pub const ORDER: Machine = Machine {
    name: "provider_order",
    steps: &[
        ("", "created"),
        ("created", "open"),
        ("created", "paid"),
        ("created", "closed"),
        ("open", "paid"),
        ("open", "closed"),
        ("closed", "paid"),
    ],
};

/// Money booked for a writer.
pub const PRAISE: Machine = Machine {
    name: "praise",
    steps: &[
        ("", "held"),
        ("held", "due"),
        ("held", "frozen"),
        ("held", "returning"),
        ("held", "disputed"),
        ("due", "frozen"),
        ("due", "returning"),
        ("due", "in_payout"),
        ("due", "disputed"),
        ("frozen", "held"),
        ("frozen", "due"),
        ("frozen", "returning"),
        ("frozen", "disputed"),
        ("in_payout", "paid_out"),
        ("in_payout", "due"),
        ("returning", "returned"),
        ("disputed", "held"),
        ("disputed", "due"),
        ("disputed", "lost"),
    ],
};

/// Money on its way back.
pub const REFUND: Machine = Machine {
    name: "refund",
    steps: &[
        ("", "queued"),
        ("queued", "sent"),
        ("queued", "succeeded"),
        ("queued", "abnormal"),
        ("queued", "closed"),
        ("sent", "succeeded"),
        ("sent", "abnormal"),
        ("sent", "closed"),
        ("abnormal", "succeeded"),
        ("abnormal", "closed"),
    ],
};

/// What is paid to a bank card for one account and day.
pub const PAYOUT: Machine = Machine {
    name: "payout",
    steps: &[
        ("", "waiting"),
        ("", "queued"),
        ("waiting", "queued"),
        ("waiting", "failed"),
        ("queued", "sent"),
        ("queued", "succeeded"),
        ("queued", "failed"),
        ("sent", "awaiting_confirmation"),
        ("sent", "succeeded"),
        ("sent", "failed"),
        ("awaiting_confirmation", "sent"),
        ("awaiting_confirmation", "succeeded"),
        ("awaiting_confirmation", "failed"),
    ],
};

/// One transfer of a payout.
pub const PAYOUT_PART: Machine = Machine {
    name: "payout_part",
    steps: &[
        ("", "queued"),
        ("queued", "sent"),
        ("queued", "succeeded"),
        ("queued", "failed"),
        ("sent", "awaiting_confirmation"),
        ("sent", "succeeded"),
        ("sent", "failed"),
        ("awaiting_confirmation", "succeeded"),
        ("awaiting_confirmation", "failed"),
    ],
};

/// Money that a reader's bank has taken back to look at.
pub const DISPUTE: Machine =
    Machine { name: "dispute", steps: &[("", "open"), ("open", "won"), ("open", "lost")] };

/// An article under suspicion. One that was returned begins again when a dispute that is won brings
/// another of its praises back.
pub const FREEZE: Machine = Machine {
    name: "freeze",
    steps: &[
        ("", "open"),
        ("open", "appealed"),
        ("open", "lifted"),
        ("open", "returning"),
        ("appealed", "lifted"),
        ("appealed", "returning"),
        ("returning", "returned"),
        ("returned", "returning"),
    ],
};

/// Every machine that the schema of today holds.
pub const MACHINES: [Machine; 8] =
    [INTENT, ORDER, PRAISE, REFUND, PAYOUT, PAYOUT_PART, DISPUTE, FREEZE];

#[cfg(test)]
mod tests {
    use super::*;

    fn names_only_its_states(machine: &Machine, states: &[&str]) {
        for (from, to) in machine.steps {
            assert!(from.is_empty() || states.contains(from), "{}: {from}", machine.name);
            assert!(states.contains(to), "{}: {to}", machine.name);
        }
        for state in states {
            assert!(machine.steps.iter().any(|(_, to)| to == state), "{} is never reached", state);
        }
    }

    #[test]
    fn machines_name_their_own_states_and_reach_each() {
        let names = |all: &[IntentState]| all.iter().map(|s| s.as_str()).collect::<Vec<_>>();
        names_only_its_states(&INTENT, &names(IntentState::ALL));
        let names: Vec<_> = OrderState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&ORDER, &names);
        let names: Vec<_> = PraiseState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&PRAISE, &names);
        let names: Vec<_> = RefundState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&REFUND, &names);
        let names: Vec<_> = PayoutState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&PAYOUT, &names);
        let names: Vec<_> = PartState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&PAYOUT_PART, &names);
        let names: Vec<_> = DisputeState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&DISPUTE, &names);
        let names: Vec<_> = FreezeState::ALL.iter().map(|s| s.as_str()).collect();
        names_only_its_states(&FREEZE, &names);
    }

    #[test]
    fn someone_who_cancelled_never_pays() {
        assert!(!INTENT.allows("cancelled", "paid"));
        assert!(INTENT.allows("cancelled", "returned"));
        assert!(INTENT.allows("expired", "paid"));
        assert!(!INTENT.allows("paid", "returned"));
    }

    #[test]
    fn names_read_back() {
        for state in PraiseState::ALL {
            assert_eq!(PraiseState::from_name(state.as_str()), Some(*state));
        }
        for visibility in Visibility::ALL {
            assert_eq!(Visibility::from_name(visibility.as_str()), Some(visibility));
        }
        assert_eq!(IntentState::from_name("gone"), None);
    }
}
