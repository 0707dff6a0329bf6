-- Official accounts and the articles that they publish.

-- The account that receives praises for its articles.
CREATE TABLE IF NOT EXISTS official_account (
  id         TEXT NOT NULL PRIMARY KEY,
  handle     TEXT NOT NULL UNIQUE,
  owner_id   TEXT NOT NULL REFERENCES person (id),
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  bio        TEXT NOT NULL DEFAULT '',
  kind       TEXT NOT NULL CHECK (kind IN ('individual', 'organization')),
  currency   TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  status     TEXT NOT NULL CHECK (status IN ('active', 'suspended')),
  praise_on  INTEGER NOT NULL CHECK (praise_on IN (0, 1)),
  presets    TEXT NOT NULL CHECK (json_valid(presets) AND json_type(presets) = 'array'),
  ask        TEXT CHECK (length(ask) BETWEEN 1 AND 500),
  thanks     TEXT CHECK (length(thanks) BETWEEN 1 AND 2000),
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS official_account_by_owner ON official_account (owner_id);

-- Owner and currency never change, because ledger rows depend on them.
CREATE TRIGGER IF NOT EXISTS official_account_fixed BEFORE UPDATE ON official_account
WHEN NEW.id IS NOT OLD.id OR NEW.owner_id IS NOT OLD.owner_id OR NEW.currency IS NOT OLD.currency
BEGIN
  SELECT RAISE(ABORT, 'rule:account_fixed');
END;

CREATE TRIGGER IF NOT EXISTS official_account_once BEFORE INSERT ON official_account
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM official_account WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:handle_taken')
  WHERE EXISTS (SELECT 1 FROM official_account WHERE handle = NEW.handle);
END;

CREATE TRIGGER IF NOT EXISTS official_account_handle BEFORE UPDATE OF handle ON official_account
WHEN EXISTS (SELECT 1 FROM official_account WHERE handle = NEW.handle AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:handle_taken');
END;

-- An article, without its text. Publishing it again updates the row under the same id.
CREATE TABLE IF NOT EXISTS article (
  id           TEXT NOT NULL PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES official_account (id),
  slug         TEXT NOT NULL UNIQUE,
  title        TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 1000),
  author       TEXT CHECK (length(author) BETWEEN 1 AND 500),
  lang         TEXT NOT NULL CHECK (lang IN ('zh-Hans', 'en')),
  summary      TEXT NOT NULL,
  praise_on    INTEGER NOT NULL CHECK (praise_on IN (0, 1)),
  status       TEXT NOT NULL CHECK (status IN ('published', 'frozen')),
  published_at INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS article_newest ON article (published_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS article_by_account ON article (account_id, published_at DESC, id DESC);

-- An article never moves to another account.
CREATE TRIGGER IF NOT EXISTS article_fixed BEFORE UPDATE ON article
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
BEGIN
  SELECT RAISE(ABORT, 'rule:article_fixed');
END;

-- Publishing again is an upsert, so its INSERT must not change more than an UPDATE may.
CREATE TRIGGER IF NOT EXISTS article_once BEFORE INSERT ON article
BEGIN
  SELECT RAISE(ABORT, 'rule:article_fixed') WHERE EXISTS (
    SELECT 1 FROM article WHERE id = NEW.id AND account_id IS NOT NEW.account_id);
  SELECT RAISE(ABORT, 'rule:slug_taken') WHERE EXISTS (
    SELECT 1 FROM article WHERE slug = NEW.slug AND id <> NEW.id);
END;

CREATE TRIGGER IF NOT EXISTS article_of_suspended BEFORE INSERT ON article
WHEN EXISTS (SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended')
BEGIN
  SELECT RAISE(ABORT, 'rule:account_suspended');
END;

-- While an article is under review, operators judge what was published. So it cannot be published
-- again.
CREATE TRIGGER IF NOT EXISTS article_under_review
BEFORE UPDATE OF title, author, lang, summary ON article
WHEN OLD.status = 'frozen'
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen');
END;

CREATE TRIGGER IF NOT EXISTS article_slug BEFORE UPDATE OF slug ON article
WHEN EXISTS (SELECT 1 FROM article WHERE slug = NEW.slug AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:slug_taken');
END;

-- The text is kept apart from the columns that lists read. Markdown and HTML are two rows,
-- because a row in D1 is limited to 2 MB.
CREATE TABLE IF NOT EXISTS article_text (
  article_id TEXT NOT NULL REFERENCES article (id),
  form       TEXT NOT NULL CHECK (form IN ('markdown', 'html')),
  body       TEXT NOT NULL,
  PRIMARY KEY (article_id, form)
) STRICT;

CREATE TRIGGER IF NOT EXISTS article_text_added BEFORE INSERT ON article_text
WHEN EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen')
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen');
END;

CREATE TRIGGER IF NOT EXISTS article_text_edited BEFORE UPDATE ON article_text
WHEN EXISTS (SELECT 1 FROM article WHERE id = OLD.article_id AND status = 'frozen')
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen');
END;

CREATE TRIGGER IF NOT EXISTS article_text_removed BEFORE DELETE ON article_text
WHEN EXISTS (SELECT 1 FROM article WHERE id = OLD.article_id AND status = 'frozen')
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen');
END;
