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

-- An article as it is now, without its text. Publishing it again updates the row under the same id.
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
  updated_at   INTEGER NOT NULL,
  -- The number of the version that readers see.
  version      INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE INDEX IF NOT EXISTS article_newest ON article (published_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS article_by_account ON article (account_id, published_at DESC, id DESC);

-- An article never moves to another account.
CREATE TRIGGER IF NOT EXISTS article_fixed BEFORE UPDATE ON article
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
BEGIN
  SELECT RAISE(ABORT, 'rule:article_fixed');
END;

CREATE TRIGGER IF NOT EXISTS article_once BEFORE INSERT ON article
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM article WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:slug_taken') WHERE EXISTS (
    SELECT 1 FROM article WHERE slug = NEW.slug AND id <> NEW.id);
  SELECT RAISE(ABORT, 'rule:article_version') WHERE NEW.version <> 1;
END;

CREATE TRIGGER IF NOT EXISTS article_of_suspended BEFORE INSERT ON article
WHEN EXISTS (SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended')
BEGIN
  SELECT RAISE(ABORT, 'rule:account_suspended');
END;

-- While an article is under review, operators judge what was published. So it cannot be published
-- again. A change of what readers see is a new version.
CREATE TRIGGER IF NOT EXISTS article_edited
BEFORE UPDATE OF title, author, lang, summary, version ON article
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen') WHERE OLD.status = 'frozen';
  SELECT RAISE(ABORT, 'rule:account_suspended') WHERE EXISTS (
    SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended');
  SELECT RAISE(ABORT, 'rule:article_version') WHERE NEW.version IS NOT OLD.version + 1;
END;

CREATE TRIGGER IF NOT EXISTS article_slug BEFORE UPDATE OF slug ON article
WHEN EXISTS (SELECT 1 FROM article WHERE slug = NEW.slug AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:slug_taken');
END;

-- Everything that an article has ever said. Operators judge a version, so versions are never
-- changed or removed.
CREATE TABLE IF NOT EXISTS article_version (
  article_id     TEXT NOT NULL REFERENCES article (id),
  version        INTEGER NOT NULL CHECK (version > 0),
  title          TEXT NOT NULL,
  author         TEXT,
  lang           TEXT NOT NULL,
  summary        TEXT NOT NULL,
  -- SHA-256 of title, author, language, Markdown and HTML.
  content_hash   TEXT NOT NULL CHECK (length(content_hash) = 64),
  published_at   INTEGER NOT NULL,
  -- Account, day and policy are those that the daily quota of publications depends on.
  account_id     TEXT NOT NULL REFERENCES official_account (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL CHECK (length(day) = 10),
  policy_version INTEGER NOT NULL,
  PRIMARY KEY (article_id, version),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS article_version_by_day ON article_version (account_id, day);

-- A version is stored once, in the batch that publishes it, and agrees with its article.
CREATE TRIGGER IF NOT EXISTS article_version_once BEFORE INSERT ON article_version
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only') WHERE EXISTS (
    SELECT 1 FROM article_version WHERE article_id = NEW.article_id AND version = NEW.version);
  SELECT RAISE(ABORT, 'rule:article_version') WHERE NOT EXISTS (
    SELECT 1 FROM article JOIN official_account AS account ON account.id = article.account_id
    WHERE article.id = NEW.article_id AND article.version = NEW.version
      AND article.title = NEW.title AND article.author IS NEW.author AND article.lang = NEW.lang
      AND article.summary = NEW.summary AND article.updated_at = NEW.published_at
      AND article.account_id = NEW.account_id AND account.currency = NEW.currency);
  SELECT RAISE(ABORT, 'rule:publish_quota')
  WHERE (SELECT count(*) FROM article_version
         WHERE account_id = NEW.account_id AND day = NEW.day)
     >= (SELECT account_day_publications FROM policy
         WHERE version = NEW.policy_version AND currency = NEW.currency);
END;

CREATE TRIGGER IF NOT EXISTS article_version_no_update BEFORE UPDATE ON article_version
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS article_version_no_delete BEFORE DELETE ON article_version
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The text of a version. Markdown and HTML are two rows, because a row in D1 is limited to 2 MB.
CREATE TABLE IF NOT EXISTS article_text (
  article_id TEXT NOT NULL,
  version    INTEGER NOT NULL,
  form       TEXT NOT NULL CHECK (form IN ('markdown', 'html')),
  body       TEXT NOT NULL,
  PRIMARY KEY (article_id, version, form),
  FOREIGN KEY (article_id, version) REFERENCES article_version (article_id, version)
) STRICT;

CREATE TRIGGER IF NOT EXISTS article_text_once BEFORE INSERT ON article_text
WHEN EXISTS (SELECT 1 FROM article_text
             WHERE article_id = NEW.article_id AND version = NEW.version AND form = NEW.form)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS article_text_no_update BEFORE UPDATE ON article_text
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER IF NOT EXISTS article_text_no_delete BEFORE DELETE ON article_text
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;
