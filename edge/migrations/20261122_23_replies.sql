-- What a writer says to somebody who praised: once, and what was said stays said.

CREATE TABLE praise_reply (
  praise_id  TEXT NOT NULL PRIMARY KEY REFERENCES praise (id),
  text       TEXT NOT NULL CHECK (
    length(text) BETWEEN 1 AND 1120 AND length(CAST(text AS BLOB)) <= 4480),
  replied_at INTEGER NOT NULL
) STRICT;

-- Not before the writer sees the praise, and not once it has gone back. Its reader may have it back
-- later; what was said was said.
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
