-- What is said of one payment is acted on in one go: its checkout, its charge, its refunds and its disputes.
ALTER TABLE stripe_events ADD COLUMN subject_id text;
UPDATE stripe_events SET subject_id = object_id;
ALTER TABLE stripe_events ALTER COLUMN subject_id SET NOT NULL;

DROP INDEX stripe_events_unfinished_idx;
CREATE INDEX stripe_events_unfinished_idx ON stripe_events (subject_id) WHERE status IN ('received', 'failed');

-- Adds a job; one that waits under the same key is replaced. A job that a worker is taking this very moment is neither
-- replaced nor joined by another: the queue answers nothing then, and what was to be done would be forgotten if the worker
-- has looked already. Asked again, it sees that the job is taken and adds a new one.
CREATE FUNCTION enqueue_job(
  identifier text, payload json, job_key text, max_attempts integer, run_at timestamptz DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  job_id bigint;
BEGIN
  FOR attempt IN 1..5 LOOP
    SELECT job.id INTO job_id FROM graphile_worker.add_job(
      enqueue_job.identifier, payload := enqueue_job.payload, run_at := enqueue_job.run_at,
      max_attempts := enqueue_job.max_attempts, job_key := enqueue_job.job_key) job;
    IF job_id IS NOT NULL THEN
      RETURN job_id;
    END IF;
  END LOOP;
  RAISE EXCEPTION 'the queue took no job %', enqueue_job.job_key USING ERRCODE = 'serialization_failure';
END $$;
