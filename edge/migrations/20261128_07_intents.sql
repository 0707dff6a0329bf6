-- Attempts of readers to praise, the idempotency keys that start each of them once, and the
-- orders at the provider.

-- One attempt to praise an article.
CREATE TABLE IF NOT EXISTS intent (
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
  -- When the reader asked to cancel. An attempt that ends unpaid after that ends as cancelled.
  cancel_asked_at INTEGER,
  -- The rule for which the money was returned. Set in the state returned only.
  refusal        TEXT,
  state          TEXT NOT NULL,
  state_at       INTEGER NOT NULL,
  state_reason   TEXT,
  -- When the newest of its payments was booked that did not become a praise. A list of such payments
  -- then need not read all attempts of a person.
  money_back_at  INTEGER,
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency),
  -- The bounds of the product. A policy may be narrower, never wider.
  CONSTRAINT intent_amount_bounds CHECK (
    (currency = 'CNY' AND amount_minor BETWEEN 100 AND 20000) OR
    (currency = 'USD' AND amount_minor BETWEEN 100 AND 3000)),
  CONSTRAINT intent_refusal CHECK ((state = 'returned') = (refusal IS NOT NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS intent_by_person ON intent (person_id, started_at DESC);
CREATE INDEX IF NOT EXISTS intent_open ON intent (person_id, started_at, id)
  WHERE state = 'awaiting_payment';
CREATE INDEX IF NOT EXISTS intent_money_back ON intent (person_id, money_back_at)
  WHERE money_back_at IS NOT NULL;

-- A start is refused while an article or writer has less room than one full praise. Otherwise
-- small attempts would show how much others gave.
CREATE TRIGGER IF NOT EXISTS intent_needs_room BEFORE INSERT ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_own_praise') WHERE EXISTS (
    SELECT 1 FROM reader_limit
    WHERE scope = 'praise' AND currency = NEW.currency AND limit_minor < NEW.amount_minor
      AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id));
  SELECT RAISE(ABORT, 'rule:article_day_cap') WHERE EXISTS (
    SELECT 1 FROM policy JOIN article_day ON article_day.currency = policy.currency
    WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
      AND article_day.article_id = NEW.article_id AND article_day.day = NEW.reader_day
      AND article_day.booked_minor + policy.praise_cap_minor > policy.article_day_minor);
  SELECT RAISE(ABORT, 'rule:writer_day_cap') WHERE EXISTS (
    SELECT 1 FROM policy
    JOIN official_account AS account ON account.id = NEW.account_id
    JOIN human AS owner ON owner.person_id = account.owner_id
    WHERE policy.version = NEW.policy_version AND policy.currency = NEW.currency
      AND policy.praise_cap_minor + (
        SELECT coalesce(sum(booked_minor), 0) FROM writer_day
        WHERE writer_day.currency = NEW.currency AND writer_day.day = NEW.reader_day
          AND writer_day.person_id IN (
            SELECT id FROM person WHERE id = owner.human_id
            UNION ALL SELECT id FROM person WHERE human_id = owner.human_id)
      ) > policy.writer_day_minor);
END;

-- All other conditions for a start, in the write that starts the attempt.
CREATE TRIGGER IF NOT EXISTS intent_start BEFORE INSERT ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM intent WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'intent' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:global_stop') WHERE EXISTS (SELECT 1 FROM global_stop);
  SELECT RAISE(ABORT, 'rule:not_accepting') WHERE NOT EXISTS (
    SELECT 1 FROM article
    JOIN accepting ON accepting.account_id = article.account_id
      AND accepting.policy_version = NEW.policy_version
    WHERE article.id = NEW.article_id AND article.account_id = NEW.account_id
      AND article.status = 'published' AND article.praise_on = 1 AND accepting.accepts);
  SELECT RAISE(ABORT, 'rule:own_article') WHERE EXISTS (
    SELECT 1 FROM official_account AS account
    JOIN human AS owner ON owner.person_id = account.owner_id
    JOIN human AS reader ON reader.human_id = owner.human_id
    WHERE account.id = NEW.account_id AND reader.person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'rule:currency') WHERE NEW.currency IS NOT (
    SELECT currency FROM official_account WHERE id = NEW.account_id);
  SELECT RAISE(ABORT, 'rule:praise_min') WHERE NEW.amount_minor < (
    SELECT praise_min_minor FROM policy
    WHERE version = NEW.policy_version AND currency = NEW.currency);
  SELECT RAISE(ABORT, 'rule:praise_cap') WHERE NEW.amount_minor > (
    SELECT praise_cap_minor FROM policy
    WHERE version = NEW.policy_version AND currency = NEW.currency);
  -- Each open attempt is an order that has to be polled, so a person has at most five.
  SELECT RAISE(ABORT, 'rule:open_intents') WHERE 5 <= (
    SELECT count(*) FROM intent
    WHERE person_id = NEW.person_id AND state = 'awaiting_payment');
