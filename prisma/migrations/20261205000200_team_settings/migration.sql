-- What a team settles about itself.

ALTER TABLE teams
  -- Null: UTC.
  ADD COLUMN time_zone text CONSTRAINT teams_time_zone_length CHECK (length(time_zone) BETWEEN 1 AND 64);

-- Addresses that teams had before. Looked up before the team is known, as teams.slug is.
CREATE TABLE former_slugs (
  slug text PRIMARY KEY,
  team_id uuid NOT NULL REFERENCES teams,
  replaced_at timestamptz NOT NULL
);
CREATE INDEX former_slugs_team_idx ON former_slugs (team_id);

-- Refuses an address that another team had: its old links lead there for ever.
CREATE OR REPLACE FUNCTION teams_keep_former_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM former_slugs f WHERE f.slug = NEW.slug AND f.team_id <> NEW.id) THEN
    RAISE EXCEPTION 'another team had this address' USING ERRCODE = 'unique_violation', CONSTRAINT = 'former_slugs_pkey';
  END IF;
  RETURN NULL;
END $$;

-- A former address is never given to another team. After the write, because a team that takes an address waits there
-- for one that is giving it up.
CREATE TRIGGER teams_keep_former_slugs AFTER INSERT OR UPDATE OF slug ON teams
  FOR EACH ROW EXECUTE FUNCTION teams_keep_former_slugs();

DROP TRIGGER teams_change_metering ON teams;
-- A team's plan, threshold, reserve, anchor, name, address and end hold from the next request.
CREATE TRIGGER teams_change_metering BEFORE UPDATE ON teams
  FOR EACH ROW
  WHEN ((OLD.plan, OLD.low_balance_threshold_nanos, OLD.owner_reserve_nanos, OLD.period_anchor, OLD.name, OLD.slug, OLD.deleted_at)
    IS DISTINCT FROM
    (NEW.plan, NEW.low_balance_threshold_nanos, NEW.owner_reserve_nanos, NEW.period_anchor, NEW.name, NEW.slug, NEW.deleted_at))
  EXECUTE FUNCTION teams_change_metering();
