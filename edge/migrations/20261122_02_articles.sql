-- Official accounts and what they publish.

CREATE TABLE official_account (
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

CREATE INDEX official_account_by_owner ON official_account (owner_id);

-- Whose an account is and what it receives is decided once: ledger rows depend on it.
CREATE TRIGGER official_account_fixed BEFORE UPDATE ON official_account
WHEN NEW.id IS NOT OLD.id OR NEW.owner_id IS NOT OLD.owner_id OR NEW.currency IS NOT OLD.currency
BEGIN
  SELECT RAISE(ABORT, 'rule:account_fixed');
END;

CREATE TABLE article (
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

CREATE INDEX article_newest ON article (published_at DESC, id DESC);
CREATE INDEX article_by_account ON article (account_id, published_at DESC, id DESC);

CREATE TRIGGER article_fixed BEFORE UPDATE ON article
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
BEGIN
  SELECT RAISE(ABORT, 'rule:article_fixed');
END;

-- The text, apart from what lists read, and in two rows, because a row of D1 ends at 2 MB.
CREATE TABLE article_text (
  article_id TEXT NOT NULL REFERENCES article (id),
  form       TEXT NOT NULL CHECK (form IN ('markdown', 'html')),
  body       TEXT NOT NULL,
  PRIMARY KEY (article_id, form)
) STRICT;
