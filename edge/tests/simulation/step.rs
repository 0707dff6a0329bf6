//! The steps of a history. A step refers to others by the number of the step that made them, so
//! that a history stays valid when steps are removed.

use shared::money::Currency;

/// The number of the step that started something.
pub type Number = u32;

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Concurrent requests; mostly just one.
    Requests(Vec<Action>),
    /// Time passes.
    Time {
        /// How long, in milliseconds.
        ms: i64,
        /// Which jobs run in the meantime.
        ticks: Ticks,
    },
    /// A writer turns praise off or on for an account.
    Switch {
        /// The index of the account.
        place: usize,
        /// Whether it is turned off.
        off: bool,
    },
}

/// When jobs run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticks {
    /// Never.
    None,
    /// Each at its own moment.
    Exact,
    /// All that are due, at this interval in milliseconds.
    Every(i64),
}

/// An action.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A reader presses the button.
    Start(Start),
    /// A reader reloads the waiting page, or returns from the cashier.
    Reload(Number),
    /// A reader cancels.
    Cancel(Number),
    /// A reader pays at the cashier.
    Pay(Number),
    /// A reader's bank declines.
    Decline(Number),
    /// A payment arrives late, or differs from the order by this amount.
    LatePayment(Number, i64),
    /// An order is paid a second time.
    SecondPayment(Number),
    /// A payment arrives for an order that is not ours.
    UnknownPayment(i64),
    /// The provider repeats its message about an order.
    RepeatMessage(Number),
    /// A message is delivered, possibly altered on the way.
    Deliver(Number, Tampering),
    /// An attacker sends a message that an order was paid.
    ForgeMessage(Number),
    /// Somebody returns a praise.
    Reverse(Number, Right),
    /// The provider's next calls fail: index in `PROVIDER_FAULTS`, and how many.
    ProviderFault(usize, i64),
    /// The bank disputes an attempt's payment.
    Dispute(Number),
    /// A bank decides its oldest dispute: for us or for the reader.
    DecideDispute(bool),
    /// A reader sets or removes a limit of their own.
    Limit(Limit),
    /// An operator or a writer does something in the back office.
    BackOffice(BackOffice),
    /// The receiver of the newest waiting transfer confirms it or lets it lapse.
    ConfirmTransfer(bool),
    /// A writer's bank sends back the newest transfer that has arrived.
    SendTransferBack,
    /// The delayed provider calls arrive.
    DeliverDelayedCalls,
    /// The cron runs the jobs that are due.
    Jobs,
}

/// What operators and writers do apart from praising.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackOffice {
    /// An operator freezes an article.
    Freeze(usize),
    /// Its writer appeals.
    Appeal(usize),
    /// An operator proposes the end of a freeze: `true` returns all praises, `false` releases them.
    Propose(usize, bool),
    /// An operator approves the oldest proposal.
    Approve {
        /// Whether it is the operator who proposed it, which must be refused.
        same: bool,
    },
    /// An operator resolves the oldest suspense case: it is returned, or assigned to an attempt.
    Resolve(Option<Number>),
    /// A writer attaches the card with these digits to an account, or removes its card.
    Card(usize, Option<usize>),
    /// An operator suspends an account or activates it again.
    Suspend(usize, bool),
    /// An operator stops all new praises or lets them start again.
    Stop(bool),
    /// An operator adds a policy version.
    Rules(Rules),
    /// An operator makes an invitation, and the owner of an account redeems it.
    Invite(usize),
    /// An operator revokes the invitations that the owner of an account has used.
    Revoke(usize),
    /// An operator writes off an account's debt.
    WriteOff(usize),
}

/// A policy version; amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Its currency.
    pub currency: Currency,
    /// Minutes until it is in force.
    pub in_minutes: i64,
    /// The largest praise, and also a guest's daily cap.
    pub cap: i64,
    /// A reader's daily cap.
    pub reader: i64,
    /// An article's daily cap.
    pub article: i64,
    /// A writer's daily cap.
    pub writer: i64,
    /// Days until a praise is due.
    pub hold_days: i64,
    /// Minutes during which a praise can be undone.
    pub undo_minutes: i64,
}

/// What a reader's own limit applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One praise.
    Praise,
    /// A day.
    Day,
    /// A month.
    Month,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 3] = [Scope::Praise, Scope::Day, Scope::Month];

    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Praise => "praise",
            Scope::Day => "day",
            Scope::Month => "month",
        }
    }
}

/// A limit that a reader sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The index of the reader.
    pub reader: usize,
    /// The currency.
    pub currency: Currency,
    /// What it applies to.
    pub scope: Scope,
    /// The amount in minor units; `None` for no limit.
    pub minor: Option<i64>,
}

/// The right by which a praise is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// The reader's, within the undo window.
    Undo,
    /// The reader's, until the praise is due.
    TakeBack,
    /// The writer's.
    Writer,
    /// An operator's.
    Operator,
    /// None: somebody tries to undo another person's praise.
    Nobody,
}

/// A press of the button.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The index of the reader.
    pub reader: usize,
    /// The index of the article.
    pub article: usize,
    /// The amount in minor units.
    pub minor: i64,
    /// The idempotency key, named by the step that used it first.
    pub key: Number,
}

/// What happens to a message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// Nothing.
    None,
    /// A bit of the body is flipped.
    Body(usize),
    /// A bit of the signature is flipped.
    Signature(usize),
    /// It keeps its first signature, however old that is.
    Old,
}

/// A step: an event and, by its number, the seed of every random decision in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its position in the original history.
    pub number: Number,
    /// Whether it has no faults.
    pub fault_free: bool,
    /// The event.
    pub event: Event,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:<5} {:?}", self.number, self.event)?;
        if self.fault_free { f.write_str(" (fault-free)") } else { Ok(()) }
    }
}
