-- What is said of one payment is acted on in one go: its checkout, its charge, its refunds and its disputes.
ALTER TABLE stripe_events ADD COLUMN subject_id text;
UPDATE stripe_events SET subject_id = object_id;
ALTER TABLE stripe_events ALTER COLUMN subject_id SET NOT NULL;

DROP INDEX stripe_events_unfinished_idx;
CREATE INDEX stripe_events_unfinished_idx ON stripe_events (subject_id) WHERE status IN ('received', 'failed');
