//! The states of everything that moves money, and which may follow which. The `transition` table
//! in D1 holds the same rows, a trigger refuses the rest, and a test compares the two.

mod state;

pub use state::*;

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
        ("due", "lost"),
        ("frozen", "held"),
        ("frozen", "due"),
        ("frozen", "returning"),
        ("frozen", "disputed"),
        ("in_payout", "paid_out"),
        ("in_payout", "due"),
        ("returning", "returned"),
        ("returning", "lost"),
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
        for &visibility in Visibility::ALL {
            assert_eq!(Visibility::from_name(visibility.as_str()), Some(visibility));
        }
        assert_eq!(IntentState::from_name("gone"), None);
    }
}
