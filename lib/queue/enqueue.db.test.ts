import { expect, test } from "vitest"
import { connect, untilWaiting } from "@/dev/testing/sql"
import { testDatabase } from "@/dev/testing/world"
import { enqueueJob } from "./enqueue"

const world = testDatabase()

const enqueue = (subjectId: string) =>
  world.db.$transaction((tx) =>
    enqueueJob(tx, "process-stripe-events", { subjectId }, { key: `stripe-events:${subjectId}` }),
  )
const jobsOf = (subjectId: string) =>
  world.db.$queryRaw<{ key: string | null; taken: boolean }[]>`
    SELECT key, locked_at IS NOT NULL AS taken FROM graphile_worker._private_jobs
    WHERE payload->>'subjectId' = ${subjectId} ORDER BY id`

test("a job is added though a worker is taking its like this very moment", async () => {
  await enqueue("pi_taken")
  const taking = await connect(world)
  const watching = await connect(world)
  try {
    await taking.query("BEGIN")
    await taking.query(
      "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'w', attempts = 1 WHERE key = 'stripe-events:pi_taken'",
    )
    const added = enqueue("pi_taken")
    await untilWaiting(watching)
    await taking.query("COMMIT")
    await added
  } finally {
    await taking.end()
    await watching.end()
  }
  expect(await jobsOf("pi_taken")).toEqual([
    { key: null, taken: true },
    { key: "stripe-events:pi_taken", taken: false },
  ])
})

test("a job that still waits is the one that is enqueued again", async () => {
  await enqueue("pi_waiting")
  await enqueue("pi_waiting")
  expect(await jobsOf("pi_waiting")).toEqual([{ key: "stripe-events:pi_waiting", taken: false }])
})
