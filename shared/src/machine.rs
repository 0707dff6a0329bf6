//! The state machines of everything that moves money, with their legal transitions. The table
//! `transition` in D1 contains the same transitions, triggers refuse all others, and a test
//! compares the two.

mod state;

pub use state::*;

/// A state machine with its legal transitions. States have their names in the database; a
/// transition from `""` creates a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The table that holds the state.
    pub name: &'static str,
    /// Legal transitions: from and to.
    pub steps: &'static [(&'static str, &'static str)],
}

impl Machine {
    /// Whether the transition is legal.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.steps.contains(&(from, to))
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

/// A provider order. A payment may arrive after the order was closed.
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

/// A payment that was booked for a writer.
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
        ("due", "lost"),
        ("frozen", "held"),
        ("frozen", "due"),
        ("frozen", "returning"),
        ("frozen", "disputed"),
        ("in_payout", "paid_out"),
        ("in_payout", "due"),
        ("paid_out", "due"),
        ("returning", "returned"),
        ("returning", "lost"),
        ("disputed", "held"),
        ("disputed", "due"),
        ("disputed", "lost"),
    ],
};

/// The refund of a payment.
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

/// A payout to a bank card.
pub const PAYOUT: Machine = Machine {
    name: "payout",
    steps: &[
        ("", "waiting"),
        ("", "queued"),
        ("waiting", "queued"),
        ("waiting", "dropped"),
        ("queued", "sent"),
        ("queued", "succeeded"),
        ("queued", "dropped"),
        ("sent", "awaiting_confirmation"),
        ("sent", "succeeded"),
        ("sent", "failed"),
        ("awaiting_confirmation", "succeeded"),
        ("awaiting_confirmation", "failed"),
        ("succeeded", "sent_back"),
    ],
};

/// The transfer of a payout at the provider.
pub const PAYOUT_PART: Machine = Machine {
    name: "payout_part",
    steps: &[
        ("", "queued"),
        ("queued", "sent"),
        ("queued", "succeeded"),
        ("queued", "dropped"),
        ("sent", "awaiting_confirmation"),
        ("sent", "succeeded"),
        ("sent", "failed"),
        ("awaiting_confirmation", "succeeded"),
        ("awaiting_confirmation", "failed"),
        ("succeeded", "sent_back"),
    ],
};

/// A payment that the reader's bank disputes. The bank has taken the money back for the time being.
pub const DISPUTE: Machine =
    Machine { name: "dispute", steps: &[("", "open"), ("open", "won"), ("open", "lost")] };

/// The freeze of an article that is suspected to break a rule. `returned` is not final: a dispute
/// that is won later restores another praise of the article, which then has to be returned too.
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

/// Every state machine of the current schema.
pub const MACHINES: [Machine; 8] =
    [INTENT, ORDER, PRAISE, REFUND, PAYOUT, PAYOUT_PART, DISPUTE, FREEZE];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

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
    fn a_cancelled_intent_never_becomes_paid() {
        assert!(!INTENT.allows("cancelled", "paid"));
        assert!(INTENT.allows("cancelled", "returned"));
        assert!(INTENT.allows("expired", "paid"));
        assert!(!INTENT.allows("paid", "returned"));
    }

    #[test]
    fn a_praise_counts_until_its_money_is_disputed_or_goes_back() {
        let standing: Vec<_> =
            PraiseState::ALL.iter().filter(|state| state.stands()).map(|s| s.as_str()).collect();
        assert_eq!(standing, ["held", "due", "frozen", "in_payout", "paid_out"]);
    }

    #[test]
    fn each_reason_to_wait_is_told_in_both_languages() {
        let mut told = std::collections::BTreeSet::new();
        for reason in WaitingReason::ALL {
            for lang in Lang::ALL {
                let text = reason.to_do(lang);
                let end = if lang == Lang::En { '.' } else { '。' };
                assert!(text.ends_with(end), "{text}");
                assert!(told.insert(text), "{text} is told twice");
            }
        }
    }

    #[test]
    fn fewer_people_see_a_name_within_another_visibility() {
        let ascending = [Visibility::Anonymous, Visibility::Writer, Visibility::Public];
        for (i, one) in ascending.into_iter().enumerate() {
            for (j, other) in ascending.into_iter().enumerate() {
                assert_eq!(one.is_within(other), i <= j, "{one} within {other}");
            }
        }
    }

    #[test]
    fn names_are_parsed_back() {
        for state in PraiseState::ALL {
            assert_eq!(PraiseState::from_name(state.as_str()), Some(*state));
        }
        for &visibility in Visibility::ALL {
            assert_eq!(Visibility::from_name(visibility.as_str()), Some(visibility));
        }
        assert_eq!(IntentState::from_name("gone"), None);
    }
}
