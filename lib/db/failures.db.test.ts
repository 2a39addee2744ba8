import { expect, test } from "vitest"
import { testDatabase } from "@/dev/testing/world"
import type { Tx } from "./client"
import { isPassingFailure } from "./failures"

const world = testDatabase()

const failureOf = (work: (tx: Tx) => Promise<unknown>) =>
  world.db.$transaction(work).then(
    () => null,
    (error: unknown) => error,
  )

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  [
    "write to a server that became the read-only one",
    async (tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`
      await tx.team.updateMany({ data: { name: "Another" } })
    },
  ],
  [
    "raw write to it",
    async (tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`
      await tx.$executeRaw`UPDATE teams SET name = 'Another'`
    },
  ],
  [
    "query that takes too long",
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 20`
      await tx.$queryRaw`SELECT pg_sleep(5)::text`
    },
  ],
  [
    "query on a connection that is ended",
    (tx) => tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`,
  ],
])("Prisma’s %s is a passing failure", async (_, work) => {
  const failure = await failureOf(work)
  expect(failure).toBeInstanceOf(Error)
  expect(isPassingFailure(failure)).toBe(true)
})

test("Prisma’s query that is wrong is not", async () => {
  const failure = await failureOf((tx) => tx.$queryRaw`SELECT nothing FROM teams`)
  expect(failure).toBeInstanceOf(Error)
  expect(isPassingFailure(failure)).toBe(false)
})
