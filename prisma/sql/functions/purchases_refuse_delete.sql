-- Refuses to delete a purchase.
CREATE OR REPLACE FUNCTION purchases_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'purchases are kept' USING ERRCODE = 'restrict_violation';
END $$;
