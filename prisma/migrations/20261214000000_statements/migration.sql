-- A calendar month of UTC of a team, as the ledger had it when the month was over. Names and addresses are kept as they were.
CREATE TABLE statements (
  team_id uuid NOT NULL REFERENCES teams,
  id uuid NOT NULL DEFAULT uuidv7(),
  month date NOT NULL CHECK (month = date_trunc('month', month)::date),
  -- Counts a team's statements without a gap.
  no integer NOT NULL CHECK (no > 0),
  team_name text NOT NULL,
  -- Whom it is for, and who provides the credits.
  recipient jsonb NOT NULL CHECK (jsonb_typeof(recipient) = 'object'),
  provider jsonb NOT NULL CHECK (jsonb_typeof(provider) = 'object'),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (team_id, id),
  CONSTRAINT statements_once_a_month UNIQUE (team_id, month),
  CONSTRAINT statements_numbered_once UNIQUE (team_id, no)
);

-- What moved one bucket of a pool in the month, by the kind of the entries.
CREATE TABLE statement_balances (
  team_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  pool_no integer NOT NULL,
  bucket bucket NOT NULL,
  pool_id uuid NOT NULL,
  -- Null for the pool that an Enterprise team shares.
  holder_name text,
  -- The pool's last entry of the month, in either bucket. The next month begins after it.
  last_seq bigint NOT NULL,
  opening_nanos bigint NOT NULL,
  purchase_nanos bigint NOT NULL,
  auto_top_up_nanos bigint NOT NULL,
  promotion_nanos bigint NOT NULL,
  included_grant_nanos bigint NOT NULL,
  consumption_nanos bigint NOT NULL,
  consumption_reversal_nanos bigint NOT NULL,
  refund_nanos bigint NOT NULL,
  dispute_nanos bigint NOT NULL,
  dispute_reversal_nanos bigint NOT NULL,
  expiry_nanos bigint NOT NULL,
  transfer_nanos bigint NOT NULL,
  adjustment_nanos bigint NOT NULL,
  closing_nanos bigint NOT NULL,
  PRIMARY KEY (team_id, statement_id, pool_no, bucket),
  FOREIGN KEY (team_id, statement_id) REFERENCES statements (team_id, id),
  FOREIGN KEY (team_id, pool_id) REFERENCES pools (team_id, id),
  -- The opening balance is the statement before's, the closing one the ledger's own. Whatever lies between has to make up for
  -- the difference, to the nano.
  CONSTRAINT statement_balances_add_up CHECK (
    opening_nanos + purchase_nanos + auto_top_up_nanos + promotion_nanos + included_grant_nanos + consumption_nanos
      + consumption_reversal_nanos + refund_nanos + dispute_nanos + dispute_reversal_nanos + expiry_nanos + transfer_nanos
      + adjustment_nanos = closing_nanos
  )
);

-- What was used in the month, by consumable and member.
CREATE TABLE statement_usage (
  team_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  pool_no integer NOT NULL,
  place integer NOT NULL,
  consumable text NOT NULL,
  consumable_name text NOT NULL,
  decimals smallint NOT NULL,
  -- Null for usage that no member caused.
  member_id uuid,
  member_name text,
  records bigint NOT NULL,
  quantity bigint NOT NULL,
  allowance_quantity bigint NOT NULL,
  included_nanos bigint NOT NULL,
  credits_nanos bigint NOT NULL,
  PRIMARY KEY (team_id, statement_id, pool_no, place),
  FOREIGN KEY (team_id, statement_id) REFERENCES statements (team_id, id),
  CONSTRAINT statement_usage_names_its_member CHECK ((member_id IS NULL) = (member_name IS NULL))
);

-- The payments of the month, and the money that went back.
CREATE TABLE statement_payments (
  team_id uuid NOT NULL,
  statement_id uuid NOT NULL,
  pool_no integer NOT NULL,
  -- Its entry in the pool.
  seq bigint NOT NULL,
  kind entry_kind NOT NULL,
  occurred_at timestamptz NOT NULL,
  amount_nanos bigint NOT NULL,
  -- All that was paid, with tax. Null for money that went back.
  paid_nanos bigint,
  -- Null where Stripe made no invoice, or hadn't told us its number yet.
  invoice_number text,
  payment_id text,
  PRIMARY KEY (team_id, statement_id, pool_no, seq),
  FOREIGN KEY (team_id, statement_id) REFERENCES statements (team_id, id)
);

-- Refuses to change or delete what a statement says. A correction is an entry of a later month.
CREATE OR REPLACE FUNCTION statements_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a statement never changes' USING ERRCODE = 'restrict_violation';
END $$;

-- A statement is never changed or deleted.
CREATE TRIGGER statements_append_only BEFORE UPDATE OR DELETE ON statements
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
-- A statement is never changed or deleted.
CREATE TRIGGER statements_no_truncate BEFORE TRUNCATE ON statements
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();

-- A statement is never changed or deleted.
CREATE TRIGGER statement_balances_append_only BEFORE UPDATE OR DELETE ON statement_balances
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
-- A statement is never changed or deleted.
CREATE TRIGGER statement_balances_no_truncate BEFORE TRUNCATE ON statement_balances
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();

-- A statement is never changed or deleted.
CREATE TRIGGER statement_usage_append_only BEFORE UPDATE OR DELETE ON statement_usage
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
-- A statement is never changed or deleted.
CREATE TRIGGER statement_usage_no_truncate BEFORE TRUNCATE ON statement_usage
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();

-- A statement is never changed or deleted.
CREATE TRIGGER statement_payments_append_only BEFORE UPDATE OR DELETE ON statement_payments
  FOR EACH ROW EXECUTE FUNCTION statements_refuse_change();
-- A statement is never changed or deleted.
CREATE TRIGGER statement_payments_no_truncate BEFORE TRUNCATE ON statement_payments
  FOR EACH STATEMENT EXECUTE FUNCTION statements_refuse_change();

-- A key that was made before doesn't have the new scope.
ALTER TABLE api_keys DROP CONSTRAINT api_keys_scopes_known, ADD CONSTRAINT api_keys_scopes_known CHECK (
  scopes <@ '{usage:write,usage:reverse,usage:read,balance:read,transactions:read,statements:read,agent:run}'::text[]
    AND cardinality(scopes) > 0
);
