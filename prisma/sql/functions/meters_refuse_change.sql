-- Refuses to change or delete a meter: its terms are what usage was charged at.
CREATE OR REPLACE FUNCTION meters_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a meter keeps its terms: they are what usage was charged at' USING ERRCODE = 'restrict_violation';
END $$;
