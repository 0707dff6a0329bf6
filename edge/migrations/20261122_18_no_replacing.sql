-- INSERT OR REPLACE and UPDATE OR REPLACE delete the row in their way without asking the triggers
-- that forbid it. Whatever may not be changed is not replaced either.

-- A person begins as nobody else, and stays the one who they are.
CREATE TRIGGER person_once BEFORE INSERT ON person
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM person WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.human_id IS NOT NULL OR NEW.linked_at IS NOT NULL;
END;

CREATE TRIGGER person_fixed BEFORE UPDATE ON person
WHEN NEW.id IS NOT OLD.id OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Whoever signs in as somebody never becomes somebody else.
CREATE TRIGGER identity_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity WHERE provider = NEW.provider AND subject = NEW.subject)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER identity_no_update BEFORE UPDATE ON identity
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER identity_no_delete BEFORE DELETE ON identity
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER official_account_once BEFORE INSERT ON official_account
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM official_account WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:handle_taken')
  WHERE EXISTS (SELECT 1 FROM official_account WHERE handle = NEW.handle);
END;

CREATE TRIGGER official_account_handle BEFORE UPDATE OF handle ON official_account
WHEN EXISTS (SELECT 1 FROM official_account WHERE handle = NEW.handle AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:handle_taken');
END;

-- An article is published again under its own id, which then changes no more than an UPDATE may.
CREATE TRIGGER article_once BEFORE INSERT ON article
BEGIN
  SELECT RAISE(ABORT, 'rule:article_fixed') WHERE EXISTS (
    SELECT 1 FROM article WHERE id = NEW.id AND account_id IS NOT NEW.account_id);
  SELECT RAISE(ABORT, 'rule:slug_taken') WHERE EXISTS (
    SELECT 1 FROM article WHERE slug = NEW.slug AND id <> NEW.id);
END;

CREATE TRIGGER article_slug BEFORE UPDATE OF slug ON article
WHEN EXISTS (SELECT 1 FROM article WHERE slug = NEW.slug AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:slug_taken');
END;

-- What a key was used for stays said until the key is forgotten.
CREATE TRIGGER idempotency_no_update BEFORE UPDATE ON idempotency
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A second row of a bill does not take the place of the one that confirmed the movement.
CREATE TRIGGER bill_row_second BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched' AND EXISTS (
  SELECT 1 FROM bill_row
  WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number AND state = 'matched')
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch');
END;
