import { expect, test } from "vitest"
import { createTestTeam } from "@/dev/testing/teams"
import { testDatabase } from "@/dev/testing/world"
import { DAY_MS } from "@/lib/clock"
import { cleanUp } from "./clean-up"

const world = testDatabase()

test("removes ended sessions, old links and past counters, and nothing else", async () => {
  const { db } = world
  const now = new Date()
  const at = (days: number) => new Date(now.getTime() + days * DAY_MS)
  const { owner } = await createTestTeam(db)
  for (const days of [-1, 1]) {
    await db.session.create({
      data: { tokenHash: `session ${days}`, userId: owner.userId, expiresAt: at(days) },
    })
    await db.verificationToken.create({
      data: { identifier: "a@example.com", tokenHash: `link ${days}`, expiresAt: at(days) },
    })
  }
  for (const days of [-2, 0])
    await db.rateLimit.create({ data: { subject: `counter ${days}`, windowStart: at(days), attempts: 1 } })

  await cleanUp({ db, now })

  expect((await db.session.findMany()).map(({ tokenHash }) => tokenHash)).toEqual(["session 1"])
  expect((await db.verificationToken.findMany()).map(({ tokenHash }) => tokenHash)).toEqual(["link 1"])
  expect((await db.rateLimit.findMany()).map(({ subject }) => subject)).toEqual(["counter 0"])
})

test("removes failed jobs that a newer one has replaced, and leaves those that were given up", async () => {
  const { db } = world
  const add = (subjectId: string) =>
    db.$queryRaw`SELECT enqueue_job('process-stripe-events', ${JSON.stringify({ subjectId })}::json, ${subjectId}, 25)`
  for (const subject of ["replaced", "given up"]) await add(subject)
  await db.$executeRaw`UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'w' WHERE key = 'replaced'`
  await add("replaced")
  // When it fails, the queue unlocks it and counts the attempt.
  await db.$executeRaw`UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL WHERE key IS NULL`
  await db.$executeRaw`UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE key = 'given up'`
  const keys = () => db.$queryRaw`SELECT key FROM graphile_worker.jobs ORDER BY key`
  expect(await keys()).toEqual([{ key: "given up" }, { key: "replaced" }, { key: null }])

  await cleanUp({ db, now: new Date() })

  expect(await keys()).toEqual([{ key: "given up" }, { key: "replaced" }])
})
