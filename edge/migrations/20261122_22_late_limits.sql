-- Money for an attempt that has ended asks every limit of its reader again: also what the reader gives
-- at once, which no counter of a day or a month knows.

CREATE TRIGGER intent_late_limit BEFORE UPDATE OF state ON intent
WHEN NEW.state = 'paid' AND OLD.state IN ('declined', 'expired')
BEGIN
  SELECT RAISE(ABORT, 'rule:reader_own_praise') WHERE EXISTS (
    SELECT 1 FROM reader_limit JOIN human ON human.person_id = reader_limit.person_id
    WHERE scope = 'praise' AND currency = NEW.currency AND limit_minor < NEW.amount_minor
      AND human.human_id = (SELECT human_id FROM human WHERE person_id = NEW.person_id));
END;
