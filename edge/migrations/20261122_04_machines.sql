-- What every machine shares: legal steps, the events that record them, and the guard of batches.

-- A step from '' is a birth.
CREATE TABLE transition (
  machine    TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
) STRICT, WITHOUT ROWID;

INSERT INTO transition VALUES
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
  ('praise', 'frozen', 'held'),
  ('praise', 'frozen', 'due'),
  ('praise', 'frozen', 'returning'),
  ('praise', 'frozen', 'disputed'),
  ('praise', 'in_payout', 'paid_out'),
  ('praise', 'in_payout', 'due'),
  ('praise', 'returning', 'returned'),
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
  ('refund', 'abnormal', 'closed');

-- What happened to each thing with a state, written by the triggers of its table, so that no
-- statement can move a state and forget the event.
CREATE TABLE event (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  machine    TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  at         INTEGER NOT NULL,
  reason     TEXT
) STRICT;

CREATE INDEX event_by_subject ON event (subject_id, id);

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An UPDATE that hits no row is not an error, and a batch would go on without it. After each
-- guarded UPDATE a batch inserts what it got and what it expected; a difference ends the batch
-- under the guard's name. Nothing is ever stored here.
CREATE TABLE must (
  got      INTEGER,
  expected INTEGER,
  guard    TEXT NOT NULL
) STRICT;

CREATE TRIGGER must_hold BEFORE INSERT ON must
BEGIN
  SELECT RAISE(ABORT, 'guard:' || NEW.guard) WHERE NEW.got IS NOT NEW.expected;
  SELECT RAISE(IGNORE);
END;
