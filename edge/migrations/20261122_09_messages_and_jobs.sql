-- What arrives, what leaves, and what is to be done when.

-- The inbox: stored before it is answered, processed after, found again by a job.
CREATE TABLE provider_event (
  provider     TEXT NOT NULL,
  event_id     TEXT NOT NULL,
  body         TEXT NOT NULL,
  received_at  INTEGER NOT NULL,
  processed_at INTEGER,
  outcome      TEXT,
  PRIMARY KEY (provider, event_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER provider_event_once BEFORE INSERT ON provider_event
WHEN EXISTS (SELECT 1 FROM provider_event
             WHERE provider = NEW.provider AND event_id = NEW.event_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:event_known');
END;

CREATE TRIGGER provider_event_fixed BEFORE UPDATE ON provider_event
WHEN NEW.provider IS NOT OLD.provider OR NEW.event_id IS NOT OLD.event_id
  OR NEW.body IS NOT OLD.body OR NEW.received_at IS NOT OLD.received_at
  OR (OLD.processed_at IS NOT NULL AND NEW.processed_at IS NOT OLD.processed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER provider_event_no_delete BEFORE DELETE ON provider_event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The outbox: provider calls, written in the batch that decides them, repeated with the same
-- number and the same body until the provider has answered.
CREATE TABLE outbox (
  operation  TEXT NOT NULL CHECK (operation IN ('create_order', 'refund', 'pay_out')),
  number     TEXT NOT NULL,
  provider   TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  done_at    INTEGER,
  PRIMARY KEY (operation, number)
) STRICT, WITHOUT ROWID;

-- The same number is never sent with other bytes, so a call is not replaced either.
CREATE TRIGGER outbox_once BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE operation = NEW.operation AND number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER outbox_fixed BEFORE UPDATE ON outbox
WHEN NEW.operation IS NOT OLD.operation OR NEW.number IS NOT OLD.number
  OR NEW.provider IS NOT OLD.provider OR NEW.body IS NOT OLD.body
  OR (OLD.done_at IS NOT NULL AND NEW.done_at IS NOT OLD.done_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Every schedule is a row with a moment.
CREATE TABLE job (
  kind       TEXT NOT NULL CHECK (length(kind) > 0),
  subject_id TEXT NOT NULL,
  due_at     INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  done_at    INTEGER,
  PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_due ON job (due_at, kind, subject_id) WHERE done_at IS NULL;