END;

CREATE TRIGGER IF NOT EXISTS intent_fixed BEFORE UPDATE ON intent
WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id
  OR NEW.article_id IS NOT OLD.article_id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.visibility IS NOT OLD.visibility OR NEW.note IS NOT OLD.note
  OR NEW.policy_version IS NOT OLD.policy_version OR NEW.reader_day IS NOT OLD.reader_day
  OR NEW.started_at IS NOT OLD.started_at
BEGIN
  SELECT RAISE(ABORT, 'rule:intent_fixed');
END;

CREATE TRIGGER IF NOT EXISTS intent_no_delete BEFORE DELETE ON intent
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS intent_step BEFORE UPDATE OF state ON intent
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'intent' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- Money that arrives after an attempt has ended is checked against the limits of the reader
-- again. The limit per praise is checked here, because no counter of a day or month covers it.
CREATE TRIGGER IF NOT EXISTS intent_late_limit BEFORE UPDATE OF state ON intent
WHEN NEW.state = 'paid' AND OLD.state IN ('declined', 'expired')
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_own_praise') WHERE EXISTS (
    SELECT 1 FROM reader_limit
    WHERE scope = 'praise' AND currency = NEW.currency AND limit_minor < NEW.amount_minor
      AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id));
END;

CREATE TRIGGER IF NOT EXISTS intent_born AFTER INSERT ON intent
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('intent', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS intent_stepped AFTER UPDATE OF state ON intent
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('intent', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- A key belongs to the person who used it, so that it is of no use to anybody else.
CREATE TABLE IF NOT EXISTS idempotency (
  person_id   TEXT NOT NULL REFERENCES person (id),
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  intent_id   TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (person_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency (created_at);

CREATE TRIGGER IF NOT EXISTS idempotency_once BEFORE INSERT ON idempotency
WHEN EXISTS (SELECT 1 FROM idempotency WHERE person_id = NEW.person_id AND key = NEW.key)
BEGIN
  SELECT RAISE(ABORT, 'rule:key_used');
END;

-- A row is deleted when the key expires, and never changed before.
CREATE TRIGGER IF NOT EXISTS idempotency_no_update BEFORE UPDATE ON idempotency
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An order at the provider. The id is the number that the provider receives.
CREATE TABLE IF NOT EXISTS provider_order (
  id           TEXT NOT NULL PRIMARY KEY,
  intent_id    TEXT NOT NULL REFERENCES intent (id),
  provider     TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Where the reader pays. NULL until the provider has answered.
  pay_url      TEXT,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  -- When its reader last caused a query of it: by looking at the attempt, or by cancelling it.
  queried_at   INTEGER,
  CONSTRAINT order_open_has_url CHECK (state <> 'open' OR pay_url IS NOT NULL)
) STRICT;

CREATE INDEX IF NOT EXISTS provider_order_by_intent ON provider_order (intent_id);
-- A new order is created only after the old one is final.
CREATE UNIQUE INDEX IF NOT EXISTS provider_order_one_open ON provider_order (intent_id)
  WHERE state IN ('created', 'open');

CREATE TRIGGER IF NOT EXISTS provider_order_start BEFORE INSERT ON provider_order
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

CREATE TRIGGER IF NOT EXISTS provider_order_fixed BEFORE UPDATE ON provider_order
WHEN NEW.id IS NOT OLD.id OR NEW.intent_id IS NOT OLD.intent_id
  OR NEW.provider IS NOT OLD.provider OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.currency IS NOT OLD.currency OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:order_fixed');
END;

CREATE TRIGGER IF NOT EXISTS provider_order_no_delete BEFORE DELETE ON provider_order
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS provider_order_step BEFORE UPDATE OF state ON provider_order
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'provider_order' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER IF NOT EXISTS provider_order_born AFTER INSERT ON provider_order
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('provider_order', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER IF NOT EXISTS provider_order_stepped AFTER UPDATE OF state ON provider_order
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('provider_order', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;
