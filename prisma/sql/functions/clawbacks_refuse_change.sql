-- Refuses to change or delete what says why credits were taken back.
CREATE OR REPLACE FUNCTION clawbacks_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are kept: they say why credits were taken back', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
