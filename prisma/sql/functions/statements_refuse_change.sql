-- Refuses to change or delete what a statement says. A correction is an entry of a later month.
CREATE OR REPLACE FUNCTION statements_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a statement never changes' USING ERRCODE = 'restrict_violation';
END $$;
