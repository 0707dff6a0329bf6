-- Who may receive praises: accounts with an invited owner, of a kind that the policy allows, with
-- a bank card.

-- Single use, with an expiry, and revocable. The code itself is stored only as a hash.
CREATE TABLE IF NOT EXISTS invitation (
  id         TEXT NOT NULL PRIMARY KEY,
  code_hash  TEXT NOT NULL UNIQUE,
  made_by    TEXT NOT NULL REFERENCES person (id),
  note       TEXT CHECK (length(note) BETWEEN 1 AND 500),
  made_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > made_at),
  used_by    TEXT REFERENCES person (id),
  used_at    INTEGER,
  -- From then on the code is not valid, and the person who used it receives no new praises.
  revoked_at INTEGER,
  CONSTRAINT invitation_used CHECK ((used_by IS NULL) = (used_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS invitation_by_user ON invitation (used_by) WHERE used_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS invitation_newest ON invitation (made_at DESC, id DESC);

CREATE TRIGGER IF NOT EXISTS invitation_once BEFORE INSERT ON invitation
WHEN EXISTS (SELECT 1 FROM invitation WHERE id = NEW.id OR code_hash = NEW.code_hash)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER IF NOT EXISTS invitation_fixed BEFORE UPDATE ON invitation
WHEN NEW.id IS NOT OLD.id OR NEW.code_hash IS NOT OLD.code_hash
  OR NEW.made_by IS NOT OLD.made_by OR NEW.note IS NOT OLD.note
  OR NEW.made_at IS NOT OLD.made_at OR NEW.expires_at IS NOT OLD.expires_at
  OR (OLD.used_at IS NOT NULL
      AND (NEW.used_at IS NOT OLD.used_at OR NEW.used_by IS NOT OLD.used_by))
  OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An invitation that has expired or was revoked cannot be used.
CREATE TRIGGER IF NOT EXISTS invitation_use BEFORE UPDATE OF used_by, used_at ON invitation
WHEN OLD.used_at IS NULL AND NEW.used_at IS NOT NULL
  AND (NEW.used_at >= OLD.expires_at OR OLD.revoked_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:invitation_over');
END;

CREATE TRIGGER IF NOT EXISTS invitation_no_delete BEFORE DELETE ON invitation
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A bank card as the provider knows it: its token, its fingerprint, the last four digits.
CREATE TABLE IF NOT EXISTS bank_card (
  id          TEXT NOT NULL PRIMARY KEY,
  account_id  TEXT NOT NULL REFERENCES official_account (id),
  provider    TEXT NOT NULL,
  token       TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  last4       TEXT NOT NULL CHECK (last4 GLOB '[0-9][0-9][0-9][0-9]'),
  -- Whether the provider has verified that the card belongs to the person who attached it.
  verified    INTEGER NOT NULL DEFAULT 0 CHECK (verified IN (0, 1)),
  attached_at INTEGER NOT NULL,
  -- A changed card receives payouts only after a waiting period.
  usable_from INTEGER NOT NULL CHECK (usable_from >= attached_at),
  removed_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX IF NOT EXISTS bank_card_current ON bank_card (account_id)
  WHERE removed_at IS NULL;
CREATE INDEX IF NOT EXISTS bank_card_by_fingerprint ON bank_card (fingerprint);
CREATE INDEX IF NOT EXISTS bank_card_by_account ON bank_card (account_id, attached_at);

-- When two persons attach the same card, verified for both, their link must be stored first. It may
-- be waiting for an operator, or be dissolved. An unverified card proves nothing, because its number
-- may be that of another person.
CREATE TRIGGER IF NOT EXISTS bank_card_attach BEFORE INSERT ON bank_card
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM bank_card
    WHERE id = NEW.id OR (account_id = NEW.account_id AND removed_at IS NULL));
  SELECT RAISE(ABORT, 'rule:card_of_another') WHERE NEW.verified = 1 AND EXISTS (
    SELECT 1 FROM bank_card
    JOIN official_account AS other ON other.id = bank_card.account_id
    JOIN official_account AS own ON own.id = NEW.account_id
    WHERE bank_card.fingerprint = NEW.fingerprint AND bank_card.provider = NEW.provider
      AND bank_card.verified = 1 AND other.owner_id <> own.owner_id
      AND NOT EXISTS (
        SELECT 1 FROM human_link
        WHERE provider = NEW.provider AND fingerprint = NEW.fingerprint
          AND first_id = min(own.owner_id, other.owner_id)
          AND second_id = max(own.owner_id, other.owner_id)));
END;

CREATE TRIGGER IF NOT EXISTS bank_card_fixed BEFORE UPDATE ON bank_card
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.provider IS NOT OLD.provider OR NEW.token IS NOT OLD.token
  OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.last4 IS NOT OLD.last4
  OR NEW.verified IS NOT OLD.verified
  OR NEW.attached_at IS NOT OLD.attached_at OR NEW.usable_from IS NOT OLD.usable_from
  OR (OLD.removed_at IS NOT NULL AND NEW.removed_at IS NOT OLD.removed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:card_fixed');
END;

CREATE TRIGGER IF NOT EXISTS bank_card_no_delete BEFORE DELETE ON bank_card
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Whether an account can receive, apart from its kind, which is up to the policy. Only the own
-- invitation of its owner counts, because a link between two persons gives neither of them rights.
CREATE VIEW IF NOT EXISTS receiving AS
SELECT account.id AS account_id, account.kind,
  EXISTS (SELECT 1 FROM bank_card
          WHERE bank_card.account_id = account.id AND bank_card.removed_at IS NULL) AS has_card,
  EXISTS (SELECT 1 FROM invitation
          WHERE invitation.used_by = account.owner_id
            AND invitation.revoked_at IS NULL) AS is_invited,
  account.status = 'active' AND account.praise_on = 1 AS is_on
FROM official_account AS account;

-- Whether an account accepts praises, under each policy version for its currency. The start of a
-- praise and the pages that offer one both read this view.
CREATE VIEW IF NOT EXISTS accepting AS
SELECT receiving.account_id, policy.version AS policy_version,
  receiving.kind = 'individual' OR policy.receivers = 'any' AS kind_allowed,
  receiving.is_on AND receiving.has_card AND receiving.is_invited
    AND (receiving.kind = 'individual' OR policy.receivers = 'any') AS accepts
FROM receiving
JOIN official_account AS account ON account.id = receiving.account_id
JOIN policy ON policy.currency = account.currency;
