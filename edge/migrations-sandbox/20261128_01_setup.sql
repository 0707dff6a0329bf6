-- The sandbox provider: its settings, the people who can sign in, and the faults it was told to
-- make. The product never reads this database. The two talk through the provider interface and
-- signed messages.

-- Settings by name, such as the offset of the movable clock.
CREATE TABLE IF NOT EXISTS sandbox_setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Several sign-ins may share a subject. They are one person.
CREATE TABLE IF NOT EXISTS sandbox_sign_in (
  login   TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  label   TEXT NOT NULL,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'operator')),
  lang    TEXT NOT NULL CHECK (lang IN ('zh-Hans', 'en')),
  place   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Faults requested through the control API, used up one by one.
CREATE TABLE IF NOT EXISTS sandbox_fault (
  operation TEXT NOT NULL,
  fault     TEXT NOT NULL,
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  PRIMARY KEY (operation, fault)
) STRICT, WITHOUT ROWID;
