-- A copy of the payment methods that a team's customer has at Stripe, so that no page waits for Stripe. What Stripe has
-- decides: rows are written as they were read there, and are deleted when they are gone there.
CREATE TABLE payment_methods (
  team_id uuid NOT NULL REFERENCES teams,
  id text NOT NULL CHECK (length(id) BETWEEN 4 AND 255),
  -- Whose it is at Stripe. A copy of a customer that was replaced counts for nothing.
  customer_id text NOT NULL,
  type text NOT NULL,
  brand text,
  last4 text,
  exp_month smallint CHECK (exp_month BETWEEN 1 AND 12),
  exp_year smallint CHECK (exp_year BETWEEN 1970 AND 9999),
  -- The same for the same card number, however often it is added.
  fingerprint text,
  -- What people know it by when it isn't a card, such as an e-mail address.
  label text,
  is_default boolean NOT NULL,
  created_at timestamptz NOT NULL,
  -- Somebody is taking it away. It no longer counts as one that is left.
  removing_at timestamptz,
  PRIMARY KEY (team_id, id),
  CONSTRAINT payment_methods_card_is_whole CHECK (
    (type = 'card' AND num_nulls(brand, last4, exp_month, exp_year) = 0)
    OR (type <> 'card' AND num_nonnulls(brand, last4, exp_month, exp_year) = 0)
  )
);
CREATE UNIQUE INDEX payment_methods_one_default ON payment_methods (team_id) WHERE is_default;
