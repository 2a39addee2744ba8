-- Adds a job and returns its id. A job that waits under the same key is replaced.
-- A job that a worker is taking at this moment is neither replaced nor joined by another: the queue then returns
-- nothing, and if the worker has already looked, the work would be forgotten. Asked again, the queue sees that the
-- job is taken and adds a new one.
CREATE OR REPLACE FUNCTION enqueue_job(
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
