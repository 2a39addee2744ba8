-- Refuses to delete a grant: grants say which money paid for what.
CREATE OR REPLACE FUNCTION grants_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'grants are kept: they say which money paid for what' USING ERRCODE = 'restrict_violation';
END $$;
