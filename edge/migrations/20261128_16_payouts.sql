-- Payouts to bank cards. Each consists of whole praises and fits what the provider still sends to
-- the card on the day it is queued, so an account can have several a day. Nothing is planned for a
-- later day.

CREATE TABLE IF NOT EXISTS payout (
  id           TEXT NOT NULL PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES official_account (id),
  provider     TEXT NOT NULL,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day          TEXT NOT NULL,
  -- The sum of its praises, and the part of it that is kept for what the writer owes. Both are set
  -- when the payout is queued.
  gross_minor  INTEGER NOT NULL CHECK (gross_minor >= 0),
  debt_minor   INTEGER NOT NULL CHECK (debt_minor BETWEEN 0 AND gross_minor),
  card_id      TEXT REFERENCES bank_card (id),
  created_at   INTEGER NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  -- In the state waiting: what blocks it.
  state_reason TEXT,
  -- Its number among the payouts of the account and day.
  place        INTEGER NOT NULL CHECK (place > 0),
  UNIQUE (account_id, day, place),
  CONSTRAINT payout_waiting CHECK (
    (state = 'waiting') <= (gross_minor = 0 AND card_id IS NULL AND state_reason IS NOT NULL)),
  CONSTRAINT payout_queued CHECK (
    state NOT IN ('queued', 'sent', 'awaiting_confirmation', 'succeeded', 'failed', 'sent_back')
    OR (gross_minor > 0 AND card_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- An account has at most one payout in the state waiting.
CREATE UNIQUE INDEX IF NOT EXISTS payout_one_waiting ON payout (account_id) WHERE state = 'waiting';
-- Payouts that the bank of the writer sent back, few.
CREATE INDEX IF NOT EXISTS payout_sent_back ON payout (account_id, state_at)
  WHERE state = 'sent_back';
CREATE INDEX IF NOT EXISTS payout_by_account ON payout (account_id, created_at DESC, id DESC);

-- The cards that a writer has to confirm by attaching them again: since they were attached, the bank
-- of the writer has sent a payout back.
CREATE VIEW IF NOT EXISTS card_unconfirmed AS
SELECT card.id AS card_id FROM bank_card AS card
WHERE EXISTS (
  SELECT 1 FROM payout
  WHERE payout.account_id = card.account_id AND payout.state = 'sent_back'
    AND payout.state_at > card.attached_at AND payout.state_reason <> 'never_left');

CREATE TRIGGER IF NOT EXISTS payout_start BEFORE INSERT ON payout
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM payout
    WHERE id = NEW.id
       OR (account_id = NEW.account_id AND day = NEW.day AND place = NEW.place)
       OR (account_id = NEW.account_id AND state = 'waiting' AND NEW.state = 'waiting'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:currency') WHERE NEW.currency IS NOT (
    SELECT currency FROM official_account WHERE id = NEW.account_id);
END;

CREATE TRIGGER IF NOT EXISTS payout_fixed BEFORE UPDATE ON payout
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.place IS NOT OLD.place
  OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.state <> 'waiting'
      AND (NEW.gross_minor IS NOT OLD.gross_minor OR NEW.debt_minor IS NOT OLD.debt_minor
        OR NEW.card_id IS NOT OLD.card_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_fixed');
END;

-- Money goes only to a current card after its waiting period. This is checked in the write that
-- queues the payout.
CREATE TRIGGER IF NOT EXISTS payout_queue BEFORE UPDATE OF state ON payout
WHEN OLD.state = 'waiting' AND NEW.state = 'queued'
BEGIN
  SELECT RAISE(ABORT, 'rule:card_not_usable') WHERE NOT EXISTS (
    SELECT 1 FROM bank_card
    WHERE id = NEW.card_id AND account_id = NEW.account_id AND removed_at IS NULL
      AND usable_from <= NEW.state_at);
END;

-- The same for a payout that is queued without having waited.
CREATE TRIGGER IF NOT EXISTS payout_queue_at_once BEFORE INSERT ON payout
WHEN NEW.state = 'queued'
BEGIN
  SELECT RAISE(ABORT, 'rule:card_not_usable') WHERE NOT EXISTS (
    SELECT 1 FROM bank_card
    WHERE id = NEW.card_id AND account_id = NEW.account_id AND removed_at IS NULL
      AND usable_from <= NEW.state_at);
END;

CREATE TRIGGER IF NOT EXISTS payout_no_delete BEFORE DELETE ON payout
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS payout_step BEFORE UPDATE OF state ON payout
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER IF NOT EXISTS payout_born AFTER INSERT ON payout
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS payout_stepped AFTER UPDATE OF state ON payout
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- The transfer of a payout at the provider. The id is the number that the provider receives.
CREATE TABLE IF NOT EXISTS payout_part (
  id           TEXT NOT NULL PRIMARY KEY,
  payout_id    TEXT NOT NULL UNIQUE REFERENCES payout (id),
  gross_minor  INTEGER NOT NULL CHECK (gross_minor > 0),
  debt_minor   INTEGER NOT NULL CHECK (debt_minor BETWEEN 0 AND gross_minor),
  -- The day on which it was queued. It counts towards the limit of the payee on that day.
  send_day     TEXT NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS payout_part_open ON payout_part (payout_id)
  WHERE state IN ('queued', 'sent', 'awaiting_confirmation');

CREATE TRIGGER IF NOT EXISTS payout_part_start BEFORE INSERT ON payout_part
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM payout_part WHERE id = NEW.id OR payout_id = NEW.payout_id);
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout_part' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:payout_state') WHERE NOT EXISTS (
    SELECT 1 FROM payout WHERE id = NEW.payout_id AND state = 'queued');
END;

CREATE TRIGGER IF NOT EXISTS payout_part_fixed BEFORE UPDATE ON payout_part
WHEN NEW.id IS NOT OLD.id OR NEW.payout_id IS NOT OLD.payout_id
  OR NEW.gross_minor IS NOT OLD.gross_minor OR NEW.debt_minor IS NOT OLD.debt_minor
  OR NEW.send_day IS NOT OLD.send_day
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_fixed');
END;

CREATE TRIGGER IF NOT EXISTS payout_part_no_delete BEFORE DELETE ON payout_part
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS payout_part_step BEFORE UPDATE OF state ON payout_part
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout_part' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- The accounts for which an operator has an open task about a transfer that was booked as failed
-- and may have arrived after all.
CREATE VIEW IF NOT EXISTS payout_in_doubt AS
SELECT payout.account_id
FROM operator_task AS task
JOIN payout_part AS part ON part.id = task.subject_id
JOIN payout ON payout.id = part.payout_id
WHERE task.kind = 'payout_contradicted' AND task.closed_at IS NULL;

-- A part leaves only while the card, the account and every article in it allow it, and no earlier
-- transfer of the account is in doubt. Otherwise it is dropped, and its praises are due again.
CREATE TRIGGER IF NOT EXISTS payout_part_send BEFORE UPDATE OF state ON payout_part
WHEN OLD.state = 'queued' AND NEW.state IN ('sent', 'succeeded')
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_dropped') WHERE EXISTS (
    SELECT 1 FROM payout
    JOIN official_account AS account ON account.id = payout.account_id
    JOIN bank_card AS card ON card.id = payout.card_id
    WHERE payout.id = NEW.payout_id
      AND (card.removed_at IS NOT NULL OR account.status = 'suspended'));
  SELECT RAISE(ABORT, 'rule:payout_dropped') WHERE EXISTS (
    SELECT 1 FROM payout_line AS line
    JOIN praise ON praise.id = line.praise_id
    JOIN article ON article.id = praise.article_id
    WHERE line.part_id = NEW.id AND line.released_at IS NULL AND article.status = 'frozen'
      AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = praise.id));
  SELECT RAISE(ABORT, 'rule:payout_dropped') WHERE EXISTS (
    SELECT 1 FROM payout JOIN payout_in_doubt AS doubt ON doubt.account_id = payout.account_id
    WHERE payout.id = NEW.payout_id);
END;

CREATE TRIGGER IF NOT EXISTS payout_part_born AFTER INSERT ON payout_part
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout_part', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS payout_part_stepped AFTER UPDATE OF state ON payout_part
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout_part', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- Which praise is paid in which part.
CREATE TABLE IF NOT EXISTS payout_line (
  part_id      TEXT NOT NULL REFERENCES payout_part (id),
  praise_id    TEXT NOT NULL REFERENCES praise (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  -- When the part had failed, was dropped or was sent back, and the praise became due again.
  released_at  INTEGER,
  PRIMARY KEY (part_id, praise_id)
) STRICT, WITHOUT ROWID;

-- A praise is in at most one payout that succeeded or may still succeed.
CREATE UNIQUE INDEX IF NOT EXISTS payout_line_one ON payout_line (praise_id)
  WHERE released_at IS NULL;
CREATE INDEX IF NOT EXISTS payout_line_by_praise ON payout_line (praise_id);

CREATE TRIGGER IF NOT EXISTS payout_line_claim BEFORE INSERT ON payout_line
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_claimed') WHERE EXISTS (
    SELECT 1 FROM payout_line
    WHERE praise_id = NEW.praise_id AND (released_at IS NULL OR part_id = NEW.part_id));
  SELECT RAISE(ABORT, 'rule:payout_line') WHERE NEW.released_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM praise
    JOIN payout_part AS part ON part.id = NEW.part_id AND part.state = 'queued'
    JOIN payout ON payout.id = part.payout_id AND payout.account_id = praise.account_id
      AND payout.currency = praise.currency
    WHERE praise.id = NEW.praise_id AND praise.state = 'in_payout'
      AND praise.amount_minor = NEW.amount_minor);
