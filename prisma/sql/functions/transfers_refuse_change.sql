-- Refuses to change or delete what says why credits went from one pool to another.
CREATE OR REPLACE FUNCTION transfers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'transfers are kept: they say why credits moved' USING ERRCODE = 'restrict_violation';
END $$;
