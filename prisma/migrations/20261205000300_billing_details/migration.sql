-- Our copy of what Stripe's receipts and invoices say about a team. A field that wasn't given is null.
CREATE TABLE billing_details (
  team_id uuid PRIMARY KEY REFERENCES teams,
  -- Where receipts and billing notices go. Null: to the buyer or the Owner.
  email text CHECK (email = lower(email) AND length(email) <= 254),
  company text CHECK (length(company) BETWEEN 1 AND 150),
  line1 text CHECK (length(line1) BETWEEN 1 AND 200),
  line2 text CHECK (length(line2) BETWEEN 1 AND 200),
  city text CHECK (length(city) BETWEEN 1 AND 100),
  state text CHECK (length(state) BETWEEN 1 AND 100),
  postal_code text CHECK (length(postal_code) BETWEEN 1 AND 20),
  country text CHECK (country ~ '^[A-Z]{2}$'),
  tax_id_type text CHECK (tax_id_type ~ '^[a-z_]{3,20}$'),
  tax_id_value text CHECK (length(tax_id_value) BETWEEN 1 AND 50),
  updated_at timestamptz NOT NULL,
  CONSTRAINT billing_details_tax_id_whole CHECK ((tax_id_type IS NULL) = (tax_id_value IS NULL)),
  CONSTRAINT billing_details_address_has_country
    CHECK (country IS NOT NULL OR coalesce(line1, line2, city, state, postal_code) IS NULL)
);
