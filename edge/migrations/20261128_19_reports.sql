-- What browsers report about violations of the content security policy.

-- How often a directive was violated on a day. Reports themselves contain addresses and other texts
-- that anybody can make up, so they are counted and not kept.
CREATE TABLE IF NOT EXISTS browser_report (
  day       TEXT NOT NULL CHECK (length(day) = 10),
  directive TEXT NOT NULL CHECK (length(directive) BETWEEN 1 AND 40),
  reports   INTEGER NOT NULL CHECK (reports > 0),
  PRIMARY KEY (day, directive)
) STRICT, WITHOUT ROWID;
