-- The wall of an article: who praised it. Triggers maintain it, and the self-check recomputes it.

-- One row per article and person who ever praised it. Praises that were returned, disputed or
-- lost do not count.
CREATE TABLE IF NOT EXISTS wall_person (
  article_id      TEXT NOT NULL REFERENCES article (id),
  person_id       TEXT NOT NULL REFERENCES person (id),
  standing        INTEGER NOT NULL CHECK (standing >= 0),
  standing_public INTEGER NOT NULL CHECK (standing_public BETWEEN 0 AND standing),
  -- When the newest of the public praises that still count was booked.
  public_at       INTEGER,
  PRIMARY KEY (article_id, person_id),
  CHECK ((standing_public > 0) = (public_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS wall_newest ON wall_person (article_id, public_at DESC, person_id DESC)
  WHERE public_at IS NOT NULL;

-- How many persons are on the wall of an article.
CREATE TABLE IF NOT EXISTS wall_count (
  article_id     TEXT NOT NULL PRIMARY KEY REFERENCES article (id),
  persons        INTEGER NOT NULL CHECK (persons >= 0),
  persons_public INTEGER NOT NULL CHECK (persons_public BETWEEN 0 AND persons)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS wall_praise_born AFTER INSERT ON praise
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

CREATE TRIGGER IF NOT EXISTS wall_praise_changed AFTER UPDATE OF state, visibility ON praise
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

CREATE TRIGGER IF NOT EXISTS wall_person_new AFTER INSERT ON wall_person
BEGIN
  INSERT INTO wall_count (article_id, persons, persons_public)
  VALUES (NEW.article_id, NEW.standing > 0, NEW.standing_public > 0)
  ON CONFLICT (article_id) DO UPDATE SET
    persons = persons + excluded.persons,
    persons_public = persons_public + excluded.persons_public;
END;

CREATE TRIGGER IF NOT EXISTS wall_person_changed AFTER UPDATE ON wall_person
BEGIN
  UPDATE wall_count SET
    persons = persons + (NEW.standing > 0) - (OLD.standing > 0),
    persons_public = persons_public + (NEW.standing_public > 0) - (OLD.standing_public > 0)
  WHERE article_id = NEW.article_id;
END;
