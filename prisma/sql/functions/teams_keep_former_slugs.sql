-- Refuses an address that another team had: its old links lead there for ever.
CREATE OR REPLACE FUNCTION teams_keep_former_slugs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM former_slugs f WHERE f.slug = NEW.slug AND f.team_id <> NEW.id) THEN
    RAISE EXCEPTION 'another team had this address' USING ERRCODE = 'unique_violation', CONSTRAINT = 'former_slugs_pkey';
  END IF;
  RETURN NULL;
END $$;
