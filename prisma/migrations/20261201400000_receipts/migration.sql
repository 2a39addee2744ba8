-- A plan's receipt says what became of its payment, as a purchase's does.
ALTER TABLE refunds ADD COLUMN invoice_id text;
CREATE INDEX refunds_by_invoice ON refunds (team_id, invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX disputes_by_invoice ON disputes (team_id, invoice_id) WHERE invoice_id IS NOT NULL;

-- How much of the invoice the customer's credit at Stripe has paid, in the currency's smallest unit.
ALTER TABLE invoices ADD COLUMN from_credit_minor bigint NOT NULL DEFAULT 0 CHECK (from_credit_minor >= 0);

-- What Stripe takes off the customer's next invoices, such as what a smaller plan has left over.
ALTER TABLE stripe_customers ADD COLUMN credit_nanos bigint NOT NULL DEFAULT 0 CHECK (credit_nanos >= 0);
