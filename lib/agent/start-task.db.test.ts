import { describe, expect, test } from "vitest"
import { credit, readPool, usd } from "@/dev/testing/ledger"
import { createPayingTeam, interceptedConnections, testMetering } from "@/dev/testing/metering"
import { testDatabase } from "@/dev/testing/world"
import { HOUR_MS } from "@/lib/clock"
import { UnavailableError } from "@/lib/errors"
import { Metering } from "@/lib/metering/metering"
import { MAX_HOLD_MS } from "@/lib/metering/open-hold"
import { cancelTask } from "./finish-task"
import { startTask, type TaskRequest } from "./start-task"

const world = testDatabase()
const meterings = testMetering(world)
const now = () => new Date()

const requestOf = (more: Partial<TaskRequest> = {}): TaskRequest => ({
  key: "a run",
  title: "A run",
  cause: { trigger: "api_key", user: null, apiKeyId: null },
  estimate: { consumable: "sms", quantity: 100n },
  authorise: () => undefined,
  toDocument: () => ({ code: "insufficient_credits" }),
  ...more,
})

const openHolds = (teamId: string) => world.db.hold.count({ where: { teamId, status: "open" } })
const tasksOf = (teamId: string) => world.db.agentTask.findMany({ where: { teamId } })

/** A process that pauses for `meanwhile` before it first sends this statement. */
function interrupted(statement: string, meanwhile: () => Promise<void>): Metering {
  let isDone = false
  return new Metering(
    interceptedConnections(meterings.connect(), async ({ name }, run) => {
      if (!isDone && name === statement) {
        isDone = true
        await meanwhile()
      }
      return run()
    }),
  )
}

test("a start that is refused in the moment of a top-up leaves nothing set aside for a failed task", async () => {
  const { team, pool } = await createPayingTeam(world, 0n)
  const other = meterings.start()
  let others: Promise<unknown> | undefined
  const metering = interrupted("agent_tasks_insert", async () => {
    // Not awaited here: the top-up waits for the pool's lock, which the refused start holds.
    others = credit(world.db, pool, usd(5)).then(() => startTask(other, team.id, requestOf(), now()))
  })
  const { task } = await startTask(metering, team.id, requestOf(), now())
  expect(task).toMatchObject({ state: "FAILED", holdId: null })
  expect(await others).toEqual({ task, replayed: true })
  expect(await openHolds(team.id)).toBe(0)
})

test("twenty starts at once with one key are one task and one hold", async () => {
  const { team } = await createPayingTeam(world, usd(50))
  const processes = meterings.startMany(4)
  const started = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      startTask(processes[i % 4] as Metering, team.id, requestOf(), now()),
    ),
  )
  expect(new Set(started.map(({ task }) => task.id)).size).toBe(1)
  expect(started.map(({ task }) => task.state)).toEqual(Array(20).fill("IN_PROGRESS"))
  expect(started.filter(({ replayed }) => !replayed)).toHaveLength(1)
  expect(await openHolds(team.id)).toBe(1)
})

describe("a start that doesn’t come to its end leaves no task and nothing set aside", () => {
  test("when the team changes in between", async () => {
    const { team } = await createPayingTeam(world, usd(50))
    const metering = interrupted("ledger_read_pools", async () => {
      await world.db.team.update({ where: { id: team.id }, data: { plan: "build" } })
    })
    await expect(startTask(metering, team.id, requestOf({ key: null }), now())).rejects.toThrow(
      UnavailableError,
    )
    expect([await tasksOf(team.id), await openHolds(team.id)]).toEqual([[], 0])
  })

  test("when the process ends between the hold and the task", async () => {
    const { team, pool } = await createPayingTeam(world, usd(50))
    const metering = interrupted("agent_tasks_insert", () => Promise.reject(new Error("The process ended")))
    await expect(startTask(metering, team.id, requestOf(), now())).rejects.toThrow("The process ended")
    expect([await tasksOf(team.id), await openHolds(team.id)]).toEqual([[], 0])
    const { task } = await startTask(meterings.start(), team.id, requestOf(), now())
    expect(task).toMatchObject({ state: "IN_PROGRESS", holdId: expect.any(String) })
    const ref = { taskId: task.id, authorise: () => undefined }
    expect(await cancelTask(meterings.start(), team.id, ref, now())).toMatchObject({ state: "CANCELLED" })
    expect(await readPool(world.db, pool)).toMatchObject({ heldNanos: 0n })
  })
})

test("a start repeated when its hold has run out is the task as it was, and sets nothing aside", async () => {
  const { team } = await createPayingTeam(world, usd(50))
  const first = await startTask(meterings.start(), team.id, requestOf(), now())
  const later = new Date(Date.now() + MAX_HOLD_MS + HOUR_MS)
  const again = await startTask(meterings.start(), team.id, requestOf(), later)
  expect(again).toEqual({ task: first.task, replayed: true })
  expect(await world.db.hold.count({ where: { teamId: team.id } })).toBe(1)
})

test("one key at once for two pools is one task and one hold", async () => {
  const { team } = await createPayingTeam(world, usd(50))
  const admin = { teamId: team.id, poolId: team.admin.poolId }
  await credit(world.db, admin, usd(50))
  const cause = { trigger: "integration", user: team.admin.email, apiKeyId: null } as const
  const [owners, admins] = [requestOf(), requestOf({ cause })]
  const settled = await Promise.allSettled(
    [owners, admins].map((request) => startTask(meterings.start(), team.id, request, now())),
  )
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  expect(settled.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { code: "idempotency_key_reused" },
  })
  expect([(await tasksOf(team.id)).length, await openHolds(team.id)]).toEqual([1, 1])
})
