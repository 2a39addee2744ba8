-- Whose an event may be, as it says itself: a hint for finding the team when the object that it names has lost its
-- customer, as a detached card has. What is written is always read again from Stripe.
ALTER TABLE stripe_events ADD COLUMN customer_id text;
CREATE INDEX stripe_events_failed_idx ON stripe_events (customer_id) WHERE status = 'failed';

-- What we keep a copy of at Stripe is read there as a whole. Two reads may end in another order than they began; each
-- takes a number before it begins, and is written down only if none with a later number was.
CREATE TABLE customer_snapshots (
  team_id uuid NOT NULL REFERENCES teams,
  kind text NOT NULL CHECK (kind IN ('payment_methods', 'subscription')),
  last_begun bigint NOT NULL CHECK (last_begun >= 0),
  last_written bigint NOT NULL DEFAULT 0 CHECK (last_written BETWEEN 0 AND last_begun),
  PRIMARY KEY (team_id, kind)
);
