-- The sandbox provider's own world: who can sign in, its orders, its messages, its clock. The
-- product never reads it; the two talk through the provider's interface and signed messages.

CREATE TABLE sandbox_setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Several sign-ins may share a subject: they are one person.
CREATE TABLE sandbox_sign_in (
  login   TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  label   TEXT NOT NULL,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL CHECK (role IN ('reader', 'writer', 'operator')),
  lang    TEXT NOT NULL CHECK (lang IN ('zh-Hans', 'en')),
  place   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sandbox_order (
  number         TEXT NOT NULL PRIMARY KEY,
  -- The first request, byte for byte: the same number with another body is refused.
  request        TEXT NOT NULL,
  amount_minor   INTEGER NOT NULL,
  currency       TEXT NOT NULL,
  payee          TEXT NOT NULL,
  description    TEXT NOT NULL,
  return_url     TEXT NOT NULL,
  expires_at     INTEGER NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('open', 'paid', 'declined', 'closed')),
  transaction_id TEXT UNIQUE,
  paid_at        INTEGER,
  paid_minor     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sandbox_refund (
  number       TEXT NOT NULL PRIMARY KEY,
  order_number TEXT NOT NULL REFERENCES sandbox_order (number),
  amount_minor INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('succeeded')),
  at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Faults that the control API has ordered, used up one by one.
CREATE TABLE sandbox_fault (
  operation TEXT NOT NULL,
  fault     TEXT NOT NULL,
  remaining INTEGER NOT NULL CHECK (remaining >= 0),
  PRIMARY KEY (operation, fault)
) STRICT, WITHOUT ROWID;
