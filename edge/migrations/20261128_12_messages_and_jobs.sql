-- Messages from providers, calls to providers, and scheduled jobs.

-- The inbox. A message is stored before it is answered and processed afterwards. If processing is
-- interrupted, a job finds it here.
CREATE TABLE IF NOT EXISTS provider_event (
  provider     TEXT NOT NULL,
  event_id     TEXT NOT NULL,
  body         TEXT NOT NULL,
  received_at  INTEGER NOT NULL,
  processed_at INTEGER,
  outcome      TEXT,
  PRIMARY KEY (provider, event_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS provider_event_once BEFORE INSERT ON provider_event
WHEN EXISTS (SELECT 1 FROM provider_event
             WHERE provider = NEW.provider AND event_id = NEW.event_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:event_known');
END;

CREATE TRIGGER IF NOT EXISTS provider_event_fixed BEFORE UPDATE ON provider_event
WHEN NEW.provider IS NOT OLD.provider OR NEW.event_id IS NOT OLD.event_id
  OR NEW.body IS NOT OLD.body OR NEW.received_at IS NOT OLD.received_at
  OR (OLD.processed_at IS NOT NULL AND NEW.processed_at IS NOT OLD.processed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS provider_event_no_delete BEFORE DELETE ON provider_event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Calls to providers. A call is written in the batch that decides it, and repeated with the same
-- number and the same body until the provider has answered.
CREATE TABLE IF NOT EXISTS outbox (
  operation  TEXT NOT NULL CHECK (operation IN ('create_order', 'refund', 'pay_out')),
  number     TEXT NOT NULL,
  provider   TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  done_at    INTEGER,
  PRIMARY KEY (operation, number)
) STRICT, WITHOUT ROWID;

-- The same number is never sent with another body, so a row is not replaced either.
CREATE TRIGGER IF NOT EXISTS outbox_once BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE operation = NEW.operation AND number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS outbox_no_delete BEFORE DELETE ON outbox
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS outbox_fixed BEFORE UPDATE ON outbox
WHEN NEW.operation IS NOT OLD.operation OR NEW.number IS NOT OLD.number
  OR NEW.provider IS NOT OLD.provider OR NEW.body IS NOT OLD.body
  OR (OLD.done_at IS NOT NULL AND NEW.done_at IS NOT OLD.done_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Everything that is scheduled is a row with a due time.
CREATE TABLE IF NOT EXISTS job (
  kind       TEXT NOT NULL CHECK (length(kind) > 0),
  subject_id TEXT NOT NULL,
  due_at     INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  done_at    INTEGER,
  PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS job_due ON job (due_at, kind, subject_id) WHERE done_at IS NULL;
-- The runner takes one job of each kind in turn, so that a hundred thousand refunds of one
-- article do not delay the check of a fresh payment.
CREATE INDEX IF NOT EXISTS job_due_by_kind ON job (kind, due_at, subject_id) WHERE done_at IS NULL;
-- Finished jobs are found by age, so that they are deleted without scanning the others.
CREATE INDEX IF NOT EXISTS job_done ON job (done_at) WHERE done_at IS NOT NULL;
