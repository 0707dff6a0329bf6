-- The schema that the migrations in edge/migrations make. Generated: do not edit.
-- To write it anew: UPDATE_SNAPSHOTS=1 cargo test -p edge --features sandbox --test migrations

CREATE TABLE person (
  id         TEXT NOT NULL PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('member', 'guest')),
  name       TEXT CHECK (length(name) BETWEEN 1 AND 200),
  lang       TEXT CHECK (lang IN ('zh-Hans', 'en')),
  created_at INTEGER NOT NULL,
  -- NULL while the person is not linked, otherwise the person that represents the human.
  human_id   TEXT REFERENCES person (id),
  -- When the person last joined or left a human. Everything before was done by other people as far
  -- as we knew.
  linked_at  INTEGER
) STRICT;

CREATE INDEX person_by_human ON person (human_id) WHERE human_id IS NOT NULL;

-- A person joins a human or leaves it only together with a link that was made or dissolved at the
-- same time, between persons of the human that it leaves and the one that it joins. The person who
-- represents a human is not linked itself.
CREATE TRIGGER person_link BEFORE UPDATE OF human_id, linked_at ON person
WHEN NEW.human_id IS NOT OLD.human_id OR NEW.linked_at IS NOT OLD.linked_at
BEGIN
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.linked_at IS NULL OR NEW.human_id IS NEW.id
    OR EXISTS (SELECT 1 FROM person WHERE id = NEW.human_id AND human_id IS NOT NULL)
    OR (NEW.human_id IS NOT NULL AND EXISTS (SELECT 1 FROM person WHERE human_id = NEW.id));
  SELECT RAISE(ABORT, 'rule:person_link') WHERE NOT EXISTS (
    SELECT 1 FROM human_link AS link
    JOIN human AS first ON first.person_id = link.first_id
    JOIN human AS second ON second.person_id = link.second_id
    WHERE (link.dissolved_at = NEW.linked_at
        OR (link.made_at = NEW.linked_at AND link.dissolved_at IS NULL
          AND NEW.human_id IS NOT NULL))
      AND first.human_id IN (coalesce(OLD.human_id, OLD.id), coalesce(NEW.human_id, NEW.id))
      AND second.human_id IN (coalesce(OLD.human_id, OLD.id), coalesce(NEW.human_id, NEW.id)));
END;

-- A person starts without a link. Here and in other tables a trigger refuses a row with an
-- existing key, because INSERT OR REPLACE and UPDATE OR REPLACE delete the old row without firing
-- the triggers that forbid a DELETE.
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

