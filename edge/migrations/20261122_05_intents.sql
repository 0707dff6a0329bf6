-- A reader's attempt, the key that makes it happen once, and the order at the provider.

CREATE TABLE intent (
  id             TEXT NOT NULL PRIMARY KEY,
  person_id      TEXT NOT NULL REFERENCES person (id),
  article_id     TEXT NOT NULL REFERENCES article (id),
  account_id     TEXT NOT NULL REFERENCES official_account (id),
  amount_minor   INTEGER NOT NULL,
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  visibility     TEXT NOT NULL CHECK (visibility IN ('public', 'writer', 'anonymous')),
  note           TEXT CHECK (length(note) BETWEEN 1 AND 4480),
  policy_version INTEGER NOT NULL,
  reader_day     TEXT NOT NULL,
  started_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL CHECK (expires_at > started_at),
  -- When the reader asked to cancel; whatever then ends the attempt without money, it is cancelled.
  cancel_asked_at INTEGER,
  -- The rule that sent the money back, once it is returned.
  refusal        TEXT,
  state          TEXT NOT NULL,
  state_at       INTEGER NOT NULL,
  state_reason   TEXT,
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency),
  -- The product's own bounds; a policy may be narrower, never wider.
  CONSTRAINT intent_amount_bounds CHECK (
    (currency = 'CNY' AND amount_minor BETWEEN 100 AND 20000) OR
    (currency = 'USD' AND amount_minor BETWEEN 100 AND 3000)),
  CONSTRAINT intent_refusal CHECK ((state = 'returned') = (refusal IS NOT NULL))
) STRICT;

CREATE INDEX intent_by_person ON intent (person_id, started_at DESC);
CREATE INDEX intent_open ON intent (person_id, article_id, started_at)
  WHERE state = 'awaiting_payment';

-- Everything that must hold when an attempt starts, in the write that starts it.
CREATE TRIGGER intent_start BEFORE INSERT ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM intent WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'intent' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:global_stop') WHERE EXISTS (SELECT 1 FROM global_stop);
  SELECT RAISE(ABORT, 'rule:not_accepting') WHERE NOT EXISTS (
    SELECT 1 FROM article JOIN official_account AS account ON account.id = article.account_id
    WHERE article.id = NEW.article_id AND account.id = NEW.account_id
      AND article.status = 'published' AND article.praise_on = 1
      AND account.status = 'active' AND account.praise_on = 1 AND account.kind = 'individual');
  SELECT RAISE(ABORT, 'rule:own_article') WHERE EXISTS (
    SELECT 1 FROM official_account
    WHERE id = NEW.account_id AND owner_id = NEW.person_id);
  SELECT RAISE(ABORT, 'rule:currency') WHERE NEW.currency IS NOT (
    SELECT currency FROM official_account WHERE id = NEW.account_id);
  SELECT RAISE(ABORT, 'rule:praise_min') WHERE NEW.amount_minor < (
    SELECT praise_min_minor FROM policy
    WHERE version = NEW.policy_version AND currency = NEW.currency);
  SELECT RAISE(ABORT, 'rule:praise_cap') WHERE NEW.amount_minor > (
    SELECT praise_cap_minor FROM policy
    WHERE version = NEW.policy_version AND currency = NEW.currency);
END;

CREATE TRIGGER intent_fixed BEFORE UPDATE ON intent
WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id
  OR NEW.article_id IS NOT OLD.article_id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.visibility IS NOT OLD.visibility OR NEW.note IS NOT OLD.note
  OR NEW.policy_version IS NOT OLD.policy_version OR NEW.reader_day IS NOT OLD.reader_day
  OR NEW.started_at IS NOT OLD.started_at
BEGIN
  SELECT RAISE(ABORT, 'rule:intent_fixed');
END;

CREATE TRIGGER intent_no_delete BEFORE DELETE ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER intent_step BEFORE UPDATE OF state ON intent
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'intent' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER intent_born AFTER INSERT ON intent
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('intent', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER intent_stepped AFTER UPDATE OF state ON intent
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('intent', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- A key belongs to the person who used it: knowing somebody else's opens nothing.
CREATE TABLE idempotency (
  person_id   TEXT NOT NULL REFERENCES person (id),
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  intent_id   TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (person_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TRIGGER idempotency_once BEFORE INSERT ON idempotency
WHEN EXISTS (SELECT 1 FROM idempotency WHERE person_id = NEW.person_id AND key = NEW.key)
BEGIN
  SELECT RAISE(ABORT, 'rule:key_used');
END;

CREATE TABLE provider_order (
  id           TEXT NOT NULL PRIMARY KEY,
  intent_id    TEXT NOT NULL REFERENCES intent (id),
  provider     TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Where the reader pays, once the provider has answered.
  pay_url      TEXT,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  CONSTRAINT order_open_has_url CHECK (state <> 'open' OR pay_url IS NOT NULL)
) STRICT;

CREATE INDEX provider_order_by_intent ON provider_order (intent_id);
-- A new number only after the old order is final.
CREATE UNIQUE INDEX provider_order_one_open ON provider_order (intent_id)
  WHERE state IN ('created', 'open');

CREATE TRIGGER provider_order_start BEFORE INSERT ON provider_order
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM provider_order WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:order_open') WHERE EXISTS (
    SELECT 1 FROM provider_order
    WHERE intent_id = NEW.intent_id AND state IN ('created', 'open'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'provider_order' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:order_amount') WHERE NOT EXISTS (
    SELECT 1 FROM intent WHERE id = NEW.intent_id
      AND amount_minor = NEW.amount_minor AND currency = NEW.currency);
END;

CREATE TRIGGER provider_order_fixed BEFORE UPDATE ON provider_order
WHEN NEW.id IS NOT OLD.id OR NEW.intent_id IS NOT OLD.intent_id
  OR NEW.provider IS NOT OLD.provider OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.currency IS NOT OLD.currency OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:order_fixed');
END;

CREATE TRIGGER provider_order_no_delete BEFORE DELETE ON provider_order
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER provider_order_step BEFORE UPDATE OF state ON provider_order
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'provider_order' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER provider_order_born AFTER INSERT ON provider_order
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('provider_order', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER provider_order_stepped AFTER UPDATE OF state ON provider_order
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('provider_order', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;
