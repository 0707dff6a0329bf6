-- What all state machines share: the legal steps, the events that record them, and the check that
-- a batch changed what it meant to change.

-- The legal steps. A step from the empty state creates a row. The *_step triggers refuse all
-- others.
CREATE TABLE IF NOT EXISTS transition (
  machine    TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO transition VALUES
  ('intent', '', 'awaiting_payment'),
  ('intent', 'awaiting_payment', 'paid'),
  ('intent', 'awaiting_payment', 'returned'),
  ('intent', 'awaiting_payment', 'declined'),
  ('intent', 'awaiting_payment', 'cancelled'),
  ('intent', 'awaiting_payment', 'expired'),
  ('intent', 'declined', 'paid'),
  ('intent', 'declined', 'returned'),
  ('intent', 'expired', 'paid'),
  ('intent', 'expired', 'returned'),
  ('intent', 'cancelled', 'returned'),
  ('provider_order', '', 'created'),
  ('provider_order', 'created', 'open'),
  ('provider_order', 'created', 'paid'),
  ('provider_order', 'created', 'closed'),
  ('provider_order', 'open', 'paid'),
  ('provider_order', 'open', 'closed'),
  ('provider_order', 'closed', 'paid'),
  ('praise', '', 'held'),
  ('praise', 'held', 'due'),
  ('praise', 'held', 'frozen'),
  ('praise', 'held', 'returning'),
  ('praise', 'held', 'disputed'),
  ('praise', 'due', 'frozen'),
  ('praise', 'due', 'returning'),
  ('praise', 'due', 'in_payout'),
  ('praise', 'due', 'disputed'),
  -- A dispute was lost while the praise was in a payout that then failed.
  ('praise', 'due', 'lost'),
  ('praise', 'frozen', 'held'),
  ('praise', 'frozen', 'due'),
  ('praise', 'frozen', 'returning'),
  ('praise', 'frozen', 'disputed'),
  ('praise', 'in_payout', 'paid_out'),
  ('praise', 'in_payout', 'due'),
  -- The bank of the writer sent the payout back.
  ('praise', 'paid_out', 'due'),
  ('praise', 'returning', 'returned'),
  -- A dispute was lost before the refund had left.
  ('praise', 'returning', 'lost'),
  ('praise', 'disputed', 'held'),
  ('praise', 'disputed', 'due'),
  ('praise', 'disputed', 'lost'),
  ('refund', '', 'queued'),
  ('refund', 'queued', 'sent'),
  ('refund', 'queued', 'succeeded'),
  ('refund', 'queued', 'abnormal'),
  ('refund', 'queued', 'closed'),
  ('refund', 'sent', 'succeeded'),
  ('refund', 'sent', 'abnormal'),
  ('refund', 'sent', 'closed'),
  ('refund', 'abnormal', 'succeeded'),
  ('refund', 'abnormal', 'closed'),
  ('freeze', '', 'open'),
  ('freeze', 'open', 'appealed'),
  ('freeze', 'open', 'lifted'),
  ('freeze', 'open', 'returning'),
  ('freeze', 'appealed', 'lifted'),
  ('freeze', 'appealed', 'returning'),
  ('freeze', 'returning', 'returned'),
  -- A dispute that is won brings a praise back to an article whose praises were returned.
  ('freeze', 'returned', 'returning'),
  ('payout', '', 'waiting'),
  ('payout', '', 'queued'),
  ('payout', 'waiting', 'queued'),
  -- Nothing was left to pay when the reason for waiting was gone.
  ('payout', 'waiting', 'dropped'),
  ('payout', 'queued', 'sent'),
  -- The debt of the writer covers all of it.
  ('payout', 'queued', 'succeeded'),
  -- It must not be sent any more.
  ('payout', 'queued', 'dropped'),
  ('payout', 'sent', 'awaiting_confirmation'),
  ('payout', 'sent', 'succeeded'),
  ('payout', 'sent', 'failed'),
  ('payout', 'awaiting_confirmation', 'succeeded'),
  ('payout', 'awaiting_confirmation', 'failed'),
  -- The bank of the writer sent it back.
  ('payout', 'succeeded', 'sent_back'),
  ('payout_part', '', 'queued'),
  ('payout_part', 'queued', 'sent'),
  ('payout_part', 'queued', 'succeeded'),
  ('payout_part', 'queued', 'dropped'),
  ('payout_part', 'sent', 'awaiting_confirmation'),
  ('payout_part', 'sent', 'succeeded'),
  ('payout_part', 'sent', 'failed'),
  ('payout_part', 'awaiting_confirmation', 'succeeded'),
  ('payout_part', 'awaiting_confirmation', 'failed'),
  ('payout_part', 'succeeded', 'sent_back'),
  ('dispute', '', 'open'),
  ('dispute', 'open', 'won'),
  ('dispute', 'open', 'lost');

-- The history of everything that has a state. The triggers of each table write it, so that no
-- statement can change a state without its event.
CREATE TABLE IF NOT EXISTS event (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  machine    TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  at         INTEGER NOT NULL,
  reason     TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS event_by_subject ON event (subject_id, id);

CREATE TRIGGER IF NOT EXISTS event_no_update BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS event_no_delete BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An UPDATE that finds no row is not an error, and its batch would go on. After such an UPDATE a
-- batch inserts the number of changed rows and the expected number here. If they differ, the
-- batch fails with the name of the guard. No row is ever stored.
CREATE TABLE IF NOT EXISTS must (
  got      INTEGER,
  expected INTEGER,
  guard    TEXT NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS must_hold BEFORE INSERT ON must
BEGIN
  SELECT RAISE(ABORT, 'guard:' || NEW.guard) WHERE NEW.got IS NOT NEW.expected;
  SELECT RAISE(IGNORE);
END;
