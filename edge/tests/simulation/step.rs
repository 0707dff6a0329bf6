//! The steps of a history. Each stands for itself: what it refers to is named by the number of the
//! step that made it, so that a history without some of its steps is still a history.

use shared::money::Currency;

/// A number of a step that started something.
pub type Number = u32;

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Requests at once: mostly one.
    Requests(Vec<Deed>),
    /// Time goes by.
    Time {
        /// How far.
        ms: i64,
        /// Who runs jobs on the way.
        ticks: Ticks,
    },
    /// A writer switches praise for an account off, or on.
    Switch {
        /// Which of the accounts.
        place: usize,
        /// Whether off.
        off: bool,
    },
}

/// When jobs run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticks {
    /// Nobody runs any.
    None,
    /// Each at its own moment.
    Exact,
    /// What is due, every so many milliseconds.
    Every(i64),
}

/// What somebody does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// A reader presses the button.
    Start(Start),
    /// A reader reloads the page that waits, or comes back from the cashier.
    Look(Number),
    /// A reader cancels.
    Cancel(Number),
    /// A reader pays at the cashier.
    Pay(Number),
    /// A reader's bank says no.
    Decline(Number),
    /// Money arrives that nobody waits for any more, or another amount by this many.
    Late(Number, i64),
    /// Money arrives for an order a second time.
    Twice(Number),
    /// Money arrives for an order that is not ours.
    Stranger(i64),
    /// The provider says again how an order stands.
    Repeat(Number),
    /// A letter arrives, perhaps changed on the way.
    Deliver(Number, Twist),
    /// Somebody who is not the provider says that an order was paid.
    Forge(Number),
    /// A praise goes back by somebody's right.
    GiveBack(Number, Right),
    /// The provider's next calls of a kind go wrong in its own way: number of the way, times.
    Trouble(usize, i64),
    /// The bank of whoever paid for an attempt takes the money back and looks at it.
    Dispute(Number),
    /// A bank decides its oldest dispute: for us, or for the reader.
    Decide(bool),
    /// A reader sets a limit of their own, or gives it up.
    Limit(Limit),
    /// Operators and writers do something in their offices.
    Office(Office),
    /// The receiver of the newest transfer that waits for it confirms it, or does not.
    Receipt(bool),
    /// The minute's cron runs what is due.
    Jobs,
}

/// What operators and writers do in their offices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Office {
    /// An operator freezes an article.
    Freeze(usize),
    /// Its writer appeals.
    Appeal(usize),
    /// An operator proposes the end: that all goes back, or that all goes on.
    Propose(usize, bool),
    /// Another approves the oldest proposal, or the same one tries to.
    Approve {
        /// Whether it is the one who proposed it.
        same: bool,
    },
    /// An operator explains the oldest suspense: it goes back, or it was for an attempt.
    Resolve(Option<Number>),
    /// A writer attaches a card of these digits to an account, or removes the one it has.
    Card(usize, Option<usize>),
    /// An operator suspends an account, or lets it receive again.
    Suspend(usize, bool),
    /// An operator stops all new praises, or lets them start again.
    Stop(bool),
    /// An operator adds a version of the rules.
    Rules(Rules),
    /// An operator makes an invitation, and the writer of an account uses it.
    Invite(usize),
    /// An operator revokes the invitations that the writer of an account has used.
    Revoke(usize),
    /// An operator writes off what an account owes.
    WriteOff(usize),
}

/// A version of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// For what.
    pub currency: Currency,
    /// Minutes until it holds.
    pub in_minutes: i64,
    /// Largest praise, and all that a guest gives in a day.
    pub cap: i64,
    /// A reader's day.
    pub reader: i64,
    /// An article's day.
    pub article: i64,
    /// A writer's day.
    pub writer: i64,
    /// Days until a praise is due.
    pub hold_days: i64,
    /// Minutes during which a praise is undone with one tap.
    pub undo_minutes: i64,
}

/// What a limit of one's own is for.
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
    /// Each.
    pub const ALL: [Scope; 3] = [Scope::Praise, Scope::Day, Scope::Month];

    /// Its name in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Praise => "praise",
            Scope::Day => "day",
            Scope::Month => "month",
        }
    }
}

/// What a reader allows themselves at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Which of the people.
    pub reader: usize,
    /// In what.
    pub currency: Currency,
    /// For one praise, a day or a month.
    pub scope: Scope,
    /// How much; `None` for no limit.
    pub minor: Option<i64>,
}

/// By whose right a praise goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Its reader's, at once.
    Undo,
    /// Its reader's, later.
    TakeBack,
    /// Its writer's.
    Writer,
    /// An operator's.
    Operator,
    /// Nobody's: somebody tries to undo another's praise.
    Nobody,
}

/// A press of the button.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Which of the people.
    pub reader: usize,
    /// Which of the articles.
    pub article: usize,
    /// How much.
    pub minor: i64,
    /// Names the key: the step that used it first.
    pub key: Number,
}

/// What becomes of a letter on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing.
    None,
    /// A bit of the body is turned.
    Body(usize),
    /// A bit of the signature is turned.
    Signature(usize),
    /// It comes with its first signature, however old.
    Old,
}

/// A step: what happens, and the chance that decides everything about it that is not said.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its place in the first history.
    pub number: Number,
    /// Whether nothing goes wrong in it.
    pub calm: bool,
    /// What happens.
    pub event: Event,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:<5} {:?}", self.number, self.event)?;
        if self.calm { f.write_str(" (calm)") } else { Ok(()) }
    }
}