-- Why two persons count as one human: a provider that has verified the payees of both reports the
-- same payee for them. The persons whom undissolved links join, directly or through others, are
-- one human.
CREATE TABLE human_link (
  id           TEXT NOT NULL PRIMARY KEY,
  first_id     TEXT NOT NULL REFERENCES person (id),
  second_id    TEXT NOT NULL REFERENCES person (id),
  provider     TEXT NOT NULL,
  fingerprint  TEXT NOT NULL,
  found_at     INTEGER NOT NULL,
  -- From when on it counts. NULL while it waits for the confirmation of an operator.
  made_at      INTEGER,
  confirmed_by TEXT REFERENCES person (id),
  dissolved_at INTEGER,
  CONSTRAINT human_link_confirmed CHECK (confirmed_by IS NULL OR made_at IS NOT NULL),
  CONSTRAINT human_link_made CHECK (
    made_at IS NULL OR made_at = found_at OR confirmed_by IS NOT NULL),
  CONSTRAINT human_link_dissolved CHECK (dissolved_at IS NULL OR made_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- The same payee links two persons once, so a dissolved link is not made again.
CREATE UNIQUE INDEX human_link_one
  ON human_link (provider, fingerprint, first_id, second_id);
CREATE INDEX human_link_by_first ON human_link (first_id);
CREATE INDEX human_link_by_second ON human_link (second_id);
CREATE INDEX human_link_by_made ON human_link (made_at);
CREATE INDEX human_link_by_dissolved ON human_link (dissolved_at)
  WHERE dissolved_at IS NOT NULL;
CREATE INDEX human_link_newest ON human_link (found_at DESC, id DESC);

CREATE TRIGGER human_link_once BEFORE INSERT ON human_link
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM human_link
    WHERE id = NEW.id OR (provider = NEW.provider AND fingerprint = NEW.fingerprint
      AND first_id = NEW.first_id AND second_id = NEW.second_id));
  -- A pair is stored in one order only, so that the unique index sees it again.
  SELECT RAISE(ABORT, 'rule:person_link')
  WHERE NEW.first_id >= NEW.second_id OR NEW.confirmed_by IS NOT NULL
    OR NEW.dissolved_at IS NOT NULL;
END;

CREATE TRIGGER human_link_fixed BEFORE UPDATE ON human_link
WHEN NEW.id IS NOT OLD.id OR NEW.first_id IS NOT OLD.first_id
  OR NEW.second_id IS NOT OLD.second_id OR NEW.provider IS NOT OLD.provider
  OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.found_at IS NOT OLD.found_at
  OR (OLD.made_at IS NOT NULL
      AND (NEW.made_at IS NOT OLD.made_at OR NEW.confirmed_by IS NOT OLD.confirmed_by))
  OR (OLD.dissolved_at IS NOT NULL AND NEW.dissolved_at IS NOT OLD.dissolved_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER human_link_no_delete BEFORE DELETE ON human_link
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER human_link_dissolve BEFORE UPDATE OF dissolved_at ON human_link
WHEN OLD.dissolved_at IS NULL AND NEW.dissolved_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM link_dissolution WHERE link_id = NEW.id AND approved_at = NEW.dissolved_at);
END;

-- The end of a link, which takes two humans: one operator proposes it with a reason, and another
-- one, who saw the same link and reason, approves it.
CREATE TABLE link_dissolution (
  id           TEXT NOT NULL PRIMARY KEY,
  link_id      TEXT NOT NULL REFERENCES human_link (id),
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of link and reason. The second operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  CONSTRAINT link_dissolution_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT link_dissolution_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX link_dissolution_open ON link_dissolution (link_id)
  WHERE approved_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX link_dissolution_by_link ON link_dissolution (link_id, approved_at);

CREATE TRIGGER link_dissolution_once BEFORE INSERT ON link_dissolution
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM link_dissolution WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM link_dissolution
    WHERE link_id = NEW.link_id AND approved_at IS NULL AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER link_dissolution_fixed BEFORE UPDATE ON link_dissolution
WHEN NEW.id IS NOT OLD.id OR NEW.link_id IS NOT OLD.link_id OR NEW.reason IS NOT OLD.reason
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR (OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER link_dissolution_approve
BEFORE UPDATE OF approved_by ON link_dissolution
WHEN NEW.approved_by IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER link_dissolution_no_delete BEFORE DELETE ON link_dissolution
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- One way in which a person signs in. It never passes to another person.
CREATE TABLE identity (
  provider   TEXT NOT NULL,
  subject    TEXT NOT NULL,
  person_id  TEXT NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_by_person ON identity (person_id);

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

-- Random tokens, stored as hashes, so that a copy of this table does not let anybody sign in.
CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  person_id  TEXT NOT NULL REFERENCES person (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_expiry ON session (expires_at);
CREATE INDEX session_by_person ON session (person_id);

-- Tokens for the programs of a writer. Hashed like sessions, with one scope each.
CREATE TABLE api_token (
  id         TEXT NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  person_id  TEXT NOT NULL REFERENCES person (id),
  scope      TEXT NOT NULL CHECK (scope IN ('publish')),
  label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  revoked_at INTEGER
) STRICT;

CREATE INDEX api_token_by_person ON api_token (person_id, created_at);

-- A person has at most ten valid tokens.
CREATE TRIGGER api_token_limit BEFORE INSERT ON api_token
WHEN 10 <= (
  SELECT count(*) FROM api_token
  WHERE person_id = NEW.person_id AND revoked_at IS NULL AND expires_at > NEW.created_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:too_many_tokens');
END;

-- The account that receives praises for its articles.
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

-- Owner and currency never change, because ledger rows depend on them.
CREATE TRIGGER official_account_fixed BEFORE UPDATE ON official_account
WHEN NEW.id IS NOT OLD.id OR NEW.owner_id IS NOT OLD.owner_id OR NEW.currency IS NOT OLD.currency
BEGIN
  SELECT RAISE(ABORT, 'rule:account_fixed');
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

-- An article as it is now, without its text. Publishing it again updates the row under the same id.
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
  updated_at   INTEGER NOT NULL,
  -- The number of the version that readers see.
  version      INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE INDEX article_newest ON article (published_at DESC, id DESC);
CREATE INDEX article_by_account ON article (account_id, published_at DESC, id DESC);

-- An article never moves to another account.
CREATE TRIGGER article_fixed BEFORE UPDATE ON article
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
BEGIN
  SELECT RAISE(ABORT, 'rule:article_fixed');
END;

CREATE TRIGGER article_once BEFORE INSERT ON article
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM article WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:slug_taken') WHERE EXISTS (
    SELECT 1 FROM article WHERE slug = NEW.slug AND id <> NEW.id);
  SELECT RAISE(ABORT, 'rule:article_version') WHERE NEW.version <> 1;
END;

CREATE TRIGGER article_of_suspended BEFORE INSERT ON article
WHEN EXISTS (SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended')
BEGIN
  SELECT RAISE(ABORT, 'rule:account_suspended');
END;

-- While an article is under review, operators judge what was published. So it cannot be published
-- again. A change of what readers see is a new version.
CREATE TRIGGER article_edited
BEFORE UPDATE OF title, author, lang, summary, version ON article
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen') WHERE OLD.status = 'frozen';
  SELECT RAISE(ABORT, 'rule:account_suspended') WHERE EXISTS (
    SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended');
  SELECT RAISE(ABORT, 'rule:article_version') WHERE NEW.version IS NOT OLD.version + 1;
END;

CREATE TRIGGER article_slug BEFORE UPDATE OF slug ON article
WHEN EXISTS (SELECT 1 FROM article WHERE slug = NEW.slug AND id <> OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:slug_taken');
END;

-- An article is published again only after its freeze was lifted.
CREATE TRIGGER article_unfrozen BEFORE UPDATE OF status ON article
WHEN NEW.status = 'published' AND EXISTS (
  SELECT 1 FROM freeze WHERE article_id = NEW.id AND state <> 'lifted')
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen');
END;

-- Everything that an article has ever said. Operators judge a version, so versions are never
-- changed or removed.
CREATE TABLE article_version (
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

CREATE INDEX article_version_by_day ON article_version (account_id, day);

-- A version is stored once, in the batch that publishes it, and agrees with its article.
CREATE TRIGGER article_version_once BEFORE INSERT ON article_version
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

CREATE TRIGGER article_version_no_update BEFORE UPDATE ON article_version
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER article_version_no_delete BEFORE DELETE ON article_version
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The text of a version. Markdown and HTML are two rows, because a row in D1 is limited to 2 MB.
CREATE TABLE article_text (
  article_id TEXT NOT NULL,
  version    INTEGER NOT NULL,
  form       TEXT NOT NULL CHECK (form IN ('markdown', 'html')),
  body       TEXT NOT NULL,
  PRIMARY KEY (article_id, version, form),
  FOREIGN KEY (article_id, version) REFERENCES article_version (article_id, version)
) STRICT;

CREATE TRIGGER article_text_once BEFORE INSERT ON article_text
WHEN EXISTS (SELECT 1 FROM article_text
             WHERE article_id = NEW.article_id AND version = NEW.version AND form = NEW.form)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER article_text_no_update BEFORE UPDATE ON article_text
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER article_text_no_delete BEFORE DELETE ON article_text
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A praise keeps the version that applied when it was paid.
CREATE TABLE policy (
  version           INTEGER NOT NULL CHECK (version > 0),
  currency          TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  effective_from    INTEGER NOT NULL,
  praise_min_minor  INTEGER NOT NULL CHECK (praise_min_minor > 0),
  praise_cap_minor  INTEGER NOT NULL CHECK (praise_cap_minor >= praise_min_minor),
  reader_day_minor  INTEGER NOT NULL CHECK (reader_day_minor >= praise_cap_minor),
  guest_day_minor   INTEGER NOT NULL CHECK (guest_day_minor >= praise_cap_minor),
  -- The most that one card, wallet or openid may pay in a day, across all persons who use it.
  payer_day_minor   INTEGER NOT NULL CHECK (payer_day_minor >= praise_cap_minor),
  article_day_minor INTEGER NOT NULL CHECK (article_day_minor >= praise_cap_minor),
  writer_day_minor  INTEGER NOT NULL CHECK (writer_day_minor >= article_day_minor),
  hold_days         INTEGER NOT NULL CHECK (hold_days BETWEEN 1 AND 365),
  undo_minutes      INTEGER NOT NULL CHECK (undo_minutes BETWEEN 1 AND 1440),
  -- Which kinds of account may receive praises.
  receivers         TEXT NOT NULL DEFAULT 'individual' CHECK (receivers IN ('individual', 'any')),
  -- How many versions of its articles an official account may publish in a day.
  account_day_publications INTEGER NOT NULL DEFAULT 50
    CHECK (account_day_publications BETWEEN 1 AND 1000),
  PRIMARY KEY (version, currency),
  UNIQUE (currency, effective_from)
) STRICT;

-- Published versions are immutable. A rule changes by adding a version.
CREATE TRIGGER policy_no_update BEFORE UPDATE ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER policy_no_delete BEFORE DELETE ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A new version comes into force after every other version of its currency.
CREATE TRIGGER policy_no_replace BEFORE INSERT ON policy
WHEN EXISTS (SELECT 1 FROM policy
             WHERE currency = NEW.currency
               AND (version = NEW.version OR effective_from >= NEW.effective_from))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- No cap is above that of the version before, unless two operators have approved the new value at
-- least a day before it comes into force.
CREATE TRIGGER policy_cap_raised BEFORE INSERT ON policy
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons')
  FROM policy AS latest
  LEFT JOIN policy_raise AS approved
    ON approved.version = NEW.version AND approved.currency = NEW.currency
    AND approved.base_version = latest.version
    AND NEW.effective_from >= approved.approved_at + 86400000
  WHERE latest.currency = NEW.currency
    AND latest.effective_from = (
      SELECT max(effective_from) FROM policy WHERE currency = NEW.currency)
    AND (NEW.praise_cap_minor
           > max(latest.praise_cap_minor, coalesce(approved.change ->> 'praise_cap_minor', 0))
      OR NEW.reader_day_minor
           > max(latest.reader_day_minor, coalesce(approved.change ->> 'reader_day_minor', 0))
      OR NEW.guest_day_minor
           > max(latest.guest_day_minor, coalesce(approved.change ->> 'guest_day_minor', 0))
      OR NEW.payer_day_minor
           > max(latest.payer_day_minor, coalesce(approved.change ->> 'payer_day_minor', 0))
      OR NEW.article_day_minor
           > max(latest.article_day_minor, coalesce(approved.change ->> 'article_day_minor', 0))
      OR NEW.writer_day_minor
           > max(latest.writer_day_minor, coalesce(approved.change ->> 'writer_day_minor', 0)));
END;

-- One operator proposes a version that raises a cap, and another human approves it.
CREATE TABLE policy_raise (
  id           TEXT NOT NULL PRIMARY KEY,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- The latest version at the time of the proposal. If another version is added, the proposal
  -- can no longer be approved.
  base_version INTEGER NOT NULL,
  -- The earliest time at which the version comes into force. It is also at least a day after the
  -- approval.
  not_before   INTEGER NOT NULL,
  -- What changes, as JSON: the columns of the policy that get another value.
  change       TEXT NOT NULL CHECK (json_valid(change)),
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of all the above but the id. The second operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  -- The version that it has become.
  version      INTEGER,
  CONSTRAINT policy_raise_approved CHECK (
    (approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (version IS NULL)),
  CONSTRAINT policy_raise_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX policy_raise_by_time ON policy_raise (proposed_at, id);

CREATE TRIGGER policy_raise_once BEFORE INSERT ON policy_raise
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM policy_raise WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER policy_raise_fixed BEFORE UPDATE ON policy_raise
WHEN NEW.id IS NOT OLD.id OR NEW.currency IS NOT OLD.currency
  OR NEW.base_version IS NOT OLD.base_version OR NEW.not_before IS NOT OLD.not_before
  OR NEW.change IS NOT OLD.change OR NEW.reason IS NOT OLD.reason
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR OLD.withdrawn_at IS NOT NULL OR OLD.approved_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER policy_raise_approve BEFORE UPDATE OF approved_by ON policy_raise
WHEN NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER policy_raise_no_delete BEFORE DELETE ON policy_raise
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Holds one row while no new praise may start anywhere.
CREATE TABLE global_stop (
  id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  since   INTEGER NOT NULL,
  reason  TEXT NOT NULL
) STRICT;

-- The legal steps. A step from the empty state creates a row. The *_step triggers refuse all
-- others.
CREATE TABLE transition (
  machine    TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  PRIMARY KEY (machine, from_state, to_state)
) STRICT, WITHOUT ROWID;

-- The history of everything that has a state. The triggers of each table write it, so that no
-- statement can change a state without its event.
CREATE TABLE event (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  machine    TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  at         INTEGER NOT NULL,
  reason     TEXT
) STRICT;

CREATE INDEX event_by_subject ON event (subject_id, id);

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An UPDATE that finds no row is not an error, and its batch would go on. After such an UPDATE a
-- batch inserts the number of changed rows and the expected number here. If they differ, the
-- batch fails with the name of the guard. No row is ever stored.
CREATE TABLE must (
  got      INTEGER,
  expected INTEGER,
  guard    TEXT NOT NULL
) STRICT;

CREATE TRIGGER must_hold BEFORE INSERT ON must
BEGIN
  SELECT RAISE(ABORT, 'guard:' || NEW.guard) WHERE NEW.got IS NOT NEW.expected;
  SELECT RAISE(IGNORE);
END;

-- Single use, with an expiry, and revocable. The code itself is stored only as a hash.
CREATE TABLE invitation (
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

CREATE INDEX invitation_by_user ON invitation (used_by) WHERE used_by IS NOT NULL;
CREATE INDEX invitation_newest ON invitation (made_at DESC, id DESC);

CREATE TRIGGER invitation_once BEFORE INSERT ON invitation
WHEN EXISTS (SELECT 1 FROM invitation WHERE id = NEW.id OR code_hash = NEW.code_hash)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER invitation_fixed BEFORE UPDATE ON invitation
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
CREATE TRIGGER invitation_use BEFORE UPDATE OF used_by, used_at ON invitation
WHEN OLD.used_at IS NULL AND NEW.used_at IS NOT NULL
  AND (NEW.used_at >= OLD.expires_at OR OLD.revoked_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:invitation_over');
END;

CREATE TRIGGER invitation_no_delete BEFORE DELETE ON invitation
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A bank card as the provider knows it: its token, its fingerprint, the last four digits.
CREATE TABLE bank_card (
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

CREATE UNIQUE INDEX bank_card_current ON bank_card (account_id)
  WHERE removed_at IS NULL;
CREATE INDEX bank_card_by_fingerprint ON bank_card (fingerprint);
CREATE INDEX bank_card_by_account ON bank_card (account_id, attached_at);

-- When two persons attach the same card, verified for both, their link must be stored first. It may
-- be waiting for an operator, or be dissolved. An unverified card proves nothing, because its number
-- may be that of another person.
CREATE TRIGGER bank_card_attach BEFORE INSERT ON bank_card
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

CREATE TRIGGER bank_card_fixed BEFORE UPDATE ON bank_card
WHEN NEW.id IS NOT OLD.id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.provider IS NOT OLD.provider OR NEW.token IS NOT OLD.token
  OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.last4 IS NOT OLD.last4
  OR NEW.verified IS NOT OLD.verified
  OR NEW.attached_at IS NOT OLD.attached_at OR NEW.usable_from IS NOT OLD.usable_from
  OR (OLD.removed_at IS NOT NULL AND NEW.removed_at IS NOT OLD.removed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:card_fixed');
END;

CREATE TRIGGER bank_card_no_delete BEFORE DELETE ON bank_card
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The limits that a reader has set, within those of the product. A lower limit applies at once. A
-- higher one waits in next_minor until a job applies it.
CREATE TABLE reader_limit (
  person_id   TEXT NOT NULL REFERENCES person (id),
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  scope       TEXT NOT NULL CHECK (scope IN ('praise', 'day', 'month')),
  -- NULL: the reader has set no limit.
  limit_minor INTEGER CHECK (limit_minor >= 0),
  next_minor  INTEGER CHECK (next_minor >= 0),
  -- When next_minor takes effect. NULL while no raise is pending.
  next_at     INTEGER,
  PRIMARY KEY (person_id, currency, scope),
  CONSTRAINT reader_limit_next CHECK (next_at IS NOT NULL OR next_minor IS NULL)
) STRICT, WITHOUT ROWID;

-- The amount that a person has reserved on one day, by attempts that may still become praises and
-- by praises.
CREATE TABLE reader_day (
  person_id      TEXT NOT NULL REFERENCES person (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  reserved_minor INTEGER NOT NULL CHECK (reserved_minor >= 0),
  PRIMARY KEY (person_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reader_day_first AFTER INSERT ON reader_day
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_day_cap') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > day_cap_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_day') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > own_day_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_month') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND month_minor > own_month_minor;
END;

-- Releasing an amount always works. Taking more works only up to the limits.
CREATE TRIGGER reader_day_more AFTER UPDATE ON reader_day
WHEN NEW.reserved_minor > OLD.reserved_minor
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_day_cap') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > day_cap_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_day') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND day_minor > own_day_minor;
  SELECT RAISE(ABORT, 'rule:reader_own_month') FROM reader_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND month_minor > own_month_minor;
END;

-- What was booked for an article on one day.
CREATE TABLE article_day (
  article_id     TEXT NOT NULL REFERENCES article (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (article_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER article_day_first AFTER INSERT ON article_day
WHEN NEW.booked_minor > (
  SELECT article_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap');
END;

CREATE TRIGGER article_day_more AFTER UPDATE ON article_day
WHEN NEW.booked_minor > OLD.booked_minor AND NEW.booked_minor > (
  SELECT article_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:article_day_cap');
END;

-- What was booked for the articles of a person on one day. Counted by person, so that a writer
-- with three accounts has one cap per currency.
CREATE TABLE writer_day (
  person_id      TEXT NOT NULL REFERENCES person (id),
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (person_id, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER writer_day_first AFTER INSERT ON writer_day
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap') FROM writer_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND booked_minor > writer_day_minor;
END;

CREATE TRIGGER writer_day_more AFTER UPDATE ON writer_day
WHEN NEW.booked_minor > OLD.booked_minor
BEGIN
  SELECT RAISE(ABORT, 'rule:writer_day_cap') FROM writer_room
  WHERE person_id = NEW.person_id AND currency = NEW.currency AND day = NEW.day
    AND booked_minor > writer_day_minor;
END;

-- What one payer has paid for praises on one day. A payer is a card, a wallet or an openid, known
-- by the fingerprint that its provider reports. Counted apart from the readers, because one card
-- can pay for many sign-ins.
CREATE TABLE payer_day (
  provider       TEXT NOT NULL,
  payer          TEXT NOT NULL,
  currency       TEXT NOT NULL,
  day            TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  booked_minor   INTEGER NOT NULL CHECK (booked_minor >= 0),
  PRIMARY KEY (provider, payer, currency, day),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER payer_day_first AFTER INSERT ON payer_day
WHEN NEW.booked_minor > (
  SELECT payer_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:payer_day_cap');
END;

CREATE TRIGGER payer_day_more AFTER UPDATE ON payer_day
WHEN NEW.booked_minor > OLD.booked_minor AND NEW.booked_minor > (
  SELECT payer_day_minor FROM policy
  WHERE version = NEW.policy_version AND currency = NEW.currency)
BEGIN
  SELECT RAISE(ABORT, 'rule:payer_day_cap');
END;

-- How often a person has undone a praise on a day, counted in the write that undoes it. Ten times
-- are allowed per human, because the operator pays the provider for every payment and its refund.
CREATE TABLE undo_day (
  person_id TEXT NOT NULL REFERENCES person (id),
  day       TEXT NOT NULL CHECK (length(day) = 10),
  used      INTEGER NOT NULL CHECK (used > 0),
  PRIMARY KEY (person_id, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER undo_day_first AFTER INSERT ON undo_day
WHEN 10 < (
  SELECT sum(used) FROM undo_day
  WHERE day = NEW.day
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:undo_day');
END;

CREATE TRIGGER undo_day_more AFTER UPDATE ON undo_day
WHEN 10 < (
  SELECT sum(used) FROM undo_day
  WHERE day = NEW.day
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:undo_day');
END;

-- How often a person has taken a praise back in a month, counted in the write that takes it back.
-- Three times are allowed per human.
CREATE TABLE take_back_month (
  person_id TEXT NOT NULL REFERENCES person (id),
  month     TEXT NOT NULL CHECK (length(month) = 7),
  used      INTEGER NOT NULL CHECK (used > 0),
  PRIMARY KEY (person_id, month)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER take_back_month_first AFTER INSERT ON take_back_month
WHEN 3 < (
  SELECT sum(used) FROM take_back_month
  WHERE month = NEW.month
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:take_back_month');
END;

CREATE TRIGGER take_back_month_more AFTER UPDATE ON take_back_month
WHEN 3 < (
  SELECT sum(used) FROM take_back_month
  WHERE month = NEW.month
    AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:take_back_month');
END;

-- Attempts to start a praise or to continue as a guest, counted per bucket in its current window.
CREATE TABLE attempt (
  bucket       TEXT NOT NULL PRIMARY KEY,
  window_start INTEGER NOT NULL,
  used         INTEGER NOT NULL CHECK (used > 0)
) STRICT, WITHOUT ROWID;

-- By kind, because the windows of each kind have their own length.
CREATE INDEX attempt_by_age
  ON attempt (substr(bucket, 1, instr(bucket, ':')), window_start);

-- One attempt to praise an article.
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

CREATE INDEX intent_by_person ON intent (person_id, started_at DESC);
CREATE INDEX intent_open ON intent (person_id, started_at, id)
  WHERE state = 'awaiting_payment';
CREATE INDEX intent_money_back ON intent (person_id, money_back_at)
  WHERE money_back_at IS NOT NULL;

-- A start is refused while an article or writer has less room than one full praise. Otherwise
-- small attempts would show how much others gave.
CREATE TRIGGER intent_needs_room BEFORE INSERT ON intent
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
CREATE TRIGGER intent_start BEFORE INSERT ON intent
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

-- Money that arrives after an attempt has ended is checked against the limits of the reader
-- again. The limit per praise is checked here, because no counter of a day or month covers it.
CREATE TRIGGER intent_late_limit BEFORE UPDATE OF state ON intent
WHEN NEW.state = 'paid' AND OLD.state IN ('declined', 'expired')
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_own_praise') WHERE EXISTS (
    SELECT 1 FROM reader_limit
    WHERE scope = 'praise' AND currency = NEW.currency AND limit_minor < NEW.amount_minor
      AND person_id IN (SELECT same_id FROM human_person WHERE person_id = NEW.person_id));
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

-- A key belongs to the person who used it, so that it is of no use to anybody else.
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

-- A row is deleted when the key expires, and never changed before.
CREATE TRIGGER idempotency_no_update BEFORE UPDATE ON idempotency
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An order at the provider. The id is the number that the provider receives.
CREATE TABLE provider_order (
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

CREATE INDEX provider_order_by_intent ON provider_order (intent_id);

-- A new order is created only after the old one is final.
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

-- The id names the posting and its resource, like praise.booked:prs_1, so that it is posted once.
CREATE TABLE ledger_transaction (
  id     TEXT NOT NULL PRIMARY KEY,
  at     INTEGER NOT NULL,
  sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_transaction_once BEFORE INSERT ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:posted')
  WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:ledger_sealed') WHERE NEW.sealed <> 0;
END;

CREATE TRIGGER ledger_transaction_seal BEFORE UPDATE ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_sealed')
  WHERE NOT (OLD.sealed = 0 AND NEW.sealed = 1 AND NEW.id IS OLD.id AND NEW.at IS OLD.at);
  SELECT RAISE(ABORT, 'rule:ledger_empty')
  WHERE (SELECT count(*) FROM ledger_entry WHERE transaction_id = OLD.id) < 2;
  SELECT RAISE(ABORT, 'rule:ledger_unbalanced') WHERE EXISTS (
    SELECT 1 FROM ledger_entry WHERE transaction_id = OLD.id
    GROUP BY currency HAVING sum(amount_minor) <> 0);
END;

CREATE TRIGGER ledger_transaction_no_delete BEFORE DELETE ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A positive amount is a debit, a negative one a credit.
CREATE TABLE ledger_entry (
  transaction_id TEXT NOT NULL REFERENCES ledger_transaction (id),
  line           INTEGER NOT NULL CHECK (line > 0),
  account        TEXT NOT NULL CHECK (account IN (
    'provider_unsettled', 'provider_settled', 'provider_fee',
    'writer_held', 'writer_due', 'writer_disputed', 'writer_debt',
    'returning', 'paying_out', 'dispute_clearing', 'suspense',
    'operator_funds', 'operator_loss')),
  -- The id of an official account for writer_* and paying_out. The name of a provider for
  -- provider_*, returning, dispute_clearing and suspense. The word operator for operator_*.
  owner          TEXT NOT NULL CHECK (length(owner) > 0),
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  amount_minor   INTEGER NOT NULL
    CHECK (amount_minor <> 0 AND abs(amount_minor) <= 9007199254740991),
  PRIMARY KEY (transaction_id, line)
) STRICT, WITHOUT ROWID;

-- The self-check sums the entries of a balance from this index alone.
CREATE INDEX ledger_entry_by_account
  ON ledger_entry (account, owner, currency, amount_minor);

CREATE TRIGGER ledger_entry_open BEFORE INSERT ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only') WHERE EXISTS (
    SELECT 1 FROM ledger_entry
    WHERE transaction_id = NEW.transaction_id AND line = NEW.line);
  SELECT RAISE(ABORT, 'rule:ledger_sealed') WHERE EXISTS (
    SELECT 1 FROM ledger_transaction WHERE id = NEW.transaction_id AND sealed = 1);
END;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER ledger_entry_balance AFTER INSERT ON ledger_entry
BEGIN
  INSERT INTO ledger_balance (account, owner, currency, balance_minor)
  VALUES (NEW.account, NEW.owner, NEW.currency, NEW.amount_minor)
  ON CONFLICT (account, owner, currency)
  DO UPDATE SET balance_minor = balance_minor + excluded.balance_minor;
END;

-- The balance of each account, updated by the trigger above so that a page reads one row.
CREATE TABLE ledger_balance (
  account       TEXT NOT NULL,
  owner         TEXT NOT NULL,
  currency      TEXT NOT NULL,
  balance_minor INTEGER NOT NULL CHECK (abs(balance_minor) <= 9007199254740991),
  PRIMARY KEY (account, owner, currency)
) STRICT, WITHOUT ROWID;

-- No account may have a balance on the wrong side of zero. We never owe anybody a negative
-- amount, and no more money is on its way than was sent.
CREATE TRIGGER ledger_balance_side_first AFTER INSERT ON ledger_balance
WHEN (NEW.account IN ('writer_held', 'writer_due', 'writer_disputed', 'returning', 'paying_out',
                      'suspense') AND NEW.balance_minor > 0)
  OR (NEW.account IN ('writer_debt', 'dispute_clearing', 'operator_loss')
      AND NEW.balance_minor < 0)
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_side');
END;

CREATE TRIGGER ledger_balance_side_more AFTER UPDATE ON ledger_balance
WHEN (NEW.account IN ('writer_held', 'writer_due', 'writer_disputed', 'returning', 'paying_out',
                      'suspense') AND NEW.balance_minor > 0)
  OR (NEW.account IN ('writer_debt', 'dispute_clearing', 'operator_loss')
      AND NEW.balance_minor < 0)
BEGIN
  SELECT RAISE(ABORT, 'rule:ledger_side');
END;

-- A payment as the provider reported it.
CREATE TABLE payment (
  id             TEXT NOT NULL PRIMARY KEY,
  provider       TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  -- The order number that the provider names. Not a foreign key: it may match no order of ours.
  order_number   TEXT NOT NULL,
  intent_id      TEXT REFERENCES intent (id),
  amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  paid_at        INTEGER NOT NULL,
  booked_at      INTEGER NOT NULL,
  fate           TEXT NOT NULL CHECK (fate IN ('praise', 'return', 'suspense')),
  -- The fingerprint of the card, wallet or openid that paid. NULL if the provider does not say.
  payer          TEXT CHECK (length(payer) BETWEEN 1 AND 200),
  UNIQUE (provider, transaction_id)
) STRICT;

CREATE INDEX payment_by_intent ON payment (intent_id, booked_at, id);

-- The self-check adds up what a payer has paid.
CREATE INDEX payment_by_payer ON payment (provider, payer)
  WHERE payer IS NOT NULL;

CREATE TRIGGER payment_once BEFORE INSERT ON payment
WHEN EXISTS (SELECT 1 FROM payment
             WHERE id = NEW.id
                OR (provider = NEW.provider AND transaction_id = NEW.transaction_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:payment_booked');
END;

-- Only a payment in suspense may get another fate. Everything else about a payment is fixed.
CREATE TRIGGER payment_fixed BEFORE UPDATE ON payment
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider
  OR NEW.transaction_id IS NOT OLD.transaction_id OR NEW.order_number IS NOT OLD.order_number
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.paid_at IS NOT OLD.paid_at OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.payer IS NOT OLD.payer
  OR ((NEW.fate IS NOT OLD.fate OR NEW.intent_id IS NOT OLD.intent_id)
      AND OLD.fate IS NOT 'suspense')
BEGIN
  SELECT RAISE(ABORT, 'rule:payment_fixed');
END;

CREATE TRIGGER payment_no_delete BEFORE DELETE ON payment
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER payment_money_back AFTER INSERT ON payment
WHEN NEW.fate <> 'praise' AND NEW.intent_id IS NOT NULL
BEGIN
  UPDATE intent SET money_back_at = (
    SELECT max(booked_at) FROM payment WHERE intent_id = intent.id AND fate <> 'praise')
  WHERE id = NEW.intent_id;
END;

-- A payment in suspense may get another fate, and its attempt may become known.
CREATE TRIGGER payment_money_back_decided AFTER UPDATE OF fate, intent_id ON payment
BEGIN
  UPDATE intent SET money_back_at = (
    SELECT max(booked_at) FROM payment WHERE intent_id = intent.id AND fate <> 'praise')
  WHERE id IN (OLD.intent_id, NEW.intent_id);
END;

-- While the bank has not decided, nobody else decides about the payment.
CREATE TRIGGER payment_disputed BEFORE UPDATE OF fate ON payment
WHEN NEW.fate IS NOT OLD.fate
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_open') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = OLD.id AND state = 'open');
END;

CREATE TRIGGER payment_moves AFTER INSERT ON payment
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  VALUES (NEW.provider, 'payment', NEW.transaction_id, NEW.currency, NEW.amount_minor,
          NEW.paid_at, (SELECT account_id FROM intent WHERE id = NEW.intent_id));
END;

-- A payment that we cannot explain, until an operator has decided about it.
CREATE TABLE suspense_case (
  id         TEXT NOT NULL PRIMARY KEY,
  payment_id TEXT NOT NULL UNIQUE REFERENCES payment (id),
  reason     TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  closed_at  INTEGER
) STRICT;

CREATE INDEX suspense_case_open ON suspense_case (opened_at, id)
  WHERE closed_at IS NULL;

CREATE TRIGGER suspense_case_once BEFORE INSERT ON suspense_case
WHEN EXISTS (SELECT 1 FROM suspense_case WHERE id = NEW.id OR payment_id = NEW.payment_id)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

-- A case is closed once. Its payment and its reason never change.
CREATE TRIGGER suspense_case_fixed BEFORE UPDATE ON suspense_case
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id
  OR NEW.reason IS NOT OLD.reason OR NEW.opened_at IS NOT OLD.opened_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER suspense_case_no_delete BEFORE DELETE ON suspense_case
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A gift of a reader to the account of an article.
CREATE TABLE praise (
  id             TEXT NOT NULL PRIMARY KEY,
  intent_id      TEXT NOT NULL UNIQUE REFERENCES intent (id),
  payment_id     TEXT NOT NULL UNIQUE REFERENCES payment (id),
  person_id      TEXT NOT NULL REFERENCES person (id),
  article_id     TEXT NOT NULL REFERENCES article (id),
  account_id     TEXT NOT NULL REFERENCES official_account (id),
  amount_minor   INTEGER NOT NULL,
  currency       TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  visibility     TEXT NOT NULL CHECK (visibility IN ('public', 'writer', 'anonymous')),
  note           TEXT,
  -- The thank-you text of the writer at the time of booking.
  thanks         TEXT,
  policy_version INTEGER NOT NULL,
  paid_day       TEXT NOT NULL,
  paid_at        INTEGER NOT NULL,
  booked_at      INTEGER NOT NULL,
  undo_until     INTEGER NOT NULL CHECK (undo_until > booked_at),
  -- Midnight at the end of the hold, and never before the praise can no longer be undone.
  due_at         INTEGER NOT NULL CHECK (due_at > paid_at AND due_at >= undo_until),
  state          TEXT NOT NULL,
  state_at       INTEGER NOT NULL,
  state_reason   TEXT,
  -- 1 once the hold is over and the money was moved from writer_held to writer_due.
  matured        INTEGER NOT NULL DEFAULT 0
    CONSTRAINT praise_matured CHECK (
      matured IN (0, 1) AND (matured = 1 OR state NOT IN ('due', 'in_payout', 'paid_out'))),
  FOREIGN KEY (policy_version, currency) REFERENCES policy (version, currency),
  CONSTRAINT praise_amount_bounds CHECK (
    (currency = 'CNY' AND amount_minor BETWEEN 100 AND 20000) OR
    (currency = 'USD' AND amount_minor BETWEEN 100 AND 3000))
) STRICT;

CREATE INDEX praise_by_reader ON praise (person_id, booked_at DESC, id DESC);
CREATE INDEX praise_by_account ON praise (account_id, booked_at DESC, id DESC);
CREATE INDEX praise_by_article_and_reader ON praise (article_id, person_id);
CREATE INDEX praise_confirming ON praise (account_id, undo_until);
CREATE INDEX praise_due ON praise (account_id, due_at, id) WHERE state = 'due';
CREATE INDEX praise_going_by_article ON praise (article_id, id)
  WHERE state IN ('held', 'due');
CREATE INDEX praise_frozen_by_article ON praise (article_id, id)
  WHERE state = 'frozen';
CREATE INDEX praise_held ON praise (account_id, due_at, id) WHERE state = 'held';
CREATE INDEX praise_in_payout ON praise (account_id) WHERE state = 'in_payout';

-- The self-check sums what an account is owed from this index alone.
CREATE INDEX praise_owed ON praise (account_id, state, matured, currency, amount_minor)
  WHERE state IN ('held', 'due', 'frozen', 'disputed');

-- All conditions for a booking, in the write that books the praise. The rule own_article is checked
-- again: since the start, a bank card may have shown that the reader is the writer. It also refuses
-- a payment by any card that the account was ever paid to.
CREATE TRIGGER praise_book BEFORE INSERT ON praise
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_booked') WHERE EXISTS (
    SELECT 1 FROM praise
    WHERE id = NEW.id OR intent_id = NEW.intent_id OR payment_id = NEW.payment_id);
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'praise' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:article_frozen') WHERE EXISTS (
    SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
  SELECT RAISE(ABORT, 'rule:account_suspended') WHERE EXISTS (
    SELECT 1 FROM official_account WHERE id = NEW.account_id AND status = 'suspended');
  SELECT RAISE(ABORT, 'rule:own_article') WHERE EXISTS (
    SELECT 1 FROM official_account AS account
    JOIN human AS owner ON owner.person_id = account.owner_id
    JOIN human AS reader ON reader.human_id = owner.human_id
    WHERE account.id = NEW.account_id AND reader.person_id = NEW.person_id);
  SELECT RAISE(ABORT, 'rule:own_article') WHERE EXISTS (
    SELECT 1 FROM payment
    JOIN bank_card ON bank_card.fingerprint = payment.payer
      AND bank_card.provider = payment.provider AND bank_card.account_id = NEW.account_id
    WHERE payment.id = NEW.payment_id);
  SELECT RAISE(ABORT, 'rule:not_due') WHERE NEW.matured <> 0;
  SELECT RAISE(ABORT, 'rule:payment_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM payment JOIN intent ON intent.id = payment.intent_id
    WHERE payment.id = NEW.payment_id AND intent.id = NEW.intent_id AND payment.fate = 'praise'
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND intent.amount_minor = NEW.amount_minor AND intent.currency = NEW.currency
      AND intent.article_id = NEW.article_id AND intent.account_id = NEW.account_id
      AND intent.person_id = NEW.person_id AND payment.paid_at = NEW.paid_at);
END;

CREATE TRIGGER praise_fixed BEFORE UPDATE ON praise
WHEN NEW.id IS NOT OLD.id OR NEW.intent_id IS NOT OLD.intent_id
  OR NEW.payment_id IS NOT OLD.payment_id OR NEW.person_id IS NOT OLD.person_id
  OR NEW.article_id IS NOT OLD.article_id OR NEW.account_id IS NOT OLD.account_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.note IS NOT OLD.note OR NEW.thanks IS NOT OLD.thanks
  OR NEW.policy_version IS NOT OLD.policy_version OR NEW.paid_day IS NOT OLD.paid_day
  OR NEW.paid_at IS NOT OLD.paid_at OR NEW.booked_at IS NOT OLD.booked_at
  OR NEW.undo_until IS NOT OLD.undo_until OR NEW.due_at IS NOT OLD.due_at
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_fixed');
END;

CREATE TRIGGER praise_no_delete BEFORE DELETE ON praise
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER praise_step BEFORE UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'praise' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- A praise matures once, and not before it is due.
CREATE TRIGGER praise_matures BEFORE UPDATE OF matured ON praise
WHEN NEW.matured IS NOT OLD.matured
BEGIN
  SELECT RAISE(ABORT, 'rule:praise_fixed') WHERE OLD.matured = 1;
  SELECT RAISE(ABORT, 'rule:not_due') WHERE NEW.state_at < OLD.due_at;
END;

-- A praise is returned only for one of these reasons, and undo and take-back end with their
-- periods.
CREATE TRIGGER praise_return BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returning' AND OLD.state <> 'returning'
BEGIN
  SELECT RAISE(ABORT, 'rule:right') WHERE coalesce(NEW.state_reason, '') NOT IN (
    'undo', 'take_back', 'writer', 'operator', 'mass_return', 'appeal_missed', 'appeal_undecided');
  SELECT RAISE(ABORT, 'rule:undo_over')
  WHERE NEW.state_reason = 'undo'
    AND (OLD.state NOT IN ('held', 'frozen') OR NEW.state_at >= OLD.undo_until);
  SELECT RAISE(ABORT, 'rule:take_back_over')
  WHERE NEW.state_reason = 'take_back' AND (OLD.state <> 'held' OR NEW.state_at >= OLD.due_at);
END;

CREATE TRIGGER praise_born AFTER INSERT ON praise
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('praise', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER praise_stepped AFTER UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('praise', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER wall_praise_born AFTER INSERT ON praise
BEGIN
  INSERT INTO wall_person (article_id, person_id, standing, standing_public, public_at)
  SELECT NEW.article_id, NEW.person_id, count(*), count(*) FILTER (WHERE visibility = 'public'),
         max(booked_at) FILTER (WHERE visibility = 'public')
  FROM praise
  WHERE article_id = NEW.article_id AND person_id = NEW.person_id
    AND state NOT IN ('returning', 'returned', 'disputed', 'lost')
  ON CONFLICT (article_id, person_id) DO UPDATE SET
    standing = excluded.standing, standing_public = excluded.standing_public,
    public_at = excluded.public_at;
END;

CREATE TRIGGER wall_praise_changed AFTER UPDATE OF state, visibility ON praise
BEGIN
  INSERT INTO wall_person (article_id, person_id, standing, standing_public, public_at)
  SELECT NEW.article_id, NEW.person_id, count(*), count(*) FILTER (WHERE visibility = 'public'),
         max(booked_at) FILTER (WHERE visibility = 'public')
  FROM praise
  WHERE article_id = NEW.article_id AND person_id = NEW.person_id
    AND state NOT IN ('returning', 'returned', 'disputed', 'lost')
  ON CONFLICT (article_id, person_id) DO UPDATE SET
    standing = excluded.standing, standing_public = excluded.standing_public,
    public_at = excluded.public_at;
END;

-- While its article is frozen, a praise does not mature, is not paid out and cannot be taken
-- back. A praise is frozen only together with its article.
CREATE TRIGGER praise_of_frozen_article BEFORE UPDATE OF state ON praise
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:article_frozen')
  WHERE ((NEW.state = 'in_payout'
        AND NOT EXISTS (SELECT 1 FROM lost_praise WHERE praise_id = NEW.id))
      OR (OLD.state IN ('held', 'frozen') AND NEW.state = 'due')
      OR (OLD.state = 'frozen' AND NEW.state = 'held')
      OR (NEW.state = 'returning' AND NEW.state_reason = 'take_back'))
    AND EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
  SELECT RAISE(ABORT, 'rule:article_not_frozen')
  WHERE NEW.state = 'frozen'
    AND NOT EXISTS (SELECT 1 FROM article WHERE id = NEW.article_id AND status = 'frozen');
END;

-- A praise that comes back from a payout or a dispute to a frozen article is handled by the job
-- of the freeze, which therefore runs again.
CREATE TRIGGER praise_reschedules_freeze AFTER UPDATE OF state ON praise
WHEN OLD.state IN ('in_payout', 'paid_out', 'disputed') AND NEW.state IN ('held', 'due', 'frozen')
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'freeze', id, NEW.state_at FROM freeze
  WHERE article_id = NEW.article_id AND state <> 'lifted'
  ON CONFLICT (kind, subject_id) DO UPDATE SET
    due_at = iif(done_at IS NULL, min(due_at, excluded.due_at), excluded.due_at),
    attempts = 0, done_at = NULL;
END;

-- A praise counts as returned only after the provider has confirmed the refund.
CREATE TRIGGER praise_returned BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returned' AND OLD.state <> 'returned'
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE NOT EXISTS (
    SELECT 1 FROM refund WHERE payment_id = OLD.payment_id AND state = 'succeeded');
END;

-- A praise is paid out only after its part has succeeded, and due again only after its part has
-- failed, was dropped or was sent back.
CREATE TRIGGER praise_leaves_payout BEFORE UPDATE OF state ON praise
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

-- A praise is in the state disputed exactly while a dispute has set it aside. The second check is
-- needed because an earlier dispute may have been won while the current one is open or lost.
CREATE TRIGGER praise_disputed BEFORE UPDATE OF state ON praise
WHEN (NEW.state = 'disputed') <> (OLD.state = 'disputed')
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE NOT EXISTS (
    SELECT 1 FROM dispute
    WHERE praise_id = OLD.id AND aside = 1
      AND state = iif(NEW.state = 'disputed', 'open', iif(NEW.state = 'lost', 'lost', 'won')));
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE OLD.state = 'disputed' AND EXISTS (
    SELECT 1 FROM dispute
    WHERE praise_id = OLD.id AND aside = 1
      AND (state = 'open' OR (state = 'lost' AND NEW.state <> 'lost')));
END;

-- A praise that was lost to the bank is not returned again for any reason, including a mass
-- return.
CREATE TRIGGER praise_return_disputed BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'returning' AND OLD.state <> 'returning'
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND state = 'lost');
END;

-- A praise that no dispute has set aside is lost only after the bank has decided, and only while
-- no refund may still arrive.
CREATE TRIGGER praise_lost BEFORE UPDATE OF state ON praise
WHEN NEW.state = 'lost' AND OLD.state IN ('due', 'returning')
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_state') WHERE NOT EXISTS (
    SELECT 1 FROM dispute WHERE praise_id = OLD.id AND aside = 0 AND state = 'lost');
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE EXISTS (
    SELECT 1 FROM refund WHERE payment_id = OLD.payment_id AND state <> 'closed');
END;

-- The reply of a writer to a praise. There is one per praise, and it never changes.
CREATE TABLE praise_reply (
  praise_id  TEXT NOT NULL PRIMARY KEY REFERENCES praise (id),
  text       TEXT NOT NULL CHECK (
    length(text) BETWEEN 1 AND 1120 AND length(CAST(text AS BLOB)) <= 4480),
  replied_at INTEGER NOT NULL
) STRICT;

-- A reply is possible from the moment the writer sees the praise until it goes back. If it goes
-- back later, the reply stays.
CREATE TRIGGER praise_reply_once BEFORE INSERT ON praise_reply
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM praise_reply WHERE praise_id = NEW.praise_id);
  SELECT RAISE(ABORT, 'rule:reply_closed') WHERE EXISTS (
    SELECT 1 FROM praise
    WHERE id = NEW.praise_id
      AND (undo_until > NEW.replied_at
        OR state IN ('returning', 'returned', 'disputed', 'lost')));
END;

CREATE TRIGGER praise_reply_no_update BEFORE UPDATE ON praise_reply
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER praise_reply_no_delete BEFORE DELETE ON praise_reply
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- One row per article and person who ever praised it. Praises that were returned, disputed or
-- lost do not count.
CREATE TABLE wall_person (
  article_id      TEXT NOT NULL REFERENCES article (id),
  person_id       TEXT NOT NULL REFERENCES person (id),
  standing        INTEGER NOT NULL CHECK (standing >= 0),
  standing_public INTEGER NOT NULL CHECK (standing_public BETWEEN 0 AND standing),
  -- When the newest of the public praises that still count was booked.
  public_at       INTEGER,
  PRIMARY KEY (article_id, person_id),
  CHECK ((standing_public > 0) = (public_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX wall_newest ON wall_person (article_id, public_at DESC, person_id DESC)
  WHERE public_at IS NOT NULL;

CREATE TRIGGER wall_person_new AFTER INSERT ON wall_person
BEGIN
  INSERT INTO wall_count (article_id, persons, persons_public)
  VALUES (NEW.article_id, NEW.standing > 0, NEW.standing_public > 0)
  ON CONFLICT (article_id) DO UPDATE SET
    persons = persons + excluded.persons,
    persons_public = persons_public + excluded.persons_public;
END;

CREATE TRIGGER wall_person_changed AFTER UPDATE ON wall_person
BEGIN
  UPDATE wall_count SET
    persons = persons + (NEW.standing > 0) - (OLD.standing > 0),
    persons_public = persons_public + (NEW.standing_public > 0) - (OLD.standing_public > 0)
  WHERE article_id = NEW.article_id;
END;

-- How many persons are on the wall of an article.
CREATE TABLE wall_count (
  article_id     TEXT NOT NULL PRIMARY KEY REFERENCES article (id),
  persons        INTEGER NOT NULL CHECK (persons >= 0),
  persons_public INTEGER NOT NULL CHECK (persons_public BETWEEN 0 AND persons)
) STRICT, WITHOUT ROWID;

-- The inbox. A message is stored before it is answered and processed afterwards. If processing is
-- interrupted, a job finds it here.
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

-- Calls to providers. A call is written in the batch that decides it, and repeated with the same
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

-- The same number is never sent with another body, so a row is not replaced either.
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

-- Everything that is scheduled is a row with a due time.
CREATE TABLE job (
  kind       TEXT NOT NULL CHECK (length(kind) > 0),
  subject_id TEXT NOT NULL,
  due_at     INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  done_at    INTEGER,
  PRIMARY KEY (kind, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_due ON job (due_at, kind, subject_id) WHERE done_at IS NULL;

-- The runner takes one job of each kind in turn, so that a hundred thousand refunds of one
-- article do not delay the check of a fresh payment.
CREATE INDEX job_due_by_kind ON job (kind, due_at, subject_id) WHERE done_at IS NULL;

-- Finished jobs are found by age, so that they are deleted without scanning the others.
CREATE INDEX job_done ON job (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE freeze (
  id           TEXT NOT NULL PRIMARY KEY,
  article_id   TEXT NOT NULL,
  -- The version that is judged: the one that the operator had read.
  version      INTEGER NOT NULL,
  rule         TEXT NOT NULL CHECK (rule IN (
    'fundraising', 'gambling', 'selling', 'perks', 'not_original', 'unlawful')),
  opened_by    TEXT NOT NULL REFERENCES person (id),
  opened_at    INTEGER NOT NULL,
  -- The deadline for an appeal by the writer.
  appeal_until INTEGER NOT NULL CHECK (appeal_until > opened_at),
  appeal       TEXT CHECK (length(appeal) BETWEEN 1 AND 20000),
  appealed_at  INTEGER,
  -- The deadline for a decision about the appeal.
  decide_until INTEGER,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  CONSTRAINT freeze_appeal CHECK (
    (appeal IS NULL) = (appealed_at IS NULL) AND (appeal IS NULL) = (decide_until IS NULL)),
  CONSTRAINT freeze_appealed CHECK (state <> 'appealed' OR appeal IS NOT NULL),
  FOREIGN KEY (article_id, version) REFERENCES article_version (article_id, version)
) STRICT, WITHOUT ROWID;

-- An article has one freeze at a time, and none after its praises were returned.
CREATE UNIQUE INDEX freeze_one ON freeze (article_id) WHERE state <> 'lifted';
CREATE INDEX freeze_by_article ON freeze (article_id, opened_at);

CREATE TRIGGER freeze_start BEFORE INSERT ON freeze
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (SELECT 1 FROM freeze WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:freeze_open') WHERE EXISTS (
    SELECT 1 FROM freeze WHERE article_id = NEW.article_id AND state <> 'lifted');
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'freeze' AND from_state = '' AND to_state = NEW.state);
END;

CREATE TRIGGER freeze_fixed BEFORE UPDATE ON freeze
WHEN NEW.id IS NOT OLD.id OR NEW.article_id IS NOT OLD.article_id
  OR NEW.version IS NOT OLD.version OR NEW.rule IS NOT OLD.rule
  OR NEW.opened_by IS NOT OLD.opened_by OR NEW.opened_at IS NOT OLD.opened_at
  OR NEW.appeal_until IS NOT OLD.appeal_until
  OR (OLD.appeal IS NOT NULL
      AND (NEW.appeal IS NOT OLD.appeal OR NEW.appealed_at IS NOT OLD.appealed_at
        OR NEW.decide_until IS NOT OLD.decide_until))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER freeze_no_delete BEFORE DELETE ON freeze
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER freeze_step BEFORE UPDATE OF state ON freeze
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'freeze' AND from_state = OLD.state AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:appeal_over')
  WHERE NEW.state = 'appealed' AND NEW.appealed_at >= OLD.appeal_until;
END;

CREATE TRIGGER freeze_born AFTER INSERT ON freeze
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('freeze', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER freeze_stepped AFTER UPDATE OF state ON freeze
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('freeze', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- The record of all actions.
CREATE TABLE operator_audit (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  action    TEXT NOT NULL CHECK (length(action) > 0),
  -- The id of the resource that the action changed.
  subject   TEXT NOT NULL,
  detail    TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;

CREATE INDEX operator_audit_by_subject ON operator_audit (subject, id);

CREATE TRIGGER operator_audit_no_update BEFORE UPDATE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_audit_no_delete BEFORE DELETE ON operator_audit
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_audit_no_replace BEFORE INSERT ON operator_audit
WHEN EXISTS (SELECT 1 FROM operator_audit WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- An action that needs two humans. One proposes it with the counts that it would move. Another
-- one, who saw the same counts, approves it.
CREATE TABLE operator_action (
  id           TEXT NOT NULL PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('mass_return', 'unfreeze')),
  -- The freeze that it ends.
  subject_id   TEXT NOT NULL REFERENCES freeze (id),
  praises      INTEGER NOT NULL CHECK (praises >= 0),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  -- SHA-256 of kind, subject, counts and the content of the version that is judged. The second
  -- operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  CONSTRAINT operator_action_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT operator_action_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX operator_action_open ON operator_action (subject_id)
  WHERE approved_at IS NULL AND withdrawn_at IS NULL;

CREATE TRIGGER operator_action_once BEFORE INSERT ON operator_action
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM operator_action WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM operator_action
    WHERE subject_id = NEW.subject_id AND approved_at IS NULL AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER operator_action_fixed BEFORE UPDATE ON operator_action
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.praises IS NOT OLD.praises OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at
  OR (OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_action_approve BEFORE UPDATE OF approved_by ON operator_action
WHEN NEW.approved_by IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER operator_action_no_delete BEFORE DELETE ON operator_action
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- What waits for an operator, with a deadline.
CREATE TABLE operator_task (
  kind       TEXT NOT NULL CHECK (kind IN (
    'suspense', 'contradicted', 'refund_abnormal', 'dispute', 'bill_difference', 'bill_missing',
    'payout_unknown', 'payout_contradicted', 'job_failed', 'self_check')),
  subject_id TEXT NOT NULL,
  detail     TEXT NOT NULL,
  opened_at  INTEGER NOT NULL,
  deadline   INTEGER NOT NULL CHECK (deadline > opened_at),
  closed_at  INTEGER,
  outcome    TEXT,
  PRIMARY KEY (kind, subject_id),
  CONSTRAINT operator_task_closed CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX operator_task_open
  ON operator_task (deadline, subject_id || '_' || kind) WHERE closed_at IS NULL;

-- An open task can only be closed. A closed one can only be opened again, by a report that is not
-- older than its closing.
CREATE TRIGGER operator_task_fixed BEFORE UPDATE ON operator_task
WHEN NEW.kind IS NOT OLD.kind OR NEW.subject_id IS NOT OLD.subject_id
  OR (OLD.closed_at IS NULL
      AND (NEW.detail IS NOT OLD.detail OR NEW.opened_at IS NOT OLD.opened_at
           OR NEW.deadline IS NOT OLD.deadline))
  OR (OLD.closed_at IS NOT NULL
      AND (NEW.closed_at IS NOT NULL OR NEW.opened_at < OLD.closed_at))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER operator_task_no_delete BEFORE DELETE ON operator_task
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- There is one row per kind and subject. An insert gets past this trigger only if it opens a closed
-- task again.
CREATE TRIGGER operator_task_once BEFORE INSERT ON operator_task
WHEN EXISTS (
  SELECT 1 FROM operator_task
  WHERE kind = NEW.kind AND subject_id = NEW.subject_id
    AND (closed_at IS NULL OR NEW.closed_at IS NOT NULL OR NEW.opened_at < closed_at))
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

-- A run of the self-check: one a night, range by range. A run that is interrupted continues at the
-- range where it stopped.
CREATE TABLE self_check_run (
  -- The day on which it began, in UTC.
  day         TEXT NOT NULL PRIMARY KEY,
  started_at  INTEGER NOT NULL,
  -- The check that comes next, and the key after which its next range begins, as JSON.
  check_name  TEXT NOT NULL,
  after_key   TEXT NOT NULL,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- What the self-check found wrong and no later run has found repaired. Each has a task of an
-- operator. The payouts of the account wait.
CREATE TABLE self_check_violation (
  check_name TEXT NOT NULL,
  -- The account that it concerns, otherwise the row that is wrong. Neither has to exist.
  subject_id TEXT NOT NULL,
  account_id TEXT,
  -- The day of the run that saw it last.
  seen_day   TEXT NOT NULL,
  PRIMARY KEY (check_name, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX self_check_violation_by_account ON self_check_violation (account_id)
  WHERE account_id IS NOT NULL;

-- The id is the number that the provider receives.
CREATE TABLE refund (
  id           TEXT NOT NULL PRIMARY KEY,
  payment_id   TEXT NOT NULL REFERENCES payment (id),
  praise_id    TEXT REFERENCES praise (id),
  -- The closed refund that this one replaces.
  replaces_id  TEXT REFERENCES refund (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  created_at   INTEGER NOT NULL,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT
) STRICT;

-- A payment has at most one refund that succeeded or may still succeed.
CREATE UNIQUE INDEX refund_one_open ON refund (payment_id) WHERE state <> 'closed';
CREATE INDEX refund_by_praise ON refund (praise_id) WHERE praise_id IS NOT NULL;

-- The partial index above does not serve a query for refunds that succeeded.
CREATE INDEX refund_by_payment ON refund (payment_id);
CREATE INDEX refund_by_replaced ON refund (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX refund_open ON refund (currency, amount_minor)
  WHERE state IN ('queued', 'sent', 'abnormal');

CREATE TRIGGER refund_start BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_open') WHERE EXISTS (
    SELECT 1 FROM refund
    WHERE id = NEW.id OR (payment_id = NEW.payment_id AND state <> 'closed'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'refund' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:refund_amount') WHERE NOT EXISTS (
    SELECT 1 FROM payment WHERE id = NEW.payment_id
      AND amount_minor = NEW.amount_minor AND currency = NEW.currency);
END;

-- A payment that became a praise is refunded only through that praise, and both name each other.
CREATE TRIGGER refund_of_praise BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_praise') WHERE EXISTS (
    SELECT 1 FROM praise WHERE payment_id = NEW.payment_id
      AND (NEW.praise_id IS NOT praise.id OR praise.state <> 'returning'));
  SELECT RAISE(ABORT, 'rule:refund_praise') WHERE NEW.praise_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM praise WHERE id = NEW.praise_id AND payment_id = NEW.payment_id);
  SELECT RAISE(ABORT, 'rule:refund_replaces') WHERE NEW.replaces_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM refund
    WHERE id = NEW.replaces_id AND payment_id = NEW.payment_id AND state = 'closed');
END;

CREATE TRIGGER refund_fixed BEFORE UPDATE ON refund
WHEN NEW.id IS NOT OLD.id OR NEW.payment_id IS NOT OLD.payment_id
  OR NEW.praise_id IS NOT OLD.praise_id OR NEW.replaces_id IS NOT OLD.replaces_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'rule:refund_fixed');
END;

CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER refund_step BEFORE UPDATE OF state ON refund
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'refund' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER refund_born AFTER INSERT ON refund
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('refund', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER refund_stepped AFTER UPDATE OF state ON refund
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('refund', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER refund_of_lost BEFORE INSERT ON refund
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = NEW.payment_id AND state = 'lost');
END;

CREATE TRIGGER refund_moves AFTER UPDATE OF state ON refund
WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded'
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payment.provider, 'refund', NEW.id, NEW.currency, -NEW.amount_minor, NEW.state_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

CREATE TABLE payout (
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
CREATE UNIQUE INDEX payout_one_waiting ON payout (account_id) WHERE state = 'waiting';

-- Payouts that the bank of the writer sent back, few.
CREATE INDEX payout_sent_back ON payout (account_id, state_at)
  WHERE state = 'sent_back';
CREATE INDEX payout_by_account ON payout (account_id, created_at DESC, id DESC);

CREATE TRIGGER payout_start BEFORE INSERT ON payout
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

CREATE TRIGGER payout_fixed BEFORE UPDATE ON payout
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
CREATE TRIGGER payout_queue BEFORE UPDATE OF state ON payout
WHEN OLD.state = 'waiting' AND NEW.state = 'queued'
BEGIN
  SELECT RAISE(ABORT, 'rule:card_not_usable') WHERE NOT EXISTS (
    SELECT 1 FROM bank_card
    WHERE id = NEW.card_id AND account_id = NEW.account_id AND removed_at IS NULL
      AND usable_from <= NEW.state_at);
END;

-- The same for a payout that is queued without having waited.
CREATE TRIGGER payout_queue_at_once BEFORE INSERT ON payout
WHEN NEW.state = 'queued'
BEGIN
  SELECT RAISE(ABORT, 'rule:card_not_usable') WHERE NOT EXISTS (
    SELECT 1 FROM bank_card
    WHERE id = NEW.card_id AND account_id = NEW.account_id AND removed_at IS NULL
      AND usable_from <= NEW.state_at);
END;

CREATE TRIGGER payout_no_delete BEFORE DELETE ON payout
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER payout_step BEFORE UPDATE OF state ON payout
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER payout_born AFTER INSERT ON payout
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER payout_stepped AFTER UPDATE OF state ON payout
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

-- The transfer of a payout at the provider. The id is the number that the provider receives.
CREATE TABLE payout_part (
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

CREATE INDEX payout_part_open ON payout_part (payout_id)
  WHERE state IN ('queued', 'sent', 'awaiting_confirmation');

CREATE TRIGGER payout_part_start BEFORE INSERT ON payout_part
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM payout_part WHERE id = NEW.id OR payout_id = NEW.payout_id);
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout_part' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:payout_state') WHERE NOT EXISTS (
    SELECT 1 FROM payout WHERE id = NEW.payout_id AND state = 'queued');
END;

CREATE TRIGGER payout_part_fixed BEFORE UPDATE ON payout_part
WHEN NEW.id IS NOT OLD.id OR NEW.payout_id IS NOT OLD.payout_id
  OR NEW.gross_minor IS NOT OLD.gross_minor OR NEW.debt_minor IS NOT OLD.debt_minor
  OR NEW.send_day IS NOT OLD.send_day
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_fixed');
END;

CREATE TRIGGER payout_part_no_delete BEFORE DELETE ON payout_part
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER payout_part_step BEFORE UPDATE OF state ON payout_part
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'payout_part' AND from_state = OLD.state AND to_state = NEW.state);
END;

-- A part leaves only while the card, the account and every article in it allow it, and no earlier
-- transfer of the account is in doubt. Otherwise it is dropped, and its praises are due again.
CREATE TRIGGER payout_part_send BEFORE UPDATE OF state ON payout_part
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

CREATE TRIGGER payout_part_born AFTER INSERT ON payout_part
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout_part', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER payout_part_stepped AFTER UPDATE OF state ON payout_part
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('payout_part', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER payout_part_moves AFTER UPDATE OF state ON payout_part
WHEN NEW.state = 'succeeded' AND OLD.state <> 'succeeded' AND NEW.gross_minor > NEW.debt_minor
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payout.provider, 'payout', NEW.id, payout.currency, NEW.debt_minor - NEW.gross_minor,
         NEW.state_at, payout.account_id
  FROM payout WHERE payout.id = NEW.payout_id;
END;

CREATE TRIGGER payout_part_moves_back AFTER UPDATE OF state ON payout_part
WHEN NEW.state = 'sent_back' AND OLD.state <> 'sent_back' AND NEW.gross_minor > NEW.debt_minor
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT payout.provider, 'payout_returned', NEW.id, payout.currency,
         NEW.gross_minor - NEW.debt_minor, NEW.state_at, payout.account_id
  FROM payout WHERE payout.id = NEW.payout_id;
END;

-- Which praise is paid in which part.
CREATE TABLE payout_line (
  part_id      TEXT NOT NULL REFERENCES payout_part (id),
  praise_id    TEXT NOT NULL REFERENCES praise (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  -- When the part had failed, was dropped or was sent back, and the praise became due again.
  released_at  INTEGER,
  PRIMARY KEY (part_id, praise_id)
) STRICT, WITHOUT ROWID;

-- A praise is in at most one payout that succeeded or may still succeed.
CREATE UNIQUE INDEX payout_line_one ON payout_line (praise_id)
  WHERE released_at IS NULL;
CREATE INDEX payout_line_by_praise ON payout_line (praise_id);

CREATE TRIGGER payout_line_claim BEFORE INSERT ON payout_line
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

CREATE TRIGGER payout_line_fixed BEFORE UPDATE ON payout_line
BEGIN
  SELECT RAISE(ABORT, 'rule:payout_fixed')
  WHERE NEW.part_id IS NOT OLD.part_id OR NEW.praise_id IS NOT OLD.praise_id
    OR NEW.amount_minor IS NOT OLD.amount_minor OR OLD.released_at IS NOT NULL;
  SELECT RAISE(ABORT, 'rule:payout_line') WHERE NOT EXISTS (
    SELECT 1 FROM payout_part
    WHERE id = OLD.part_id AND state IN ('failed', 'dropped', 'sent_back'));
END;

CREATE TRIGGER payout_line_no_delete BEFORE DELETE ON payout_line
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- What was sent to one payee on one day, within the limit of the provider.
CREATE TABLE payee_day (
  -- The fingerprint of the bank card.
  payee       TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day         TEXT NOT NULL,
  sent_minor  INTEGER NOT NULL CHECK (sent_minor >= 0),
  limit_minor INTEGER NOT NULL CHECK (limit_minor > 0),
  PRIMARY KEY (payee, currency, day),
  CONSTRAINT payee_day_limit CHECK (sent_minor <= limit_minor)
) STRICT, WITHOUT ROWID;

CREATE TABLE dispute (
  id           TEXT NOT NULL PRIMARY KEY,
  provider     TEXT NOT NULL,
  -- The number of the dispute at the provider.
  number       TEXT NOT NULL,
  payment_id   TEXT NOT NULL REFERENCES payment (id),
  praise_id    TEXT REFERENCES praise (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- According to the provider.
  opened_at    INTEGER NOT NULL,
  -- 1: the money of the writer is set aside (the praise is disputed). 0: only our own money is.
  aside        INTEGER NOT NULL CHECK (aside IN (0, 1)),
  ended_at     INTEGER,
  state        TEXT NOT NULL,
  state_at     INTEGER NOT NULL,
  state_reason TEXT,
  UNIQUE (provider, number),
  CONSTRAINT dispute_ended CHECK ((state = 'open') = (ended_at IS NULL)),
  CONSTRAINT dispute_aside CHECK (aside = 0 OR praise_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX dispute_one_open ON dispute (payment_id) WHERE state = 'open';
CREATE INDEX dispute_by_payment ON dispute (payment_id);
CREATE INDEX dispute_by_praise ON dispute (praise_id) WHERE praise_id IS NOT NULL;

-- A payment whose dispute was lost is not disputed again, because the bank has taken the money
-- for good.
CREATE TRIGGER dispute_start BEFORE INSERT ON dispute
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM dispute
    WHERE id = NEW.id OR (provider = NEW.provider AND number = NEW.number)
       OR (payment_id = NEW.payment_id AND state = 'open'));
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'dispute' AND from_state = '' AND to_state = NEW.state);
  SELECT RAISE(ABORT, 'rule:dispute_lost') WHERE EXISTS (
    SELECT 1 FROM dispute WHERE payment_id = NEW.payment_id AND state = 'lost');
  SELECT RAISE(ABORT, 'rule:dispute_amount') WHERE NOT EXISTS (
    SELECT 1 FROM payment LEFT JOIN praise ON praise.payment_id = payment.id
    WHERE payment.id = NEW.payment_id AND payment.provider = NEW.provider
      AND payment.amount_minor = NEW.amount_minor AND payment.currency = NEW.currency
      AND praise.id IS NEW.praise_id);
END;

-- aside may become 1 when a payout fails during the dispute, and never becomes 0 again.
CREATE TRIGGER dispute_fixed BEFORE UPDATE ON dispute
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider OR NEW.number IS NOT OLD.number
  OR NEW.payment_id IS NOT OLD.payment_id OR NEW.praise_id IS NOT OLD.praise_id
  OR NEW.amount_minor IS NOT OLD.amount_minor OR NEW.currency IS NOT OLD.currency
  OR NEW.opened_at IS NOT OLD.opened_at
  OR NEW.aside < OLD.aside
  OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT OLD.ended_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:dispute_fixed');
END;

CREATE TRIGGER dispute_no_delete BEFORE DELETE ON dispute
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER dispute_step BEFORE UPDATE OF state ON dispute
WHEN NEW.state IS NOT OLD.state
BEGIN
  SELECT RAISE(ABORT, 'rule:transition') WHERE NOT EXISTS (
    SELECT 1 FROM transition
    WHERE machine = 'dispute' AND from_state = OLD.state AND to_state = NEW.state);
END;

CREATE TRIGGER dispute_born AFTER INSERT ON dispute
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('dispute', NEW.id, '', NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER dispute_stepped AFTER UPDATE OF state ON dispute
WHEN NEW.state IS NOT OLD.state
BEGIN
  INSERT INTO event (machine, subject_id, from_state, to_state, at, reason)
  VALUES ('dispute', NEW.id, OLD.state, NEW.state, NEW.state_at, NEW.state_reason);
END;

CREATE TRIGGER dispute_moves AFTER INSERT ON dispute
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT NEW.provider, 'dispute', NEW.number, NEW.currency, -NEW.amount_minor, NEW.opened_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

CREATE TRIGGER dispute_won_moves AFTER UPDATE OF state ON dispute
WHEN NEW.state = 'won' AND OLD.state <> 'won'
BEGIN
  INSERT INTO movement (provider, kind, number, currency, amount_minor, at, account_id)
  SELECT NEW.provider, 'dispute_won', NEW.number, NEW.currency, NEW.amount_minor, NEW.ended_at,
         (SELECT account_id FROM intent WHERE id = payment.intent_id)
  FROM payment WHERE payment.id = NEW.payment_id;
END;

-- Everything that changed provider_unsettled. Triggers on payment, refund, payout_part and dispute
-- write it, so that no movement can be booked and left out here.
CREATE TABLE movement (
  provider     TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won')),
  -- The number used in the bill: that of the provider for payments and disputes, ours otherwise.
  number       TEXT NOT NULL,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Positive for money that came in.
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  -- According to the provider where it states a time, otherwise our own time.
  at           INTEGER NOT NULL,
  -- The official account that the money belongs to, if any.
  account_id   TEXT REFERENCES official_account (id),
  -- When a bill row confirmed it, or two operators explained it.
  matched_at   INTEGER,
  -- The explanation that settled it without a matching row.
  explanation_id TEXT REFERENCES bill_explanation (id),
  PRIMARY KEY (provider, kind, number),
  CONSTRAINT movement_explained CHECK (explanation_id IS NULL OR matched_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- With the amount and the column of its condition, so that the self-check sums from it alone.
CREATE INDEX movement_open ON movement (provider, currency, at, amount_minor, matched_at)
  WHERE matched_at IS NULL;

CREATE TRIGGER movement_once BEFORE INSERT ON movement
WHEN EXISTS (SELECT 1 FROM movement
             WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER movement_fixed BEFORE UPDATE ON movement
WHEN NEW.provider IS NOT OLD.provider OR NEW.kind IS NOT OLD.kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.at IS NOT OLD.at
  OR (NEW.account_id IS NOT OLD.account_id AND OLD.account_id IS NOT NULL)
  OR (OLD.matched_at IS NOT NULL
      AND (NEW.matched_at IS NOT OLD.matched_at OR NEW.explanation_id IS NOT OLD.explanation_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A movement without a matching row is settled only by an explanation of two operators.
CREATE TRIGGER movement_explain BEFORE UPDATE OF explanation_id ON movement
WHEN NEW.explanation_id IS NOT NULL AND OLD.matched_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE id = NEW.explanation_id AND approved_at = NEW.matched_at);
END;

CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Each day of a currency has a job that reads the bill of that day. The first movement schedules
-- the job of its day, and each job schedules the next one before it does anything else. A movement from before all of them
-- starts again at its own day. Both providers publish the bill of a day at 02:00 UTC of the next
-- day, which is 10:00 in Shanghai.
CREATE TRIGGER movement_reconciled AFTER INSERT ON movement
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'reconcile', NEW.currency || ':' || day, (unixepoch(day, '+1 day') + 7200) * 1000
  FROM (SELECT date(NEW.at / 1000 + iif(NEW.currency = 'CNY', 28800, 0), 'unixepoch') AS day)
  WHERE NOT EXISTS (
    SELECT 1 FROM job
    WHERE kind = 'reconcile'
      AND subject_id BETWEEN NEW.currency || ':' AND NEW.currency || ':' || day);
END;

-- From the first movement on, the self-check runs every night at 19:00 UTC, which is 03:00 in
-- Shanghai.
CREATE TRIGGER movement_self_checked AFTER INSERT ON movement
BEGIN
  INSERT INTO job (kind, subject_id, due_at)
  SELECT 'self_check', 'nightly', ((NEW.at - 68400000) / 86400000 + 1) * 86400000 + 68400000
  WHERE NOT EXISTS (SELECT 1 FROM job WHERE kind = 'self_check' AND subject_id = 'nightly');
END;

-- The bill of a provider for one day and currency, stored after it was read completely.
CREATE TABLE bill (
  provider   TEXT NOT NULL,
  currency   TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  day        TEXT NOT NULL,
  row_count  INTEGER NOT NULL CHECK (row_count >= 0),
  -- Empty if the provider answered that there were no transactions on this day.
  sha256     TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  -- When all its rows had been compared. A row without a movement then waits for the next bill.
  worked_at  INTEGER,
  PRIMARY KEY (provider, currency, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX bill_by_day ON bill (currency, day);

CREATE TRIGGER bill_once BEFORE INSERT ON bill
WHEN EXISTS (SELECT 1 FROM bill WHERE provider = NEW.provider AND currency = NEW.currency
               AND day = NEW.day)
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER bill_fixed BEFORE UPDATE ON bill
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.row_count IS NOT OLD.row_count
  OR NEW.sha256 IS NOT OLD.sha256 OR NEW.fetched_at IS NOT OLD.fetched_at
  OR (OLD.worked_at IS NOT NULL AND NEW.worked_at IS NOT OLD.worked_at)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_no_delete BEFORE DELETE ON bill
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- The rows of a bill.
CREATE TABLE bill_row (
  provider     TEXT NOT NULL,
  currency     TEXT NOT NULL,
  day          TEXT NOT NULL,
  line         INTEGER NOT NULL CHECK (line > 0),
  -- other for every kind that the product does not know.
  kind         TEXT NOT NULL CHECK (kind IN (
    'payment', 'refund', 'payout', 'payout_returned', 'dispute', 'dispute_won', 'other')),
  -- The own word of the provider for the kind.
  provider_kind TEXT NOT NULL CHECK (length(provider_kind) BETWEEN 1 AND 64),
  number       TEXT NOT NULL,
  -- Our order number for a payment, the number of the payment at the provider for a dispute. May be
  -- empty.
  reference    TEXT NOT NULL,
  -- According to the provider.
  at           INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  -- Negative for a fee that was given back.
  fee_minor    INTEGER NOT NULL,
  -- open means not yet compared, or waiting one day for a movement of a neighbouring day.
  state        TEXT NOT NULL CHECK (state IN ('open', 'matched', 'difference', 'explained')),
  -- When the provider was last queried about it, because there was no movement.
  queried_at   INTEGER,
  -- The explanation of two operators that settled it.
  explanation_id TEXT REFERENCES bill_explanation (id),
  PRIMARY KEY (provider, currency, day, line),
  FOREIGN KEY (provider, currency, day) REFERENCES bill (provider, currency, day),
  CONSTRAINT bill_row_amount CHECK (amount_minor <> 0 OR kind = 'other'),
  CONSTRAINT bill_row_explained CHECK ((state = 'explained') = (explanation_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX bill_row_open ON bill_row (provider, currency, day, line)
  WHERE state = 'open';
CREATE INDEX bill_row_unmatched ON bill_row (provider, currency, day, line)
  WHERE state IN ('open', 'difference');
CREATE INDEX bill_row_unmatched_number ON bill_row (provider, kind, number)
  WHERE state IN ('open', 'difference');

-- One row confirms one movement.
CREATE UNIQUE INDEX bill_row_matched ON bill_row (provider, kind, number)
  WHERE state = 'matched';

-- Rows that two operators have explained, few.
CREATE INDEX bill_row_by_explanation ON bill_row (explanation_id)
  WHERE explanation_id IS NOT NULL;

-- The self-check sums the settled rows without reading the others.
CREATE INDEX bill_row_settled
  ON bill_row (provider, currency, amount_minor, fee_minor, state)
  WHERE state IN ('matched', 'explained');

CREATE TRIGGER bill_row_match BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched'
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch') WHERE NOT EXISTS (
    SELECT 1 FROM movement
    WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number
      AND currency = NEW.currency AND amount_minor = NEW.amount_minor
      AND matched_at IS NOT NULL AND explanation_id IS NULL);
END;

CREATE TRIGGER bill_row_fixed BEFORE UPDATE ON bill_row
WHEN NEW.provider IS NOT OLD.provider OR NEW.currency IS NOT OLD.currency
  OR NEW.day IS NOT OLD.day OR NEW.line IS NOT OLD.line OR NEW.kind IS NOT OLD.kind
  OR NEW.provider_kind IS NOT OLD.provider_kind
  OR NEW.number IS NOT OLD.number OR NEW.reference IS NOT OLD.reference
  OR NEW.at IS NOT OLD.at OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.fee_minor IS NOT OLD.fee_minor
  OR (OLD.state IN ('matched', 'explained')
      AND (NEW.state IS NOT OLD.state OR NEW.queried_at IS NOT OLD.queried_at
           OR NEW.explanation_id IS NOT OLD.explanation_id))
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A second row does not replace the one that confirmed the movement.
CREATE TRIGGER bill_row_second BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'matched' AND OLD.state <> 'matched' AND EXISTS (
  SELECT 1 FROM bill_row
  WHERE provider = NEW.provider AND kind = NEW.kind AND number = NEW.number AND state = 'matched')
BEGIN
  SELECT RAISE(ABORT, 'rule:bill_mismatch');
END;

-- Only the explanation of its own difference settles a row without a movement.
CREATE TRIGGER bill_row_explain BEFORE UPDATE OF state ON bill_row
WHEN NEW.state = 'explained' AND OLD.state <> 'explained'
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM bill_explanation AS e JOIN bill_difference AS d ON d.id = e.difference_id
    WHERE e.id = NEW.explanation_id AND e.approved_at IS NOT NULL
      AND d.provider = NEW.provider AND d.currency = NEW.currency
      AND d.day = NEW.day AND d.line = NEW.line);
END;

CREATE TRIGGER bill_row_no_delete BEFORE DELETE ON bill_row
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_row_once BEFORE INSERT ON bill_row
WHEN NEW.state <> 'open' OR EXISTS (
  SELECT 1 FROM bill_row WHERE provider = NEW.provider AND currency = NEW.currency
    AND day = NEW.day AND line = NEW.line)
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A movement or bill row that one side lacks, or that the two sides state differently, until a
-- later bill or two operators explain it. Each row of a bill has its own difference.
CREATE TABLE bill_difference (
  id          TEXT NOT NULL PRIMARY KEY,
  -- duplicate means that a number has more rows than movements.
  kind        TEXT NOT NULL CHECK (kind IN (
    'only_ours', 'only_theirs', 'amount_differs', 'duplicate')),
  provider    TEXT NOT NULL,
  movement_kind TEXT NOT NULL,
  number      TEXT NOT NULL,
  currency    TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- The row. NULL if no bill has one.
  day         TEXT,
  line        INTEGER,
  -- The amount that we booked (for a duplicate, that of the first row) and the amount in the bill.
  -- NULL where that side has no entry.
  ours_minor  INTEGER,
  theirs_minor INTEGER,
  -- The account whose payouts wait until the difference is explained.
  account_id  TEXT REFERENCES official_account (id),
  opened_at   INTEGER NOT NULL,
  closed_at   INTEGER,
  explanation TEXT CHECK (length(explanation) BETWEEN 1 AND 2500),
  FOREIGN KEY (provider, currency, day, line) REFERENCES bill_row (provider, currency, day, line),
  CONSTRAINT bill_difference_closed CHECK ((closed_at IS NULL) = (explanation IS NULL)),
  CONSTRAINT bill_difference_row CHECK (
    (kind = 'only_ours') = (day IS NULL) AND (day IS NULL) = (line IS NULL)),
  CONSTRAINT bill_difference_sides CHECK (
    (kind = 'only_ours') = (theirs_minor IS NULL) AND (kind = 'only_theirs') = (ours_minor IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX bill_difference_by_row
  ON bill_difference (provider, currency, day, line) WHERE day IS NOT NULL;
CREATE UNIQUE INDEX bill_difference_only_ours
  ON bill_difference (provider, movement_kind, number) WHERE kind = 'only_ours';
CREATE INDEX bill_difference_by_number
  ON bill_difference (provider, movement_kind, number);
CREATE INDEX bill_difference_blocks ON bill_difference (account_id)
  WHERE closed_at IS NULL;
CREATE INDEX bill_difference_newest
  ON bill_difference (opened_at DESC, id DESC);

CREATE TRIGGER bill_difference_once BEFORE INSERT ON bill_difference
WHEN EXISTS (SELECT 1 FROM bill_difference WHERE id = NEW.id)
  OR EXISTS (
    SELECT 1 FROM bill_difference
    WHERE provider = NEW.provider AND currency = NEW.currency
      AND day = NEW.day AND line = NEW.line)
  OR (NEW.kind = 'only_ours' AND EXISTS (
    SELECT 1 FROM bill_difference
    WHERE provider = NEW.provider AND movement_kind = NEW.movement_kind
      AND number = NEW.number AND kind = 'only_ours'))
BEGIN
  SELECT RAISE(ABORT, 'rule:exists');
END;

CREATE TRIGGER bill_difference_fixed BEFORE UPDATE ON bill_difference
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.provider IS NOT OLD.provider
  OR NEW.movement_kind IS NOT OLD.movement_kind OR NEW.number IS NOT OLD.number
  OR NEW.currency IS NOT OLD.currency OR NEW.day IS NOT OLD.day OR NEW.line IS NOT OLD.line
  OR NEW.ours_minor IS NOT OLD.ours_minor
  OR NEW.theirs_minor IS NOT OLD.theirs_minor OR NEW.account_id IS NOT OLD.account_id
  OR NEW.opened_at IS NOT OLD.opened_at OR OLD.closed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- A difference ends when its movement is settled in the same batch, or by its own explanation.
CREATE TRIGGER bill_difference_close BEFORE UPDATE OF closed_at ON bill_difference
WHEN OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NOT EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE difference_id = NEW.id AND withdrawn_at IS NULL AND approved_at = NEW.closed_at)
  AND NOT EXISTS (
    SELECT 1 FROM movement
    WHERE provider = NEW.provider AND kind = NEW.movement_kind AND number = NEW.number
      AND matched_at = NEW.closed_at AND NEW.kind IN ('only_ours', 'only_theirs'));
END;

CREATE TRIGGER bill_difference_no_delete BEFORE DELETE ON bill_difference
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- How two operators explain a difference: one chooses a posting with a reason, and another one,
-- who saw the same, approves it.
CREATE TABLE bill_explanation (
  id             TEXT NOT NULL PRIMARY KEY,
  difference_id  TEXT NOT NULL REFERENCES bill_difference (id),
  posting        TEXT NOT NULL CHECK (posting IN (
    'operator_loss', 'provider_fee', 'suspense', 'reversal', 'belongs_to')),
  -- What we booked and the bill lacks. It is debited to the account of the posting. Negative if
  -- the bill has more.
  amount_minor   INTEGER NOT NULL,
  -- The kind and number of the movement that the row belongs to. The kind funds means a transfer
  -- of the own money of the operator, by its reference.
  belongs_kind   TEXT,
  belongs_number TEXT,
  reason         TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of difference, posting, amount and reason. The second operator approves exactly these.
  shown_hash     TEXT NOT NULL,
  proposed_by    TEXT NOT NULL REFERENCES person (id),
  proposed_at    INTEGER NOT NULL,
  approved_by    TEXT REFERENCES person (id),
  approved_at    INTEGER,
  withdrawn_at   INTEGER,
  CONSTRAINT bill_explanation_belongs CHECK (
    (posting = 'belongs_to') = (belongs_kind IS NOT NULL)
    AND (belongs_kind IS NULL) = (belongs_number IS NULL)),
  CONSTRAINT bill_explanation_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT bill_explanation_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX bill_explanation_open ON bill_explanation (difference_id)
  WHERE withdrawn_at IS NULL;

CREATE TRIGGER bill_explanation_once BEFORE INSERT ON bill_explanation
BEGIN
  SELECT RAISE(ABORT, 'rule:exists')
  WHERE EXISTS (SELECT 1 FROM bill_explanation WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'rule:action_open') WHERE EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE difference_id = NEW.difference_id AND withdrawn_at IS NULL);
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NOT NULL;
END;

CREATE TRIGGER bill_explanation_fixed BEFORE UPDATE ON bill_explanation
WHEN NEW.id IS NOT OLD.id OR NEW.difference_id IS NOT OLD.difference_id
  OR NEW.posting IS NOT OLD.posting OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.belongs_kind IS NOT OLD.belongs_kind OR NEW.belongs_number IS NOT OLD.belongs_number
  OR NEW.reason IS NOT OLD.reason OR NEW.shown_hash IS NOT OLD.shown_hash
  OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at
  OR OLD.approved_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER bill_explanation_approve
BEFORE UPDATE OF approved_by ON bill_explanation
WHEN NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

CREATE TRIGGER bill_explanation_no_delete BEFORE DELETE ON bill_explanation
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- Money that the operator adds at a provider or withdraws there, and corrections of such entries.
-- Two operators book it.
CREATE TABLE funds_transfer (
  id           TEXT NOT NULL PRIMARY KEY,
  provider     TEXT NOT NULL,
  currency     TEXT NOT NULL CHECK (currency IN ('CNY', 'USD')),
  -- Positive for money that is added.
  amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
  -- The id of the transfer at the bank or the provider, or of the correction.
  reference    TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 64),
  reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 2500),
  -- SHA-256 of provider, amount, reference and reason. The second operator approves exactly these.
  shown_hash   TEXT NOT NULL,
  proposed_by  TEXT NOT NULL REFERENCES person (id),
  proposed_at  INTEGER NOT NULL,
  approved_by  TEXT REFERENCES person (id),
  approved_at  INTEGER,
  withdrawn_at INTEGER,
  -- The explanation by which a bill row confirmed it.
  explanation_id TEXT REFERENCES bill_explanation (id),
  CONSTRAINT funds_transfer_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT funds_transfer_one_end CHECK (approved_at IS NULL OR withdrawn_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX funds_transfer_by_reference
  ON funds_transfer (provider, reference) WHERE withdrawn_at IS NULL;
CREATE INDEX funds_transfer_by_time ON funds_transfer (proposed_at, id);

CREATE TRIGGER funds_transfer_once BEFORE INSERT ON funds_transfer
BEGIN
  SELECT RAISE(ABORT, 'rule:exists') WHERE EXISTS (
    SELECT 1 FROM funds_transfer
    WHERE id = NEW.id
       OR (provider = NEW.provider AND reference = NEW.reference AND withdrawn_at IS NULL));
  SELECT RAISE(ABORT, 'rule:two_persons')
  WHERE NEW.approved_at IS NOT NULL OR NEW.explanation_id IS NOT NULL;
END;

CREATE TRIGGER funds_transfer_fixed BEFORE UPDATE ON funds_transfer
WHEN NEW.id IS NOT OLD.id OR NEW.provider IS NOT OLD.provider
  OR NEW.currency IS NOT OLD.currency OR NEW.amount_minor IS NOT OLD.amount_minor
  OR NEW.reference IS NOT OLD.reference OR NEW.reason IS NOT OLD.reason
  OR NEW.shown_hash IS NOT OLD.shown_hash OR NEW.proposed_by IS NOT OLD.proposed_by
  OR NEW.proposed_at IS NOT OLD.proposed_at OR OLD.withdrawn_at IS NOT NULL
  OR (OLD.approved_at IS NOT NULL
      AND (NEW.approved_by IS NOT OLD.approved_by OR NEW.approved_at IS NOT OLD.approved_at
           OR NEW.withdrawn_at IS NOT NULL))
  OR OLD.explanation_id IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

CREATE TRIGGER funds_transfer_approve BEFORE UPDATE OF approved_by ON funds_transfer
WHEN NEW.approved_by IS NOT NULL AND OLD.approved_by IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE EXISTS (
    SELECT 1 FROM human AS first JOIN human AS second ON second.human_id = first.human_id
    WHERE first.person_id = OLD.proposed_by AND second.person_id = NEW.approved_by);
END;

-- A transfer is confirmed by a row only after both operators booked it, and by an explanation of
-- two operators.
CREATE TRIGGER funds_transfer_explain
BEFORE UPDATE OF explanation_id ON funds_transfer
WHEN NEW.explanation_id IS NOT NULL AND OLD.explanation_id IS NULL
BEGIN
  SELECT RAISE(ABORT, 'rule:two_persons') WHERE NEW.approved_at IS NULL OR NOT EXISTS (
    SELECT 1 FROM bill_explanation
    WHERE id = NEW.explanation_id AND approved_at IS NOT NULL AND belongs_kind = 'funds');
END;

CREATE TRIGGER funds_transfer_no_delete BEFORE DELETE ON funds_transfer
BEGIN
  SELECT RAISE(ABORT, 'rule:append_only');
END;

-- How often a directive was violated on a day. Reports themselves contain addresses and other texts
-- that anybody can make up, so they are counted and not kept.
CREATE TABLE browser_report (
  day       TEXT NOT NULL CHECK (length(day) = 10),
  directive TEXT NOT NULL CHECK (length(directive) BETWEEN 1 AND 40),
  reports   INTEGER NOT NULL CHECK (reports > 0),
  PRIMARY KEY (day, directive)
) STRICT, WITHOUT ROWID;

-- Each person with the human behind it.
CREATE VIEW human AS
SELECT id AS person_id, coalesce(human_id, id) AS human_id FROM person;

-- Each person with every person of the same human, itself included. Both halves are found by index,
-- while a search of the view above by its computed column reads all persons.
CREATE VIEW human_person AS
SELECT id AS person_id, coalesce(human_id, id) AS same_id FROM person
UNION ALL
SELECT one.id, other.id FROM person AS one
JOIN person AS other ON other.human_id = coalesce(one.human_id, one.id);

-- A version as one JSON document, for statements that return it together with other facts.
CREATE VIEW policy_document AS
SELECT version, currency, effective_from, json_object(
  'version', version, 'currency', currency,
  'praise_min_minor', praise_min_minor, 'praise_cap_minor', praise_cap_minor,
  'reader_day_minor', reader_day_minor, 'guest_day_minor', guest_day_minor,
  'payer_day_minor', payer_day_minor,
  'article_day_minor', article_day_minor, 'writer_day_minor', writer_day_minor,
  'hold_days', hold_days, 'undo_minutes', undo_minutes, 'receivers', receivers,
  'account_day_publications', account_day_publications) AS document
FROM policy;

-- Whether an account can receive, apart from its kind, which is up to the policy. Only the own
-- invitation of its owner counts, because a link between two persons gives neither of them rights.
CREATE VIEW receiving AS
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
CREATE VIEW accepting AS
SELECT receiving.account_id, policy.version AS policy_version,
  receiving.kind = 'individual' OR policy.receivers = 'any' AS kind_allowed,
  receiving.is_on AND receiving.has_card AND receiving.is_invited
    AND (receiving.kind = 'individual' OR policy.receivers = 'any') AS accepts
FROM receiving
JOIN official_account AS account ON account.id = receiving.account_id
JOIN policy ON policy.currency = account.currency;

-- The day and the month of a human as far as they are used, with every limit that applies.
CREATE VIEW reader_room AS
SELECT one.person_id, one.currency, one.day,
  (SELECT sum(other.reserved_minor) FROM reader_day AS other
   WHERE other.currency = one.currency AND other.day = one.day
     AND other.person_id IN (SELECT id FROM person WHERE id = human.human_id
                             UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS day_minor,
  (SELECT sum(other.reserved_minor) FROM reader_day AS other
   WHERE other.currency = one.currency
     AND other.day BETWEEN substr(one.day, 1, 7) || '-01' AND substr(one.day, 1, 7) || '-31'
     AND other.person_id IN (SELECT id FROM person WHERE id = human.human_id
                             UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS month_minor,
  iif(person.kind = 'guest', policy.guest_day_minor, policy.reader_day_minor)
    AS day_cap_minor,
  (SELECT min(limit_minor) FROM reader_limit
   WHERE reader_limit.currency = one.currency AND scope = 'day'
     AND person_id IN (SELECT id FROM person WHERE id = human.human_id
                       UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS own_day_minor,
  (SELECT min(limit_minor) FROM reader_limit
   WHERE reader_limit.currency = one.currency AND scope = 'month'
     AND person_id IN (SELECT id FROM person WHERE id = human.human_id
                       UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS own_month_minor
FROM reader_day AS one
JOIN person ON person.id = one.person_id
JOIN human ON human.person_id = one.person_id
JOIN policy ON policy.version = one.policy_version AND policy.currency = one.currency;

-- The day of a writer, summed over all persons of the human.
CREATE VIEW writer_room AS
SELECT one.person_id, one.currency, one.day,
  (SELECT sum(other.booked_minor) FROM writer_day AS other
   WHERE other.currency = one.currency AND other.day = one.day
     AND other.person_id IN (SELECT id FROM person WHERE id = human.human_id
                             UNION ALL SELECT id FROM person WHERE human_id = human.human_id))
    AS booked_minor,
  policy.writer_day_minor
FROM writer_day AS one
JOIN human ON human.person_id = one.person_id
JOIN policy ON policy.version = one.policy_version AND policy.currency = one.currency;

-- The cards that a writer has to confirm by attaching them again: since they were attached, the bank
-- of the writer has sent a payout back.
CREATE VIEW card_unconfirmed AS
SELECT card.id AS card_id FROM bank_card AS card
WHERE EXISTS (
  SELECT 1 FROM payout
  WHERE payout.account_id = card.account_id AND payout.state = 'sent_back'
    AND payout.state_at > card.attached_at AND payout.state_reason <> 'never_left');

-- The accounts for which an operator has an open task about a transfer that was booked as failed
-- and may have arrived after all.
CREATE VIEW payout_in_doubt AS
SELECT payout.account_id
FROM operator_task AS task
JOIN payout_part AS part ON part.id = task.subject_id
JOIN payout ON payout.id = part.payout_id
WHERE task.kind = 'payout_contradicted' AND task.closed_at IS NULL;

-- The praises whose payment the bank of the reader has taken back for good. If such a praise was
-- already paid out, the writer owes its amount. If the bank of the writer then sends the payout
-- back, the praise is due again. Its amount pays this debt, or replaces what other praises have paid
-- of it. The reader already has the money, so a freeze of the article neither stops nor returns the
-- praise.
CREATE VIEW lost_praise AS
SELECT praise_id FROM dispute WHERE state = 'lost' AND praise_id IS NOT NULL;

-- What a writer owes now. A praise that was lost while its payout is on the way is owed only when
-- the payout has arrived. Until then no other praise pays for it, so that it can still end as
-- lost. A praise that was lost before its payout was queued is owed already.
CREATE VIEW writer_owes AS
SELECT debt.owner AS account_id, debt.currency,
       iif(debt.balance_minor = 0, 0, debt.balance_minor - coalesce((
         SELECT sum(praise.amount_minor)
         FROM praise JOIN dispute ON dispute.payment_id = praise.payment_id
         WHERE praise.account_id = debt.owner AND praise.state = 'in_payout'
           AND praise.currency = debt.currency AND dispute.state = 'lost'
           AND dispute.state_at >= praise.state_at), 0)) AS owed_minor
FROM ledger_balance AS debt WHERE debt.account = 'writer_debt';