END;

CREATE TRIGGER IF NOT EXISTS payout_line_fixed BEFORE UPDATE ON payout_line
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_fixed')
  WHERE NEW.part_id IS NOT OLD.part_id OR NEW.praise_id IS NOT OLD.praise_id
    OR NEW.amount_minor IS NOT OLD.amount_minor OR OLD.released_at IS NOT NULL;
  SELECT RAISE(ABORT, 'rule:payout_line') WHERE NOT EXISTS (
    SELECT 1 FROM payout_part
    WHERE id = OLD.part_id AND state IN ('failed', 'dropped', 'sent_back'));
END;

CREATE TRIGGER IF NOT EXISTS payout_line_no_delete BEFORE DELETE ON payout_line
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A praise is paid out only after its part has succeeded, and due again only after its part has
-- failed, was dropped or was sent back.
CREATE TRIGGER IF NOT EXISTS praise_leaves_payout BEFORE UPDATE OF state ON praise
WHEN OLD.state IN ('in_payout', 'paid_out') AND NEW.state <> OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_state') WHERE NOT EXISTS (
    SELECT 1 FROM payout_line JOIN payout_part AS part ON part.id = payout_line.part_id
    WHERE payout_line.praise_id = OLD.id
      AND ((NEW.state = 'paid_out' AND part.state = 'succeeded'
            AND payout_line.released_at IS NULL)
        OR (NEW.state = 'due' AND OLD.state = 'in_payout' AND part.state IN ('failed', 'dropped')
            AND payout_line.released_at IS NEW.state_at)
        OR (NEW.state = 'due' AND OLD.state = 'paid_out' AND part.state = 'sent_back'
            AND payout_line.released_at IS NEW.state_at)));
END;

-- What was sent to one payee on one day, within the limit of the provider.
CREATE TABLE IF NOT EXISTS payee_day (
  -- The fingerprint of the bank card.
  payee       TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day         TEXT NOT NULL,
  sent_minor  INTEGER NOT NULL CHECK (sent_minor >= 0),
  limit_minor INTEGER NOT NULL CHECK (limit_minor > 0),
  PRIMARY KEY (payee, currency, day),
  CONSTRAINT payee_day_limit CHECK (sent_minor <= limit_minor)
) STRICT, WITHOUT ROWID;
