-- Refuses whoever isn't a function of the ledger. Each of those names itself in the setting ledger.writer for as long
-- as it runs. That keeps mistakes out, not whoever owns the database.
CREATE OR REPLACE FUNCTION ledger_refuse_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are written by the ledger''s functions only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
