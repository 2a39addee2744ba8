-- Refuses to change or delete what says why usage was taken back, and where its credits went.
CREATE OR REPLACE FUNCTION usage_reversals_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'reversals of usage are kept: they say why credits came back' USING ERRCODE = 'restrict_violation';
END $$;
